"""From a note-on at a real JACK MIDI port to the first frame of sound at the JACK output.

Usage: python benchmarks/engine/note_to_sound.py [--notes 200] [--periods 256 128]
           [--conditions idle window train] [--sounds soundfont built-in]

A C client (jack_probe.c) sends each note at a frame it knows, in turn to the engine, to
fluidsynth's own JACK client and to a C program that does what the engine does (jack_peer.c), and
keeps every frame that each of them plays; all run at once, in one graph, with the same SoundFont.
Latencies are counted in frames, so that no clock and no scheduling of the measuring side is in
them. They include the one period that JACK keeps what a real device sends.

A note is heard when its sound passes 1 % of its usual peak. Goal: p50 at most 0.5 ms and p99 at
most 3 ms above the peer's. The C program takes the way the engine takes, MIDI and sound being a
JACK client each, whose order within a period JACK leaves to chance; fluidsynth is one client and
plays in the period in which JACK hands the note over.
"""

import argparse
import contextlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from loads import CONDITIONS, load
from rigged import (
    SOUNDFONT,
    Probe,
    compiled,
    connect,
    engine,
    figures_ms,
    line_of,
    need,
    probe,
    process,
    run_in_rig,
    say,
    table,
    wait_until_connected,
)

from musicassist.engine.protocol import ConfigureInputs, EngineReady, InputPortsChanged
from musicassist.music.playing import InputSettings

