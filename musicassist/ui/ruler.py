"""Bar numbers over the time line, and where playback starts."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen

from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane
from musicassist.ui.theme import SMALL_PX, font
from musicassist.ui.time_axis import GUTTER_PX, TimeAxis

HEIGHT_PX: Final = 28
_LEAST_PX_PER_NUMBER: Final = 28


class Ruler(Lane):
    """Shows bars; blue under what was played, orange under what the machine made.

    `place_chosen(ticks)` comes with a click.
    """

    place_chosen = Signal(int)

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__(axis)
        self.setFixedHeight(HEIGHT_PX)
        describe(self, "ruler")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the nearest beat to start at."""
        ticks = max(0.0, self.axis.ticks_at(event.position().x()))
        meter = self.session.timebase.meter_at(ticks)
        count_ticks = meter.bar_ticks // meter.numerator
        nearest = round(ticks / count_ticks) * count_ticks
        if event.position().x() >= GUTTER_PX and nearest < self.arrangement.length_ticks:
            self.place_chosen.emit(nearest)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show everything."""
        self.axis.show_all()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw numbers and parts."""
        painter = QPainter(self)
        theme = self.theme
        painter.fillRect(event.rect(), QColor(theme.panel))
        self.clip_to_lane(painter)
        painter.setFont(font(SMALL_PX))
        lines = self.bar_lines(self.rect())
        width = self.axis.px_per_beat * self.session.timebase.meters[0].bar_ticks / 480
        every = 1
        while width * every < _LEAST_PX_PER_NUMBER:
            every *= 2
        for bar, start_ticks in lines:
            if bar % every or start_ticks >= self.axis.length_ticks:
                continue
            x = self.axis.x_at(start_ticks)
            painter.setPen(QColor(theme.secondary))
            into = QRectF(x + 6, 0, 60, HEIGHT_PX - 4)
            painter.drawText(into, Qt.AlignmentFlag.AlignVCenter, str(bar + 1))
        arrangement = self.arrangement
        parts = (
            (arrangement.primer, 0, arrangement.solo_start_ticks, theme.person),
            (
                arrangement.solo,
                arrangement.solo_start_ticks,
                arrangement.length_ticks,
                theme.machine,
            ),
        )
        for clip, start_ticks, end_ticks, colour in parts:
            if clip is not None:
                x = self.axis.x_at(start_ticks)
                painter.fillRect(
                    QRectF(x + 1, HEIGHT_PX - 4, self.axis.x_at(end_ticks) - x - 2, 3),
                    QColor(colour),
                )
        painter.setPen(QPen(QColor(theme.line), 1))
        self.draw_playhead(painter)
