"""Which session file a window works on: one window a file, and the last one used first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from zc.lockfile import LockError, SimpleLockFile

from musicassist.errors import DamagedSessionError, MusicAssistError, SessionFileError
from musicassist.paths import sessions_folder
from musicassist.storage import library
from musicassist.storage.database import SUFFIX, log_of, open_database, reason_of

FIRST_NAME: Final = f"Session{SUFFIX}"

_MOST_FILES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Claim:
    """A session file that is this window's until it is released, or the process ends.

    Attributes:
        path: The file; it exists and has been looked at.
        lock: What keeps other windows off it.
        news: What the user should know, a sentence; empty for nothing.
        problem: What was wrong with the file; None for nothing.
        is_default: Whether the program chose the file, not the user.
    """

    path: Path
    lock: SimpleLockFile
    news: str = ""
    problem: MusicAssistError | None = None
    is_default: bool = True

    def remember(self) -> None:
        """Have this file opened at the next start."""
        if self.is_default:
            library.remember(self.path)

    def release(self) -> None:
        """Let other windows have the file."""
        with suppress(OSError):
            self.lock.close()

    def renamed_after(self, name: str) -> "Claim":
        """Give the file, which nothing has open any more, the name of its session, if it can be.

        Only files among the user's sessions that the program named are renamed.

        Args:
            name: What the user calls the session.
        """
        folder = sessions_folder()
        is_ours = self.is_default and self.path.parent == folder
        if not is_ours or library.is_named_after(self.path, name):
            return self
        with suppress(OSError, MusicAssistError):
            path = library.new_path(name)
            if log_of(self.path).exists() or (lock := _locked(path)) is None:
                return self
            self.path.rename(path)
            was_last = library.remembered()[:1] == [self.path]
            library.forget(self.path)
            if was_last:
                library.remember(path)
            with suppress(OSError):  # while it is still locked, so that nobody else has it
                self.path.with_name(f"{self.path.name}.lock").unlink()
            self.release()
            return replace(self, path=path, lock=lock)
        return self


def claim_file(path: Path) -> Claim:
    """Claim just that file for this window; a damaged one is mended.

    Raises:
        SessionFileError: Another window has it, it is another kind of file, or cannot be used.
    """
    path = _real(path)
    lock = _locked(path)
    if lock is None:
        raise SessionFileError(
            f"{path.stem} is open in another window.", "Go on there, or close that window first."
        )
    with _released_on_failure(lock):
        return Claim(path, lock, problem=_look_after(path))


def claim_session(wanted: Path | None = None) -> Claim:
    """Claim the session file to work on; a damaged one is mended, one in use left to its window.

    Args:
        wanted: The file; None for the one that was used last. It is made if there is none.

    Raises:
        SessionFileError: It is another kind of file, or cannot be made, opened or locked.
    """
    first = _real(wanted or _last_used(sessions_folder()))
    if (lock := _locked(first)) is not None:
        with _released_on_failure(lock):
            return Claim(first, lock, problem=_look_after(first), is_default=wanted is None)
    for number in range(2, _MOST_FILES):
        path = first.with_name(f"{first.stem} {number}{first.suffix}")
        with suppress(SessionFileError):  # there is something else of that name
            if (lock := _locked(path)) is not None:
                with _released_on_failure(lock):
                    if _is_unused(path):
                        what = f"Another window has {first.name} open"
                        news = f"{what}; this one keeps its session in {path.name}."
                        return Claim(path, lock, news, is_default=wanted is None)
                lock.close()
    raise SessionFileError(f"There are too many files like {first.name}.", "Clear some away.")


@contextmanager
def _released_on_failure(lock: SimpleLockFile) -> Iterator[None]:
    try:
        yield
    except BaseException:
        lock.close()
        raise


def _real(path: Path) -> Path:
    """Return the one name of a file that links may give several."""
    with suppress(OSError, ValueError, RuntimeError):  # it cannot be: opening it will say so
        return path.resolve()
    return path


def _last_used(folder: Path) -> Path:
    return next((path for path in library.remembered() if path.is_file()), folder / FIRST_NAME)


def _locked(path: Path) -> SimpleLockFile | None:
    """Lock a file for this window; None if another one has it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return SimpleLockFile(path.with_name(f"{path.name}.lock"))
    except LockError:
        return None
    except (OSError, ValueError, TypeError) as problem:
        if not isinstance(problem, OSError):
            problem = OSError(0, "the name cannot be used")
        reason, hint = reason_of(problem)
        what = f"The session file {path.name} cannot be used: {reason}."
        raise SessionFileError(what, hint) from problem


def _look_after(path: Path) -> MusicAssistError | None:
    """Make sure that the file can be used; return what was wrong with it."""
    try:
        open_database(path).close()
    except DamagedSessionError:
        from musicassist.storage.recovery import open_session_file  # seldom needed, and heavy

        file, problem = open_session_file(path)
        file.close()
        return problem
    return None


def _is_unused(path: Path) -> bool:
    """Return whether nothing has been kept in a file yet."""
    query = "SELECT EXISTS (SELECT 1 FROM sessions) OR EXISTS (SELECT 1 FROM played)"
    with suppress(sqlite3.Error), closing(open_database(path)) as connection:
        return not connection.execute(query).fetchone()[0]
    return False
