"""The soloist process: from the command line to its work, and out again."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

SWITCH_INTERVAL_S: Final = 0.001
NICENESS: Final = 5

_CHUNK_BYTES: Final = 65_536


def run_soloist(arguments: Sequence[str] | None = None) -> None:
    """Be the soloist process until the window has gone; does not return.

    Args:
        arguments: Words of the command line; None for this process' own.

    Thread: the process' main thread, which reads; each lane of the desk works on its own.
    """
    options = _parser().parse_args(arguments)
    # Ctrl+C in a terminal reaches the window too; the window decides, and hanging up ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A soloist at work may keep what says "stop" waiting for this long at most.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its worker threads serve nothing here
    if hasattr(os, "nice"):  # where processors are few, drawing and sound go first
        os.nice(NICENESS)
    answers = _Answers.over_stdout()

    # Imported late: standard output must be ours before any C library writes to it.
    import musicassist.generation.solo  # noqa: F401  (before two lanes do so at once)
    from musicassist.errors import ModelError
    from musicassist.generation.desk import Desk, Failed, Job, Made
    from musicassist.generation.model_store import open_soloist
    from musicassist.generation.protocol import StopWork, decode, encode
    from musicassist.generation.soloist import Soloist

    folders = {model_id: Path(folder) for model_id, folder in reversed(options.model)}

    def put(answer: Made | Failed) -> None:
        answers.write(encode(answer))

    def open_model(model_id: str) -> Soloist:
        if model_id not in folders:
            raise ModelError(f"There is no model {model_id!r}.", "Choose another one.")
        return open_soloist(folders[model_id])

    desk = Desk(put, open_model)
    for line in _lines(0):
        message = decode(line)
        if isinstance(message, Job):
            desk.give(message)
        elif isinstance(message, StopWork):
            desk.stop(message.lane)
    _leave()


class _Answers:
    """The soloist's end of the pipe to the window.

    Args:
        out_fd: File descriptor of it.

    Thread: any; a window that reads slowly holds up the lane that answers, nothing else.
    """

    def __init__(self, out_fd: int) -> None:
        self._out_fd = out_fd
        self._lock = threading.Lock()

    @classmethod
    def over_stdout(cls) -> "_Answers":
        """Take over standard output; what else is written to it goes to standard error."""
        sys.stdout.flush()
        out_fd = os.dup(1)
        os.dup2(2, 1)
        return cls(out_fd)

    def write(self, line: bytes) -> None:
        """Write a line; without a window the process ends."""
        data = memoryview(line)
        with self._lock:
            try:
                while data:
                    data = data[os.write(self._out_fd, data) :]
            except OSError:
                _leave()


def _lines(in_fd: int) -> Iterator[bytes]:
    """Give every line that comes until the other end has gone."""
    unfinished = b""
    while chunk := _chunk(in_fd):
        *lines, unfinished = (unfinished + chunk).split(b"\n")
        yield from lines


def _chunk(in_fd: int) -> bytes:
    # Bare reads, not sys.stdin: its lock, held by a daemon thread, aborts Python at its end.
    try:
        return os.read(in_fd, _CHUNK_BYTES)
    except OSError:
        return b""


def _leave() -> None:
    """End the process now, whatever is being worked on: nobody wants it, and nothing is kept."""
    os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m musicassist.generation",
        description="Be the soloist of a window: jobs on standard input, answers on standard "
        "output, one JSON message a line.",
    )
    parser.add_argument(
        "--model",
        nargs=2,
        action="append",
        default=[],
        metavar=("ID", "FOLDER"),
        help="a model that can be asked for",
    )
    return parser
