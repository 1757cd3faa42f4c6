"""Services around a scripted engine."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import ECHO


@pytest.fixture
def engine(qapp: QCoreApplication) -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def services(engine: ScriptedEngine) -> Iterator[Services]:
    made = connect_services(engine, demo_session(), (ECHO,))
    engine.start()
    engine.sent.clear()  # how it was set up
    yield made
    made.shut_down()
