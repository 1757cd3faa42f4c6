"""What was played, as rows of a session file."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from musicassist.music.take import RawEvent

MOST_EVENTS: Final = 500_000  # kept in a file and handed out at once; as capture does
KEPT_NS: Final = 3_600_000_000_000  # what was played in the last hour is never pruned

_FARTHEST_TICKS: Final = 1e12  # thirty years at 120 bpm

COLUMNS: Final = "time_ns, source, status, data1, data2, place_ticks"


@dataclass(frozen=True, slots=True)
class PlayedEvent:
    """Something that was played.

    Attributes:
        event: The message and its moment.
        source: Name of the port or control it came from; may be foreign text.
        place_ticks: Where on the time line the player heard it; None while the transport stands.
    """

    event: RawEvent
    source: str
    place_ticks: float | None = None


def insert_played(
    connection: sqlite3.Connection, run: int, first_number: int, played: Iterable[PlayedEvent]
) -> None:
    """Add what was played in a run, numbered on from a number."""
    connection.executemany(
        f"INSERT INTO played (run, number, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                run,
                number,
                each.event.time_ns,
                each.source.encode(errors="replace").decode(),  # lone surrogates have no UTF-8
                each.event.status,
                each.event.data1,
                each.event.data2,
                each.place_ticks,
            )
            for number, each in enumerate(played, first_number)
        ],
    )


def played_of_run(
    connection: sqlite3.Connection, run: int, *, after: int = 0
) -> tuple[PlayedEvent, ...]:
    """Return what was played in a run after a number, the last `MOST_EVENTS` of it, in order."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM played WHERE run = ? AND number > ? ORDER BY number DESC LIMIT ?",
        (run, after, MOST_EVENTS),
    ).fetchall()
    return tuple(played for row in reversed(rows) if (played := played_from(row)) is not None)


def played_from(row: Sequence[Any]) -> PlayedEvent | None:
    """Return what a row of `COLUMNS` says, or None if it says nothing that can be."""
    time_ns, source, status, data1, data2, place_ticks = row
    is_message = 0x80 <= status <= 0xEF and 0 <= data1 <= 127 and 0 <= data2 <= 127
    if not is_message:
        return None
    if place_ticks is not None and not abs(place_ticks) <= _FARTHEST_TICKS:
        place_ticks = None
    return PlayedEvent(RawEvent(time_ns, status, data1, data2), source, place_ticks)


def begin_run(connection: sqlite3.Connection, started_at: str) -> int:
    """Enter a new run and return its number."""
    run = connection.execute("INSERT INTO runs (started_at) VALUES (?)", (started_at,)).lastrowid
    assert run is not None
    return run


def resume_run(connection: sqlite3.Connection, run: int, started_at: str) -> None:
    """Enter a run again if it is not there: the file may be another one after a failure."""
    connection.execute(
        "INSERT OR IGNORE INTO runs (id, started_at) VALUES (?, ?)", (run, started_at)
    )


def finish_phrases(connection: sqlite3.Connection, run: int, last_number: int) -> None:
    """Note that everything of a run up to a number has been handed over as phrases."""
    connection.execute("INSERT INTO phrases (run, last_number) VALUES (?, ?)", (run, last_number))


def unfinished_run(connection: sqlite3.Connection) -> tuple[int, int, int] | None:
    """Return the newest run in which something came after its last finished phrase.

    Returns:
        Its number, and the numbers of its first and last event that were not handed over; None if
        there is no such run.
    """
    row: tuple[int, int, int] | None = connection.execute(
        "SELECT run, finished + 1, (SELECT max(number) FROM played WHERE played.run = lives.run)"
        " FROM (SELECT id AS run, coalesce((SELECT max(last_number) FROM phrases"
        " WHERE phrases.run = runs.id), 0) AS finished FROM runs) AS lives"
        " WHERE EXISTS (SELECT 1 FROM played"
        " WHERE played.run = lives.run AND played.number > lives.finished)"
        " ORDER BY run DESC LIMIT 1"
    ).fetchone()
    return row


def prune(connection: sqlite3.Connection) -> None:
    """Forget the oldest runs, and of the rest what is older than the last `MOST_EVENTS` events.

    Runs are kept, newest first, until an hour of playing is there. No clock on the wall decides:
    the length of a run is told by the monotonic clock that stamped its events.
    """
    left_ns, n_left = KEPT_NS, MOST_EVENTS
    runs = connection.execute("SELECT id FROM runs ORDER BY id DESC").fetchall()
    for (run,) in runs:
        ends = _ends_of(connection, run)
        if ends is None or left_ns <= 0 or n_left <= 0:
            for table, column in (("played", "run"), ("phrases", "run"), ("runs", "id")):
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (run,))
            continue
        (first, start_ns), (last, end_ns) = ends
        connection.execute("DELETE FROM played WHERE run = ? AND number <= ?", (run, last - n_left))
        left_ns -= max(0, end_ns - start_ns)
        n_left -= last - first + 1


def _ends_of(
    connection: sqlite3.Connection, run: int
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return number and moment of the first and the last event of a run; None if it is empty."""
    query = "SELECT number, time_ns FROM played WHERE run = ? ORDER BY number {} LIMIT 1"
    first = connection.execute(query.format("ASC"), (run,)).fetchone()
    last = connection.execute(query.format("DESC"), (run,)).fetchone()
    return None if first is None else (first, last)
