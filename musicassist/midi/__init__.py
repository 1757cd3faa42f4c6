"""MIDI devices: ports that come and go, controllers, and the messages in and out. Layer 1.

May import `errors`, `paths` and `music`; only this package knows rtmidi and mido. rtmidi's own
threads enter through the callback in `ports.py`, which stamps, reads and hands on, nothing else;
`sending.py` has a thread that sends in time; everything else is called from the engine's main
loop.

Start reading at `inputs.py` and `sending.py` (what every kind of input and output can do), then
`system.py`, `ports.py` and `outputs.py` (real ones, on the `clients.py` of rtmidi) and `fake.py` (a
keyboard that plays itself). What a keyboard sends is judged in this order: `messages.py` reads
bytes, `filters.py` drops what came twice, `controllers.py` tells keys from knobs (`profiles.py`
reads what it knows from files, `learn.py` adds to it), `voice.py` plays the keys.
"""
