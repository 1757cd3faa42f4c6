"""The keyboard on screen: 49 keys that light up and can be played."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from musicassist.music.keys import is_black, pitch_name
from musicassist.ui.hints import describe
from musicassist.ui.theme import DARK, TINY_PX, Theme, plain_font, scaled

LOWEST_PITCH: Final = 36
HIGHEST_PITCH: Final = 84
_WHITES: Final = tuple(p for p in range(LOWEST_PITCH, HIGHEST_PITCH + 1) if not is_black(p))
_MARGIN_PX: Final = 8
_LEAST_NAME_PX: Final = 8
_BLACK_WIDTH: Final = 0.58  # of a white key
_BLACK_HEIGHT: Final = 0.6
_SOFTEST: Final = 40
_LOUDEST: Final = 120
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyboardStrip(QWidget):
    """Shows what is played in blue and what sounds from playback in orange.

    `key_pressed(pitch, velocity)` and `key_released(pitch)` come from the mouse, and from Enter
    on the key the arrow keys have chosen.
    """

    key_pressed = Signal(int, int)
    key_released = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        describe(self, "keyboard_strip")
        self.setMinimumHeight(88)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = DARK
        self._middle_c_octave = 3
        self._played: set[int] = set()
        self._sounding: set[int] = set()
        self._mouse_pitch: int | None = None
        self._cursor_pitch = 60
        self._cursor_held: int | None = None
        self._shows_cursor = False
        self._letters: dict[int, str] = {}

    def show_middle_c(self, octave: int) -> None:
        """Name notes so that middle C is in an octave: 3 or 4."""
        self._middle_c_octave = octave
        self.update()

    def show_letters(self, letters: Mapping[int, str]) -> None:
        """Write on keys which letter of the computer plays them; none while it does not play."""
        self._letters = dict(letters)
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def light(self, pitch: int, *, is_down: bool, is_playback: bool) -> None:
        """Light a key, or let it go dark."""
        keys = self._sounding if is_playback else self._played
        if is_down:
            keys.add(pitch)
        else:
            keys.discard(pitch)
        self.update(self._rect_of(pitch).toAlignedRect().adjusted(-1, -1, 1, 1))

    def darken(self) -> None:
        """Let all keys go dark."""
        self._played.clear()
        self._sounding.clear()
        self.update()

    def token_of(self, pitch: int) -> str | None:
        """Return the colour token a key is lit in, or None."""
        if pitch in self._played:
            return "person"
        return "machine" if pitch in self._sounding else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play the key under the mouse."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._move_mouse(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Slide to another key."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_mouse(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the key go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._release_mouse()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a key with the arrows, hold it with Enter."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._cursor_pitch = min(max(self._cursor_pitch + step, LOWEST_PITCH), HIGHEST_PITCH)
            self._shows_cursor = True
            self.update()
        elif event.key() in _ENTER:
            if not event.isAutoRepeat() and self._cursor_held is None:
                self._cursor_held = self._cursor_pitch
                self.key_pressed.emit(self._cursor_pitch, 90)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let the chosen key go."""
        if event.key() in _ENTER and not event.isAutoRepeat():
            self._release_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which key is chosen, once keys are used and not the mouse."""
        super().focusInEvent(event)
        self._shows_cursor = event.reason() != Qt.FocusReason.MouseFocusReason
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of everything: its release would go elsewhere."""
        super().focusOutEvent(event)
        self._shows_cursor = False
        self._release_cursor()
        self._release_mouse()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the white keys, then the black ones over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.fillRect(event.rect(), QColor(theme.panel))
        key_px = self._rect_of(LOWEST_PITCH).width()
        painter.setFont(plain_font(max(_LEAST_NAME_PX, min(scaled(TINY_PX), int(key_px * 0.55)))))
        for pitch in _WHITES:
            key = self._rect_of(pitch)
            painter.setPen(QPen(QColor(theme.key_line), 1))
            painter.setBrush(self._colour_of(pitch, theme.white_key))
            painter.drawRoundedRect(key, 3, 3)
            is_c = pitch % 12 == 0
            name = pitch_name(pitch, middle_c_octave=self._middle_c_octave) if is_c else ""
            self._write(painter, pitch, self._letters.get(pitch, name), theme.key_text)
        for pitch in range(LOWEST_PITCH, HIGHEST_PITCH + 1):
            if is_black(pitch):
                painter.setPen(QPen(QColor(theme.key_line), 1))
                painter.setBrush(self._colour_of(pitch, theme.black_key))
                painter.drawRoundedRect(self._rect_of(pitch), 2, 2)
                self._write(painter, pitch, self._letters.get(pitch, ""), theme.white_key)
        if self._shows_cursor:
            is_lit = self.token_of(self._cursor_pitch) == "person"  # blue on blue is not seen
            painter.setPen(QPen(QColor(theme.on_machine if is_lit else theme.person), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._rect_of(self._cursor_pitch).adjusted(2, 2, -2, -2), 3, 3)

    def pitch_at(self, place: QPointF) -> int | None:
        """Return the key at a place, black ones first, or None beside the keys."""
        hits = [
            p for p in range(LOWEST_PITCH, HIGHEST_PITCH + 1) if self._rect_of(p).contains(place)
        ]
        return next((p for p in hits if is_black(p)), hits[0] if hits else None)

    def _write(self, painter: QPainter, pitch: int, word: str, colour: str) -> None:
        """Write a word at the lower end of a key."""
        if word:
            is_lit = self.token_of(pitch) is not None
            painter.setPen(QColor(self._theme.ground if is_lit else colour))
            bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(self._rect_of(pitch).adjusted(-4, 0, 4, -5), bottom, word)

    def _rect_of(self, pitch: int) -> QRectF:
        if not LOWEST_PITCH <= pitch <= HIGHEST_PITCH:
            return QRectF()
        width = (self.width() - 2 * _MARGIN_PX) / len(_WHITES)
        height = self.height() - 2 * _MARGIN_PX
        if not is_black(pitch):
            x = _MARGIN_PX + _WHITES.index(pitch) * width
            return QRectF(x + 0.5, _MARGIN_PX, width - 1, height)
        right_edge = _MARGIN_PX + (_WHITES.index(pitch - 1) + 1) * width
        black_width = width * _BLACK_WIDTH
        return QRectF(right_edge - black_width / 2, _MARGIN_PX, black_width, height * _BLACK_HEIGHT)

    def _colour_of(self, pitch: int, dark: str) -> QColor:
        token = self.token_of(pitch)
        return QColor(getattr(self._theme, token) if token is not None else dark)

    def _move_mouse(self, place: QPointF) -> None:
        pitch = self.pitch_at(place)
        if pitch == self._mouse_pitch:
            return
        self._release_mouse()
        if pitch is not None:
            self._mouse_pitch = pitch
            key = self._rect_of(pitch)
            share = min(max((place.y() - key.top()) / key.height(), 0.0), 1.0)
            self.key_pressed.emit(pitch, round(_SOFTEST + share * (_LOUDEST - _SOFTEST)))

    def _release_mouse(self) -> None:
        if self._mouse_pitch is not None:
            self.key_released.emit(self._mouse_pitch)
            self._mouse_pitch = None

    def _release_cursor(self) -> None:
        if self._cursor_held is not None:
            self.key_released.emit(self._cursor_held)
            self._cursor_held = None
