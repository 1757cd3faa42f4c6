"""The one place that builds the services."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from musicassist.app.chord_track import ChordTrack
from musicassist.app.control_editor import ControlEditor
from musicassist.app.controls import Controls
from musicassist.app.demo import demo_session
from musicassist.app.devices import DevicesService
from musicassist.app.document import Document
from musicassist.app.export_service import ExportService
from musicassist.app.mixer import Mixer
from musicassist.app.note_editor import NoteEditor
from musicassist.app.notices import Notices
from musicassist.app.phrase_files import PhraseFiles
from musicassist.app.phrases import Phrases
from musicassist.app.player import Engine, Player
from musicassist.app.session_keeper import SessionKeeper
from musicassist.app.sessions import Sessions
from musicassist.app.settings import SettingsService
from musicassist.app.soloist_service import ECHO, ModelChoice, SoloistService, find_choices
from musicassist.app.step_notices import StepNotices
from musicassist.app.takes import Takes
from musicassist.app.workbench import Workbench
from musicassist.errors import MusicAssistError
from musicassist.music.session import Session
from musicassist.paths import models_folder
from musicassist.storage.claim import Claim


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the window talks to."""

    engine: Engine
    document: Document
    player: Player
    soloist: SoloistService
    exports: ExportService
    notices: Notices
    steps: StepNotices
    workbench: Workbench
    takes: Takes
    phrases: Phrases
    controls: Controls
    settings: SettingsService
    devices: DevicesService
    mixer: Mixer
    keeper: SessionKeeper
    sessions: Sessions
    phrase_files: PhraseFiles
    chords: ChordTrack
    notes: NoteEditor
    control_editor: ControlEditor
    problems: tuple[MusicAssistError, ...] = ()

    def start(self) -> None:
        """Load model and band in the background and say what was wrong at start, if anything."""
        session, arrangement = self.document.session, self.document.arrangement
        self.soloist.start(session.wishes.model_id, afterwards=arrangement.make_backing)
        for problem in (*self.settings.problems, *self.problems, *self.keeper.problems):
            self.notices.show_error(problem)
        if self.keeper.news:
            self.notices.tell(self.keeper.news)

    def shut_down(self) -> None:
        """End all threads and processes; takes 3 s at most."""
        self.soloist.shut_down()
        self.phrase_files.shut_down()
        self.chords.shut_down()
        self.devices.shut_down()
        self.engine.shut_down()
        self.settings.shut_down()
        self.sessions.shut_down()
        self.keeper.shut_down()  # after the engine, whose file it holds
        self.exports.shut_down()


def build_services(
    engine: Engine,
    *,
    fake_devices: bool,
    settings: SettingsService | None = None,
    claim: Claim | None = None,
    problems: tuple[MusicAssistError, ...] = (),
    parent: QObject | None = None,
) -> Services:
    """Build the services with the last session, or the demo, and the models there are.

    Args:
        engine: Started by the caller before it imports this module, because the engine gets ready
            while everything else is loaded.
        fake_devices: Whether an echo may stand in for a soloist where there is no model.
        settings: What the user has set up; None for settings that are not remembered.
        claim: The session file; None keeps nothing.
        problems: What went wrong so far.
        parent: Qt owner of all of them.
    """
    choices, model_problems = find_choices(models_folder())
    if fake_devices and not choices:
        choices = (ECHO,)
    keeper = SessionKeeper(claim, parent)
    return connect_services(
        engine,
        keeper.session or demo_session(),
        choices,
        (*problems, *model_problems),
        parent,
        settings=settings,
        keeper=keeper,
    )


def connect_services(
    engine: Engine,
    session: Session,
    choices: tuple[ModelChoice, ...],
    problems: tuple[MusicAssistError, ...] = (),
    parent: QObject | None = None,
    *,
    clock_s: Callable[[], float] = time.monotonic,
    settings: SettingsService | None = None,
    keeper: SessionKeeper | None = None,
) -> Services:
    """Build everything around an engine whose events have not been handed out yet."""
    settings = settings or SettingsService(parent=parent)
    keeper = keeper or SessionKeeper(None, parent)
    document = Document(session, parent)
    notices = Notices(parent)
    steps = StepNotices(document, notices, parent)
    player = Player(engine, document, settings, parent)
    soloist = SoloistService(choices, parent)
    exports = ExportService(parent)
    exports.failed.connect(notices.show_error)
    exports.saved.connect(lambda name: notices.tell(f"Saved {name}."))
    workbench = Workbench(engine, document, player, soloist, notices, steps, clock_s, parent)
    phrases = Phrases(engine, document, player, notices, steps, parent)
    mixer = Mixer(engine, document, parent)
    takes = Takes(document, player, steps, parent)
    controls = Controls(
        engine, document, player, workbench, takes, settings, mixer, notices, clock_s, parent
    )
    sessions = Sessions(engine, document, player, soloist, keeper, notices, steps, parent)
    phrase_files = PhraseFiles(document, sessions, soloist, steps, notices, parent)
    settings.failed.connect(notices.show_error)
    document.session_changed.connect(keeper.keep)
    keeper.failed.connect(notices.show_error)
    keeper.resumed.connect(lambda: notices.tell("The session is being saved again."))
    devices = DevicesService(engine, settings, notices, parent)
    devices.restarting.connect(player.halt)
    notes = NoteEditor(document, parent, steps=steps)
    return Services(
        engine,
        document,
        player,
        soloist,
        exports,
        notices,
        steps,
        workbench,
        takes,
        phrases,
        controls,
        settings,
        devices,
        mixer,
        keeper,
        sessions,
        phrase_files,
        ChordTrack(document, workbench, phrases, notices, steps, parent),
        notes,
        ControlEditor(document, notes),
        problems,
    )
