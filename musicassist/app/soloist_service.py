"""The soloist as the window sees it: asks for takes without holding the window up."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.inbox import Inbox
from musicassist.app.soloist_worker import ProcessWorker, Put, ThreadWorker, Worker, WorkerGone
from musicassist.errors import ModelError, SoloistError
from musicassist.generation.desk import SOLOS, Failed, Job, Made
from musicassist.generation.fake import EchoSoloist
from musicassist.generation.model_store import find_models, load_manifest, open_soloist
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.generation.tasks import ContinuePhrase, Hear, Task

_RESTART_AGAIN_AFTER_S: Final = 10.0  # a soloist that dies sooner is not started by itself


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model the user can choose.

    Attributes:
        model_id: Its name in sessions.
        title: What the user sees; may be foreign text.
        source: Its folder, played in a process of its own; or what makes a soloist, which may be
            slow and raise `ModelError`, played on a thread of the window's process.
    """

    model_id: str
    title: str
    source: Path | Callable[[], Soloist]

    def opened(self) -> Soloist:
        """Return its soloist; slow.

        Raises:
            ModelError: It is damaged or not to be trusted.
        """
        return open_soloist(self.source) if isinstance(self.source, Path) else self.source()


ECHO: Final = ModelChoice("echo", "Echo (no model)", EchoSoloist)


def find_choices(folder: Path) -> tuple[tuple[ModelChoice, ...], tuple[ModelError, ...]]:
    """Return the models in a folder, ours before the classic, and what is wrong with others."""
    choices: list[tuple[bool, ModelChoice]] = []
    problems: list[ModelError] = []
    for path in find_models([folder]):
        try:
            manifest = load_manifest(path)
        except ModelError as problem:
            problems.append(problem)
            continue
        choice = ModelChoice(manifest.model_id, manifest.title, path)
        choices.append((manifest.recipe != "solo", choice))
    choices.sort(key=lambda each: (each[0], each[1].title))
    return tuple(choice for _, choice in choices), tuple(problems)


