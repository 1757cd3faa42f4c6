"""The solos made so far: keeping, rejecting, naming, comparing them, and taking bars of several."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.document import Document
from musicassist.app.made_with import wishes_made_with
from musicassist.app.player import Player
from musicassist.app.step_notices import StepNotices
from musicassist.generation.regeneration import BarRange
from musicassist.music.comp import bar_lines_of, taken_bars
from musicassist.music.session import NumberedSolo, Session

Shows = Literal["all", "starred", "rejected"]
Order = Literal["newest", "starred", "name", "seed"]

LONGEST_TITLE: Final = 80


@dataclass(frozen=True, slots=True)
class TakesView:
    """Which solos are listed, and in which order.

    Attributes:
        shows: All but the rejected, the starred among them, or only the rejected.
        order: Newest answer first, starred first, or by name or seed.
        words: What their names or origins contain, or their seed; empty for anything.
    """

    shows: Shows = "all"
    order: Order = "newest"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two solos between which one switches while they play."""

    a_number: int
    b_number: int


@dataclass(frozen=True, slots=True)
class CompPlan:
    """What a comp is made of, or would begin with.

    Attributes:
        number: The comp; None before there is one.
        bars: The number of the solo each bar is taken from.
        source_number: The solo the next bars are taken from; None for none.
    """

    number: int | None = None
    bars: tuple[int, ...] = ()
    source_number: int | None = None


