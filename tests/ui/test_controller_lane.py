"""Lanes of wheels and pedals: chosen, drawn, erased and cleared."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu

from musicassist.music.clip import Clip
from musicassist.music.control_edits import blocks_of, points_of
from musicassist.music.note import (
    BEND_CENTRE,
    MOD_WHEEL,
    PITCH_BEND,
    SUSTAIN,
    ControlPoint,
    Note,
)
from musicassist.music.session import Session
from musicassist.ui.controller_lane import ControllerLane
from musicassist.ui.controller_painting import steps_between
from musicassist.ui.theme import DARK
from tests.ui.conftest import Desk, MakeDesk
from tests.ui.mouse import ALT, LEFT, NONE, SHIFT, drag

BAR = 1920
PHRASE = Clip((Note(0, 480, 60), Note(1920, 480, 62)), 4 * BAR)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(Session(primer=PHRASE))


def shown(desk: Desk, controller: int) -> ControllerLane:
    """Show a controller's lane as the user does: by the menu of the gutter."""
    stack = desk.window.timeline.stack
    menu = stack.menu()
    (action,) = [each for each in menu.actions() if each.data() == controller]
    action.trigger()
    menu.deleteLater()
    lane = next(
        lane
        for lane in stack.lanes
        if isinstance(lane, ControllerLane) and lane.controller == controller
    )
    desk.qtbot.waitUntil(lambda: lane.isVisible() and lane.height() >= 48)
    return lane


def at(lane: ControllerLane, ticks: float, value: float) -> QPoint:
    return QPoint(round(lane.axis.x_at(ticks)), round(lane.y_at(value)))


def line(desk: Desk, controller: int) -> list[tuple[int, int]]:
    points = points_of(desk.services.document.session.primer, controller)
    return [(point.onset_ticks, point.value) for point in points]


# The offscreen platform says of every menu what it cannot do.
MENU = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support")


@MENU
def test_a_lane_comes_and_goes_by_the_menu_in_the_gutter(desk: Desk) -> None:
    stack = desk.window.timeline.stack
    desk.qtbot.mouseClick(stack.chooser, LEFT)
    menu = stack.findChild(QMenu, "lanes_menu")
    assert menu is not None
    assert menu.isVisible()
    names = [action.text() for action in menu.actions()]
    assert names == ["Velocity", "Pitch bend", "Mod wheel", "Sustain"]
    desk.qtbot.keyClick(menu, Qt.Key.Key_Down)
    desk.qtbot.keyClick(menu, Qt.Key.Key_Down)
    desk.qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert stack.controllers == (PITCH_BEND,)
    lane = stack.lanes[1]
    assert lane in desk.window.timeline.lanes
    assert isinstance(lane, ControllerLane)
    desk.qtbot.mouseClick(lane.close_button, LEFT)
    assert stack.controllers == ()


def test_velocity_can_be_hidden_and_the_button_stays(desk: Desk) -> None:
    stack = desk.window.timeline.stack
    for is_hidden in (True, False):
        menu = stack.menu()
        menu.actions()[0].trigger()
        assert stack.velocities.isHidden() == is_hidden
        assert stack.chooser.isVisible()
        menu.deleteLater()


def test_lanes_and_their_heights_are_found_again(desk: Desk) -> None:
    stack = desk.window.timeline.stack
    lane = shown(desk, SUSTAIN)
    drag(lane, QPoint(300, 1), QPoint(300, -19))
    taller = lane.height_px
    settings = desk.services.settings.settings
    assert settings.lanes == {"velocity": 72, "64": taller}
    desk.qtbot.mouseClick(lane.close_button, LEFT)
    assert desk.services.settings.settings.lanes == {"velocity": 72}
    stack.show_heights(
        {"velocity": 0, "64": 120, "1": 0, "9999": 60, "-1": 60, "x": 60, "1" * 5000: 60}
    )
    assert stack.velocities.isHidden()
    assert stack.controllers == (SUSTAIN,)
    assert stack.heights_px == {"velocity": 0, "64": 120}


def test_other_controllers_of_the_clip_are_offered_and_marked(make_desk: MakeDesk) -> None:
    clip = Clip(PHRASE.notes, 4 * BAR, (ControlPoint(0, 11, 90), ControlPoint(0, 20, 1)))
    stack = make_desk(Session(primer=clip)).window.timeline.stack
    menu = stack.menu()
    names = [action.text() for action in menu.actions()]
    menu.deleteLater()
    assert names[-2:] == ["Expression  •", "Controller 20  •"]


