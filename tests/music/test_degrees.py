"""Chords by their degree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import ChordSpellingError
from musicassist.music.chords import parse_progression
from musicassist.music.degrees import (
    borrowed_chords,
    chord_on_degree,
    degree_of,
    diatonic_chords,
    key_of_chords,
    leading_chords,
    progression_on_degrees,
)
from musicassist.music.keys import MODES, Key
from musicassist.music.timebase import Timebase

KEYS = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(MODES)))


@pytest.mark.parametrize(
    ("degree", "key", "name"),
    [
        ("ii7", "C", "Dm7"),
        ("V7", "F", "C7"),
        ("bVII", "C", "Bb"),
        ("bVImaj7", "Fm", "Dbmaj7"),
        ("viidim", "G", "F#dim"),
        ("iim7b5", "Cm", "Dm7b5"),
        ("iiim7", "C", None),
        ("I/V", "Eb", "Eb/Bb"),
        ("#IVdim7", "C", "F#dim7"),
        ("H", "C", None),
        ("I13#", "C", None),
    ],
)
def test_a_degree_is_a_chord_in_every_key(degree: str, key: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(ChordSpellingError):
            chord_on_degree(degree, Key.parse(key))
    else:
        assert chord_on_degree(degree, Key.parse(key)).text == name


@pytest.mark.parametrize(
    ("key", "triads", "sevenths", "degrees"),
    [
        (
            "C",
            "C Dm Em F G Am Bdim",
            "Cmaj7 Dm7 Em7 Fmaj7 G7 Am7 Bm7b5",
            "I ii iii IV V vi viidim",
        ),
        (
            "Fm",
            "Fm Gdim Ab Bbm Cm Db Eb",
            "Fm7 Gm7b5 Abmaj7 Bbm7 Cm7 Dbmaj7 Eb7",
            "i iidim bIII iv v bVI bVII",
        ),
    ],
)
def test_a_palette_holds_the_chords_of_the_key(
    key: str, triads: str, sevenths: str, degrees: str
) -> None:
    found = diatonic_chords(Key.parse(key), 3)
    assert [each.text for each in found] == triads.split()
    assert [each.text for each in diatonic_chords(Key.parse(key), 4)] == sevenths.split()
    assert [degree_of(each, Key.parse(key)) for each in found] == degrees.split()


@given(KEYS, st.sampled_from([3, 4]))
def test_chords_of_a_key_are_made_of_its_notes(key: Key, n_notes: int) -> None:
    for chord in diatonic_chords(key, n_notes):
        assert chord.bass is None
        if len(MODES[key.mode]) == 7:
            assert chord.pitch_classes <= key.pitch_classes


@given(KEYS)
def test_a_triad_is_found_again_by_its_degree(key: Key) -> None:
    for chord in (*diatonic_chords(key, 3), *borrowed_chords(key)):
        again = chord_on_degree(degree_of(chord, key), key)
        assert again.root == chord.root
        assert 7 not in chord.intervals or again.intervals == chord.intervals


def test_dominants_lead_to_chords_of_the_key() -> None:
    assert [(name, chord.text) for name, chord in leading_chords(Key.parse("C"))] == [
        ("V7/ii", "A7"),
        ("V7/iii", "B7"),
        ("V7/IV", "C7"),
        ("V7/V", "D7"),
        ("V7/vi", "E7"),
    ]
    assert ("V7", "C7") in [(name, each.text) for name, each in leading_chords(Key.parse("Fm"))]


def test_guests_come_from_the_other_mode() -> None:
    assert [each.text for each in borrowed_chords(Key.parse("C"))] == [
        *("Cm", "Ddim", "Eb", "Fm", "Gm", "Ab", "Bb", "Db"),
    ]
    assert "Bb" in [each.text for each in borrowed_chords(Key.parse("Fm"))]


def test_a_progression_of_degrees_sounds_in_any_key() -> None:
    progression = progression_on_degrees("ii7 | V7 / I/III % | NC", Key.parse("Bb"), Timebase())
    assert progression == parse_progression("Cm7 | F7 / Bb/D % | NC", Timebase())


@pytest.mark.parametrize(
    ("chords", "key"),
    [("C | Am | F | G", "C"), ("Fm | Db | Eb7 | C7", "Fm"), ("Dm7 | G7 | Cmaj7", "C"), ("NC", "C")],
)
def test_chords_alone_tell_their_key(chords: str, key: str) -> None:
    assert key_of_chords(parse_progression(chords, Timebase())) == Key.parse(key)
