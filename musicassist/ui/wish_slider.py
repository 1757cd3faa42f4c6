"""A wish that may be left free: a slider that rests hollow in the middle until it is moved."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from musicassist.ui.controls import Slider, label, restyle
from musicassist.ui.hints import describe
from musicassist.ui.wish_words import quality_words

_WHERE_FREE: Final = 50
_FREEING_KEYS: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


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

    @property
    def wish(self) -> float | None:
        """What is wished, 0-1; None for nothing."""
        return None if self._is_free else self.value() / 100

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
    """A slider under its name and what it means now; its number is seen while it is dragged.

    Args:
        words: The name shown.
        slider: The slider.
        meaning_of: Says in words what the slider stands at.
        number_of: Says it as a number.
    """

    def __init__(
        self,
        words: str,
        slider: QSlider,
        meaning_of: Callable[[], str],
        number_of: Callable[[], str],
    ) -> None:
        super().__init__()
        self._meaning_of = meaning_of
        self._number_of = number_of
        self.meaning = label("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(captioned(words, self.meaning, slider))
        column.addWidget(slider)
        slider.sliderPressed.connect(lambda: self.show_meaning(is_dragged=True))
        slider.sliderReleased.connect(self.show_meaning)
        slider.valueChanged.connect(lambda _value: self.show_meaning(slider.isSliderDown()))
        self._slider = slider
        self.show_meaning()

    def show_meaning(self, is_dragged: bool = False) -> None:
        """Say what the slider stands at, with its number while it is dragged."""
        meaning = self._meaning_of()
        self.meaning.setText(f"{meaning} · {self._number_of()}" if is_dragged else meaning)
        self._slider.setAccessibleDescription(meaning)


class QualityCell(WishCell):
    """A quality of the manner that may be left free.

    Args:
        quality: Its name in `Manner`; the slider's entry in `HINTS` begins with it.
        words: The name shown.
    """

    def __init__(self, quality: str, words: str) -> None:
        self.slider = FreeSlider()
        describe(self.slider, f"{quality}_slider")
        super().__init__(
            words,
            self.slider,
            lambda: quality_words(quality, self.slider.wish),
            lambda: f"{self.slider.value()} %",
        )
        self.slider.wish_set.connect(lambda _wish: self.show_meaning(self.slider.isSliderDown()))

    def show_wish(self, wish: float | None) -> None:
        """Show a wish of 0-1, or that there is none."""
        self.slider.show_wish(wish)
        self.show_meaning(self.slider.isSliderDown())


def captioned(words: str, meaning: QLabel, buddy: QWidget | None = None) -> QHBoxLayout:
    """Return a row of a control's name and, at the right, what its value means."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    caption = label(words)
    if buddy is not None:
        caption.setBuddy(buddy)
    row.addWidget(caption)
    row.addStretch(1)
    row.addWidget(meaning, 0, Qt.AlignmentFlag.AlignBottom)
    return row
