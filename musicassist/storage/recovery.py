"""Opening the window's session file whatever state it is in: nothing that can be read is lost."""

import shutil
import sqlite3
import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from musicassist.errors import DamagedSessionError, SessionFileError
from musicassist.storage.aside import set_aside
from musicassist.storage.database import MAGIC, log_of, prepare, reason_of
from musicassist.storage.played import COLUMNS, MOST_EVENTS, PlayedEvent, played_from
from musicassist.storage.session_file import SessionFile, decode_session

# What every file of ours begins with, so that one whose head is damaged can still be read: page
# size 4096, write-ahead log, and the payload fractions that never differ.
# Source: sqlite.org/fileformat2.html, "The Database Header".
_HEAD: Final = MAGIC + bytes((0x10, 0x00, 2, 2, 0, 64, 32, 32))
_HIGHEST_RUN: Final = 1 << 32
_MOST_ROWS: Final = 2 * MOST_EVENTS


@dataclass(slots=True)
class Salvage:
    """Rows of a damaged file that are whole, oldest first and numbered anew.

    Attributes:
        runs: Number and moment.
        played: Run and what was played.
        phrases: Run, and how many of its events had been handed over by then.
        sessions: Moment, content, checksum.
    """

    runs: list[tuple[int, str]] = field(default_factory=list)
    played: list[tuple[int, PlayedEvent]] = field(default_factory=list)
    phrases: list[tuple[int, int]] = field(default_factory=list)
    sessions: list[tuple[str, bytes, int]] = field(default_factory=list)


def open_session_file(path: Path) -> tuple[SessionFile, DamagedSessionError | None]:
    """Open the window's session file; a damaged one is put aside and what it held taken over.

    Nobody else may have the file open.

    Returns:
        The file, and what to tell the user if it was damaged.

    Raises:
        SessionFileError: It is another kind of file, or cannot be opened or made.
    """
    try:
        return SessionFile(path), None
    except DamagedSessionError:
        pass
    try:
        # The index of the log is made anew by whoever opens the file.
        log_of(path).with_name(f"{path.name}-shm").unlink(missing_ok=True)
        aside = set_aside(path, log_of(path))
    except OSError as problem:
        reason, hint = reason_of(problem)
        what = f"The session file {path.name} is damaged and cannot be put aside: {reason}."
        raise SessionFileError(what, hint) from problem
    salvage = read_damaged(aside)
    file = SessionFile(path)
    try:
        file.fill(salvage.runs, salvage.played, salvage.phrases, salvage.sessions)
    except SessionFileError:
        file.close()
        raise
    return file, DamagedSessionError(
        f"The session file {path.name} was damaged; {_found(salvage)}.",
        f"The damaged file is kept as {aside.name}.",
    )


def read_damaged(path: Path) -> Salvage:
    """Return what can be read of a damaged file, which stays as it is."""
    salvage = Salvage()
    with tempfile.TemporaryDirectory(prefix="musicassist-") as folder, suppress(OSError):
        copy = Path(folder) / "damaged"
        shutil.copyfile(path, copy)
        if log_of(path).exists():
            shutil.copyfile(log_of(path), log_of(copy))
        for is_head_mended in (False, True):
            if is_head_mended:
                _mend_head(copy)
            found = _read_copy(copy)
            if _size(found) > _size(salvage):
                salvage = found
    return salvage


def _mend_head(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(_HEAD)


def _read_copy(path: Path) -> Salvage:
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as file:
        # Lets SQLite read a file that ends too soon, or whose schema is damaged in part.
        file.execute("PRAGMA writable_schema = ON")
        prepare(file)
        return _whole_rows(file)
    return Salvage()


def _size(salvage: Salvage) -> tuple[int, int]:
    return len(salvage.sessions), len(salvage.played)


def _whole_rows(connection: sqlite3.Connection) -> Salvage:
    runs = {
        run: started_at
        for _, (run, started_at) in _rows_of(connection, "runs", "id, started_at")
        if _is_number(run) and isinstance(started_at, str)
    }
    played: list[tuple[int, PlayedEvent]] = []
    numbers: dict[int, list[int]] = {}  # of the rows that are whole, for each run
    for _, (run, number, *values) in _rows_of(connection, "played", f"run, number, {COLUMNS}"):
        event = _event_from(values)
        if _is_number(run) and event is not None:
            numbers.setdefault(run, []).append(number)
            played.append((run, event))
    phrases = [
        (run, bisect_right(numbers.get(run, ()), last_number))
        for _, (run, last_number) in _rows_of(connection, "phrases", "run, last_number")
        if _is_number(run) and isinstance(last_number, int)
    ]
    # A life that cannot be placed is better held for handed over than brought back for new.
    known = {run for run, _ in phrases} | {max(runs, default=0)}
    phrases += [(run, len(numbers[run])) for run in sorted(numbers.keys() - known)]
    moments = [(run, runs.get(run, "")) for run in sorted(numbers)]
    return Salvage(moments, played, phrases, _sessions_in(connection))


def _is_number(run: object) -> bool:
    """Return whether that can be the number of a run: what follows must be able to count on."""
    return isinstance(run, int) and 0 < run < _HIGHEST_RUN


def _event_from(values: Sequence[Any]) -> PlayedEvent | None:
    time_ns, source, *data, place_ticks = values
    is_sound = (
        all(isinstance(each, int) for each in (time_ns, *data))
        and isinstance(source, str)
        and (place_ticks is None or isinstance(place_ticks, float))
    )
    return played_from(values) if is_sound else None


def _sessions_in(connection: sqlite3.Connection) -> list[tuple[str, bytes, int]]:
    return [
        (str(saved_at), content, checksum)
        for _, (saved_at, content, checksum) in _rows_of(
            connection, "sessions", "saved_at, content, checksum"
        )
        if isinstance(content, bytes)
        and isinstance(checksum, int)
        and decode_session(content, checksum) is not None
    ]


def _rows_of(
    connection: sqlite3.Connection, table: str, columns: str
) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return a table's rows by key, read from either end as far as the damage lets us."""
    keys = ("run", "number") if table == "played" else ("id",)
    rows: dict[Any, tuple[Any, ...]] = {}
    for order in ("DESC", "ASC"):
        by = ", ".join(f"{key} {order}" for key in keys)
        with suppress(sqlite3.Error):
            query = f"SELECT {columns}, {', '.join(keys)} FROM {table} ORDER BY {by} LIMIT ?"
            for row in connection.execute(query, (_MOST_ROWS,)):
                key = row[-len(keys) :]
                if all(isinstance(each, int) for each in key):
                    rows[key] = row[: -len(keys)]
    return sorted(rows.items())


def _found(salvage: Salvage) -> str:
    session = "the last session" if salvage.sessions else "no session"
    notes = sum(each.event.is_note_on for _, each in salvage.played)
    return f"{session} and {notes} played notes could be read"
