"""Opening a session file so that neither a foreign nor a damaged one can do harm."""

import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from musicassist.errors import DamagedSessionError, MissingFileError, SessionFileError
from musicassist.storage.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    expected_layout,
    layout_of,
    migrate,
    version_of,
)

SUFFIX: Final = ".musicassist"
MOST_FILE_BYTES: Final = 1 << 30
MOST_VALUE_BYTES: Final = 64 << 20  # of one value in it
BUSY_MS: Final = 5_000  # how long another process may keep us waiting
_LOOK_S: Final = 0.05  # the same for a look that a menu waits for

# Source: sqlite.org/fileformat2.html, "The Database Header".
HEADER_BYTES: Final = 100
MAGIC: Final = b"SQLite format 3\0"
_APPLICATION_ID_AT: Final = slice(68, 72)

CHECKPOINT_BYTES: Final = 1 << 20
_LOCK_POLL_S: Final = 0.001

_REASONS: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room on the disk."),
    sqlite3.SQLITE_READONLY: ("it may not be written", "Check the rights of file and folder."),
    sqlite3.SQLITE_PERM: ("it may not be written", "Check the rights of file and folder."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check the rights of file and folder."),
    sqlite3.SQLITE_BUSY: ("another program holds it", "Close the other program."),
    sqlite3.SQLITE_LOCKED: ("another program holds it", "Close the other program."),
    sqlite3.SQLITE_IOERR: ("the disk does not do its work", "Check the disk."),
    sqlite3.SQLITE_TOOBIG: ("it would be too big", "Remove some solos."),
}
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def reason_of(problem: sqlite3.Error | OSError) -> tuple[str, str]:
    """Return why a file cannot be read or written, and what to do: half a sentence and one."""
    if isinstance(problem, OSError):
        return problem.strerror or "the system refused", "Check the rights of file and folder."
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return "the file is damaged", "Start the program again to have it mended."
    return _REASONS.get(code, (f"the system refused ({problem})", "Try another folder."))


def open_database(path: Path) -> sqlite3.Connection:
    """Open a session file, or make a new one, after looking at it closely.

    The connection is in autocommit mode and may be used by one thread at a time, whichever.

    Raises:
        DamagedSessionError: It is, or by its name should be, one of ours, but cannot be trusted.
        SessionFileError: It is another kind of file, too big, too new, or cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _look_from_outside(path)
        connection = sqlite3.connect(
            path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
    except (sqlite3.Error, OSError, ValueError) as problem:
        raise _cannot_open(path, problem) from problem
    try:
        prepare(connection)
        _look_inside(connection, path)
    except BaseException as problem:
        connection.close()
        if isinstance(problem, sqlite3.Error):
            raise _cannot_open(path, problem) from problem
        raise
    return connection


def open_to_look(path: Path) -> sqlite3.Connection:
    """Open a session file to read a little of it: nothing is checked through, made or changed.

    Raises:
        MissingFileError: There is no such file.
        SessionFileError: It is no session file of ours.
        sqlite3.Error: It cannot be read.
        OSError: It cannot be opened.
    """
    if not path.is_file():
        raise MissingFileError(f"There is no file {path.name}.", "It may have been moved.")
    _look_from_outside(path)
    # Without a log nobody is writing; only then may SQLite leave out its lock files.
    log = log_of(path)
    has_log = log.exists() and log.stat().st_size > 0
    how = "mode=ro" if has_log else "mode=ro&immutable=1"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, timeout=_LOOK_S, isolation_level=None
    )
    try:
        prepare(connection)
        if not 0 < version_of(connection) <= len(MIGRATIONS) or layout_of(
            connection
        ) != expected_layout(version_of(connection)):
            raise _not_ours(path)
    except BaseException:
        connection.close()
        raise
    return connection


class Database:
    """A session file that is opened again when its connection cannot be used any more.

    Args:
        path: The file, made if there is none.

    Raises:
        DamagedSessionError: As `open_database`.
        SessionFileError: As `open_database`.

    Thread: one at a time, whichever.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self.connection()

    def connection(self) -> sqlite3.Connection:
        """Return a connection to the file that is now at the path, which may be a new one.

        Raises:
            SessionFileError: As `open_database`.
        """
        if self._connection is not None and self._identity != _identity_of(self.path):
            self.drop()  # somebody removed the file: what went into it now would be lost
        if self._connection is None:
            self._connection = open_database(self.path)
            self._identity = _identity_of(self.path)
        return self._connection

    def drop(self) -> None:
        """Let go of the file; the next use opens it anew, with all the checks."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Make what is done inside one step: wholly kept, on the disk, or not done at all."""
    _begin_writing(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # what failed may have rolled back already
            connection.execute("ROLLBACK")
        raise


def _begin_writing(connection: sqlite3.Connection) -> None:
    """Take the write lock, soon after another process lets it go.

    SQLite's own waiting sleeps longer and longer, up to 100 ms; an event may not wait that long.
    """
    deadline_s = time.monotonic() + BUSY_MS / 1000
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                if not _is_busy(problem) or time.monotonic() > deadline_s:
                    raise
                time.sleep(_LOCK_POLL_S)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def _is_busy(problem: sqlite3.Error) -> bool:
    return problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def checkpoint_if_due(database: Database, log_bytes: int = CHECKPOINT_BYTES) -> None:
    """Bring what stands in the write-ahead log into the file itself, when the log has grown.

    WORKAROUND: https://sqlite.org/wal.html#walresetbug (SQLite before 3.51.3): a checkpoint
    during which another process starts the log anew can lose what was committed. So nothing is
    checkpointed on the side of a commit, and nobody can commit during a checkpoint.

    Args:
        database: The file, outside any transaction.
        log_bytes: From what size of the log on.
    """
    path = database.path
    # It can wait: nothing is lost without it.
    with suppress(OSError, sqlite3.Error, SessionFileError):
        if log_of(path).stat().st_size < log_bytes:
            return
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)) as guard:
            guard.execute("BEGIN IMMEDIATE")
            database.connection().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            guard.execute("ROLLBACK")


