"""What the engine benchmarks share: the rig, C helpers, an engine under test, figures."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psutil

from musicassist.engine.protocol import Command, Event, ShutDown, decode, encode

HERE = Path(__file__).resolve().parent
RIG = HERE.parents[1] / "scripts" / "rig"
SOUNDFONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
PATIENCE_S = 30.0

EventT = TypeVar("EventT", bound=Event)


def need(*programs: str) -> None:
    """Leave with a sentence when something is not installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        sys.exit(
            f"{', '.join(missing)} is missing. Install it: apt-get install gcc libc6-dev "
            "libjack-jackd2-dev fluidsynth timgm6mb-soundfont, and run scripts/setup test."
        )


def run_in_rig(period_frames: int, words: Sequence[str]) -> dict[str, Any]:
    """Run this very script again inside the rig and return the JSON of its last line."""
    environment = os.environ | {"RIG_PERIOD": str(period_frames)}
    command = [str(RIG), sys.executable, sys.argv[0], "--inside", *words]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"The measurement broke off with code {done.returncode}.")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def say(text: str) -> None:
    """Tell the person who waits how far it is; the table on standard output stays clean."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def compiled(name: str) -> Iterator[Path]:
    """Compile a C program of this folder into a temporary one."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / name
        words = ["gcc", "-O2", "-Wall", "-o", str(program), str(HERE / f"{name}.c"), "-ljack"]
        subprocess.run(words, check=True)
        yield program


