"""Killing the real engine, and the whole program: what is left is judged as in `killing`."""

import contextlib
import queue
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from musicassist.engine.protocol import (
    EngineReady,
    Event,
    PhraseCaptured,
    PlayingKept,
    PressKey,
    ReleaseKey,
    decode,
    encode,
)
from musicassist.music.take import NOTE_OFF, NOTE_ON
from musicassist.storage.played import PlayedEvent
from tests.stories.killing import (
    PATIENCE_S,
    ROOT,
    Toll,
    command_for,
    look_into,
    next_recovery,
)

LONGEST_ENGINE_LIFE_S = 1.5
LONGEST_WINDOW_LIFE_S = 1.0
SCREEN_KEYBOARD = "On-screen keyboard"
LOWEST_PITCH, HIGHEST_PITCH = 36, 84

# The whole program; a ghost plays on the on-screen keyboard and moves the tempo about.
WINDOW = """
    import os, random, sys
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from musicassist.app import bootstrap
    from musicassist.engine.protocol import EngineReady, PlayingKept
    from musicassist.ui.start import run_window

    def say(*words):
        os.write(1, (" ".join(map(str, words)) + "\\n").encode())

    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    build, rng, services = bootstrap.build_services, random.Random(seed), None

    def build_and_listen(engine, **choices):
        global services
        services = build(engine, **choices)
        services.keeper.kept.connect(lambda session: say("kept", session.name))
        services.keeper.failed.connect(lambda error: say("failed", error))
        engine.event_arrived.connect(hear)
        say("restored", services.document.session.name)
        return services

    def hear(event):
        if isinstance(event, PlayingKept):
            say("played", event.n_events)
        elif isinstance(event, EngineReady):
            say("engine")

    number = 0

    def haunt():
        global number
        from dataclasses import replace
        number += 1
        session = services.document.session
        services.document.replace_session(replace(session, name=f"{seed}.{number}"), "Name it")
        pitch = rng.randrange(48, 72)
        services.workbench.press_key(pitch, 90)
        QTimer.singleShot(rng.randrange(20), lambda: services.workbench.release_key(pitch))
        QTimer.singleShot(rng.randrange(30), haunt)

    def ready():
        say("ready")
        haunt()

    bootstrap.build_services = build_and_listen
    sys.exit(run_window(fake_devices=True, soundfont=None, on_ready=ready, session_file=path))
"""


