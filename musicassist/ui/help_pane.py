"""Explains what the pointer is over or the focus is on; otherwise how to begin."""

from bisect import bisect_left
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from musicassist.ui.controls import label
from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.shortcuts import Keymap
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import SIDE_PX

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
        self.text = _Explanation()
        self.keys = label("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 8, SIDE_PX, 12)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.text, 1)
        column.addWidget(self.keys)
        self.show_first_steps()

    def show_first_steps(self) -> None:
        """Say how to begin."""
        self.title.setText("First steps")
        self.text.show_text("\n".join(_FIRST_STEPS))
        self._show_keys("")

    def show_help(self, widget: QWidget) -> None:
        """Explain a control, or why it cannot be used."""
        name = hint_name_of(widget)
        if name is None:
            return
        hint = HINTS[name]
        self.title.setText(hint.name)
        self.text.show_text(hint.tip if widget.isEnabled() else widget.toolTip())
        self._show_keys(self._keymap.shown(hint.action) if hint.action else "")

    def _show_keys(self, keys: str) -> None:
        self.keys.setText(keys)
        self.keys.setVisible(bool(keys))


class _Explanation(QLabel):
    """Words that wrap, and end in an ellipsis where the pane is too low; the tooltip has them all.

    It asks for no height, so that the pane never moves its neighbours while the pointer goes about.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "second")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.whole_text = ""

    def show_text(self, text: str) -> None:
        """Show other words."""
        self.whole_text = text
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the words again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words = self.whole_text.split(" ")
        n_fitting = bisect_left(range(len(words)), True, key=lambda n: not self._fits(words, n + 1))
        self.setText(self._shown(words, n_fitting))

    def _fits(self, words: list[str], n_words: int) -> bool:
        room = self.rect()
        wrapped = Qt.TextFlag.TextWordWrap
        shown = self._shown(words, n_words)
        return self.fontMetrics().boundingRect(room, wrapped, shown).height() <= room.height()

    def _shown(self, words: list[str], n_words: int) -> str:
        return " ".join(words[:n_words]) + (" \u2026" if n_words < len(words) else "")
