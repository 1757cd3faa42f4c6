"""A small picture of a clip's notes."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
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
        self._dashes: list[QRectF] | None = None  # the notes, until they are others or the size is
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
            self._dashes = None
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

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lay the notes out anew."""
        self._dashes = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the notes and the playhead."""
        painter, theme = QPainter(self), self._theme
        if self._dashes is None:
            self._dashes = _dashes_of(self._clip, self.width(), self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.machine if self._is_selected else theme.secondary))
        painter.drawRects(self._dashes)
        if self._playhead_ticks is not None:
            x = self._x_at(self._playhead_ticks)
            painter.fillRect(QRectF(x - 0.75, 0, 1.5, self.height()), QColor(theme.playhead))

    def _x_at(self, ticks: float) -> float:
        return ticks * self.width() / max(self._clip.length_ticks, 1)


def _dashes_of(clip: Clip, width_px: int, height_px: int) -> list[QRectF]:
    """Return a dash a note; those that would cover each other are one."""
    lowest = min((note.pitch for note in clip.notes), default=0)
    highest = max((note.pitch for note in clip.notes), default=0)
    px_per_tick = width_px / max(clip.length_ticks, 1)
    px_per_semitone = (height_px - 4) / max(highest - lowest, _LEAST_SPAN)
    seen: set[tuple[int, int, int]] = set()
    dashes: list[QRectF] = []
    for note in clip.notes:
        x = note.onset_ticks * px_per_tick
        width = max(2.0, min(note.end_ticks * px_per_tick, width_px) - x - 0.5)
        place = (note.pitch, round(x), round(x + width))  # as the pixels are filled
        if place not in seen:
            seen.add(place)
            y = height_px - 3.5 - (note.pitch - lowest) * px_per_semitone
            dashes.append(QRectF(x, y, width, 3))
    return dashes
