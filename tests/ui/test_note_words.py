"""Notes in words."""

import pytest

from musicassist.app.drawn_notes import PRIMER, DrawnNote, NoteRef
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.ui.note_words import length_words, note_words, place_words, selection_words

SESSION = Session(key=Key.parse("F minor"))


def drawn(note: Note, index: int = 0) -> DrawnNote:
    return DrawnNote(NoteRef(PRIMER, index), note, note.onset_ticks, note.end_ticks)


@pytest.mark.parametrize(
    ("duration_ticks", "words"),
    [
        (240, "an eighth"),
        (225, "an eighth"),
        (470, "a quarter"),
        (1, "a sixty-fourth"),
        (1920, "a whole note"),
        (4800, "10 beats"),
    ],
)
def test_lengths_are_the_nearest_note_value(duration_ticks: int, words: str) -> None:
    assert length_words(duration_ticks) == words


@pytest.mark.parametrize(
    ("ticks", "words"),
    [(0, "bar 1 beat 1"), (1920 * 2 + 480, "bar 3 beat 2"), (247, "bar 1 beat 1.5")],
)
def test_places_are_counted_from_one(ticks: int, words: str) -> None:
    assert place_words(SESSION, ticks) == words


def test_a_place_just_before_the_bar_line_is_in_the_next_bar() -> None:
    assert place_words(SESSION, 1919) == "bar 2 beat 1"


def test_a_note_is_named_in_its_key_and_with_the_users_middle_c() -> None:
    note = drawn(Note(0, 240, 61, 90))
    assert note_words(note, SESSION, 3) == "Db3, bar 1 beat 1, an eighth, velocity 90"
    assert note_words(note, SESSION, 4).startswith("Db4")


def test_one_many_and_no_notes_chosen() -> None:
    one, other = drawn(Note(0, 240, 60)), drawn(Note(1920, 240, 67), 1)
    assert selection_words([one], SESSION, 3, 1, 24).endswith("; 1 of 24")
    assert selection_words([one, other], SESSION, 3, 0, 24) == (
        "2 of 24 notes chosen, C3 to G3, bars 1 to 2"
    )
    assert selection_words([one, drawn(Note(5, 9, 60), 1)], SESSION, 3, 0, 2) == (
        "2 of 2 notes chosen, C3, bar 1"
    )
    assert selection_words([], SESSION, 3, 0, 24) == "24 notes, none chosen"
