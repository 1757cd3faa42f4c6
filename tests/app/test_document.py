"""The session being worked on."""

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.demo import demo_session
from musicassist.app.document import Document
from musicassist.errors import ChordSpellingError
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.music.solo import Solo

BAR_TICKS = 1920
PHRASE = Clip((Note(0, 200, 60), Note(480, 200, 64)), BAR_TICKS, name="Phrase")


def solos(n_solos: int) -> tuple[Solo, ...]:
    return tuple(Solo(PHRASE, "echo", seed, PHRASE) for seed in range(n_solos))


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(demo_session())


def test_a_new_phrase_replaces_the_primer_and_clears_nothing_else(document: Document) -> None:
    document.add_solos(solos(2))
    before = document.session
    document.replace_primer(PHRASE)
    after = document.session
    assert after.primer == PHRASE
    assert (after.solos, after.progression, after.key) == (
        before.solos,
        before.progression,
        before.key,
    )
    document.undo()
    assert document.session == before


def test_new_solos_move_the_seed_on_in_the_same_step(document: Document) -> None:
    seed = document.session.wishes.seed
    document.add_solos(solos(4))
    assert document.session.wishes.seed == seed + 1
    document.undo()
    assert document.session.wishes.seed == seed
    assert document.session.solos == ()


def test_choosing_a_solo_is_not_a_step(document: Document) -> None:
    document.add_solos(solos(2))
    document.select_solo(2)
    assert document.session.selected_number == 2
    assert document.undo_name == "Continue"


def test_a_removed_solo_comes_back_with_undo(document: Document) -> None:
    document.add_solos(solos(3))
    document.remove_solo(2)
    assert document.session.solo_numbered(2) is None
    assert document.undo_name == "Remove Solo 2"
    document.undo()
    assert document.session.solo_numbered(2) is not None


def test_chords_that_nobody_understands_change_nothing(document: Document) -> None:
    before = document.session
    with pytest.raises(ChordSpellingError):
        document.set_chords("Fm | Hullabaloo")
    assert document.session is before


def test_no_chords_are_chords_too(document: Document) -> None:
    document.set_chords("   ")
    assert document.session.progression is None
    assert document.session.progression_text == ""


def test_another_metre_lays_the_chords_out_again(document: Document) -> None:
    document.set_meter(3, 4)
    progression = document.session.progression
    assert progression is not None
    assert progression.length_ticks == 4 * 3 * 480


def test_timing_reaches_what_is_heard_but_not_the_raw_phrase(document: Document) -> None:
    raw = document.session.primer
    document.change_timing(strength=1.0)
    heard = document.arrangement.heard_clip
    assert all(note.onset_ticks % 120 == 0 for note in heard.notes)
    assert document.session.primer is raw


def test_a_slider_pulled_along_is_undone_at_once(document: Document) -> None:
    before = document.session
    for strength in (0.1, 0.2, 0.3):
        document.change_timing(strength=strength)
    document.undo()
    assert document.session == before


def test_two_wishes_are_two_steps(document: Document) -> None:
    document.change_wishes(n_bars=4)
    document.change_wishes(n_takes=2)
    document.undo()
    assert (document.session.wishes.n_bars, document.session.wishes.n_takes) == (4, 4)


def test_the_same_again_is_no_step(qtbot: QtBot, document: Document) -> None:
    with qtbot.assertNotEmitted(document.session_changed):
        document.set_key(document.session.key)


def test_facts_are_told(document: Document) -> None:
    told: list[object] = []
    document.session_changed.connect(told.append)
    document.step_taken.connect(told.append)
    document.set_key(Key.parse("C"))
    document.undo()
    assert told[1::2] == ["Change key", "Undone: Change key"]
    assert told[2] == document.session


def test_undo_and_redo_of_nothing_say_nothing(qtbot: QtBot) -> None:
    document = Document(Session())
    with qtbot.assertNotEmitted(document.session_changed):
        document.undo()
        document.redo()
