"""What the mouse means in the piano roll: choosing, moving, stretching, drawing."""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from musicassist.app.drawn_notes import SOLO, DrawnNote, NoteRef
from musicassist.app.note_editor import NoteEditor
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.pitch_rows import HIGHEST_PITCH, PitchRows
from musicassist.ui.snap import SnapGrid
from musicassist.ui.time_axis import TimeAxis

_DRAW: Final = "Draw a note"
_EDGE_PX: Final = 6.0  # of a note, where it is stretched
_FASTEST_PX: Final = 24.0  # scrolled at once beyond the edges
_REACH_PX: Final = 2.0  # beside a note that is still the note

Part = Literal["body", "start", "end"]
Kind = Literal["move", "start", "end", "marquee", "draw", "erase"]

_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier


class RollSurface(Protocol):
    """What the pointer works on."""

    axis: TimeAxis
    rows: PitchRows
    notes: NoteEditor

    @property
    def snap(self) -> SnapGrid:
        """The grid as it is drawn."""

    @property
    def is_drawing(self) -> bool:
        """Whether a press draws."""

    def sound(self, pitch: int, velocity: int) -> None:
        """Let a note be heard."""

    def update(self) -> None:
        """Draw everything again."""


@dataclass(slots=True)
class _Drag:
    """A press of the button, until it is let go.

    Attributes:
        kind: What it does once the pointer has moved.
        place: Where it was pressed.
        ticks: The same on the time line.
        pitch: The pitch whose row that was.
        row: The same, not rounded.
        note: The note that was pressed on; None for the ground.
        before: What was chosen before.
        is_adding: Whether Shift or Ctrl was held.
        was_chosen: Whether the note was chosen before.
        has_moved: Whether the pointer has gone far enough to mean it.
        marquee: The frame being drawn.
        heard_pitch: The pitch that was heard last.
    """

    kind: Kind
    place: QPointF
    ticks: float
    pitch: int
    row: float
    note: DrawnNote | None
    before: frozenset[NoteRef]
    is_adding: bool = False
    was_chosen: bool = False
    has_moved: bool = False
    marquee: QRectF = field(default_factory=QRectF)
    heard_pitch: int = -1


