"""The way from a played phrase to a solo: what follows when something happens."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.document import Document
from musicassist.app.made_with import wishes_made_with
from musicassist.app.notices import Notices
from musicassist.app.player import Engine, Player
from musicassist.app.soloist_service import SoloistService, Task
from musicassist.app.step_notices import StepNotices
from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    InputPortsChanged,
    KeyMoved,
    NothingToGrab,
    PressKey,
    ReleaseKey,
)
from musicassist.errors import DeviceError, EmptyPhraseError, MusicAssistError
from musicassist.generation.characters import find_character, settled_by, wishes_of
from musicassist.generation.regeneration import BarRange, n_bars_of, regenerated, varied
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.progressions import first_difference
from musicassist.music.session import NumberedSolo, Session
from musicassist.music.solo import Solo

_ENGINE: Final = "the sound engine"  # what a notice can be about
_RESTART_AGAIN_AFTER_S: Final = 10.0  # an engine that dies sooner is not started by itself
_FOLLOWING_BARS: Final = 4  # of a solo that plays follow a wish being moved

_Solos = tuple[Solo, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What becomes of the solos that were asked for last.

    Attributes:
        step_name: The step that keeps them.
        told: What the user is told then; empty for how many they are, and the best is heard.
        origin: What they are made from, if not from the phrase alone.
        following_number: The solo they take the place of while a wish is moved; None for none.
    """

    step_name: str = "Continue"
    told: str = ""
    origin: str = ""
    following_number: int | None = None