class HauntedEngine:
    """An engine process that is played on until it is killed."""

    def __init__(self, path: Path) -> None:
        self.events: list[Event] = []
        self.sent: list[tuple[int, int]] = []  # kind and pitch
        self.start_s = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "musicassist.engine", "--fake-devices", "--session", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self._arrived: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                event = decode(line)
                self.events.append(event)  # type: ignore[arg-type]
                self._arrived.put(event)  # type: ignore[arg-type]
        self._arrived.put(None)

    def wait_for(self, kind: type[Event]) -> Event | None:
        """Return the next event of a kind; None if the engine has gone."""
        while (event := self._arrived.get(timeout=PATIENCE_S)) is not None:
            if isinstance(event, kind):
                return event
        return None

    def haunt(self, rng: random.Random, life_s: float) -> None:
        """Play for a while."""
        assert self.process.stdin is not None
        end_s = time.monotonic() + life_s
        while time.monotonic() < end_s:
            pitch = rng.randrange(LOWEST_PITCH, HIGHEST_PITCH)
            self.process.stdin.write(encode(PressKey(pitch)) + encode(ReleaseKey(pitch)))
            self.process.stdin.flush()
            self.sent += [(NOTE_ON, pitch), (NOTE_OFF, pitch)]
            time.sleep(rng.random() * 0.02)

    def kill(self) -> None:
        """Kill it, and take in the last it said."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):  # what it was not told any more
                stream.close()

    @property
    def n_kept(self) -> int:
        """How many events it said are on the disk."""
        return max((e.n_events for e in self.events if isinstance(e, PlayingKept)), default=0)


@contextmanager
def haunted_engine(path: Path) -> Iterator[HauntedEngine]:
    engine = HauntedEngine(path)
    try:
        yield engine
    finally:
        engine.kill()


def kill_engines(folder: Path, n_kills: int, seed: int) -> Toll:
    """Kill an engine that is being played on, again and again."""
    path, rng, toll = folder / "Session.musicassist", random.Random(seed), Toll()
    n_before = 0
    for trial in range(n_kills):
        expected = next_recovery(path)
        with haunted_engine(path) as engine:
            ready = engine.wait_for(EngineReady)
            assert isinstance(ready, EngineReady)
            assert ready.is_keeping
            toll.longest_back_s = max(toll.longest_back_s, time.monotonic() - engine.start_s)
            engine.haunt(rng, rng.random() * LONGEST_ENGINE_LIFE_S)
        toll.n_kills += 1
        toll.n_acknowledged += engine.n_kept
        _judge_recovered_phrase(engine, expected, toll)
        if (found := look_into(path, toll)) is None:
            continue
        n_found = sum(map(len, found.runs))
        toll.n_lost += max(0, n_before + engine.n_kept - n_found)
        if n_found > n_before:
            _judge_order(engine, found.runs[-1], toll, trial)
        n_before = n_found
    return toll


def _judge_recovered_phrase(
    engine: HauntedEngine, expected: tuple[PlayedEvent, ...], toll: Toll
) -> None:
    n_notes = sum(each.event.is_note_on for each in expected)
    takes = [e.take for e in engine.events if isinstance(e, PhraseCaptured) and e.was_recovered]
    n_found = sum(take.n_notes for take in takes)
    toll.n_recovered += bool(takes)
    if n_notes != n_found:
        toll.complaints.append(f"{n_found} of {n_notes} notes under way came back")


def _judge_order(
    engine: HauntedEngine, run: tuple[PlayedEvent, ...], toll: Toll, trial: int
) -> None:
    """Check that what was played on the screen is there from its beginning, in order."""
    there = [(p.event.kind, p.event.data1) for p in run if p.source == SCREEN_KEYBOARD]
    if there != engine.sent[: len(there)]:
        toll.complaints.append(f"trial {trial}: {there[:10]}... of {engine.sent[:10]}...")


def kill_programs(folder: Path, n_kills: int, seed: int) -> Toll:
    """Kill parts of a program in use, again and again: both, the window, or first the engine."""
    path, rng, toll = folder / "Session.musicassist", random.Random(seed), Toll()
    newest, n_before = (-1, -1), 0
    for trial in range(n_kills):
        with haunted_program(path, trial) as program:
            program.wait_for("ready")
            toll.longest_back_s = max(toll.longest_back_s, time.monotonic() - program.start_s)
            time.sleep(rng.random() * LONGEST_WINDOW_LIFE_S)
            if trial % 3 == 2:
                program.kill_engine()
                struck_s = time.monotonic()
                program.wait_for("engine")
                toll.longest_back_s = max(toll.longest_back_s, time.monotonic() - struck_s)
                time.sleep(rng.random() * LONGEST_WINDOW_LIFE_S)
            program.kill(with_engine=trial % 3 != 1)
        toll.n_kills += 1
        toll.complaints += [line for line in program.lines if line.startswith("failed")]
        names = [line.split()[1] for line in program.lines if line.startswith("kept")]
        toll.n_acknowledged += program.n_kept + len(names)
        newest = max([newest, *(_moment_of(name) for name in names)])
        if (found := look_into(path, toll)) is None:
            continue
        n_found = sum(map(len, found.runs))
        toll.n_lost += max(0, n_before + program.n_kept - n_found)
        there = (-1, -1) if found.session is None else _moment_of(found.session.name)
        toll.n_lost += there < newest
        newest, n_before = max(newest, there), n_found
    return toll


class HauntedProgram:
    """A window with its engine that is played on and worked with until it is killed."""

    def __init__(self, path: Path, seed: int, script: str = WINDOW) -> None:
        self.lines: list[str] = []
        self.start_s = time.monotonic()
        self._window = subprocess.Popen(
            command_for(script, path, seed), stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._children: list[psutil.Process] = []
        self._arrived: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._window.stdout is not None
        for line in self._window.stdout:
            if line.endswith("\n"):  # only a line that came whole was said
                self.lines.append(line.strip())
                self._arrived.put(line.strip())
        self._arrived.put(None)

    def wait_for(self, word: str) -> None:
        """Wait until that is said."""
        while (line := self._arrived.get(timeout=PATIENCE_S)) != word:
            assert line is not None, f"the program has gone: {self.lines[-20:]}"

    def kill_engine(self) -> None:
        """Kill the engine alone; what was said before is put behind us."""
        while not self._arrived.empty():
            self._arrived.get()
        for each in psutil.Process(self._window.pid).children():
            each.kill()

    def kill(self, *, with_engine: bool) -> None:
        """Kill the window, and the engine at once or by its own farewell."""
        if self._window.poll() is None:
            self._children = psutil.Process(self._window.pid).children()
        self._window.kill()
        for each in self._children if with_engine else ():
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        self._window.wait()
        self._reader.join()
        assert self._window.stdout is not None
        self._window.stdout.close()
        _, left = psutil.wait_procs(self._children, PATIENCE_S)
        assert not left, "an engine outlived its window"

    @property
    def n_kept(self) -> int:
        """How many events its engines said are on the disk."""
        n_kept, of_this_engine = 0, 0
        for line in self.lines:
            if line == "engine":
                n_kept, of_this_engine = n_kept + of_this_engine, 0
            elif line.startswith("played"):
                of_this_engine = int(line.split()[1])
        return n_kept + of_this_engine


@contextmanager
def haunted_program(path: Path, seed: int) -> Iterator[HauntedProgram]:
    program = HauntedProgram(path, seed)
    try:
        yield program
    finally:
        program.kill(with_engine=True)


def _moment_of(name: str) -> tuple[int, int]:
    trial, _, number = name.partition(".")
    return (int(trial), int(number)) if number else (-1, -1)  # a name from before the first edit
