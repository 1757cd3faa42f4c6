"""The cells of the chord track: which there are, and how each is drawn."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from musicassist.music.chords import Progression
from musicassist.music.progressions import cells_of
from musicassist.music.timebase import Timebase
from musicassist.ui import icons
from musicassist.ui.chord_words import shortened_chord, shown_chord
from musicassist.ui.theme import NORMAL_PX, RADIUS_PX, SMALL_PX, TINY_PX, Theme, font, scaled
from musicassist.ui.time_axis import TimeAxis

Kind = Literal["typed", "repeat", "heard", "empty"]

CHEVRON_PX: Final = 20
_LEAST_PX_PER_BEAT: Final = 28  # from here on beats are marked
_PAD_PX: Final = 8
_TIGHT_PX: Final = 3
_BEAT_MARK_PX: Final = 3
_LEAST_PAD_PX: Final = 1
_NAME_FITS: Final = (  # size of the text, room before and behind it
    (NORMAL_PX, _PAD_PX, _TIGHT_PX),
    (SMALL_PX, _TIGHT_PX, _TIGHT_PX),
    (TINY_PX, _TIGHT_PX, _TIGHT_PX),
    (TINY_PX, _LEAST_PAD_PX, _LEAST_PAD_PX),
)
_CONDENSED: Final = QFont.Stretch.Condensed


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A chord, or a bar without one, as it is drawn.

    Attributes:
        start_ticks: Where it begins.
        end_ticks: Where it ends.
        text: The chord as it is written; empty for none.
        kind: "typed", "repeat" for what only goes round again, "heard" for what the soloist found
            by itself, "empty" for a bar to be filled.
    """

    start_ticks: int
    end_ticks: int
    text: str
    kind: Kind


def shown_cells(
    typed: Progression | None, heard: Progression | None, timebase: Timebase, whole_ticks: int
) -> tuple[ShownCell, ...]:
    """Return the cells of a track from its start to its end, without a gap.

    Args:
        typed: The session's chords.
        heard: Those the soloist hears, where none are typed.
        timebase: Where bars lie.
        whole_ticks: The end; what is typed is repeated until there.
    """
    cells: list[ShownCell] = []
    progression = typed if typed is not None and typed.length_ticks else heard
    if progression is not None and progression.length_ticks:
        is_typed = progression is typed
        end_ticks = max(whole_ticks if is_typed else 0, progression.length_ticks)
        for cell in cells_of(progression.looped_to(end_ticks)):
            is_first_round = cell.start_ticks < progression.length_ticks
            kind: Kind = ("typed" if is_first_round else "repeat") if is_typed else "heard"
            cells.append(ShownCell(cell.start_ticks, cell.end_ticks, cell.chord.text, kind))
        if cells and cells[0].start_ticks > 0:
            cells.insert(0, ShownCell(0, cells[0].start_ticks, "", "empty"))
    start_ticks = cells[-1].end_ticks if cells else 0
    while start_ticks < whole_ticks:
        end_ticks = timebase.bar_start_ticks(timebase.bar_at(start_ticks) + 1)
        cells.append(ShownCell(start_ticks, end_ticks, "", "empty"))
        start_ticks = end_ticks
    return tuple(cells)


def cells_between(
    cells: tuple[ShownCell, ...], first_ticks: float, last_ticks: float
) -> tuple[ShownCell, ...]:
    """Return the cells that lie in a range, found without looking at the others."""
    first = bisect_left(cells, first_ticks, key=_end)
    return cells[first : bisect_right(cells, last_ticks, lo=first, key=_start)]


