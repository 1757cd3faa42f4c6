"""The tempo: typed, nudged, tapped, and read anew at half or double."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from musicassist.app.phrases import FASTEST_BPM, SLOWEST_BPM
from musicassist.ui.controls import Button, DecimalField
from musicassist.ui.hints import describe, enable
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import Theme

_HALF: Final = 0.5
_DOUBLE: Final = 2.0


class TempoField(DecimalField):
    """A tempo that is typed; one out of range is put right, and said so by `corrected(text)`."""

    corrected = Signal(str)

    def __init__(self) -> None:
        super().__init__(SLOWEST_BPM, FASTEST_BPM, 2)
        describe(self, "tempo_field")

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let any number be typed: what cannot be played is put right when typing is done."""
        typed = _number(text)
        if typed is None or SLOWEST_BPM <= typed <= FASTEST_BPM:
            return super().validate(text, position)
        return QValidator.State.Intermediate, text, position

    def fixup(self, text: str) -> str:
        """Return the nearest tempo that can be played."""
        typed = _number(text)
        if typed is None:
            return super().fixup(text)
        nearest = min(max(typed, SLOWEST_BPM), FASTEST_BPM)
        self.corrected.emit(
            f"A tempo is {SLOWEST_BPM:.0f} to {FASTEST_BPM:.0f} BPM: {typed:g} became {nearest:g}."
        )
        return self.textFromValue(nearest)


class TempoBox(QWidget):
    """The tempo field, the button to tap it, and the two that read a free phrase anew."""

    tempo_entered = Signal(float)
    tapped = Signal()
    reread_wanted = Signal(float)
    corrected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self.field = TempoField()
        self.field.setProperty("role", "readout")
        hold_size(self.field, width_px=64)
        self.tap = Button(role="bare", icon_name="tap")
        describe(self.tap, "tap_button")
        self.half = Button("½", role="bare")
        describe(self.half, "half_tempo_button")
        self.double = Button("×2", role="bare")
        describe(self.double, "double_tempo_button")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (self.field, self.tap, self.half, self.double):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.tap, self.half, self.double):
            hold_size(button, width_px=24, height_px=24)
        self.field.number_entered.connect(self.tempo_entered)
        self.field.corrected.connect(self.corrected)
        self.tap.pressed.connect(self.tapped)  # when the finger comes down, as one taps
        self.half.clicked.connect(lambda: self.reread_wanted.emit(_HALF))
        self.double.clicked.connect(lambda: self.reread_wanted.emit(_DOUBLE))
        self.show_rereading(is_free=False, can_halve=False, can_double=False)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for button in (self.tap, self.half, self.double):
            button.show_theme(theme)

    def show_tempo(self, bpm: float) -> None:
        """Show another tempo."""
        self.field.show_number(bpm)

    def show_rereading(self, *, is_free: bool, can_halve: bool, can_double: bool) -> None:
        """Offer half and double tempo for a phrase that was played freely."""
        self.half.setVisible(is_free)
        self.double.setVisible(is_free)
        slow = f"Slower than {SLOWEST_BPM:.0f} BPM there is nothing to count."
        fast = f"Faster than {FASTEST_BPM:.0f} BPM there is nothing to count."
        enable(self.half, "half_tempo_button", is_enabled=can_halve, reason=slow)
        enable(self.double, "double_tempo_button", is_enabled=can_double, reason=fast)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
