"""A slider with two handles: the lowest and the highest note that may be played."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from musicassist.ui.hints import describe
from musicassist.ui.theme import DARK, Theme, scaled
from musicassist.ui.wish_words import range_words

LEAST_SPAN: Final = 12  # semitones; a solo needs an octave
_LOWEST: Final = 21  # the keys of a grand piano
_HIGHEST: Final = 108
_HANDLE_PX: Final = 14
_GROOVE_PX: Final = 4
_OCTAVE: Final = 12
_RESETTING: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class RangeSlider(QWidget):
    """Shows two pitches; `range_set(lowest, highest)` comes when the user moves one.

    Left and Right move the lower handle, with Shift the upper, with Ctrl by octaves; a handle that
    comes closer than an octave to the other pushes it along. A double-click or Delete brings the
    range it came with.

    Args:
        name: Its entry in `HINTS`.
        resting: The range it came with.
    """

    range_set = Signal(int, int)
    held_changed = Signal()

    def __init__(self, name: str, resting: tuple[int, int]) -> None:
        super().__init__()
        describe(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._resting = resting
        self._range = resting
        self._middle_c_octave = 3
        self._held: int | None = None  # which of the two handles
        self._theme = DARK
        self._say()

    @property
    def pitches(self) -> tuple[int, int]:
        """The lowest and the highest pitch."""
        return self._range

    @property
    def is_held(self) -> bool:
        """Whether a handle is being dragged."""
        return self._held is not None

    def show_range(self, lowest_pitch: int, highest_pitch: int) -> None:
        """Show another range."""
        self._range = (lowest_pitch, highest_pitch)
        self._say()
        self.update()

    def show_middle_c(self, octave: int) -> None:
        """Name notes so that middle C is in an octave: 3 or 4."""
        self._middle_c_octave = octave
        self._say()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for room for the handles."""
        return QSize(120, max(scaled(18), _HANDLE_PX + 2))

    def minimumSizeHint(self) -> QSize:
        """Need as much height."""
        return QSize(60, self.sizeHint().height())

    def x_of(self, pitch: int) -> float:
        """Return where a pitch is across."""
        share = (min(max(pitch, _LOWEST), _HIGHEST) - _LOWEST) / (_HIGHEST - _LOWEST)
        return _HANDLE_PX / 2 + (self.width() - _HANDLE_PX) * share

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle that is nearer."""
        if event.button() == Qt.MouseButton.LeftButton:
            x = event.position().x()
            low_px, high_px = (abs(x - self.x_of(pitch)) for pitch in self._range)
            is_high = high_px < low_px or (high_px == low_px and x > self.x_of(self._range[1]))
            self._held = int(is_high)
            self.held_changed.emit()
            self._move(self._held, self._pitch_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._held is not None:
            self._move(self._held, self._pitch_at(event.position().x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let it go."""
        self._held = None
        self.held_changed.emit()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Return to the range it came with."""
        self._set(self._resting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move a handle."""
        keys = event.modifiers()
        if event.key() in _RESETTING:
            self._set(self._resting)
            return
        if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyPressEvent(event)
            return
        which = int(bool(keys & Qt.KeyboardModifier.ShiftModifier))
        step = _OCTAVE if keys & Qt.KeyboardModifier.ControlModifier else 1
        step = step if event.key() == Qt.Key.Key_Right else -step
        self._move(which, self._range[which] + step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it has gone."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw groove, range and handles."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        low, high = (self.x_of(pitch) for pitch in self._range)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, right, colour in ((0, self.width(), theme.pressed), (low, high, theme.machine)):
            painter.setBrush(QColor(colour))
            groove = QRectF(left, middle - _GROOVE_PX / 2, right - left, _GROOVE_PX)
            painter.drawRoundedRect(groove, 2, 2)
        is_focused = self.hasFocus()
        at_rest = theme.text if self.underMouse() else theme.secondary
        painter.setPen(QPen(QColor(theme.person if is_focused else at_rest), 1 + is_focused))
        painter.setBrush(QColor(theme.knob))
        for x in (low, high):
            size = _HANDLE_PX - (2 if is_focused else 1)
            painter.drawEllipse(QRectF(x - size / 2, middle - size / 2, size, size))

    def _pitch_at(self, x: float) -> int:
        room = max(self.width() - _HANDLE_PX, 1)
        return round(_LOWEST + (x - _HANDLE_PX / 2) / room * (_HIGHEST - _LOWEST))

    def _move(self, which: int, pitch: int) -> None:
        """Bring a handle to a pitch, pushing the other along."""
        low, high = self._range
        if which:
            high = min(max(pitch, _LOWEST + LEAST_SPAN), _HIGHEST)
            low = min(low, high - LEAST_SPAN)
        else:
            low = max(min(pitch, _HIGHEST - LEAST_SPAN), _LOWEST)
            high = max(high, low + LEAST_SPAN)
        self._set((low, high))

    def _set(self, pitches: tuple[int, int]) -> None:
        if pitches != self._range:
            self.show_range(*pitches)
            self.range_set.emit(*pitches)

    def _say(self) -> None:
        self.setAccessibleDescription(range_words(*self._range, self._middle_c_octave))
