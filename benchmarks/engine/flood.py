"""A thousand notes a second: is every one of them in the take, and does the window stay awake?

Usage: python benchmarks/engine/flood.py [--seconds 10 60] [--notes-per-s 1000] [--no-window]

A C client (jack_probe.c) plays evenly into a real JACK MIDI port, each note told from its
neighbours by pitch and velocity; the engine runs on JACK. Afterwards the captured take is compared
with what was sent, note for note. Then the same again into a whole window, whose event loop is
asked a hundred times a second how late it is, before and during the flood.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from typing import Any

from rigged import (
    Probe,
    engine,
    line_of,
    need,
    probe,
    process,
    run_in_rig,
    say,
    table,
    wait_until_connected,
)

from musicassist.engine.protocol import EngineReady, KeyMoved, PhraseCaptured

NAME = "flood"
LOWEST_PITCH, N_PITCHES, N_VELOCITIES = 36, 48, 127
HELD_S = 0.02
PATIENCE_S = 60.0
BEFORE_S = 5.0

WINDOW = """
import json, os, signal, sys, threading, time
import numpy as np
from PySide6.QtCore import QTimer, Qt
from musicassist.ui.start import run_window
late_ms, kept, last = [], [], [0.0]
def tick():
    now = time.perf_counter()
    if last[0]:
        late_ms.append(max(0.0, (now - last[0]) * 1000 - 10))
    last[0] = now
def ready():
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(10)
    kept.append(timer)
    print("ready", flush=True)
    threading.Thread(target=answer, daemon=True).start()
def answer():
    for _ in sys.stdin:
        while not late_ms:
            time.sleep(0.01)
        told = list(late_ms)
        late_ms.clear()
        p50, p99 = np.percentile(told, [50, 99])
        figures = {"p50_ms": p50, "p99_ms": p99, "max_ms": max(told)}
        figures = {key: round(float(value), 1) for key, value in figures.items()}
        print(json.dumps(figures), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
sys.exit(run_window(fake_devices=False, soundfont=None, on_ready=ready))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, nargs="+", default=[10, 60])
    parser.add_argument("--notes-per-s", type=int, default=1000)
    parser.add_argument("--no-window", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    need("gcc", "jackd", "jack_lsp")
    if options.inside:
        print(json.dumps(measure(options)))
        return
    words = ["--seconds", *map(str, options.seconds), "--notes-per-s", str(options.notes_per_s)]
    words += ["--no-window"] if options.no_window else []
    result = run_in_rig(256, words)
    print(table(result["engine"]), end="\n\n")
    if result["window"]:
        print(table(result["window"]), end="\n\n")
    print(json.dumps({"benchmark": "flood"} | result))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    rows = []
    for seconds in options.seconds:
        with probe([NAME], 0) as jack, engine("--audio-device", "system") as under_test:
            under_test.wait_for(EngineReady)
            wait_until_connected(f"keys:{NAME}")
            say(f"flood of {seconds} s")
            rows.append(flood(jack, under_test, seconds, options.notes_per_s))
    window = [] if options.no_window else lag(options.seconds[0], options.notes_per_s)
    return {"engine": rows, "window": window}


def schedule_of(
    jack: Probe, seconds: int, notes_per_s: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int, int, int, int]]]:
    """Return pitch and velocity of every note, and the events that play them."""
    notes, events = [], []
    for number in range(seconds * notes_per_s):
        pitch = LOWEST_PITCH + number % N_PITCHES
        velocity = 1 + number // N_PITCHES % N_VELOCITIES
        frame = round(jack.rate_hz * (0.5 + number / notes_per_s))
        notes.append((pitch, velocity))
        events.append((frame, 0, 0x90, pitch, velocity))
        events.append((frame + round(HELD_S * jack.rate_hz), 0, 0x80, pitch, 64))
    return notes, sorted(events)


def flood(jack: Probe, under_test: Any, seconds: int, notes_per_s: int) -> dict[str, Any]:
    """Play and compare the take with what was sent."""
    notes, events = schedule_of(jack, seconds, notes_per_s)
    busy_before_s = sum(under_test.process.cpu_times()[:2])
    _, _, n_xruns = jack.play(events, seconds + 1)
    ended_s = time.perf_counter()
    captured: list[tuple[int, int]] = []
    at_s = ended_s
    n_seen = 0
    while len(captured) < len(notes):
        try:
            at_s, phrase = under_test.wait_for(PhraseCaptured, patience_s=PATIENCE_S, since=n_seen)
        except TimeoutError:
            break
        n_seen = 1 + next(i for i, (_, each) in enumerate(under_test.events) if each is phrase)
        captured += [(e.data1, e.data2) for e in phrase.take.events if e.is_note_on]
    shown = [e for _, e in under_test.events if isinstance(e, KeyMoved) and not e.is_playback]
    return {
        "seconds": seconds,
        "notes sent": len(notes),
        "notes in the take": len(captured),
        "the same, in order": captured == notes,
        "note-ons shown": sum(each.is_down for each in shown),
        "note-offs shown": sum(not each.is_down for each in shown),
        "take after s": round(at_s - ended_s, 1),
        "engine CPU s": round(sum(under_test.process.cpu_times()[:2]) - busy_before_s, 1),
        "xruns": n_xruns,
    }


def home_in(folder: str) -> dict[str, str]:
    """Return where a window keeps session and settings, so that the user's are never touched."""
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    return dict.fromkeys(names, folder)


def lag(seconds: int, notes_per_s: int) -> list[dict[str, Any]]:
    """Return how late a window's event loop is before a flood and during it."""
    rows = []
    with (
        tempfile.TemporaryDirectory() as home,
        probe([NAME], 0) as jack,
        process([sys.executable, "-c", WINDOW], env=os.environ | home_in(home)) as window,
    ):
        while line_of(window) != "ready":
            pass
        wait_until_connected(f"keys:{NAME}")
        assert window.stdin is not None
        for what, run_s in (("at rest", 0), ("flooded", seconds)):
            say(f"window {what}")
            _, events = schedule_of(jack, run_s, notes_per_s)
            print("", file=window.stdin, flush=True)
            line_of(window)  # what came before is of no interest
            jack.play(events, run_s + (0.5 if run_s else BEFORE_S))
            print("", file=window.stdin, flush=True)
            rows.append({"window": what} | json.loads(line_of(window)))
    return rows


if __name__ == "__main__":
    main()
