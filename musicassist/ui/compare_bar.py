"""The two solos that are compared, and which of them is heard."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from musicassist.ui.controls import Button
from musicassist.ui.hints import describe
from musicassist.ui.theme import SIDE_PX, Theme


class CompareBar(QWidget):
    """Shows A and B; `swap_wanted` and `close_wanted` say what is wanted."""

    swap_wanted = Signal()
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("compare_bar")
        self._names = ("", "")
        self._heard = "A"
        self.a = Button(role="tile")
        self.b = Button(role="tile")
        for side, button in (("a", self.a), ("b", self.b)):
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            describe(button, f"compare_{side}_button")
        self.swap = Button(role="bare", icon_name="swap")
        describe(self.swap, "swap_button")
        self.close_button = Button(role="bare", icon_name="close")
        describe(self.close_button, "compare_close_button")
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        row.setSpacing(4)
        row.addWidget(self.a, 1)
        row.addWidget(self.swap)
        row.addWidget(self.b, 1)
        row.addWidget(self.close_button)
        self.a.clicked.connect(lambda: self._on_side_clicked("A"))
        self.b.clicked.connect(lambda: self._on_side_clicked("B"))
        self.swap.clicked.connect(self.swap_wanted)
        self.close_button.clicked.connect(self.close_wanted)

    def show_sides(self, a_name: str, b_name: str, heard: str) -> None:
        """Show the two names, and whether "A" or "B" is heard."""
        self._names, self._heard = (a_name, b_name), heard
        for side, button, name in (("A", self.a, a_name), ("B", self.b, b_name)):
            button.setChecked(side == heard)
            state = "heard" if side == heard else "not heard"
            button.setAccessibleName(f"{side}: {name}, {state}")
        self._fit()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.swap.show_theme(theme)
        self.close_button.show_theme(theme)

    def resizeEvent(self, event: object) -> None:
        """Fit the names again."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        for side, button, name in zip("AB", (self.a, self.b), self._names, strict=True):
            room = max(button.width() - 16, 0)
            end = Qt.TextElideMode.ElideRight
            words = button.fontMetrics().elidedText(f"{side}: {name}", end, room)
            button.setText(words.replace("&", "&&"))  # a lone one would be a mnemonic

    def _on_side_clicked(self, side: str) -> None:
        if side == self._heard:
            self.show_sides(*self._names, self._heard)  # a click unchecked it
        else:
            self.swap_wanted.emit()
