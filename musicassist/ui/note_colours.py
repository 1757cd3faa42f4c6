"""What colour a note has: who played it, or what it is over its chord.

By who played: blue for the person and orange for the machine, soft notes dimmer. By function:
chord tone, scale tone and outside in three colours that every kind of colour vision tells apart;
what the person played is then drawn hollow and what the machine made full, so that the two are told
apart by shape.
"""

from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from musicassist.app.arrangement import Arrangement
from musicassist.music.chord_function import ChordFunctions
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.ui.theme import DARK, Theme, mix

Part = Literal["primer", "solo"]

FUNCTION_TOKENS: Final = ("chord_tone", "scale_tone", "outside_tone")  # as FUNCTIONS are ordered
FUNCTION_NAMES: Final = ("chord tone", "scale tone", "outside")
_PART_TOKENS: Final = {"primer": "person", "solo": "machine"}
_HOLLOW_SHARE: Final = 0.4  # of the colour inside a hollow note
_RADIUS_PX: Final = 2.0


class NoteColours:
    """Colours of the notes of one session, worked out once a theme and velocity.

    Asking costs a look into a table, and by function one search among the chords, so that a lane
    can ask for every note it draws.
    """

    def __init__(self) -> None:
        self.is_by_function = False
        self._theme = DARK
        self._brushes: dict[tuple[str, int], QBrush] = {}
        self._functions = ChordFunctions(None, None)
        self._over: tuple[object, object] = (None, None)

    def show_theme(self, theme: Theme) -> None:
        """Use the theme's colours."""
        self._theme = theme
        self._brushes.clear()

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Judge functions by the session's key and chords."""
        over = (arrangement.progression, session.key)
        if over != self._over:
            self._over = over
            self._functions = ChordFunctions(*over)

    def function_index_of(self, note: Note, start_ticks: int) -> int:
        """Return the place in `FUNCTIONS` of a note whose clip starts at a place."""
        return self._functions.index_of(note.pitch, start_ticks + note.onset_ticks)

    def function_name_of(self, note: Note, start_ticks: int) -> str:
        """Return a note's function in words, for who does not see colours."""
        return FUNCTION_NAMES[self.function_index_of(note, start_ticks)]

    def token_of(self, note: Note, start_ticks: int, part: Part) -> str:
        """Return the colour token of a note.

        Args:
            note: One of a clip.
            start_ticks: Where the clip starts.
            part: Which clip it is.
        """
        if self.is_by_function:
            return FUNCTION_TOKENS[self.function_index_of(note, start_ticks)]
        return _PART_TOKENS[part]

    def brush_of(self, note: Note, start_ticks: int, part: Part) -> QBrush:
        """Return what a note is filled with: soft notes are dim, but always seen."""
        token = self.token_of(note, start_ticks, part)
        brush = self._brushes.get((token, note.velocity))
        if brush is None:
            share = velocity_share(note.velocity, is_function=self.is_by_function)
            brush = QBrush(mix(self._theme.row_outside, getattr(self._theme, token), share))
            self._brushes[token, note.velocity] = brush
        return brush

    def draw(
        self, painter: QPainter, into: QRectF, note: Note, start_ticks: int, part: Part
    ) -> None:
        """Draw a note; expects antialiasing and no pen, and leaves them so."""
        brush = self.brush_of(note, start_ticks, part)
        if self.is_by_function and part == "primer":
            colour = brush.color()
            painter.setPen(QPen(colour, 1.5))
            inside = mix(self._theme.row_outside, colour.name(), _HOLLOW_SHARE)
            painter.setBrush(inside)
            painter.drawRoundedRect(into.adjusted(0.75, 0.75, -0.75, -0.75), _RADIUS_PX, _RADIUS_PX)
            painter.setPen(Qt.PenStyle.NoPen)
        else:
            painter.setBrush(brush)
            painter.drawRoundedRect(into, _RADIUS_PX, _RADIUS_PX)


def velocity_share(velocity: int, *, is_function: bool = False) -> float:
    """Return how much of its colour a note shows.

    Colours of functions lie closer together than blue and orange: they are dimmed less.
    """
    softest = 0.8 if is_function else 0.6
    return softest + (1 - softest) * velocity / 127


def legend(theme: Theme) -> tuple[tuple[str, QColor], ...]:
    """Return the functions in words, each with its colour."""
    return tuple(
        (name, QColor(getattr(theme, token)))
        for name, token in zip(FUNCTION_NAMES, FUNCTION_TOKENS, strict=True)
    )
