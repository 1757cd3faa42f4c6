"""Whole progressions to choose from."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget

from musicassist.app.progression_presets import Preset, all_presets
from musicassist.ui.chord_words import shown_degree
from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe, enable
from musicassist.ui.theme import Theme

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PresetPage(QWidget):
    """A list with a search over it, and what the chosen progression is like under it.

    `used(preset, for_all)` says which one is wanted, for the whole track or for the bars chosen.
    """

    used = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search, such as blues or jazz")
        describe(self.search, "preset_search")
        self.list = QListWidget()
        describe(self.list, "preset_list")
        self.about = QLabel()
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setWordWrap(True)
        self.about.setProperty("role", "second")
        self.degrees = label("", "caption")
        self.degrees.setWordWrap(True)
        self.for_all = Button("Use for the whole track", role="small")
        self.for_part = Button("Use for the bars chosen", role="small")
        describe(self.for_all, "preset_all_button")
        describe(self.for_part, "preset_part_button")
        self._found: list[Preset] = []
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.for_all)
        row.addWidget(self.for_part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.about)
        column.addWidget(self.degrees)
        column.addLayout(row)
        self.search.textChanged.connect(self._show_found)
        self.search.installEventFilter(self)
        self.list.currentRowChanged.connect(lambda _row: self._show_chosen())
        self.list.itemActivated.connect(lambda _item: self._use(for_all=True))
        self.for_all.clicked.connect(lambda: self._use(for_all=True))
        self.for_part.clicked.connect(lambda: self._use(for_all=False))
        self._show_found("")

    @property
    def chosen(self) -> Preset | None:
        """The progression chosen in the list."""
        row = self.list.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.for_all.show_theme(theme)
        self.for_part.show_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the search be left downwards, and Enter use what was found."""
        if watched is not self.search or event.type() != QEvent.Type.KeyPress:
            return False
        assert isinstance(event, QKeyEvent)
        if event.key() == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in _ENTER:
            self._use(for_all=True)
        else:
            return False
        return True

    def _show_found(self, words: str) -> None:
        self._found = [each for each in all_presets() if each.is_meant_by(words)]
        self.list.clear()
        self.list.addItems([each.title for each in self._found])
        if self._found:
            self.list.setCurrentRow(0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        preset = self.chosen
        nothing = "There is none of that name: search for something else."
        self.about.setText(preset.description if preset is not None else nothing)
        bars = " ".join(shown_degree(preset.chords).split()) if preset is not None else ""
        self.degrees.setText(bars)
        for button, name in (
            (self.for_all, "preset_all_button"),
            (self.for_part, "preset_part_button"),
        ):
            enable(button, name, is_enabled=preset is not None, reason=nothing)

    def _use(self, *, for_all: bool) -> None:
        if self.chosen is not None:
            self.used.emit(self.chosen, for_all)
