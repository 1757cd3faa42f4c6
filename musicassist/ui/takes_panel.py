"""The solos made so far, one card each, and the comp of their best bars."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from musicassist.app.takes import Comparison, CompPlan, TakesView, listed
from musicassist.music.clip import Clip
from musicassist.music.phrase import is_another
from musicassist.music.session import NumberedSolo, Session
from musicassist.ui.card_list import CardList
from musicassist.ui.comp_strip import CompStrip
from musicassist.ui.compare_bar import CompareBar
from musicassist.ui.controls import Button, ComboBox, label, rule
from musicassist.ui.form import choice_field
from musicassist.ui.hints import describe
from musicassist.ui.shortcuts import Keymap
from musicassist.ui.take_card import CardState, TakeCard
from musicassist.ui.take_menu import take_menu
from musicassist.ui.theme import DARK, SIDE_PX, Theme

_SHOWS: Final = (("All takes", "all"), ("Starred", "starred"), ("Rejected", "rejected"))
_ORDERS: Final = (
    ("Newest", "newest"),
    ("Starred first", "starred"),
    ("By name", "name"),
    ("By seed", "seed"),
)
_NO_SOLOS: Final = (
    "Continue makes solos from your phrase. Each gets a card here, to hear, to keep, "
    "and to drag into your DAW."
)
_NO_SUCH: Final = {
    "all": "There is no such take.",
    "starred": "No take has a star yet. Press the star on a card, or Enter on the chosen one.",
    "rejected": "Nothing is rejected.",
}


class TakesPanel(QWidget):
    """Shows a card a solo.

    `wanted(deed, number)` carries what shall be done with a solo, `stepped(step)` that the one
    before or after the chosen one is wanted, `view_chosen(view)` another choice of solos.

    Args:
        make_drag_file: Writes the file of a solo's number for a drag; None when it cannot.
        offers: Says which solos have some bars, counted from 0.
        keymap: Which keys do what.
    """

    wanted = Signal(str, int)
    renamed = Signal(int, str)
    stepped = Signal(int)
    view_chosen = Signal(object)
    remove_rejected_wanted = Signal()

    def __init__(
        self,
        make_drag_file: Callable[[int], Path | None],
        offers: Callable[[Collection[int]], tuple[NumberedSolo, ...]],
        keymap: Keymap,
    ) -> None:
        super().__init__()
        self.setObjectName("takes_panel")
        self._make_drag_file = make_drag_file
        self._keymap = keymap
        self._theme = DARK
        self._playing_number: int | None = None
        self._playhead_ticks = 0.0
        self._revealed_number: int | None = None
        self._session = Session()
        self._view = TakesView()
        self._comparison: Comparison | None = None
        self._clips: dict[int, tuple[object, ...]] = {}
        self.count = label("", "caption")
        self.shows = _choice("shows_field", _SHOWS)
        self.order = _choice("order_field", _ORDERS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        describe(self.search, "search_field")
        self.compared = CompareBar()
        self.empty = label(_NO_SOLOS, "second")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        self.list = CardList(self._new_card, self._fill)
        self.rejected = Button(role="quiet")
        describe(self.rejected, "rejected_button")
        self.remove_rejected = Button("Remove all for good", role="quiet")
        describe(self.remove_rejected, "remove_rejected_button")
        self.comp = CompStrip(offers)
        self._lay_out()
        self._connect()

    @property
    def shown_numbers(self) -> tuple[int, ...]:
        """The numbers of the cards from top to bottom."""
        return self.list.numbers

    def card(self, number: int) -> TakeCard:
        """Return the card of a solo."""
        return self.list.card(number)

    def show_session(
        self,
        session: Session,
        view: TakesView,
        comparison: Comparison | None,
        plan: CompPlan,
    ) -> None:
        """Show another state: the solos a view lists, which are compared, and the comp."""
        self._session, self._view, self._comparison = session, view, comparison
        self._show_view()
        self._show_comparison()
        self.comp.show_plan(plan, session)
        shown = listed(session.solos, self._view)
        numbers = tuple(each.number for each in shown)
        listed_numbers = frozenset(numbers)
        for number in [number for number in self._clips if number not in listed_numbers]:
            del self._clips[number]
        self.list.show_numbers(numbers)
        if session.selected_number not in (None, self._revealed_number):
            self.list.reveal(session.selected_number)
        self._revealed_number = session.selected_number
        n_rejected = sum(each.is_rejected for each in session.solos)
        n_kept = len(session.solos) - n_rejected
        self._show_count(len(shown), n_kept, n_rejected)
        is_any = bool(session.solos)
        for row in (self.shows, self.order):
            row.setVisible(is_any)
        self.search.setVisible(is_any and (n_kept > 8 or bool(self._view.words)))
        self.list.setVisible(bool(shown))
        self._filler.setVisible(not shown)
        self.empty.setVisible(not shown)
        self.empty.setText(_NO_SUCH[self._view.shows] if is_any else _NO_SOLOS)
        self._say()

    def show_playing(self, number: int | None) -> None:
        """Show which solo is heard."""
        if number != self._playing_number:
            self._playing_number = number
            self.list.fill_again()
            self._say()

    def show_playhead(self, ticks: float, bar: int | None) -> None:
        """Move the playhead in the picture of the solo that is heard.

        Args:
            ticks: Where it is, from the start of the solo's clip.
            bar: The bar of the solo it is in, from 0; None outside, and while nothing is heard.
        """
        self._playhead_ticks = ticks
        for card in self.list.cards:
            is_heard = card.number == self._playing_number
            card.picture.show_playhead(ticks if is_heard else None)
        is_comp = self._playing_number is not None and self._comp_number == self._playing_number
        self.comp.cells.show_playing(bar if is_comp else None)

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        for card in self.list.cards:
            card.show_theme(theme)
        for part in (self.shows, self.order, self.compared, self.comp):
            part.show_theme(theme)

    def reveal(self, number: int) -> None:
        """Scroll to a card."""
        self.list.reveal(number)

    def rename(self, number: int) -> None:
        """Let a solo's name be typed on its card."""
        if number in self.list.numbers:
            self.list.reveal(number)
            self.card(number).begin_renaming()

    def give_up_renaming(self) -> None:
        """Leave names as they are: what is being typed was meant for another session."""
        for card in self.list.cards:
            card.end_renaming(is_taken=False)

    def show_menu(self, number: int, place: QPoint) -> None:
        """Ask what to do with a solo, at a place on the screen."""
        numbered = self._session.solo_numbered(number)
        if numbered is None:
            return

        def act(deed: str) -> None:
            if deed == "rename":
                self.rename(number)
            else:
                self.wanted.emit(deed, number)

        can_compare = self._can_compare(number)
        take_menu(self, numbered, act, self._keymap, can_compare=can_compare).popup(place)

    @property
    def _comp_number(self) -> int | None:
        selected = self._session.selected_solo
        return selected.number if selected is not None and selected.comp else None

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        choices.setSpacing(8)
        choices.addWidget(self.shows, 1)
        choices.addWidget(self.order, 1)
        search = QHBoxLayout()
        search.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        search.addWidget(self.search)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 0)
        foot.addWidget(self.rejected)
        foot.addStretch(1)
        foot.addWidget(self.remove_rejected)
        self._filler = QWidget()
        self._filler.setProperty("role", "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        for part in (choices, search):
            column.addLayout(part)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addWidget(self._filler, 1)
        column.addLayout(foot)
        column.addWidget(self.compared)  # below the cards, so that none moves under the pointer
        column.addWidget(rule())
        column.addWidget(self.comp)

    def _connect(self) -> None:
        self.shows.currentIndexChanged.connect(
            lambda _i: self._choose_view(shows=self.shows.currentData())
        )
        self.order.currentIndexChanged.connect(
            lambda _i: self._choose_view(order=self.order.currentData())
        )
        self.search.textChanged.connect(lambda words: self._choose_view(words=words))
        self.rejected.clicked.connect(
            lambda: self._choose_view(
                shows="all" if self._view.shows == "rejected" else "rejected", words=""
            )
        )
        self.remove_rejected.clicked.connect(self.remove_rejected_wanted)
        self.list.stepped.connect(self.stepped)
        self.list.number_typed.connect(self._on_list_number_typed)
        self.list.menu_wanted.connect(self._on_list_menu_wanted)

    def _show_view(self) -> None:
        view = self._view
        for field, value in ((self.shows, view.shows), (self.order, view.order)):
            with QSignalBlocker(field):
                field.setCurrentIndex(field.findData(value))
        if self.search.text() != view.words:
            with QSignalBlocker(self.search):
                self.search.setText(view.words)

    def _show_comparison(self) -> None:
        session, compared = self._session, self._comparison
        self.compared.setVisible(compared is not None)
        if compared is not None:
            a, b = (session.solo_numbered(n) for n in (compared.a_number, compared.b_number))
            is_a = session.selected_number == compared.a_number
            if a is not None and b is not None:
                self.compared.show_sides(a.name, b.name, "A" if is_a else "B")

    def _choose_view(self, **changes: str) -> None:
        self.view_chosen.emit(replace(self._view, **changes))  # type: ignore[arg-type]

    def _new_card(self) -> TakeCard:
        card = TakeCard(self._make_drag_file)
        card.wanted.connect(self.wanted)
        card.renamed.connect(self.renamed)
        card.menu_wanted.connect(self.show_menu)
        card.show_theme(self._theme)
        return card

    def _fill(self, card: TakeCard, number: int) -> None:
        numbered = self._session.solo_numbered(number)
        if numbered is None:
            return
        compared = self._comparison
        sides = {compared.a_number: "A", compared.b_number: "B"} if compared is not None else {}
        state = CardState(
            is_selected=number == self._session.selected_number,
            is_playing=number == self._playing_number,
            side=sides.get(number, ""),  # type: ignore[arg-type]
            can_compare=self._can_compare(number),
            is_of_another_phrase=self._is_of_another_phrase(numbered.solo.primer),
        )
        card.show_solo(numbered, self._clip_of(numbered), state)
        card.picture.show_playhead(self._playhead_ticks if state.is_playing else None)

    def _is_of_another_phrase(self, primer: Clip) -> bool:
        """Whether a solo answers another phrase than the one shown."""
        shown = self._session.primer
        return shown is not None and shown is not primer and is_another(shown, primer)

    def _clip_of(self, numbered: NumberedSolo) -> Clip:
        """Return what is heard of a solo, worked out once."""
        session = self._session
        made_of = (numbered.solo, session.timing, session.timebase)
        kept = self._clips.get(numbered.number)
        if kept is not None and all(a is b for a, b in zip(kept[:3], made_of, strict=True)):
            clip = kept[3]
            assert isinstance(clip, Clip)
            return clip
        clip = session.timed_solo(numbered.solo)
        self._clips[numbered.number] = (*made_of, clip)
        return clip

    def _can_compare(self, number: int) -> bool:
        """Whether it is one of two that are compared, or there is a chosen one to compare with."""
        selected = self._session.selected_solo
        if selected is None or selected.is_rejected:
            return False
        return self._comparison is not None or number != selected.number

    def _show_count(self, n_shown: int, n_kept: int, n_rejected: int) -> None:
        n_all = n_rejected if self._view.shows == "rejected" else n_kept
        words = "1 solo" if n_all == 1 else f"{n_all} solos"
        self.count.setText(f"{n_shown} of {words}" if n_shown != n_all else words if n_all else "")
        is_seen = self._view.shows == "rejected"
        self.rejected.setText("Back to the takes" if is_seen else f"{n_rejected} rejected")
        self.rejected.setVisible(bool(n_rejected) or is_seen)
        self.remove_rejected.setVisible(is_seen and bool(n_rejected))

    def _say(self) -> None:
        """Let a screen reader know which solo is chosen."""
        selected, numbers = self._session.selected_solo, self.list.numbers
        words = "No solo is chosen."
        if selected is not None and selected.number in numbers:
            place = f"{numbers.index(selected.number) + 1} of {len(numbers)}"
            said = [selected.name, f"seed {selected.solo.seed}"]
            said += ["starred"] if selected.is_starred else []
            said += ["playing"] if selected.number == self._playing_number else []
            words = f"{', '.join(said)}; {place}"
        self.list.setAccessibleDescription(words)

    def _on_list_number_typed(self, number: int) -> None:
        if number in self.list.numbers:
            self.wanted.emit("select", number)
            self.list.reveal(number)

    def _on_list_menu_wanted(self, place: QPoint) -> None:
        if self._session.selected_number is not None:
            self.show_menu(self._session.selected_number, place)


def _choice(name: str, entries: tuple[tuple[str, str], ...]) -> ComboBox:
    field = choice_field()
    for words, value in entries:
        field.addItem(words, value)
    describe(field, name)
    return field
