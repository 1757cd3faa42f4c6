"""How far everything is drawn to the grid; what was played stays as it is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from musicassist.music.quantize import GRIDS
from musicassist.music.session import Session
from musicassist.ui.controls import ComboBox, Slider, label
from musicassist.ui.hints import describe
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import Theme
from musicassist.ui.wish_slider import captioned


class TimingPanel(QWidget):
    """Shows the timing of a session; changes are sent as `timing_changed(name, value)`."""

    timing_changed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("timing_panel")
        self.grid = ComboBox()
        self.grid.addItems(list(GRIDS))
        describe(self.grid, "grid_field")
        self.strength = Slider(resting=0, accent="person")
        describe(self.strength, "strength_slider")
        self.meaning = label("", "caption")
        row = QHBoxLayout()
        caption = label("Grid", "second")
        caption.setBuddy(self.grid)
        row.addWidget(caption)
        row.addStretch(1)
        hold_size(self.grid, width_px=96)
        row.addWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addSpacing(4)
        column.addLayout(captioned("Strength", self.meaning))
        column.addWidget(self.strength)
        column.addStretch(1)
        changed = self.timing_changed.emit
        self.grid.currentTextChanged.connect(lambda text: changed("grid_name", text))
        self.strength.valueChanged.connect(self._on_strength_moved)

    def show_session(self, session: Session) -> None:
        """Show another state of the session."""
        for field in (self.grid, self.strength):
            field.blockSignals(True)
        self.grid.setCurrentText(session.timing.grid_name)
        self.strength.setValue(round(session.timing.strength * 100))
        for field in (self.grid, self.strength):
            field.blockSignals(False)
        self.meaning.setText(strength_meaning(self.strength.value()))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.grid.show_theme(theme)

    def _on_strength_moved(self, value: int) -> None:
        self.meaning.setText(strength_meaning(value))
        self.timing_changed.emit("strength", value / 100)


def strength_meaning(strength: int) -> str:
    """Return what a place of the strength slider means, 0-100."""
    if strength == 0:
        return "as played"
    return "on the grid" if strength == 100 else f"{strength} % to the grid"
