"""What each head draws: how pitches are seen as intervals and degrees."""

import numpy as np
import pytest

from musicassist.generation.features import SCHEME
from musicassist.generation.scheme import (
    COPIES,
    FURTHEST_INTERVAL,
    N_DEGREES,
    N_INTERVALS,
    NO_ROOT,
    Head,
)

PITCHES_AND_A_REST = Head(129, n_pitches=128)


@pytest.mark.parametrize(
    ("last", "pitch", "place"),
    [(60, 60, 24), (60, 64, 28), (60, 53, 17), (60, 90, 48), (60, 20, 0), (60, 128, 49)],
)
def test_a_pitch_is_seen_as_the_interval_it_makes(last: int, pitch: int, place: int) -> None:
    places = PITCHES_AND_A_REST.interval_places()
    assert places.shape == (128, 129)
    assert places[last, pitch] == place
    assert place < N_INTERVALS
    assert place in (0, 2 * FURTHEST_INTERVAL) or abs(last - pitch) < 12 or pitch == 128


@pytest.mark.parametrize(
    ("root", "pitch", "degree"),
    [(0, 64, 4), (5, 60, 7), (11, 60, 1), (NO_ROOT, 60, 12), (NO_ROOT, 73, 12), (3, 128, 13)],
)
def test_a_pitch_is_seen_as_the_degree_it_is(root: int, pitch: int, degree: int) -> None:
    places = PITCHES_AND_A_REST.degree_places()
    assert places.shape == (13, 129)
    assert places[root, pitch] == degree < N_DEGREES


def test_every_place_is_one_of_an_opinion() -> None:
    head = SCHEME.heads["pitch"]
    assert head.widths == {"class": 128, "interval": N_INTERVALS, "degree": N_DEGREES}
    assert np.isin(head.interval_places(), np.arange(N_INTERVALS)).all()
    assert np.isin(head.degree_places(), np.arange(N_DEGREES)).all()
    assert Head(7).widths == {"class": 7}


def test_a_head_is_told_only_what_is_drawn_before_it() -> None:
    drawn: list[str] = []
    for factor in SCHEME.factors:
        head = SCHEME.heads[factor]
        assert set(head.told) <= set(drawn)
        assert set(head.copies) <= set(COPIES)
        drawn.append(factor)
    assert drawn == ["pitch", "length", "micro", "beats", "sub"]
