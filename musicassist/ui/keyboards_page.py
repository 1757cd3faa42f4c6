"""The MIDI inputs, a card each."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicassist.app.devices import DevicesState
from musicassist.music.playing import InputSettings
from musicassist.ui.controls import label
from musicassist.ui.port_card import PortCard
from musicassist.ui.theme import DARK, Theme

_NONE: Final = "No keyboard is connected. Plug one in: it is found by itself."
_SOME: Final = "Keyboards are found by themselves, also while you work."


class KeyboardsPage(QWidget):
    """Shows what can be played on; `input_changed(name, fields)` carries what is wanted of one.

    Args:
        input_settings: Returns what is wanted of an input now.
    """

    input_changed = Signal(str, object)

    def __init__(self, input_settings: Callable[[str], InputSettings]) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._input_settings = input_settings
        self._theme = DARK
        self._n_cards = 0
        self.cards: dict[str, PortCard] = {}
        self.words = label(_NONE, "second")
        self.words.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        self._column.addWidget(self.words)
        self._column.addStretch(1)

    def show_state(self, state: DevicesState) -> None:
        """Show the inputs there are now."""
        names = [port.name for port in state.inputs]
        for name in [name for name in self.cards if name not in names]:
            card = self.cards.pop(name)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, port in enumerate(state.inputs):
            card = self.cards.get(port.name) or self._new_card(port.name, place)
            card.show_port(port, self._input_settings(port.name))
        self.words.setText(_SOME if names else _NONE)

    def show_spoken(self, name: str) -> None:
        """Let an input's light show that something arrived there."""
        if name in self.cards:
            self.cards[name].light.flash()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for card in self.cards.values():
            card.show_theme(theme)

    def _new_card(self, name: str, place: int) -> PortCard:
        self._n_cards += 1
        card = PortCard(name, self._n_cards)
        card.show_theme(self._theme)
        card.change_wanted.connect(lambda fields: self.input_changed.emit(name, fields))
        self.cards[name] = card
        self._column.insertWidget(place, card)
        return card
