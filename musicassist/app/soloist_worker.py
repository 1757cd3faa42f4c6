"""Where the soloist lives: in a process of its own, or for tests in the window's."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from musicassist.app.child_process import ChildProcess
from musicassist.generation.desk import SOLOS, Desk, Failed, Job, Made
from musicassist.generation.protocol import StopWork, decode, encode
from musicassist.generation.tasks import Task
from musicassist.music.clip import Clip

Models = Sequence[tuple[str, Path]]
"""The models there are: name and folder, best first."""


@dataclass(frozen=True, slots=True)
class WorkerGone:
    """The soloist has ended without being asked to.

    Attributes:
        why: What happened, a sentence without its full stop.
    """

    why: str


Put = Callable[[Made | Failed | WorkerGone], None]


class Worker(Protocol):
    """Something that does jobs, as `Desk` does, and hands over through a callback.

    Thread: GUI; what it hands over comes from any thread.
    """

    def start(self) -> None:
        """Get ready, if it is not."""
        ...

    def give(self, job: Job) -> None:
        """Let a job be the next of its lane, and end the one being worked on there."""
        ...

    def stop(self, lane: str) -> None:
        """End the job being worked on in a lane, and drop the next."""
        ...

    def leave(self) -> None:
        """End all threads and processes; takes 2 s at most."""
        ...


class ThreadWorker(Desk):
    """Works on threads of the window's process: for soloists that are no model's folder."""

    def start(self) -> None:
        """Do nothing: every lane begins with its first job."""


def soloist_command(models: Models) -> list[str]:
    """Return the command line that starts a soloist."""
    command = [sys.executable, "-m", "musicassist.generation"]
    for model_id, folder in models:
        command += ["--model", model_id, str(folder)]
    return command


class ProcessWorker:
    """Works in a process of its own: at work, Python would not let the window draw.

    The process starts with the first job that makes solos; until then listening waits, so that
    the window is drawn first.

    Args:
        models: What it can play.
        put: Takes every answer, and a `WorkerGone` when the process has ended.
        command_of: How to start it with given models.

    Thread: GUI; `put` is called by the thread that reads.
    """

    def __init__(
        self,
        models: Models,
        put: Put,
        *,
        command_of: Callable[[Models], Sequence[str]] = soloist_command,
    ) -> None:
        self._models = models
        self._put = put
        self._command_of = command_of
        self._process: ChildProcess | None = None
        self._early: dict[str, bytes] = {}  # by lane, until there is a process
        self._asked: tuple[int, Clip | None] = (-1, None)  # the newest request, and its phrase

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the process, if there is none."""
        if self._process is not None:
            return
        try:
            self._process = ChildProcess(
                self._command_of(self._models),
                self._on_line,
                lambda: self._put(WorkerGone("The soloist has stopped")),
            )
        except OSError as problem:
            self._put(WorkerGone(f"The soloist did not start: {problem.strerror or problem}"))
            return
        early, self._early = self._early, {}
        for line in early.values():
            self._process.send(line)

    def give(self, job: Job) -> None:
        """Let a job be the next of its lane; `Desk.give` says the rest."""
        if job.lane == SOLOS:
            primer = job.task.primer if isinstance(job.task, Task) else None
            self._asked = (job.request_id, primer)
            self.start()
        if self._process is not None:
            self._process.send(encode(job))
        else:
            self._early[job.lane] = encode(job)

    def stop(self, lane: str) -> None:
        """End the job being worked on in a lane, and drop the next."""
        self._early.pop(lane, None)
        if self._process is not None:
            self._process.send(encode(StopWork(lane)))

    def leave(self) -> None:
        """End the process, or what is left of it."""
        process, self._process = self._process, None
        self._early.clear()
        if process is not None:
            process.end()

    def _on_line(self, line: bytes) -> None:
        """Hand an answer over.

        Thread: reader.
        """
        with contextlib.suppress(ValueError):  # a stray print of a library is no answer
            answer = decode(line)
            if isinstance(answer, Made):
                self._put(self._with_phrase(answer))
            elif isinstance(answer, Failed):
                self._put(answer)

    def _with_phrase(self, made: Made) -> Made:
        """Return an answer whose solos have their phrase again, which was not sent back.

        Thread: reader. RACE: `_asked` is replaced as a whole; an answer that is not to the newest
        request is shown to nobody.
        """
        request_id, primer = self._asked
        if primer is None or made.request_id != request_id or not isinstance(made.result, tuple):
            return made
        return replace(made, result=tuple(replace(each, primer=primer) for each in made.result))
