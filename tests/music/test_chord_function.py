"""What notes are over the chord they sound with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.chord_function import FUNCTIONS, ChordFunctions, function_of
from musicassist.music.chords import parse_progression
from musicassist.music.keys import MODES, Key
from musicassist.music.timebase import Timebase

F_MINOR = Key.parse("Fm")
WORDS = ("Fm", "Db", "C7", "Ebmaj9", "Bbm7b5", "Gsus4", "Ab/C", "NC")
progressions = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(
    lambda words: parse_progression(" | ".join(words), Timebase())
)
keys = st.none() | st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(MODES)))


@pytest.mark.parametrize(
    ("pitch", "onset_ticks", "function"),
    [
        (65, 0, "chord"),  # F over Fm
        (67, 0, "scale"),  # G over Fm
        (66, 0, "outside"),  # F sharp over Fm
        (64, 0, "outside"),  # E over Fm in natural minor
        (64, 1920, "chord"),  # and over C7, which has it
        (65, 1919, "chord"),
        (65, 1920, "scale"),  # the chord has changed under it
        (64, 3840, "outside"),  # no chord
        (65, 3840, "scale"),  # nothing is a chord tone where there is no chord
    ],
)
def test_a_note_is_judged_by_the_chord_in_force_where_it_starts(
    pitch: int, onset_ticks: int, function: str
) -> None:
    progression = parse_progression("Fm | C7 | NC", Timebase())
    assert function_of(pitch, onset_ticks, progression, F_MINOR) == function


def test_without_chords_the_key_alone_decides() -> None:
    assert [function_of(pitch, 0, None, F_MINOR) for pitch in (65, 66)] == ["scale", "outside"]


def test_without_a_key_the_scale_is_what_the_chords_hold() -> None:
    progression = parse_progression("C | F", Timebase())
    told = [function_of(pitch, 0, progression, None) for pitch in (60, 65, 66)]
    assert told == ["chord", "scale", "outside"]


@pytest.mark.parametrize("text", ["", "NC"])
def test_with_neither_key_nor_chord_nothing_is_outside(text: str) -> None:
    progression = parse_progression(text, Timebase()) if text else None
    assert {function_of(pitch, 0, progression, None) for pitch in range(128)} == {"scale"}


def test_before_the_first_chord_nothing_is_a_chord_tone() -> None:
    assert function_of(65, -10, parse_progression("Fm", Timebase()), F_MINOR) == "scale"


@given(progressions, keys, st.integers(0, 127), st.integers(0, 12_000))
def test_chord_tones_are_exactly_the_notes_of_the_chord_in_force(progression, key, pitch, ticks):
    chord = progression.chord_at(ticks)
    is_in_chord = chord is not None and pitch % 12 in chord.pitch_classes
    assert (function_of(pitch, ticks, progression, key) == "chord") == is_in_chord


@given(progressions, keys, st.integers(0, 115), st.integers(0, 12_000))
def test_octaves_have_one_function(progression, key, pitch, ticks):
    functions = ChordFunctions(progression, key)
    assert functions.index_of(pitch, ticks) == functions.index_of(pitch + 12, ticks)
    assert functions.index_of(pitch, ticks) in range(len(FUNCTIONS))
