"""Real mouse events with keys held, which QTest cannot send while the mouse moves."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def drag(widget: QWidget, *places: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    """Press at the first place, move over the others and let go at the last."""
    QTest.mousePress(widget, LEFT, held, places[0])
    for place in places[1:]:
        move(widget, place, held=held)
    QTest.mouseRelease(widget, LEFT, held, places[-1])


def move(
    widget: QWidget,
    place: QPoint,
    *,
    button: Qt.MouseButton = LEFT,
    held: Qt.KeyboardModifier = NONE,
) -> None:
    """Move the pointer with a button and keys held."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        button,
        held,
    )
    QApplication.sendEvent(widget, event)
