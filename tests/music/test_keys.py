"""Keys: reading, writing, signatures, names of notes, and finding the key of a phrase."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import KeySpellingError
from musicassist.music.keys import MODES, Key, estimate_key, key_of_weights, pitch_name
from musicassist.music.note import Note

keys = st.builds(
    Key, st.integers(0, 11), st.sampled_from(sorted(MODES)), st.sampled_from([None, True, False])
)
MAJOR_AND_MINOR = [Key(tonic, mode) for tonic in range(12) for mode in ("major", "minor")]


def tune(text: str, transposed_by: int = 0) -> list[Note]:
    """Return notes written as `pitch:eighths` after each other."""
    notes, onset_ticks = [], 0
    for word in text.split():
        pitch, _, eighths = word.partition(":")
        duration_ticks = 240 * int(eighths or 1)
        notes.append(Note(onset_ticks, duration_ticks, int(pitch) + transposed_by))
        onset_ticks += duration_ticks
    return notes


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C", "C major"),
        ("Fm", "F minor"),
        ("F-", "F minor"),
        ("F minor", "F minor"),
        ("f MINOR", "F minor"),
        ("  f#m ", "F# minor"),
        ("F♯m", "F# minor"),
        ("B♭", "Bb major"),
        ("bb", "Bb major"),
        ("b", "B major"),
        ("BbM", "Bb major"),
        ("Bb major", "Bb major"),
        ("Bb-maj", "Bb major"),
        ("G-min", "G minor"),
        ("Eb-blues", "Eb blues"),
        ("b- minor", "Bb minor"),
        ("B- major", "Bb major"),
        ("D dorian", "D dorian"),
        ("D dor", "D dorian"),
        ("G mixolydian", "G mixolydian"),
        ("A aeolian", "A minor"),
        ("F harmonic minor", "F harmonic minor"),
        ("E minor pentatonic", "E minor pentatonic"),
        ("C pentatonic", "C major pentatonic"),
        ("C#", "C# major"),
        ("Cb", "Cb major"),
        ("G# major", "Ab major"),
        ("D#m", "D# minor"),
        ("Ebm", "Eb minor"),
    ],
)
def test_a_key_is_read_as_musicians_write_it(text: str, name: str) -> None:
    assert Key.parse(text).name == name


@pytest.mark.parametrize(
    "text", ["", "H", "Fmm", "C majestic", "123", "-", "C" * 500, "♭", "Cmaj7"]
)
def test_what_is_no_key_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(KeySpellingError) as caught:
        Key.parse(text)
    assert len(caught.value.what) < 80
    assert "Fm" in caught.value.hint


@given(st.text(max_size=30))
def test_any_text_is_a_key_or_a_key_spelling_error(text: str) -> None:
    try:
        key = Key.parse(text)
    except KeySpellingError:
        return
    assert Key.parse(key.name) == key


@given(keys)
def test_a_key_written_and_read_again_is_the_same_key_and_spelling(key: Key) -> None:
    for text in (key.name, key.short_name):
        again = Key.parse(text)
        assert again == key
        assert (again.name, again.n_sharps) == (key.name, key.n_sharps)


@pytest.mark.parametrize("n_sharps", range(-7, 8))
@pytest.mark.parametrize("is_minor", [False, True])
def test_a_key_signature_survives_a_round_trip(n_sharps: int, is_minor: bool) -> None:
    key = Key.from_signature(n_sharps, is_minor)
    assert (key.n_sharps, key.is_minor) == (n_sharps, is_minor)
    assert Key.parse(key.name).n_sharps == n_sharps


@pytest.mark.parametrize("n_sharps", [-8, 8])
def test_a_signature_of_eight_accidentals_is_refused(n_sharps: int) -> None:
    with pytest.raises(ValueError, match="at most 7"):
        Key.from_signature(n_sharps, False)


@given(keys)
def test_a_signature_is_one_a_midi_file_can_hold(key: Key) -> None:
    assert -7 <= key.n_sharps <= 7
    relative = Key.from_signature(key.n_sharps, key.is_minor)
    if key.mode in ("major", "minor"):
        assert relative == key


@pytest.mark.parametrize(
    ("mode", "tonic"),
    [
        ("dorian", 2),
        ("phrygian", 4),
        ("lydian", 5),
        ("mixolydian", 7),
        ("minor", 9),
        ("locrian", 11),
    ],
)
def test_the_modes_on_the_white_keys_have_no_accidentals(mode: str, tonic: int) -> None:
    key = Key(tonic, mode)
    assert key.n_sharps == 0
    assert key.pitch_classes == Key(0).pitch_classes
    assert [key.name_of(each) for each in key.scale] == sorted(
        "ABCDEFG", key=lambda letter: ("ABCDEFG".index(letter) - "ABCDEFG".index(key.name[0])) % 7
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("C major", "C D E F G A B"),
        ("F minor", "F G Ab Bb C Db Eb"),
        ("F# major", "F# G# A# B C# D# E#"),
        ("Gb major", "Gb Ab Bb Cb Db Eb F"),
        ("D harmonic minor", "D E F G A Bb C#"),
        ("C melodic minor", "C D Eb F G A B"),
        ("A blues", "A C D D# E G"),
        ("G minor pentatonic", "G Bb C D F"),
        ("C major blues", "C D Eb E G A"),
    ],
)
def test_a_scale_is_spelled_as_in_a_book(text: str, names: str) -> None:
    key = Key.parse(text)
    assert [key.name_of(pitch_class) for pitch_class in key.scale] == names.split()


def test_no_note_is_spelled_with_two_accidentals() -> None:
    assert Key.parse("Gb").name_of(9) == "A"
    assert Key.parse("A#m").name_of(7) == "G"


def test_spellings_of_one_sound_are_equal_keys_with_different_signatures() -> None:
    sharp, flat = Key.parse("F#"), Key.parse("Gb")
    assert sharp == flat
    assert hash(sharp) == hash(flat)
    assert (sharp.n_sharps, flat.n_sharps) == (6, -6)


def test_a_key_nobody_spelled_has_the_fewest_accidentals() -> None:
    majors = " ".join(Key(tonic).short_name for tonic in range(12))
    assert majors == "C Db D Eb E F Gb G Ab A Bb B"
    minors = " ".join(Key(tonic, "minor").short_name for tonic in range(12))
    assert minors == "Cm C#m Dm Ebm Em Fm F#m Gm G#m Am Bbm Bm"


@pytest.mark.parametrize(("tonic", "mode"), [(12, "major"), (-1, "major"), (0, "jolly")])
def test_a_key_that_does_not_exist_is_refused(tonic: int, mode: str) -> None:
    with pytest.raises(ValueError, match="known mode"):
        Key(tonic, mode)


def test_minor_is_a_matter_of_the_third() -> None:
    minor = {mode for mode in MODES if Key(0, mode).is_minor}
    assert minor == {
        "minor",
        "harmonic minor",
        "melodic minor",
        "dorian",
        "phrygian",
        "locrian",
        "minor pentatonic",
        "blues",
    }


@given(keys, st.integers(-12, 12))
def test_transposing_moves_every_note_of_the_key(key: Key, semitones: int) -> None:
    moved = key.transposed_by(semitones)
    assert moved.pitch_classes == {(each + semitones) % 12 for each in key.pitch_classes}


def test_middle_c_is_c3_or_c4() -> None:
    assert pitch_name(60) == "C3"
    assert pitch_name(60, middle_c_octave=4) == "C4"
    assert (pitch_name(0), pitch_name(127)) == ("C-2", "G8")


def test_notes_are_sharp_or_flat_as_the_key_is() -> None:
    assert pitch_name(61) == "C#3"
    assert pitch_name(61, Key.parse("D")) == "C#3"
    assert pitch_name(61, Key.parse("F")) == "Db3"
    assert pitch_name(66, Key.parse("Gm")) == "F#3"


def test_the_octave_goes_with_the_letter() -> None:
    assert pitch_name(59, Key.parse("Gb")) == "Cb3"
    assert pitch_name(60, Key.parse("C#")) == "B#2"


@given(st.integers(0, 127), st.none() | keys)
def test_the_name_of_a_note_says_its_pitch(pitch: int, key: Key | None) -> None:
    name = pitch_name(pitch, key)
    letter, rest = name[0], name[1:].lstrip("#b")
    accidental = name.count("#") - name.count("b")
    assert abs(accidental) <= 1
    pitch_class = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
    assert (int(rest) + 2) * 12 + pitch_class + accidental == pitch


@pytest.mark.parametrize("key", MAJOR_AND_MINOR, ids=lambda key: key.short_name)
def test_a_scale_up_and_down_is_in_its_key(key: Key) -> None:
    up = [48 + key.tonic + interval for interval in (*MODES[key.mode], 12)]
    notes = tune(" ".join(map(str, [*up, *reversed(up)])))
    assert estimate_key(notes) == key


@pytest.mark.parametrize("semitones", range(12))
@pytest.mark.parametrize(
    ("melody", "key"),
    [
        # Frère Jacques
        ("60:2 62:2 64:2 60:2 60:2 62:2 64:2 60:2 64:2 65:2 67:4 64:2 65:2 67:4", "C"),
        # Ode to Joy
        ("66:2 66:2 67:2 69:2 69:2 67:2 66:2 64:2 62:2 62:2 64:2 66:2 66:3 64 64:4", "D"),
        # Greensleeves
        ("57:2 60:4 62:2 64:3 65 64:2 62:4 59:2 55:3 57 59:2 60:4 57:2 57:3 56 57:2 59:4", "Am"),
        # God rest you merry, gentlemen
        ("64:2 64:2 71:2 71:2 69:2 67:2 66:2 64:2 62:2 64:2 66:2 67:2 69:2 71:6", "Em"),
    ],
)
def test_a_tune_is_in_its_key_wherever_it_is_sung(melody: str, key: str, semitones: int) -> None:
    expected = Key.parse(key).transposed_by(semitones)
    assert estimate_key(tune(melody, semitones)) == expected


@given(
    st.lists(st.tuples(st.integers(20, 90), st.integers(1, 2000)), min_size=1, max_size=30),
    st.integers(-12, 12),
)
def test_the_key_of_anything_moves_with_it(played: list[tuple[int, int]], semitones: int) -> None:
    notes = [Note(480 * at, length, pitch) for at, (pitch, length) in enumerate(played)]
    moved = [Note(n.onset_ticks, n.duration_ticks, n.pitch + semitones) for n in notes]
    assert estimate_key(moved) == estimate_key(notes).transposed_by(semitones)


def test_no_notes_and_all_notes_still_have_a_key() -> None:
    assert estimate_key(()) == Key(0)
    chromatic = [Note(at * 10, 10, 48 + at) for at in range(12)]
    assert estimate_key(chromatic) == Key(11)


@given(st.lists(st.integers(0, 20), min_size=12, max_size=12), st.integers(0, 11))
def test_the_key_of_weights_is_the_key_of_notes_that_weigh_as_much(
    lengths: list[int], last: int
) -> None:
    lengths[last] += 1
    notes = [Note(0, 480 * length, 60 + at) for at, length in enumerate(lengths) if length]
    notes.append(Note(480, 1, 60 + last))
    weights = np.array([480.0 * length for length in lengths])
    weights[last] += 1
    assert key_of_weights(weights, last) == estimate_key(notes)
