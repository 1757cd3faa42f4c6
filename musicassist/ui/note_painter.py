"""Drawing notes quickly: only those that are seen, many of one colour at once."""

from collections.abc import Collection, Sequence
from typing import Final, Literal

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from musicassist.app.drawn_notes import PRIMER, DrawnNote, DrawnPart
from musicassist.music.keys import Key, pitch_name
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.ghost_takes import Ghost
from musicassist.ui.lane import onsets_between
from musicassist.ui.note_colours import NoteColours
from musicassist.ui.pitch_rows import HIGHEST_PITCH, PitchRows
from musicassist.ui.theme import TINY_PX, Theme, font, scaled
from musicassist.ui.time_axis import TimeAxis

LEAST_PX: Final = 3.0
_LEAST_NAMED_PX: Final = 30
_MOST_ROUNDED: Final = 1000  # more notes at once are too small for round corners to be missed
_GHOST_OPACITIES: Final = {"dark": 0.3, "light": 0.45}  # as faint in both


def ghost_colour(theme: Theme, token: str) -> QColor:
    """Return what notes are drawn in that are not worked on."""
    colour = QColor(getattr(theme, token))
    colour.setAlphaF(_GHOST_OPACITIES[theme.name])
    return colour


class NotePainter:
    """Draws notes of one lane.

    Args:
        axis: Where ticks are.
        rows: Where pitches are.
        colours: What colour each note has.

    Attributes:
        key: How notes are written; None for sharps.
        middle_c_octave: The octave middle C is said to be in.
    """

    def __init__(self, axis: TimeAxis, rows: PitchRows, colours: NoteColours) -> None:
        self._axis = axis
        self._rows = rows
        self.colours = colours
        self.key: Key | None = None
        self.middle_c_octave = 3

    def rect_of(self, pitch: int, onset_ticks: float, end_ticks: float) -> QRectF:
        """Return where a note is drawn."""
        x = self._axis.x_at(onset_ticks)
        width = max(LEAST_PX, self._axis.x_at(end_ticks) - x - 1)
        return QRectF(x, self._rows.y_at(pitch) + 0.5, width, max(LEAST_PX, self._rows.row_px - 2))

    def place_of(self, notes: Sequence[DrawnNote], within: QRect) -> QPoint:
        """Return where the first of some notes is seen, or the middle where there is none."""
        if not notes:
            return within.center()
        rect = self.rect_of(notes[0].note.pitch, notes[0].onset_ticks, notes[0].end_ticks)
        return within.intersected(rect.toAlignedRect()).center()

    def draw(
        self, painter: QPainter, seen: QRect, part: DrawnPart, chosen: Collection[int], theme: Theme
    ) -> None:
        """Draw the notes of a part that are seen; chosen ones have a frame.

        Args:
            painter: With antialiasing.
            seen: What is to be drawn.
            part: Whose notes.
            chosen: The indices of those that are chosen.
            theme: Whose colours to use.
        """
        first_ticks = self._axis.ticks_at(seen.left() - 2) - part.longest_ticks
        places = part.places_between(first_ticks, self._axis.ticks_at(seen.right() + 2))
        is_hollow = part.name == PRIMER and self.colours.is_by_function
        if len(places) <= _MOST_ROUNDED or is_hollow:
            frames = self._draw_each(painter, part, places, chosen, theme)
        else:
            frames = self._draw_batches(painter, part, places, chosen)
        if frames:
            self._draw_frames(painter, frames, theme)

    def _draw_each(
        self,
        painter: QPainter,
        part: DrawnPart,
        places: range,
        chosen: Collection[int],
        theme: Theme,
    ) -> list[QRectF]:
        """Draw notes with round corners and names; the places of those that are chosen."""
        frames = []
        painter.setPen(Qt.PenStyle.NoPen)
        start_ticks, end_ticks = part.start_ticks, part.end_ticks
        name = _name_of(part)
        least_px = scaled(_LEAST_NAMED_PX)
        is_named = not self.colours.is_by_function and self._rows.row_px >= scaled(TINY_PX) + 3
        named: list[tuple[QRectF, int]] = []
        for place in places:
            note = part.clip.notes[place]
            onset_ticks = start_ticks + note.onset_ticks
            note_end_ticks = min(onset_ticks + note.duration_ticks, end_ticks)
            rect = self.rect_of(note.pitch, onset_ticks, note_end_ticks)
            self.colours.draw(painter, rect, note, start_ticks, name)
            if is_named and rect.width() >= least_px:
                named.append((rect, note.pitch))
            if part.indices[place] in chosen:
                frames.append(rect)
        self._draw_names(painter, named, theme)
        return frames

    def _draw_names(self, painter: QPainter, named: list[tuple[QRectF, int]], theme: Theme) -> None:
        """Write their names on notes."""
        painter.setFont(font(TINY_PX))
        painter.setPen(QColor(theme.ground))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for rect, pitch in named:
            name = pitch_name(pitch, self.key, middle_c_octave=self.middle_c_octave)
            painter.drawText(rect.adjusted(4, 0, 0, 0), left, name)
        painter.setPen(Qt.PenStyle.NoPen)

    def _draw_batches(
        self, painter: QPainter, part: DrawnPart, places: range, chosen: Collection[int]
    ) -> list[QRectF]:
        """Draw thousands of notes, those of one colour at once; the places of the chosen ones."""
        notes, indices, start_ticks = part.clip.notes, part.indices, part.start_ticks
        length_ticks = part.clip.length_ticks
        px_per_tick = self._axis.px_per_beat / TICKS_PER_BEAT
        start_x = self._axis.x_at(start_ticks)
        ys = [self._rows.y_at(pitch) + 0.5 for pitch in range(HIGHEST_PITCH + 1)]
        height = max(LEAST_PX, self._rows.row_px - 2)
        brush_of, name = self.colours.brush_of, _name_of(part)
        is_by_function = self.colours.is_by_function
        batches: dict[int, tuple[QBrush, list[QRectF]]] = {}
        frames = []
        for place in places:
            note = notes[place]
            onset_ticks, duration_ticks = note.onset_ticks, note.duration_ticks
            width = min(duration_ticks, length_ticks - onset_ticks) * px_per_tick - 1
            rect = QRectF(
                start_x + onset_ticks * px_per_tick,
                ys[note.pitch],
                width if width > LEAST_PX else LEAST_PX,
                height,
            )
            if is_by_function:
                brush = brush_of(note, start_ticks, name)
                batches.setdefault(id(brush), (brush, []))[1].append(rect)
            elif (batch := batches.get(note.velocity)) is not None:
                batch[1].append(rect)
            else:
                batches[note.velocity] = (brush_of(note, start_ticks, name), [rect])
            if chosen and indices[place] in chosen:
                frames.append(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        for brush, rects in batches.values():
            painter.setBrush(brush)
            painter.drawRects(rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return frames

    def draw_ghost(self, painter: QPainter, seen: QRect, ghost: Ghost, colour: QColor) -> None:
        """Draw the notes of a clip that is not worked on, faintly."""
        clip, start_ticks, longest_ticks = ghost
        first_ticks = self._axis.ticks_at(seen.left()) - start_ticks - longest_ticks
        last_ticks = self._axis.ticks_at(seen.right()) - start_ticks
        px_per_tick = self._axis.px_per_beat / TICKS_PER_BEAT
        start_x, length_ticks = self._axis.x_at(start_ticks), clip.length_ticks
        ys = [self._rows.y_at(pitch) + 0.5 for pitch in range(HIGHEST_PITCH + 1)]
        height = max(LEAST_PX, self._rows.row_px - 2)
        rects = []
        for note in onsets_between(clip, first_ticks, last_ticks):
            onset_ticks = note.onset_ticks
            width = min(note.duration_ticks, length_ticks - onset_ticks) * px_per_tick - 1
            x = start_x + onset_ticks * px_per_tick
            rects.append(QRectF(x, ys[note.pitch], max(width, LEAST_PX), height))
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRects(rects)
        painter.restore()

    def _draw_frames(self, painter: QPainter, frames: list[QRectF], theme: Theme) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.text), 1.5))
        if len(frames) <= _MOST_ROUNDED:
            for frame in frames:
                painter.drawRoundedRect(frame.adjusted(-0.75, -0.75, 0.75, 0.75), 2.5, 2.5)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.drawRects(frames)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)


def _name_of(part: DrawnPart) -> Literal["primer", "solo"]:
    return "primer" if part.name == PRIMER else "solo"
