"""A dot that says whether something is connected."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from musicassist.ui.theme import DARK, Theme

_LIGHT_MS: Final = 160


class Light(QWidget):
    """A dot: green while connected, blue while something arrives, a ring while not listened to."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(12, 22)
        self._theme = DARK
        self._is_open = False
        self._is_in_trouble = False
        self._go_dark = QTimer(self)
        self._go_dark.setSingleShot(True)
        self._go_dark.setInterval(_LIGHT_MS)
        self._go_dark.timeout.connect(self.update)

    @property
    def is_lit(self) -> bool:
        """Whether something has arrived just now."""
        return self._go_dark.isActive()

    def show_state(self, *, is_open: bool, is_in_trouble: bool = False) -> None:
        """Show whether there is a connection, or why not."""
        self._is_open = is_open
        self._is_in_trouble = is_in_trouble
        self.update()

    def flash(self) -> None:
        """Show that something arrives, for a moment."""
        self._go_dark.start()
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot = (2, self.height() // 2 - 4, 8, 8)
        if self._is_open:
            painter.setPen(QColor(0, 0, 0, 0))
            painter.setBrush(QColor(theme.person if self.is_lit else theme.sounding))
        else:
            tint = theme.danger if self._is_in_trouble else theme.secondary
            painter.setPen(QPen(QColor(tint), 1.5))
        painter.drawEllipse(*dot)
