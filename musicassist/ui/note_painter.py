"""Drawing notes quickly: only those that are seen, many of one colour at once."""

from collections.abc import Collection
from typing import Final, Literal

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from musicassist.app.drawn_notes import PRIMER, DrawnPart
from musicassist.music.clip import Clip
from musicassist.ui.lane import onsets_between
from musicassist.ui.note_colours import NoteColours
from musicassist.ui.pitch_rows import PitchRows
from musicassist.ui.theme import Theme
from musicassist.ui.time_axis import TimeAxis

LEAST_PX: Final = 3.0
_MOST_ROUNDED: Final = 1000  # more notes at once are too small for round corners to be missed
_GHOST_OPACITY: Final = 0.28


class NotePainter:
    """Draws notes of one lane.

    Args:
        axis: Where ticks are.
        rows: Where pitches are.
        colours: What colour each note has.
    """

    def __init__(self, axis: TimeAxis, rows: PitchRows, colours: NoteColours) -> None:
        self._axis = axis
        self._rows = rows
        self.colours = colours

    def rect_of(self, pitch: int, onset_ticks: float, end_ticks: float) -> QRectF:
        """Return where a note is drawn."""
        x = self._axis.x_at(onset_ticks)
        width = max(LEAST_PX, self._axis.x_at(end_ticks) - x - 1)
        return QRectF(x, self._rows.y_at(pitch) + 0.5, width, max(LEAST_PX, self._rows.row_px - 2))

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
        is_rounded = len(places) <= _MOST_ROUNDED
        is_hollow = part.name == PRIMER and self.colours.is_by_function
        name: Literal["primer", "solo"] = "primer" if part.name == PRIMER else "solo"
        start_ticks, end_ticks = part.start_ticks, part.end_ticks
        rects: dict[int, tuple[QBrush, list[QRectF]]] = {}
        frames = []
        painter.setPen(Qt.PenStyle.NoPen)
        for place in places:
            note = part.clip.notes[place]
            onset_ticks = start_ticks + note.onset_ticks
            rect = self.rect_of(
                note.pitch, onset_ticks, min(onset_ticks + note.duration_ticks, end_ticks)
            )
            if part.indices[place] in chosen:
                frames.append(rect)
            if is_rounded or is_hollow:
                self.colours.draw(painter, rect, note, start_ticks, name)
                continue
            brush = self.colours.brush_of(note, start_ticks, name)
            rects.setdefault(id(brush), (brush, []))[1].append(rect)
        for brush, batch in rects.values():
            painter.setBrush(brush)
            painter.drawRects(batch)
        if frames:
            self._draw_frames(painter, frames, theme)

    def draw_ghosts(
        self, painter: QPainter, seen: QRect, clip: Clip, start_ticks: int, colour: str
    ) -> None:
        """Draw the notes of a clip that is not worked on, faintly."""
        longest_ticks = max((note.duration_ticks for note in clip.notes), default=0)
        first_ticks = self._axis.ticks_at(seen.left()) - start_ticks - longest_ticks
        last_ticks = self._axis.ticks_at(seen.right()) - start_ticks
        rects = [
            self.rect_of(
                note.pitch,
                start_ticks + note.onset_ticks,
                start_ticks + min(note.end_ticks, clip.length_ticks),
            )
            for note in onsets_between(clip, first_ticks, last_ticks)
        ]
        painter.save()
        painter.setOpacity(_GHOST_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRects(rects)
        painter.restore()

    def _draw_frames(self, painter: QPainter, frames: list[QRectF], theme: Theme) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.text), 1.5))
        if len(frames) <= _MOST_ROUNDED:
            for frame in frames:
                painter.drawRoundedRect(frame.adjusted(-0.75, -0.75, 0.75, 0.75), 2.5, 2.5)
        else:
            painter.drawRects(frames)
        painter.setPen(Qt.PenStyle.NoPen)
