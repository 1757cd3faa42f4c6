"""A keyboard plugged in and pulled 200 times: how soon is it seen, heard again, and missed?

Usage: python benchmarks/engine/hot_plug.py [--cycles 200] [--audio-device system]

A process of its own offers a real JACK MIDI port, plays a note every 20 ms until it is pulled, and
takes the port away again. Both read one clock. The engine plays through JACK ("system"), where
whoever comes or goes makes every client wait, or through PulseAudio ("default"). Its threads and
descriptors, and blocks that came late, are counted throughout.
"""

import argparse
import json
import sys
from typing import Any

from rigged import PATIENCE_S, engine, figures_ms, line_of, need, process, run_in_rig, say, table

from musicassist.engine.protocol import EngineReady, InputPortsChanged, KeyMoved

NAME = "Bench Keys"
KEYBOARD = """
import select, sys, time
import rtmidi
pitch = 40
while sys.stdin.readline():
    port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="Bench Keys")
    port.open_virtual_port("out")
    print(time.perf_counter(), flush=True)
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        port.send_message([0x90, pitch, 90])
        time.sleep(0.002)
        port.send_message([0x80, pitch, 64])
    if not sys.stdin.readline():
        break
    port.close_port()
    print(time.perf_counter(), flush=True)
    port.delete()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--audio-device", default="system", choices=("system", "default"))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    need("jackd")
    if options.inside:
        print(json.dumps(measure(options.cycles, options.audio_device)))
        return
    result = run_in_rig(
        256, ["--cycles", str(options.cycles), "--audio-device", options.audio_device]
    )
    print(table(result["times"]), end="\n\n")
    print(table(result["engine"]), end="\n\n")
    print(json.dumps({"benchmark": "hot_plug"} | result))


def is_there(event: InputPortsChanged) -> bool:
    return any(NAME in port.name and port.is_open for port in event.ports)


def measure(n_cycles: int, audio_device: str) -> dict[str, Any]:
    seen_ms: list[float] = []
    heard_ms: list[float] = []
    missed_ms: list[float] = []
    counts = []
    n_failed = 0
    with (
        engine("--audio-device", audio_device) as under_test,
        process([sys.executable, "-c", KEYBOARD]) as keyboard,
    ):
        under_test.wait_for(EngineReady)
        for cycle in range(n_cycles):
            if cycle % max(1, n_cycles // 5) == 0:
                counts.append(count(under_test.process, cycle))
                say(f"cycle {cycle}")
            under_test.take_events()
            plugged_s = told(keyboard)
            try:
                at_s, _ = under_test.wait_for(InputPortsChanged, is_there, PATIENCE_S)
                seen_ms.append((at_s - plugged_s) * 1000)
                at_s, _ = under_test.wait_for(KeyMoved, lambda key: key.is_down, PATIENCE_S)
                heard_ms.append((at_s - plugged_s) * 1000)
                under_test.take_events()
                pulled_s = told(keyboard)
                at_s, _ = under_test.wait_for(
                    InputPortsChanged, lambda event: not is_there(event), PATIENCE_S
                )
                missed_ms.append((at_s - pulled_s) * 1000)
            except TimeoutError as problem:
                say(f"cycle {cycle}: {problem}")
                n_failed += 1
                if n_failed > 5:
                    sys.exit("Too many cycles failed.")
                if len(heard_ms) > len(missed_ms) or under_test.events:
                    told(keyboard)
        counts.append(count(under_test.process, n_cycles))
    times = [
        {"time until": what, "n": len(values)} | figures_ms(values)
        for what, values in (
            ("it is seen", seen_ms),
            ("it is heard", heard_ms),
            ("it is missed", missed_ms),
        )
    ]
    return {"times": times, "engine": counts, "failed": n_failed}


def told(keyboard: Any) -> float:
    """Have the keyboard plugged in or pulled; return when that was."""
    print("", file=keyboard.stdin, flush=True)
    return float(line_of(keyboard))


def count(process: Any, cycle: int) -> dict[str, Any]:
    return {
        "after cycles": cycle,
        "threads": process.num_threads(),
        "descriptors": process.num_fds(),
        "MB": round(process.memory_info().rss / 1e6, 1),
    }


if __name__ == "__main__":
    main()
