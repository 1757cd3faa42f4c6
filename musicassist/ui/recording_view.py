"""What recording shows in the piano roll: the count-in, and notes while they are played."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from musicassist.ui.theme import DARK, Theme, plain_font

_SIZE_PX: Final = 112
_FIGURE_PX: Final = 64  # read from where one sits at the keyboard


@dataclass(slots=True)
class PlayedNote:
    """A note of the recording that is going on, as far as the window knows.

    Attributes:
        pitch: 0-127.
        start_ticks: Where the playhead was when it was struck.
        end_ticks: Where it was when it was let go; None while it is held.
    """

    pitch: int
    start_ticks: float
    end_ticks: float | None = None


class PlayedNotes:
    """The notes of the recording that is going on; roughly placed, until the take comes."""

    def __init__(self) -> None:
        self._notes: list[PlayedNote] = []

    def __iter__(self) -> Iterator[PlayedNote]:
        return iter(self._notes)

    @property
    def are_held(self) -> bool:
        """Whether any of them still sounds."""
        return any(note.end_ticks is None for note in self._notes)

    def move(self, pitch: int, ticks: float, *, is_down: bool) -> None:
        """Take in that a key was struck or let go."""
        for note in self._notes:
            if note.pitch == pitch and note.end_ticks is None:
                note.end_ticks = ticks
        if is_down:
            self._notes.append(PlayedNote(pitch, ticks))

    def turn(self, end_ticks: float, start_ticks: float) -> None:
        """Take in that the loop has turned: what is held goes on at its start."""
        for note in [each for each in self._notes if each.end_ticks is None]:
            note.end_ticks = end_ticks
            self._notes.append(PlayedNote(note.pitch, start_ticks))

    def forget(self) -> None:
        """Forget what was let go: the take that holds it has come."""
        self._notes = [note for note in self._notes if note.end_ticks is None]

    def clear(self) -> None:
        """Forget everything."""
        self._notes = []


class CountDown(QWidget):
    """Counts that are left before recording begins, large enough to be read while playing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("count_down")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIZE_PX, _SIZE_PX)
        self._theme = DARK
        self._n_left = 0
        self.hide()

    @property
    def n_left(self) -> int:
        """How many counts are left; 0 when nothing is counted in."""
        return self._n_left

    def show_left(self, n_left: int) -> None:
        """Show how many counts are left; 0 shows nothing."""
        if n_left != self._n_left:
            self._n_left = n_left
            self.setVisible(n_left > 0)
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the figure on a quiet disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.line))
        painter.setBrush(QColor(self._theme.panel))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setPen(QColor(self._theme.danger))
        painter.setFont(plain_font(_FIGURE_PX, is_bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._n_left))
