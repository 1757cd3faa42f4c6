"""Whether sound comes in time and playing is kept."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from musicassist.app.devices import DevicesState
from musicassist.ui.controls import Button, ElidedLabel, label
from musicassist.ui.form import field_row
from musicassist.ui.hints import NO_ENGINE, describe
from musicassist.ui.light import Light
from musicassist.ui.theme import Theme

_UNKNOWN: Final = "\N{EN DASH}"
_HEAVY_LOAD: Final = 0.7
_MANY_GAPS: Final = 5  # a few come with starting and plugging, and mean nothing
_ALL_WELL: Final = "All is well: heard in time, and kept."
_NO_SOUND: Final = "There is no sound output: choose one under Sound, or plug one in."
_NOT_KEPT: Final = "What you play is not written to disk; it lasts until the engine ends."
_GAPS: Final = "Sound came too late and was heard as gaps. A larger buffer helps."
_HEAVY: Final = "Making the sound takes nearly all the time there is. A larger buffer helps."


class HealthPage(QWidget):
    """Shows how the engine does; `larger_buffer_wanted` asks for where the buffer is chosen."""

    larger_buffer_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self.verdict = label("", "title")
        self.verdict.setWordWrap(True)
        self.light = Light()
        self.larger = Button("Choose a larger buffer", role="small")
        describe(self.larger, "larger_buffer_button")
        self.larger.clicked.connect(self.larger_buffer_wanted)
        self.device = ElidedLabel()
        self.synth = ElidedLabel()
        self.rate = label("")
        self.block = label("")
        self.latency = label("")
        self.gaps = label("")
        self.load = label("")
        self.kept = label("")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.light, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.verdict, 1)
        column.addLayout(head)
        column.addWidget(self.larger, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(4)
        for words, value in (
            ("Output", self.device),
            ("Sound set", self.synth),
            ("Sample rate", self.rate),
            ("Buffer", self.block),
            ("Latency", self.latency),
            ("Gaps", self.gaps),
            ("Load", self.load),
            ("Kept", self.kept),
        ):
            column.addLayout(field_row(words, value))
        column.addStretch(1)

    def show_state(self, state: DevicesState) -> None:
        """Show the figures as they are now."""
        ready, health = state.ready, state.health
        has_sound = ready is not None and bool(ready.audio_device)
        self.device.show_text(ready.audio_device if ready is not None and has_sound else _UNKNOWN)
        self.synth.show_text(ready.synth if ready is not None else _UNKNOWN)
        self.rate.setText(_UNKNOWN)
        self.block.setText(_UNKNOWN)
        self.latency.setText(_UNKNOWN)
        if ready is not None and has_sound:
            self.rate.setText(f"{ready.sample_rate_hz / 1000:g} kHz")
            self.latency.setText(f"{ready.latency_ms:.1f} ms from key to sound")
            if ready.block_frames:
                block_ms = ready.block_frames / ready.sample_rate_hz * 1000
                self.block.setText(f"{ready.block_frames} frames, {block_ms:.1f} ms")
            else:
                self.block.setText("as the device likes")
        self.gaps.setText(_UNKNOWN)
        self.load.setText(_UNKNOWN)
        if health is not None and has_sound:
            self.latency.setText(f"{health.latency_ms:.1f} ms from key to sound")
            self.gaps.setText(_gaps_in_words(health.n_late_blocks))
            self.load.setText(f"{health.load:.0%} of the time there is")
        self.kept.setText(_kept_in_words(state))
        self._show_verdict(state)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.larger.show_theme(theme)
        self.light.show_theme(theme)

    def _show_verdict(self, state: DevicesState) -> None:
        verdict, is_bad = verdict_of(state)
        self.verdict.setText(verdict)
        self.larger.setVisible(verdict in (_GAPS, _HEAVY))
        self.light.show_state(is_open=state.ready is not None and not is_bad, is_in_trouble=is_bad)


def verdict_of(state: DevicesState) -> tuple[str, bool]:
    """Return how things stand in a sentence, and whether that is bad."""
    if state.ready is None:
        return NO_ENGINE, False
    if not state.ready.audio_device:
        return _NO_SOUND, True
    if not state.ready.is_keeping:
        return _NOT_KEPT, True
    if state.health is not None and state.health.n_late_blocks >= _MANY_GAPS:
        return _GAPS, True
    if state.health is not None and state.health.load >= _HEAVY_LOAD:
        return _HEAVY, True
    return _ALL_WELL, False


def _gaps_in_words(n_gaps: int) -> str:
    if n_gaps == 0:
        return "none"
    return "1 since the start" if n_gaps == 1 else f"{n_gaps:,} since the start"


def _kept_in_words(state: DevicesState) -> str:
    if state.ready is None:
        return _UNKNOWN
    if not state.ready.is_keeping:
        return "no"
    if state.n_kept == 0:
        return "everything you play, from the first note on"
    return f"all {state.n_kept:,} events" if state.n_kept > 1 else "1 event"
