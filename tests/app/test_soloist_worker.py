"""The soloist in a process of its own, as the window's services meet it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.soloist_service import ModelChoice, SoloistService, find_choices
from musicassist.app.soloist_worker import ProcessWorker, WorkerGone, soloist_command
from musicassist.errors import ModelError, SoloistError
from musicassist.generation.desk import SOLOS, Failed, Job, Made
from musicassist.generation.regeneration import BarRange
from musicassist.generation.solo import harmony_for
from musicassist.generation.soloist import SoloRequest
from musicassist.generation.tasks import ContinuePhrase, Hear, Regenerate, Vary
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from musicassist.paths import models_folder

PHRASE = Clip(tuple(Note(240 * i, 200, 60 + i) for i in range(8)), 1920, name="My phrase")
REQUEST = SoloRequest(PHRASE, Timebase(), n_bars=2, n_takes=2)
LONG = replace(REQUEST, n_bars=64, n_takes=16)  # takes far longer than any test waits
BEST = ""  # the best model there is
WAIT_MS = 20_000

Make = Callable[..., SoloistService]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    services: list[SoloistService] = []

    def made(*choices: ModelChoice, clock_s: Callable[[], float] = lambda: 0.0) -> SoloistService:
        choices = choices or find_choices(models_folder())[0]
        services.append(SoloistService(choices, clock_s=clock_s))
        return services[-1]

    yield made
    for service in services:
        service.shut_down()


def pid_of(service: SoloistService) -> int:
    worker = service._worker
    assert isinstance(worker, ProcessWorker)
    assert worker.pid is not None
    return worker.pid


def test_a_phrase_is_answered_and_the_answers_know_it(qtbot: QtBot, make: Make) -> None:
    service = make()
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS) as made:
        request_id = service.request(BEST, REQUEST)
    assert made.args[0] == request_id
    assert [solo.primer for solo in made.args[1]] == [PHRASE, PHRASE]
    assert all(solo.clip.notes for solo in made.args[1])


def test_bars_are_made_anew_and_solos_varied_there(qtbot: QtBot, make: Make) -> None:
    service = make()
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS) as made:
        service.request(BEST, REQUEST)
    solo = made.args[1][0]
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS) as made:
        service.ask(BEST, Regenerate(solo, replace(REQUEST, seed=7), BarRange(1, 1)))
    (anew,) = made.args[1]
    assert anew.clip.between(0, 1920) == solo.clip.between(0, 1920)
    assert anew.primer == PHRASE
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS) as made:
        service.ask(BEST, Vary(solo, REQUEST, 0.8))
    assert [each.settings["varied_seed"] for each in made.args[1]] == [solo.seed, solo.seed]


def test_the_same_request_gives_the_same_solos_there_and_here(qtbot: QtBot, make: Make) -> None:
    service = make()
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS) as made:
        service.request(BEST, REQUEST)
    choice = service.choice_of(BEST)
    assert choice is not None
    assert made.args[1] == choice.opened().continue_phrase(REQUEST)


def test_the_newest_of_many_requests_wins(qtbot: QtBot, make: Make) -> None:
    service = make()
    answers: list[int] = []
    service.solos_made.connect(lambda request_id, _solos: answers.append(request_id))
    for seed in range(5):
        service.request(BEST, replace(LONG, seed=seed))
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS):
        newest = service.request(BEST, REQUEST)
    assert answers == [newest]


def test_what_is_stopped_ends_at_its_next_note(qtbot: QtBot) -> None:
    told: list[object] = []
    models = [(each.model_id, each.source) for each in find_choices(models_folder())[0]]
    worker = ProcessWorker(models, told.append)  # type: ignore[arg-type]
    try:
        worker.give(Job(1, SOLOS, models[0][0], ContinuePhrase(REQUEST)))
        qtbot.waitUntil(lambda: len(told) == 1, timeout=WAIT_MS)
        worker.give(Job(2, SOLOS, models[0][0], ContinuePhrase(LONG)))
        worker.give(Job(3, "ear", "", Hear(REQUEST)))
        qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT_MS)  # the other is at work by now
        worker.stop(SOLOS)
        qtbot.waitUntil(lambda: len(told) == 3, timeout=WAIT_MS)
        assert isinstance(told[0], Made)
        assert told[2] == Failed(2, SOLOS, None)
    finally:
        worker.leave()


def test_what_is_cancelled_is_never_shown(qtbot: QtBot, make: Make) -> None:
    service = make()
    shown: list[int] = []
    service.solos_made.connect(lambda request_id, _solos: shown.append(request_id))
    service.request(BEST, REQUEST)
    service.cancel()
    assert not service.is_busy
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS):
        newest = service.request(BEST, REQUEST)
    assert shown == [newest]


def test_listening_and_playing_do_not_end_each_other(qtbot: QtBot, make: Make) -> None:
    service = make()
    heard: list[tuple[object, ...]] = []
    service.heard.connect(lambda *answer: heard.append(answer))
    with qtbot.waitSignals([service.heard, service.solos_made], timeout=WAIT_MS):
        service.request(BEST, REQUEST)
        newest = [service.hear("ear", request) for request in (LONG, REQUEST)][-1]
    assert heard == [(newest, harmony_for(REQUEST))]


def test_what_is_to_be_heard_waits_for_the_start(qtbot: QtBot, make: Make) -> None:
    service = make()
    asked = service.hear("ear", REQUEST)
    worker = service._worker
    assert isinstance(worker, ProcessWorker)
    assert worker.pid is None
    with qtbot.waitSignal(service.heard, timeout=WAIT_MS) as heard:
        service.start(BEST)
    assert heard.args[0] == asked


def test_a_model_that_cannot_be_loaded_is_told_at_start(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    service = make(ModelChoice("broken", "Broken", tmp_path / "nowhere"))
    with qtbot.waitSignal(service.failed, timeout=WAIT_MS) as failed:
        service.start("broken")
    assert isinstance(failed.args[1], ModelError)
    assert "There is no model folder" in failed.args[1].what


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing to kill with")
def test_a_soloist_that_is_killed_is_started_again_and_that_is_told(
    qtbot: QtBot, make: Make
) -> None:
    service = make()
    service.start(BEST)
    service.request(BEST, LONG)
    first = pid_of(service)
    with qtbot.waitSignal(service.failed, timeout=WAIT_MS) as failed:
        os.kill(first, signal.SIGKILL)
    assert isinstance(failed.args[1], SoloistError)
    assert "started again" in failed.args[1].hint
    assert not service.is_busy
    assert pid_of(service) != first
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS):
        service.request(BEST, REQUEST)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing to kill with")
def test_one_that_dies_again_at_once_waits_for_the_next_request(qtbot: QtBot, make: Make) -> None:
    service = make()
    service.start(BEST)
    for _ in range(2):
        with qtbot.waitSignal(service.failed, timeout=WAIT_MS) as failed:
            os.kill(pid_of(service), signal.SIGKILL)
    assert "Continue once more" in failed.args[1].hint
    worker = service._worker
    assert isinstance(worker, ProcessWorker)
    assert worker.pid is None
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS):
        service.request(BEST, REQUEST)


def test_one_that_cannot_be_started_is_a_sentence() -> None:
    told: list[object] = []
    worker = ProcessWorker((), told.append, command_of=lambda _models: ["/nowhere/python"])
    worker.give(Job(1, SOLOS, "solo", None))
    assert worker.pid is None
    assert isinstance(told[0], WorkerGone)
    assert told[0].why.startswith("The soloist did not start: ")


def test_shutting_down_ends_the_process(qtbot: QtBot, make: Make) -> None:
    service = make()
    with qtbot.waitSignal(service.solos_made, timeout=WAIT_MS):  # it is up, and hears
        service.request(BEST, REQUEST)
    worker = service._worker
    assert isinstance(worker, ProcessWorker)
    child = worker._process
    assert child is not None
    service.shut_down()
    assert child.exit_code == 0  # of itself, not ended by force


def test_every_model_stands_in_the_command_line() -> None:
    command = soloist_command([("solo", Path("a folder")), ("classic", Path("b"))])
    assert command[:3] == [sys.executable, "-m", "musicassist.generation"]
    assert command[3:] == ["--model", "solo", "a folder", "--model", "classic", "b"]
