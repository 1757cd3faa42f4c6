"""Sound: synths, the output device, and rendering without one. Layer 1.

May import `errors` and `music`; only this package knows sounddevice. PortAudio's callback thread
enters through `output.py`, which asks for frames and counts, nothing else. Start reading at
`synth.py` (what every sound source can do), then `builtin_synth.py` and `output.py`; `fake.py`
holds outputs without hardware.
"""
