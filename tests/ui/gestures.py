"""Mouse gestures in a lane, with keys held."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def move_to(
    widget: QWidget,
    place: QPoint,
    held: Qt.KeyboardModifier = NONE,
    button: Qt.MouseButton = LEFT,
) -> None:
    """Move the pointer with a button and keys held, which QTest cannot."""
    at = QPointF(place)
    everywhere = QPointF(widget.mapToGlobal(place))
    kind = QEvent.Type.MouseMove
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(widget, QMouseEvent(kind, at, everywhere, none, button, held))


def drag(widget: QWidget, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    """Press, move in two steps and let go."""
    QTest.mousePress(widget, LEFT, held, start)
    move_to(widget, (start + end) / 2, held)
    move_to(widget, end, held)
    QTest.mouseRelease(widget, LEFT, held, end)
