"""The session as it stands in its file."""

import sqlite3
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import msgspec

from musicassist.errors import SessionFileError
from musicassist.music.session import Session
from musicassist.plain_json import json_bytes
from musicassist.storage.database import (
    CHECKPOINT_BYTES,
    MOST_VALUE_BYTES,
    Database,
    checkpoint_if_due,
    damaged,
    reason_of,
    writing,
)
from musicassist.storage.played import (
    PlayedEvent,
    insert_played,
    played_of_run,
)

N_EARLIER: Final = 5  # sessions kept behind the newest one, one a start of the program
MOST_TEXT_BYTES: Final = 256 << 20

_LOG_BYTES: Final = 8 * CHECKPOINT_BYTES  # while an engine is there, it is done long before


class SessionFile:
    """A session file, open for the window.

    Args:
        path: The file, made if there is none.

    Raises:
        DamagedSessionError: It is damaged; `recovery.open_session_file` mends that.
        SessionFileError: It is another kind of file, or cannot be opened.

    Thread: one at a time, whichever.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = Database(path)
        self._row: int | None = None  # the one this program writes

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def save_session(self, session: Session) -> None:
        """Put a session in the place of the one before; on the disk when this returns.

        Raises:
            SessionFileError: It cannot be written; the one before is still there.
        """
        content = encode_session(session)
        if len(content) >= MOST_VALUE_BYTES:
            raise SessionFileError("The session is too big to be saved.", "Remove some solos.")
        now = _now()
        values = (now, content, zlib.crc32(content))
        try:
            connection = self._database.connection()
            with writing(connection):
                row = self._write_row(connection, values)
            self._row = row
            checkpoint_if_due(self._database, _LOG_BYTES)
        except sqlite3.Error as problem:
            self._database.drop()
            reason, hint = reason_of(problem)
            what = f"The session is not being saved in {self._path.name}: {reason}."
            raise SessionFileError(what, hint) from problem

    def load_session(self) -> Session | None:
        """Return the newest session that can be read; None if none was ever saved.

        Raises:
            SessionFileError: There are some, but none can be read.
        """
        rows = self._rows()
        sessions = (decode_session(content, checksum) for content, checksum in rows)
        session = next((each for each in sessions if each is not None), None)
        if session is None and rows:
            raise damaged(self._path)
        return session

    def played(self) -> tuple[tuple[PlayedEvent, ...], ...]:
        """Return what was played in each run, oldest first.

        Raises:
            SessionFileError: It cannot be read.
        """
        try:
            connection = self._database.connection()
            runs = connection.execute("SELECT id FROM runs ORDER BY id").fetchall()
            return tuple(played_of_run(connection, run) for (run,) in runs)
        except sqlite3.Error as problem:
            raise self._cannot_read(problem) from problem

    def fill(
        self,
        runs: Sequence[tuple[int, str]],
        played: Sequence[tuple[int, PlayedEvent]],
        phrases: Sequence[tuple[int, int]],
        sessions: Sequence[tuple[str, bytes, int]],
    ) -> None:
        """Put into a new file what was read of another one; see `recovery.Salvage`.

        Raises:
            SessionFileError: It cannot be written.
        """
        tables = {
            "runs (id, started_at)": runs,
            "phrases (run, last_number)": phrases,
            "sessions (saved_at, content, checksum)": sessions,
        }
        try:
            connection = self._database.connection()
            with writing(connection):
                for table, rows in tables.items():
                    places = ", ".join("?" * (table.count(",") + 1))
                    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
                for run, together in groupby(played, key=itemgetter(0)):
                    insert_played(connection, run, 1, (each for _, each in together))
        except sqlite3.Error as problem:
            reason, hint = reason_of(problem)
            what = f"{self._path.name} cannot be written: {reason}."
            raise SessionFileError(what, hint) from problem

    def close(self) -> None:
        """Let go of the file."""
        self._database.drop()

    def _write_row(self, connection: sqlite3.Connection, values: tuple[str, bytes, int]) -> int:
        if self._row is not None:
            changed = connection.execute(
                "UPDATE sessions SET saved_at = ?, content = ?, checksum = ? WHERE id = ?",
                (*values, self._row),
            )
            if changed.rowcount:
                return self._row
        row = connection.execute(
            "INSERT INTO sessions (saved_at, content, checksum) VALUES (?, ?, ?)", values
        ).lastrowid
        assert row is not None
        connection.execute(
            "DELETE FROM sessions WHERE id NOT IN"
            " (SELECT id FROM sessions ORDER BY id DESC LIMIT ?)",
            (N_EARLIER + 1,),
        )
        return row

    def _rows(self) -> list[tuple[bytes, int]]:
        try:
            return (
                self._database.connection()
                .execute("SELECT content, checksum FROM sessions ORDER BY id DESC")
                .fetchall()
            )
        except sqlite3.Error as problem:
            raise self._cannot_read(problem) from problem

    def _cannot_read(self, problem: sqlite3.Error) -> SessionFileError:
        reason, hint = reason_of(problem)
        return SessionFileError(f"{self._path.name} cannot be read: {reason}.", hint)


def _now() -> str:
    """Return the moment for people to read; nothing is decided by it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def encode_session(session: Session) -> bytes:
    """Return a session as compressed JSON: the less is written, the less the engine waits."""
    return zlib.compress(json_bytes(session), 1)


def decode_session(content: bytes, checksum: int) -> Session | None:
    """Return the session that stands in a row; None if it is damaged or holds something else."""
    if zlib.crc32(content) != checksum:
        return None
    try:
        return msgspec.json.decode(text_of(content), type=Session)
    except (zlib.error, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def text_of(content: bytes) -> bytes:
    """Return the JSON of a session, no more than there may be.

    Raises:
        zlib.error: It is damaged.
    """
    return zlib.decompressobj().decompress(content, MOST_TEXT_BYTES)
