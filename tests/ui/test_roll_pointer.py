"""Editing notes with the mouse, on the real window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from musicassist.app.drawn_notes import PRIMER, NoteRef
from musicassist.engine.protocol import PressKey, ReleaseKey
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.ui.piano_roll import PianoRoll
from musicassist.ui.time_axis import GUTTER_PX
from tests.ui.conftest import Desk, MakeDesk
from tests.ui.gestures import ALT, CTRL, LEFT, NONE, SHIFT, drag, move_to

BAR = 1920
NOTES = (Note(480, 480, 60), Note(1440, 480, 64), Note(BAR + 37, 480, 67))


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(Session(primer=Clip(NOTES, 2 * BAR, name="Phrase")))


@pytest.fixture
def roll(desk: Desk) -> PianoRoll:
    return desk.window.timeline.roll


def place(roll: PianoRoll, ticks: float, pitch: int) -> QPoint:
    y = roll.rows.y_at(pitch) + roll.rows.row_px / 2
    return QPoint(round(roll.axis.x_at(ticks)), round(y))


def notes_of(desk: Desk) -> tuple[Note, ...]:
    primer = desk.services.document.session.primer
    return primer.notes if primer is not None else ()


def chosen(desk: Desk) -> set[int]:
    return {ref.index for ref in desk.services.notes.selection}


def test_a_click_chooses_and_shift_adds_and_takes_away(desk: Desk, roll: PianoRoll) -> None:
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 700, 60))
    assert chosen(desk) == {0}
    QTest.mouseClick(roll, LEFT, SHIFT, place(roll, 1600, 64))
    assert chosen(desk) == {0, 1}
    QTest.mouseClick(roll, LEFT, SHIFT, place(roll, 700, 60))
    assert chosen(desk) == {1}
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 100, 70))
    assert chosen(desk) == set()
    assert desk.services.document.undo_name == ""


def test_a_click_on_one_of_many_chosen_chooses_it_alone(desk: Desk, roll: PianoRoll) -> None:
    desk.services.notes.select_all()
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 700, 60))
    assert chosen(desk) == {0}


def test_a_frame_drawn_from_empty_ground_chooses_what_it_touches(
    desk: Desk, roll: PianoRoll
) -> None:
    drag(roll, place(roll, 300, 66), place(roll, 1500, 58))
    assert chosen(desk) == {0, 1}
    drag(roll, place(roll, 1700, 69), place(roll, 2200, 66), SHIFT)
    assert chosen(desk) == {0, 1, 2}
    assert desk.services.document.undo_name == ""


def test_escape_gives_a_frame_up(desk: Desk, roll: PianoRoll) -> None:
    desk.services.notes.select([NoteRef(PRIMER, 2)])
    QTest.mousePress(roll, LEFT, SHIFT, place(roll, 300, 66))
    move_to(roll, place(roll, 1500, 58), SHIFT)
    assert chosen(desk) == {0, 1, 2}
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    assert chosen(desk) == {2}
    QTest.mouseRelease(roll, LEFT, SHIFT, place(roll, 1500, 58))
    assert chosen(desk) == {2}


def test_a_drag_moves_in_steps_of_the_grid_and_is_one_step(desk: Desk, roll: PianoRoll) -> None:
    drag(roll, place(roll, 700, 60), place(roll, 700 + 250, 62))
    assert notes_of(desk)[0] == Note(720, 480, 62)
    assert desk.services.document.undo_name == "Move 1 note"
    desk.services.document.undo()
    assert notes_of(desk) == NOTES
    assert desk.services.document.undo_name == ""


def test_a_note_beside_the_grid_snaps_to_it_or_keeps_its_distance(
    desk: Desk, roll: PianoRoll
) -> None:
    drag(roll, place(roll, BAR + 200, 67), place(roll, BAR + 200 + 240 - 38, 67))
    assert notes_of(desk)[2].onset_ticks == BAR + 240
    desk.services.document.undo()
    drag(roll, place(roll, BAR + 200, 67), place(roll, BAR + 200, 70))
    assert notes_of(desk)[2] == Note(BAR + 37, 480, 70)


def test_alt_moves_freely(desk: Desk, roll: PianoRoll) -> None:
    start = place(roll, 700, 60)
    drag(roll, start, start + QPoint(17, 0), ALT)
    moved_ticks = notes_of(desk)[0].onset_ticks - 480
    assert moved_ticks == pytest.approx(17 * 480 / roll.axis.px_per_beat, abs=1)
    assert moved_ticks % 120


def test_shift_keeps_to_one_direction(desk: Desk, roll: PianoRoll) -> None:
    drag(roll, place(roll, 700, 60), place(roll, 700 + 480, 61), SHIFT)
    assert notes_of(desk)[0] == Note(960, 480, 60)


def test_ctrl_copies_as_long_as_it_is_held(desk: Desk, roll: PianoRoll) -> None:
    drag(roll, place(roll, 700, 60), place(roll, 700, 72), CTRL)
    assert notes_of(desk) == (NOTES[0], Note(480, 480, 72), *NOTES[1:])
    assert chosen(desk) == {1}
    assert desk.services.document.undo_name == "Copy 1 note"


def test_chosen_notes_move_together_and_a_chord_keeps_its_shape(
    desk: Desk, roll: PianoRoll
) -> None:
    desk.services.notes.select_all()
    start = place(roll, 700, 60)
    drag(roll, start, QPoint(start.x(), start.y() - 200 * round(roll.rows.row_px)))
    assert [note.pitch for note in notes_of(desk)] == [120, 124, 127]


def test_escape_puts_dragged_notes_back(desk: Desk, roll: PianoRoll) -> None:
    QTest.mousePress(roll, LEFT, NONE, place(roll, 700, 60))
    move_to(roll, place(roll, 1000, 65))
    assert notes_of(desk) != NOTES
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    assert notes_of(desk) == NOTES
    move_to(roll, place(roll, 1500, 65))
    QTest.mouseRelease(roll, LEFT, NONE, place(roll, 1500, 65))
    assert notes_of(desk) == NOTES
    assert desk.services.document.undo_name == ""


def test_edges_stretch_and_the_pointer_shows_it(desk: Desk, roll: PianoRoll) -> None:
    end = place(roll, 960, 60) - QPoint(3, 0)
    move_to(roll, end, button=Qt.MouseButton.NoButton)
    assert roll.cursor().shape() == Qt.CursorShape.SizeHorCursor
    drag(roll, end, end + QPoint(round(240 * roll.axis.px_per_beat / 480), 0))
    assert notes_of(desk)[0] == Note(480, 720, 60)
    start = place(roll, 480, 60) + QPoint(2, 0)
    drag(roll, start, start - QPoint(round(240 * roll.axis.px_per_beat / 480), 0))
    assert notes_of(desk)[0] == Note(240, 960, 60)
    move_to(roll, place(roll, 700, 60), button=Qt.MouseButton.NoButton)
    assert roll.cursor().shape() == Qt.CursorShape.SizeAllCursor
    move_to(roll, place(roll, 700, 75), button=Qt.MouseButton.NoButton)
    assert roll.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_double_click_draws_on_the_ground_and_erases_a_note(desk: Desk, roll: PianoRoll) -> None:
    QTest.mouseDClick(roll, LEFT, NONE, place(roll, 130, 72))
    QTest.mouseRelease(roll, LEFT, NONE, place(roll, 130, 72))
    assert notes_of(desk)[0] == Note(120, 120, 72, 90)
    assert chosen(desk) == {0}
    QTest.mouseDClick(roll, LEFT, NONE, place(roll, 180, 72))
    assert notes_of(desk) == NOTES


def test_a_drawn_note_grows_while_the_button_is_held(desk: Desk, roll: PianoRoll) -> None:
    QTest.mouseDClick(roll, LEFT, NONE, place(roll, 10, 72))
    move_to(roll, place(roll, 250, 72))
    QTest.mouseRelease(roll, LEFT, NONE, place(roll, 250, 72))
    assert notes_of(desk)[0] == Note(0, 360, 72, 90)
    assert desk.services.document.undo_name == "Draw a note"
    desk.services.document.undo()
    assert notes_of(desk) == NOTES


def test_in_draw_mode_a_click_draws_or_erases(desk: Desk, roll: PianoRoll) -> None:
    roll.setFocus()
    QTest.keyClick(roll, Qt.Key.Key_B)
    assert desk.window.commands["draw_mode"].isChecked()
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 130, 72))
    assert notes_of(desk)[0] == Note(120, 120, 72, 90)
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 700, 60))
    assert Note(480, 480, 60) not in notes_of(desk)
    QTest.keyClick(roll, Qt.Key.Key_B)
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 1000, 72))
    assert len(notes_of(desk)) == 3


def test_a_key_of_the_gutter_sounds_and_chooses_its_notes(desk: Desk, roll: PianoRoll) -> None:
    desk.engine.sent.clear()
    y = place(roll, 0, 64).y()
    QTest.mousePress(roll, LEFT, NONE, QPoint(GUTTER_PX // 2, y))
    assert desk.engine.sent == [PressKey(64, 90, is_kept=False)]
    assert chosen(desk) == {1}
    move_to(roll, QPoint(GUTTER_PX // 2, place(roll, 0, 60).y()))
    QTest.mouseRelease(roll, LEFT, NONE, QPoint(GUTTER_PX // 2, y))
    assert desk.engine.sent[1:] == [
        ReleaseKey(64, is_kept=False),
        PressKey(60, 90, is_kept=False),
        ReleaseKey(60, is_kept=False),
    ]
    assert chosen(desk) == {0}


def test_notes_are_not_edited_while_recording(desk: Desk, roll: PianoRoll) -> None:
    roll.show_recording(is_recording=True)
    QTest.mouseDClick(roll, LEFT, NONE, place(roll, 130, 72))
    QTest.mouseClick(roll, LEFT, NONE, place(roll, 700, 60))
    assert notes_of(desk) == NOTES
    assert chosen(desk) == set()


def test_drawing_in_the_empty_roll_begins_a_phrase(make_desk: MakeDesk) -> None:
    desk = make_desk(Session())
    roll = desk.window.timeline.roll
    QTest.mouseDClick(roll, LEFT, NONE, place(roll, 490, 70))
    assert notes_of(desk) == (Note(480, 120, 70, 90),)
    assert not roll._empty.demo_button.isVisible()


def test_a_drag_over_the_edge_brings_more_into_sight(desk: Desk, roll: PianoRoll) -> None:
    axis = roll.axis
    axis.zoom(4, GUTTER_PX)
    drag(roll, place(roll, 500, 60), QPoint(roll.width() + 40, place(roll, 0, 60).y()))
    assert axis.left_ticks > 0
    (moved,) = (note for note in notes_of(desk) if note.pitch == 60)
    assert moved.onset_ticks > axis.ticks_at(roll.width()) - axis.seen_ticks


def test_a_pointer_held_beyond_the_edge_goes_on(desk: Desk, roll: PianoRoll) -> None:
    axis = roll.axis
    axis.zoom(4, GUTTER_PX)
    start = place(roll, 500, 58)
    QTest.mousePress(roll, LEFT, NONE, start)
    move_to(roll, start + QPoint(60, -40))
    outside = QPoint(roll.width() + 40, -40)
    move_to(roll, outside)
    first_ticks, top = axis.left_ticks, roll.rows.top_pitch
    desk.qtbot.waitUntil(lambda: axis.left_ticks > first_ticks and roll.rows.top_pitch > top)
    assert axis.left_ticks > first_ticks
    QTest.mouseRelease(roll, LEFT, NONE, outside)
    assert 0 in chosen(desk)
    assert not roll._edge_scroll._timer.isActive()


def test_rows_stay_where_they_are_while_notes_are_edited(desk: Desk, roll: PianoRoll) -> None:
    top = roll.rows.top_pitch
    drag(roll, place(roll, 700, 60), place(roll, 700, 70))
    assert roll.rows.top_pitch == top
    desk.services.document.undo()
    assert roll.rows.top_pitch == top


def test_what_is_drawn_to_the_grid_moves_by_as_much_as_the_pointer(
    desk: Desk, roll: PianoRoll
) -> None:
    desk.services.document.change_timing(strength=1.0)
    drag(roll, place(roll, BAR + 200, 67), place(roll, BAR + 200 + 120, 67))
    assert notes_of(desk)[2].onset_ticks == BAR + 37 + 120


@pytest.mark.parametrize("goes_on", [False, True])
def test_escape_takes_a_note_being_drawn_away(desk: Desk, roll: PianoRoll, goes_on: bool) -> None:
    roll.is_drawing = True
    QTest.mousePress(roll, LEFT, NONE, place(roll, 2500, 72))
    assert len(notes_of(desk)) == 4
    if goes_on:
        move_to(roll, place(roll, 3300, 72))
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    assert notes_of(desk) == NOTES
    QTest.mouseRelease(roll, LEFT, NONE, place(roll, 3300, 72))
    assert notes_of(desk) == NOTES
    assert desk.services.document.undo_name == ""


def test_escape_takes_the_first_note_of_a_phrase_away(make_desk: MakeDesk) -> None:
    desk = make_desk(Session())
    roll = desk.window.timeline.roll
    roll.is_drawing = True
    QTest.mousePress(roll, LEFT, NONE, place(roll, 130, 65))
    assert notes_of(desk)
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    assert desk.services.document.session == Session()


def test_a_note_is_heard_when_it_is_pressed_on_and_at_every_new_pitch(
    desk: Desk, roll: PianoRoll
) -> None:
    desk.engine.sent.clear()
    QTest.mousePress(roll, LEFT, NONE, place(roll, 700, 60))
    move_to(roll, place(roll, 700, 61))
    move_to(roll, place(roll, 702, 61))
    move_to(roll, place(roll, 700, 62))
    QTest.mouseRelease(roll, LEFT, NONE, place(roll, 700, 62))
    pressed = [each for each in desk.engine.sent if isinstance(each, PressKey)]
    assert [each.pitch for each in pressed] == [60, 61, 62]
    assert not any(each.is_kept for each in pressed)  # nobody played them
    desk.qtbot.waitUntil(lambda: desk.engine.sent[-1] == ReleaseKey(62, is_kept=False))


def test_wide_notes_say_their_names(desk: Desk, roll: PianoRoll) -> None:
    desk.window.resize(1440, 1100)
    desk.qtbot.waitUntil(lambda: roll.rows.row_px > 14)
    rect = roll._painter.rect_of(60, 480, 960).toRect().adjusted(3, 2, -3, -3)
    assert rect.width() > 40
    image = roll.grab().toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    }
    assert len(colours) > 3  # a plain note has one
