"""The drawing of a velocity curve, and what drawing on it makes of it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from musicassist.music.playing import VelocityCurve
from musicassist.ui.theme import DARK
from musicassist.ui.velocity_curve_view import VelocityCurveView, drawn_points


@pytest.fixture
def view(qtbot: QtBot) -> VelocityCurveView:
    made = VelocityCurveView()
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    return made


def drawn(qtbot: QtBot, view: VelocityCurveView, *places: QPoint) -> list[VelocityCurve]:
    """Drag the mouse along places; return the curves told."""
    told: list[VelocityCurve] = []
    view.curve_drawn.connect(told.append)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(view, place)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=places[-1])
    return told


def test_drawing_makes_any_curve_ones_own(qtbot: QtBot, view: VelocityCurveView) -> None:
    view.show_curve(VelocityCurve("soft"))
    before = drawn_points(view.curve)
    told = drawn(qtbot, view, QPoint(view.width() - 8, view.height() - 8))
    assert [curve.kind for curve in told] == ["own"]
    assert told[0].points[:-1] == before[:-1]
    assert told[0].points[-1] == (127, 1)
    assert view.curve == told[0]


def test_a_point_goes_where_the_mouse_goes_and_stays_in_the_picture(
    qtbot: QtBot, view: VelocityCurveView
) -> None:
    middle = view.width() // 2
    told = drawn(qtbot, view, QPoint(middle, 60), QPoint(middle, 30), QPoint(middle, -400))
    assert told[-1].points[2] == (64, 127)
    assert [point[0] for point in told[-1].points] == [1, 32, 64, 96, 127]


def test_drawing_on_a_fixed_velocity_moves_it(qtbot: QtBot, view: VelocityCurveView) -> None:
    view.show_curve(VelocityCurve("fixed", fixed_velocity=30))
    told = drawn(qtbot, view, QPoint(40, 8))
    assert told == [VelocityCurve("fixed", fixed_velocity=127)]


def test_keys_choose_and_move_points(qtbot: QtBot, view: VelocityCurveView) -> None:
    told: list[VelocityCurve] = []
    view.curve_drawn.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_PageDown):
        qtbot.keyClick(view, key)
    assert [curve.points[3] for curve in told] == [(96, 97), (96, 87)]
    for _ in range(9):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert len(told) == 2  # the last one is as high as it goes
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert told[-1].points[4] == (127, 126)


def test_a_curve_of_one_point_can_be_moved(qtbot: QtBot, view: VelocityCurveView) -> None:
    view.show_curve(VelocityCurve("own", points=((64, 64),)))
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.curve.points == ((64, 65),)


def test_a_screen_reader_hears_the_curve(view: VelocityCurveView) -> None:
    view.show_curve(VelocityCurve("own", points=((1, 10), (127, 100))))
    assert view.accessibleDescription() == "1 counts 10, 127 counts 100"
    view.show_curve(VelocityCurve("fixed", fixed_velocity=90))
    assert view.accessibleDescription() == "Every note counts 90."


def test_the_curve_is_drawn_in_the_colour_of_the_person(view: VelocityCurveView) -> None:
    view.show_curve(VelocityCurve("fixed", fixed_velocity=64))
    image = view.grab().toImage()
    assert image.pixelColor(20, view.height() // 2).name() == DARK.person
    assert image.pixelColor(20, 12).name() == DARK.ground
