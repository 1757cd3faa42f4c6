"""How hard every note is struck, as a stem under it."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane, onsets_between
from musicassist.ui.theme import TINY_PX, font
from musicassist.ui.time_axis import GUTTER_PX, TimeAxis

HEIGHT_PX: Final = 72
_HIGHEST: Final = 127


class VelocityLane(Lane):
    """Shows velocities of primer and solo."""

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__(axis)
        self.setFixedHeight(HEIGHT_PX)
        describe(self, "velocity_lane")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stems that are seen."""
        painter = QPainter(self)
        theme, seen = self.theme, event.rect()
        painter.fillRect(seen, QColor(theme.panel))
        painter.setPen(QColor(theme.line))
        painter.drawLine(seen.left(), 0, seen.right(), 0)
        if seen.left() < GUTTER_PX:
            painter.setFont(font(TINY_PX))
            painter.setPen(QColor(theme.secondary))
            into = QRectF(0, 6, GUTTER_PX - 5, 16)
            painter.drawText(into, Qt.AlignmentFlag.AlignRight, "Velocity")
        self.clip_to_lane(painter)
        arrangement = self.arrangement
        for clip, start_ticks, colour in (
            (arrangement.primer, 0, theme.person),
            (arrangement.solo, arrangement.solo_start_ticks, theme.machine),
        ):
            first_ticks = self.axis.ticks_at(seen.left() - 3) - start_ticks
            last_ticks = self.axis.ticks_at(seen.right() + 3) - start_ticks
            for note in onsets_between(clip, first_ticks, last_ticks):
                x = self.axis.x_at(start_ticks + note.onset_ticks)
                height = (HEIGHT_PX - 12) * note.velocity / _HIGHEST
                stem = QRectF(x, HEIGHT_PX - 2 - height, 2, height)
                painter.fillRect(stem, QColor(colour))
        self.draw_playhead(painter)
