"""The window's commands as Qt's actions: for keys, menus and buttons alike."""

from collections.abc import Callable, Iterable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from musicassist.ui.shortcuts import COMMANDS, Keymap, Scope, key_of


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
        self._scopes: dict[QObject, Scope] = {}  # of the lanes
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
            if lane not in self._scopes and command.scope != "roll":  # which does so itself
                self._scopes[lane] = command.scope
                lane.installEventFilter(self)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do what a key says in a lane: Qt does nothing where the window has the same key."""
        if not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease:
            return False
        lane = cast(QWidget, watched)
        if not lane.hasFocus():  # it comes from a control in it
            return False
        name = self._keymap.command_at(key_of(event), self._scopes[lane])
        action = self._actions[name] if name is not None else None
        if action is None or not action.isEnabled():
            return False
        event.accept()
        is_press = event.type() == QEvent.Type.KeyPress
        if is_press and (action.autoRepeat() or not event.isAutoRepeat()):
            action.trigger()
        return True

    def _show_keys(self, name: str) -> None:
        keys = [QKeySequence(key) for key in self._keymap.keys_of(name)]
        self._actions[name].setShortcuts(keys)

    def _on_keymap_changed(self) -> None:
        for name in self._actions:
            self._show_keys(name)
