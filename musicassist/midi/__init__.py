"""MIDI devices: ports that come and go, and the messages that arrive through them. Layer 1.

May import `errors` and `music`; only this package knows rtmidi and mido. rtmidi's own threads
enter through the callback in `ports.py`, which stamps, reads and hands on, nothing else;
everything else is called from the engine's main loop. Start reading at `inputs.py` (what every
kind of input can do), then `ports.py` (real ones) and `fake.py` (a keyboard that plays itself).
"""
