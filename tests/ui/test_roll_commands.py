"""Editing notes with keys and from the context menu, on the real window."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QHelpEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from musicassist.app.drawn_notes import PRIMER, NoteRef
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.ui.piano_roll import PianoRoll
from musicassist.ui.roll_commands import RollCommands
from musicassist.ui.shortcuts import COMMANDS
from tests.ui.conftest import Desk, MakeDesk
from tests.ui.gestures import ALT, CTRL, NONE, SHIFT

BAR = 1920
# What the offscreen platform says of every menu.
without_a_screen = pytest.mark.qt_log_ignore("plugin does not support", extend=True)

NOTES = (Note(480, 480, 60, 90), Note(1440, 480, 64, 80), Note(BAR + 37, 240, 67, 70))


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    session = Session(primer=Clip(NOTES, 2 * BAR, name="Phrase"), key=Key.parse("C"))
    made = make_desk(session)
    made.window.activateWindow()
    made.qtbot.waitActive(made.window)
    made.window.timeline.roll.setFocus()
    return made


@pytest.fixture
def roll(desk: Desk) -> PianoRoll:
    return desk.window.timeline.roll


def notes_of(desk: Desk) -> tuple[Note, ...]:
    primer = desk.services.document.session.primer
    assert primer is not None
    return primer.notes


def choose(desk: Desk, *indices: int) -> None:
    desk.services.notes.select(NoteRef(PRIMER, index) for index in indices)


def chosen(desk: Desk) -> set[int]:
    return {ref.index for ref in desk.services.notes.selection}


def press(roll: PianoRoll, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(roll.window().windowHandle(), key, held)  # as the system hands it over


K = Qt.Key
PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease


@pytest.mark.parametrize(
    ("key", "held", "expected"),
    [
        (K.Key_Right, NONE, Note(600, 480, 60, 90)),
        (K.Key_Left, NONE, Note(360, 480, 60, 90)),
        (K.Key_Up, NONE, Note(480, 480, 61, 90)),
        (K.Key_Down, NONE, Note(480, 480, 59, 90)),
        (K.Key_Up, SHIFT, Note(480, 480, 72, 90)),
        (K.Key_Down, SHIFT, Note(480, 480, 48, 90)),
        (K.Key_Right, SHIFT, Note(480, 600, 60, 90)),
        (K.Key_Left, SHIFT, Note(480, 360, 60, 90)),
        (K.Key_Right, ALT, Note(490, 480, 60, 90)),
        (K.Key_Left, ALT, Note(470, 480, 60, 90)),
        (K.Key_Up, ALT, Note(480, 480, 62, 90)),
        (K.Key_Down, ALT, Note(480, 480, 59, 90)),
        (K.Key_Up, CTRL, Note(480, 480, 60, 95)),
        (K.Key_Down, CTRL, Note(480, 480, 60, 85)),
    ],
)
def test_keys_edit_the_chosen_note_as_one_step(
    desk: Desk, roll: PianoRoll, key: Qt.Key, held: Qt.KeyboardModifier, expected: Note
) -> None:
    bpm = desk.services.document.session.timebase.tempos[0].bpm
    choose(desk, 0)
    press(roll, key, held)
    assert notes_of(desk) == (expected, *NOTES[1:])
    assert desk.services.document.session.timebase.tempos[0].bpm == bpm
    desk.services.document.undo()
    assert notes_of(desk) == NOTES


def test_a_key_held_down_is_one_step(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0)
    for kind, is_repeated in ((PRESS, False), (PRESS, True), (PRESS, True), (RELEASE, False)):
        QApplication.sendEvent(roll, QKeyEvent(kind, K.Key_Up, NONE, "", is_repeated))
    assert notes_of(desk)[0].pitch == 63
    desk.services.document.undo()
    assert notes_of(desk) == NOTES


def test_without_chosen_notes_the_keys_are_the_windows(desk: Desk, roll: PianoRoll) -> None:
    bpm = desk.services.document.session.timebase.tempos[0].bpm
    press(roll, K.Key_Up, ALT)
    assert desk.services.document.session.timebase.tempos[0].bpm > bpm
    desk.continue_phrase()
    before = desk.services.document.session.selected_number
    desk.services.notes.clear_selection()
    press(roll, K.Key_Down, CTRL)
    assert desk.services.document.session.selected_number != before


def test_space_plays_though_notes_are_chosen(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0)
    press(roll, K.Key_Space)
    assert desk.services.player.is_playing


def test_in_other_places_the_rolls_keys_do_nothing(desk: Desk) -> None:
    choose(desk, 0)
    ruler = desk.window.timeline.ruler
    ruler.setFocus()
    QTest.keyClick(ruler, K.Key_Up)
    QTest.keyClick(ruler, K.Key_B)
    assert notes_of(desk) == NOTES
    assert not desk.window.timeline.roll.is_drawing


def test_arrows_step_from_note_to_note_and_say_what_is_chosen(desk: Desk, roll: PianoRoll) -> None:
    press(roll, K.Key_Right)
    assert chosen(desk) == {0}
    assert roll.accessibleDescription() == "C3, bar 1 beat 2, a quarter, velocity 90; 1 of 3"
    press(roll, K.Key_Right, CTRL)
    assert roll.accessibleDescription().startswith("E3, bar 1 beat 4, a quarter, velocity 80; 2")
    press(roll, K.Key_Right, CTRL | SHIFT)
    assert chosen(desk) == {1, 2}
    assert roll.accessibleDescription() == "2 of 3 notes chosen, E3 to G3, bars 1 to 2"
    press(roll, K.Key_Left, CTRL)
    assert chosen(desk) == {0}
    desk.services.settings.change(middle_c_octave=4)
    assert roll.accessibleDescription().startswith("C4, bar 1 beat 2")
    press(roll, K.Key_Up, SHIFT)
    assert roll.accessibleDescription().startswith("C5, bar 1 beat 2")


def test_delete_erases(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0, 2)
    press(roll, K.Key_Delete)
    assert notes_of(desk) == (NOTES[1],)
    choose(desk, 0)
    press(roll, K.Key_Backspace)
    assert notes_of(desk) == ()


def test_all_are_chosen_cut_and_pasted_at_the_playhead(desk: Desk, roll: PianoRoll) -> None:
    press(roll, K.Key_A, CTRL)
    assert chosen(desk) == {0, 1, 2}
    choose(desk, 0)
    press(roll, K.Key_X, CTRL)
    assert notes_of(desk) == NOTES[1:]
    desk.services.player.start_at(BAR + 950)
    press(roll, K.Key_V, CTRL)
    assert notes_of(desk)[-1] == Note(BAR + 960, 480, 60, 90)
    press(roll, K.Key_C, CTRL)
    press(roll, K.Key_D, CTRL)
    assert notes_of(desk)[-1] == Note(BAR + 1440, 480, 60, 90)


def test_notes_are_split_joined_and_quantized(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0)
    press(roll, K.Key_E, CTRL)
    assert [note.onset_ticks for note in notes_of(desk)] == [480, 720, 1440, BAR + 37]
    press(roll, K.Key_J, CTRL)
    assert notes_of(desk) == NOTES
    choose(desk, 2)
    press(roll, K.Key_U, CTRL)
    assert notes_of(desk)[2].onset_ticks == BAR
    choose(desk, 1)
    desk.services.player.start_at(1500)
    press(roll, K.Key_E, CTRL)
    assert [note.onset_ticks for note in notes_of(desk)] == [480, 1440, 1500, BAR]


def test_a_note_is_drawn_without_a_mouse(desk: Desk, roll: PianoRoll) -> None:
    press(roll, K.Key_Insert)
    assert notes_of(desk)[0] == Note(0, 120, 60, 90)
    press(roll, K.Key_Insert)
    assert notes_of(desk)[1] == Note(120, 120, 60, 90)


def test_zooming_to_what_is_chosen_and_back(desk: Desk, roll: PianoRoll) -> None:
    axis = roll.axis
    before = axis.px_per_beat
    choose(desk, 0)
    press(roll, K.Key_Z)
    assert axis.px_per_beat > before
    assert axis.left_ticks < 480
    assert axis.left_ticks + axis.seen_ticks > 960
    press(roll, K.Key_X)
    assert axis.px_per_beat == pytest.approx(before)


def test_what_has_been_zoomed_into_stays_when_notes_are_edited(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0)
    press(roll, K.Key_Z)
    seen = roll.axis.left_ticks, roll.axis.px_per_beat
    press(roll, K.Key_Up)
    desk.services.notes.draw(2 * BAR + 100, 60, 120)
    assert (roll.axis.left_ticks, roll.axis.px_per_beat) == seen


def test_switches_are_shown_and_do_what_they_say(desk: Desk, roll: PianoRoll) -> None:
    desk.continue_phrase()
    actions = desk.window.commands
    for key, held, name in (
        (K.Key_K, NONE, "highlight_scale"),
        (K.Key_F, NONE, "follow_playhead"),
        (K.Key_G, NONE, "ghost_takes"),
        (K.Key_G, SHIFT, "ghost_phrase"),
    ):
        was_on = actions[name].isChecked()
        before = roll.grab().toImage()
        press(roll, key, held)
        assert actions[name].isChecked() is not was_on
        if name != "follow_playhead":
            assert roll.grab().toImage() != before
    axis = desk.window.timeline.axis
    axis.zoom(6, 56)
    desk.services.player.play()
    desk.engine.move_playhead(BAR * 3.0)
    assert axis.left_ticks == 0


def test_an_adaptive_grid_snaps_as_finely_as_can_be_seen(desk: Desk, roll: PianoRoll) -> None:
    roll.axis.zoom_to(0, 480)
    assert roll.snap.step_ticks == 120
    press(roll, K.Key_5, CTRL)
    assert roll.snap.step_ticks < 120


def test_the_context_menu_offers_all_of_the_rolls_commands_with_their_keys(
    desk: Desk, roll: PianoRoll
) -> None:
    menu = commands(desk).menu(0)
    offered = {action.objectName() for action in actions_of(menu)}
    missing = {
        name
        for name, command in COMMANDS.items()
        if command.scope == "roll" and f"{name}_action" not in offered
    }
    assert missing == set()
    cut = next(each for each in actions_of(menu) if each.objectName() == "notes_cut_action")
    assert cut.shortcut().toString() == "Ctrl+X"
    assert not cut.isEnabled()
    assert cut.toolTip().startswith("Choose notes first")
    choose(desk, 0)
    assert cut.isEnabled()
    menu.deleteLater()


@without_a_screen
def test_a_right_click_chooses_the_note_and_opens_the_menu(desk: Desk, roll: PianoRoll) -> None:
    y = round(roll.rows.y_at(64) + roll.rows.row_px / 2)
    place = QPoint(round(roll.axis.x_at(1600)), y)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, roll.mapToGlobal(place), NONE)
    QApplication.sendEvent(roll, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert chosen(desk) == {1}
    split = next(each for each in actions_of(menu) if each.text() == "Split here")
    split.trigger()
    menu.close()
    assert len(notes_of(desk)) == 4


def test_notes_are_made_a_length_from_the_menu(desk: Desk) -> None:
    choose(desk, 0, 1)
    menu = commands(desk).menu(0)
    next(each for each in actions_of(menu) if each.text() == "1/16").trigger()
    menu.deleteLater()
    assert [note.duration_ticks for note in notes_of(desk)] == [120, 120, 240]


@without_a_screen
def test_the_menu_key_opens_the_menu_at_the_chosen_note(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 1)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(), roll.mapToGlobal(QPoint()), NONE
    )
    QApplication.sendEvent(roll, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    paste = next(each for each in actions_of(menu) if each.text() == "Paste here")
    assert paste.isEnabled()
    menu.close()


def test_a_solo_edited_by_hand_is_given_back_as_it_was_made(desk: Desk, roll: PianoRoll) -> None:
    desk.continue_phrase()
    restore = desk.window.commands["restore_solo"]
    assert not restore.isEnabled()
    assert restore.toolTip() == "No solo is shown whose notes have been edited."
    made = desk.services.document.session.solos[0].solo.clip
    desk.services.notes.select_bars(2, 8)
    press(roll, K.Key_Delete)
    assert restore.isEnabled()
    restore.trigger()
    assert desk.services.document.session.solos[0].solo.clip == made


def test_what_is_chosen_is_read_aloud_where_that_is_wanted(
    desk: Desk, roll: PianoRoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(event.message())
    )
    press(roll, K.Key_Right)
    press(roll, K.Key_Right, SHIFT)
    assert said == [
        "C3, bar 1 beat 2, a quarter, velocity 90; 1 of 3",
        "C3, bar 1 beat 2, a dotted quarter, velocity 90; 1 of 3",
    ]
    desk.window.timeline.ruler.setFocus()
    n_said = len(said)
    choose(desk, 2)
    assert len(said) == n_said


def test_what_was_erased_is_told_with_the_way_back(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0, 1)
    press(roll, K.Key_Delete)
    assert desk.window.notices.text.text() == "2 notes erased."
    desk.window.notices.action.click()
    assert notes_of(desk) == NOTES


def test_switches_are_remembered(desk: Desk, roll: PianoRoll) -> None:
    press(roll, K.Key_G)
    press(roll, K.Key_K)
    press(roll, K.Key_B)
    assert desk.services.settings.settings.roll_switches == {
        "ghost_takes": True,
        "highlight_scale": False,
    }
    commands(desk).show_switches({"ghost_takes": False, "unknown": True})
    assert not roll.shows_takes
    assert not roll.is_highlighted


def test_a_tip_says_which_note_is_under_the_pointer(desk: Desk, roll: PianoRoll) -> None:
    y = round(roll.rows.y_at(64) + roll.rows.row_px / 2)
    place = QPoint(round(roll.axis.x_at(1600)), y)
    tip = QHelpEvent(QEvent.Type.ToolTip, place, roll.mapToGlobal(place))
    QApplication.sendEvent(roll, tip)
    assert QToolTip.text() == "E3, bar 1 beat 4, a quarter, velocity 80"
    ground = QPoint(300, 1)
    tip = QHelpEvent(QEvent.Type.ToolTip, ground, roll.mapToGlobal(ground))
    QApplication.sendEvent(roll, tip)
    desk.qtbot.waitUntil(lambda: not QToolTip.isVisible())


def commands(desk: Desk) -> RollCommands:
    (found,) = desk.window.timeline.findChildren(RollCommands)
    return found


def actions_of(menu: QMenu) -> list:
    found = []
    for action in menu.actions():
        inner = action.menu()
        found += actions_of(inner) if isinstance(inner, QMenu) else [action]
    return found


def test_a_held_key_ends_its_step_when_the_focus_goes(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0)
    QTest.keyPress(roll, K.Key_Right)
    desk.window.timeline.chords.setFocus()
    moved = notes_of(desk)
    assert moved != NOTES
    desk.window.commands["notes_erase"].trigger()  # as from the context menu
    desk.services.document.undo()
    assert notes_of(desk) == moved
    desk.services.document.undo()
    assert notes_of(desk) == NOTES


def test_arrows_that_count_as_the_keypad_move_notes_too(desk: Desk, roll: PianoRoll) -> None:
    choose(desk, 0)
    press(roll, K.Key_Right, Qt.KeyboardModifier.KeypadModifier)  # so they come on macOS
    press(roll, K.Key_Up, Qt.KeyboardModifier.KeypadModifier | SHIFT)
    assert notes_of(desk)[0] == Note(600, 480, 72, 90)
