"""Killing the whole program while it goes from session to session, as in `killing_whole`."""

import random
import time
from pathlib import Path

from musicassist.music.session import Session
from musicassist.storage.session_file import SessionFile
from tests.stories.killing import Toll, look_into
from tests.stories.killing_whole import HauntedProgram

LONGEST_LIFE_S = 1.5
NAMES = ("A", "B", "C")

# The whole program; a ghost plays, edits, and opens another session now and then. What it says of a
# file, it says after the disk has it: "kept" of the session, "played" of what was played.
SWITCHER = """
    import os, random, sys
    from pathlib import Path
    from dataclasses import replace
    from PySide6.QtCore import QTimer
    from musicassist.app import bootstrap
    from musicassist.engine.protocol import EngineReady, KeepingIn, PlayingKept
    from musicassist.ui.start import run_window

    def say(*words):
        os.write(1, (" ".join(map(str, words)) + "\\n").encode())

    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    build, rng, services = bootstrap.build_services, random.Random(seed), None

    def build_and_listen(engine, **choices):
        global services
        services = build(engine, **choices)
        services.keeper.kept.connect(
            lambda session: say("kept", services.keeper.path.stem, session.name))
        services.keeper.failed.connect(lambda error: say("failed", error))
        services.notices.posted.connect(
            lambda notice: say("failed", notice.text) if notice.is_error else None)
        engine.event_arrived.connect(hear)
        services.document.opened.connect(lambda: say("shown"))
        return services

    def hear(event):
        if isinstance(event, PlayingKept):
            say("played", event.n_events)
        elif isinstance(event, KeepingIn):
            say("in", Path(event.session_file).stem)
        elif isinstance(event, EngineReady):
            say("engine")

    number = 0

    def haunt():
        global number
        number += 1
        if number % 12 == 0:
            services.sessions.open(path.with_name(rng.choice("ABC") + ".musicassist"))
        session = services.document.session
        services.document.do("Name it", replace(session, name=f"{seed}.{number}"))
        pitch = rng.randrange(48, 72)
        services.workbench.press_key(pitch, 90)
        QTimer.singleShot(rng.randrange(20), lambda: services.workbench.release_key(pitch))
        QTimer.singleShot(rng.randrange(12), haunt)

    def ready():
        say("ready")
        haunt()

    bootstrap.build_services = build_and_listen
    sys.exit(run_window(fake_devices=True, soundfont=None, on_ready=ready, session_file=path))
"""


def kill_switchers(folder: Path, n_kills: int, seed: int) -> Toll:
    """Kill a program that goes from session to session, again and again."""
    paths = {name: folder / f"{name}.musicassist" for name in NAMES}
    for path in paths.values():
        make(path)
    rng, toll = random.Random(seed), Toll()
    n_before = dict.fromkeys(NAMES, 0)
    newest = dict.fromkeys(NAMES, (-1, -1))
    for trial in range(n_kills):
        program = HauntedProgram(paths["A"], trial, SWITCHER)
        try:
            program.wait_for("ready")
            toll.longest_back_s = max(toll.longest_back_s, time.monotonic() - program.start_s)
            if trial % 2:
                program.wait_for("shown")
            time.sleep(rng.random() * LONGEST_LIFE_S)
        finally:
            program.kill(with_engine=trial % 2 == 0)
        toll.n_kills += 1
        toll.n_recovered += program.lines.count("shown")
        toll.complaints += [line for line in program.lines if line.startswith("failed")]
        n_played = n_played_by_file(program.lines)
        for name, path in paths.items():
            kept = [line.split()[2] for line in program.lines if line.startswith(f"kept {name} ")]
            toll.n_acknowledged += n_played[name] + len(kept)
            newest[name] = max([newest[name], *map(moment_of, kept)])
            if (found := look_into(path, toll)) is None:
                continue
            n_found = sum(map(len, found.runs))
            toll.n_lost += max(0, n_before[name] + n_played[name] - n_found)
            there = moment_of(found.session.name if found.session is not None else "")
            toll.n_lost += there < newest[name]
            newest[name], n_before[name] = max(newest[name], there), n_found
    return toll


def make(path: Path) -> None:
    """Make a session file."""
    file = SessionFile(path)
    file.save_session(Session(name="new"))
    file.close()


def n_played_by_file(lines: list[str]) -> dict[str, int]:
    """Return how many events were said to be on the disk, in each file."""
    n_played, name, n_here = dict.fromkeys(NAMES, 0), "", 0
    for line in [*lines, "in -"]:
        kind, _, rest = line.partition(" ")
        if kind == "played":
            n_here = int(rest)
        elif kind == "in" and rest != name:  # it is said again when a file is let go
            if name:
                n_played[name] += n_here
            name, n_here = rest, 0
    return n_played


def moment_of(name: str) -> tuple[int, int]:
    """Return when a name was given: trial and number; before all for other names."""
    trial, _, number = name.partition(".")
    return (int(trial), int(number)) if number else (-1, -1)