@contextlib.contextmanager
def process(words: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program that leaves when its standard input ends, and end it if it does not."""
    program = subprocess.Popen(
        list(words), stdin=subprocess.PIPE, text=True, **{"stdout": subprocess.PIPE} | options
    )
    try:
        yield program
    finally:
        assert program.stdin is not None
        with contextlib.suppress(OSError):
            program.stdin.close()
        try:
            program.wait(3)
        except subprocess.TimeoutExpired:
            program.terminate()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        if program.stdout is not None:
            program.stdout.close()


def line_of(program: subprocess.Popen[str]) -> str:
    """Return the next line a program says."""
    assert program.stdout is not None
    line = program.stdout.readline()
    if not line:
        sys.exit(f"{program.args!r} has left.")
    return line.strip()


class Probe:
    """The C program that plays exact notes and hears exact frames; see jack_probe.c.

    Args:
        program: The running program.
        names: Its ports.
        folder: Where schedules go and what is heard comes back.
    """

    def __init__(self, program: subprocess.Popen[str], names: Sequence[str], folder: Path) -> None:
        self._program = program
        self._names = list(names)
        self._folder = folder
        _, rate, period = line_of(program).split()
        self.rate_hz = int(rate)
        self.period_frames = int(period)

    def play(
        self, schedule: Sequence[tuple[int, int, int, int, int]], seconds: float
    ) -> tuple[list[tuple[int, ...]], dict[str, np.ndarray[Any, Any]], int]:
        """Play events (frame, name index, status, data1, data2) in order of frame.

        Returns:
            The events with the frames they were really sent at, what each name heard as float32,
            and how many graph overruns there were.
        """
        text = "".join(f"{' '.join(map(str, event))}\n" for event in schedule)
        (self._folder / "schedule.txt").write_text(text)
        assert self._program.stdin is not None
        self._program.stdin.write(f"{self._folder} {seconds}\n")
        self._program.stdin.flush()
        _, n_xruns, _, _ = line_of(self._program).split()
        lines = (self._folder / "sent.txt").read_text().splitlines()
        sent = [tuple(int(word) for word in line.split()) for line in lines]
        heard = {
            name: np.fromfile(self._folder / f"{name}.f32", np.float32) for name in self._names
        }
        return sent, heard, int(n_xruns)


@contextlib.contextmanager
def probe(names: Sequence[str], most_seconds: float) -> Iterator[Probe]:
    """Run a probe with these ports that keeps that many seconds of sound."""
    with compiled("jack_probe") as path, tempfile.TemporaryDirectory() as folder:
        words = [str(path), str(most_seconds), *names]
        with process(words) as program:
            yield Probe(program, names, Path(folder))


class EngineUnderTest:
    """An engine process; every event is kept with the moment it arrived.

    Args:
        options: Words of its command line.
    """

    def __init__(self, *options: str) -> None:
        self.started_s = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "musicassist.engine", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.process = psutil.Process(self._process.pid)
        self.events: list[tuple[float, Event]] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            at_s = time.perf_counter()
            with contextlib.suppress(ValueError), self._news:
                self.events.append((at_s, decode(line)))  # type: ignore[arg-type]
                self._news.notify_all()

    def send(self, *commands: Command) -> None:
        assert self._process.stdin is not None
        for command in commands:
            self._process.stdin.write(encode(command))
        self._process.stdin.flush()

    def wait_for(
        self,
        kind: type[EventT],
        is_wanted: Callable[[EventT], bool] = lambda _: True,
        patience_s: float = PATIENCE_S,
        since: int = 0,
    ) -> tuple[float, EventT]:
        """Return the first event of a kind that is wanted, and when it arrived.

        Args:
            kind: Which events.
            is_wanted: Which of them.
            patience_s: How long to wait for it.
            since: How many of the events kept so far do not count.
        """
        deadline_s = time.perf_counter() + patience_s
        with self._news:
            while True:
                for at_s, event in self.events[since:]:
                    if isinstance(event, kind) and is_wanted(event):
                        return at_s, event
                since = len(self.events)
                left_s = deadline_s - time.perf_counter() if self._reader.is_alive() else 0.0
                if not self._news.wait(max(0.0, min(left_s, 1.0))) and left_s <= 1.0:
                    last = [event for _, event in self.events[-5:]]
                    raise TimeoutError(f"no {kind.__name__} in {patience_s} s, but {last}")

    def take_events(self) -> list[tuple[float, Event]]:
        """Return the events kept so far, and keep them no longer."""
        with self._news:
            taken, self.events = self.events, []
        return taken

    def leave(self) -> None:
        with contextlib.suppress(OSError):
            self.send(ShutDown())
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.stdout.close()


@contextlib.contextmanager
def engine(*options: str) -> Iterator[EngineUnderTest]:
    """Run an engine."""
    under_test = EngineUnderTest(*options)
    try:
        yield under_test
    finally:
        under_test.leave()


def connections() -> dict[str, list[str]]:
    """Return every JACK port with those it is connected to."""
    deadline_s = time.monotonic() + PATIENCE_S
    while (done := subprocess.run(["jack_lsp", "-c"], capture_output=True, text=True)).returncode:
        if time.monotonic() > deadline_s:  # it refuses newcomers while another one hesitates
            sys.exit(f"JACK does not answer: {done.stderr.strip()}")
    found: dict[str, list[str]] = {}
    others: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith(" "):
            others.append(line.strip())
        else:
            others = found[line.strip()] = []
    return found


def connect(source: str, sink: str) -> None:
    """Connect two JACK ports, once both are there."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not {source, sink} <= set(ports := connections()):
        if time.monotonic() > deadline_s:
            sys.exit(f"There is no {source} or no {sink} among {', '.join(ports)}.")
        time.sleep(0.1)
    if sink not in ports[source]:
        subprocess.run(["jack_connect", source, sink], check=True)


def wait_until_connected(source: str) -> None:
    """Wait until somebody listens to a JACK port."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not connections().get(source):
        if time.monotonic() > deadline_s:
            sys.exit(f"Nobody has connected to {source}.")
        time.sleep(0.1)


def figures_ms(values_ms: Sequence[float]) -> dict[str, float]:
    """Return median, 99th percentile and largest of some times, in ms."""
    if not values_ms:
        return {"p50_ms": float("nan"), "p99_ms": float("nan"), "max_ms": float("nan")}
    return {
        "p50_ms": round(float(np.percentile(values_ms, 50)), 2),
        "p99_ms": round(float(np.percentile(values_ms, 99)), 2),
        "max_ms": round(max(values_ms), 2),
    }


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows with the same keys as a Markdown table."""
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(str(row[name]) for name in names)} |" for row in rows]
    return "\n".join(lines)
