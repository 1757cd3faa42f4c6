"""Killing processes of the program at random moments, and looking at what is left.

Each trial starts a child on the same session file, lets it work, kills it without warning and
judges a copy of the file, so that the next child meets it exactly as the dead one left it. What a
child says on its standard output it says after the disk has it: that is what must be there.
"""

import random
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from musicassist.errors import MusicAssistError
from musicassist.music.session import Session
from musicassist.storage.database import log_of
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent
from musicassist.storage.session_file import SessionFile

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
LONGEST_LIFE_S = 0.25
EARLY_SHARE = 0.2  # of the deaths come while the child is still getting ready
PHRASE_LENGTH = 37

# Plays numbered events into a journal, some of them together, and checkpoints often.
PLAYS = """
    import itertools, os, random, sys, time
    from pathlib import Path
    from musicassist.music.take import RawEvent
    from musicassist.storage import database, journal
    from musicassist.storage.journal import Journal
    from musicassist.storage.played import PlayedEvent

    def say(*words):
        os.write(1, (" ".join(map(str, words)) + "\\n").encode())

    database.checkpoint_if_due.__defaults__ = (60_000,)
    journal.SETTLE_S = 0.03
    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    made = Journal(path, lambda n_events: say("kept", n_events), lambda error: say("failed", error))
    recovered = [each.event.time_ns for each in made.recovered()]
    say("open", *(recovered[:1] + recovered[-1:]))
    made.finish_phrase()
    for number in itertools.count():
        made.add(PlayedEvent(RawEvent(seed * 1_000_000 + number, 0x90, 60, 90), "V49", number / 3))
        if number % %d == %d - 1:
            made.finish_phrase()
        if rng.random() < 0.5:
            time.sleep(rng.random() * 0.004)
""".replace("%d", str(PHRASE_LENGTH))

# Changes the session like a person with a slider, and says what has been saved.
EDITS = """
    import os, random, sys
    from dataclasses import replace
    from pathlib import Path
    from PySide6.QtCore import QCoreApplication, QTimer
    from musicassist.app.demo import demo_session
    from musicassist.app.document import Document
    from musicassist.app.session_keeper import SessionKeeper
    from musicassist.storage.claim import claim_session

    def say(*words):
        os.write(1, (" ".join(map(str, words)) + "\\n").encode())

    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    app = QCoreApplication([])
    claim = claim_session(path)
    assert claim.path == path, claim.path
    assert claim.problem is None, claim.problem
    keeper = SessionKeeper(claim)
    assert keeper.problems == (), keeper.problems
    document = Document(keeper.session or demo_session())
    document.session_changed.connect(keeper.keep)
    keeper.kept.connect(lambda session: say("kept", session.name[:20]))
    keeper.failed.connect(lambda error: say("failed", error))
    say("open")
    rng, number = random.Random(seed), 0

    def edit():
        global number
        number += 1
        name = f"{seed}.{number}." + "x" * rng.choice((0, 100, 30_000))
        document.replace_session(replace(document.session, name=name), "Name it")
        QTimer.singleShot(rng.choice((0, 1, 20)), edit)

    edit()
    app.exec()
"""


@dataclass(slots=True)
class Toll:
    """What a series of deaths cost.

    Attributes:
        n_kills: Children killed.
        n_acknowledged: Events, or saves, that the dead had acknowledged.
        n_lost: Of these, how many were not there afterwards.
        n_recovered: Phrases under way that came back at the next start.
        n_unopened: Deaths after which the file did not open, or not without complaint.
        longest_back_s: The longest it took from starting a child to the file being open.
        complaints: What went wrong, for people.
    """

    n_kills: int = 0
    n_acknowledged: int = 0
    n_lost: int = 0
    n_recovered: int = 0
    n_unopened: int = 0
    longest_back_s: float = 0.0
    complaints: list[str] = field(default_factory=list)

    def add(self, other: "Toll") -> None:
        """Take another series in."""
        self.n_kills += other.n_kills
        self.n_acknowledged += other.n_acknowledged
        self.n_lost += other.n_lost
        self.n_recovered += other.n_recovered
        self.n_unopened += other.n_unopened
        self.longest_back_s = max(self.longest_back_s, other.longest_back_s)
        self.complaints += other.complaints


@dataclass(frozen=True, slots=True)
class Life:
    """What a child said before it was killed, and how long it took to say the first word."""

    lines: tuple[str, ...]
    first_s: float


def live_and_die(command: Sequence[str], rng: random.Random) -> Life:
    """Start a child and kill it at a random moment of its life."""
    is_early = rng.random() < EARLY_SHARE
    start_s = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        # One that never speaks is killed, too; the judge will find nothing acknowledged.
        death = threading.Timer(rng.random() if is_early else PATIENCE_S, process.kill)
        death.start()
        lines = [first] if (first := process.stdout.readline()) else []
        first_s = time.monotonic() - start_s if lines else 0.0
        if not is_early:
            death.cancel()
            death = threading.Timer(rng.random() * LONGEST_LIFE_S, process.kill)
            death.start()
        lines += process.stdout
        process.wait()
        death.cancel()
        death.join()
    # Only a line that came whole was said.
    return Life(tuple(line[:-1] for line in lines if line.endswith("\n")), first_s)