class CellPainter:
    """Draws cells in a theme's colours, no more of them than is seen.

    Args:
        painter: What it draws with.
        theme: The colours.
        axis: Where ticks are.
        timebase: Where bars and beats lie.
        height_px: Of the lane.
        around: What has to be drawn.
    """

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        axis: TimeAxis,
        timebase: Timebase,
        height_px: int,
        around: QRect,
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._axis = axis
        self._timebase = timebase
        self._height_px = height_px
        self._first_ticks = axis.ticks_at(max(around.left(), axis.gutter_px) - 1)
        self._last_ticks = axis.ticks_at(around.right() + 1)

    def rect(self, start_ticks: float, end_ticks: float) -> QRectF:
        """Return where a range is drawn."""
        x = self._axis.x_at(start_ticks)
        return QRectF(x + 2.5, 4.5, self._axis.x_at(end_ticks) - x - 4, self._height_px - 10)

    def draw_all(
        self, cells: tuple[ShownCell, ...], chosen: tuple[int, int] | None, playhead_ticks: float
    ) -> None:
        """Draw the cells that are seen, then the parts of them that are chosen.

        Args:
            cells: All there are.
            chosen: The range chosen.
            playhead_ticks: Where the playhead is.
        """
        seen = cells_between(cells, self._first_ticks, self._last_ticks)
        first_ticks, end_ticks = chosen or (0, 0)
        for cell in seen:
            is_selected = first_ticks <= cell.start_ticks and cell.end_ticks <= end_ticks
            is_sounding = cell.start_ticks <= playhead_ticks < cell.end_ticks
            is_sounding = is_sounding and cell.kind != "empty"
            self.draw(cell, is_sounding=is_sounding, is_selected=is_selected)
        for cell in seen:
            part_ticks = max(first_ticks, cell.start_ticks), min(end_ticks, cell.end_ticks)
            if 0 < part_ticks[1] - part_ticks[0] < cell.end_ticks - cell.start_ticks:
                part = ShownCell(*part_ticks, cell.text, cell.kind)
                self.draw(part, is_sounding=False, is_selected=True)

    def draw(self, cell: ShownCell, *, is_sounding: bool, is_selected: bool) -> None:
        """Draw one cell, its name where the cell begins or begins to be seen."""
        theme, painter = self._theme, self._painter
        into = self.rect(cell.start_ticks, cell.end_ticks)
        if into.width() < 1:
            return
        is_given = cell.kind == "typed"
        border = theme.working if is_selected else theme.secondary if is_sounding else theme.line
        pen = QPen(QColor(border), 1.5 if is_selected else 1)
        if cell.kind in ("heard", "empty") and not is_selected:
            pen.setStyle(Qt.PenStyle.DashLine)
        fill = theme.raised if is_given else theme.panel
        if is_sounding:
            fill = theme.pressed
        if is_selected:
            fill = theme.on_working
        painter.setPen(pen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(into, RADIUS_PX, RADIUS_PX)
        self._draw_lines(cell)
        tint = theme.text if is_given or is_selected or is_sounding else theme.secondary
        into.setLeft(max(into.left(), float(self._axis.gutter_px)))
        self._draw_name(shown_chord(cell.text), into, tint)

    def _draw_name(self, name: str, into: QRectF, tint: str) -> None:
        """Draw a chord's name, smaller and then shortened where there is little room."""
        for size_px, pad_px, behind_px in _NAME_FITS:
            face = font(size_px, is_bold=True)
            metrics = QFontMetricsF(face)
            room_px = into.width() - pad_px - behind_px
            if metrics.horizontalAdvance(name) <= room_px:
                break
        else:
            face.setStretch(_CONDENSED)
            metrics = QFontMetricsF(face)
        shown = shortened_chord(name, lambda text: metrics.horizontalAdvance(text) <= room_px)
        self._painter.setFont(face)
        self._painter.setPen(QColor(tint))
        place = into.adjusted(pad_px, 0, 0, 0)
        self._painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)

    def draw_chevron(self, into: QRectF) -> None:
        """Draw what opens the palette, at the end of a cell."""
        size = scaled(10)
        x, y = into.right() - size - 5, into.center().y() - size / 2
        icons.draw(self._painter, "chevron", QRectF(x, y, size, size), QColor(self._theme.text))

    def _draw_lines(self, cell: ShownCell) -> None:
        """Draw the bar lines seen within a cell and, where there is room, its beats."""
        painter, theme = self._painter, self._theme
        into = self.rect(cell.start_ticks, cell.end_ticks)
        bar = self._timebase.bar_at(max(cell.start_ticks, self._first_ticks))
        last_ticks = min(cell.end_ticks, self._last_ticks)
        shows_beats = self._axis.px_per_beat >= scaled(_LEAST_PX_PER_BEAT)
        while (start_ticks := self._timebase.bar_start_ticks(bar)) < last_ticks:
            meter = self._timebase.meter_at(start_ticks)
            for count in range(meter.numerator if shows_beats else 1):
                ticks = start_ticks + meter.bar_ticks * count // meter.numerator
                if not cell.start_ticks < ticks < cell.end_ticks:
                    continue
                x = round(self._axis.x_at(ticks)) + 0.5
                painter.setPen(QPen(QColor(theme.line if not count else theme.tertiary), 1))
                top = into.top() + 1 if not count else into.bottom() - _BEAT_MARK_PX
                painter.drawLine(round(x), round(top), round(x), round(into.bottom() - 1))
            bar += 1


def _start(cell: ShownCell) -> int:
    return cell.start_ticks


def _end(cell: ShownCell) -> int:
    return cell.end_ticks