def test_a_drag_draws_the_wheel_in_one_step(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    drag(lane, at(lane, 480, 20), at(lane, 960, 60), at(lane, 1440, 100))
    drawn = line(desk, MOD_WHEEL)
    assert desk.services.document.undo_name == "Draw mod wheel"
    assert len(drawn) > 20
    assert drawn[0][1] == pytest.approx(20, abs=3)
    assert max(value for _, value in drawn) == pytest.approx(100, abs=3)
    assert drawn[-1][1] == 0  # and the wheel is where it was before
    assert all(440 <= ticks <= 1500 for ticks, _ in drawn)
    desk.services.document.undo()
    assert line(desk, MOD_WHEEL) == []


def test_with_shift_the_line_is_straight(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    drag(lane, at(lane, 480, 0), at(lane, 960, 127), at(lane, 1440, 60), held=SHIFT)
    values = [value for _, value in line(desk, MOD_WHEEL)[:-1]]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(60, abs=3)


def test_a_click_sets_a_point_that_holds(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    desk.qtbot.mouseClick(lane, LEFT, NONE, at(lane, 960, 64))
    ((ticks, value),) = line(desk, MOD_WHEEL)
    assert ticks == pytest.approx(960, abs=20)
    assert value == pytest.approx(64, abs=3)
    assert lane.accessibleDescription().startswith(f"Mod wheel {value} at bar 1, count")


def test_a_bend_is_drawn_to_its_centre_exactly(desk: Desk) -> None:
    lane = shown(desk, PITCH_BEND)
    place = at(lane, 960, BEND_CENTRE)
    desk.qtbot.mouseClick(lane, LEFT, NONE, QPoint(place.x(), place.y() + 2))
    assert line(desk, PITCH_BEND)[0][1] == BEND_CENTRE


def test_with_alt_points_are_erased(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    for ticks in (480, 960, 1920):
        desk.qtbot.mouseClick(lane, LEFT, NONE, at(lane, ticks, 64 + ticks / 100))
    drag(lane, at(lane, 400, 5), at(lane, 1000, 5), held=ALT)
    assert [ticks for ticks, _ in line(desk, MOD_WHEEL)] == [pytest.approx(1920, abs=20)]
    assert desk.services.document.undo_name == "Erase mod wheel"


def test_the_pedal_is_drawn_and_lifted_as_blocks_on_the_grid(desk: Desk) -> None:
    lane = shown(desk, SUSTAIN)
    drag(lane, at(lane, 490, 64), at(lane, 1000, 64), at(lane, 1430, 64))
    points = points_of(desk.services.document.session.primer, SUSTAIN)
    assert blocks_of(points, 4 * BAR) == ((480, 1440),)
    drag(lane, at(lane, 730, 64), at(lane, 950, 64))
    points = points_of(desk.services.document.session.primer, SUSTAIN)
    assert blocks_of(points, 4 * BAR) == ((480, 720), (960, 1440))


def test_a_pedal_drawn_to_the_end_is_let_up_there(desk: Desk) -> None:
    lane = shown(desk, SUSTAIN)
    drag(lane, at(lane, 3 * BAR, 64), at(lane, 4 * BAR + 900, 64))
    assert line(desk, SUSTAIN)[-1] == (4 * BAR - 1, 0)


def test_the_solo_is_drawn_where_it_stands(desk: Desk) -> None:
    desk.continue_phrase()
    lane = shown(desk, MOD_WHEEL)
    start_ticks = desk.services.document.arrangement.solo_start_ticks
    drag(lane, at(lane, start_ticks + 480, 90), at(lane, start_ticks + 960, 90))
    selected = desk.services.document.session.selected_solo
    assert selected is not None
    points = points_of(selected.solo.clip, MOD_WHEEL)
    assert [p.onset_ticks for p in points] == [
        pytest.approx(480, abs=30),
        pytest.approx(960, abs=30),
    ]
    assert line(desk, MOD_WHEEL) == []


@MENU
def test_the_right_button_offers_to_clear_the_lane(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    desk.qtbot.mouseClick(lane, LEFT, NONE, at(lane, 960, 64))
    place = QPoint(300, 20)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(lane, QContextMenuEvent(reason, place, lane.mapToGlobal(place)))
    menu = lane.findChild(QMenu, "lane_menu")
    assert menu is not None
    desk.qtbot.keyClick(menu, Qt.Key.Key_Down)
    desk.qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert line(desk, MOD_WHEEL) == []
    assert desk.services.document.undo_name == "Clear mod wheel"
    empty = lane.menu()
    assert not empty.actions()[0].isEnabled()
    assert "nothing" in empty.actions()[0].text()
    empty.deleteLater()


def test_keys_set_choose_move_and_erase_points(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    desk.services.player.play()
    desk.engine.move_playhead(480.0)
    lane.setFocus()
    desk.qtbot.keyClick(lane, Qt.Key.Key_Return)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Up, SHIFT)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Up)
    assert line(desk, MOD_WHEEL) == [(480, 11)]
    assert lane.accessibleDescription() == "Mod wheel 11 at bar 1, count 2, your phrase"
    desk.engine.move_playhead(960.0)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Return)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Left)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Delete)
    assert line(desk, MOD_WHEEL) == [(960, 11)]
    desk.qtbot.keyClick(lane, Qt.Key.Key_Right)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Down, SHIFT)
    assert line(desk, MOD_WHEEL) == [(960, 1)]


def test_keys_press_and_lift_the_pedal(desk: Desk) -> None:
    lane = shown(desk, SUSTAIN)
    desk.services.player.play()
    desk.engine.move_playhead(480.0)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Return)
    desk.engine.move_playhead(960.0)
    desk.qtbot.keyClick(lane, Qt.Key.Key_Return)
    assert line(desk, SUSTAIN) == [(480, 127), (960, 0)]


def test_a_line_is_drawn_in_the_colour_of_who_played_it(desk: Desk) -> None:
    lane = shown(desk, MOD_WHEEL)
    desk.qtbot.mouseClick(lane, LEFT, NONE, at(lane, 960, 64))
    image = lane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    place = at(lane, 1900, line(desk, MOD_WHEEL)[0][1])
    column = {image.pixelColor(place.x(), place.y() + d).name() for d in (-1, 0, 1)}
    assert DARK.person in column


def test_ten_thousand_points_are_drawn_one_a_pixel(make_desk: MakeDesk) -> None:
    points = tuple(ControlPoint(i, MOD_WHEEL, i * 7 % 128) for i in range(4 * BAR - 1))
    desk = make_desk(Session(primer=Clip(PHRASE.notes, 4 * BAR, points)))
    lane = shown(desk, MOD_WHEEL)
    (part,) = lane._parts
    steps = steps_between(lane, part, MOD_WHEEL, points, 56.0, float(lane.width()))
    assert len(steps) <= lane.width()
    assert lane.grab().toImage().width() == lane.width()
