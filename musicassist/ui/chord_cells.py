"""The cells of the chord track: which there are, and how each is drawn."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from musicassist.music.chords import Progression
from musicassist.music.progressions import cells_of
from musicassist.music.timebase import Timebase
from musicassist.ui import icons
from musicassist.ui.chord_words import shown_chord
from musicassist.ui.theme import NORMAL_PX, RADIUS_PX, SMALL_PX, TINY_PX, Theme, font, scaled
from musicassist.ui.time_axis import TimeAxis

Kind = Literal["typed", "repeat", "heard", "empty"]

CHEVRON_PX: Final = 20
_LEAST_PX_PER_BEAT: Final = 28  # from here on beats are marked
_PAD_PX: Final = 8
_TIGHT_PX: Final = 3
_BEAT_MARK_PX: Final = 3
_NAME_FITS: Final = ((NORMAL_PX, _PAD_PX), (SMALL_PX, _TIGHT_PX), (TINY_PX, _TIGHT_PX))


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


class CellPainter:
    """Draws cells in a theme's colours.

    Args:
        painter: What it draws with.
        theme: The colours.
        axis: Where ticks are.
        timebase: Where bars and beats lie.
        height_px: Of the lane.
    """

    def __init__(
        self, painter: QPainter, theme: Theme, axis: TimeAxis, timebase: Timebase, height_px: int
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._axis = axis
        self._timebase = timebase
        self._height_px = height_px

    def rect(self, start_ticks: float, end_ticks: float) -> QRectF:
        """Return where a range is drawn."""
        x = self._axis.x_at(start_ticks)
        return QRectF(x + 2.5, 4.5, self._axis.x_at(end_ticks) - x - 4, self._height_px - 10)

    def draw(self, cell: ShownCell, *, is_sounding: bool, is_selected: bool) -> None:
        """Draw one cell."""
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
        self.draw_name(cell.text, into, tint)

    def draw_name(self, text: str, into: QRectF, tint: str, room_px: float = 0) -> None:
        """Draw a chord's name, smaller and then shortened where there is little room."""
        name = shown_chord(text)
        for size_px, pad_px in _NAME_FITS:
            face = font(size_px, is_bold=True)
            metrics = QFontMetricsF(face)
            left_px = into.width() - room_px - pad_px - _TIGHT_PX
            shown = name
            if metrics.horizontalAdvance(name) <= left_px:
                break
        else:
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(0.0, left_px))
            if shown in ("…", ""):
                return
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
        """Draw the bar lines within a cell and, where there is room, its beats."""
        painter, theme = self._painter, self._theme
        into = self.rect(cell.start_ticks, cell.end_ticks)
        bar = self._timebase.bar_at(cell.start_ticks)
        shows_beats = self._axis.px_per_beat >= scaled(_LEAST_PX_PER_BEAT)
        while (start_ticks := self._timebase.bar_start_ticks(bar)) < cell.end_ticks:
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
