"""The session being worked on: intents go in, facts come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import Arrangement, arrangement_of
from musicassist.app.history import History
from musicassist.generation.characters import AS_PRIMER, find_character, wishes_of
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.session import Session, Wishes
from musicassist.music.solo import Solo
from musicassist.music.take import Take
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

CHORDS: Final = "chords"  # how the merge keys of steps that change chords begin
_WISH: Final = "wish"  # the same for wishes that are heard; only such steps can be followed
# Wishes about what is asked for next; no solo that plays can follow them.
_UNHEARD_WISHES: Final = {"n_bars", "n_takes", "seed", "is_seed_kept", "model_id", "has_pickup"}


class Document(QObject):
    """Holds the session and its history; the only place that changes it.

    Every intent is one named, undoable step, except choosing a solo. `session_changed` comes after
    every change, `opened` then when it is another session altogether, `step_taken` with the name of
    what was done, undone or redone, `wish_moved` when a wish is another that a solo can follow
    while it plays.

    Args:
        session: What to start with.
        parent: Its Qt owner.

    Thread: GUI.
    """

    session_changed = Signal(object)
    opened = Signal(object)
    step_taken = Signal(str)
    wish_moved = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History(session)
        self._arrangement = arrangement_of(session)
        self._movement = ""  # what is being moved, as long as nothing else is done
        self._following_number: int | None = None  # the solo that follows it

    @property
    def session(self) -> Session:
        """The session now."""
        return self._history.session

    @property
    def arrangement(self) -> Arrangement:
        """What of it is drawn and heard."""
        return self._arrangement

    @property
    def undo_names(self) -> Sequence[str]:
        """What undo would take back, one after the other."""
        return self._history.undo_names

    @property
    def redo_names(self) -> Sequence[str]:
        """What redo would do again, one after the other."""
        return self._history.redo_names

    @property
    def undo_name(self) -> str:
        """What undo would take back; empty when there is nothing."""
        return self._history.undo_name

    @property
    def redo_name(self) -> str:
        """What redo would do again; empty when there is nothing."""
        return self._history.redo_name

    def open(self, session: Session) -> None:
        """Go on with a session of its own, whose steps begin now."""
        self._end_movement()
        self._history = History(session)
        self._arrangement = arrangement_of(session)
        self.session_changed.emit(session)
        self.opened.emit(session)

    def do(self, name: str, session: Session, merge_key: str = "") -> None:
        """Take a step, unless it changes nothing.

        Args:
            name: What is done, as shown beside undo.
            session: What it leads to.
            merge_key: Steps of the same key in a row are one, as the movements of a slider are.
        """
        if session == self.session:
            return
        if merge_key != self._movement:
            # Wishes and chords changed one after another are followed by one and the same solo.
            if not (_is_followed(merge_key) and _is_followed(self._movement)):
                self._following_number = None
            self._movement = merge_key
        self._history.do(name, session, merge_key=merge_key)
        self._tell()
        self.step_taken.emit(name)

    def set_tempo(self, bpm: float) -> None:
        """Play everything at one tempo."""
        tempo = Timebase.steady(bpm).tempos[0]
        self._retime(replace(self.session.timebase, tempos=(tempo,)), "Change tempo")

    def set_meter(self, numerator: int, denominator: int) -> None:
        """Count everything in one time signature."""
        meter = MeterChange(0, numerator, denominator)
        self._retime(replace(self.session.timebase, meters=(meter,)), "Change metre")

    def set_key(self, key: Key | None) -> None:
        """Play in a key; None lets the soloist find it."""
        self.do("Change key", replace(self.session, key=key))

    def replace_primer(
        self, clip: Clip, step_name: str = "Play a phrase", *, take: Take | None = None
    ) -> None:
        """Continue another phrase from now on; solos, chords and key stay as they are.

        Args:
            clip: The phrase.
            step_name: What was done, as shown beside undo.
            take: The performance it was made of; None when it came from elsewhere.
        """
        session = replace(self.session, primer=clip, primer_take=take, selected_number=None)
        self.do(step_name, session)

    def change_primer(self, clip: Clip, step_name: str) -> None:
        """Go on with the phrase as it has become, such as by overdubbing; the solo stays."""
        self.do(step_name, replace(self.session, primer=clip, primer_take=None))

    def replace_session(self, session: Session, step_name: str) -> None:
        """Go on with other music."""
        self.do(step_name, session)

    def add_solos(
        self, solos: tuple[Solo, ...], step_name: str = "Continue", *, origin: str = ""
    ) -> None:
        """Keep new answers and choose the first; the next ones get another seed, if they may."""
        session = self.session.with_new_solos(solos, origin)
        wishes = session.wishes
        if not wishes.is_seed_kept:
            wishes = replace(wishes, seed=(wishes.seed + 1) % 2**32)
        self.do(step_name, replace(session, wishes=wishes))

    def let_follow(self, number: int, solo: Solo) -> None:
        """Let what is heard follow the wish being moved, as part of that step.

        The solo that was heard before stays in the list: the first solo that follows is a new one,
        the next ones take its place as long as only wishes and chords are changed.

        Args:
            number: The chosen solo it was made of; if it is no longer chosen, or something else
                has been done since, nothing happens.
            solo: What it has become.
        """
        session, step_name = self.session, self.undo_name
        if not _is_followed(self._movement) or number != session.selected_number:
            return
        if number == self._following_number:
            session = session.with_solo(number, solo=solo, made_clip=None)
        else:
            before = session.solo_numbered(number)
            origin = f"{before.name} with other wishes" if before is not None else ""
            session = session.with_new_solos((solo,), origin)
        self._following_number = session.selected_number
        self.do(step_name, session, self._movement)

    def select_solo(self, number: int | None) -> None:
        """Draw and hear that solo after the primer."""
        if number == self.session.selected_number:
            return
        self._end_movement()
        self._history.amend(replace(self.session, selected_number=number))
        self._tell()

    def change_timing(self, **changes: str | float) -> None:
        """Draw notes to another grid, or more or less strongly."""
        timing = replace(self.session.timing, **_checked(changes))
        self.do("Change timing", replace(self.session, timing=timing), _merge_key(changes))

    def change_wishes(self, **changes: str | int | float | bool) -> None:
        """Ask for other takes next time."""
        wishes = replace(self.session.wishes, **_checked(changes))
        self._wish("Change wishes", wishes, _merge_key(changes))

    def change_manner(self, **changes: float | None) -> None:
        """Ask for another way of playing; None leaves a quality to the soloist."""
        wishes = self.session.wishes
        wishes = replace(wishes, manner=replace(wishes.manner, **changes))
        self._wish("Change wishes", wishes, _merge_key(changes))

    def choose_character(self, character_id: str) -> None:
        """Start from a character's wishes, or from none; each may be moved afterwards."""
        character, wishes = find_character(character_id), self.session.wishes
        if character is None:
            wishes = replace(wishes, character_id=AS_PRIMER, **wishes_of(Wishes()))
            self._wish("Play as the phrase suggests", wishes, "character_id")
            return
        character_id = character.character_id
        wishes = replace(wishes, character_id=character_id, **wishes_of(character))
        self._wish(f"Choose {character.title}", wishes, "character_id")

    def undo(self, n_steps: int = 1) -> None:
        """Take the last step back, or the last few."""
        self._step("Undone", self._history.undo, n_steps)

    def redo(self, n_steps: int = 1) -> None:
        """Do the step taken back last again, or the last few."""
        self._step("Redone", self._history.redo, n_steps)

    def _step(self, done: str, step: Callable[[], str], n_steps: int) -> None:
        self._end_movement()
        names = [name for name in (step() for _ in range(n_steps)) if name]
        if names:
            self._tell()
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            self.step_taken.emit(f"{done}: {names[-1]}{more}")

    def _retime(self, timebase: Timebase, step_name: str) -> None:
        session = replace(self.session, timebase=timebase)
        if session.progression_text:
            progression = parse_progression(session.progression_text, timebase)
            session = replace(session, progression=progression)
        self.do(step_name, session, step_name)

    def _wish(self, name: str, wishes: Wishes, merge_key: str = "") -> None:
        before = self.session.wishes
        heard = {field.name for field in fields(Wishes)} - _UNHEARD_WISHES
        is_heard = any(getattr(before, each) != getattr(wishes, each) for each in heard)
        merge_key = f"{_WISH} {merge_key}" if is_heard else merge_key
        self.do(name, replace(self.session, wishes=wishes), merge_key)
        if is_heard:
            self.wish_moved.emit()

    def _end_movement(self) -> None:
        self._movement, self._following_number = "", None

    def _tell(self) -> None:
        self._arrangement = arrangement_of(self.session)
        self.session_changed.emit(self.session)


def steady_timebase_of(timebase: Timebase) -> Timebase:
    """Return a timebase of the first tempo and metre of another, all the window shows so far."""
    tempo, meter = timebase.tempos[0], timebase.meters[0]
    return Timebase((TempoChange(0, tempo.beat_us),), (replace(meter, onset_ticks=0),))


def _is_followed(merge_key: str) -> bool:
    """Whether a solo follows the steps of that key while it plays."""
    return merge_key.startswith((CHORDS, _WISH))


def _merge_key(changes: Mapping[str, object]) -> str:
    """Return what makes two changes one step: that they are of the same control."""
    return " ".join(sorted(changes))


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    return dict(changes)
