"""A keyboard in a process of its own: opens a real MIDI port and plays a phrase when told to.

Usage: python keyboard.py PORT_NAME
Told "plug in" it opens the port and says "ready"; told "play" it plays the phrase at once, told
"play at SECONDS" at that moment of the clock all processes share, and says, as JSON, at what second
it struck each note. It ends at the end of its input.
"""

import json
import sys
import time

import rtmidi

SUSTAIN = 64
# Seconds from the start, pitch, velocity, seconds held: F minor, two bars at 120.
PHRASE = (
    (0.00, 65, 92, 0.20),
    (0.25, 68, 74, 0.20),
    (0.50, 72, 101, 0.30),
    (1.00, 70, 66, 0.20),
    (1.25, 68, 81, 0.20),
    (1.50, 67, 58, 0.40),
    (2.00, 65, 97, 0.20),
    (2.25, 67, 70, 0.20),
    (2.50, 68, 85, 0.20),
    (3.00, 60, 110, 0.60),
)
PEDAL = ((0.02, 127), (0.90, 0))


def messages() -> list[tuple[float, list[int]]]:
    """Return every message and when it is sent, in order of time."""
    sent = [(seconds, [0xB0, SUSTAIN, value]) for seconds, value in PEDAL]
    for seconds, pitch, velocity, held in PHRASE:
        sent.append((seconds, [0x90, pitch, velocity]))
        sent.append((seconds + held, [0x90, pitch, 0]))  # many keyboards end notes like this
    return sorted(sent, key=lambda each: each[0])


def main() -> None:
    port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name=sys.argv[1])
    for line in sys.stdin:
        if line.strip() == "plug in":
            port.open_virtual_port("MIDI 1")
            print("ready", flush=True)
        if line.startswith("play"):
            _, _, at_s = line.strip().partition(" at ")
            start_s = float(at_s) if at_s else time.monotonic()
            struck_s = []
            for seconds, message in messages():
                time.sleep(max(0.0, start_s + seconds - time.monotonic()))
                if message[0] == 0x90 and message[2] > 0:
                    struck_s.append(time.monotonic())
                port.send_message(message)
            print(json.dumps(struck_s), flush=True)
    port.close_port()
    port.delete()


if __name__ == "__main__":
    main()
