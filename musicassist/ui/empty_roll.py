"""What the piano roll says while there are no notes in it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe


def empty_state() -> tuple[QWidget, Button]:
    """Return what stands in an empty roll, and its button that loads the demo."""
    state = QWidget()
    state.setProperty("role", "clear")
    layout = QVBoxLayout(state)
    layout.setSpacing(8)
    centre = Qt.AlignmentFlag.AlignCenter
    layout.addWidget(label("Play something. It will appear here.", "name"), 0, centre)
    layout.addWidget(label("Or drop a MIDI file here.", "second"), 0, centre)
    button = Button("Load the demo")
    describe(button, "demo_button")
    layout.addSpacing(8)
    layout.addWidget(button, 0, centre)
    return state, button
