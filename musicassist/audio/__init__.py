"""Sound: synths, the output device, and rendering without one. Layer 1.

May import `errors`, `paths` and `music`; only this package knows sounddevice and tinysoundfont.
PortAudio's callback thread enters through `output.py`, which asks for frames and counts, nothing
else. Start reading at `synth.py` (what every sound source can do), then `open_synth.py` (which one
plays), `soundfont_synth.py` with `sounds/` (our own instruments, as a SoundFont), and
`builtin_synth.py` (simpler voices for machines that cannot play one); `output.py` is the device,
`fake.py` holds outputs without hardware.
"""
