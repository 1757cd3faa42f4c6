"""A window around a scripted engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from musicassist.app import devices as devices_module
from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import ECHO
from musicassist.engine.protocol import EngineReady, Sound
from musicassist.music.session import Session
from musicassist.ui.devices_panel import DevicesPanel
from musicassist.ui.main_window import MainWindow

READY = EngineReady(
    audio_device="Speakers",
    sample_rate_hz=48_000,
    latency_ms=7.0,
    synth="Built-in sounds",
    sounds=(Sound(4, "Electric piano"), Sound(29, "Overdriven guitar")),
    block_frames=256,
    audio_devices=("Speakers", "HDMI"),
    is_keeping=True,
)


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
        QCoreApplication.processEvents()  # what is done right after the first drawing
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


@pytest.fixture
def panel(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> DevicesPanel:
    monkeypatch.setattr(devices_module, "find_soundfonts", lambda: (Path("fonts/Grand.sf2"),))
    desk.engine.say(READY)
    desk.engine.sent.clear()
    desk.window.show_devices(is_shown=True)
    return desk.window.devices
