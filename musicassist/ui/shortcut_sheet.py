"""All shortcuts on one sheet: searched, and changed."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe, describe_one_of
from musicassist.ui.shortcuts import COMMANDS, Keymap, shown_key
from musicassist.ui.sizes import hold_size
from musicassist.ui.theme import Theme, scaled

_SIZE_PX: Final = (560, 620)
_KEYS_PX: Final = 168
_WHERE: Final = {
    "window": "",
    "roll": " · in the piano roll",
    "chords": " · in the chord track",
    "takes": " · in the takes",
}


class ShortcutSheet(QDialog):
    """Lists every command with its keys; pressing the keys of one lets others be chosen.

    Args:
        keymap: Which keys do what; changed here.
        parent: The window.
    """

    def __init__(self, keymap: Keymap, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcut_sheet")
        self.setWindowTitle("Shortcuts")
        self._keymap = keymap
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search: a word, or a key such as Ctrl+L")
        self.search.setClearButtonEnabled(True)
        describe(self.search, "shortcut_search")
        self.news = label("", "second")
        self.news.setWordWrap(True)
        self.reset = Button("All as they came")
        describe(self.reset, "reset_shortcuts_button")
        self._nothing = label("No command is called that.", "second")
        self._rows = {name: _Row(name, keymap) for name in COMMANDS}
        self._headings: dict[str, QWidget] = {}
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.reset.clicked.connect(lambda: self._reset(None))
        for name, row in self._rows.items():
            row.bound.connect(lambda key, name=name: self._bind(name, key))
            row.undo.clicked.connect(lambda _on=False, name=name: self._reset(name))
        keymap.changed.connect(self._show)
        self._show()
        self.resize(scaled(_SIZE_PX[0]), _SIZE_PX[1])

    def row(self, name: str) -> "_Row":
        """Return the row of a command."""
        return self._rows[name]

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.reset.show_theme(theme)
        for row in self._rows.values():
            row.show_theme(theme)

    def _lay_out(self) -> None:
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(16, 0, 16, 16)
        rows.setSpacing(2)
        for group in dict.fromkeys(each.group for each in COMMANDS.values()):
            heading = label(group, "title")
            heading.setContentsMargins(0, 16, 0, 4)
            self._headings[group] = heading
            rows.addWidget(heading)
            for name, command in COMMANDS.items():
                if command.group == group:
                    rows.addWidget(self._rows[name])
        rows.addWidget(self._nothing)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(box)
        foot = QHBoxLayout()
        foot.addWidget(self.news, 1)
        foot.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(12)
        for part, is_wide in ((self.search, False), (area, True), (foot, False)):
            inside = QHBoxLayout()
            inside.setContentsMargins(0 if is_wide else 16, 0, 0 if is_wide else 16, 0)
            if isinstance(part, QWidget):
                inside.addWidget(part)
            else:
                inside.addLayout(part)
            column.addLayout(inside, 1 if is_wide else 0)

    def _show(self) -> None:
        for row in self._rows.values():
            row.show_keys()
        self.reset.setEnabled(bool(self._keymap.own))
        self.reset.setToolTip(
            "Give every command the keys it came with."
            if self._keymap.own
            else "All commands have the keys they came with."
        )

    def _find(self, text: str) -> None:
        wanted = text.strip().lower()
        found = {name for name, row in self._rows.items() if wanted in row.words}
        for name, row in self._rows.items():
            row.setVisible(name in found)
        groups = {COMMANDS[name].group for name in found}
        for group, heading in self._headings.items():
            heading.setVisible(group in groups)
        self._nothing.setVisible(not found)

    def _bind(self, name: str, key: QKeySequence) -> None:
        loser = self._keymap.bind(name, key)
        news = f"{shown_key(key.toString())}: {COMMANDS[name].title}."
        if loser is not None:
            news += f" “{COMMANDS[loser].title}” had it before and has lost it."
        elif COMMANDS[name].scope != "window":
            other = self._keymap.command_at(key)
            if other is not None:
                news += f" Everywhere else it still is “{COMMANDS[other].title}”."
        self.news.setText(news)

    def _reset(self, name: str | None) -> None:
        self._keymap.reset(name)
        what = f"“{COMMANDS[name].title}” has" if name is not None else "All commands have"
        self.news.setText(f"{what} the keys as they came.")


class _Row(QWidget):
    """A command, its keys, and the way back to those it came with."""

    def __init__(self, name: str, keymap: Keymap) -> None:
        super().__init__()
        command = COMMANDS[name]
        self._name = name
        self._keymap = keymap
        which = name.replace("_", "-")
        self.keys = _KeyField()
        hold_size(self.keys, width_px=_KEYS_PX)
        describe_one_of(self.keys, "shortcut_keys", which, command.title)
        self.undo = Button(role="bare", icon_name="undo")
        describe_one_of(self.undo, "shortcut_undo", which, command.title)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(f"{command.title}{_WHERE[command.scope]}"), 1)
        row.addWidget(self.undo)
        row.addWidget(self.keys)
        self.bound = self.keys.keySequenceChanged

    @property
    def words(self) -> str:
        """What a search looks through, in small letters."""
        keys = " ".join(shown_key(key) for key in self._keymap.keys_of(self._name))
        command = COMMANDS[self._name]
        return f"{command.title} {command.group} {keys}".lower()

    def show_keys(self) -> None:
        """Show the keys it has now."""
        self.keys.show_keys(self._keymap.keys_of(self._name))
        self.undo.setVisible(self._keymap.is_own(self._name))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.undo.show_theme(theme)


class _KeyField(QKeySequenceEdit):
    """Shows keys and takes another one; Tab and Escape leave it, as everywhere."""

    _inner: QLineEdit | None = None  # Qt lets the filter see events before it can be found

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self._shown = ""
        inner = self.findChild(QLineEdit)
        assert inner is not None
        self._inner = inner
        inner.setPlaceholderText("none")
        inner.installEventFilter(self)

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Show what the command has now, all of it."""
        self._shown = "   ".join(shown_key(key) for key in keys)
        self.blockSignals(True)
        self.setKeySequence(QKeySequence(keys[0] if keys else ""))
        self.blockSignals(False)
        self._show()
        self.setAccessibleDescription(self._shown or "none")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what to do while the focus is here."""
        inner = self._inner
        if inner is not None and watched is inner and event.type() == QEvent.Type.FocusIn:
            inner.setText("")
            inner.setPlaceholderText("Press the key")
        elif inner is not None and watched is inner and event.type() == QEvent.Type.FocusOut:
            inner.setText(self._shown)
            inner.setPlaceholderText("none")
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a key, but leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            self._show()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        if self._inner is not None:
            self._inner.setText(self._shown)
