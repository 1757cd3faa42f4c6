"""The soloist's worker."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.soloist_service import ECHO, ModelChoice, SoloistService, find_choices
from musicassist.errors import ModelError, UserCancelled
from musicassist.generation.fake import EchoSoloist
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.generation.tasks import ContinuePhrase
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.music.timebase import Timebase

REQUEST = SoloRequest(Clip((Note(0, 200, 60),), 1920), Timebase(), n_bars=2, n_takes=2)

Make = Callable[..., SoloistService]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    services: list[SoloistService] = []

    def made(*choices: ModelChoice) -> SoloistService:
        services.append(SoloistService(choices))
        return services[-1]

    yield made
    for service in services:
        service.shut_down()


class Patient(EchoSoloist):
    """Works until it is stopped, except on seed 2."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()

    def continue_phrase(
        self, request: SoloRequest, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Solo, ...]:
        self.has_begun.set()
        if request.seed != 2:
            while not should_stop():
                threading.Event().wait(0.005)
            raise UserCancelled
        return super().continue_phrase(request)


def test_a_request_is_answered_with_its_id(qtbot: QtBot, make: Make) -> None:
    service = make(ECHO)
    with qtbot.waitSignal(service.solos_made, timeout=5_000) as made:
        request_id = service.request("echo", REQUEST)
        assert service.is_busy
    assert made.args[0] == request_id
    assert len(made.args[1]) == 2
    assert not service.is_busy


def test_the_newest_request_wins(qtbot: QtBot, make: Make) -> None:
    patient = Patient()
    service = make(ModelChoice("patient", "Patient", lambda: patient))
    answers: list[int] = []
    service.solos_made.connect(lambda request_id, _solos: answers.append(request_id))
    service.request("patient", REQUEST)
    assert patient.has_begun.wait(5)
    with qtbot.waitSignal(service.solos_made, timeout=5_000):
        newest = service.request(
            "patient", SoloRequest(REQUEST.primer, Timebase(), n_bars=1, n_takes=1, seed=2)
        )
    assert answers == [newest]


class Gated(EchoSoloist):
    """Plays a note whenever the test lets it; says how each request ended."""

    def __init__(self) -> None:
        self.is_at_note = threading.Semaphore(0)
        self.may_go_on = threading.Semaphore(0)
        self.ended: queue.SimpleQueue[str] = queue.SimpleQueue()

    def continue_phrase(
        self, request: SoloRequest, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Solo, ...]:
        def gated() -> bool:
            if request.seed == 1:
                self.is_at_note.release()
                self.may_go_on.acquire(timeout=10)
            return should_stop()

        try:
            solos = super().continue_phrase(request, gated)
        except UserCancelled:
            self.ended.put(f"{request.seed} cancelled")
            raise
        self.ended.put(f"{request.seed} made")
        return solos


def test_an_older_request_ends_at_its_next_note_and_is_never_shown(
    qtbot: QtBot, make: Make
) -> None:
    gated = Gated()
    service = make(ModelChoice("gated", "Gated", lambda: gated))
    shown: list[int] = []
    service.solos_made.connect(lambda request_id, _solos: shown.append(request_id))
    service.request("gated", REQUEST)
    assert gated.is_at_note.acquire(timeout=5)
    skipped = [service.request("gated", replace(REQUEST, seed=seed)) for seed in (2, 3)]
    with qtbot.waitSignal(service.solos_made, timeout=5_000):
        newest = service.request("gated", replace(REQUEST, seed=4))
        gated.may_go_on.release()  # one note, no more
    assert [gated.ended.get(timeout=5) for _ in range(2)] == ["1 cancelled", "4 made"]
    assert gated.ended.empty()
    assert shown == [newest]
    assert newest not in skipped


def test_an_answer_that_is_done_when_a_newer_one_is_asked_for_is_not_shown(
    qtbot: QtBot, make: Make
) -> None:
    gated = Gated()
    service = make(ModelChoice("gated", "Gated", lambda: gated))
    shown: list[int] = []
    service.solos_made.connect(lambda request_id, _solos: shown.append(request_id))
    service.request("gated", replace(REQUEST, seed=2))
    assert gated.ended.get(timeout=5) == "2 made"  # and waits to be handed over
    with qtbot.waitSignal(service.solos_made, timeout=5_000):
        newest = service.request("gated", replace(REQUEST, seed=3))
    assert shown == [newest]


def test_a_quiet_task_shows_nobody_as_busy(qtbot: QtBot, make: Make) -> None:
    service = make(ECHO)
    with (
        qtbot.assertNotEmitted(service.busy_changed),
        qtbot.waitSignal(service.solos_made, timeout=5_000) as made,
    ):
        asked = service.ask("echo", ContinuePhrase(REQUEST), is_quiet=True)
    assert made.args[0] == asked


def test_cancelling_tells_nobody_anything(qtbot: QtBot, make: Make) -> None:
    patient = Patient()
    service = make(ModelChoice("patient", "Patient", lambda: patient))
    service.request("patient", REQUEST)
    assert patient.has_begun.wait(5)
    with (
        qtbot.assertNotEmitted(service.solos_made, wait=50),
        qtbot.assertNotEmitted(service.failed),
    ):
        service.cancel()
    assert not service.is_busy


def test_a_model_that_cannot_be_opened_is_told_at_start(qtbot: QtBot, make: Make) -> None:
    def broken() -> Soloist:
        raise ModelError("The model is damaged.", "Copy it again.")

    service = make(ModelChoice("broken", "Broken", broken))
    with qtbot.waitSignal(service.failed, timeout=5_000) as failed:
        service.start("broken")
    assert str(failed.args[1]) == "The model is damaged. Copy it again."


def test_a_bug_in_a_model_is_one_sentence(
    qtbot: QtBot, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(EchoSoloist):
        def continue_phrase(self, *_args: object, **_named: object) -> tuple[Solo, ...]:
            raise ZeroDivisionError

    service = make(ModelChoice("faulty", "Faulty", Faulty))
    with (
        caplog.at_level(logging.ERROR),
        qtbot.waitSignal(service.failed, timeout=5_000) as failed,
    ):
        service.request("faulty", REQUEST)
    assert isinstance(failed.args[1], ModelError)
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_a_model_is_opened_once(qtbot: QtBot, make: Make) -> None:
    opened: list[int] = []

    def opening() -> Soloist:
        opened.append(1)
        return EchoSoloist()

    service = make(ModelChoice("echo", "Echo", opening))
    for _ in range(2):
        with qtbot.waitSignal(service.solos_made, timeout=5_000):
            service.request("echo", REQUEST)
    assert opened == [1]


def test_without_models_there_is_one_sentence(make: Make) -> None:
    service = make()
    service.start("")
    with pytest.raises(ModelError, match="no model"):
        service.request("", REQUEST)


def test_an_unknown_model_means_the_best_there_is(make: Make) -> None:
    assert make(ECHO).choice_of("gone") is ECHO


def test_damaged_models_are_named_and_the_others_offered(tmp_path: Path) -> None:
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "manifest.toml").write_text("no [ toml")
    choices, problems = find_choices(tmp_path)
    assert choices == ()
    assert [type(problem) for problem in problems] == [ModelError]


def test_a_folder_that_is_not_there_holds_no_models(tmp_path: Path) -> None:
    assert find_choices(tmp_path / "nowhere") == ((), ())
