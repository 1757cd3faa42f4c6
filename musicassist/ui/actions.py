"""The window's commands as Qt's actions: for keys, menus and buttons alike."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.shortcuts import COMMANDS, Keymap


class Actions(QObject):
    """Every command that something has been tied to, by its name in `COMMANDS`.

    Args:
        window: Where the keys of scope "window" count.
        keymap: Which keys do what; followed when it changes.
    """

    def __init__(self, window: QWidget, keymap: Keymap) -> None:
        super().__init__(window)
        self._window = window
        self._keymap = keymap
        self._actions: dict[str, QAction] = {}
        keymap.changed.connect(self._on_keymap_changed)

    def __getitem__(self, name: str) -> QAction:
        """Return the action of a command; it must have been added."""
        return self._actions[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The commands that something is tied to."""
        return tuple(self._actions)

    def add(self, name: str, act: Callable[[], object], *, lane: QWidget | None = None) -> QAction:
        """Tie a command to what it does.

        Args:
            name: In `COMMANDS`.
            act: What it does.
            lane: The lane whose focus its keys need, for a command of such a scope.
        """
        command = COMMANDS[name]
        if (lane is None) != (command.scope == "window"):
            raise ValueError(f"keys of scope {command.scope} need their lane, others none: {name}")
        action = QAction(command.title, self)
        action.setObjectName(f"{name}_action")
        action.setAutoRepeat(command.repeats)
        if lane is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: act())
        (lane or self._window).addAction(action)
        self._actions[name] = action
        self._show_keys(name)
        return action

    def fill(self, menu: QMenu, names: Iterable[str]) -> None:
        """Put commands into a menu; an empty name is a line between them."""
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()

    def _show_keys(self, name: str) -> None:
        keys = [QKeySequence(key) for key in self._keymap.keys_of(name)]
        self._actions[name].setShortcuts(keys)

    def _on_keymap_changed(self) -> None:
        for name in self._actions:
            self._show_keys(name)


class KeyTips(QObject):
    """Shows a control's key behind its tooltip, whichever it is now.

    Args:
        keymap: Which keys do what.
        parent: Its Qt owner; it must be installed as an event filter of the application.
    """

    def __init__(self, keymap: Keymap, parent: QObject) -> None:
        super().__init__(parent)
        self._keymap = keymap

    def tip_of(self, widget: QWidget) -> str:
        """Return what the tooltip of a control says."""
        text = widget.toolTip()
        name = hint_name_of(widget)
        action = HINTS[name].action if name is not None else ""
        key = self._keymap.shown(action) if action else ""
        return f"{text} ({key})" if text and key and widget.isEnabled() else text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the tooltip with its key."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(watched, QWidget):
            return False
        text = self.tip_of(watched)
        if not text or text == watched.toolTip():
            return False
        assert isinstance(event, QHelpEvent)
        QToolTip.showText(event.globalPos(), text, watched)
        return True
