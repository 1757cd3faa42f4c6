"""The way from a played phrase to a solo: what follows when something happens."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.demo import demo_session
from musicassist.app.document import Document, steady_timebase_of
from musicassist.app.notices import Notices
from musicassist.app.player import Engine, Player
from musicassist.app.soloist_service import SoloistService
from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    InputPortsChanged,
    KeyMoved,
    NothingToGrab,
    PhraseCaptured,
    PressKey,
    ReleaseKey,
)
from musicassist.errors import DeviceError, EmptyPhraseError, MusicAssistError
from musicassist.files.smf_read import read_midi
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.phrase import as_phrase
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from musicassist.music.take import clip_from_take
from musicassist.music.timebase import Timebase

_RESTART_AGAIN_AFTER_S: Final = 10.0  # an engine that dies sooner is not started by itself


class Workbench(QObject):
    """Ties engine, document, player and soloist together.

    Args:
        engine: What plays and listens.
        document: What is worked on.
        player: What is heard.
        soloist: What continues a phrase.
        notices: Where the user is told.
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
        clock_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._player = player
        self._soloist = soloist
        self._notices = notices
        self._clock_s = clock_s
        self._last_restart_s = float("-inf")
        self._n_steps = 0
        document.step_taken.connect(self._on_document_step_taken)
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._on_engine_gone)
        soloist.solos_made.connect(self._on_soloist_solos_made)
        soloist.failed.connect(lambda _id, error: notices.show_error(error))

    def grab(self) -> None:
        """Take what was just played as the phrase, without waiting for a rest."""
        self._engine.send(GrabPhrase())

    def press_key(self, pitch: int, velocity: int) -> None:
        """Play a key of the on-screen keyboard."""
        self._engine.send(PressKey(pitch, velocity))

    def release_key(self, pitch: int) -> None:
        """Let a key of the on-screen keyboard go."""
        self._engine.send(ReleaseKey(pitch))

    def continue_phrase(self) -> None:
        """Ask the soloist for takes after the phrase."""
        session = self._document.session
        if session.primer is None or not session.primer.notes:
            problem = EmptyPhraseError(
                "There is no phrase to continue yet.", "Play a few notes, or drop a MIDI file here."
            )
            self._notices.show_error(problem)
            return
        try:
            self._soloist.request(session.wishes.model_id, solo_request_of(session, session.primer))
        except MusicAssistError as error:
            self._notices.show_error(error)

    def open_phrase(self, path: Path) -> None:
        """Take a MIDI file's melody, tempo, metre and key as what to continue."""
        try:
            midi = read_midi(path)
            melody = midi.melody()
        except MusicAssistError as error:
            self._notices.show_error(error)
            return
        timebase = steady_timebase_of(midi.timebase)
        phrase, timebase = as_phrase(melody, timebase)
        n_steps = self._n_steps
        session = replace(
            self._document.session,
            timebase=timebase,
            key=midi.meant_key,
            progression_text="",
            progression=None,
            primer=replace(phrase, name=path.stem),
            selected_number=None,
        )
        self._soloist.cancel()
        self._document.replace_session(session, f"Open {path.name}")
        if midi.problems:
            self._tell_undoable(f"Opened {path.name}; {midi.problems[0]}", n_steps)
        else:
            self._tell_undoable(f"{path.name} is the phrase now.", n_steps)

    def start_empty(self) -> None:
        """Put everything aside for a new idea; one undo brings it back."""
        session = self._document.session
        empty = Session(timebase=session.timebase, timing=session.timing, wishes=session.wishes)
        n_steps = self._n_steps
        self._soloist.cancel()
        self._player.stop()
        self._document.replace_session(empty, "Start a new idea")
        self._tell_undoable("A new idea.", n_steps)

    def load_demo(self) -> None:
        """Bring the demo phrase and its chords."""
        demo = demo_session()
        session = self._document.session
        self._soloist.cancel()
        self._document.replace_session(
            replace(
                session,
                timebase=demo.timebase,
                key=demo.key,
                progression_text=demo.progression_text,
                progression=demo.progression,
                primer=demo.primer,
                selected_number=None,
            ),
            "Load the demo",
        )

    def remove_solo(self, number: int) -> None:
        """Take one solo away; one undo brings it back."""
        solo = self._document.session.solo_numbered(number)
        if solo is not None:
            n_steps = self._n_steps
            self._document.remove_solo(number)
            self._tell_undoable(f"{solo.name} removed.", n_steps)

    def stop(self) -> None:
        """Stop whatever sounds or is being worked on."""
        self._soloist.cancel()
        self._player.panic()
        self._notices.clear()

    def _on_document_step_taken(self, _name: str) -> None:
        self._n_steps += 1

    def _tell_undoable(self, text: str, n_steps_before: int) -> None:
        """Say what was done; offer to undo it if it was a step, and while it is the last one."""
        n_steps = self._n_steps
        if n_steps == n_steps_before:
            self._notices.tell(text)
            return

        def undo() -> None:
            if self._n_steps == n_steps:
                self._document.undo()
            else:
                self._notices.tell("More was done since then: undo it first, step by step.")

        self._notices.tell(text, action_name="Undo", action=undo)

    def _on_engine_event_arrived(self, event: object) -> None:
        match event:
            case KeyMoved():
                self.key_moved.emit(event)
            case PhraseCaptured():
                self._on_phrase_captured(event)
            case NothingToGrab():
                self._notices.tell("Nothing to grab yet: play a few notes first.")
            case InputPortsChanged(names):
                self.ports_changed.emit(names)
            case EngineReady():
                self.engine_ready.emit(event)
            case EngineTrouble(what, hint):
                self._notices.show_error(DeviceError(what, hint))

    def _on_phrase_captured(self, captured: PhraseCaptured) -> None:
        timebase = self._document.session.timebase
        clip = clip_from_take(captured.take, timebase, name="Phrase")
        if not clip.notes:
            return
        if self._player.is_playing and not captured.was_grabbed:
            # Playing along must not take away what is being listened to.
            self._notices.tell(
                f"You played along: {_extent(clip, timebase)}.",
                action_name="Make it the phrase",
                action=lambda: self._take_as_phrase(clip),
            )
            return
        self._take_as_phrase(clip)

    def _take_as_phrase(self, clip: Clip) -> None:
        n_steps = self._n_steps
        session = self._document.session
        if session.primer == demo_session().primer:
            # The demo's key and chords belong to the demo's phrase.
            own = replace(
                session,
                primer=clip,
                key=None,
                progression_text="",
                progression=None,
                selected_number=None,
            )
            self._document.replace_session(own, "Play a phrase")
        else:
            self._document.replace_primer(clip)
        extent = _extent(clip, self._document.session.timebase)
        self._tell_undoable(f"Your phrase: {extent}.", n_steps)

    def _on_engine_gone(self, error: MusicAssistError) -> None:
        self.engine_gone.emit()
        now_s = self._clock_s()
        if now_s - self._last_restart_s < _RESTART_AGAIN_AFTER_S:
            self._notices.show_error(error, action_name="Restart", action=self._restart_engine)
            return
        # Said first: should it not start either, that is what must stand there in the end.
        self._notices.show_error(
            type(error)(f"{error.what} It is being started again.", "Nothing you made is lost.")
        )
        self._restart_engine()

    def _restart_engine(self) -> None:
        self._last_restart_s = self._clock_s()
        self._engine.restart()

    def _on_soloist_solos_made(self, _request_id: int, solos: tuple[Solo, ...]) -> None:
        n_steps = self._n_steps
        self._document.add_solos(solos)
        number = self._document.session.selected_number
        if number is not None:
            self._player.audition(number)
        takes = "One take" if len(solos) == 1 else f"{len(solos)} takes"
        self._tell_undoable(f"{takes}; the best plays first.", n_steps)


def _extent(clip: Clip, timebase: Timebase) -> str:
    """Return how much a clip holds, in words."""
    n_bars = timebase.bar_at(clip.length_ticks)
    notes = "1 note" if len(clip.notes) == 1 else f"{len(clip.notes)} notes"
    return f"{notes} in {'1 bar' if n_bars == 1 else f'{n_bars} bars'}"


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
        surprise=wishes.surprise,
        is_key_locked=wishes.is_key_locked,
    )
