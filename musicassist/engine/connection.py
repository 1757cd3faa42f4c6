"""The engine's end of the pipe: commands in, events out, one JSON line each."""

import os
import queue
import sys
import threading
from typing import Final

from musicassist.engine.protocol import Command, EngineTrouble, Event, ShutDown, decode, encode

LONGEST_GOODBYE_S: Final = 1.5

_CHUNK_BYTES: Final = 65_536


class Connection:
    """Reads commands on a thread of its own and writes events.

    Args:
        in_fd: File descriptor commands come from.
        out_fd: File descriptor events go to.
        must_leave: Whether the process ends itself, come what may, `LONGEST_GOODBYE_S` after the
            other end has gone: a driver that hangs while closing must not leave an orphan.

    Thread: one thread sends and takes commands; a daemon thread reads.
    """

    def __init__(self, in_fd: int, out_fd: int, *, must_leave: bool = False) -> None:
        self._in_fd = in_fd
        self._out_fd = out_fd
        self._must_leave = must_leave
        self._is_open = True
        self._arrived: queue.SimpleQueue[Command | EngineTrouble] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="command reader", daemon=True).start()

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

    def send(self, event: Event) -> None:
        """Send an event; when nobody listens any more, a `ShutDown` comes in."""
        if not self._is_open:
            return
        data = memoryview(encode(event))
        try:
            while data:
                data = data[os.write(self._out_fd, data) :]
        except OSError:
            self._is_open = False
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

    def _read(self) -> None:
        unfinished = b""
        # Bare reads, not sys.stdin: its lock, held by a daemon thread, aborts Python at its end.
        while chunk := self._read_chunk():
            *lines, unfinished = (unfinished + chunk).split(b"\n")
            for line in lines:
                self._arrived.put(_command_from(line))
        self._arrived.put(ShutDown())
        if self._must_leave:
            goodbye = threading.Timer(LONGEST_GOODBYE_S, os._exit, (0,))
            goodbye.daemon = True
            goodbye.start()

    def _read_chunk(self) -> bytes:
        try:
            return os.read(self._in_fd, _CHUNK_BYTES)
        except OSError:
            return b""


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
