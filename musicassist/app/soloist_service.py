"""The soloist's worker: asks for takes without holding the window up."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.inbox import Inbox
from musicassist.errors import ModelError, MusicAssistError, UserCancelled
from musicassist.generation.fake import EchoSoloist
from musicassist.generation.model_store import find_models, load_manifest, open_soloist
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.music.solo import Solo

_LEAVE_S: Final = 1.0

Task = Callable[[Soloist, Callable[[], bool]], tuple[Solo, ...]]
"""Work for a soloist: it is given the soloist and what says whether to stop.

Thread: the soloist's worker.
"""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model the user can choose.

    Attributes:
        model_id: Its name in sessions.
        title: What the user sees; may be foreign text.
        open: Loads it; slow, may raise `ModelError`.
    """

    model_id: str
    title: str
    open: Callable[[], Soloist]


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
        choice = ModelChoice(manifest.model_id, manifest.title, partial(open_soloist, path))
        choices.append((manifest.recipe != "solo", choice))
    choices.sort(key=lambda each: (each[0], each[1].title))
    return tuple(choice for _, choice in choices), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Job:
    request_id: int
    choice: ModelChoice
    task: Task | None  # None only loads the model
    afterwards: Callable[[], object] | None = None  # done once it is loaded


@dataclass(frozen=True, slots=True)
class _Made:
    request_id: int
    solos: tuple[Solo, ...]


@dataclass(frozen=True, slots=True)
class _Failed:
    request_id: int
    error: MusicAssistError | None  # None: stopped because nobody wants it any more


class SoloistService(QObject):
    """Answers requests one at a time; a newer one ends an older one.

    `solos_made(request_id, solos)` and `failed(request_id, error)` come for the newest request
    only; `busy_changed(is_busy)` says whether one is being worked on.

    Args:
        choices: The models there are, best first.
        parent: Its Qt owner.

    Thread: GUI; the work is done on one worker thread, which hands over through an `Inbox`.
    """

    solos_made = Signal(int, object)
    failed = Signal(int, object)
    busy_changed = Signal(bool)

    def __init__(self, choices: tuple[ModelChoice, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._newest_id = 0
        self._is_busy = False
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)
        self._worker = _Worker(self._inbox.put)

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

    def start(self, model_id: str, afterwards: Callable[[], object] | None = None) -> None:
        """Start the worker and let it load a model, so that the first answer comes at once.

        Args:
            model_id: The model; the best one where it is not known.
            afterwards: What else is to be ready early; it is called on the worker thread.
        """
        self._inbox.open()
        choice = self.choice_of(model_id)
        if choice is not None:
            self._worker.give(_Job(self._newest_id, choice, None, afterwards))

    def request(self, model_id: str, request: SoloRequest) -> int:
        """Ask for takes; what was asked for before is dropped.

        Raises:
            ModelError: There is no model.
        """
        return self.ask(
            model_id, lambda soloist, should_stop: soloist.continue_phrase(request, should_stop)
        )

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
        self._worker.give(_Job(self._newest_id, choice, task))
        self._set_busy(not is_quiet)
        return self._newest_id

    def cancel(self) -> None:
        """Drop what was asked for."""
        self._newest_id += 1
        self._worker.stop_current()
        self._set_busy(False)

    def shut_down(self) -> None:
        """End the worker."""
        self.cancel()
        self._worker.leave()
        self._inbox.close()

    def _on_inbox_arrived(self, item: object) -> None:
        if isinstance(item, _Made | _Failed) and item.request_id == self._newest_id:
            self._set_busy(False)
            if isinstance(item, _Made):
                self.solos_made.emit(item.request_id, item.solos)
            elif item.error is not None:
                self.failed.emit(item.request_id, item.error)

    def _set_busy(self, is_busy: bool) -> None:
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self.busy_changed.emit(is_busy)


class _Worker:
    """The one thread on which models are loaded and solos made."""

    def __init__(self, put: Callable[[object], None]) -> None:
        self._put = put
        self._changed = threading.Condition()
        self._next: _Job | None = None
        self._stop = threading.Event()
        self._is_leaving = False
        self._thread: threading.Thread | None = None
        self._soloists: dict[str, Soloist] = {}

    def give(self, job: _Job) -> None:
        """Let a job be the next, and end the one being worked on.

        Thread: GUI.
        """
        with self._changed:
            self._next = job
            self._stop.set()
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="soloist", daemon=True)
            self._thread.start()

    def stop_current(self) -> None:
        """End the job being worked on and drop the next.

        Thread: GUI.
        """
        with self._changed:
            self._next = None
            self._stop.set()

    def leave(self) -> None:
        """End the thread; a model being loaded is not waited for longer than a second.

        Thread: GUI.
        """
        with self._changed:
            self._is_leaving = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_LEAVE_S)
            self._thread = None

    def _work(self) -> None:
        """Do jobs until asked to leave.

        Thread: worker.
        """
        while True:
            with self._changed:
                while self._next is None and not self._is_leaving:
                    self._changed.wait()
                if self._is_leaving:
                    return
                job, self._next = self._next, None
                self._stop.clear()
            if job is not None:
                self._put(self._done(job))

    def _done(self, job: _Job) -> _Made | _Failed:
        try:
            soloist = self._soloists.get(job.choice.model_id)
            if soloist is None:
                soloist = job.choice.open()
                self._soloists[job.choice.model_id] = soloist
            if job.task is None:
                if job.afterwards is not None:
                    job.afterwards()
                return _Failed(-1, None)
            return _Made(job.request_id, job.task(soloist, self._stop.is_set))
        except UserCancelled:
            return _Failed(job.request_id, None)
        except MusicAssistError as error:
            return _Failed(job.request_id, error)
        except Exception:
            logging.getLogger(__name__).exception("the soloist failed")
            return _Failed(
                job.request_id,
                ModelError(
                    "The soloist failed in a way nobody foresaw.",
                    "Try another model or seed; the details are in the terminal.",
                ),
            )