class SoloistService(QObject):
    """Answers requests one at a time; a newer one ends an older one.

    `solos_made(request_id, solos)` and `failed(request_id, error)` come for the newest request
    only; `failed` also when the soloist could not be loaded, or has died: it is started again then,
    once. `busy_changed(is_busy)` says whether a request is being worked on. `heard(request_id,
    harmony)` answers `hear`; None if nothing could be heard.

    Args:
        choices: The models there are, best first.
        parent: Its Qt owner.
        clock_s: A monotonic clock.

    Thread: GUI; the work is done by a `Worker`, which hands over through an `Inbox`.
    """

    solos_made = Signal(int, object)
    failed = Signal(int, object)
    busy_changed = Signal(bool)
    heard = Signal(int, object)

    def __init__(
        self,
        choices: tuple[ModelChoice, ...],
        parent: QObject | None = None,
        *,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._clock_s = clock_s
        self._last_restart_s = float("-inf")
        self._newest_id = 0
        self._last_hearing_id = 0
        self._hearings: dict[str, Job] = {}  # by lane, what is being listened to
        self._model_id = ""  # what is loaded, or was to be
        self._is_busy = False
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)
        self._worker = _worker_for(choices, self._inbox.put)

    @property
    def choices(self) -> tuple[ModelChoice, ...]:
        """The models there are, best first."""
        return self._choices

    @property
    def is_busy(self) -> bool:
        """Whether a request is being worked on."""
        return self._is_busy

    def choice_of(self, model_id: str) -> ModelChoice | None:
        """Return the model of that name, the best one if there is none, or None without models."""
        named = (each for each in self._choices if each.model_id == model_id)
        return next(named, self._choices[0] if self._choices else None)

    def start(self, model_id: str) -> None:
        """Start the worker and let it load a model, so that the first answer comes at once."""
        self._inbox.open()
        self._worker.start()
        choice = self.choice_of(model_id)
        if choice is not None:
            self._model_id = choice.model_id
            self._worker.give(Job(self._newest_id, SOLOS, choice.model_id, None))

    def request(self, model_id: str, request: SoloRequest) -> int:
        """Ask for takes; what was asked for before is dropped.

        Raises:
            ModelError: There is no model.
        """
        return self.ask(model_id, ContinuePhrase(request))

    def ask(self, model_id: str, task: Task, *, is_quiet: bool = False) -> int:
        """Have a task done; what was asked for before is dropped, at its next note.

        Args:
            model_id: Which model plays.
            task: What is done.
            is_quiet: Whether it is over so soon that nobody need be shown as busy, as when a knob
                is turned.

        Returns:
            The id that `solos_made` or `failed` will carry, if it is still the newest then.

        Raises:
            ModelError: There is no model.
        """
        choice = self.choice_of(model_id)
        if choice is None:
            raise ModelError(
                "There is no model to continue with.",
                "Reinstall MusicAssist, or train one with 'musicassist train'.",
            )
        self._inbox.open()
        self._newest_id += 1
        self._model_id = choice.model_id
        self._worker.give(Job(self._newest_id, SOLOS, choice.model_id, task))
        self._set_busy(not is_quiet)
        return self._newest_id

    def cancel(self) -> None:
        """Drop what was asked for."""
        self._newest_id += 1
        self._worker.stop(SOLOS)
        self._set_busy(False)

    def hear(self, lane: str, request: SoloRequest) -> int:
        """Have key and chords under a phrase found, whatever else is being worked on.

        Args:
            lane: Who asks; what they asked for before is dropped.
            request: The phrase, and what is known about it.

        Returns:
            The id that `heard` will carry, if it is still the newest of its lane then.
        """
        self._inbox.open()
        self._last_hearing_id += 1
        self._hearings[lane] = Job(self._last_hearing_id, lane, "", Hear(request))
        self._worker.give(self._hearings[lane])
        return self._last_hearing_id

    def stop_hearing(self, lane: str) -> None:
        """Drop what somebody asked to be heard."""
        if self._hearings.pop(lane, None) is not None:
            self._worker.stop(lane)

    def shut_down(self) -> None:
        """End the worker."""
        self.cancel()
        self._hearings.clear()
        self._worker.leave()
        self._inbox.close()

    def _on_inbox_arrived(self, item: object) -> None:
        if isinstance(item, WorkerGone):
            self._on_worker_gone(item.why)
        elif isinstance(item, Made | Failed):
            if item.lane != SOLOS:
                self._on_heard(item)
            elif item.request_id == self._newest_id:
                self._set_busy(False)
                if isinstance(item, Made):
                    self.solos_made.emit(item.request_id, item.result)
                elif item.error is not None:
                    self.failed.emit(item.request_id, item.error)

    def _on_heard(self, answer: Made | Failed) -> None:
        job = self._hearings.get(answer.lane)
        if job is not None and job.request_id == answer.request_id:
            del self._hearings[answer.lane]
            self.heard.emit(job.request_id, answer.result if isinstance(answer, Made) else None)

    def _on_worker_gone(self, why: str) -> None:
        """Start another worker, unless it died so soon that it would again; say so."""
        self._worker.leave()
        self._set_busy(False)
        now_s = self._clock_s()
        if now_s - self._last_restart_s < _RESTART_AGAIN_AFTER_S:
            hint = "Continue once more to start it again, or choose another model."
            lost, self._hearings = self._hearings, {}
            for job in lost.values():
                self.heard.emit(job.request_id, None)
        else:
            hint = "It is being started again; nothing you made is lost."
            self._last_restart_s = now_s
            self.start(self._model_id)
            for job in self._hearings.values():
                self._worker.give(job)
        self.failed.emit(self._newest_id, SoloistError(f"{why}.", hint))

    def _set_busy(self, is_busy: bool) -> None:
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self.busy_changed.emit(is_busy)


def _worker_for(choices: tuple[ModelChoice, ...], put: Put) -> Worker:
    """Return who plays them: a process, if all of them can be sent there."""
    folders = [(each.model_id, each.source) for each in choices if isinstance(each.source, Path)]
    if len(folders) == len(choices):
        return ProcessWorker(folders, put)
    sources = {each.model_id: each for each in reversed(choices)}
    return ThreadWorker(put, lambda model_id: sources[model_id].opened())
