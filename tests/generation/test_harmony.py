"""Which chords may lie under what sounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.generation.harmony import (
    BAR_LINE_NATS,
    UNFIXED,
    likely_chords,
    read_harmony,
    state_of,
)
from musicassist.generation.harmony_tables import (
    CHANGE,
    CHORD_IN_KEY,
    FAMILIES,
    KINDS,
    NOTE_IN_KEY,
    NOTE_OVER_CHORD,
)
from musicassist.music.chords import parse_chord
from musicassist.music.keys import Key

C_MAJOR = Key(0)

many_weights = st.lists(
    st.lists(st.integers(0, 4), min_size=12, max_size=12), min_size=1, max_size=12
).map(lambda rows: np.array(rows, float))


def sounding(*bars: str) -> np.ndarray:
    """Return four voices that play a chord for a bar each, as weights in beats."""
    weights = np.zeros((len(bars), 12))
    for row, text in zip(weights, bars, strict=True):
        classes = sorted(parse_chord(text).pitch_classes)
        row[classes] = 16 / len(classes)
    return weights


def texts(weights: np.ndarray, key: Key | None) -> list[str]:
    bar_lines = np.full(len(weights), BAR_LINE_NATS)
    return [chord.text for chord in likely_chords(weights, key, change_nats=bar_lines)]


def test_the_tables_fit_each_other() -> None:
    assert len(KINDS) == len(FAMILIES) == len(NOTE_OVER_CHORD)
    assert np.shape(NOTE_OVER_CHORD) == (8, 12)
    assert np.shape(NOTE_IN_KEY) == (2, 12)
    assert np.shape(CHORD_IN_KEY) == (2, 8, 12)
    assert np.shape(CHANGE) == (5, 5, 12)


@pytest.mark.parametrize(
    "bars",
    [
        ("C", "F", "G7", "C"),
        ("Dm7", "G7", "Cmaj7", "Cmaj7"),
        ("Am", "Dm", "E7", "Am"),
        ("C", "A7", "Dm", "G7", "C"),
        ("Bm7b5", "E7", "Am"),
    ],
)
@pytest.mark.parametrize("semitones", range(12))
def test_full_chords_are_found_as_they_sound(bars: tuple[str, ...], semitones: int) -> None:
    weights = np.roll(sounding(*bars), semitones, axis=1)
    found = likely_chords(weights, None, change_nats=np.full(len(weights), BAR_LINE_NATS))
    assert [chord.root for chord in found] == [
        (parse_chord(bar).root + semitones) % 12 for bar in bars
    ]
    thirds = [(3 in chord.intervals) for chord in found]
    assert thirds == [3 in parse_chord(bar).intervals for bar in bars]


def test_roots_are_spelled_in_the_key() -> None:
    assert texts(sounding("Bb", "Eb", "F7", "Bb"), Key.parse("Bb"))[1] == "Eb"
    assert texts(sounding("E", "A", "B7", "C#m"), Key.parse("E"))[3].startswith("C#m")


@given(many_weights, st.none() | st.builds(Key, st.integers(0, 11), st.just("minor")))
def test_every_stretch_has_a_chord_of_a_known_kind(weights: np.ndarray, key: Key | None) -> None:
    found = likely_chords(weights, key)
    assert len(found) == len(weights)
    for chord in found:
        assert chord.root is not None
        assert chord.text.lstrip("ABCDEFG").lstrip("b#") in KINDS
    assert found == likely_chords(weights, key)


@settings(max_examples=50)
@given(many_weights, st.integers(1, 11), st.sampled_from(["major", "minor", "dorian", "blues"]))
def test_transposed_music_has_the_transposed_chords(
    weights: np.ndarray, semitones: int, mode: str
) -> None:
    found = likely_chords(weights, Key(2, mode))
    moved = likely_chords(np.roll(weights, semitones, axis=1), Key((2 + semitones) % 12, mode))
    for chord, other in zip(found, moved, strict=True):
        assert chord.root is not None
        assert (other.root, other.intervals) == ((chord.root + semitones) % 12, chord.intervals)


def test_nothing_has_no_chords() -> None:
    assert likely_chords(np.zeros((0, 12)), None) == []


def test_silence_has_the_chord_of_a_neighbour() -> None:
    weights = sounding("F", "F", "C", "C")
    weights[1] = weights[3] = 0
    assert texts(weights, C_MAJOR) in (["F", "F", "C", "C"], ["F", "C", "C", "C"])


def test_the_bass_tells_chords_of_the_same_notes_apart() -> None:
    weights = sounding("Bdim7", "Bdim7")
    for bass in (2, 5, 8, 11):
        bass_weights = np.zeros((2, 12))
        bass_weights[:, bass] = 4
        found = likely_chords(weights, C_MAJOR, bass_weights=bass_weights)
        assert {chord.root for chord in found} == {bass}


def test_a_chord_that_is_known_stays_and_its_neighbours_follow() -> None:
    fixed = np.array([UNFIXED, state_of(parse_chord("E7"), KINDS.index("7")), UNFIXED])
    reading = read_harmony(sounding("Bm7b5", "F", "Am"), None, fixed=fixed)
    assert [chord.root for chord in reading.symbols()] == [11, 4, 9]


def test_thousands_of_stretches_of_everything_are_no_trouble() -> None:
    weights = np.full((2000, 12), 1e6)
    assert len(likely_chords(weights, C_MAJOR)) == 2000
