"""Where played notes go besides the sound: a synthesiser, or a DAW."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from musicassist.app.devices import DevicesState
from musicassist.storage.settings import Settings
from musicassist.ui.controls import CheckBox, ElidedLabel, label
from musicassist.ui.form import CAPTION_PX, choice_field, field_row, offer, one_line
from musicassist.ui.hints import describe, enable
from musicassist.ui.light import Light
from musicassist.ui.theme import Theme

VIRTUAL_NAME: Final = "MusicAssist"
_OWN_PORT: Final = "\N{NULL}"  # the name of no port
_WHAT: Final = (
    "The phrase, the solo and the backing are sent as they are played, so that an instrument in "
    "your DAW or a synthesiser on your desk can play them."
)
_VIRTUAL: Final = (
    f"Your DAW sees a MIDI input called {VIRTUAL_NAME}: choose it there for a track, and arm or "
    "monitor the track."
)
_NO_VIRTUAL: Final = (
    "This system lets no program offer a MIDI port of its own. On Windows install loopMIDI, which "
    "is free, add a port in it, and choose that port here and in your DAW."
)
_TO_NOBODY: Final = "Choose where to first."


class MidiOutPage(QWidget):
    """Shows the MIDI output; `settings_changed(fields)` carries what is chosen."""

    settings_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self.port = choice_field()
        describe(self.port, "midi_output_field")
        self.live = CheckBox("Send what I play too")
        describe(self.live, "sends_live_box")
        self.words = label("", "second")
        self.words.setWordWrap(True)
        self.light = Light()
        self.connection = ElidedLabel(role="second")
        self.connection_row = QWidget()
        self.connection_row.setProperty("role", "clear")
        row = QHBoxLayout(self.connection_row)
        row.setContentsMargins(CAPTION_PX + 8, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.light)
        row.addWidget(self.connection, 1)
        what = label(_WHAT, "second")
        what.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(what)
        column.addSpacing(4)
        column.addLayout(field_row("Send to", self.port))
        column.addWidget(self.connection_row)
        column.addLayout(field_row("", self.live))
        column.addSpacing(4)
        column.addWidget(self.words)
        column.addStretch(1)
        self.port.activated.connect(self._on_port_activated)
        self.live.toggled.connect(lambda is_on: self.settings_changed.emit({"sends_live": is_on}))

    def show_state(self, state: DevicesState, settings: Settings) -> None:
        """Show the outputs there are and the one chosen."""
        outputs = state.outputs
        choices = [("Nothing", "")]
        choices += [(one_line(name), name) for name in outputs.names]
        if outputs.can_be_virtual or settings.is_output_virtual:
            choices.append((f"A port of its own: {VIRTUAL_NAME}", _OWN_PORT))
        chosen = _OWN_PORT if settings.is_output_virtual else settings.midi_output
        if chosen not in [data for _, data in choices]:
            choices.append((f"{one_line(chosen)} (not found)", chosen))
        offer(self.port, choices, chosen)
        with QSignalBlocker(self.live):
            self.live.setChecked(settings.sends_live)
        enable(
            self.live,
            "sends_live_box",
            is_enabled=bool(settings.midi_output),
            reason=_TO_NOBODY,
        )
        self._show_connection(state, settings)
        if state.ready is not None and not outputs.can_be_virtual:
            self.words.setText(_NO_VIRTUAL)
        else:
            self.words.setText(_VIRTUAL if settings.is_output_virtual else "")

    def _show_connection(self, state: DevicesState, settings: Settings) -> None:
        chosen = state.outputs.chosen
        self.connection_row.setVisible(bool(settings.midi_output))
        self.light.show_state(is_open=bool(chosen))
        if chosen:
            self.connection.show_text(f"Sending to {chosen}.")
        else:
            self.connection.show_text("Waiting for it: it is used as soon as it is there.")

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.port.show_theme(theme)
        self.live.show_theme(theme)
        self.light.show_theme(theme)

    def _on_port_activated(self, index: int) -> None:
        name = self.port.itemData(index)
        is_virtual = name == _OWN_PORT
        self.settings_changed.emit(
            {
                "midi_output": VIRTUAL_NAME if is_virtual else name,
                "is_output_virtual": is_virtual,
            }
        )
