"""A quarter of an hour of playing and looping: gaps, memory, descriptors, threads.

Usage: python benchmarks/engine/soak.py [--minutes 15] [--baseline-minutes 3] [--notes-per-s 4]

A C client (jack_probe.c) plays notes, pedal and wheel into a real JACK MIDI port while the engine
loops a clip with the click on, and counts the graph overruns that JACK tells of. Before that it
plays the same to fluidsynth for a while: overruns that happen then, too, are the machine's. Memory
growth is the slope of a line through the samples after the first fifth; the engine keeps what is
played, so the events of that time are told beside it.
"""

import argparse
import json
import random
import sys
import threading
import time
from typing import Any

import numpy as np
from rigged import (
    SOUNDFONT,
    EngineUnderTest,
    Probe,
    connect,
    engine,
    need,
    probe,
    process,
    run_in_rig,
    say,
    table,
    wait_until_connected,
)

from musicassist.engine.protocol import (
    BASS_CHANNEL,
    CHORDS_CHANNEL,
    DRUM_CHANNEL,
    SOLO_CHANNEL,
    EngineReady,
    EngineTrouble,
    LoopRange,
    PhraseCaptured,
    PlayClip,
    SetMetronome,
    SoundHealth,
)
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

NAME = "player"
SAMPLE_S = 5.0
PHRASE_S, REST_S = 20.0, 3.0
BAR_TICKS = 1920


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--baseline-minutes", type=float, default=3)
    parser.add_argument("--notes-per-s", type=float, default=4)
    parser.add_argument("--period", type=int, default=256)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    need("gcc", "jackd", "fluidsynth", "jack_connect")
    if options.inside:
        print(json.dumps(measure(options)))
        return
    words = ["--minutes", str(options.minutes)]
    words += ["--baseline-minutes", str(options.baseline_minutes)]
    words += ["--notes-per-s", str(options.notes_per_s)]
    result = run_in_rig(options.period, words)
    print(table(result["figures"]), end="\n\n")
    print(json.dumps({"benchmark": "soak"} | result))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    with probe([NAME], 0) as jack:
        n_machine_xruns = baseline(jack, options.baseline_minutes, options.notes_per_s)
        with engine("--audio-device", "system") as under_test:
            under_test.wait_for(EngineReady)
            wait_until_connected(f"keys:{NAME}")
            under_test.send(
                SetMetronome(is_on=True),
                PlayClip(loop_clip(), Timebase.steady(120), loop=LoopRange(0, 4 * BAR_TICKS)),
            )
            samples, n_xruns = soak(jack, under_test, options.minutes, options.notes_per_s)
    return {
        "figures": figures(samples, options, n_xruns, n_machine_xruns),
        "samples": samples,
    }


def baseline(jack: Probe, minutes: float, notes_per_s: float) -> int:
    """Return how many overruns there are while fluidsynth plays the same."""
    if minutes == 0:
        return 0
    words = ["fluidsynth", "-a", "jack", "-m", "jack", "-s", "-i", "-r", "48000"]
    for setting in ("audio.jack.id=fluid", "midi.jack.id=fluid", "audio.jack.autoconnect=1"):
        words += ["-o", setting]
    say(f"fluidsynth: {minutes:.1f} minutes")
    with process([*words, str(SOUNDFONT)], stdout=sys.stderr, stderr=sys.stderr):
        connect(f"keys:{NAME}", "fluid:midi_00")
        _, _, n_xruns = jack.play(playing(jack, minutes * 60, notes_per_s), minutes * 60)
    return n_xruns


