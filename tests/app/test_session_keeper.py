"""Saving every change, and going on where the user left off."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app import session_keeper
from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.session_keeper import SessionKeeper
from musicassist.app.soloist_service import ECHO
from musicassist.errors import MusicAssistError, SessionFileError
from musicassist.music.session import Session
from musicassist.storage.claim import claim_session
from musicassist.storage.session_file import SessionFile

PATIENCE_MS = 20_000

Open = Callable[[], SessionKeeper]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Session.musicassist"


@pytest.fixture
def open_keeper(qtbot: QtBot, path: Path) -> Iterator[Open]:
    keepers: list[SessionKeeper] = []

    def made() -> SessionKeeper:
        keepers.append(SessionKeeper(claim_session(path)))
        return keepers[-1]

    yield made
    for keeper in keepers:
        keeper.shut_down()


def in_file(path: Path) -> Session | None:
    file = SessionFile(path)
    try:
        return file.load_session()
    finally:
        file.close()


def is_kept(session: Session) -> Callable[[object], bool]:
    return lambda kept: kept == session


def test_a_change_is_in_the_file_when_it_is_acknowledged(
    qtbot: QtBot, open_keeper: Open, path: Path
) -> None:
    keeper = open_keeper()
    for name in ("a", "b", "c"):
        session = Session(name=name)
        with qtbot.waitSignal(keeper.kept, timeout=PATIENCE_MS, check_params_cb=is_kept(session)):
            keeper.keep(session)
        assert in_file(path) == session


def test_of_many_changes_the_last_is_saved_and_not_every_one(
    qtbot: QtBot, open_keeper: Open, path: Path
) -> None:
    keeper = open_keeper()
    kept: list[object] = []
    keeper.kept.connect(kept.append)
    last = Session(name="499")
    with qtbot.waitSignal(keeper.kept, timeout=PATIENCE_MS, check_params_cb=is_kept(last)):
        for number in range(500):
            keeper.keep(Session(name=str(number)))
    assert in_file(path) == last
    assert len(kept) < 50


def test_leaving_saves_what_is_still_to_be_saved(open_keeper: Open, path: Path) -> None:
    keeper = open_keeper()
    for number in range(100):
        keeper.keep(Session(name=str(number)))
    keeper.shut_down()
    assert in_file(path) == Session(name="99")


def test_the_next_start_goes_on_where_the_last_one_left_off(open_keeper: Open) -> None:
    first = open_keeper()
    assert first.session is None
    first.keep(Session(name="mine"))
    first.shut_down()
    assert open_keeper().session == Session(name="mine")


def test_without_a_file_nothing_is_kept_and_nothing_is_said(qtbot: QtBot) -> None:
    keeper = SessionKeeper(None)
    with qtbot.assertNotEmitted(keeper.failed), qtbot.assertNotEmitted(keeper.kept):
        keeper.keep(Session())
    assert (keeper.session, keeper.problems, keeper.news) == (None, (), "")
    keeper.shut_down()


class FailingDisk:
    """Lets saves fail as long as it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        self.n_failures = 0
        save = SessionFile.save_session

        def save_or_fail(file: SessionFile, session: Session) -> None:
            if self.is_full:
                self.n_failures += 1
                raise SessionFileError("The session is not being saved: the disk is full.", "Help.")
            save(file, session)

        monkeypatch.setattr(SessionFile, "save_session", save_or_fail)
        monkeypatch.setattr(session_keeper, "RETRY_S", 0.01)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch)


def test_a_full_disk_is_told_with_every_change_until_there_is_room(
    qtbot: QtBot, open_keeper: Open, path: Path, disk: FailingDisk
) -> None:
    keeper = open_keeper()
    told: list[MusicAssistError] = []
    keeper.failed.connect(told.append)
    disk.is_full = True
    with qtbot.waitSignal(keeper.failed, timeout=PATIENCE_MS):
        keeper.keep(Session(name="a"))
    qtbot.waitUntil(lambda: disk.n_failures > 3, timeout=PATIENCE_MS)
    assert len(told) == 1
    keeper.keep(Session(name="b"))
    assert len(told) == 2
    with qtbot.waitSignals([keeper.resumed, keeper.kept], timeout=PATIENCE_MS):
        disk.is_full = False
    assert in_file(path) == Session(name="b")
    with qtbot.waitSignal(keeper.kept, timeout=PATIENCE_MS), qtbot.assertNotEmitted(keeper.failed):
        keeper.keep(Session(name="c"))


