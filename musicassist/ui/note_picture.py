"""A small picture of a clip's notes."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from musicassist.music.clip import Clip
from musicassist.ui.theme import DARK, Theme

_HEIGHT_PX: Final = 40
_LEAST_SPAN: Final = 12  # semitones; a solo on one note is no mountain range


class NotePicture(QWidget):
    """Draws a dash a note, and the playhead while it is in the clip."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("note_picture")
        self.setFixedHeight(_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._clip = Clip()
        self._is_selected = False
        self._playhead_ticks: float | None = None
        self._theme = DARK

    @property
    def playhead_ticks(self) -> float | None:
        """Where in the clip the playhead is drawn; None for nowhere."""
        return self._playhead_ticks

    def show_clip(self, clip: Clip, *, is_selected: bool) -> None:
        """Show another clip, in orange if it is the chosen one."""
        if clip is not self._clip or is_selected != self._is_selected:
            self._clip, self._is_selected = clip, is_selected
            self.update()

    def show_playhead(self, ticks: float | None) -> None:
        """Move the playhead, counted from the clip's start; it is seen only within the clip."""
        if ticks is not None and not 0 <= ticks < self._clip.length_ticks:
            ticks = None
        for place in (self._playhead_ticks, ticks):
            if place is not None and ticks != self._playhead_ticks:
                self.update(int(self._x_at(place)) - 2, 0, 5, self.height())
        self._playhead_ticks = ticks

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the notes and the playhead."""
        painter, theme = QPainter(self), self._theme
        notes = self._clip.notes
        colour = QColor(theme.machine if self._is_selected else theme.secondary)
        lowest = min((note.pitch for note in notes), default=0)
        span = max(max((note.pitch for note in notes), default=0) - lowest, _LEAST_SPAN)
        for note in notes:
            x = self._x_at(note.onset_ticks)
            width = max(2.0, min(self._x_at(note.end_ticks), self.width()) - x - 0.5)
            y = (self.height() - 4) * (1 - (note.pitch - lowest) / span) + 0.5
            painter.fillRect(QRectF(x, y, width, 3), colour)
        if self._playhead_ticks is not None:
            x = self._x_at(self._playhead_ticks)
            painter.fillRect(QRectF(x - 0.75, 0, 1.5, self.height()), QColor(theme.playhead))

    def _x_at(self, ticks: float) -> float:
        return ticks * self.width() / max(self._clip.length_ticks, 1)
