"""Going from session to session with a real engine process: what is played follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.engine_client import EngineClient, EngineOptions
from musicassist.app.session_keeper import SessionKeeper
from musicassist.app.soloist_service import ECHO
from musicassist.music.session import Session
from musicassist.storage import claim as claim_module
from musicassist.storage import library
from musicassist.storage.claim import claim_session
from musicassist.storage.session_file import SessionFile

PATIENCE_MS = 30_000


@pytest.fixture
def services(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    for module in (library, claim_module):
        monkeypatch.setattr(module, "sessions_folder", lambda: tmp_path / "sessions")
    keeper = SessionKeeper(claim_session())
    engine = EngineClient(EngineOptions(fake_devices=True, session_file=keeper.path))
    made = connect_services(engine, Session(name="One"), (ECHO,), keeper=keeper)
    with qtbot.waitSignal(made.workbench.engine_ready, timeout=PATIENCE_MS):
        engine.start()
    yield made
    made.shut_down()


def play(services: Services, *pitches: int) -> None:
    for pitch in pitches:
        services.workbench.press_key(pitch, 90)
        services.workbench.release_key(pitch)


def pitches_in(path: Path) -> list[int]:
    """Return the keys of the screen that were struck; the fake keyboard plays by itself."""
    file = SessionFile(path)
    played = file.played()
    file.close()
    struck = (each for run in played for each in run if each.event.is_note_on)
    return [each.event.data1 for each in struck if each.source == "On-screen keyboard"]


def phrase_of(services: Services) -> list[int]:
    """Return the low pitches of the phrase, which only the screen's keys play."""
    primer = services.document.session.primer
    return [note.pitch for note in primer.notes if note.pitch < 50] if primer is not None else []


def shown(qtbot: QtBot, services: Services, name: str) -> None:
    qtbot.waitUntil(lambda: services.document.session.name == name, timeout=PATIENCE_MS)


def all_let_go(qtbot: QtBot, services: Services) -> None:
    qtbot.waitUntil(lambda: not services.sessions._leaving, timeout=PATIENCE_MS)


def file_of(name: str) -> Path:
    return next(each.path for each in library.recent_sessions() if each.name == name)


def test_what_is_under_way_stays_where_it_was_played(qtbot: QtBot, services: Services) -> None:
    play(services, 30, 31, 32, 33)
    services.sessions.start_new()
    shown(qtbot, services, "New idea")
    assert phrase_of(services) == []
    play(services, 40, 41, 42, 43)
    all_let_go(qtbot, services)
    services.sessions.open(file_of("One"))
    shown(qtbot, services, "One")
    assert phrase_of(services) == [30, 31, 32, 33]
    play(services, 35)
    all_let_go(qtbot, services)
    services.sessions.open(file_of("New idea"))
    shown(qtbot, services, "New idea")
    assert phrase_of(services) == [40, 41, 42, 43]
    all_let_go(qtbot, services)
    services.shut_down()
    assert pitches_in(file_of("One")) == [30, 31, 32, 33, 35]
    assert pitches_in(file_of("New idea")) == [40, 41, 42, 43]


def test_a_session_is_removed_only_when_the_engine_has_let_go(
    qtbot: QtBot, services: Services
) -> None:
    play(services, 60)
    with qtbot.waitSignal(
        services.notices.posted,
        timeout=PATIENCE_MS,
        check_params_cb=lambda notice: notice.text == "One was removed.",
    ):
        services.sessions.remove()
    assert services.document.session.name == "New idea"
    (away,) = (library.sessions_folder() / "removed").iterdir()
    play(services, 61)
    services.shut_down()
    assert pitches_in(away) == [60]
    assert not library.sessions_folder().joinpath("One.musicassist").exists()


def test_another_engine_takes_over_in_the_session_that_is_open(
    qtbot: QtBot, services: Services
) -> None:
    services.sessions.start_new()
    shown(qtbot, services, "New idea")
    with qtbot.waitSignal(services.workbench.engine_ready, timeout=PATIENCE_MS):
        services.engine.restart()
    play(services, 66)
    qtbot.waitUntil(lambda: services.devices.state.n_kept >= 2, timeout=PATIENCE_MS)
    path = services.sessions.path
    assert path is not None
    services.shut_down()
    assert pitches_in(path) == [66]