def test_leaving_does_not_wait_for_a_disk_that_does_not_come_back(
    open_keeper: Open, disk: FailingDisk
) -> None:
    keeper = open_keeper()
    disk.is_full = True
    keeper.keep(Session(name="lost"))
    keeper.shut_down()
    assert not [each for each in threading.enumerate() if each.name == "session keeper"]


def test_a_file_none_of_which_can_be_read_is_told_and_saved_to(
    qtbot: QtBot, open_keeper: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(file: SessionFile) -> None:
        raise SessionFileError("Unreadable.", "Never mind.")

    monkeypatch.setattr(SessionFile, "load_session", unreadable)
    keeper = open_keeper()
    assert [each.what for each in keeper.problems] == ["Unreadable."]
    monkeypatch.undo()
    with qtbot.waitSignal(keeper.kept, timeout=PATIENCE_MS):
        keeper.keep(Session(name="new"))
    assert in_file(path) == Session(name="new")


def test_a_second_window_is_told_where_its_session_is_kept(open_keeper: Open) -> None:
    first, second = open_keeper(), open_keeper()
    assert first.news == ""
    assert second.news == (
        "Another window has Session.musicassist open; "
        "this one keeps its session in Session 2.musicassist."
    )
    assert second.session is None


@pytest.fixture
def make_services(qtbot: QtBot, path: Path) -> Iterator[Callable[[], Services]]:
    made: list[Services] = []

    def start() -> Services:
        keeper = SessionKeeper(claim_session(path))
        engine = ScriptedEngine()
        session = keeper.session or demo_session()
        made.append(connect_services(engine, session, (ECHO,), keeper=keeper))
        engine.start()
        made[-1].start()
        return made[-1]

    yield start
    for services in made:
        services.shut_down()


def test_every_step_in_the_window_is_saved_and_comes_back(
    qtbot: QtBot, make_services: Callable[[], Services]
) -> None:
    services = make_services()
    steps: tuple[Callable[[], None], ...] = (
        lambda: services.document.set_tempo(97),
        lambda: services.document.change_timing(strength=0.5),
        lambda: services.chords.set_text("Fm | Db"),
        services.document.undo,
    )
    for step in steps:
        with qtbot.waitSignal(services.keeper.kept, timeout=PATIENCE_MS):
            step()
    with qtbot.waitSignal(services.soloist.solos_made, timeout=PATIENCE_MS):
        services.workbench.continue_phrase()
    session = services.document.session
    assert session.solos
    services.shut_down()
    again = make_services()
    assert again.document.session == session
    assert again.document.undo_name == ""


def test_a_failing_disk_stays_visible(
    qtbot: QtBot, make_services: Callable[[], Services], disk: FailingDisk
) -> None:
    services = make_services()
    disk.is_full = True
    with qtbot.waitSignal(services.notices.posted, timeout=PATIENCE_MS) as posted:
        services.document.set_tempo(97)
    assert posted.args is not None
    assert posted.args[0].is_error
    services.notices.dismiss()
    with qtbot.waitSignal(services.notices.posted, timeout=PATIENCE_MS) as posted:
        services.document.set_tempo(98)
    assert posted.args is not None
    assert "is not being saved" in posted.args[0].text


def test_a_session_of_a_model_that_has_gone_opens(
    qtbot: QtBot, make_services: Callable[[], Services]
) -> None:
    services = make_services()
    session = services.document.session
    gone = replace(session, wishes=replace(session.wishes, model_id="gone"))
    services.document.replace_session(gone, "Choose a model")
    services.shut_down()
    again = make_services()
    assert again.document.session == gone
    with qtbot.waitSignal(again.soloist.solos_made, timeout=PATIENCE_MS):
        again.workbench.continue_phrase()
