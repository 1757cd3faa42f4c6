"""The session being worked on."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.demo import demo_session
from musicassist.app.document import Document
from musicassist.engine.protocol import PLAYER_CHANNEL
from musicassist.generation.characters import find_character
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import Manner
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


def test_another_metre_lays_the_chords_out_again(document: Document) -> None:
    document.set_meter(3, 4)
    progression = document.session.progression
    assert progression is not None
    assert progression.length_ticks == 4 * 3 * 480


def test_timing_reaches_what_is_heard_but_not_the_raw_phrase(document: Document) -> None:
    raw = document.session.primer
    document.change_timing(strength=1.0)
    heard = document.arrangement.heard_clip
    played = [note for note in heard.notes if note.channel == PLAYER_CHANNEL]
    assert played
    assert all(note.onset_ticks % 120 == 0 for note in played)
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


def test_a_character_sets_its_wishes_and_each_may_then_be_moved(document: Document) -> None:
    before = document.session
    document.change_wishes(n_bars=5, has_pickup=True)
    document.choose_character("blues-rock")
    character = find_character("blues-rock")
    assert character is not None
    assert document.undo_name == "Choose Blues rock"
    wishes = document.session.wishes
    assert (wishes.n_bars, wishes.has_pickup) == (5, True)
    assert wishes.manner == character.manner
    assert (wishes.lowest_pitch, wishes.highest_pitch) == (52, 88)
    assert (wishes.surprise, wishes.furthest_leap) == (character.surprise, character.furthest_leap)
    document.change_manner(density=0.9)
    assert document.session.wishes.character_id == "blues-rock"
    assert document.session.wishes.manner == replace(character.manner, density=0.9)
    for _ in range(4):
        document.undo()
    assert document.session == before


def test_no_character_leaves_everything_to_the_phrase_again(document: Document) -> None:
    before = document.session.wishes
    document.choose_character("neo-classical-shred")
    document.choose_character("")
    assert document.session.wishes == before


def test_each_quality_of_the_manner_is_a_step_of_its_own(document: Document) -> None:
    for density in (0.1, 0.2, 0.3):
        document.change_manner(density=density)
    document.change_manner(swing=0.5)
    document.undo()
    assert document.session.wishes.manner == Manner(density=0.3)
    document.undo()
    assert document.session.wishes.manner == Manner()


def test_only_wishes_a_solo_can_follow_are_told_as_moved(document: Document) -> None:
    moved: list[object] = []
    document.wish_moved.connect(lambda: moved.append(None))
    document.change_wishes(n_bars=4)
    document.change_wishes(seed=3)
    document.change_wishes(has_pickup=True)
    assert not moved
    document.change_manner(density=0.2)
    document.change_manner(density=0.2)
    document.change_wishes(surprise=0.9)
    document.choose_character("lyrical")
    assert len(moved) == 3


def test_a_solo_that_follows_a_wish_is_part_of_its_step_and_replaces_nothing_kept(
    document: Document,
) -> None:
    document.add_solos(solos(2))
    before = document.session
    for seed, density in enumerate((0.2, 0.4, 0.6), 10):
        document.change_manner(density=density)
        number = document.session.selected_number
        assert number is not None
        document.let_follow(number, Solo(PHRASE, "echo", seed, PHRASE))
    assert [(each.number, each.solo.seed) for each in document.session.solos] == [
        (3, 12),
        (1, 0),
        (2, 1),
    ]
    assert document.session.selected_number == 3
    document.change_manner(swing=0.5)
    document.let_follow(3, Solo(PHRASE, "echo", 20, PHRASE))
    assert next((each.number, each.solo.seed) for each in document.session.solos) == (3, 20)
    document.undo()
    assert next((each.number, each.solo.seed) for each in document.session.solos) == (3, 12)
    document.undo()
    assert document.session == before


@pytest.mark.parametrize("between", ["select", "undo", "other step", "other movement", "unheard"])
def test_a_solo_that_comes_too_late_to_follow_is_dropped(document: Document, between: str) -> None:
    document.add_solos(solos(2))
    document.change_manner(density=0.2)
    if between == "select":
        document.select_solo(2)
    elif between == "undo":
        document.undo()
    elif between == "other movement":
        document.change_timing(strength=0.4)
    elif between == "unheard":
        document.change_wishes(n_takes=2)
    else:
        document.set_key(None)
    before = document.session
    document.let_follow(1, Solo(PHRASE, "echo", 10, PHRASE))
    assert document.session is before


def test_another_session_begins_its_own_history(qtbot: QtBot) -> None:
    document = Document(demo_session())
    document.set_tempo(90)
    other = Session(name="Other")
    order: list[str] = []
    document.session_changed.connect(lambda _session: order.append("changed"))
    document.opened.connect(lambda _session: order.append("opened"))
    with qtbot.assertNotEmitted(document.step_taken):
        document.open(other)
    assert document.session is other
    assert (document.undo_name, document.redo_name) == ("", "")
    assert order == ["changed", "opened"]
    document.undo()
    assert document.session is other
    assert document.arrangement.primer is None


def test_what_else_is_done_ends_the_following(document: Document) -> None:
    document.add_solos(solos(1))
    document.change_wishes(surprise=0.7)
    document.let_follow(1, Solo(PHRASE, "echo", 10, PHRASE))
    document.set_tempo(133)
    document.change_wishes(surprise=0.1)
    document.let_follow(2, Solo(PHRASE, "echo", 11, PHRASE))
    assert [each.number for each in document.session.solos] == [3, 2, 1]
