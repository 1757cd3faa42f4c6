"""Going on while the pointer is held beyond an edge."""

from typing import Final

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QMouseEvent

_EVERY_MS: Final = 40


class EdgeScroll(QObject):
    """Says again and again that a drag goes on, as long as the pointer is outside.

    Args:
        parent: Its Qt owner.
    """

    went_on = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.went_on)

    def follow(self, event: QMouseEvent, inside: QRectF) -> None:
        """Take in where the pointer is, the button held."""
        if inside.contains(event.position()):
            self.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Say nothing more."""
        self._timer.stop()
