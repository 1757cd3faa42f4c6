"""A wheel, pedal or other controller under the notes, drawn with the mouse or moved with keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu

from musicassist.app.arrangement import Arrangement
from musicassist.app.control_editor import ControlEditor
from musicassist.app.drawn_notes import PRIMER, DrawnPart
from musicassist.music.clip import PEDAL_DOWN
from musicassist.music.control_edits import (
    SWITCHES,
    Stroke,
    controller_name,
    highest_value,
    points_of,
    value_at_rest,
    value_before,
    value_in_words,
    with_drawn,
    with_point,
    without_points,
)
from musicassist.music.note import ControlPoint
from musicassist.music.quantize import GRIDS
from musicassist.music.session import Session
from musicassist.ui.controller_painting import POINT_PX, draw_blocks, draw_wheel, end_ticks_of
from musicassist.ui.controls import Button
from musicassist.ui.hints import describe_one_of
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import Theme
from musicassist.ui.time_axis import TimeAxis
from musicassist.ui.value_lane import CORNER_PX, ValueLane

HEIGHT_PX: Final = 64
_CLICK_PX: Final = 3.0  # a hand that clicks moves this far
_ERASER_PX: Final = 4.0
_N_KEY_STEPS: Final = 127  # key presses from the lowest value to the highest
_ERASING: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


@dataclass(slots=True)
class _Drag:
    """What is being drawn or erased.

    Attributes:
        part: Where.
        press: Where the mouse was pressed.
        is_erasing: Whether points are taken away.
        switched_to: What a switch is drawn to; None for wheels.
        places: Ticks from the start of the part and values, as the mouse passed them.
        has_moved: Whether it is more than a click.
    """

    part: DrawnPart
    press: QPointF
    is_erasing: bool
    switched_to: int | None
    places: list[tuple[float, float]] = field(default_factory=list)
    has_moved: bool = False


class ControllerLane(ValueLane):
    """Shows how a controller moves in phrase and solo, and lets it be drawn.

    Args:
        axis: The scale it shares with the other lanes.
        controller: Its number, `PITCH_BEND` or `CHANNEL_PRESSURE`.
        editor: Takes what is drawn.
    """

    def __init__(self, axis: TimeAxis, controller: int, editor: ControlEditor) -> None:
        super().__init__(axis, controller_name(controller), HEIGHT_PX)
        self.controller = controller
        self._editor = editor
        self._parts: tuple[DrawnPart, ...] = ()
        self._lines: dict[str, tuple[ControlPoint, ...]] = {}
        self._drag: _Drag | None = None
        self._chosen: tuple[str, int] | None = None  # a part and the ticks of one of its points
        which = self.title.lower().replace(" ", "-")
        describe_one_of(self, "controller_lane", which, self.title)
        self.close_button = Button(role="bare", icon_name="close")
        self.close_button.setParent(self)
        hold_size(self.close_button, width_px=CORNER_PX, height_px=CORNER_PX)
        describe_one_of(self.close_button, "close_lane_button", which, self.title)

    @property
    def highest(self) -> int:
        """The highest value there is."""
        return highest_value(self.controller)

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session."""
        super().show_session(session, arrangement)
        before = {part.name: part.raw for part in self._parts}
        self._parts = self._editor.parts
        self._lines = {
            part.name: self._lines[part.name]
            if before.get(part.name) is part.raw
            else points_of(part.raw, self.controller)
            for part in self._parts
        }
        if self._chosen is not None and self._chosen not in self._places():
            self._chosen = None
        self._describe_chosen()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        super().show_theme(theme)
        self.close_button.show_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in the corner of the gutter."""
        super().resizeEvent(event)
        button = self.close_button.rect()
        button.moveBottomRight(QPoint(self.axis.gutter_px - 3, self.height() - 1))
        self.close_button.move(button.topLeft())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw, or with Alt to erase."""
        if self.take_edge(event):
            return
        place = event.position()
        part = self._part_at(self.axis.ticks_at(place.x()))
        if (
            event.button() != Qt.MouseButton.LeftButton
            or place.x() < self.axis.gutter_px
            or part is None
        ):
            return
        is_erasing = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        switched_to = None
        if self.controller in SWITCHES:
            ticks = self.axis.ticks_at(place.x()) - part.raw_start_ticks
            line = self._lines[part.name]
            is_on = value_before(line, ticks + 1, self.controller) >= PEDAL_DOWN
            switched_to = 0 if is_on else self.highest
        self._drag = _Drag(part, place, is_erasing, switched_to)
        self._draw_to(self._drag, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, or show what can be done here."""
        if self.drag_edge(event):
            return
        if self._drag is not None:
            self._draw_to(self._drag, event)
            return
        shape = Qt.CursorShape.CrossCursor
        if self.is_at_edge(event):
            shape = Qt.CursorShape.SizeVerCursor
        elif event.position().x() < self.axis.gutter_px:
            shape = Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Make a step of what was drawn."""
        if (
            self.let_go_of_edge()
            or self._drag is None
            or event.button() != (Qt.MouseButton.LeftButton)
        ):
            return
        drag, self._drag = self._drag, None
        self.show_bubble(0, 0, "")
        if drag.is_erasing:
            self._editor.erase(drag.part.name, self.controller, *self._erased(drag))
        elif drag.has_moved or drag.switched_to is not None:
            self._editor.draw(drag.part.name, self.controller, self._stroke(drag))
        else:
            ticks, value = drag.places[-1]
            self._editor.set_point(drag.part.name, self.controller, round(max(0, ticks)), value)
            self._choose((drag.part.name, round(max(0, ticks))))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to clear or hide the lane."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return what can be done with the whole lane."""
        menu = QMenu(self)
        menu.setObjectName("lane_menu")
        menu.setAccessibleName(self.title)
        clear = menu.addAction("Clear this lane", lambda: self._editor.clear(self.controller))
        clear.setEnabled(any(self._lines.values()))
        if not clear.isEnabled():
            clear.setText("Clear this lane (nothing is moved)")
        menu.addAction("Hide this lane", self.close_button.click)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose points and move them; Enter sets one at the playhead, Delete takes it away."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose_neighbour(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            n_steps = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._move_chosen(n_steps if key == Qt.Key.Key_Up else -n_steps)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._add_at_playhead()
        elif key in _ERASING and self._chosen is not None:
            name, ticks = self._chosen
            self._editor.erase(name, self.controller, ticks, ticks + 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line of each part, as far as it is seen."""
        painter = QPainter(self)
        seen = event.rect()
        self.draw_ground(painter, seen)
        self.clip_to_lane(painter)
        for part in self._parts:
            if end_ticks_of(part) < self.axis.ticks_at(seen.left()) or (
                part.raw_start_ticks > self.axis.ticks_at(seen.right())
            ):
                continue
            line, colour = self._shown_line(part), self._colour_of(part)
            if self.controller in SWITCHES:
                draw_blocks(painter, self, part, line, colour)
            else:
                draw_wheel(painter, self, seen, part, self.controller, line, colour)
        self._draw_chosen(painter)
        self.draw_over(painter)

    def _draw_to(self, drag: _Drag, event: QMouseEvent) -> None:
        """Take the place under the mouse into what is drawn, and show it."""
        x, y = event.position().x(), event.position().y()
        ticks = self.axis.ticks_at(x) - drag.part.raw_start_ticks
        off = event.position() - drag.press
        drag.has_moved = drag.has_moved or abs(off.x()) + abs(off.y()) > _CLICK_PX
        value = self.value_at(y)
        if self.controller not in SWITCHES and abs(y - self.y_at(self._rest)) < _CLICK_PX:
            value = self._rest  # a bend comes back to its centre easily
        if drag.switched_to is not None:
            value = drag.switched_to
        is_straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if (is_straight or drag.switched_to is not None) and drag.places:
            del drag.places[1:]
        drag.places.append((ticks, value))
        words = "" if drag.is_erasing else f"{self.title} {self._words(round(value))}"
        self.show_bubble(x, y, words)

    @property
    def _rest(self) -> int:
        return value_at_rest(self.controller)

    def _words(self, value: int) -> str:
        return value_in_words(self.controller, value)

    def _stroke(self, drag: _Drag) -> Stroke:
        if drag.switched_to is None:
            return Stroke(drag.places)
        return Stroke(drag.places, GRIDS[self.session.timing.grid_name].step_ticks)

    def _erased(self, drag: _Drag) -> tuple[float, float]:
        """Return the stretch passed by the eraser, as ticks of the part."""
        reach = self.axis.ticks_at(_ERASER_PX) - self.axis.ticks_at(0)
        passed = [ticks for ticks, _ in drag.places]
        return min(passed) - reach, max(passed) + reach

    def _shown_line(self, part: DrawnPart) -> Sequence[ControlPoint]:
        drag = self._drag
        if drag is None or drag.part.name != part.name:
            return self._lines[part.name]
        if drag.is_erasing:
            clip = without_points(part.raw, self.controller, *self._erased(drag))
        elif drag.has_moved or drag.switched_to is not None:
            clip = with_drawn(part.raw, self.controller, self._stroke(drag))
        else:
            ticks, value = drag.places[-1]
            clip = with_point(part.raw, self.controller, round(max(0, ticks)), value)
        return points_of(clip, self.controller)

    def _part_at(self, ticks: float) -> DrawnPart | None:
        under = [part for part in self._parts if part.raw_start_ticks <= ticks < end_ticks_of(part)]
        return under[-1] if under else None  # a solo's pickup lies over the phrase

    def _places(self) -> list[tuple[str, int]]:
        """Return all points in the order they are heard, each as its part and its ticks."""
        placed = sorted(
            (part.raw_start_ticks + point.onset_ticks, part.name, point.onset_ticks)
            for part in self._parts
            for point in self._lines[part.name]
        )
        return list(dict.fromkeys((name, ticks) for _, name, ticks in placed))

    def _choose(self, place: tuple[str, int] | None) -> None:
        self._chosen = place if place in self._places() else None
        self._describe_chosen()
        self.update()

    def _choose_neighbour(self, step: int) -> None:
        places = self._places()
        if not places:
            self._describe_chosen()
            return
        if self._chosen in places:
            index = min(max(places.index(self._chosen) + step, 0), len(places) - 1)
        else:
            index = 0 if step > 0 else len(places) - 1
        self._choose(places[index])
        part = self._part_named(places[index][0])
        if part is not None:
            self.axis.keep_seen(max(0, part.raw_start_ticks + places[index][1]))

    def _move_chosen(self, n_steps: int) -> None:
        if self._chosen is None:
            self._choose_neighbour(1)
            return
        name, ticks = self._chosen
        before = value_before(self._lines[name], ticks + 1, self.controller)
        value: float = before + n_steps * max(1, round((self.highest + 1) / (_N_KEY_STEPS + 1)))
        if self.controller in SWITCHES:
            value = self.highest if n_steps > 0 else 0
        self._editor.set_point(name, self.controller, ticks, value)

    def _add_at_playhead(self) -> None:
        part = self._part_at(self.playhead_ticks)
        if part is None:
            return
        ticks = int(self.playhead_ticks) - part.raw_start_ticks
        value = value_before(self._lines[part.name], ticks + 1, self.controller)
        if self.controller in SWITCHES:
            value = 0 if value >= PEDAL_DOWN else self.highest
        self._editor.set_point(part.name, self.controller, ticks, value)
        self._choose((part.name, ticks))

    def _part_named(self, name: str) -> DrawnPart | None:
        return next((part for part in self._parts if part.name == name), None)

    def _describe_chosen(self) -> None:
        n_points = sum(map(len, self._lines.values()))
        words = f"{n_points} points. Right chooses one, Enter sets one at the playhead."
        part = self._part_named(self._chosen[0]) if self._chosen is not None else None
        if self._chosen is not None and part is not None:
            ticks = self._chosen[1]
            value = value_before(self._lines[part.name], ticks + 1, self.controller)
            at = self.session.timebase.position_at(max(0, part.raw_start_ticks + ticks))
            whose = "your phrase" if part.name == PRIMER else "the solo"
            words = f"{self.title} {self._words(value)} at bar {at.bar}, count {at.count}, {whose}"
        self.setAccessibleDescription(words)

    def _colour_of(self, part: DrawnPart) -> str:
        return self.theme.person if part.name == PRIMER else self.theme.machine

    def _draw_chosen(self, painter: QPainter) -> None:
        part = self._part_named(self._chosen[0]) if self._chosen is not None else None
        if self._chosen is None or part is None or not self.hasFocus():
            return
        value = value_before(self._lines[part.name], self._chosen[1] + 1, self.controller)
        at = QPointF(self.axis.x_at(part.raw_start_ticks + self._chosen[1]), self.y_at(value))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.setBrush(QColor(self._colour_of(part)))
        painter.drawEllipse(at, POINT_PX + 1.5, POINT_PX + 1.5)
