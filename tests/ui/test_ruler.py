"""Bars, and the brace of the loop."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from musicassist.engine.protocol import LoopRange
from musicassist.ui.ruler import BRACE_PX, Ruler
from tests.ui.conftest import Desk

BAR_TICKS = 1920
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def drag(
    ruler: Ruler, from_ticks: float, to_ticks: float, held: Qt.KeyboardModifier = NONE
) -> None:
    start = QPoint(round(ruler.axis.x_at(from_ticks)), BRACE_PX // 2)
    end = QPoint(round(ruler.axis.x_at(to_ticks)), BRACE_PX // 2)
    QTest.mousePress(ruler, LEFT, held, start)
    QTest.mouseMove(ruler, (start + end) / 2)
    move(ruler, end, held)
    QTest.mouseRelease(ruler, LEFT, held, end)


def move(ruler: Ruler, place: QPoint, held: Qt.KeyboardModifier) -> None:
    """Move the pointer with a button and a key held, which QTest cannot."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    at = QPointF(place)
    everywhere = QPointF(ruler.mapToGlobal(place))
    event = QMouseEvent(QEvent.Type.MouseMove, at, everywhere, LEFT, LEFT, held)
    QApplication.sendEvent(ruler, event)


@pytest.fixture
def ruler(desk: Desk) -> Ruler:
    return desk.window.timeline.ruler


def test_a_drag_in_the_upper_edge_makes_a_loop_of_whole_bars(desk: Desk, ruler: Ruler) -> None:
    player = desk.services.player
    player.set_looping(False)
    player.set_loop(LoopRange(0, BAR_TICKS))
    drag(ruler, 2.1 * BAR_TICKS, 3.8 * BAR_TICKS)
    assert player.loop_range == LoopRange(2 * BAR_TICKS, 4 * BAR_TICKS)
    assert player.state.is_looping
    assert "bars 3 to 4" in ruler.accessibleDescription()


def test_with_shift_the_loop_follows_the_beat(desk: Desk, ruler: Ruler) -> None:
    desk.services.player.set_loop(LoopRange(0, 2 * BAR_TICKS))
    drag(ruler, 2 * BAR_TICKS, 2 * BAR_TICKS + 500, SHIFT)
    assert desk.services.player.loop_range == LoopRange(0, 2 * BAR_TICKS + 480)


def test_the_brace_is_moved_by_its_middle_and_its_ends(desk: Desk, ruler: Ruler) -> None:
    player = desk.services.player
    player.set_loop(LoopRange(0, 2 * BAR_TICKS))
    drag(ruler, 1.0 * BAR_TICKS, 2.1 * BAR_TICKS)
    assert player.loop_range == LoopRange(BAR_TICKS, 3 * BAR_TICKS)
    drag(ruler, 1.0 * BAR_TICKS, 0.1 * BAR_TICKS)
    assert player.loop_range == LoopRange(0, 3 * BAR_TICKS)
    drag(ruler, 3.0 * BAR_TICKS, 0.9 * BAR_TICKS)
    assert player.loop_range == LoopRange(0, BAR_TICKS)


def test_a_brace_never_ends_before_it_begins(desk: Desk, ruler: Ruler) -> None:
    player = desk.services.player
    player.set_loop(LoopRange(BAR_TICKS, 2 * BAR_TICKS))
    drag(ruler, 2.0 * BAR_TICKS, 0.2 * BAR_TICKS)
    assert player.loop_range == LoopRange(BAR_TICKS, 2 * BAR_TICKS)


def test_keys_move_the_brace(desk: Desk, ruler: Ruler) -> None:
    player = desk.services.player
    player.set_loop(LoopRange(0, BAR_TICKS))
    ruler.setFocus()
    QTest.keyClick(ruler, Qt.Key.Key_Left)
    assert player.loop_range == LoopRange(0, BAR_TICKS)
    QTest.keyClick(ruler, Qt.Key.Key_Right)
    assert player.loop_range == LoopRange(BAR_TICKS, 2 * BAR_TICKS)
    QTest.keyClick(ruler, Qt.Key.Key_Right, SHIFT)
    assert player.loop_range == LoopRange(BAR_TICKS, 3 * BAR_TICKS)
    QTest.keyClick(ruler, Qt.Key.Key_Delete)
    assert player.state.loop is None
    assert player.loop_range == LoopRange(0, 4 * BAR_TICKS)


def test_a_double_click_on_the_brace_loops_everything(desk: Desk, ruler: Ruler) -> None:
    desk.services.player.set_loop(LoopRange(0, BAR_TICKS))
    place = QPoint(round(ruler.axis.x_at(BAR_TICKS / 2)), BRACE_PX // 2)
    QTest.mouseDClick(ruler, LEFT, NONE, place)
    assert desk.services.player.state.loop is None


def test_a_click_below_chooses_the_nearest_beat(desk: Desk, ruler: Ruler) -> None:
    place = QPoint(round(ruler.axis.x_at(BAR_TICKS + 500)), ruler.height() - 8)
    QTest.mouseClick(ruler, LEFT, NONE, place)
    assert desk.services.player.state.start_ticks == BAR_TICKS + 480
    assert desk.services.player.state.loop is None


def test_the_loop_is_no_step_of_the_history(desk: Desk) -> None:
    desk.services.player.set_loop(LoopRange(0, BAR_TICKS))
    assert desk.services.document.undo_name == ""
