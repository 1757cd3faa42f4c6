"""Explains what the pointer is over or the focus is on; otherwise how to begin."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from musicassist.ui.controls import label
from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.shortcuts import Keymap
from musicassist.ui.sizes import hold_size

_HEIGHT_PX: Final = 124
_FIRST_STEPS: Final = (
    "1  Play a phrase.",
    "2  Continue it.",
    "3  Drag a take into your DAW.",
)


class HelpPane(QWidget):
    """Shows the words of `hints.py` for one control at a time.

    Args:
        keymap: Which keys do what.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self.setObjectName("help_pane")
        self.setAccessibleName("Help")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "panel")
        hold_size(self, height_px=_HEIGHT_PX, is_least=True)
        self.title = label("", "title")
        self.text = label("", "second")
        self.text.setWordWrap(True)
        self.keys = label("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addStretch(1)
        column.addWidget(self.keys)
        self.show_first_steps()

    def show_first_steps(self) -> None:
        """Say how to begin."""
        self.title.setText("First steps")
        self.text.setText("\n".join(_FIRST_STEPS))
        self.keys.setText("")

    def show_help(self, widget: QWidget) -> None:
        """Explain a control, or why it cannot be used."""
        name = hint_name_of(widget)
        if name is None:
            return
        hint = HINTS[name]
        self.title.setText(hint.name)
        self.text.setText(hint.tip if widget.isEnabled() else widget.toolTip())
        self.keys.setText(self._keymap.shown(hint.action) if hint.action else "")
