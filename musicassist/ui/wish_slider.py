"""A wish that may be left free: a slider that rests hollow in the middle until it is moved."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from musicassist.ui.controls import Slider, label, restyle
from musicassist.ui.hints import describe

FREE: Final = "free"
_WHERE_FREE: Final = 50
_FREEING_KEYS: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_LEVELS: Final = (10, 35, 65, 90, 100)  # up to which place of the slider each of five words goes


class FreeSlider(Slider):
    """A slider that also says "as you like".

    `wish_set(value)` comes with 0-1 when it is moved, and with None when a double-click, Delete or
    Backspace frees it.
    """

    wish_set = Signal(object)

    def __init__(self) -> None:
        super().__init__(resting=_WHERE_FREE)
        self._is_free = False
        self.show_wish(None)
        self.valueChanged.connect(lambda value: self._wish(value / 100))

    @property
    def is_free(self) -> bool:
        """Whether nothing is wished."""
        return self._is_free

    def show_wish(self, wish: float | None) -> None:
        """Show a wish of 0-1, or that there is none."""
        with QSignalBlocker(self):
            self.setValue(_WHERE_FREE if wish is None else round(wish * 100))
        if (wish is None) != self._is_free:
            self._is_free = wish is None
            self.setProperty("accent", "free" if self._is_free else "machine")
            restyle(self)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Free it."""
        self._wish(None)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Free it with Delete or Backspace."""
        if event.key() in _FREEING_KEYS:
            self._wish(None)
        else:
            super().keyPressEvent(event)

    def _wish(self, wish: float | None) -> None:
        self.show_wish(wish)
        self.wish_set.emit(wish)


class WishCell(QWidget):
    """A free slider under its name and what it means now.

    Args:
        name: The slider's entry in `HINTS`.
        words: The name shown.
        meanings: What five places mean, from the least to the most.
    """

    def __init__(self, name: str, words: str, meanings: tuple[str, str, str, str, str]) -> None:
        super().__init__()
        self._meanings = meanings
        self.slider = FreeSlider()
        describe(self.slider, name)
        self.meaning = label(FREE, "caption")
        heading = QHBoxLayout()
        heading.setSpacing(4)
        caption = label(words, "second")
        caption.setBuddy(self.slider)
        heading.addWidget(caption)
        heading.addStretch(1)
        heading.addWidget(self.meaning, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addWidget(self.slider)
        self.slider.wish_set.connect(lambda _wish: self._show_meaning())
        self._show_meaning()

    def show_wish(self, wish: float | None) -> None:
        """Show a wish of 0-1, or that there is none."""
        self.slider.show_wish(wish)
        self._show_meaning()

    def _show_meaning(self) -> None:
        value = self.slider.value()
        level = next(index for index, highest in enumerate(_LEVELS) if value <= highest)
        meaning = FREE if self.slider.is_free else self._meanings[level]
        self.meaning.setText(meaning)
        self.slider.setAccessibleDescription(meaning)
