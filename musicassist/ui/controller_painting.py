"""How the line of a wheel and the blocks of a pedal are drawn."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from musicassist.app.drawn_notes import DrawnPart
from musicassist.music.control_edits import blocks_of, value_at_rest, value_before
from musicassist.music.note import ControlPoint
from musicassist.ui.theme import mix
from musicassist.ui.value_lane import ValueLane

POINT_PX: Final = 2.5
_LEAST_POINT_GAP_PX: Final = 8.0  # points closer than this are not drawn as dots


def end_ticks_of(part: DrawnPart) -> int:
    """Return where a part's raw clip ends on the time line."""
    return part.raw_start_ticks + part.raw.length_ticks


def draw_blocks(
    painter: QPainter, lane: ValueLane, part: DrawnPart, line: Sequence[ControlPoint], colour: str
) -> None:
    """Draw where a switch is on."""
    top, bottom = lane.y_at(lane.highest) + 2, lane.y_at(0)
    _draw_rest(painter, lane, part, bottom)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1))
    painter.setBrush(mix(lane.theme.panel, colour, 0.45))
    for start_ticks, end_ticks in blocks_of(line, part.raw.length_ticks):
        x = lane.axis.x_at(part.raw_start_ticks + start_ticks)
        end_x = lane.axis.x_at(part.raw_start_ticks + end_ticks)
        if end_x >= lane.axis.gutter_px and x <= lane.width():
            width = max(2.0, end_x - x)
            painter.drawRoundedRect(QRectF(x + 0.5, top, width - 1, bottom - top), 2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def draw_wheel(
    painter: QPainter,
    lane: ValueLane,
    seen: QRect,
    part: DrawnPart,
    controller: int,
    line: Sequence[ControlPoint],
    colour: str,
) -> None:
    """Draw the stepped line of a wheel, filled from where it rests."""
    rest_y = lane.y_at(value_at_rest(controller))
    _draw_rest(painter, lane, part, rest_y)
    first_x = max(lane.axis.x_at(part.raw_start_ticks), seen.left() - 2.0)
    last_x = min(lane.axis.x_at(end_ticks_of(part)), seen.right() + 2.0)
    if not line or last_x <= first_x:
        return
    steps = steps_between(lane, part, controller, line, first_x, last_x)
    outline = QPolygonF()
    for index, (x, value) in enumerate(steps):
        y = lane.y_at(value)
        outline.append(QPointF(x, y))
        outline.append(QPointF(steps[index + 1][0] if index + 1 < len(steps) else last_x, y))
    area = QPolygonF(outline)
    area.append(QPointF(last_x, rest_y))
    area.append(QPointF(first_x, rest_y))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(lane.theme.panel, colour, 0.3))
    painter.drawPolygon(area)
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(outline)
    _draw_points(painter, lane, colour, steps[1:])


def steps_between(
    lane: ValueLane,
    part: DrawnPart,
    controller: int,
    line: Sequence[ControlPoint],
    first_x: float,
    last_x: float,
) -> list[tuple[float, int]]:
    """Return where a line takes which value: at the left edge, then at every point seen.

    Of points that fall on one pixel the last is returned.
    """
    x_at, start_ticks = lane.axis.x_at, part.raw_start_ticks
    first_ticks = lane.axis.ticks_at(first_x) - start_ticks
    steps = [(first_x, value_before(line, first_ticks, controller))]
    for point in line[bisect_left(line, first_ticks, key=_onset) :]:
        x = x_at(start_ticks + point.onset_ticks)
        if x > last_x:
            break
        if len(steps) > 1 and int(x) == int(steps[-1][0]):
            steps[-1] = (steps[-1][0], point.value)
        else:
            steps.append((x, point.value))
    return steps


def _draw_rest(painter: QPainter, lane: ValueLane, part: DrawnPart, y: float) -> None:
    painter.setPen(QPen(QColor(lane.theme.line), 1))
    x, end_x = lane.axis.x_at(part.raw_start_ticks), lane.axis.x_at(end_ticks_of(part))
    painter.drawLine(QPointF(x, round(y)), QPointF(end_x, round(y)))


def _draw_points(
    painter: QPainter, lane: ValueLane, colour: str, steps: Sequence[tuple[float, int]]
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    last_x = -_LEAST_POINT_GAP_PX
    for x, value in steps:
        if x - last_x >= _LEAST_POINT_GAP_PX:
            painter.drawEllipse(QPointF(x, lane.y_at(value)), POINT_PX, POINT_PX)
        last_x = x
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _onset(point: ControlPoint) -> int:
    return point.onset_ticks
