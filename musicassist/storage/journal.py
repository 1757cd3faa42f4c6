"""What is played, committed to the session file before anything can happen to it."""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Final

from musicassist.errors import MusicAssistError, SessionFileError
from musicassist.storage.database import (
    Database,
    checkpoint_if_due,
    reason_of,
    writing,
)
from musicassist.storage.played import (
    MOST_EVENTS,
    PlayedEvent,
    begin_run,
    finish_phrases,
    insert_played,
    played_of_run,
    prune,
    resume_run,
    unfinished_run,
)

GATHER_S: Final = 0.005  # the notes of a chord go to the disk together
RETRY_S: Final = 0.5
SETTLE_S: Final = 2.0  # until a phrase handed over is sure to stand in the session that was saved
_MOST_AT_ONCE: Final = 20_000
_PRUNE_EVERY: Final = 50_000


class _Mark(Enum):
    """What stands among the events in the queue."""

    PHRASE_OVER = auto()
    LEAVE = auto()
    LEAVE_DONE = auto()


@dataclass(frozen=True, slots=True)
class _Finished:
    """A phrase that has been handed over.

    Attributes:
        due_s: When that is to be noted.
        last_number: Its last event.
    """

    due_s: float
    last_number: int


class Journal:
    """Writes what is played to the session file, on a thread of its own.

    An event is on the disk within 50 ms of `add`, unless the disk fails. Then the user is told
    once, events wait in memory, and the journal tries again until they are written.

    Args:
        path: The session file, made if there is none.
        on_kept: Told how many events of this run are on the disk, after every commit.
        on_failed: Told once when nothing can be written, and again only after it has worked.

    Raises:
        SessionFileError: The file cannot be opened or written.

    Thread: any for `add` and `finish_phrase`; one for the rest. The callbacks come on the
        journal's thread.
    """

    def __init__(
        self,
        path: Path,
        on_kept: Callable[[int], None],
        on_failed: Callable[[MusicAssistError], None],
    ) -> None:
        self._path = path
        self._on_kept = on_kept
        self._on_failed = on_failed
        self._queue: queue.SimpleQueue[PlayedEvent | _Mark] = queue.SimpleQueue()
        self._waiting: list[PlayedEvent] = []
        self._finished: list[_Finished] = []
        self._n_kept = 0
        self._n_kept_at_prune = 0
        self._is_failing = False
        self._retry_at_s = 0.0
        self._is_closed = False
        self._recovered_run: int | None = None
        self._last_recovered = 0
        self._recovered: tuple[PlayedEvent, ...] = ()
        self._database = Database(path)
        try:
            self._run = self._begin(self._database.connection())
        except sqlite3.Error as problem:
            self._database.drop()
            reason, hint = reason_of(problem)
            what = f"The session file {path.name} cannot be used: {reason}."
            raise SessionFileError(what, hint) from problem
        # A daemon, so that an engine that fails while it leaves is not kept from leaving.
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    @property
    def n_kept(self) -> int:
        """How many events of this run are on the disk."""
        return self._n_kept

    def add(self, played: PlayedEvent) -> None:
        """Have an event written; returns at once.

        Thread: any.
        """
        self._queue.put(played)

    def finish_phrase(self) -> None:
        """Note that all events so far, and the recovered ones, are handed over as phrases.

        It is noted a moment later: should everything die before the window has saved what it was
        handed, the phrase comes back.

        Thread: any.
        """
        self._queue.put(_Mark.PHRASE_OVER)

    def recovered(self) -> tuple[PlayedEvent, ...]:
        """Return what was played before an earlier run died, after its last finished phrase.

        Of several runs that died it is the newest that is waiting; `finish_phrase` says that it
        has been handed over, and without that it comes back the next time.
        """
        return self._recovered

    def close(self, *, is_orderly: bool = True) -> None:
        """Write the rest, wait for it, and let go of the file.

        Args:
            is_orderly: Whether the person is done. Otherwise, as when the window has gone, what
                was played since the last finished phrase is there to be recovered.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._queue.put(_Mark.LEAVE_DONE if is_orderly else _Mark.LEAVE)
        self._thread.join()

    def _begin(self, connection: sqlite3.Connection) -> int:
        """Enter this run, after a look at those before it; return its number."""
        with writing(connection):
            prune(connection)
            if (unfinished := unfinished_run(connection)) is not None:
                self._recovered_run, first, self._last_recovered = unfinished
                self._recovered = played_of_run(connection, self._recovered_run, after=first - 1)
            return begin_run(connection, _now())

    def _work(self) -> None:
        """Take in and write until told to leave.

        Thread: the journal's.
        """
        last: _Mark | None = None
        while last is None:
            last = self._take_in()
            if last is _Mark.LEAVE_DONE:
                self._finished.append(_Finished(0.0, self._n_taken_in))
            is_due = bool(self._waiting) or self._last_finished() is not None
            if is_due and (last is not None or time.monotonic() >= self._retry_at_s):
                self._write()
            if not self._waiting and self._queue.empty():
                checkpoint_if_due(self._database)
        self._database.drop()

    @property
    def _n_taken_in(self) -> int:
        return self._n_kept + len(self._waiting)

    def _take_in(self) -> _Mark | None:
        """Wait for something to do; return how to leave, if that is what came."""
        with suppress(queue.Empty):
            item = self._queue.get(timeout=self._idle_s())
            deadline_s = time.monotonic() + GATHER_S
            while True:
                if isinstance(item, PlayedEvent):
                    self._waiting.append(item)
                elif item is _Mark.PHRASE_OVER:
                    due_s = time.monotonic() + SETTLE_S
                    self._finished.append(_Finished(due_s, self._n_taken_in))
                else:
                    return item
                if (left_s := deadline_s - time.monotonic()) <= 0:
                    break
                item = self._queue.get(timeout=left_s)
        if self._is_failing:
            self._forget_what_is_too_much()
        return None

    def _idle_s(self) -> float | None:
        """Return how long nothing is to be done if nothing comes; None for ever."""
        due_s = [self._retry_at_s] if self._waiting else [each.due_s for each in self._finished]
        if not due_s:
            return None
        return max(0.0, max(min(due_s), self._retry_at_s) - time.monotonic())

    def _last_finished(self) -> _Finished | None:
        """Return the last of the phrases that are to be noted as handed over by now."""
        now_s = time.monotonic()
        return next((each for each in reversed(self._finished) if each.due_s <= now_s), None)

    def _forget_what_is_too_much(self) -> None:
        """Let the oldest events go that wait for a disk that does not come back."""
        n_too_many = len(self._waiting) - 2 * MOST_EVENTS
        if n_too_many > 0:
            del self._waiting[:n_too_many]
            self._finished = [
                _Finished(each.due_s, max(0, each.last_number - n_too_many))
                for each in self._finished
            ]

    def _write(self) -> None:
        """Write what waits, in order, as far as the disk lets us."""
        while self._waiting or self._last_finished() is not None:
            played = self._waiting[:_MOST_AT_ONCE]
            finished = self._last_finished()
            if finished is not None and finished.last_number > self._n_kept + len(played):
                finished = None  # its events come first
            try:
                self._commit(played, finished)
            except (sqlite3.Error, OSError, SessionFileError) as problem:
                self._fail(problem)
                return
            del self._waiting[: len(played)]
            self._is_failing = False
            if finished is not None:
                del self._finished[: self._finished.index(finished) + 1]
            if played:
                self._n_kept += len(played)
                self._on_kept(self._n_kept)

    def _commit(self, played: list[PlayedEvent], finished: _Finished | None) -> None:
        connection = self._database.connection()
        with writing(connection):
            resume_run(connection, self._run, _now())
            insert_played(connection, self._run, self._n_kept + 1, played)
            if finished is not None:
                finish_phrases(connection, self._run, finished.last_number)
                if self._recovered_run is not None:
                    finish_phrases(connection, self._recovered_run, self._last_recovered)
            if self._n_kept - self._n_kept_at_prune >= _PRUNE_EVERY:
                self._n_kept_at_prune = self._n_kept
                prune(connection)

    def _fail(self, problem: Exception) -> None:
        """Remember when to try again; tell the user, once."""
        self._retry_at_s = time.monotonic() + RETRY_S
        self._database.drop()
        if self._is_failing:
            return
        self._is_failing = True
        if isinstance(problem, SessionFileError):
            self._on_failed(problem)
            return
        assert isinstance(problem, sqlite3.Error | OSError)
        reason, hint = reason_of(problem)
        what = f"What you play is not being saved in {self._path.name}: {reason}."
        self._on_failed(SessionFileError(what, f"{hint} It is kept in memory until then."))


def _now() -> str:
    """Return the moment for people to read; nothing is decided by it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
