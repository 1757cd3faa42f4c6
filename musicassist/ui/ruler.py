"""Bar numbers over the time line, where playing starts, and the brace of the loop."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication

from musicassist.engine.protocol import LoopRange
from musicassist.ui.bar_sweep import BarSweep, draw_sweep, sweep_around
from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import SMALL_PX, font, scaled
from musicassist.ui.time_axis import TimeAxis

HEIGHT_PX: Final = 36
BRACE_PX: Final = 12
_HANDLE_PX: Final = 6.0
_LEAST_PX_PER_NUMBER: Final = 28


@dataclass(frozen=True, slots=True)
class _Drag:
    """A hold on the brace: which part of it, and where it was taken.

    Attributes:
        part: "start", "end" or "all" of it, or "new".
        held_ticks: Where the pointer was.
        loop: The brace then.
    """

    part: str
    held_ticks: float
    loop: LoopRange


class Ruler(Lane):
    """Shows bars and loop; blue under what was played, orange under what the machine made.

    `place_chosen(ticks)` comes with a click; `loop_chosen` with a `LoopRange` when the brace is
    moved, or None when everything shall be looped; `bars_swept` with a `BarSweep` while bars are
    swept below the brace, and `sweep_ended` when the button is let go.
    """

    place_chosen = Signal(int)
    bars_swept = Signal(object)
    sweep_ended = Signal()
    loop_chosen = Signal(object)

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__(axis)
        hold_size(self, height_px=HEIGHT_PX)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._loop: LoopRange | None = None
        self._is_looping = False
        self._drag: _Drag | None = None
        self._pressed_x: float | None = None  # below the brace
        self._is_sweeping = False
        self._sweep: BarSweep | None = None
        describe(self, "ruler")

    def show_loop(self, loop: LoopRange | None, *, is_looping: bool) -> None:
        """Show what is looped, or would be."""
        is_other = (loop, is_looping) != (self._loop, self._is_looping)
        self._loop, self._is_looping = loop, is_looping
        if loop is not None:
            timebase = self.session.timebase
            first = timebase.bar_at(loop.start_ticks) + 1
            last = timebase.bar_at(loop.end_ticks - 1) + 1
            switched = "on" if is_looping else "off"
            self.setAccessibleDescription(f"Loop {switched}: bars {first} to {last}")
        if is_other:
            self.update()

    def show_sweep(self, sweep: BarSweep | None) -> None:
        """Mark swept bars."""
        self._sweep = sweep
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the brace, or begin to sweep bars."""
        x = event.position().x()
        if x < self.axis.gutter_px or event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().y() < BRACE_PX:
            here = max(0.0, self.axis.ticks_at(x))
            start = round(here)
            self._drag = _Drag(self._part_at(x), here, self._loop or LoopRange(start, start + 1))
            return
        self._pressed_x = x

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the brace, sweep bars, or show what can be taken hold of."""
        x = event.position().x()
        if self._drag is not None:
            to_count = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._drag_to(self._drag, max(0.0, self.axis.ticks_at(x)), to_count=to_count)
            return
        if self._pressed_x is not None:
            self._sweep_to(self._pressed_x, x)
            return
        shape = Qt.CursorShape.ArrowCursor
        if x >= self.axis.gutter_px and event.position().y() < BRACE_PX:
            shape = {
                "all": Qt.CursorShape.OpenHandCursor,
                "new": Qt.CursorShape.CrossCursor,
            }.get(self._part_at(x), Qt.CursorShape.SizeHorCursor)
        self.setCursor(shape)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go of the brace, end a sweep, or choose the nearest beat to start at."""
        x, self._pressed_x = self._pressed_x, None
        self._drag = None
        if self._is_sweeping:
            self._is_sweeping = False
            self.sweep_ended.emit()
        elif x is not None:
            nearest = self._snapped(self.axis.ticks_at(x), to_count=True)
            if nearest < self.arrangement.length_ticks:
                self.place_chosen.emit(nearest)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything; in the upper edge loop everything."""
        if event.position().y() < BRACE_PX:
            self.loop_chosen.emit(None)
        else:
            self.axis.show_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the brace by a bar, with Shift its end; Delete loops everything, Enter sweeps it."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.loop_chosen.emit(None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._loop is not None:
            end_ticks = self._loop.end_ticks - 1
            self.bars_swept.emit(
                sweep_around(self.session.timebase, self._loop.start_ticks, end_ticks)
            )
            self.sweep_ended.emit()
        elif event.key() in steps and self._loop is not None:
            step_ticks = steps[Qt.Key(event.key())] * self._bar_ticks
            is_end = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._choose(
                self._loop.start_ticks + (0 if is_end else step_ticks),
                self._loop.end_ticks + step_ticks,
            )
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw numbers, parts and brace."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self.theme.panel))
        painter.save()
        self.clip_to_lane(painter)
        if self._sweep is not None:
            span = self._sweep.span_of(self.session.timebase)
            draw_sweep(painter, self.axis, span, self.height(), self.theme)
        self._draw_numbers(painter)
        self._draw_parts(painter)
        self._draw_brace(painter)
        self.draw_playhead(painter)
        painter.restore()
        if self.shows_focus:
            painter.setPen(QPen(QColor(self.theme.person), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @property
    def _bar_ticks(self) -> int:
        return self.session.timebase.meters[0].bar_ticks

    def _part_at(self, x: float) -> str:
        """Return what of the brace is under the pointer."""
        if self._loop is None:
            return "new"
        start_x, end_x = (
            self.axis.x_at(self._loop.start_ticks),
            self.axis.x_at(self._loop.end_ticks),
        )
        if abs(x - end_x) <= _HANDLE_PX:
            return "end"
        if abs(x - start_x) <= _HANDLE_PX:
            return "start"
        return "all" if start_x < x < end_x else "new"

    def _sweep_to(self, pressed_x: float, x: float) -> None:
        if not self._is_sweeping and abs(x - pressed_x) < QApplication.startDragDistance():
            return
        self._is_sweeping = True
        last_ticks = self.axis.length_ticks - 1
        places = (min(self.axis.ticks_at(each), last_ticks) for each in (pressed_x, x))
        self.bars_swept.emit(sweep_around(self.session.timebase, *places))

    def _snapped(self, ticks: float, *, to_count: bool) -> int:
        meter = self.session.timebase.meter_at(max(0.0, ticks))
        step_ticks = meter.bar_ticks // meter.numerator if to_count else meter.bar_ticks
        return max(0, round(ticks / step_ticks) * step_ticks)

    def _drag_to(self, drag: _Drag, ticks: float, *, to_count: bool) -> None:
        start_ticks, end_ticks = drag.loop.start_ticks, drag.loop.end_ticks
        if drag.part == "all":
            moved = start_ticks + ticks - drag.held_ticks
            start_ticks = self._snapped(moved, to_count=to_count)
            end_ticks = start_ticks + drag.loop.end_ticks - drag.loop.start_ticks
        elif drag.part == "start":
            start_ticks = self._snapped(ticks, to_count=to_count)
        elif drag.part == "end":
            end_ticks = self._snapped(ticks, to_count=to_count)
        else:
            places = (
                self._snapped(drag.held_ticks, to_count=to_count),
                self._snapped(ticks, to_count=to_count),
            )
            start_ticks, end_ticks = min(places), max(places)
        self._choose(start_ticks, end_ticks)

    def _choose(self, start_ticks: int, end_ticks: int) -> None:
        if 0 <= start_ticks < end_ticks <= self.axis.length_ticks:
            self.loop_chosen.emit(LoopRange(start_ticks, end_ticks))

    def _draw_numbers(self, painter: QPainter) -> None:
        painter.setFont(font(SMALL_PX))
        painter.setPen(QColor(self.theme.secondary))
        width = self.axis.px_per_beat * self._bar_ticks / 480
        every = 1
        while width * every < scaled(_LEAST_PX_PER_NUMBER):
            every *= 2
        for bar, start_ticks in self.bar_lines(self.rect()):
            if bar % every or start_ticks >= self.axis.length_ticks:
                continue
            into = QRectF(
                self.axis.x_at(start_ticks) + 6, BRACE_PX, scaled(60), self.height() - BRACE_PX - 4
            )
            painter.drawText(into, Qt.AlignmentFlag.AlignVCenter, str(bar + 1))

    def _draw_parts(self, painter: QPainter) -> None:
        arrangement, theme = self.arrangement, self.theme
        middle_ticks = arrangement.solo_start_ticks
        for clip, start_ticks, end_ticks, colour in (
            (arrangement.primer, 0, middle_ticks, theme.person),
            (arrangement.solo, middle_ticks, arrangement.length_ticks, theme.machine),
        ):
            if clip is not None:
                x = self.axis.x_at(start_ticks)
                width = self.axis.x_at(end_ticks) - x - 2
                painter.fillRect(QRectF(x + 1, self.height() - 4, width, 3), QColor(colour))

    def _draw_brace(self, painter: QPainter) -> None:
        if self._loop is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.working if self._is_looping else self.theme.line))
        x = self.axis.x_at(self._loop.start_ticks)
        end_x = self.axis.x_at(self._loop.end_ticks)
        painter.drawRoundedRect(QRectF(x + 1, 4, end_x - x - 2, 4), 2, 2)
        for edge_x in (x + 1, end_x - 4):
            painter.drawRoundedRect(QRectF(edge_x, 2, 3, BRACE_PX - 4), 1.5, 1.5)
        painter.restore()
