"""The engine's end of the pipe: commands in, events out, one JSON line each."""

import os
import queue
import sys
import threading
from collections import deque
from typing import Final

from musicassist.engine.protocol import (
    Command,
    EngineTrouble,
    Event,
    PlayheadMoved,
    PortSpoke,
    ShutDown,
    SoundHealth,
    decode,
    encode,
)

LONGEST_GOODBYE_S: Final = 1.5
MOST_WAITING: Final = 500  # before what is soon out of date is left out

_CHUNK_BYTES: Final = 65_536
_FLUSH_S: Final = 0.5


class Connection:
    """Reads commands and writes events, each on a thread of its own.

    A window that stops reading holds nobody up: events wait. When many do, those that the next one
    of their kind replaces anyway are left out; no others ever are.

    Args:
        in_fd: File descriptor commands come from.
        out_fd: File descriptor events go to.
        must_leave: Whether the process ends itself, come what may, `LONGEST_GOODBYE_S` after the
            other end has gone: a driver that hangs while closing must not leave an orphan.

    Thread: one thread sends and takes commands; two daemon threads read and write.
    """

    def __init__(self, in_fd: int, out_fd: int, *, must_leave: bool = False) -> None:
        self._in_fd = in_fd
        self._out_fd = out_fd
        self._must_leave = must_leave
        self._has_hung_up = False
        self._is_told = False
        self._arrived: queue.SimpleQueue[Command | EngineTrouble] = queue.SimpleQueue()
        self._waiting: deque[Event] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        threading.Thread(target=self._read, name="command reader", daemon=True).start()
        self._writer = threading.Thread(target=self._write, name="event writer", daemon=True)
        self._writer.start()

    @classmethod
    def over_stdio(cls) -> "Connection":
        """Take over standard input and output for this process.

        Whatever else writes to standard output (C libraries do) goes to standard error from now
        on, where it cannot break a line of the protocol.
        """
        sys.stdout.flush()
        out_fd = os.dup(1)
        os.dup2(2, 1)
        return cls(0, out_fd, must_leave=True)

    @property
    def has_hung_up(self) -> bool:
        """Whether the other end has gone without having said `ShutDown`."""
        return self._has_hung_up and not self._is_told

    def send(self, event: Event) -> None:
        """Have an event sent; returns at once.

        When nobody listens any more, a `ShutDown` comes in.
        """
        with self._changed:
            if len(self._waiting) < MOST_WAITING or not _is_soon_outdated(event):
                self._waiting.append(event)
                self._changed.notify()

    def hang_up(self) -> None:
        """Let `ShutDown` come in, as when the other end has gone.

        Thread: any; a signal handler, too.
        """
        self._has_hung_up = True
        self._arrived.put(ShutDown())

    def next_command(self, timeout_s: float) -> Command | EngineTrouble | None:
        """Return the next command, or None when none has come in time.

        A line that cannot be understood comes out as the trouble to tell the user. When the other
        end has gone, `ShutDown` comes out.
        """
        try:
            return self._arrived.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        """Send what waits, as far as the other end still reads, and send nothing more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._writer.join(_FLUSH_S)

    def _write(self) -> None:
        """Write what waits until told to stop, or until nobody reads."""
        while True:
            with self._changed:
                while not self._waiting and not self._is_closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                event = self._waiting.popleft()
            data = memoryview(encode(event))
            try:
                while data:
                    data = data[os.write(self._out_fd, data) :]
            except OSError:
                self.hang_up()
                return

    def _read(self) -> None:
        unfinished = b""
        # Bare reads, not sys.stdin: its lock, held by a daemon thread, aborts Python at its end.
        while chunk := self._read_chunk():
            *lines, unfinished = (unfinished + chunk).split(b"\n")
            for line in lines:
                command = _command_from(line)
                self._is_told |= isinstance(command, ShutDown)
                self._arrived.put(command)
        self.hang_up()
        if self._must_leave:
            goodbye = threading.Timer(LONGEST_GOODBYE_S, os._exit, (0,))
            goodbye.daemon = True
            goodbye.start()

    def _read_chunk(self) -> bytes:
        try:
            return os.read(self._in_fd, _CHUNK_BYTES)
        except OSError:
            return b""


def _is_soon_outdated(event: Event) -> bool:
    """Return whether the next event of its kind makes this one worthless."""
    if isinstance(event, PlayheadMoved):
        return event.is_playing
    return isinstance(event, PortSpoke | SoundHealth)


def _command_from(line: bytes) -> Command | EngineTrouble:
    try:
        message = decode(line)
    except ValueError:
        message = None
    if isinstance(message, Command):
        return message
    return EngineTrouble(
        "The sound engine was sent something it does not understand.",
        "Please report this; playing goes on.",
    )
