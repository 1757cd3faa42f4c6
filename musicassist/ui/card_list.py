"""A list of cards of which only those in sight, and a few around them, are there."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from musicassist.ui.hints import describe
from musicassist.ui.take_card import TakeCard
from musicassist.ui.theme import SIDE_PX

_GAP_PX: Final = 8
_STEP_PX: Final = 24
_AROUND: Final = 1  # cards ready above and below what is seen


class CardList(QScrollArea):
    """Shows cards by number; all are equally high.

    With the focus, `stepped(step)` comes for the arrows, `number_typed(number)` for a digit, and
    `menu_wanted(place)` for the menu key.

    Args:
        make_card: Makes an empty card.
        fill: Shows a solo's state on a card.
    """

    stepped = Signal(int)
    number_typed = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(
        self, make_card: Callable[[], TakeCard], fill: Callable[[TakeCard, int], None]
    ) -> None:
        super().__init__()
        describe(self, "takes_list")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_card = make_card
        self._fill = fill
        self._numbers: tuple[int, ...] = ()
        self._cards: dict[int, TakeCard] = {}
        self._free: list[TakeCard] = []
        self._order: list[int] = []
        self._card_px = 0
        viewport = QWidget()  # ours: to learn what Qt's own is, Python looks at all its classes
        viewport.setBackgroundRole(QPalette.ColorRole.NoRole)
        self.setViewport(viewport)
        self._page = QWidget()
        self.setWidget(self._page)
        self.verticalScrollBar().setSingleStep(_STEP_PX)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._show_in_sight())

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all cards from top to bottom, seen or not."""
        return self._numbers

    @property
    def cards(self) -> tuple[TakeCard, ...]:
        """The cards that are there now, also those kept for later."""
        return (*self._cards.values(), *self._free)

    def card(self, number: int) -> TakeCard:
        """Return the card of a number; scrolls there if it is out of sight."""
        if number not in self._cards:
            self.reveal(number)
        return self._cards[number]

    def show_numbers(self, numbers: tuple[int, ...]) -> None:
        """Show these cards, in this order, as they stand now."""
        self._numbers = numbers
        self._measure()
        self._show_in_sight()

    def fill_again(self) -> None:
        """Show the cards in sight as they stand now."""
        for number, card in self._cards.items():
            self._fill(card, number)

    def reveal(self, number: int) -> None:
        """Scroll as little as shows a card whole."""
        if number in self._numbers and self._card_px:
            place = self._numbers.index(number)
            top = place * (self._card_px + _GAP_PX)
            bar = self.verticalScrollBar()
            lowest = top + self._card_px - self.viewport().height()
            bar.setValue(min(max(bar.value(), lowest), top))
            self._show_in_sight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cards to the width."""
        super().resizeEvent(event)
        self._measure()
        self._show_in_sight()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when letters have another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._card_px = 0
            self._measure()
            self._show_in_sight()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure again when the cards have come to need another height."""
        if event.type() == QEvent.Type.LayoutRequest and self._card_px and self.cards:
            is_renaming = any(card.is_renaming for card in self.cards)
            if not is_renaming and self.cards[0].sizeHint().height() != self._card_px:
                self._card_px = 0
                self._measure()
                self._show_in_sight()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose another card."""
        if event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case key if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
                self.number_typed.emit(key - Qt.Key.Key_0)
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask what to do with the chosen card, by the menu key."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().center()))

    def _measure(self) -> None:
        """Give the page the height of all its cards."""
        if self._numbers and not self._card_px:
            if not self.cards:
                self._free.append(self._made())
            self._card_px = self.cards[0].sizeHint().height()
        height = len(self._numbers) * (self._card_px + _GAP_PX) + _GAP_PX // 2
        self._page.resize(self.viewport().width(), height)

    def _show_in_sight(self) -> None:
        """Have cards where they are seen, made of those that no longer are."""
        wanted = self._in_sight()
        for number in [number for number in self._cards if number not in wanted]:
            self._give_up(number)
        for number in wanted:
            if number not in self._cards:
                # One that is still shown comes first: to hide it and show it again takes longer.
                self._cards[number] = self._free.pop() if self._free else self._made()
            card = self._cards[number]
            self._fill(card, number)
            card.setGeometry(self._place_of(number))
            card.setVisible(True)
        for card in self._free:
            card.hide()
        if wanted != self._order:
            self._order = wanted
            self._tie_tabs()

    def _in_sight(self) -> list[int]:
        """Return the numbers of cards that are seen or near, and of one being renamed."""
        if not self._card_px:
            return []
        step = self._card_px + _GAP_PX
        top = self.verticalScrollBar().value()
        first = max(0, top // step - _AROUND)
        last = (top + self.viewport().height()) // step + _AROUND
        near = list(self._numbers[first : last + 1])
        kept = [
            number
            for number, card in self._cards.items()
            if card.is_renaming and number in self._numbers and number not in near
        ]
        return near + kept

    def _place_of(self, number: int) -> QRect:
        top = self._numbers.index(number) * (self._card_px + _GAP_PX)
        width = self.width() - 2 * SIDE_PX  # the scroll bar stands in the margin
        return QRect(SIDE_PX, top, max(width, 0), self._card_px)

    def _give_up(self, number: int) -> None:
        card = self._cards.pop(number)
        card.end_renaming(is_taken=False)
        focused = QApplication.focusWidget()
        if focused is not None and card.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._free.append(card)

    def _made(self) -> TakeCard:
        card = self._make_card()
        card.setParent(self._page)
        return card

    def _tie_tabs(self) -> None:
        """Let Tab go through the cards as they stand."""
        controls = [each for number in self._order for each in self._cards[number].controls]
        before: QWidget = self
        for each in controls:
            QWidget.setTabOrder(before, each)
            before = each