def log_of(path: Path) -> Path:
    """Return the write-ahead log beside a file; what was committed last may be only there."""
    return path.with_name(f"{path.name}-wal")


def _look_from_outside(path: Path) -> None:
    """Refuse what is no session file before SQLite touches it."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(facts.st_mode):
        raise SessionFileError(f"{path.name} is not a file.", "Name another session file.")
    if facts.st_size > MOST_FILE_BYTES:
        raise SessionFileError(f"The session file {path.name} is too big.", "Name another one.")
    if facts.st_size == 0:
        return
    with path.open("rb") as stream:
        header = stream.read(HEADER_BYTES)
    application_id = int.from_bytes(header[_APPLICATION_ID_AT], "big")
    if not header.startswith(MAGIC) or application_id not in (0, APPLICATION_ID):
        raise _not_ours(path)


def prepare(connection: sqlite3.Connection) -> None:
    """Set what holds for every connection, before anything is read."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.text_factory = lambda text: text.decode(errors="replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see checkpoint_if_due
    connection.execute("PRAGMA journal_size_limit = 0")  # a log started anew starts small
    connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk when it returns


def _look_inside(connection: sqlite3.Connection, path: Path) -> None:
    """Make sure that the file holds our tables and nothing else, and all of it can be read."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    layout = layout_of(connection)
    if application_id != APPLICATION_ID and (layout or application_id):
        raise _not_ours(path)
    version = version_of(connection)
    if version < 0:
        raise damaged(path)
    if version > len(MIGRATIONS):
        raise SessionFileError(
            f"The session file {path.name} was made by a newer MusicAssist.",
            "Install the newest MusicAssist, or name another session file.",
        )
    if application_id == APPLICATION_ID:
        if layout != expected_layout(version):
            raise damaged(path)
        findings = connection.execute("PRAGMA quick_check(1)").fetchall()
        if findings != [("ok",)]:
            raise damaged(path)
    _use_log(connection)
    migrate(connection)


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; SQLite does not wait here when another process does it too."""
    deadline_s = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as problem:
            if not _is_busy(problem) or time.monotonic() > deadline_s:
                raise
            time.sleep(_LOCK_POLL_S)
        else:
            return


def damaged(path: Path) -> DamagedSessionError:
    """Return the error of a file of ours that cannot be trusted any more."""
    return DamagedSessionError(
        f"The session file {path.name} is damaged.", "Start the program again to have it mended."
    )


def _not_ours(path: Path) -> SessionFileError:
    if path.suffix == SUFFIX:
        return damaged(path)
    return SessionFileError(f"{path.name} is not a session file.", "Name another session file.")


def _cannot_open(path: Path, problem: Exception) -> SessionFileError:
    if isinstance(problem, sqlite3.DatabaseError):
        code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _DAMAGED or code == sqlite3.SQLITE_ERROR:  # 1: nonsense in the schema
            return damaged(path)
    if not isinstance(problem, sqlite3.Error | OSError):  # a NUL in the name
        problem = OSError(0, "the name cannot be used")
    reason, hint = reason_of(problem)
    return SessionFileError(f"The session file {path.name} cannot be used: {reason}.", hint)
