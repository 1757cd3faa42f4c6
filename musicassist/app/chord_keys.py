"""Chords and keys of a keyboard: chords tried out softly, and chords taken from what is played."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.app.phrases import Phrases
from musicassist.app.workbench import Workbench
from musicassist.engine.protocol import KeyMoved
from musicassist.music.chord_recognition import recognise
from musicassist.music.chords import ChordSymbol
from musicassist.music.keys import Key

_SOFT: Final = 52  # velocity
_SOUNDS_MS: Final = 700
_LOWEST_BASS: Final = 40
_LOWEST_UPPER: Final = 55


def voiced(chord: ChordSymbol) -> tuple[int, ...]:
    """Return MIDI pitches for a chord: its bass low, the rest in close position around middle C."""
    if chord.root is None:
        return ()
    bass = chord.root if chord.bass is None else chord.bass
    low = _LOWEST_BASS + (bass - _LOWEST_BASS) % 12
    classes = {(chord.root + interval) % 12 for interval in chord.intervals}
    upper = {_LOWEST_UPPER + (each - _LOWEST_UPPER) % 12 for each in classes}
    return (low, *sorted(upper))


class Preview(QObject):
    """Lets chords and notes be heard for a moment, one at a time, without being kept as played.

    Args:
        workbench: Presses the keys.
        parent: Its Qt owner.

    Thread: GUI.
    """

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._held: tuple[int, ...] = ()
        self._is_on = True
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(_SOUNDS_MS)
        self._end.timeout.connect(self.stop)

    @property
    def is_on(self) -> bool:
        """Whether anything is heard at all."""
        return self._is_on

    def set_on(self, is_on: bool) -> None:
        """Let chords and notes be heard, or not."""
        self._is_on = is_on
        if not is_on:
            self.stop()

    def sound(self, chord: ChordSymbol) -> None:
        """Let a chord be heard for a moment; the one before ends."""
        self._press(voiced(chord), _SOFT)

    def sound_note(self, pitch: int, velocity: int) -> None:
        """Let a note be heard for a moment; what was heard before ends."""
        self._press((pitch,), velocity)

    def _press(self, pitches: tuple[int, ...], velocity: int) -> None:
        self.stop()
        if not self._is_on:
            return
        self._held = pitches
        for pitch in pitches:
            self._workbench.press_key(pitch, velocity, is_kept=False)
        self._end.start()

    def stop(self) -> None:
        """End what is heard."""
        self._end.stop()
        for pitch in self._held:
            self._workbench.release_key(pitch, is_kept=False)
        self._held = ()


class PlayedChords(QObject):
    """While it listens, names what is held on any keyboard, and hands it over when it is let go.

    `named(text)` comes while keys are held, empty when they say nothing yet; `played(text)` when
    the last of them is released. What counts is the most that was held together. Meanwhile nothing
    that is played takes the place of the phrase.

    Args:
        workbench: Tells which keys move.
        phrases: Must not take chords for a phrase.
        key_of: Asked for the key chords are spelled in.
        parent: Its Qt owner.

    Thread: GUI.
    """

    named = Signal(str)
    played = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        phrases: Phrases,
        key_of: Callable[[], Key],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._phrases = phrases
        self._key_of = key_of
        self._is_listening = False
        self._down: list[tuple[str, int]] = []
        self._most: frozenset[int] = frozenset()
        workbench.key_moved.connect(self._on_workbench_key_moved)
        workbench.engine_gone.connect(self._forget)

    @property
    def is_listening(self) -> bool:
        """Whether keys are taken for chords."""
        return self._is_listening

    def listen(self, is_on: bool) -> None:
        """Take what is played for chords, or leave it alone."""
        self._is_listening = is_on
        self._phrases.expect_chords(is_on)
        self._forget()

    def _on_workbench_key_moved(self, moved: KeyMoved) -> None:
        if not self._is_listening or moved.is_playback:
            return
        key = (moved.source, moved.pitch)
        if moved.is_down:
            self._down.append(key)
            held = frozenset(pitch for _, pitch in self._down)
            if len(held) >= len(self._most):
                self._most = held
                self.named.emit(self._name())
        elif key in self._down:
            self._down.remove(key)
            if not self._down:
                name = self._name()
                self._forget()
                if name:
                    self.played.emit(name)

    def _name(self) -> str:
        chord = recognise(self._most, self._key_of())
        return chord.text if chord is not None else ""

    def _forget(self) -> None:
        self._down.clear()
        self._most = frozenset()
        self.named.emit("")
