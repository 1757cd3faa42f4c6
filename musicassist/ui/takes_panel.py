"""The solos made so far, one card each, newest first."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from musicassist.music.session import Session
from musicassist.ui.controls import label
from musicassist.ui.hints import describe
from musicassist.ui.take_card import TakeCard
from musicassist.ui.theme import DARK, Theme


class TakesPanel(QWidget):
    """Shows a card a solo.

    Args:
        make_drag_file: Writes the file of a solo's number for a drag; None when it cannot.
    """

    select_wanted = Signal(int)
    audition_wanted = Signal(int)
    save_wanted = Signal(int)
    remove_wanted = Signal(int)
    drag_hint_wanted = Signal()

    def __init__(self, make_drag_file: Callable[[int], Path | None]) -> None:
        super().__init__()
        self.setObjectName("takes_panel")
        self._make_drag_file = make_drag_file
        self._cards: dict[int, TakeCard] = {}
        self._theme = DARK
        self._playing_number: int | None = None
        self._session = Session()
        self.count = label("", "caption")
        self._empty = label(
            "Continue makes solos from your phrase. Each gets a card here, to hear, to keep, "
            "and to drag into your DAW.",
            "second",
        )
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 0, 16, 0)
        self._cards_box = QWidget()
        self._cards_column = QVBoxLayout(self._cards_box)
        self._cards_column.setContentsMargins(12, 0, 12, 12)
        self._cards_column.setSpacing(8)
        self._cards_column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._cards_box)
        describe(self._scroll, "takes_list")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._empty)
        column.addWidget(self._scroll, 1)
        self._filler = QWidget()
        self._filler.setProperty("role", "clear")
        column.addWidget(self._filler, 1)

    @property
    def shown_numbers(self) -> tuple[int, ...]:
        """The numbers of the cards from top to bottom."""
        return tuple(each.number for each in self._session.solos)

    def card(self, number: int) -> TakeCard:
        """Return the card of a solo."""
        return self._cards[number]

    def show_session(self, session: Session) -> None:
        """Show another state of the session; cards that stay are not built again."""
        self._session = session
        kept = {each.number for each in session.solos}
        for number in [number for number in self._cards if number not in kept]:
            card = self._cards.pop(number)
            self._cards_column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, numbered in enumerate(session.solos):
            card = self._cards.get(numbered.number) or self._new_card(numbered.number)
            if self._cards_column.indexOf(card) != place:
                self._cards_column.removeWidget(card)
                self._cards_column.insertWidget(place, card)
            card.show_solo(
                numbered,
                session.timed_solo(numbered.solo),
                is_selected=numbered.number == session.selected_number,
                is_playing=numbered.number == self._playing_number,
            )
        n_solos = len(session.solos)
        self.count.setText("" if not n_solos else "1 solo" if n_solos == 1 else f"{n_solos} solos")
        self._empty.setVisible(not n_solos)
        self._filler.setVisible(not n_solos)
        self._scroll.setVisible(bool(n_solos))

    def show_playing(self, number: int | None) -> None:
        """Show which solo is heard."""
        if number != self._playing_number:
            self._playing_number = number
            self.show_session(self._session)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for card in self._cards.values():
            card.show_theme(theme)

    def reveal(self, number: int) -> None:
        """Scroll to a card."""
        if number in self._cards:
            self._scroll.ensureWidgetVisible(self._cards[number])

    def _new_card(self, number: int) -> TakeCard:
        card = TakeCard(number, lambda: self._make_drag_file(number))
        card.select_wanted.connect(lambda: self.select_wanted.emit(number))
        card.audition_wanted.connect(lambda: self.audition_wanted.emit(number))
        card.save_wanted.connect(lambda: self.save_wanted.emit(number))
        card.remove_wanted.connect(lambda: self.remove_wanted.emit(number))
        card.drag_hint_wanted.connect(self.drag_hint_wanted)
        card.show_theme(self._theme)
        self._cards[number] = card
        return card
