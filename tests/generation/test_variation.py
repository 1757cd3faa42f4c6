"""What draws a variation to its original: only where the original has something to say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.encoding import Line
from musicassist.generation.variation import FAR_PULL, NEAR_PULL, Pull

ORIGINAL = Line(
    *(np.array(each) for each in ([24, 36, 78], [60, 64, 67], [5, 9, 11], [24, 30, 20]))
)


END = 96


def test_where_the_original_has_a_note_its_factors_are_drawn_to() -> None:
    pull = Pull(ORIGINAL, 1.0, END)
    at = np.array([36, 37, 78, 500])
    for factor, expected in (("pitch", (64, 67)), ("length", (9, 11)), ("micro", (30, 20))):
        nats = pull.to_note(factor, at)
        assert nats.dtype == np.float32
        assert np.flatnonzero(nats[0]).tolist() == [expected[0]]
        assert np.flatnonzero(nats[2]).tolist() == [expected[1]]
        assert nats[0].max() == NEAR_PULL
        assert not nats[1].any()
        assert not nats[3].any()


@given(st.integers(0, 90))
def test_the_next_place_is_the_originals_next_onset_or_its_end(first: int) -> None:
    pull = Pull(ORIGINAL, 0.5, END)
    from_beat = np.array([first // 24])
    beats = np.flatnonzero(pull.to_beat(np.array([first]), from_beat)[0])
    following = [*ORIGINAL.onsets[ORIGINAL.onsets >= first], END]
    assert from_beat[0] + beats.tolist()[0] == following[0] // 24
    reached = from_beat + beats[0]
    subs = np.flatnonzero(pull.to_sub(np.array([first]), reached)[0])
    assert subs.tolist() == [following[0] % 24]
    assert not pull.to_sub(np.array([first]), reached + 1).any()


def test_a_note_too_far_off_draws_nothing() -> None:
    assert not Pull(ORIGINAL, 1.0, END).to_beat(np.array([-500]), np.array([-500 // 24])).any()


@pytest.mark.parametrize(("nearness", "nats"), [(0.0, FAR_PULL), (1.0, NEAR_PULL)])
def test_the_nearer_the_stronger(nearness: float, nats: float) -> None:
    pulled = [
        Pull(ORIGINAL, each, END).to_note("pitch", np.array([24])).max() for each in (0.2, 0.8)
    ]
    assert 0 < pulled[0] < pulled[1]
    assert Pull(ORIGINAL, nearness, END).to_note("pitch", np.array([24])).max() == nats
