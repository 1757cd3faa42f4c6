"""What is played, committed to the session file before anything can happen to it."""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum, auto
from itertools import groupby
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
_MOST_AT_ONCE: Final = 20_000
_PRUNE_EVERY: Final = 50_000


class _Mark(Enum):
    """What stands among the events in the queue."""

    PHRASE_OVER = auto()
    LEAVE = auto()


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
        self._waiting: list[PlayedEvent | _Mark] = []
        self._n_kept = 0
        self._n_kept_at_prune = 0
        self._is_failing = False
        self._retry_at_s = 0.0
        self._is_closed = False
        self._recovered_run: int | None = None
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
        if is_orderly:
            self._queue.put(_Mark.PHRASE_OVER)
        self._queue.put(_Mark.LEAVE)
        self._thread.join()

    def _begin(self, connection: sqlite3.Connection) -> int:
        """Enter this run, after a look at those before it; return its number."""
        with writing(connection):
            prune(connection)
            if (unfinished := unfinished_run(connection)) is not None:
                self._recovered_run, last_handed_over = unfinished
                self._recovered = played_of_run(
                    connection, self._recovered_run, after=last_handed_over
                )
            return begin_run(connection, _now())

    def _work(self) -> None:
        """Take in and write until told to leave.

        Thread: the journal's.
        """
        is_leaving = False
        while not is_leaving:
            is_leaving = self._take_in()
            if self._waiting and (is_leaving or time.monotonic() >= self._retry_at_s):
                self._write_waiting()
            if not self._waiting and self._queue.empty():
                checkpoint_if_due(self._database)
        self._database.drop()

    def _take_in(self) -> bool:
        """Wait for something to write, or for the next try; return whether to leave."""
        timeout_s = None
        if self._waiting:
            timeout_s = max(0.0, self._retry_at_s - time.monotonic())
        with suppress(queue.Empty):
            item = self._queue.get(timeout=timeout_s)
            deadline_s = time.monotonic() + GATHER_S
            while item is not _Mark.LEAVE:
                self._waiting.append(item)
                left_s = max(0.0, deadline_s - time.monotonic())
                item = self._queue.get(timeout=left_s)
            return True
        del self._waiting[: max(0, len(self._waiting) - 2 * MOST_EVENTS)]  # memory is finite
        return False

    def _write_waiting(self) -> None:
        """Write what waits, in order, as far as the disk lets us."""
        while self._waiting:
            items = self._waiting[:_MOST_AT_ONCE]
            try:
                self._commit(items)
            except (sqlite3.Error, OSError, SessionFileError) as problem:
                self._fail(problem)
                return
            del self._waiting[: len(items)]
            self._is_failing = False
            n_events = sum(isinstance(item, PlayedEvent) for item in items)
            if n_events:
                self._n_kept += n_events
                self._on_kept(self._n_kept)

    def _commit(self, items: list[PlayedEvent | _Mark]) -> None:
        connection = self._database.connection()
        with writing(connection):
            resume_run(connection, self._run, _now())
            n_written = self._n_kept
            for is_mark, group in groupby(items, key=lambda item: isinstance(item, _Mark)):
                if is_mark:
                    self._finish_phrases(connection)
                else:
                    played = [item for item in group if isinstance(item, PlayedEvent)]
                    insert_played(connection, self._run, n_written + 1, played)
                    n_written += len(played)
            if self._n_kept - self._n_kept_at_prune >= _PRUNE_EVERY:
                self._n_kept_at_prune = self._n_kept
                prune(connection)

    def _finish_phrases(self, connection: sqlite3.Connection) -> None:
        finish_phrases(connection, self._run)
        if self._recovered_run is not None:
            finish_phrases(connection, self._recovered_run)

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