def command_for(program: str, path: Path, seed: int) -> list[str]:
    """Return the command line of a child."""
    return [sys.executable, "-c", textwrap.dedent(program), str(path), str(seed)]


@dataclass(frozen=True, slots=True)
class Found:
    """What a copy of the file holds."""

    session: Session | None
    runs: tuple[tuple[PlayedEvent, ...], ...]


@contextmanager
def copy_of(path: Path) -> Iterator[Path]:
    """Lend a copy of a file just as a death left it."""
    with TemporaryDirectory(prefix="musicassist-copy.") as folder:
        copy = Path(folder) / path.name
        if path.exists():
            shutil.copyfile(path, copy)
        if log_of(path).exists():
            shutil.copyfile(log_of(path), log_of(copy))
        yield copy


def look_into(path: Path, toll: Toll) -> Found | None:
    """Return what a file holds just as a death left it; None if it does not open."""
    with copy_of(path) as copy:
        try:
            file = SessionFile(copy)
            try:
                return Found(file.load_session(), tuple(run for run in file.played() if run))
            finally:
                file.close()
        except MusicAssistError as problem:
            toll.n_unopened += 1
            toll.complaints.append(str(problem))
            return None


def next_recovery(path: Path) -> tuple[PlayedEvent, ...]:
    """Return what the next engine on a file has to bring back."""
    with copy_of(path) as copy:
        journal = Journal(copy, lambda n_events: None, lambda error: None)
        journal.close()
        return journal.recovered()


def kill_players(folder: Path, n_kills: int, seed: int) -> Toll:
    """Kill a journal that is being played into, again and again."""
    path, rng, toll = folder / "Session.musicassist", random.Random(seed), Toll()
    before: tuple[PlayedEvent, ...] = ()
    for trial in range(n_kills):
        life = live_and_die(command_for(PLAYS, path, trial), rng)
        toll.n_kills += 1
        toll.longest_back_s = max(toll.longest_back_s, life.first_s)
        _judge_recovery(life, before, toll)
        n_kept = max((int(line.split()[1]) for line in life.lines if line[:4] == "kept"), default=0)
        toll.n_acknowledged += n_kept
        if (found := look_into(path, toll)) is None:
            continue
        run = [each for run in found.runs for each in run if _trial_of(each) == trial]
        numbers = [each.event.time_ns % 1_000_000 for each in run]
        if numbers != list(range(len(numbers))):
            toll.complaints.append(f"trial {trial}: out of order {numbers}")
        toll.n_lost += max(0, n_kept - len(numbers))
        if run:
            before = tuple(run)
    return toll


def _trial_of(played: PlayedEvent) -> int:
    return played.event.time_ns // 1_000_000


def _judge_recovery(life: Life, before: tuple[PlayedEvent, ...], toll: Toll) -> None:
    """Check that what comes back is the phrase the last player was in when it died."""
    toll.complaints += [line for line in life.lines if line.startswith("failed")]
    opened = next((line.split() for line in life.lines if line.startswith("open")), None)
    if opened is None or len(opened) < 3:
        return
    toll.n_recovered += 1
    first, last = int(opened[1]), int(opened[2])
    if not before or first % 1_000_000 % PHRASE_LENGTH or last != before[-1].event.time_ns:
        toll.complaints.append(f"recovered {first} to {last} of {before[-1:]}")


def kill_editors(folder: Path, n_kills: int, seed: int) -> Toll:
    """Kill a window's saver while the session is being edited, again and again."""
    path, rng, toll = folder / "Session.musicassist", random.Random(seed), Toll()
    newest = (-1, -1)
    for trial in range(n_kills):
        life = live_and_die(command_for(EDITS, path, trial), rng)
        toll.n_kills += 1
        toll.longest_back_s = max(toll.longest_back_s, life.first_s)
        toll.complaints += [line for line in life.lines if line.startswith("failed")]
        kept = [line.split()[1] for line in life.lines if line.startswith("kept")]
        toll.n_acknowledged += len(kept)
        newest = max([newest, *(_moment_of(name) for name in kept)])
        if (found := look_into(path, toll)) is None:
            continue
        there = (-1, -1) if found.session is None else _moment_of(found.session.name)
        toll.n_lost += there < newest
        newest = max(newest, there)
    return toll


def _moment_of(name: str) -> tuple[int, int]:
    trial, number = name.split(".")[:2]
    return int(trial), int(number)


def side_by_side(
    kill: Callable[[Path, int, int], Toll], folder: Path, n_kills: int, n_files: int = 2
) -> Toll:
    """Run several series at the same time, each on a file of its own."""
    toll = Toll()
    problems: list[BaseException] = []

    def series(number: int) -> None:
        place = folder / str(number)
        place.mkdir(parents=True)
        try:
            toll.add(kill(place, n_kills // n_files, number))
        except BaseException as problem:  # noqa: BLE001  (a thread's own; raised below)
            problems.append(problem)

    threads = [threading.Thread(target=series, args=(number,)) for number in range(n_files)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return toll
