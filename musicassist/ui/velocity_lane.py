"""How hard every note is struck: a stem under it, whose head is dragged or drawn over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from musicassist.app.drawn_notes import PRIMER, DrawnNote, DrawnPart, NoteRef
from musicassist.app.note_editor import NoteEditor
from musicassist.music.keys import pitch_name
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.hints import describe
from musicassist.ui.time_axis import TimeAxis
from musicassist.ui.value_lane import ValueLane

HEIGHT_PX: Final = 72
HIGHEST: Final = 127
_REACH_PX: Final = 5.0  # how near a head or stem is taken
_CLICK_PX: Final = 3.0  # a hand that clicks moves this far
_HEAD_PX: Final = 6.0
_STEM_PX: Final = 2.0
_LEAST_HEAD_GAP_PX: Final = 3.0  # notes closer than this, one with another, get no heads


@dataclass(slots=True)
class _Drag:
    """A movement of the mouse that is not yet a step.

    Attributes:
        press: Where the mouse was pressed.
        held: The note that is moved; None while a line is drawn.
        before: Velocities of the notes that move with it.
        after: Velocities as they would become.
        last: Where a line has come to.
        has_moved: Whether it is more than a click.
    """

    press: QPointF
    held: DrawnNote | None
    before: Mapping[NoteRef, int]
    after: dict[NoteRef, int] = field(default_factory=dict)
    last: QPointF = field(default_factory=QPointF)
    has_moved: bool = False


class VelocityLane(ValueLane):
    """Shows velocities of phrase and solo, and lets them be moved.

    Args:
        axis: The scale it shares with the other lanes.
    """

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__(axis, "Velocity", HEIGHT_PX)
        self._editor: NoteEditor | None = None
        self._drag: _Drag | None = None
        self._n_presses = 0
        describe(self, "velocity_lane")

    def edit_with(self, editor: NoteEditor) -> None:
        """Show and change the notes of an editor; before there are none."""
        self._editor = editor
        editor.selection_changed.connect(self._on_editor_selection_changed)
        editor.changed.connect(self._on_editor_selection_changed)
        self._on_editor_selection_changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a head, or begin to draw a line over the notes."""
        place = event.position()
        is_ours = event.button() == Qt.MouseButton.LeftButton and place.x() >= self.axis.gutter_px
        if self.take_edge(event) or self._editor is None or not is_ours:
            return
        drawing = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
        held = None if event.modifiers() & drawing else self.head_at(place)
        before: dict[NoteRef, int] = {}
        if held is not None:
            if held.ref not in self._editor.selection:
                self._editor.select({held.ref})
            before = {each.ref: each.note.velocity for each in self._editor.selected_notes()}
        self._drag = _Drag(place, held, before, last=place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the head or draw on, or show what can be done here."""
        if self.drag_edge(event):
            return
        if self._drag is None:
            self._show_cursor(event)
            return
        drag, place = self._drag, event.position()
        off = place - drag.press
        drag.has_moved = drag.has_moved or abs(off.x()) + abs(off.y()) > _CLICK_PX
        if not drag.has_moved:
            return
        if drag.held is None:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                drag.after.clear()
                drag.last = drag.press
            self._draw_line(drag, place)
            velocity = _kept(self.value_at(place.y()))
        else:
            velocity = self._move_heads(drag, drag.held, place)
        drag.last = place
        self.show_bubble(place.x(), place.y(), f"velocity {velocity}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Make one step of the movement."""
        if self.let_go_of_edge() or self._drag is None or self._editor is None:
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        drag, self._drag = self._drag, None
        self.show_bubble(0, 0, "")
        if drag.after:
            self._editor.set_velocities(drag.after)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a note with left and right; up and down change the chosen ones, Shift by ten."""
        key, editor = Qt.Key(event.key()), self._editor
        if editor is None or key not in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        ):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose_neighbour(editor, 1 if key == Qt.Key.Key_Right else -1)
        else:
            if not event.isAutoRepeat():
                self._n_presses += 1
            step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            editor.repeat(f"velocity {self._n_presses}")
            editor.nudge_velocity(step if key == Qt.Key.Key_Up else -step)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End the step of a key that was held down."""
        if self._editor is not None and not event.isAutoRepeat():
            self._editor.repeat("")
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End the step of a key that was held down."""
        if self._editor is not None:
            self._editor.repeat("")
        super().focusOutEvent(event)

    def head_at(self, place: QPointF) -> DrawnNote | None:
        """Return the note whose head or stem is there: a chosen one first, else the nearest."""
        if self._editor is None:
            return None
        near = [
            each
            for each in self._notes_between(place.x() - _REACH_PX, place.x() + _REACH_PX)
            if place.y() >= self.y_at(each.note.velocity) - _REACH_PX - 1
        ]
        chosen = self._editor.selection

        def distance(drawn: DrawnNote) -> tuple[bool, float, float]:
            x = self.axis.x_at(drawn.onset_ticks)
            y = self.y_at(drawn.note.velocity)
            return drawn.ref not in chosen, abs(place.y() - y), abs(place.x() - x)

        return min(near, key=distance, default=None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stems that are seen."""
        painter = QPainter(self)
        seen = event.rect()
        self.draw_ground(painter, seen)
        self.clip_to_lane(painter)
        if self._editor is not None:
            first_ticks = self.axis.ticks_at(seen.left() - _HEAD_PX)
            last_ticks = self.axis.ticks_at(seen.right() + _HEAD_PX)
            for part in self._editor.parts:
                self._draw_part(painter, part, first_ticks, last_ticks)
        self.draw_over(painter)

    def _draw_part(
        self, painter: QPainter, part: DrawnPart, first_ticks: float, last_ticks: float
    ) -> None:
        """Draw stems, and heads where there is room for them; the chosen ones over the others."""
        assert self._editor is not None
        places = part.places_between(first_ticks, last_ticks)
        chosen = self._editor.selected_in(part.name)
        after = self._drag.after if self._drag is not None else {}
        notes, indices, floor = part.clip.notes, part.indices, self.y_at(0)
        ys = [self.y_at(velocity) for velocity in range(HIGHEST + 1)]
        px_per_tick = self.axis.px_per_beat / TICKS_PER_BEAT
        start_x = self.axis.x_at(part.start_ticks) + 1
        plain: list[QLineF] = []
        lit: list[QLineF] = []
        for place in places:
            note, index = notes[place], indices[place]
            velocity = note.velocity
            if after:
                velocity = after.get(NoteRef(part.name, index), velocity)
            x = start_x + note.onset_ticks * px_per_tick
            (lit if index in chosen else plain).append(QLineF(x, ys[velocity], x, floor))
        colour = self.theme.person if part.name == PRIMER else self.theme.machine
        has_heads = len(places) * _LEAST_HEAD_GAP_PX < (last_ticks - first_ticks) * px_per_tick
        _draw_stems(painter, plain, colour, colour if has_heads else "")
        _draw_stems(painter, lit, colour, self.theme.text)

    def _notes_between(self, first_x: float, last_x: float) -> Sequence[DrawnNote]:
        """Return the notes that start between two places of the lane."""
        first_ticks, last_ticks = self.axis.ticks_at(first_x), self.axis.ticks_at(last_x)
        return [
            part.drawn(place)
            for part in (self._editor.parts if self._editor is not None else ())
            for place in part.places_between(first_ticks, last_ticks)
        ]

    def _move_heads(self, drag: _Drag, held: DrawnNote, place: QPointF) -> int:
        """Move the chosen notes by as much as the one that is held; return its velocity."""
        d_velocity = round(self.value_at(place.y()) - self.value_at(drag.press.y()))
        drag.after = {ref: _kept(before + d_velocity) for ref, before in drag.before.items()}
        return drag.after.get(held.ref, held.note.velocity)

    def _draw_line(self, drag: _Drag, place: QPointF) -> None:
        """Give the notes between the last place and this one the velocities of the line."""
        assert self._editor is not None
        first, last = sorted((drag.last, place), key=QPointF.x)
        passed = self._notes_between(first.x() - 1, last.x() + 1)
        selection = self._editor.selection
        if any(each.ref in selection for each in passed):
            passed = [each for each in passed if each.ref in selection]
        width = max(1.0, last.x() - first.x())
        for each in passed:
            share = (self.axis.x_at(each.onset_ticks) - first.x()) / width
            y = first.y() + (last.y() - first.y()) * min(max(share, 0.0), 1.0)
            drag.after[each.ref] = _kept(self.value_at(y))

    def _show_cursor(self, event: QMouseEvent) -> None:
        shape = Qt.CursorShape.CrossCursor
        if self.is_at_edge(event):
            shape = Qt.CursorShape.SizeVerCursor
        elif event.position().x() < self.axis.gutter_px:
            shape = Qt.CursorShape.ArrowCursor
        elif self.head_at(event.position()) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def _choose_neighbour(self, editor: NoteEditor, step: int) -> None:
        notes = sorted(
            editor.drawn_notes(), key=lambda each: (each.onset_ticks, each.note.pitch, each.ref)
        )
        if not notes:
            return
        places = [place for place, each in enumerate(notes) if each.ref in editor.selection]
        if places:
            place = min(max((places[-1] if step > 0 else places[0]) + step, 0), len(notes) - 1)
        else:
            place = 0 if step > 0 else len(notes) - 1
        editor.select({notes[place].ref})
        self.axis.keep_seen(notes[place].onset_ticks)

    def _on_editor_selection_changed(self) -> None:
        assert self._editor is not None
        self.setAccessibleDescription(self._in_words(self._editor))
        self.update()

    def _in_words(self, editor: NoteEditor) -> str:
        n_chosen = editor.n_selected
        if not n_chosen:
            return "No note is chosen. Left and right choose one."
        if n_chosen > 1:
            return f"{n_chosen} notes are chosen. Up and down change how hard they are struck."
        drawn = editor.selected_notes()
        if not drawn:
            return "The chosen note is not drawn."
        (note,) = drawn
        at = self.session.timebase.position_at(note.onset_ticks)
        whose = "your phrase" if note.ref.part == PRIMER else "the solo"
        return (
            f"Velocity {note.note.velocity}, {pitch_name(note.note.pitch)} at bar {at.bar}, "
            f"count {at.count}, {whose}"
        )


def _draw_stems(painter: QPainter, stems: Sequence[QLineF], colour: str, head: str) -> None:
    """Draw stems in a colour, with heads in another, or without if that is empty."""
    if not stems:
        return
    painter.setPen(QPen(QColor(colour), _STEM_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLines(stems)
    if head:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        round_pen = QPen(QColor(head), _HEAD_PX)
        round_pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(round_pen)
        painter.drawPoints([stem.p1() for stem in stems])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _kept(velocity: float) -> int:
    return min(max(round(velocity), 1), HIGHEST)
