"""Real parts: a window with its engine, and a keyboard that another program plays."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services, build_services
from musicassist.app.engine_client import EngineClient, EngineOptions
from musicassist.ui.main_window import MainWindow

HERE = Path(__file__).parent
KEYBOARD_NAME = "V49"
USUALLY_LATE_S = 0.015  # two blocks of the dummy server
LATEST_S = 0.1  # on a busy machine


class Helper:
    """Another program, spoken to in lines."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, line: str) -> None:
        stream = self._process.stdin
        assert stream is not None
        stream.write(line + "\n")
        stream.flush()

    def hear(self) -> str:
        stream: IO[str] | None = self._process.stdout
        assert stream is not None
        return stream.readline().strip()

    def end(self) -> None:
        try:
            self._process.communicate(timeout=2)  # a client killed holds the MIDI server up
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.communicate(timeout=10)


@pytest.fixture
def keyboard() -> Iterator[Helper]:
    helper = Helper("keyboard.py", KEYBOARD_NAME)
    yield helper
    helper.end()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    engine = EngineClient(EngineOptions())
    engine.start()
    services = build_services(engine, fake_devices=False)
    window = MainWindow(services)
    with qtbot.waitSignal(services.workbench.engine_ready, timeout=10_000):
        window.show()
    services.start()
    qtbot.waitExposed(window)
    yield window
    window.close()
    services.shut_down()


def services_of(window: MainWindow) -> Services:
    return window._services


def control(window: MainWindow, name: str) -> QWidget:
    widget = window.findChild(QWidget, name)
    assert widget is not None, name
    return widget


def phrase_played() -> tuple[tuple[float, int, int, float], ...]:
    """Return what the keyboard will play."""
    scope: dict[str, object] = {"__name__": "keyboard"}
    exec((HERE / "keyboard.py").read_text(), scope)
    phrase = scope["PHRASE"]
    assert isinstance(phrase, tuple)
    return phrase
