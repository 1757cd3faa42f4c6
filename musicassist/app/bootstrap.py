"""The one place that builds the services."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from musicassist.app.demo import demo_session
from musicassist.app.document import Document
from musicassist.app.export_service import ExportService
from musicassist.app.notices import Notices
from musicassist.app.player import Engine, Player
from musicassist.app.soloist_service import ECHO, ModelChoice, SoloistService, find_choices
from musicassist.app.workbench import Workbench
from musicassist.errors import ModelError
from musicassist.music.session import Session
from musicassist.paths import models_folder


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the window talks to."""

    engine: Engine
    document: Document
    player: Player
    soloist: SoloistService
    exports: ExportService
    notices: Notices
    workbench: Workbench
    problems: tuple[ModelError, ...] = ()

    def start(self) -> None:
        """Load the model in the background and say what was wrong at start, if anything."""
        self.soloist.start(self.document.session.wishes.model_id)
        for problem in self.problems:
            self.notices.show_error(problem)

    def shut_down(self) -> None:
        """End all threads and processes; takes 3 s at most."""
        self.soloist.shut_down()
        self.engine.shut_down()
        self.exports.shut_down()


def build_services(
    engine: Engine, *, fake_devices: bool, parent: QObject | None = None
) -> Services:
    """Build the services with the demo and the models there are.

    Args:
        engine: Started by the caller before it imports this module, because the engine gets ready
            while everything else is loaded.
        fake_devices: Whether an echo may stand in for a soloist where there is no model.
        parent: Qt owner of all of them.
    """
    choices, problems = find_choices(models_folder())
    if fake_devices and not choices:
        choices = (ECHO,)
    return connect_services(engine, demo_session(), choices, problems, parent)


def connect_services(
    engine: Engine,
    session: Session,
    choices: tuple[ModelChoice, ...],
    problems: tuple[ModelError, ...] = (),
    parent: QObject | None = None,
    *,
    clock_s: Callable[[], float] = time.monotonic,
) -> Services:
    """Build everything around an engine whose events have not been handed out yet."""
    document = Document(session, parent)
    notices = Notices(parent)
    player = Player(engine, document, parent)
    soloist = SoloistService(choices, parent)
    exports = ExportService(parent)
    exports.failed.connect(notices.show_error)
    exports.saved.connect(lambda name: notices.tell(f"Saved {name}."))
    workbench = Workbench(engine, document, player, soloist, notices, clock_s, parent)
    return Services(engine, document, player, soloist, exports, notices, workbench, problems)
