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
from musicassist.files.smf_read import read_midi
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.phrase import as_phrase
from musicassist.music.session import Session
from musicassist.music.solo import Solo

_ENGINE: Final = "the sound engine"  # what a notice can be about
_RESTART_AGAIN_AFTER_S: Final = 10.0  # an engine that dies sooner is not started by itself


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
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._on_engine_gone)
        engine.missed.connect(self._on_engine_missed)
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
        session = replace(
            self._document.session,
            timebase=timebase,
            key=midi.meant_key,
            progression_text="",
            progression=None,
            primer=replace(phrase, name=path.stem),
            primer_take=None,
            selected_number=None,
        )
        self._soloist.cancel()
        text = f"{path.name} is the phrase now."
        if midi.problems:
            text = f"Opened {path.name}; {midi.problems[0]}"
        self._steps.take(
            lambda: self._document.replace_session(session, f"Open {path.name}"), lambda: text
        )

    def start_empty(self) -> None:
        """Put everything aside for a new idea; one undo brings it back."""
        session = self._document.session
        empty = Session(timebase=session.timebase, timing=session.timing, wishes=session.wishes)
        self._soloist.cancel()
        self._player.stop()
        self._steps.take(
            lambda: self._document.replace_session(empty, "Start a new idea"),
            lambda: "A new idea.",
        )

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
                primer_take=None,
                selected_number=None,
            ),
            "Load the demo",
        )

    def remove_solo(self, number: int) -> None:
        """Take one solo away; one undo brings it back."""
        solo = self._document.session.solo_numbered(number)
        if solo is not None:
            self._steps.take(
                lambda: self._document.remove_solo(number), lambda: f"{solo.name} removed."
            )

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

    def _on_soloist_solos_made(self, _request_id: int, solos: tuple[Solo, ...]) -> None:
        takes = "One take" if len(solos) == 1 else f"{len(solos)} takes"
        self._steps.take(
            lambda: self._document.add_solos(solos), lambda: f"{takes}; the best plays first."
        )
        number = self._document.session.selected_number
        if number is not None and not self._player.is_recording:
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
        surprise=wishes.surprise,
        is_key_locked=wishes.is_key_locked,
    )
