"""The real-time process: MIDI in, synth, audio out, capture and playback. Layer 2.

May import `errors`, `paths`, `music`, `midi` and `audio`; no Qt, no onnxruntime, no TensorFlow.
The window process imports `protocol.py` alone. Threads: the main loop (`host.py`, `engine.py`),
rtmidi's (through `Engine._on_input`), the audio callback (through `Renderer.fill`), and the
command reader (`connection.py`). Start reading at `protocol.py`, then `engine.py`.
"""
