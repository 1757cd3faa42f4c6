"""The engine process as the window sees it: commands go in, events come out."""

import contextlib
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.inbox import Inbox
from musicassist.engine.protocol import Command, Event, ShutDown, decode, encode
from musicassist.errors import EngineError

_LEAVE_S: Final = 1.2  # given to finish writing before it is ended
_END_S: Final = 0.4


def engine_command(*, fake_devices: bool, soundfont: Path | None) -> list[str]:
    """Return the command line that starts an engine."""
    command = [sys.executable, "-m", "musicassist.engine"]
    if fake_devices:
        command.append("--fake-devices")
    if soundfont is not None:
        command += ["--soundfont", str(soundfont)]
    return command


@dataclass(frozen=True, slots=True)
class _Said:
    run: int
    event: Command | Event


@dataclass(frozen=True, slots=True)
class _Gone:
    run: int
    error: EngineError


class EngineClient(QObject):
    """Runs the engine process and talks with it.

    `event_arrived` carries each `Event`; `gone` comes once, with an `EngineError`, when the engine
    has ended without being asked to.

    Args:
        command: How to start it.
        parent: Its Qt owner.

    Thread: GUI. One thread of its own reads, one writes, so that an engine that hangs can never
    hold the window up; both hand over through queues.
    """

    event_arrived = Signal(object)
    gone = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._run = 0
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)

    @property
    def is_running(self) -> bool:
        """Whether there is an engine to talk to."""
        return self._process is not None

    def start(self) -> None:
        """Start the engine; it reports itself with `EngineReady`."""
        if self._process is not None:
            return
        self._run += 1
        self._inbox.open()
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as problem:
            # Not told at once: at the program's start nobody listens yet.
            self._inbox.put(_Gone(self._run, _cannot_start(problem)))
            return
        self._process = process
        self._outbox = queue.SimpleQueue()
        assert process.stdin is not None
        assert process.stdout is not None
        self._threads = [
            threading.Thread(
                target=_read, args=(process.stdout, self._inbox.put, self._run), daemon=True
            ),
            threading.Thread(target=_write, args=(process.stdin, self._outbox.get), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, command: Command) -> None:
        """Send a command; without an engine it is dropped, as the user has been told."""
        if self._process is not None:
            self._outbox.put(encode(command))

    def restart(self) -> None:
        """End what is left of the engine and start a new one."""
        self.shut_down()
        self.start()

    def shut_down(self) -> None:
        """Ask the engine to leave, and end it if it does not; takes 2 s at most."""
        process, self._process = self._process, None
        self._inbox.close()
        if process is None:
            return
        self._run += 1  # what still arrives belongs to no one
        self._outbox.put(encode(ShutDown()))
        self._outbox.put(None)
        _wait_or_end(process)
        deadline_s = time.monotonic() + _END_S
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        self._threads = []

    def _on_inbox_arrived(self, item: object) -> None:
        if isinstance(item, _Gone):
            if item.run == self._run:
                self._on_process_ended(item.error)
        elif isinstance(item, _Said) and item.run == self._run:
            self.event_arrived.emit(item.event)

    def _on_process_ended(self, error: EngineError) -> None:
        process, self._process = self._process, None
        self._outbox.put(None)
        if process is not None:
            _wait_or_end(process)
        self.gone.emit(error)


def _read(stdout: IO[bytes], put: Callable[[object], None], run: int) -> None:
    """Hand on every event the engine writes, then that it has gone.

    Thread: reader.
    """
    with contextlib.suppress(ValueError, OSError), stdout:
        for line in stdout:
            event = _decoded(line)
            if event is not None:
                put(_Said(run, event))
    put(_Gone(run, _has_gone()))


def _decoded(line: bytes) -> Command | Event | None:
    with contextlib.suppress(ValueError):  # a stray print of a library is no event
        return decode(line)
    return None


def _write(stdin: IO[bytes], take: Callable[[], bytes | None]) -> None:
    """Write every command handed over until None comes or the engine has gone.

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


def _has_gone() -> EngineError:
    return EngineError(
        "The sound engine has stopped.", "Nothing you made is lost; restart it to hear and play."
    )


def _cannot_start(problem: OSError) -> EngineError:
    return EngineError(
        f"The sound engine did not start: {problem.strerror or problem}.",
        "Restart it, or reinstall MusicAssist if that does not help.",
    )
