"""A window around a scripted engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import ECHO
from musicassist.music.session import Session
from musicassist.ui.main_window import MainWindow


@dataclass
class Desk:
    """All a test of the window needs."""

    engine: ScriptedEngine
    services: Services
    window: MainWindow
    qtbot: QtBot

    def continue_phrase(self) -> None:
        """Press Continue and wait for the takes."""
        with self.qtbot.waitSignal(self.services.soloist.solos_made, timeout=5_000):
            self.window.solo_panel.go.click()


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeDesk]:
    desks: list[Desk] = []
    qapp.setStyle("Fusion")

    def made(session: Session | None = None) -> Desk:
        engine = ScriptedEngine()
        services = connect_services(engine, session or demo_session(), (ECHO,))
        window = MainWindow(services)
        window.resize(1100, 700)
        desks.append(Desk(engine, services, window, qtbot))
        window.show()
        qtbot.waitExposed(window)
        engine.start()
        engine.sent.clear()  # how it was set up
        return desks[-1]

    yield made
    for desk in desks:
        desk.window.close()
        shiboken6.delete(desk.window)  # a stylesheet set later would polish it again


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()
