"""What notes lie on: a row for every pitch, and the lines of bars, counts and grid."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from musicassist.music.keys import Key, is_black
from musicassist.ui.pitch_rows import PitchRows
from musicassist.ui.snap import LEAST_STEP_PX, SnapGrid
from musicassist.ui.theme import Theme
from musicassist.ui.time_axis import TimeAxis


def draw_rows(
    painter: QPainter, seen: QRect, rows: PitchRows, key: Key | None, theme: Theme
) -> None:
    """Draw the rows; those in a key are lighter, without one those of the white keys."""
    painter.fillRect(seen, QColor(theme.row_outside))
    for pitch in rows.between(seen.top(), seen.bottom()):
        if key is None:
            colour = theme.row_outside if is_black(pitch) else theme.row_in_key
        elif pitch % 12 == key.tonic:
            colour = theme.row_tonic
        elif pitch % 12 in key.pitch_classes:
            colour = theme.row_in_key
        else:
            continue
        row = QRectF(seen.left(), rows.y_at(pitch), seen.width(), rows.row_px - 1)
        painter.fillRect(row, QColor(colour))


def draw_grid(
    painter: QPainter,
    seen: QRect,
    axis: TimeAxis,
    snap: SnapGrid,
    bars: Iterable[tuple[int, int]],
    theme: Theme,
) -> None:
    """Draw the lines, as far as they do not crowd.

    Args:
        painter: Of the lane.
        seen: What is to be drawn.
        axis: Where ticks are.
        snap: The grid.
        bars: Each bar that is seen and where it starts.
        theme: Whose colours to use.
    """
    top, bottom = seen.top(), seen.bottom()
    px_per_tick = axis.px_per_beat / 480
    for _, start_ticks in bars:
        meter = snap.session.timebase.meter_at(start_ticks)
        count_ticks = meter.bar_ticks / meter.numerator
        if snap.step_ticks * px_per_tick >= LEAST_STEP_PX:
            painter.setPen(QColor(theme.step_line))
            for index in range(1, -(-meter.bar_ticks // snap.step_ticks)):
                x = round(axis.x_at(start_ticks + index * snap.step_ticks))
                painter.drawLine(x, top, x, bottom)
        if count_ticks * px_per_tick >= LEAST_STEP_PX:
            painter.setPen(QColor(theme.beat_line))
            for index in range(1, meter.numerator):
                x = round(axis.x_at(start_ticks + index * count_ticks))
                painter.drawLine(x, top, x, bottom)
        painter.setPen(QColor(theme.line))
        x = round(axis.x_at(start_ticks))
        painter.drawLine(x, top, x, bottom)
