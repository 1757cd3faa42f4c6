"""How long the soloist takes, beside the author's loop and Notochord, each in a process of its own.

    python benchmarks/soloist/speed.py [MODEL] [--repeats 40] [--notochord-python PATH]

One machine, one run, one thread each, one after the other. MODEL is the newest shipped model. PATH
is a Python with Notochord (see notochord_peer.py); without it that row is left out. Nothing else
should run meanwhile; `--json FILE` keeps every figure.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.errors import UserCancelled
from musicassist.generation.model_store import (
    find_models,
    load_graph,
    load_manifest,
    open_soloist,
)
from musicassist.generation.regeneration import BarRange, regenerated
from musicassist.generation.solo import DRAWN_A_TAKE
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.manner import Manner
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase
from musicassist.paths import models_folder

ONE_THREAD: Final = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
N_NOTES: Final = 64
N_PRIMER_NOTES: Final = 32
N_WARM_UP: Final = 3
LONGEST_BARS: Final = 64
N_CANDIDATES: Final = 16
PEER_NOTES: Final = 4  # of the author's loop, for each repeat
PEER_EVENTS: Final = 10  # of Notochord, for each repeat
TIMEBASE: Final = Timebase.steady(120)

FIRST_NOTE: Final = "first note, 1 take, phrase of 32 notes not heard before"
FIRST_OF_FOUR: Final = "first note, 4 takes, likewise"
FOUR_TAKES: Final = "64 notes x 4 takes, 8 candidates drawn"
SIXTEEN: Final = "64 notes x 16 candidates"
A_NOTE: Final = "a note of a single line"
WHOLE: Final = "8 bars x 4 takes, the whole call"
FIRST_MOVE: Final = "a knob moves: 4 bars of one take anew, the first time"
NEXT_MOVE: Final = "the knob moves on"
GOALS: Final = {
    FIRST_NOTE: "p50 <= 5",
    FOUR_TAKES: "p50 <= 100",
    SIXTEEN: "p50 <= 200",
    A_NOTE: "p99 <= 1",
    FIRST_MOVE: "p50 <= 40",
    NEXT_MOVE: "p50 <= 40",
}

Times = dict[str, list[float]]


def main() -> None:
    """Run each side in a process of its own and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, nargs="?", default=newest_shipped())
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--notochord-python", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--part", choices=("solo", "author"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part is not None:
        times = solo_times if options.part == "solo" else author_times
        print(json.dumps(times(options.model, options.repeats)))
        return

    here, repeats = Path(__file__), str(options.repeats)
    own = [sys.executable, str(here), str(options.model), "--repeats", repeats, "--part"]
    found: Times = {}
    peers: Times = {}
    found |= said_by([*own, "solo"])
    peers |= said_by([*own, "author"])
    if options.notochord_python is not None:
        script = here.with_name("notochord_peer.py")
        n_events = str(options.repeats * PEER_EVENTS)
        times_ms = said_by([str(options.notochord_python), str(script), n_events])
        peers["Notochord: query_feed, one event"] = times_ms
    print("\n".join((*time_rows(found), "", *rate_rows(found, peers))))
    if options.json is not None:
        options.json.write_text(json.dumps({**found, **peers}), encoding="utf-8")


def newest_shipped() -> Path | None:
    """Return the folder of the newest model that comes with the program."""
    shipped = find_models([models_folder()])
    return shipped[-1] if shipped else None


def said_by(command: list[str]) -> Any:
    """Return what a process of one thread says last, as JSON."""
    surroundings = os.environ | dict.fromkeys(ONE_THREAD, "1")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=surroundings)
    return json.loads(done.stdout.splitlines()[-1])


def time_rows(found: Times) -> Iterable[str]:
    """Return the table of times."""
    yield "| ms | p50 | p99 | goal |"
    yield "|---|---|---|---|"
    for name, times_ms in found.items():
        p50, p99 = np.percentile(times_ms, (50, 99))
        yield f"| {name} | {p50:.2f} | {p99:.2f} | {GOALS.get(name, '')} |"


def rate_rows(found: Times, peers: Times) -> Iterable[str]:
    """Return the table of rates: notes, or events, a second, by the median."""
    n_lines = 4 * DRAWN_A_TAKE
    ours = {
        "ours, a single line": 1000 / float(np.median(found[A_NOTE])),
        f"ours, {n_lines} candidates at once": 1000
        * N_NOTES
        * n_lines
        / float(np.median(found[FOUR_TAKES])),
    }
    theirs = {name: 1000 / float(np.median(times_ms)) for name, times_ms in peers.items()}
    heads = " | ".join(f"times {name.split(':')[0]}" for name in theirs)
    yield f"| events a second | | {heads} |"
    yield f"|---|---|{'---|' * len(theirs)}"
    for name, rate in (ours | theirs).items():
        ratios = " | ".join(f"{rate / peer:.1f}" for peer in theirs.values())
        yield f"| {name} | {rate:.1f} | {ratios} |"


