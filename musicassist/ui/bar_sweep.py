"""Bars swept with the mouse: what can be done with them, and how they are marked."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from musicassist.app.arrangement import Arrangement, answer_start_ticks
from musicassist.engine.protocol import LoopRange
from musicassist.music.session import Session
from musicassist.music.timebase import Timebase
from musicassist.ui.theme import Theme
from musicassist.ui.time_axis import TimeAxis

_OPACITY = 0.16


@dataclass(frozen=True, slots=True)
class BarSweep:
    """Some bars of the time line.

    Attributes:
        first_bar: Counted from 0.
        n_bars: At least 1.
    """

    first_bar: int
    n_bars: int

    @property
    def words(self) -> str:
        """The bars as they are numbered on the screen."""
        if self.n_bars == 1:
            return f"bar {self.first_bar + 1}"
        return f"bars {self.first_bar + 1}–{self.first_bar + self.n_bars}"

    def span_of(self, timebase: Timebase) -> LoopRange:
        """Return the ticks the bars take."""
        return LoopRange(
            timebase.bar_start_ticks(self.first_bar),
            timebase.bar_start_ticks(self.first_bar + self.n_bars),
        )

    def over_solo(self, session: Session, arrangement: Arrangement) -> "BarSweep | None":
        """Return those of the bars that are the solo's; None if there are none."""
        if arrangement.solo is None:
            return None
        timebase = session.timebase
        solo_bar = timebase.bar_at(answer_start_ticks(session))
        end_bar = timebase.bar_at(max(0, arrangement.length_ticks - 1)) + 1
        first_bar = max(self.first_bar, solo_bar)
        n_bars = min(self.first_bar + self.n_bars, end_bar) - first_bar
        return BarSweep(first_bar, n_bars) if n_bars > 0 else None


def sweep_around(timebase: Timebase, ticks: float, other_ticks: float) -> BarSweep:
    """Return the bars from one place to another, whichever is first."""
    first_bar = timebase.bar_at(max(0.0, min(ticks, other_ticks)))
    last_bar = timebase.bar_at(max(0.0, ticks, other_ticks))
    return BarSweep(first_bar, last_bar - first_bar + 1)


def draw_sweep(
    painter: QPainter, axis: TimeAxis, span: LoopRange, height_px: int, theme: Theme
) -> None:
    """Draw swept bars as a violet band between dashed lines."""
    x, end_x = axis.x_at(span.start_ticks), axis.x_at(span.end_ticks)
    colour = QColor(theme.working)
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
    for edge_x in (x, end_x):
        painter.drawLine(round(edge_x), 0, round(edge_x), height_px)
    colour.setAlphaF(_OPACITY)
    painter.fillRect(QRectF(x, 0, end_x - x, height_px), colour)
