"""Where tasks for a soloist are done, the newest first: in a process of its own, or in a thread."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from musicassist.errors import ModelError, MusicAssistError, UserCancelled
from musicassist.generation.soloist import Harmony, Soloist
from musicassist.generation.tasks import Hear, Task
from musicassist.music.solo import Solo

SOLOS: Final = "solos"
"""The lane on which solos are made."""

_LEAVE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do.

    Attributes:
        request_id: What the answer will carry.
        lane: Jobs of one lane end each other, those of others do not.
        model_id: Who does it; empty for listening, which needs no model.
        task: What; None only loads the model.
    """

    request_id: int
    lane: str
    model_id: str
    task: Task | Hear | None


@dataclass(frozen=True, slots=True)
class Made:
    """The answer to a job: solos, or for listening a harmony."""

    request_id: int
    lane: str
    result: tuple[Solo, ...] | Harmony


@dataclass(frozen=True, slots=True)
class Failed:
    """A job came to nothing.

    Attributes:
        request_id: Which.
        lane: Where.
        error: Why; None if it was stopped because nobody wants it any more.
    """

    request_id: int
    lane: str
    error: MusicAssistError | None


class Desk:
    """Does jobs, one at a time in each lane; a newer one ends an older one at its next note.

    Args:
        put: Takes every `Made` and `Failed`; a job that only loads a model answers nothing when it
            went well.
        open_model: Loads the model of a name; slow, may raise `ModelError`.

    Thread: any one; each lane works on a thread of its own.
    """

    def __init__(
        self, put: Callable[[Made | Failed], None], open_model: Callable[[str], Soloist]
    ) -> None:
        self._put = put
        self._open_model = open_model
        self._soloists: dict[str, Soloist] = {}  # used by the lane of solos only
        self._lanes: dict[str, _Lane] = {}

    def give(self, job: Job) -> None:
        """Let a job be the next of its lane, and end the one being worked on there."""
        lane = self._lanes.get(job.lane)
        if lane is None:
            lane = self._lanes[job.lane] = _Lane(job.lane, self._do)
        lane.give(job)

    def stop(self, lane: str) -> None:
        """End the job being worked on in a lane, and drop the next."""
        if lane in self._lanes:
            self._lanes[lane].give(None)

    def leave(self) -> None:
        """End all threads; a model being loaded is not waited for longer than a second."""
        for lane in self._lanes.values():
            lane.leave()
        self._lanes.clear()

    def _do(self, job: Job, should_stop: Callable[[], bool]) -> None:
        """Do a job, whatever happens.

        Thread: the lane's.
        """
        error: MusicAssistError | None = None
        try:
            result = self._result_of(job, should_stop)
        except UserCancelled:
            pass
        except MusicAssistError as problem:
            error = problem
        except Exception:
            logging.getLogger(__name__).exception("the soloist failed")
            error = ModelError(
                "The soloist failed in a way nobody foresaw.",
                "Try another model or seed; the details are in the terminal.",
            )
        else:
            if result is not None:
                self._put(Made(job.request_id, job.lane, result))
            return
        self._put(Failed(job.request_id, job.lane, error))

    def _result_of(
        self, job: Job, should_stop: Callable[[], bool]
    ) -> tuple[Solo, ...] | Harmony | None:
        if isinstance(job.task, Hear):
            from musicassist.generation.solo import harmony_for  # late: it brings the network

            return harmony_for(job.task.request)
        soloist = self._soloists.get(job.model_id)
        if soloist is None:
            soloist = self._soloists[job.model_id] = self._open_model(job.model_id)
        return job.task.done_by(soloist, should_stop) if job.task is not None else None


class _Lane:
    """A thread that does one job after the other."""

    def __init__(self, name: str, do: Callable[[Job, Callable[[], bool]], None]) -> None:
        self._do = do
        self._changed = threading.Condition()
        self._next: Job | None = None
        self._stop = threading.Event()
        self._is_leaving = False
        self._thread = threading.Thread(target=self._work, name=f"soloist {name}", daemon=True)
        self._thread.start()

    def give(self, job: Job | None) -> None:
        """Let a job, or none, be the next, and end the one being worked on."""
        with self._changed:
            self._next = job
            self._stop.set()
            self._changed.notify()

    def leave(self) -> None:
        """End the thread."""
        with self._changed:
            self._is_leaving = True
            self._stop.set()
            self._changed.notify()
        self._thread.join(_LEAVE_S)

    def _work(self) -> None:
        """Do jobs until asked to leave.

        Thread: the lane's.
        """
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._next is not None or self._is_leaving)
                job, self._next = self._next, None
                if job is None or self._is_leaving:
                    return
                self._stop.clear()
            self._do(job, self._stop.is_set)
