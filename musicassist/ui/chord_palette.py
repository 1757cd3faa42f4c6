"""The chords of a key to choose from, by degree."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QStyle, QStyleOptionButton, QStylePainter, QWidget

from musicassist.music.chords import ChordSymbol
from musicassist.music.degrees import borrowed_chords, degree_of, diatonic_chords, leading_chords
from musicassist.music.keys import Key
from musicassist.ui.chord_words import shown_chord, shown_degree, spoken_chord
from musicassist.ui.controls import Button, label
from musicassist.ui.hints import HINTS, describe_one_of
from musicassist.ui.theme import DARK, SMALL_PX, TINY_PX, Theme, font

_ROWS: Final = ("triad", "seventh", "leading", "borrowed", "recent")
_N_COLUMNS: Final = 8
_PAD_PX: Final = 6
_GAP_PX: Final = 4
_KEYS_BROUGHT_IT: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)

Offered = tuple[str, str]
"""A name for what a chord does, such as its degree, and the chord as it is written."""


class ChordButton(Button):
    """A chord with its degree under it.

    `pointed_at(text)` comes when mouse or keys reach it, `chosen(text)` when it is pressed.
    """

    pointed_at = Signal(str)
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(role="chord")
        self._chord = ""
        self._degree = ""
        self._theme = DARK
        self.clicked.connect(lambda: self.chosen.emit(self._chord))

    def show_chord(self, text: str, degree: str) -> None:
        """Offer another chord.

        Args:
            text: The chord as it is written.
            degree: What stands under it; may be empty.
        """
        self._chord, self._degree = text, shown_degree(degree)
        self.setAccessibleName(f"{HINTS['palette_chord'].name}: {spoken_chord(text)}")
        self.updateGeometry()
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, as large as text is shown."""
        super().show_theme(theme)
        self._theme = theme
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for both lines."""
        name, degree = QFontMetrics(font(SMALL_PX, is_bold=True)), QFontMetrics(font(TINY_PX))
        width = max(
            name.horizontalAdvance(shown_chord(self._chord)),
            degree.horizontalAdvance(self._degree),
        )
        height = name.height() + (degree.height() if self._degree else 0)
        return QSize(width + 2 * _PAD_PX, height + 2 * _PAD_PX)

    def minimumSizeHint(self) -> QSize:
        """Do not become smaller."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Say that the pointer is here."""
        super().enterEvent(event)
        self.pointed_at.emit(self._chord)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that the focus is here, if keys brought it."""
        super().focusInEvent(event)
        if event.reason() in _KEYS_BROUGHT_IT:
            self.pointed_at.emit(self._chord)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw chord and degree."""
        painter: QPainter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        room = QRectF(self.rect()).adjusted(0, _PAD_PX, 0, -_PAD_PX)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(font(SMALL_PX, is_bold=True))
        painter.setPen(QColor(self._theme.text))
        vertical = Qt.AlignmentFlag.AlignTop if self._degree else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, centre | vertical, shown_chord(self._chord))
        painter.setFont(font(TINY_PX))
        painter.setPen(QColor(self._theme.secondary))
        painter.drawText(room, centre | Qt.AlignmentFlag.AlignBottom, self._degree)


class ChordPalette(QWidget):
    """Rows of chords: triads and sevenths of the key, what leads to them, guests, recent ones.

    `chosen(text)` and `pointed_at(text)` say which chord.
    """

    chosen = Signal(str)
    pointed_at = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Key, bool | None, tuple[str, ...]] | None = None
        self._headings = [label("", "caption") for _ in _ROWS]
        self._rows: list[list[ChordButton]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)
        self._grid.setColumnStretch(_N_COLUMNS + 1, 1)
        self._grid.setRowStretch(len(_ROWS), 1)
        for row, (kind, heading) in enumerate(zip(_ROWS, self._headings, strict=True)):
            self._grid.addWidget(heading, row, 0)
            self._rows.append([self._make(kind, row, column) for column in range(_N_COLUMNS)])

    @property
    def first(self) -> QWidget:
        """Where the focus goes when it is opened."""
        return self._rows[0][0]

    @property
    def buttons(self) -> tuple[ChordButton, ...]:
        """The chords offered."""
        return tuple(each for row in self._rows for each in row if not each.isHidden())

    def show_chords(self, key: Key, recent: tuple[str, ...]) -> None:
        """Offer the chords of a key, and those entered last."""
        shown = key, key.prefers_flats, recent
        if shown == self._shown:
            return
        self._shown = shown
        offered: tuple[tuple[str, list[Offered]], ...] = (
            (f"In {key.name}", _by_degree(diatonic_chords(key, 3), key)),
            ("Sevenths", _by_degree(diatonic_chords(key, 4), key)),
            ("Leading to", [(name, chord.text) for name, chord in leading_chords(key)]),
            ("Borrowed", _by_degree(borrowed_chords(key), key)),
            ("Recent", [("", text) for text in recent]),
        )
        for heading, row, (words, chords) in zip(self._headings, self._rows, offered, strict=True):
            heading.setText(words)
            heading.setVisible(bool(chords))
            for index, button in enumerate(row):
                button.setVisible(index < len(chords))
                if index < len(chords):
                    degree, text = chords[index]
                    button.show_chord(text, degree)

    def even_out(self) -> None:
        """Give all chords the room the longest one needs."""
        width = max(button.sizeHint().width() for button in self.buttons)
        for button in self.buttons:
            # The stylesheet's own least height would go before the hint.
            button.setMinimumHeight(button.sizeHint().height())
        for column in range(_N_COLUMNS):
            self._grid.setColumnMinimumWidth(column + 1, width)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for row in self._rows:
            for button in row:
                button.show_theme(theme)

    def _make(self, kind: str, row: int, column: int) -> ChordButton:
        button = ChordButton()
        describe_one_of(button, "palette_chord", f"{kind}-{column}", "none")
        button.chosen.connect(self.chosen)
        button.pointed_at.connect(self.pointed_at)
        self._grid.addWidget(button, row, column + 1)
        return button


def _by_degree(chords: tuple[ChordSymbol, ...], key: Key) -> list[Offered]:
    return [(degree_of(chord, key), chord.text) for chord in chords]
