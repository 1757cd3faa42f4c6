"""Chords as they are drawn and as they are read aloud."""

import pytest

from musicassist.music.timebase import MeterChange, Timebase
from musicassist.ui.chord_words import (
    shortened_chord,
    shown_chord,
    shown_degree,
    spoken_chord,
    spoken_length,
    spoken_place,
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Eb7", "E♭7"), ("Gm7b5", "Gm7♭5"), ("F#m", "F♯m"), ("Bbm", "B♭m"), ("C7b9", "C7♭9")],
)
def test_flats_and_sharps_are_real_signs(typed: str, shown: str) -> None:
    assert shown_chord(typed) == shown


@pytest.mark.parametrize(
    ("shown", "n_letters", "short"),
    [
        ("Dm7", 3, "Dm7"),
        ("Dm7♭5", 4, "Dm7…"),
        ("Dm7♭5", 3, "Dm…"),
        ("Cmaj7", 4, "C…"),
        ("D♭m7", 2, "D♭"),
        ("D♭m7", 3, "D♭…"),
        ("D♭m7", 1, "D"),
        ("C13", 2, "C…"),
        ("Cm7(♭9)/G♭", 5, "Cm7…"),
        ("NC", 1, "N"),
        ("G", 0, ""),
        ("", 3, ""),
    ],
)
def test_a_name_is_cut_between_its_parts(shown: str, n_letters: int, short: str) -> None:
    assert shortened_chord(shown, lambda text: len(text) <= n_letters) == short


def test_degrees_have_real_signs_too() -> None:
    assert [shown_degree(each) for each in ("bVII", "#IV", "viidim")] == ["♭VII", "♯IV", "vii°"]


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("Eb7", "E flat 7"),
        ("Bbm7b5", "B flat minor 7 flat 5"),
        ("F#maj7/A#", "F sharp major 7 over A sharp"),
        ("Csus4", "C suspended 4"),
        ("Gdim7", "G diminished 7"),
        ("mMaj7", "mMaj7"),
        ("CmMaj7", "C minor major 7"),
        ("C+", "C augmented"),
        ("C7#9", "C 7 sharp 9"),
        ("NC", "no chord"),
        ("C", "C"),
    ],
)
def test_a_chord_is_read_aloud_in_words(typed: str, spoken: str) -> None:
    assert spoken_chord(typed) == spoken


def test_places_and_lengths_are_told_as_musicians_count() -> None:
    waltz = Timebase(meters=(MeterChange(0, 3, 4),))
    assert spoken_place(waltz, 2 * 1440) == "Bar 3"
    assert spoken_place(waltz, 2 * 1440 + 480) == "Bar 3 beat 2"
    assert spoken_length(waltz, 0, 1440) == "one bar"
    assert spoken_length(waltz, 1440, 4 * 1440) == "three bars"
    assert spoken_length(waltz, 480, 1440) == "two beats"
    assert spoken_length(waltz, 0, 100) == "0.21 quarter notes"