def author_times(_: Path, repeats: int) -> Times:
    """Return milliseconds a note of the author's loop, with a network of his size."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from classic_loop import N_WORDS, author_notes

    from musicassist.training.classic_network import ClassicTraining, build_network

    network = build_network(ClassicTraining(), N_WORDS)
    author_notes(network, N_WARM_UP)
    times_ms = [author_notes(network, PEER_NOTES) * 1000 for _ in range(repeats)]
    return {"the author's loop: model.predict, one note": times_ms}


def solo_times(folder: Path, repeats: int) -> Times:
    """Return milliseconds of everything that is timed of ours, by row."""
    soloist = open_soloist(folder)
    found: Times = {FIRST_NOTE: [], FIRST_OF_FOUR: [], A_NOTE: [], FOUR_TAKES: [], SIXTEEN: []}
    found |= {WHOLE: [], FIRST_MOVE: [], NEXT_MOVE: []}
    for repeat in range(-N_WARM_UP, repeats):
        alone = times_to_notes(soloist, request(repeat, 1))
        four = times_to_notes(soloist, request(repeat + 1000, 4))
        sixteen = times_to_notes(soloist, request(repeat + 2000, N_CANDIDATES // DRAWN_A_TAKE))
        whole = timed(lambda: soloist.continue_phrase(request(repeat + 3000, 4, 8)))  # noqa: B023
        first_move, next_moves = knob_moves(soloist, repeat)
        if repeat < 0:
            continue
        found[FIRST_NOTE].append(alone[1])
        found[FIRST_OF_FOUR].append(four[1])
        found[A_NOTE] += np.diff(alone[1:]).tolist()
        found[FOUR_TAKES].append(four[N_NOTES])
        found[SIXTEEN].append(sixteen[N_NOTES])
        found[WHOLE].append(whole)
        found[FIRST_MOVE].append(first_move)
        found[NEXT_MOVE] += next_moves
    for n_lines in (1, 4 * DRAWN_A_TAKE, N_CANDIDATES):
        found[f"the bare graph, a step of {n_lines} lines"] = bare_steps(folder, n_lines, repeats)
    return found


def request(number: int, n_takes: int, n_bars: int = LONGEST_BARS) -> SoloRequest:
    """Return a wish to answer a phrase of its own, unlike that of any other number."""
    rng = np.random.Generator(np.random.PCG64(number + N_WARM_UP))
    pitches = np.clip(60 + np.cumsum(rng.integers(-3, 4, N_PRIMER_NOTES)), 48, 84).tolist()
    half = TICKS_PER_BEAT // 2
    notes = tuple(Note(index * half, half - 20, pitch) for index, pitch in enumerate(pitches))
    chords = parse_progression("Dm7 | G7 | Cmaj7 | A7", TIMEBASE)
    return SoloRequest(
        Clip(notes, N_PRIMER_NOTES * half),
        TIMEBASE,
        Key(0, "major"),
        chords,
        n_bars=n_bars,
        n_takes=n_takes,
        seed=number + N_WARM_UP,
    )


def times_to_notes(soloist: Soloist, wish: SoloRequest) -> list[float]:
    """Return when the primer was heard and when each of 64 notes was there, in ms from the call.

    A soloist asks before every note whether to stop.
    """
    times_s: list[float] = []

    def should_stop() -> bool:
        times_s.append(time.perf_counter())
        return len(times_s) > N_NOTES

    began_s = time.perf_counter()
    try:
        soloist.continue_phrase(wish, should_stop)
    except UserCancelled:
        return [(each - began_s) * 1000 for each in times_s]
    raise ValueError(f"{LONGEST_BARS} bars held fewer than {N_NOTES} notes")


def knob_moves(soloist: Soloist, number: int) -> tuple[float, list[float]]:
    """Return how long bars 3-6 of an answer take anew when density is turned, in ms."""
    wish = request(number + 4000, 1, 8)
    (solo,) = soloist.continue_phrase(wish)
    times_ms = []
    for density in (0.2, 0.45, 0.7, 0.95):
        turned = SoloRequest(
            wish.primer,
            wish.timebase,
            wish.key,
            wish.progression,
            seed=wish.seed,
            manner=Manner(density=density),
        )
        times_ms.append(timed(lambda: regenerated(solo, turned, BarRange(2, 4), soloist)))  # noqa: B023
    return times_ms[0], times_ms[1:]


def timed(call: Callable[[], object]) -> float:
    """Return how long something takes, in ms."""
    began_s = time.perf_counter()
    call()
    return (time.perf_counter() - began_s) * 1000


def bare_steps(folder: Path, n_lines: int, repeats: int) -> list[float]:
    """Return how long the graph alone takes for a step, in ms."""
    session = load_graph(folder, load_manifest(folder))
    names = [each.name for each in session.get_outputs()]
    feed = {
        each.name: np.zeros((1, n_lines, int(each.shape[-1])), np.float32)
        for each in session.get_inputs()
    }
    times_ms = [timed(lambda: session.run(names, feed)) for _ in range(N_WARM_UP + 20 * repeats)]
    return times_ms[N_WARM_UP:]


if __name__ == "__main__":
    main()
