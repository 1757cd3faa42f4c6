"""Naming chords that are struck."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.harmony_tables import KINDS
from musicassist.generation.heard_chords import heard_chord, nearest_kind
from musicassist.music.chords import parse_chord
from musicassist.music.keys import Key

SPELLINGS = "C Cm C7 Cmaj7 Cm7 Cm7b5 Cdim7 Cdim C+ Csus4 C7sus4 C6 Cm6 C9 Cm9 C7b9 C7#9 CmMaj7"


def heard(text: str, bass: int, key: str = "C") -> str:
    symbol = heard_chord(parse_chord(text).pitch_classes, bass, Key.parse(key))
    return "" if symbol is None else symbol.text


@pytest.mark.parametrize("text", SPELLINGS.split())
@pytest.mark.parametrize("root", range(12))
def test_a_chord_on_its_root_is_heard_as_itself(text: str, root: int) -> None:
    chord = parse_chord(text)
    classes = frozenset((each + root) % 12 for each in chord.pitch_classes)
    found = heard_chord(classes, root, Key(0))
    assert found is not None
    assert (found.root, found.pitch_classes) == (root, classes)


@pytest.mark.parametrize(
    ("text", "bass", "expected"),
    [
        ("C", 4, "C/E"),
        ("C", 7, "C/G"),
        ("G7", 11, "G7/B"),
        ("Am7", 0, "C6"),
        ("Am7", 9, "Am7"),
        ("Csus2", 7, "Gsus4"),
    ],
)
def test_the_bass_decides_between_names_and_is_written_under_others(
    text: str, bass: int, expected: str
) -> None:
    assert heard(text, bass) == expected


def test_a_fifth_may_be_missing() -> None:
    assert heard("G7no5", 7) == "G7"
    assert heard("Dm7no5", 2) == "Dm7"


@pytest.mark.parametrize("classes", [(), (0,), (0, 7), (0, 1, 2), (0, 1, 2, 3, 4, 5, 6)])
def test_too_few_notes_and_clusters_are_no_chord(classes: tuple[int, ...]) -> None:
    assert heard_chord(frozenset(classes), 0, Key(0)) is None


@given(st.frozensets(st.integers(0, 11), min_size=1), st.integers(0, 11), st.data())
def test_what_is_heard_moves_with_what_is_struck(
    classes: frozenset[int], semitones: int, data: st.DataObject
) -> None:
    bass = data.draw(st.sampled_from(sorted(classes)))
    found = heard_chord(classes, bass, Key(0))
    moved = frozenset((each + semitones) % 12 for each in classes)
    again = heard_chord(moved, (bass + semitones) % 12, Key(semitones))
    assert (found is None) == (again is None)
    if found is not None and again is not None:
        assert found.root is not None
        assert (again.root, again.intervals) == ((found.root + semitones) % 12, found.intervals)


@pytest.mark.parametrize(
    ("text", "kind"), [("Cmaj9", "maj7"), ("Cm6", "m"), ("C13", "7"), ("Cdim", "dim7"), ("C5", "")]
)
def test_every_chord_has_a_kind_the_model_knows(text: str, kind: str) -> None:
    assert KINDS[nearest_kind(parse_chord(text))] == kind