class RollPointer:
    """Turns presses and movements of the left button into intents.

    Args:
        surface: The piano roll.
    """

    def __init__(self, surface: RollSurface) -> None:
        self._surface = surface
        self._drag: _Drag | None = None
        self._at = (QPointF(), Qt.KeyboardModifier.NoModifier)  # the last movement

    @property
    def is_dragging(self) -> bool:
        """Whether the button is held."""
        return self._drag is not None

    @property
    def marquee(self) -> QRectF | None:
        """The frame around what is being chosen, or None."""
        drag = self._drag
        is_shown = drag is not None and drag.kind == "marquee" and drag.has_moved
        return drag.marquee if drag is not None and is_shown else None

    def note_at(self, place: QPointF) -> tuple[DrawnNote, Part] | None:
        """Return the note at a place and which part of it is there; the solo's before others."""
        axis, rows = self._surface.axis, self._surface.rows
        if place.x() < axis.gutter_px:
            return None
        pitch = rows.pitch_at(place.y())
        near = self._surface.notes.sounding_between(
            axis.ticks_at(place.x() - _REACH_PX - 3), axis.ticks_at(place.x() + _REACH_PX)
        )
        best: tuple[float, DrawnNote, Part] | None = None
        for drawn in near:
            if drawn.note.pitch != pitch:
                continue
            left, right = axis.x_at(drawn.onset_ticks), axis.x_at(drawn.end_ticks)
            right = max(right, left + 3)
            outside_px = max(left - place.x(), place.x() - right, 0.0)
            if outside_px > _REACH_PX:
                continue
            rank = outside_px - (0.5 if drawn.ref.part == SOLO else 0.0)
            if best is None or rank <= best[0]:
                best = (rank, drawn, _part_at(place.x(), left, right))
        return (best[1], best[2]) if best is not None else None

    def cursor_at(self, place: QPointF) -> Qt.CursorShape:
        """Return what the pointer looks like at a place."""
        if place.x() < self._surface.axis.gutter_px:
            return Qt.CursorShape.PointingHandCursor
        found = self.note_at(place)
        if self._surface.is_drawing:
            return Qt.CursorShape.ArrowCursor if found else Qt.CursorShape.CrossCursor
        if found is None:
            return Qt.CursorShape.ArrowCursor
        is_body = found[1] == "body"
        return Qt.CursorShape.SizeAllCursor if is_body else Qt.CursorShape.SizeHorCursor

    def press(self, place: QPointF, held: Qt.KeyboardModifier) -> None:
        """Take in a press of the left button."""
        notes = self._surface.notes
        found = self.note_at(place)
        is_adding = bool(held & (_SHIFT | _CTRL))
        if self._surface.is_drawing and not is_adding:
            if found is not None:
                self._drag = self._pressed("erase", place, found[0])
                notes.erase([found[0].ref])
            else:
                self.draw_at(place, held)
            return
        if found is None:
            self._drag = self._pressed("marquee", place, None, is_adding=is_adding)
            if not is_adding:
                notes.clear_selection()
            return
        drawn, part = found
        was_chosen = drawn.ref in notes.selection
        kind: Kind = "move" if part == "body" else part
        self._drag = self._pressed(kind, place, drawn, is_adding=is_adding)
        self._sound(self._drag, drawn.note.pitch)
        if not was_chosen:
            notes.select(notes.selection | {drawn.ref} if is_adding else {drawn.ref})

    def press_twice(self, place: QPointF, held: Qt.KeyboardModifier) -> None:
        """Take in a double click: draw on the ground, erase a note."""
        found = self.note_at(place)
        if self._surface.is_drawing:
            self.press(place, held)
        elif found is None:
            self.draw_at(place, held)
        else:
            self._surface.notes.erase([found[0].ref])

    def draw_at(self, place: QPointF, held: Qt.KeyboardModifier) -> None:
        """Draw a note of one step; while the button is held its length follows the pointer."""
        surface = self._surface
        snap = surface.snap
        ticks = max(0.0, surface.axis.ticks_at(place.x()))
        onset_ticks = round(ticks) if held & _ALT else snap.line_before(ticks)
        notes = surface.notes
        notes.hold(_DRAW)
        notes.draw(onset_ticks, surface.rows.pitch_at(place.y()), snap.step_ticks)
        notes.hold(_DRAW, goes_on=True)
        drawn = notes.selected_notes()
        if len(drawn) == 1:
            self._drag = self._pressed("draw", place, drawn[0])
            self._sound(self._drag, drawn[0].note.pitch)
        else:
            notes.let_go()

    def move(self, place: QPointF, held: Qt.KeyboardModifier) -> None:
        """Take in a movement with the left button held."""
        drag = self._drag
        if drag is None or drag.kind == "erase":
            return
        if not drag.has_moved:
            gone = (place - drag.place).manhattanLength()
            if gone < QApplication.startDragDistance() / 2:
                return
            drag.has_moved = True
            if drag.kind in ("move", "start", "end"):
                self._surface.notes.hold()
        self._at = (place, held)
        self._follow(place)
        if drag.kind == "marquee":
            self._choose_within(drag, place)
        elif drag.kind == "move":
            self._move(drag, place, held)
        else:
            self._stretch(drag, place, held)

    def go_on(self) -> None:
        """Move once more as before: the pointer is held beyond an edge."""
        self.move(*self._at)

    def release(self) -> None:
        """Take in that the left button was let go."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        notes = self._surface.notes
        notes.let_go()
        is_click = not drag.has_moved and drag.kind in ("move", "start", "end")
        if is_click and drag.note is not None:
            if drag.is_adding and drag.was_chosen:
                notes.select(notes.selection - {drag.note.ref})
            elif not drag.is_adding:
                notes.select({drag.note.ref})
        self._surface.update()

    def give_up(self) -> None:
        """Leave everything as it was before the button was pressed."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if drag.kind == "marquee":
            self._surface.notes.select(drag.before)
        elif drag.has_moved or drag.kind == "draw":
            self._surface.notes.give_up()
        else:
            self._surface.notes.let_go()
        self._surface.update()

    def _pressed(
        self, kind: Kind, place: QPointF, note: DrawnNote | None, *, is_adding: bool = False
    ) -> _Drag:
        surface = self._surface
        before = surface.notes.selection
        return _Drag(
            kind,
            place,
            surface.axis.ticks_at(place.x()),
            surface.rows.pitch_at(place.y()),
            surface.rows.top_pitch - place.y() / surface.rows.row_px,
            note,
            before,
            is_adding,
            note is not None and note.ref in before,
        )

    def _move(self, drag: _Drag, place: QPointF, held: Qt.KeyboardModifier) -> None:
        surface, note = self._surface, drag.note
        assert note is not None
        d_ticks = surface.axis.ticks_at(place.x()) - drag.ticks
        d_semitones = surface.rows.pitch_at(place.y()) - drag.pitch
        if held & _SHIFT:
            gone = place - drag.place
            if abs(gone.x()) >= abs(gone.y()):
                d_semitones = 0
            else:
                d_ticks = 0.0
        moved_ticks = (
            round(d_ticks) if held & _ALT else surface.snap.snapped_move(note.onset_ticks, d_ticks)
        )
        surface.notes.move(moved_ticks, d_semitones, copy=bool(held & _CTRL))
        self._sound(drag, note.note.pitch + d_semitones)

    def _sound(self, drag: _Drag, pitch: int) -> None:
        """Let the note under the pointer be heard, once a pitch."""
        if drag.note is not None and pitch != drag.heard_pitch and 0 <= pitch <= HIGHEST_PITCH:
            drag.heard_pitch = pitch
            self._surface.sound(pitch, drag.note.note.velocity)

    def _stretch(self, drag: _Drag, place: QPointF, held: Qt.KeyboardModifier) -> None:
        surface, note = self._surface, drag.note
        assert note is not None
        is_start = drag.kind == "start"
        edge_ticks = note.onset_ticks if is_start else note.end_ticks
        d_ticks = surface.axis.ticks_at(place.x()) - drag.ticks
        if not held & _ALT:
            d_ticks = surface.snap.snapped_move(edge_ticks, d_ticks)
        if is_start:
            surface.notes.stretch_start(round(d_ticks))
        else:
            surface.notes.stretch(round(d_ticks))

    def _choose_within(self, drag: _Drag, place: QPointF) -> None:
        surface = self._surface
        pressed = QPointF(surface.axis.x_at(drag.ticks), surface.rows.y_at(drag.row))
        drag.marquee = QRectF(pressed, place).normalized()
        frame = drag.marquee
        highest, lowest = surface.rows.pitch_at(frame.top()), surface.rows.pitch_at(frame.bottom())
        first_ticks = surface.axis.ticks_at(max(surface.axis.gutter_px, frame.left()))
        inside = {
            drawn.ref
            for drawn in surface.notes.sounding_between(
                first_ticks, surface.axis.ticks_at(frame.right())
            )
            if lowest <= drawn.note.pitch <= highest
        }
        surface.notes.select(drag.before ^ inside if drag.is_adding else inside)
        surface.update()

    def _follow(self, place: QPointF) -> None:
        """Bring into sight what is beyond the edge that the pointer has crossed."""
        axis, rows = self._surface.axis, self._surface.rows
        beyond_rows = max(place.y() - rows.height_px, 0.0) + min(place.y(), 0.0)
        if beyond_rows:
            rows.move(-1 if beyond_rows > 0 else 1)
            self._surface.update()
        right_x = axis.x_at(axis.left_ticks + axis.seen_ticks)
        beyond_px = max(place.x() - right_x, 0.0) + min(place.x() - axis.gutter_px, 0.0)
        beyond_px = min(max(beyond_px, -_FASTEST_PX), _FASTEST_PX)
        if beyond_px:
            axis.scroll_to(axis.left_ticks + beyond_px * TICKS_PER_BEAT / axis.px_per_beat)


def _part_at(x: float, left: float, right: float) -> Part:
    """Return which part of a note is at a place; short notes are all body but for their end."""
    edge_px = min(_EDGE_PX, (right - left) / 4)
    if x >= right - edge_px:
        return "end"
    if x <= left + edge_px and right - left >= 2 * _EDGE_PX:
        return "start"
    return "body"
