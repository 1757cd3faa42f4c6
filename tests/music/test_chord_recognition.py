"""Naming what is held on a keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.chord_recognition import KINDS, recognise, spelled, transposed
from musicassist.music.chords import parse_chord
from musicassist.music.keys import MODES, Key

KEYS = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(MODES)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("root", range(12))
def test_every_kind_in_root_position_is_recognised(kind: str, root: int) -> None:
    chord = parse_chord(f"{Key(0).name_of(root)}{kind}")
    for key in (None, Key(0), Key(5, "minor"), Key(6), Key(9, "dorian")):
        found = recognise((48 + root + interval for interval in chord.intervals), key)
        assert found is not None
        assert (found.root, found.bass) == (root, None)
        assert found.pitch_classes == chord.pitch_classes


@pytest.mark.parametrize(
    ("pitches", "key", "name"),
    [
        ((48, 52, 55), "C", "C"),
        ((52, 55, 60), "C", "C/E"),
        ((55, 60, 64), "C", "C/G"),
        ((53, 56, 60, 63), "Fm", "Fm7"),
        ((51, 55, 58, 61), "Fm", "Eb7"),
        ((58, 61, 63, 67), "Fm", "Eb7/Bb"),
        ((54, 58, 61), "B", "F#"),
        ((54, 58, 61), "Db", "Gb"),
        ((48, 55), "C", "C5"),
        ((48, 53), "C", "F5/C"),
        ((48, 52), "C", "C"),
        ((48, 51), "C", "Cm"),
        ((48, 52, 58), "F", "C7"),
        ((48, 50, 54, 57), "G", "D7/C"),
        ((48, 53, 57, 62), "C", "Dm7/C"),
        ((48, 55, 59, 62, 65), "C", "G7/C"),
        ((60, 64, 67, 69), "C", "C6"),
        ((57, 60, 64, 67), "C", "Am7"),
        ((48, 53, 55), "C", "Csus4"),
        ((48, 51, 54, 57), "C", "Cdim7"),
        ((48, 52, 56), "C", "C+"),
        ((48, 55, 62, 64, 70), "F", "C9"),
    ],
)
def test_what_is_held_gets_the_name_people_give_it(
    pitches: tuple[int, ...], key: str, name: str
) -> None:
    found = recognise(pitches, Key.parse(key))
    assert found is not None
    assert found.text == name


@given(st.sets(st.integers(21, 108), max_size=8), KEYS)
def test_two_notes_of_different_names_are_a_chord_and_fewer_are_none(
    pitches: set[int], key: Key
) -> None:
    found = recognise(pitches, key)
    if len({pitch % 12 for pitch in pitches}) < 2:
        assert found is None
    else:
        assert found is not None
        assert parse_chord(found.text) == found
        assert min(pitches) % 12 == (found.root if found.bass is None else found.bass)


@given(st.sampled_from(KINDS), st.integers(0, 11), st.integers(-24, 24), KEYS)
def test_transposing_there_and_back_is_the_same_chord(
    kind: str, root: int, semitones: int, key: Key
) -> None:
    chord = parse_chord(f"{key.name_of(root)}{kind}")
    there = transposed(chord, semitones, key)
    assert there.root == (root + semitones) % 12
    assert there.intervals == chord.intervals
    assert transposed(there, -semitones, key) == chord


@pytest.mark.parametrize(
    ("written", "semitones", "key", "name"),
    [
        ("Cj7", 1, "Db", "Dbj7"),
        ("C minor-seventh", 2, "C", "Dm7"),
        ("F#m7b5/A", 1, "C", "Gm7b5/Bb"),
        ("C7(b9,#11)", 3, "Eb", "Eb7(b9,#11)"),
        ("C6/9", 2, "D", "D6/9"),
        ("NC", 5, "C", "NC"),
        ("Bbm/Db", -1, "A", "Am/C"),
    ],
)
def test_a_kind_stays_as_it_was_written(written: str, semitones: int, key: str, name: str) -> None:
    assert transposed(parse_chord(written), semitones, Key.parse(key)).text == name


def test_a_chord_is_spelled_as_the_key_writes_it() -> None:
    assert spelled(parse_chord("D#m7"), Key.parse("Db")) == "Ebm7"
