"""Velocities as stems, moved with mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from musicassist.app.drawn_notes import NoteRef
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.ui.theme import DARK
from musicassist.ui.time_axis import GUTTER_PX
from musicassist.ui.velocity_lane import VelocityLane
from tests.ui.conftest import Desk, MakeDesk
from tests.ui.mouse import ALT, CTRL, LEFT, NONE, SHIFT, drag, move

BAR = 1920
NOTES = (
    Note(480, 400, 60, 40),
    Note(960, 400, 62, 60),
    Note(960, 400, 67, 100),
    Note(1920, 400, 64, 80),
)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(Session(primer=Clip(NOTES, 4 * BAR)))


@pytest.fixture
def lane(desk: Desk) -> VelocityLane:
    return desk.window.timeline.stack.velocities


def at(lane: VelocityLane, ticks: float, velocity: float) -> QPoint:
    return QPoint(round(lane.axis.x_at(ticks)) + 1, round(lane.y_at(velocity)))


def velocities(desk: Desk) -> list[int]:
    primer = desk.services.document.session.primer
    assert primer is not None
    return [note.velocity for note in primer.notes]


def ref(index: int) -> NoteRef:
    return NoteRef("primer", index)


def test_a_head_dragged_up_makes_the_note_louder_in_one_step(
    desk: Desk, lane: VelocityLane
) -> None:
    drag(lane, at(lane, 480, 40), at(lane, 480, 60), at(lane, 480, 90))
    louder = velocities(desk)
    assert louder[0] == pytest.approx(90, abs=2)
    assert louder[1:] == [60, 100, 80]
    assert "velocity" in desk.services.document.undo_name
    assert desk.services.notes.selection == {ref(0)}
    desk.services.document.undo()
    assert velocities(desk) == [40, 60, 100, 80]


def test_chosen_notes_move_together_and_stop_at_the_limits(desk: Desk, lane: VelocityLane) -> None:
    desk.services.notes.select({ref(0), ref(2)})
    drag(lane, at(lane, 480, 40), at(lane, 480, 80))
    first, _, second, _ = velocities(desk)
    assert first == pytest.approx(80, abs=2)
    assert second == 127
    assert desk.services.notes.selection == {ref(0), ref(2)}


def test_a_note_that_is_not_chosen_moves_alone(desk: Desk, lane: VelocityLane) -> None:
    desk.services.notes.select({ref(0)})
    drag(lane, at(lane, 1920, 80), at(lane, 1920, 20))
    assert velocities(desk)[:3] == [40, 60, 100]
    assert velocities(desk)[3] == pytest.approx(20, abs=2)
    assert desk.services.notes.selection == {ref(3)}


def test_of_a_chord_the_nearest_head_is_taken(desk: Desk, lane: VelocityLane) -> None:
    for velocity, index in ((100, 2), (58, 1), (30, 1)):
        drawn = lane.head_at(at(lane, 960, velocity).toPointF())
        assert drawn is not None
        assert drawn.ref == ref(index)


def test_of_a_chord_the_chosen_head_is_taken_first(desk: Desk, lane: VelocityLane) -> None:
    for velocity, chosen, taken in ((58, 2, 2), (58, 1, 1), (30, 2, 2), (100, 1, 2)):
        desk.services.notes.select({ref(chosen)})
        drawn = lane.head_at(at(lane, 960, velocity).toPointF())
        assert drawn is not None
        assert drawn.ref == ref(taken)  # a stem is taken as its head is, but not the air above it


def test_a_click_on_a_head_chooses_it_and_changes_nothing(desk: Desk, lane: VelocityLane) -> None:
    desk.qtbot.mouseClick(lane, LEFT, NONE, at(lane, 480, 40))
    assert desk.services.notes.selection == {ref(0)}
    assert velocities(desk) == [40, 60, 100, 80]
    assert desk.services.document.undo_name == ""


def test_a_drag_over_empty_ground_draws_a_line_of_velocities(
    desk: Desk, lane: VelocityLane
) -> None:
    drag(lane, at(lane, 300, 20), at(lane, 1200, 65), at(lane, 2100, 110))
    told = velocities(desk)
    for note, velocity in zip(NOTES, told, strict=True):
        assert velocity == pytest.approx(20 + 90 * (note.onset_ticks - 300) / 1800, abs=3)


@pytest.mark.parametrize("held", [ALT, CTRL])
def test_with_alt_or_ctrl_a_line_begins_on_a_head_too(
    desk: Desk, lane: VelocityLane, held: Qt.KeyboardModifier
) -> None:
    drag(lane, at(lane, 480, 40), at(lane, 1000, 40), held=held)
    assert velocities(desk) == [pytest.approx(40, abs=1)] * 3 + [80]


def test_a_line_over_chosen_notes_leaves_the_others(desk: Desk, lane: VelocityLane) -> None:
    desk.services.notes.select({ref(1)})
    drag(lane, at(lane, 300, 10), at(lane, 2100, 10))
    assert velocities(desk) == [40, pytest.approx(10, abs=1), 100, 80]


def test_with_shift_a_line_is_straight_from_where_it_began(desk: Desk, lane: VelocityLane) -> None:
    drag(lane, at(lane, 300, 20), at(lane, 1200, 120), at(lane, 2100, 20), held=SHIFT)
    assert velocities(desk) == [pytest.approx(20, abs=1)] * 4


def test_the_value_is_shown_while_it_is_dragged(desk: Desk, lane: VelocityLane) -> None:
    desk.qtbot.mousePress(lane, LEFT, NONE, at(lane, 480, 40))
    move(lane, at(lane, 480, 92))
    assert lane._bubble is not None
    assert lane._bubble[2].startswith("velocity 9")
    assert velocities(desk)[0] == 40  # no step before the mouse is let go
    desk.qtbot.mouseRelease(lane, LEFT, NONE, at(lane, 480, 92))
    assert lane._bubble is None


def test_keys_choose_a_note_and_change_its_velocity(desk: Desk, lane: VelocityLane) -> None:
    lane.setFocus()
    desk.qtbot.keyClick(lane, Qt.Key.Key_Right)
    assert desk.services.notes.selection == {ref(0)}
    assert lane.accessibleDescription() == "Velocity 40, C3 at bar 1, count 2, your phrase"
    desk.qtbot.keyClick(lane, Qt.Key.Key_Right)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Up)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Up, SHIFT)
    assert velocities(desk) == [40, 71, 100, 80]
    assert lane.accessibleDescription().startswith("Velocity 71, D3")
    desk.services.document.undo()
    assert velocities(desk) == [40, 61, 100, 80]
    desk.qtbot.keyClick(lane, Qt.Key.Key_Left)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Left)
    assert desk.services.notes.selection == {ref(0)}


def test_a_real_key_press_reaches_the_lane_and_not_the_window(
    desk: Desk, lane: VelocityLane
) -> None:
    desk.window.activateWindow()
    lane.setFocus()
    desk.qtbot.waitUntil(lane.hasFocus)
    desk.qtbot.keyClick(desk.window.windowHandle(), Qt.Key.Key_Right)
    assert desk.services.notes.selection == {ref(0)}


def test_several_chosen_notes_are_told_by_number(desk: Desk, lane: VelocityLane) -> None:
    desk.services.notes.select({ref(0), ref(1)})
    assert lane.accessibleDescription().startswith("2 notes are chosen")
    desk.services.notes.clear_selection()
    assert lane.accessibleDescription().startswith("No note is chosen")


def test_chosen_heads_stand_out(desk: Desk, lane: VelocityLane) -> None:
    assert colour_at(lane, at(lane, 480, 40)) == DARK.person
    desk.services.notes.select({ref(0)})
    assert colour_at(lane, at(lane, 480, 40)) == DARK.text


def test_the_upper_edge_makes_the_lane_taller_within_limits(desk: Desk, lane: VelocityLane) -> None:
    heights: list[int] = []
    lane.height_changed.connect(heights.append)
    top = QPoint(400, 1)
    drag(lane, top, QPoint(400, -29))
    desk.qtbot.waitUntil(lambda: lane.height() == 102)
    assert heights == [102]
    drag(lane, top, QPoint(400, -900))
    desk.qtbot.waitUntil(lambda: lane.height() == 200)
    drag(lane, top, QPoint(400, 900))
    desk.qtbot.waitUntil(lambda: lane.height() == 48)
    assert velocities(desk) == [40, 60, 100, 80]


def test_the_gutter_draws_nothing(desk: Desk, lane: VelocityLane) -> None:
    drag(lane, QPoint(GUTTER_PX - 10, 30), QPoint(GUTTER_PX + 400, 30))
    assert velocities(desk) == [40, 60, 100, 80]


def colour_at(lane: VelocityLane, place: QPoint) -> str:
    image = lane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image.pixelColor(place).name()
