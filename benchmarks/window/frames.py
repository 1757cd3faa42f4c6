"""How long the whole window takes to draw a frame while it scrolls and plays.

Usage: python benchmarks/window/frames.py [--notes 10000 100000] [--seconds 5]
           [--while idle generating loading busy]

Sixty times a second the time line moves on, the playhead with it, and what has changed is drawn. A
frame's time runs from when it was due to when it is drawn, so that whatever else holds up the
window counts; beside it stands the processor time that the window's own thread takes for it, which
other programs do not lengthen. Goals at 10,000 notes: 95 of 100 frames within 16.7 ms, none above
33 ms.
"""

import argparse
import contextlib
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator

from rig import Bench, bench, long_session, row_of

from musicassist.music.session import Session
from musicassist.storage.session_file import decode_session, encode_session

FRAME_S = 1 / 60
SEEN_BARS = 8
BUSY = "import numpy as np\na = np.ones((256, 256))\nwhile True: a @ a"
CONDITIONS = ("idle", "generating", "loading", "busy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--while", nargs="+", default=CONDITIONS, choices=CONDITIONS, dest="loads")
    arguments = parser.parse_args()
    print(
        "| notes | while | p50 ms | p95 ms | worst ms | over 33 ms | of "
        "| own p50 ms | own p95 ms | own worst ms | own over 33 ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for n_notes in arguments.notes:
        for condition in arguments.loads:
            with _opened(n_notes) as made, _load(condition, made) as meanwhile:
                frames_ms, own_ms = _play(made, arguments.seconds, meanwhile)
            own = row_of(own_ms)
            row = f"{row_of(frames_ms)} | {len(frames_ms)} | {own}"
            print(f"| {n_notes:,} | {condition} | {row} |", flush=True)


@contextlib.contextmanager
def _opened(n_notes: int) -> Iterator[Bench]:
    made = bench(long_session(n_notes))
    _see_some_bars(made)
    made.services.player.play()
    for _ in range(30):
        made.app.processEvents()
        time.sleep(0.01)
    yield made
    made.close()
    made.app.processEvents()


def _see_some_bars(made: Bench) -> None:
    axis = made.window.timeline.axis
    axis.zoom(axis.seen_ticks / (SEEN_BARS * 1920))


@contextlib.contextmanager
def _load(condition: str, made: Bench) -> Iterator[Callable[[int], None]]:
    """Keep the machine busy as a condition says; yields what is to be done at each frame."""
    if condition == "busy":
        process = subprocess.Popen([sys.executable, "-c", BUSY])
        try:
            yield lambda _frame: None
        finally:
            process.kill()
            process.wait()
    elif condition == "generating":
        yield lambda _frame: _keep_generating(made)
    elif condition == "loading":
        yield _loading(made)
    else:
        yield lambda _frame: None


def _keep_generating(made: Bench) -> None:
    if not made.services.soloist.is_busy:
        made.services.workbench.continue_phrase()


def _loading(made: Bench) -> Callable[[int], None]:
    """Open a session of 5,000 notes once a second, as the program does.

    It is read beside the window, playing stops, it is shown, and a little later it plays.
    """
    contents = [encode_session(long_session(n_notes)) for n_notes in (5_000, 5_008)]
    read: list[Session] = []

    def act(frame: int) -> None:
        if frame % 60 == 20:
            content = contents[frame // 60 % 2]
            threading.Thread(
                target=lambda: read.append(decode_session(content, zlib.crc32(content))),
                daemon=True,
            ).start()
        if frame % 60 == 40:
            made.services.player.play()
        if read:
            made.services.player.stop()
            made.services.document.open(read.pop())
            _see_some_bars(made)

    return act


def _play(
    made: Bench, duration_s: float, meanwhile: Callable[[int], None]
) -> tuple[list[float], list[float]]:
    """Move on and draw, sixty times a second.

    Returns:
        How long each frame took, and how much of that the window's thread was at work.
    """
    axis, app = made.window.timeline.axis, made.app
    frames_ms: list[float] = []
    own_ms: list[float] = []
    due_s = time.perf_counter()
    end_s = due_s + duration_s
    frame = 0
    while due_s < end_s:
        while time.perf_counter() < due_s:
            app.processEvents()
            time.sleep(0.0005)
        own_s = time.thread_time()
        meanwhile(frame)
        left_ticks = (frame * 40) % max(1.0, axis.furthest_left_ticks)
        axis.scroll_to(left_ticks)
        made.engine.move_playhead(left_ticks + axis.seen_ticks / 2)
        app.processEvents()
        now_s = time.perf_counter()
        frames_ms.append(1000 * (now_s - due_s))
        own_ms.append(1000 * (time.thread_time() - own_s))
        due_s = max(due_s + FRAME_S, now_s)
        frame += 1
    return frames_ms, own_ms


if __name__ == "__main__":
    main()
