"""What the pointer or the focus has come to, for the help pane; keys behind tooltips."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.shortcuts import Keymap

_KEYS_BROUGHT: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_WATCHED: Final = frozenset(
    (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.ToolTip)
)


class PointerWords(QObject):
    """The one watcher of the whole program's events, because every watcher costs each of them.

    `came_to(widget)` comes when the pointer, or the focus by key, reaches a control; `left` when
    the pointer leaves the window.

    Args:
        keymap: Which keys do what.
        window: The window.
    """

    came_to = Signal(QWidget)
    left = Signal()

    def __init__(self, keymap: Keymap, window: QWidget) -> None:
        super().__init__(window)
        self._keymap = keymap
        self._window = window

    def watch(self) -> None:
        """Begin; not before there is something to see."""
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def tip_of(self, widget: QWidget) -> str:
        """Return what the tooltip of a control says: its words, and its key of now."""
        text = widget.toolTip()
        name = hint_name_of(widget)
        action = HINTS[name].action if name is not None else ""
        key = self._keymap.shown(action) if action else ""
        return f"{text} ({key})" if text and key and widget.isEnabled() else text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow pointer and focus, and show tooltips with their keys."""
        kind = event.type()
        if kind not in _WATCHED or not isinstance(watched, QWidget):
            return False
        if kind == QEvent.Type.ToolTip:
            return self._show_tip(watched, event)
        if kind == QEvent.Type.Enter or _is_tabbed_to(event):
            self.came_to.emit(watched)
        elif kind == QEvent.Type.Leave and watched is self._window:
            self.left.emit()
        return False

    def _show_tip(self, widget: QWidget, event: QEvent) -> bool:
        text = self.tip_of(widget)
        if not text or text == widget.toolTip():
            return False
        assert isinstance(event, QHelpEvent)
        QToolTip.showText(event.globalPos(), text, widget)
        return True


def _is_tabbed_to(event: QEvent) -> bool:
    return isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _KEYS_BROUGHT
