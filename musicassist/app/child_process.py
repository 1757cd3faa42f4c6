"""A process of ours that the window talks with, in lines."""

import contextlib
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO, Final

_LEAVE_S: Final = 1.2  # given to finish before it is ended
_END_S: Final = 0.4


class ChildProcess:
    """A process, and the two threads that read and write, so that it never holds the window up.

    Args:
        command: How it is started.
        on_line: Takes every line it writes.
        on_gone: Called once, when it writes no more.

    Raises:
        OSError: It cannot be started.

    Thread: GUI; `on_line` and `on_gone` are called by the thread that reads.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_line: Callable[[bytes], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._threads = (
            threading.Thread(
                target=_read, args=(self._process.stdout, on_line, on_gone), daemon=True
            ),
            threading.Thread(
                target=_write, args=(self._process.stdin, self._outbox.get), daemon=True
            ),
        )
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with; None while it has not been waited for."""
        return self._process.returncode

    def send(self, line: bytes) -> None:
        """Have a line written; returns at once."""
        self._outbox.put(line)

    def hang_up(self) -> None:
        """Say that nothing more comes; what it has to say still arrives."""
        self._outbox.put(None)

    def kill(self) -> None:
        """End it without asking."""
        self._process.kill()

    def end(self) -> None:
        """Hang up, wait until it has gone, and see to it; takes 2 s at most."""
        self.hang_up()
        _wait_or_end(self._process)
        deadline_s = time.monotonic() + _END_S
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))


def _read(stdout: IO[bytes], on_line: Callable[[bytes], None], on_gone: Callable[[], None]) -> None:
    """Hand on every line the process writes, then that it has gone.

    Thread: reader.
    """
    with contextlib.suppress(ValueError, OSError), stdout:
        for line in stdout:
            on_line(line)
    on_gone()


def _write(stdin: IO[bytes], take: Callable[[], bytes | None]) -> None:
    """Write every line handed over until None comes or the process has gone.

    Thread: writer.
    """
    with contextlib.suppress(OSError):
        while (line := take()) is not None:
            stdin.write(line)
            stdin.flush()
    with contextlib.suppress(OSError):  # a broken pipe cannot be flushed
        stdin.close()


def _wait_or_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_LEAVE_S)
        return
    except subprocess.TimeoutExpired:
        process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
