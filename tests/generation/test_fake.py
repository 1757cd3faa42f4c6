"""The soloist without a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import UserCancelled
from musicassist.generation.fake import EchoSoloist
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

PRIMER = Clip(tuple(Note(i * 240, 200, 60 + i % 5) for i in range(8)), 1920)


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 5), st.floats(0, 1), st.booleans()
)
def test_echoes_fill_the_bars_asked_for_within_key_and_range(
    seed: int, n_bars: int, n_takes: int, surprise: float, is_locked: bool
) -> None:
    request = SoloRequest(
        PRIMER,
        Timebase(),
        Key.parse("F minor"),
        n_bars=n_bars,
        n_takes=n_takes,
        seed=seed,
        surprise=surprise,
        is_key_locked=is_locked,
    )
    solos = EchoSoloist().continue_phrase(request)
    assert len(solos) == n_takes
    assert solos == EchoSoloist().continue_phrase(request)
    for solo in solos:
        assert solo.clip.length_ticks == n_bars * 1920
        assert solo.clip.end_of_notes_ticks <= solo.clip.length_ticks
        assert all(36 <= note.pitch <= 96 for note in solo.clip.notes)
        if is_locked:
            allowed = Key.parse("F minor").pitch_classes
            assert all(note.pitch % 12 in allowed for note in solo.clip.notes)


def test_an_echo_stops_when_asked() -> None:
    with pytest.raises(UserCancelled):
        EchoSoloist().continue_phrase(SoloRequest(PRIMER, Timebase()), lambda: True)
