"""Rows of a form: a word at the left, what belongs to it at the right."""

from typing import Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from musicassist.ui.controls import ComboBox, label
from musicassist.ui.sizes import hold_size

CAPTION_PX: Final = 80

Choices = list[tuple[str, str]] | list[tuple[str, int]]
"""What a list offers: words, and what is chosen by them."""


def field_row(words: str, field: QWidget) -> QHBoxLayout:
    """Return a row of a caption and a field."""
    caption: QLabel = label(words, "second")
    hold_size(caption, width_px=CAPTION_PX)
    caption.setBuddy(field)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(caption)
    row.addWidget(field, 1)
    return row


def choice_field() -> ComboBox:
    """Return a list that is as wide as its place, however long its words are."""
    field = ComboBox()
    field.setMinimumContentsLength(4)
    field.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return field


def offer(field: ComboBox, choices: Choices, chosen: str | int) -> None:
    """Show choices and which one holds; an open list is only touched when they have changed."""
    with QSignalBlocker(field):
        present = [(field.itemText(each), field.itemData(each)) for each in range(field.count())]
        if present != choices:
            field.clear()
            for words, data in choices:
                field.addItem(words, data)
        offered = [data for _, data in choices]
        field.setCurrentIndex(offered.index(chosen) if chosen in offered else -1)


def one_line(name: str) -> str:
    """Return a foreign name so that a list shows it as one line."""
    return " ".join(name.split())
