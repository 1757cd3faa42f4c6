"""How long until what is played is safe, and what survives when processes are killed.

Usage: python benchmarks/survival.py [--kills 1000] [--events 2000] [--seed 1] [--folder FOLDER]

First the time from playing an event to its being on the disk, alone and while a window saves the
session into the same file as fast as it may, beside a bare SQLite commit. Then kills without
warning at random moments: of a journal being played into, of a window's saver, of the real engine,
and of the whole program (both processes, the window, or the engine first). The window opens
offscreen unless QT_QPA_PLATFORM says otherwise. `tests/stories/test_survival.py` runs the same in
small, and fails where this only counts.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the killing is the tests' own

from musicassist.errors import MusicAssistError  # noqa: E402
from musicassist.music.take import RawEvent  # noqa: E402
from musicassist.storage.journal import Journal  # noqa: E402
from musicassist.storage.played import PlayedEvent  # noqa: E402
from tests.stories.killing import (  # noqa: E402
    EDITS,
    Toll,
    command_for,
    kill_editors,
    kill_players,
    side_by_side,
)
from tests.stories.killing_whole import kill_engines, kill_programs  # noqa: E402

NOTES_A_SECOND = 30.0
SHARES: dict[str, tuple[Callable[[Path, int, int], Toll], float]] = {
    "journal being played into": (kill_players, 0.5),
    "window's saver": (kill_editors, 0.25),
    "engine being played on": (kill_engines, 0.15),
    "whole program": (kill_programs, 0.1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=textwrap.dedent(__doc__))
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be judged")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory(prefix="musicassist-survival.", dir=options.folder) as name:
        folder = Path(name)
        print("| from playing to disk, ms | p50 | p99 | longest |\n|---|---|---|---|")
        print(row("bare SQLite commit", bare_commits_ms(folder / "bare", options.events)))
        alone = kept_ms(folder / "alone.musicassist", options.events, options.seed)
        print(row("journal", alone))
        beside = kept_beside_a_window_ms(folder / "beside.musicassist", options)
        print(row("journal, while a window saves", beside), flush=True)
        print("\n| killed | times | acknowledged | lost | did not open | back in, s at most |")
        print("|---|---|---|---|---|---|", flush=True)
        for number, (name, (kill, share)) in enumerate(SHARES.items()):
            n_kills = max(2, round(options.kills * share / 2) * 2)
            toll = side_by_side(kill, folder / str(number), n_kills)
            print(
                f"| {name} | {toll.n_kills} | {toll.n_acknowledged} | {toll.n_lost} |"
                f" {toll.n_unopened} | {toll.longest_back_s:.1f} |",
                flush=True,
            )
            for complaint in toll.complaints:
                print(complaint, file=sys.stderr)


def row(name: str, delays_ms: list[float]) -> str:
    delays_ms = sorted(delays_ms)
    p50, p99 = (delays_ms[int(len(delays_ms) * share)] for share in (0.5, 0.99))
    return f"| {name} | {p50:.1f} | {p99:.1f} | {delays_ms[-1]:.1f} |"


def bare_commits_ms(path: Path, n_commits: int) -> list[float]:
    """Return how long one-row commits take that wait for the disk."""
    delays_ms = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE played (x)")
        for _ in range(n_commits):
            start_s = time.perf_counter()
            connection.execute("INSERT INTO played VALUES (1)")
            delays_ms.append((time.perf_counter() - start_s) * 1e3)
    return delays_ms


def kept_ms(path: Path, n_events: int, seed: int) -> list[float]:
    """Return how long each event took from `add` to being reported kept, at a player's pace."""
    kept_s: list[float] = []
    played_s: list[float] = []

    def on_kept(n_kept: int) -> None:
        kept_s.extend([time.perf_counter()] * (n_kept - len(kept_s)))

    def on_failed(error: MusicAssistError) -> None:
        print(error, file=sys.stderr)

    rng = random.Random(seed)
    journal = Journal(path, on_kept, on_failed)
    for number in range(n_events):
        played_s.append(time.perf_counter())
        journal.add(PlayedEvent(RawEvent(number, 0x90, 60, 90), "V49"))
        time.sleep(rng.expovariate(NOTES_A_SECOND * 2))  # each has an end, too
    journal.close()
    return [(kept - played) * 1e3 for kept, played in zip(kept_s, played_s, strict=True)]


def kept_beside_a_window_ms(path: Path, options: argparse.Namespace) -> list[float]:
    """Return the same while another process saves a changing session all the time."""
    command = command_for(EDITS, path, options.seed)
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as window:
        assert window.stdout is not None
        window.stdout.readline()
        listener = threading.Thread(target=window.stdout.read)
        listener.start()  # a window nobody listens to would fall silent
        try:
            return kept_ms(path, options.events, options.seed)
        finally:
            window.kill()
            listener.join()


if __name__ == "__main__":
    main()
