"""The chords of a key to choose from, by degree."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QStyle, QStyleOptionButton, QStylePainter, QWidget

from musicassist.music.chords import ChordSymbol
from musicassist.music.degrees import borrowed_chords, degree_of, diatonic_chords, leading_chords
from musicassist.music.keys import Key
from musicassist.ui.chord_words import shown_chord, shown_degree, spoken_chord
from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe_one_of
from musicassist.ui.theme import DARK, SMALL_PX, TINY_PX, Theme, font

_N_COLUMNS = 8
_N_ROWS = 5
_PAD_PX = 6
_GAP_PX = 4
_KEYS_BROUGHT_IT = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.OtherFocusReason,
)

Offered = tuple[str, ChordSymbol]
"""A name for what a chord does, such as its degree, and the chord."""


class ChordButton(Button):
    """A chord with its degree under it. `pointed_at` comes when mouse or keys reach it.

    Args:
        text: The chord as it is written.
        degree: What stands under it.
    """

    pointed_at = Signal()

    def __init__(self, text: str, degree: str) -> None:
        super().__init__(role="chord")
        self._name = shown_chord(text)
        self._degree = degree
        self._theme = DARK

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, as large as text is shown."""
        super().show_theme(theme)
        self._theme = theme
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for both lines."""
        name, degree = QFontMetrics(font(SMALL_PX, is_bold=True)), QFontMetrics(font(TINY_PX))
        width = max(name.horizontalAdvance(self._name), degree.horizontalAdvance(self._degree))
        height = name.height() + (degree.height() if self._degree else 0)
        return QSize(width + 2 * _PAD_PX, height + 2 * _PAD_PX)

    def minimumSizeHint(self) -> QSize:
        """Do not become smaller."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Say that the pointer is here."""
        super().enterEvent(event)
        self.pointed_at.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that the focus is here, if keys brought it."""
        super().focusInEvent(event)
        if event.reason() in _KEYS_BROUGHT_IT[:2]:
            self.pointed_at.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw chord and degree."""
        painter: QPainter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        face = font(SMALL_PX, is_bold=True)
        room = QRectF(self.rect()).adjusted(0, _PAD_PX, 0, -_PAD_PX)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(face)
        painter.setPen(QColor(self._theme.text))
        vertical = Qt.AlignmentFlag.AlignTop if self._degree else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, centre | vertical, self._name)
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
        self._theme = DARK
        self._widgets: list[QWidget] = []
        self._buttons: list[ChordButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)
        self._grid.setColumnStretch(_N_COLUMNS + 1, 1)
        self._grid.setRowStretch(_N_ROWS, 1)

    @property
    def first(self) -> QWidget:
        """Where the focus goes when it is opened."""
        return self._buttons[0]

    @property
    def buttons(self) -> tuple[ChordButton, ...]:
        """The chords offered."""
        return tuple(self._buttons)

    def show_chords(self, key: Key, recent: tuple[str, ...]) -> None:
        """Offer the chords of a key, and those entered last."""
        shown = key, key.prefers_flats, recent
        if shown == self._shown:
            return
        was_focused = next((at for at, each in enumerate(self._buttons) if each.hasFocus()), None)
        self._shown = shown
        for widget in self._widgets:
            widget.setParent(None)
            widget.deleteLater()
        self._widgets, self._buttons = [], []
        rows: list[tuple[str, str, list[Offered]]] = [
            (f"In {key.name}", "triad", _by_degree(diatonic_chords(key, 3), key)),
            ("Sevenths", "seventh", _by_degree(diatonic_chords(key, 4), key)),
            ("Leading to", "leading", list(leading_chords(key))),
            ("Borrowed", "borrowed", _by_degree(borrowed_chords(key), key)),
        ]
        for row, (words, kind, chords) in enumerate(rows):
            self._add_row(row, words, kind, [(name, chord.text) for name, chord in chords])
        if recent:
            self._add_row(len(rows), "Recent", "recent", [("", text) for text in recent])
        if was_focused is not None and was_focused < len(self._buttons):
            self._buttons[was_focused].setFocus(Qt.FocusReason.PopupFocusReason)

    def even_out(self) -> None:
        """Give all chords the room the longest one needs."""
        width = max(button.sizeHint().width() for button in self._buttons)
        for button in self._buttons:
            # The stylesheet's own least height would go before the hint.
            button.setMinimumHeight(button.sizeHint().height())
        for column in range(_N_COLUMNS):
            self._grid.setColumnMinimumWidth(column + 1, width)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for button in self._buttons:
            button.show_theme(theme)

    def _add_row(self, row: int, words: str, kind: str, offered: list[tuple[str, str]]) -> None:
        heading = label(words, "caption")
        self._grid.addWidget(heading, row, 0)
        self._widgets.append(heading)
        for column, (degree, text) in enumerate(offered[:_N_COLUMNS]):
            button = ChordButton(text, shown_degree(degree))
            describe_one_of(button, "palette_chord", f"{kind}-{column}", spoken_chord(text))
            button.clicked.connect(partial(self._choose, text))
            button.pointed_at.connect(partial(self.pointed_at.emit, text))
            button.show_theme(self._theme)
            self._grid.addWidget(button, row, column + 1)
            self._widgets.append(button)
            self._buttons.append(button)

    def _choose(self, text: str, _is_checked: bool = False) -> None:
        self.chosen.emit(text)


def _by_degree(chords: tuple[ChordSymbol, ...], key: Key) -> list[Offered]:
    return [(degree_of(chord, key), chord) for chord in chords]