NAMES = ("engine", "fluidsynth", "c")
PROGRAM = 4  # electric piano: what the engine plays live notes with, and quick to speak
PITCHES = (60, 64, 67, 71, 72)
INTERVAL_S = 0.42  # between two notes of one synth
HELD_S = 0.1
WINDOW_S = 0.3
HEARD = 0.01  # of the peak
MOST_NOTES = 2000
GOAL_P50_MS, GOAL_P99_MS = 0.5, 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=int, default=200, help="notes of each synth and condition")
    parser.add_argument("--periods", type=int, nargs="+", default=[256, 128])
    parser.add_argument("--conditions", nargs="+", choices=CONDITIONS, default=CONDITIONS)
    parser.add_argument(
        "--sounds", nargs="+", choices=("soundfont", "built-in"), default=["soundfont", "built-in"]
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    need("gcc", "jackd", "fluidsynth", "jack_connect")
    if options.inside:
        print(json.dumps(measure(options)))
        return
    rows: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    for period in options.periods:
        words = ["--notes", str(min(options.notes, MOST_NOTES))]
        words += ["--conditions", *options.conditions, "--sounds", *options.sounds]
        result = run_in_rig(period, words)
        rows += result["rows"]
        verdicts += result["verdicts"]
    print(table(rows), end="\n\n")
    print(table(verdicts), end="\n\n")
    print(json.dumps({"benchmark": "note_to_sound", "rows": rows, "verdicts": verdicts}))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Measure every sound and condition at this rig's period."""
    rows: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    seconds = options.notes * INTERVAL_S + 2
    for sound in options.sounds:
        with probe(NAMES, seconds) as jack, everybody(sound):
            for condition in options.conditions:
                say(f"{jack.period_frames} frames, {sound}, {condition}: {seconds:.0f} s")
                with load(condition):
                    found = round_of(jack, options.notes, seconds)
                what = {"frames": jack.period_frames, "sound": sound, "while": condition}
                rows += [what | {"synth": name} | found[name] for name in NAMES]
                verdicts.append(what | verdict(found))
    return {"rows": rows, "verdicts": verdicts}


@contextlib.contextmanager
def everybody(sound: str) -> Iterator[None]:
    """Run engine, fluidsynth and the C program, each connected to its own keys and ear."""
    options = ["--audio-device", "system"]
    if sound == "soundfont":
        options += ["--soundfont", str(SOUNDFONT)]
    fluidsynth = ["fluidsynth", "-a", "jack", "-m", "jack", "-s", "-i", "-R", "0", "-C", "0"]
    for setting in ("audio.jack.id=fluid", "midi.jack.id=fluid", "synth.polyphony=64"):
        fluidsynth += ["-o", setting]
    fluidsynth += ["-o", "midi.autoconnect=0", "-r", "48000", str(SOUNDFONT)]
    with contextlib.ExitStack() as stack:
        stack.enter_context(process(fluidsynth, stdout=sys.stderr, stderr=sys.stderr))
        peer = stack.enter_context(process([str(stack.enter_context(compiled("jack_peer")))]))
        line_of(peer)
        under_test = stack.enter_context(engine(*options))
        under_test.wait_for(EngineReady)
        for name in NAMES:
            wait_until_connected(f"keys:{name}")  # the engine listens to all of them at first
        others = {f"keys:{name}" for name in NAMES[1:]}
        off = tuple(InputSettings(name, is_enabled=False) for name in sorted(others))
        under_test.send(ConfigureInputs(off))
        under_test.wait_for(
            InputPortsChanged,
            lambda event: (
                not any(port.is_open and port.name in others for port in event.ports)
                and others <= {port.name for port in event.ports}
            ),
        )
        connect("keys:fluidsynth", "fluid:midi_00")
        connect("keys:c", "peer_midi:in")
        connect("PortAudio:out_0", "ear:engine")
        connect("fluid:left", "ear:fluidsynth")
        connect("peer_audio:out", "ear:c")
        yield


def round_of(jack: Probe, n_notes: int, seconds: float) -> dict[str, dict[str, Any]]:
    """Play notes to all of them in turn; return the figures of each."""
    sent, heard, n_xruns = jack.play(schedule_of(jack, n_notes), seconds)
    return {
        name: figures_of(jack, [event for event in sent if event[1] == index], heard[name])
        | {"xruns": n_xruns}
        for index, name in enumerate(NAMES)
    }


def schedule_of(jack: Probe, n_notes: int) -> list[tuple[int, int, int, int, int]]:
    """Return notes for each name in turn, at frames that lie anywhere in a period."""
    chance = random.Random(1)
    events = [(0, index, 0xC0, PROGRAM, 0) for index in range(len(NAMES))]
    for number in range(n_notes):
        for index in range(len(NAMES)):
            at_s = 0.5 + INTERVAL_S * (number + index / len(NAMES))
            frame = round(at_s * jack.rate_hz) + chance.randrange(2 * jack.period_frames)
            pitch = PITCHES[number % len(PITCHES)]
            events.append((frame, index, 0x90, pitch, 100))
            events.append((frame + round(HELD_S * jack.rate_hz), index, 0x80, pitch, 64))
    return sorted(events)


def figures_of(
    jack: Probe, sent: Sequence[tuple[int, ...]], heard: "np.ndarray[Any, Any]"
) -> dict[str, Any]:
    """Return how long after each note-on its sound came.

    A note that began before the one before had faded is left out, as nobody could tell.
    """
    level = np.abs(heard)
    window = round(WINDOW_S * jack.rate_hz)
    # A device's note arrives in the period before the one JACK hands it over in; a synth that
    # plays it at that period's start, wherever in it the note lies, is early, and may be.
    strikes = [event[0] - jack.period_frames for event in sent if event[2] == 0x90]
    # Peaks are taken a pitch: every pitch may have a sample of its own.
    peaks = [float(level[at : at + window].max(initial=0.0)) for at in strikes]
    usual = [float(np.median(peaks[index :: len(PITCHES)])) for index in range(len(PITCHES))]
    latencies_ms: list[float] = []
    n_lost = n_unclean = 0
    for number, at in enumerate(strikes):
        threshold = HEARD * usual[number % len(PITCHES)]
        if threshold == 0 or peaks[number] < threshold:
            n_lost += 1
        elif level[max(0, at - jack.period_frames) : at].max() > threshold:
            n_unclean += 1
        else:
            n_frames = int(np.argmax(level[at : at + window] > threshold))
            latencies_ms.append(n_frames / jack.rate_hz * 1000)
    return {"notes": len(latencies_ms), "lost": n_lost, "unclean": n_unclean} | figures_ms(
        latencies_ms
    )


def verdict(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return how far the engine is above its peers, and whether the goal is met."""
    above: dict[str, Any] = {
        f"{key} above {peer}": round(found["engine"][f"{key}_ms"] - found[peer][f"{key}_ms"], 2)
        for peer in NAMES[1:]
        for key in ("p50", "p99")
    }
    for peer in NAMES[1:]:
        is_met = (
            above[f"p50 above {peer}"] <= GOAL_P50_MS
            and above[f"p99 above {peer}"] <= GOAL_P99_MS
            and found["engine"]["lost"] == 0
        )
        above[f"goal by {peer}"] = "met" if is_met else "missed"
    return above


if __name__ == "__main__":
    main()
