"""A file that one process at a time has; the system frees it when the process ends, however."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class TakenError(Exception):
    """Another process, or another lock of this one, has the file."""


class FileLock:
    """A lock on a file made for it; it says nothing about what is in the file.

    The system's own locks are used, as libraries do that bring asyncio and TLS along: those took a
    tenth of the time in which the window opens.

    Args:
        path: The file; it is made, and left where it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_locked(self) -> bool:
        """Whether it is ours."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Lock the file now or not at all.

        Raises:
            TakenError: Somebody has it.
            OSError: The file cannot be made or locked.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others have it; nothing happens if it is not ours."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)  # which unlocks it


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as problem:
            raise TakenError from problem
    else:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise TakenError from problem