class Workbench(QObject):
    """Ties engine, document, player and soloist together.

    Args:
        engine: What plays and listens.
        document: What is worked on.
        player: What is heard.
        soloist: What continues a phrase.
        notices: Where the user is told.
        steps: Tells what was done, with the way back.
        clock_s: A monotonic clock.
        parent: Its Qt owner.

    Thread: GUI.
    """

    engine_ready = Signal(object)
    engine_gone = Signal()
    ports_changed = Signal(object)
    key_moved = Signal(object)

    def __init__(
        self,
        engine: Engine,
        document: Document,
        player: Player,
        soloist: SoloistService,
        notices: Notices,
        steps: StepNotices,
        clock_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._player = player
        self._soloist = soloist
        self._notices = notices
        self._steps = steps
        self._clock_s = clock_s
        self._last_restart_s = float("-inf")
        self._engine_error: MusicAssistError | None = None  # why there is none, until a restart
        self._asked = _Asked()
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._on_engine_gone)
        engine.missed.connect(self._on_engine_missed)
        soloist.solos_made.connect(self._on_soloist_solos_made)
        soloist.failed.connect(lambda _id, error: notices.show_error(error))
        document.wish_moved.connect(self._on_document_wish_moved)

    def grab(self) -> None:
        """Take what was just played as the phrase, without waiting for a rest."""
        self._engine.send(GrabPhrase())

    def press_key(self, pitch: int, velocity: int, *, is_kept: bool = True) -> None:
        """Play a key of the on-screen keyboard; one that is not kept is only heard."""
        self._engine.send(PressKey(pitch, velocity, is_kept))

    def release_key(self, pitch: int, *, is_kept: bool = True) -> None:
        """Let a key of the on-screen keyboard go."""
        self._engine.send(ReleaseKey(pitch, is_kept))

    def continue_phrase(self) -> None:
        """Ask the soloist for takes after the phrase."""
        session = self._document.session
        if session.primer is None or not session.primer.notes:
            problem = EmptyPhraseError(
                "There is no phrase to continue yet.", "Play a few notes, or drop a MIDI file here."
            )
            self._notices.show_error(problem)
            return
        request = solo_request_of(session, session.primer)
        self._ask(
            lambda soloist, should_stop: soloist.continue_phrase(request, should_stop), _Asked()
        )

    def regenerate_bars(self, number: int, first_bar: int, n_bars: int) -> None:
        """Have some bars of a solo made anew; the result is a solo of its own.

        Args:
            number: The solo's.
            first_bar: Counted from 0, from the solo's first bar line.
            n_bars: At least 1; those beyond the solo's end are passed over.
        """
        session = self._document.session
        numbered = session.solo_numbered(number)
        if numbered is None or first_bar >= n_bars_of(numbered.solo, session.timebase):
            return
        bars, solo = BarRange(first_bar, n_bars), numbered.solo
        wishes = solo_request_of(session, solo.primer)
        start_bar = session.timebase.bar_at(answer_start_ticks(session))
        shown = BarRange(start_bar + first_bar, n_bars)  # as the ruler counts them
        place = f"{shown.words} of {numbered.name}"
        self._ask(
            lambda soloist, should_stop: (regenerated(solo, wishes, bars, soloist, should_stop),),
            _Asked(
                f"Regenerate {place}",
                f"{place[0].upper()}{place[1:]} made anew; the new solo is chosen.",
                f"{place} anew",
            ),
        )

    def vary(self, number: int, nearness: float) -> None:
        """Have variations of a solo made, as many as takes are wished, and hear the best.

        Args:
            number: The solo's.
            nearness: How close they stay to it, 0 (far) to 1 (near).
        """
        session = self._document.session
        numbered = session.solo_numbered(number)
        if numbered is None:
            return
        solo, wishes = numbered.solo, solo_request_of(session, numbered.solo.primer)
        self._ask(
            lambda soloist, should_stop: varied(solo, wishes, nearness, soloist, should_stop),
            _Asked(
                f"Vary {numbered.name}",
                origin=f"{'near' if nearness >= 0.5 else 'far'} variation of {numbered.name}",
            ),
        )

    def answer_again(self, number: int) -> None:
        """Have takes made of a solo's own phrase with its own settings, and the next seed."""
        session = self._document.session
        numbered = session.solo_numbered(number)
        if numbered is None:
            return
        wishes = wishes_made_with(numbered.solo, session.wishes)
        request = solo_request_of(replace(session, wishes=wishes), numbered.solo.primer)
        self._ask(
            lambda soloist, should_stop: soloist.continue_phrase(request, should_stop),
            _Asked(f"Continue as {numbered.name}", origin=f"as {numbered.name}, another seed"),
            wishes.model_id,
        )

    def follow_wishes(self) -> None:
        """Have the next bars of the chosen solo made anew as is wished now, with its own seed.

        The answer is part of the step that moved the wish. Nothing happens while something
        else is asked for, which must not be lost to a knob.
        """
        session = self._document.session
        numbered = session.selected_solo
        if numbered is None or self._soloist.is_busy:
            return
        self._follow(session, numbered, self._coming_bars(session, numbered.solo))

    def follow_chords(self, before: Progression | None) -> None:
        """Have the chosen solo made anew from where its chords are others than before.

        What is heard next comes first; nothing happens while nothing plays, or where the solo's
        own chords have stayed what they were.

        Args:
            before: The chords it was made over.
        """
        session = self._document.session
        numbered = session.selected_solo
        is_heard = self._player.is_playing and not self._player.is_recording
        if numbered is None or not is_heard or self._soloist.is_busy:
            return
        timebase, start_ticks = session.timebase, answer_start_ticks(session)
        end_ticks = start_ticks + numbered.solo.bars_ticks
        start_bar = timebase.bar_at(start_ticks)
        next_bar = start_bar + self._coming_bars(session, numbered.solo).first_bar
        places = (
            first_difference(before, session.progression, from_ticks, end_ticks)
            for from_ticks in (timebase.bar_start_ticks(next_bar), start_ticks)
        )
        place = next((each for each in places if each is not None), None)
        if place is not None:
            first_bar = timebase.bar_at(place) - start_bar
            self._follow(session, numbered, BarRange(first_bar, _FOLLOWING_BARS))

    def stop(self) -> None:
        """Stop whatever sounds or is being worked on."""
        self._soloist.cancel()
        self._notices.clear()
        self._player.panic()

    def _on_engine_event_arrived(self, event: object) -> None:
        match event:
            case KeyMoved():
                self.key_moved.emit(event)
            case NothingToGrab():
                self._notices.tell("Nothing to grab yet: play a few notes first.")
            case InputPortsChanged(ports):
                for port in ports:
                    if port.is_open:
                        self._notices.settle(port.name)
                self.ports_changed.emit(ports)
            case EngineReady(audio_device):
                if audio_device:
                    self._notices.settle(audio_device)
                self.engine_ready.emit(event)
                if self._notices.settle(_ENGINE):
                    self._notices.tell("The sound engine runs again; nothing you made is lost.")
            case EngineTrouble(what, hint, about):
                self._notices.show_error(DeviceError(what, hint), about=about)

    def _on_engine_gone(self, error: MusicAssistError) -> None:
        self.engine_gone.emit()
        now_s = self._clock_s()
        if now_s - self._last_restart_s < _RESTART_AGAIN_AFTER_S:
            self._engine_error = error
            self._on_engine_missed()
            return
        # Said first: should it not start either, that is what must stand there in the end.
        self._notices.show_error(
            type(error)(f"{error.what} It is being started again.", "Nothing you made is lost."),
            about=_ENGINE,
        )
        self._restart_engine()

    def _on_engine_missed(self) -> None:
        """Offer to restart the engine, also when the user has put that offer away before."""
        if self._engine_error is not None:
            self._notices.show_error(
                self._engine_error,
                action_name="Restart",
                action=self._restart_engine,
                about=_ENGINE,
            )

    def _restart_engine(self) -> None:
        self._engine_error = None
        self._last_restart_s = self._clock_s()
        self._engine.restart()

    def _ask(self, task: Task, asked: _Asked, model_id: str = "") -> None:
        """Let the soloist do something; the newest request is the only one that is answered."""
        model_id = model_id or self._document.session.wishes.model_id
        try:
            self._soloist.ask(model_id, task, is_quiet=asked.following_number is not None)
        except MusicAssistError as error:
            self._notices.show_error(error)
            return
        self._asked = asked

    def _follow(self, session: Session, numbered: NumberedSolo, bars: BarRange) -> None:
        """Have some bars of a solo made as is wished now, with its own seed."""
        solo = numbered.solo
        wishes = replace(solo_request_of(session, solo.primer), seed=solo.seed)
        self._ask(
            lambda soloist, should_stop: (regenerated(solo, wishes, bars, soloist, should_stop),),
            _Asked(following_number=numbered.number),
        )

    def _coming_bars(self, session: Session, solo: Solo) -> BarRange:
        """Return the bars of a solo that are heard next: there is time to make them."""
        timebase = session.timebase
        first_bar = 0
        into_solo_ticks = self._player.playhead_ticks - answer_start_ticks(session)
        if self._player.is_playing and into_solo_ticks >= 0:
            first_bar = timebase.bar_at(into_solo_ticks) + 1
        if first_bar >= n_bars_of(solo, timebase):
            first_bar = 0  # a loop comes back to them
        return BarRange(first_bar, _FOLLOWING_BARS)

    def _on_document_wish_moved(self) -> None:
        if self._player.is_playing and not self._player.is_recording:
            self.follow_wishes()

    def _on_soloist_solos_made(self, _request_id: int, solos: _Solos) -> None:
        asked, document = self._asked, self._document
        if asked.following_number is not None:
            document.let_follow(asked.following_number, solos[0])
            return
        takes = "One take" if len(solos) == 1 else f"{len(solos)} takes"
        self._steps.take(
            lambda: document.add_solos(solos, asked.step_name, origin=asked.origin),
            lambda: asked.told or f"{takes}; the best plays first.",
        )
        number = document.session.selected_number
        if not asked.told and number is not None and not self._player.is_recording:
            self._player.audition(number)


def solo_request_of(session: Session, primer: Clip) -> SoloRequest:
    """Return what the soloist is asked for a session."""
    wishes = session.wishes
    progression = session.progression
    if progression is not None:
        end_bar = session.timebase.bar_at(primer.length_ticks) + wishes.n_bars
        progression = progression.looped_to(session.timebase.bar_start_ticks(end_bar))
    return SoloRequest(
        primer=primer,
        timebase=session.timebase,
        key=session.key,
        progression=progression,
        n_bars=wishes.n_bars,
        n_takes=wishes.n_takes,
        seed=wishes.seed,
        has_pickup=wishes.has_pickup,
        **wishes_of(wishes),
        **settled_by(find_character(wishes.character_id)),
    )