class Takes(QObject):
    """Everything that is done to the solos of a session but making them.

    `changed` comes when the view, the comparison or the plan of the comp is another without the
    session being another.

    Args:
        document: Whose solos.
        player: What is heard.
        steps: Tells what was done, with the way back.
        parent: Its Qt owner.

    Thread: GUI.
    """

    changed = Signal()

    def __init__(
        self,
        document: Document,
        player: Player,
        steps: StepNotices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._player = player
        self._steps = steps
        self._view = TakesView()
        self._comparison: Comparison | None = None
        self._comp_number: int | None = None
        self._source_number: int | None = None
        self._base_number: int | None = None
        self._last_number = document.session.last_number
        document.session_changed.connect(self._on_document_session_changed)
        document.opened.connect(self._on_document_opened)
        self._on_document_session_changed(document.session)

    @property
    def view(self) -> TakesView:
        """Which solos are listed."""
        return self._view

    @property
    def shown(self) -> tuple[NumberedSolo, ...]:
        """The solos that are listed, from top to bottom."""
        return listed(self._document.session.solos, self._view)

    @property
    def comparison(self) -> Comparison | None:
        """The two that are compared, if any."""
        return self._comparison

    def show(self, view: TakesView) -> None:
        """List others, or in another order."""
        if view != self._view:
            self._view = view
            self.changed.emit()

    def step(self, step: int) -> int | None:
        """Choose the solo some places further down, and return its number; None without solos."""
        numbers = [each.number for each in self.shown]
        if not numbers:
            return None
        place = 0
        if self._document.session.selected_number in numbers:
            place = numbers.index(self._document.session.selected_number) + step
        number = numbers[min(max(place, 0), len(numbers) - 1)]
        self._document.select_solo(number)
        return number

    def star(self, number: int) -> None:
        """Keep a solo, or take its star away."""
        solo = self._solo(number)
        if solo is not None:
            deed = "Unstar" if solo.is_starred else "Star"
            told = "has no star any more" if solo.is_starred else "has a star now"
            session = self._session.with_solo(number, is_starred=not solo.is_starred)
            self._steps.take(
                lambda: self._document.do(f"{deed} {solo.name}", session),
                lambda: f"{solo.name} {told}.",
            )

    def rename(self, number: int, title: str) -> None:
        """Give a solo another name; an empty one gives it back the one it came with."""
        solo = self._solo(number)
        title = " ".join(title.split())[:LONGEST_TITLE]
        if solo is None or title == solo.name:
            return
        if title == f"Solo {number}":
            title = ""
        session = self._session.with_solo(number, title=title)
        self._document.do(f"Rename {solo.name}", session)

    def reject(self, number: int) -> None:
        """Put a solo out of sight; if it was chosen, its neighbour is."""
        solo = self._solo(number)
        if solo is not None and not solo.is_rejected:
            session = self._session.with_solo(number, is_rejected=True)
            self._part(f"Reject {solo.name}", session, {number}, f"{solo.name} rejected.")

    def bring_back(self, number: int) -> None:
        """Show a rejected solo among the others again."""
        solo = self._solo(number)
        if solo is not None and solo.is_rejected:
            self._steps.take(
                lambda: self._document.do(
                    f"Bring {solo.name} back", self._session.with_solo(number, is_rejected=False)
                ),
                lambda: f"{solo.name} is back.",
            )

    def remove(self, number: int) -> None:
        """Take a solo away for good; one undo brings it back."""
        solo = self._solo(number)
        if solo is not None:
            session = self._session.without_solos({number})
            self._part(f"Remove {solo.name}", session, {number}, f"{solo.name} removed.")

    def remove_rejected(self) -> None:
        """Take all rejected solos away for good, in one step."""
        numbers = {each.number for each in self._session.solos if each.is_rejected}
        if numbers:
            name = "1 rejected solo" if len(numbers) == 1 else f"{len(numbers)} rejected solos"
            session = self._session.without_solos(numbers)
            self._part(f"Remove {name}", session, numbers, f"{name} removed.")

    def use_wishes(self, number: int) -> None:
        """Ask for the next solos as this one was asked for."""
        solo = self._solo(number)
        if solo is not None:
            wishes = wishes_made_with(solo.solo, self._session.wishes)
            self._steps.take(
                lambda: self._document.do(
                    f"Use the settings of {solo.name}", replace(self._session, wishes=wishes)
                ),
                lambda: f"The next solos are asked for as {solo.name} was.",
            )

    def compare(self, number: int) -> None:
        """Compare the chosen solo (A) with this one (B), which is heard at once."""
        chosen = self._session.selected_number
        if self._comparison is not None and number == chosen:
            self.swap()
            return
        if self._solo(number) is None or chosen is None or number == chosen:
            return
        self._comparison = Comparison(chosen, number)
        self._document.select_solo(number)
        if not self._player.is_playing:
            self._player.play()

    def swap(self) -> None:
        """Hear the other one of the two, from the same place on."""
        if self._comparison is not None:
            is_a = self._session.selected_number == self._comparison.a_number
            number = self._comparison.b_number if is_a else self._comparison.a_number
            self._document.select_solo(number)

    def end_comparison(self) -> None:
        """Go on with the one that is heard."""
        if self._comparison is not None:
            self._comparison = None
            self.changed.emit()

    @property
    def plan(self) -> CompPlan:
        """What the comp is made of, or would begin with."""
        comp = self._solo(self._comp_number)
        source = self._usable(self._source_number)
        source_number = source.number if source is not None else None
        if comp is not None:
            return CompPlan(comp.number, self._bars_of(comp), source_number)
        base = self._usable(self._base_number) or source
        if base is None:
            return CompPlan()
        n_bars = len(self._lines_of(base)) - 1
        return CompPlan(None, (base.number,) * n_bars, source_number)

    def offers(self, bars: Collection[int]) -> tuple[NumberedSolo, ...]:
        """Return the solos that have all of some bars, counted from 0, by number."""
        having = (
            each
            for each in self._session.solos
            if not each.is_rejected
            and each.number != self._comp_number
            and max(bars) < len(self._lines_of(each)) - 1
        )
        return tuple(sorted(having, key=lambda each: each.number))

    def take_bars(self, bars: BarRange, number: int) -> None:
        """Take some bars of the comp from a solo; the first ones begin a comp.

        Args:
            bars: Which, of those the plan shows.
            number: A solo that `offers` names for them.
        """
        chosen = range(bars.first_bar, bars.first_bar + bars.n_bars)
        plan, source = self.plan, self._solo(number)
        if source is None or source not in self.offers(chosen) or chosen[-1] >= len(plan.bars):
            return
        session, comp = self._begun(plan)
        lines_ticks, bars_of_comp = self._lines_of(comp), self._bars_of(comp)
        sources = [session.solo_numbered(each) for each in bars_of_comp]
        by_bar = [each.solo if each is not None else None for each in sources]
        solo = taken_bars(comp.solo, by_bar, lines_ticks, chosen, source.solo)
        numbers = tuple(number if bar in chosen else each for bar, each in enumerate(bars_of_comp))
        session = session.with_solo(comp.number, solo=solo, comp=numbers, made_clip=None)
        session = replace(session, selected_number=comp.number)
        self._comp_number, self._source_number = comp.number, number
        words = f"{comp.name}: {bars.words} from {source.name}"
        merge_key = f"comp {comp.number} {bars.words}" if plan.number is not None else ""
        self._steps.take(lambda: self._document.do(words, session, merge_key), lambda: f"{words}.")

    def begin_comp(self) -> None:
        """Begin another comp, all of it from the chosen solo."""
        self._comp_number = None
        self._base_number = self._source_number
        if self._usable(self._base_number) is None:
            self.changed.emit()
            return
        session, comp = self._begun(self.plan)
        session = replace(session, selected_number=comp.number)
        self._comp_number = comp.number
        self._steps.take(
            lambda: self._document.do("New comp", session),
            lambda: f"{comp.name} begins as {self._named(comp.comp[0])}.",
        )

    @property
    def _session(self) -> Session:
        return self._document.session

    def _solo(self, number: int | None) -> NumberedSolo | None:
        return self._session.solo_numbered(number)

    def _usable(self, number: int | None) -> NumberedSolo | None:
        solo = self._solo(number)
        return solo if solo is not None and not solo.is_rejected else None

    def _named(self, number: int) -> str:
        solo = self._solo(number)
        return solo.name if solo is not None else f"Solo {number}"

    def _lines_of(self, solo: NumberedSolo) -> tuple[int, ...]:
        session = self._session
        return bar_lines_of(solo.solo, session.timebase, answer_start_ticks(session))

    def _bars_of(self, comp: NumberedSolo) -> tuple[int, ...]:
        """Return the number of the solo each bar of a comp is taken from.

        Where the metre has become another since, its bars are its own.
        """
        n_bars = len(self._lines_of(comp)) - 1
        return comp.comp if len(comp.comp) == n_bars else (comp.number,) * n_bars

    def _begun(self, plan: CompPlan) -> tuple[Session, NumberedSolo]:
        """Return the session with the comp of a plan, and that comp."""
        comp = self._solo(plan.number)
        if comp is not None:
            return self._session, comp
        base = self._solo(plan.bars[0])
        assert base is not None
        session = self._session.with_new_solos((base.solo,), "comp")
        names = {each.name for each in session.solos}
        free = next(n for n in range(1, len(names) + 2) if f"Comp {n}" not in names)
        session = session.with_solo(session.last_number, title=f"Comp {free}", comp=plan.bars)
        comp = session.solo_numbered(session.last_number)
        assert comp is not None
        return session, comp

    def _part(self, name: str, session: Session, numbers: Collection[int], told: str) -> None:
        """Take solos out of the list; if one of them was chosen, a neighbour is."""
        if self._session.selected_number in numbers:
            session = replace(session, selected_number=self._neighbour_of(numbers))
        self._steps.take(lambda: self._document.do(name, session), lambda: told)

    def _neighbour_of(self, numbers: Collection[int]) -> int | None:
        """Return the next solo in the list that is none of some, or the last before them."""
        shown = [each.number for each in self.shown]
        chosen = self._session.selected_number
        place = shown.index(chosen) if chosen in shown else 0
        near = (*shown[place:], *reversed(shown[:place]))
        return next((each for each in near if each not in numbers), None)

    def _on_document_session_changed(self, session: Session) -> None:
        selected = session.selected_solo
        compared = self._comparison
        if compared is not None:
            numbers = (compared.a_number, compared.b_number)
            both = all(self._usable(number) is not None for number in numbers)
            if not both or session.selected_number not in numbers:
                self._comparison = None
        if self._usable(self._comp_number) is None:
            self._comp_number = None
        if self._view.shows == "rejected" and not any(each.is_rejected for each in session.solos):
            self._view = replace(self._view, shows="all")
        is_new = session.last_number > self._last_number
        self._last_number = session.last_number
        if selected is None or selected.is_rejected:
            return
        if selected.comp:
            self._comp_number = selected.number
        elif is_new:
            self._source_number = self._base_number = selected.number
        elif selected.number != self._source_number:
            self._base_number = self._source_number
            self._source_number = selected.number

    def _on_document_opened(self, session: Session) -> None:
        """Forget what was compared and comped in another session."""
        self._comparison = None
        self._comp_number = self._source_number = self._base_number = None
        self._on_document_session_changed(session)
        self.changed.emit()


def listed(solos: tuple[NumberedSolo, ...], view: TakesView) -> tuple[NumberedSolo, ...]:
    """Return the solos that a view lists, in its order."""
    words = view.words.casefold().split()
    kept = [each for each in solos if _is_shown(each, view.shows) and _has(each, words)]
    match view.order:
        case "starred":
            kept.sort(key=lambda each: not each.is_starred)
        case "name":
            kept.sort(key=lambda each: _in_name_order(each.name))
        case "seed":
            kept.sort(key=lambda each: each.solo.seed)
    return tuple(kept)


def _is_shown(solo: NumberedSolo, shows: Shows) -> bool:
    if shows == "rejected":
        return solo.is_rejected
    return not solo.is_rejected and (shows == "all" or solo.is_starred)


def _has(solo: NumberedSolo, words: list[str]) -> bool:
    if not words:
        return True
    said = f"{solo.name} {solo.origin}".casefold()
    return all(word in said or word == str(solo.solo.seed) for word in words)


def _in_name_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Return what sorts `Solo 2` before `Solo 10`."""
    return tuple(
        (not word.isdecimal(), int(word) if word.isdecimal() else 0, word.casefold())
        for word in name.split()
    )
