"""The computer's own keys as a piano: the row from A is white keys, the row above it black ones."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox

from musicassist.ui.controls import TYPED_IN

_K = Qt.Key
# Source: the computer MIDI keyboard in Ableton Live's manual; A is the C.
_SEMITONES: Final = {
    key: semitones
    for semitones, key in enumerate(
        (
            *(_K.Key_A, _K.Key_W, _K.Key_S, _K.Key_E, _K.Key_D, _K.Key_F, _K.Key_T, _K.Key_G),
            *(_K.Key_Y, _K.Key_H, _K.Key_U, _K.Key_J, _K.Key_K, _K.Key_O, _K.Key_L, _K.Key_P),
        )
    )
}
_OCTAVE_STEPS: Final = {_K.Key_Z: -12, _K.Key_X: 12}
_VELOCITY_STEPS: Final = {_K.Key_C: -20, _K.Key_V: 20}
_FIRST_PITCH: Final = 60
_LOWEST_PITCH: Final = 0
_HIGHEST_PITCH: Final = 127 - max(_SEMITONES.values())


class ComputerKeyboard(QObject):
    """While it is on, letters play; Z and X change the octave, C and V the velocity.

    `key_pressed(pitch, velocity)` and `key_released(pitch)` are the keys, `told(text)` says what
    octave or velocity was changed to, `letters_changed(letters)` which letter plays which pitch.
    Where text is typed, letters stay letters.

    Args:
        parent: Its Qt owner.
    """

    key_pressed = Signal(int, int)
    key_released = Signal(int)
    told = Signal(str)
    letters_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_on = False
        self._first_pitch = _FIRST_PITCH
        self._velocity = 90
        self._held: dict[int, int] = {}

    @property
    def is_on(self) -> bool:
        """Whether letters play."""
        return self._is_on

    @property
    def letters(self) -> dict[int, str]:
        """Which letter plays which pitch; empty while it is off."""
        if not self._is_on:
            return {}
        return {self._first_pitch + step: chr(key) for key, step in _SEMITONES.items()}

    def set_on(self, *, is_on: bool) -> None:
        """Let letters play, or be letters again."""
        app = QApplication.instance()
        assert app is not None
        self._is_on = is_on
        if is_on:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
            self.release_all()
        self.letters_changed.emit(self.letters)

    def release_all(self) -> None:
        """Let all keys go, as when another program gets them."""
        for pitch in self._held.values():
            self.key_released.emit(pitch)
        self._held.clear()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the letters."""
        if not isinstance(event, QKeyEvent):  # nearly all: what is asked of them costs time
            if self._held and event.type() == QEvent.Type.ApplicationDeactivate:
                self.release_all()
            return False
        if not self._is_on:
            return False
        kind = event.type()
        if kind == QEvent.Type.KeyRelease and event.key() in self._held:
            if not event.isAutoRepeat():
                self.key_released.emit(self._held.pop(event.key()))
            return True
        if not _is_letter(event) or _is_typed_in():
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()  # so that it comes as a key, not as the window's shortcut
            return True
        if kind == QEvent.Type.KeyPress:
            if not event.isAutoRepeat():
                self._press(event.key())
            return True
        return False

    def _press(self, key: int) -> None:
        if key in _OCTAVE_STEPS:
            first = self._first_pitch + _OCTAVE_STEPS[Qt.Key(key)]
            if _LOWEST_PITCH <= first <= _HIGHEST_PITCH:
                self._first_pitch = first
                self.letters_changed.emit(self.letters)
            octaves = (self._first_pitch - _FIRST_PITCH) // 12
            self.told.emit(f"Computer keyboard: {octaves:+d} octaves." if octaves else _AS_IT_IS)
        elif key in _VELOCITY_STEPS:
            self._velocity = min(max(self._velocity + _VELOCITY_STEPS[Qt.Key(key)], 10), 127)
            self.told.emit(f"Computer keyboard: velocity {self._velocity}.")
        elif key not in self._held:
            pitch = self._first_pitch + _SEMITONES[Qt.Key(key)]
            self._held[key] = pitch
            self.key_pressed.emit(pitch, self._velocity)


_AS_IT_IS: Final = "Computer keyboard: the A key is middle C."


def _is_letter(event: QKeyEvent) -> bool:
    known = (*_SEMITONES, *_OCTAVE_STEPS, *_VELOCITY_STEPS)
    return event.key() in known and event.modifiers() == Qt.KeyboardModifier.NoModifier


def _is_typed_in() -> bool:
    widget = QApplication.focusWidget()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, TYPED_IN)