def soak(
    jack: Probe, under_test: EngineUnderTest, minutes: float, notes_per_s: float
) -> tuple[list[dict[str, Any]], int]:
    """Play for that long; return samples of the engine, and how many overruns there were."""
    say(f"engine: {minutes:.1f} minutes")
    ended: list[int] = []

    def play() -> None:
        ended.append(jack.play(playing(jack, minutes * 60, notes_per_s), minutes * 60)[2])

    player = threading.Thread(target=play)
    player.start()
    began_s = time.perf_counter()
    samples: list[dict[str, Any]] = []
    n_late_blocks, load, n_events = 0, 0.0, 0
    while player.is_alive():
        player.join(SAMPLE_S)
        for _, event in under_test.take_events():
            match event:
                case SoundHealth(n_late_blocks, load):
                    pass
                case PhraseCaptured(take):
                    n_events += len(take.events)
                case EngineTrouble(what):
                    say(f"trouble: {what}")
        one = under_test.process
        samples.append(
            {
                "at_s": round(time.perf_counter() - began_s, 1),
                "rss_mb": one.memory_info().rss / 1e6,
                "threads": one.num_threads(),
                "descriptors": one.num_fds(),
                "late_blocks": n_late_blocks,
                "load": round(load, 3),
                "events": n_events,
            }
        )
    return samples, ended[0]


def playing(
    jack: Probe, seconds: float, notes_per_s: float
) -> list[tuple[int, int, int, int, int]]:
    """Return phrases of notes with pedal and wheel, with a rest after each."""
    chance = random.Random(1)
    events = []
    at_s = 1.0
    while at_s < seconds - PHRASE_S - REST_S:
        end_s = at_s + PHRASE_S
        events += [(at_s, 0xB0, 64, 127), (end_s, 0xB0, 64, 0), (end_s, 0xE0, 0, 64)]
        while at_s < end_s - 1:
            pitch = chance.randrange(48, 84)
            events.append((at_s, 0x90, pitch, chance.randrange(40, 120)))
            events.append((at_s + 0.9 / notes_per_s, 0x80, pitch, 64))
            events.append((at_s + 0.1, 0xE0, chance.randrange(128), chance.randrange(56, 72)))
            at_s += 1 / notes_per_s
        at_s = end_s + REST_S
    return sorted((round(at * jack.rate_hz), 0, *message) for at, *message in events)


def loop_clip() -> Clip:
    """Return four bars of solo, chords, bass and drums."""
    notes = []
    for beat in range(16):
        at = beat * 480
        notes += [Note(at, 450, 36 + beat % 4 * 3, 90, BASS_CHANNEL), Note(at, 60, 42, 80, 9)]
        notes += [Note(at + 240 * half, 220, 65 + beat + half, 95, SOLO_CHANNEL) for half in (0, 1)]
        notes.append(Note(at, 100, 38 if beat % 2 else 36, 100, DRUM_CHANNEL))
        if beat % 4 == 0:
            notes += [Note(at, 1900, pitch, 70, CHORDS_CHANNEL) for pitch in (53, 56, 60, 63)]
    return Clip(tuple(notes), 4 * BAR_TICKS)


def figures(
    samples: list[dict[str, Any]], options: argparse.Namespace, n_xruns: int, n_machine_xruns: int
) -> list[dict[str, Any]]:
    """Sum the samples up."""
    steady = samples[len(samples) // 5 :]
    hours = np.array([sample["at_s"] for sample in steady]) / 3600
    megabytes = np.array([sample["rss_mb"] for sample in steady])
    slope, _ = np.polyfit(hours, megabytes, 1) if len(steady) > 2 else (float("nan"), 0.0)
    n_events = steady[-1]["events"] - steady[0]["events"]
    rows = {
        "minutes": options.minutes,
        "memory, MB": f"{megabytes[0]:.1f} to {megabytes[-1]:.1f}",
        "memory growth, MB/h": round(float(slope), 2),
        "events kept meanwhile, per h": round(n_events / float(hours[-1] - hours[0] or np.nan)),
        "threads": f"{steady[0]['threads']} to {steady[-1]['threads']}",
        "descriptors": f"{steady[0]['descriptors']} to {steady[-1]['descriptors']}",
        "late blocks the engine saw": samples[-1]["late_blocks"],
        "JACK overruns a minute": round(n_xruns / options.minutes, 2),
        "the same with fluidsynth instead": (
            round(n_machine_xruns / options.baseline_minutes, 2)
            if options.baseline_minutes
            else "not measured"
        ),
        "largest load": max(sample["load"] for sample in samples),
    }
    return [{"what": what, "figure": figure} for what, figure in rows.items()]


if __name__ == "__main__":
    main()
