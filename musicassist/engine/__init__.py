"""The real-time process: MIDI in, synth, audio out, transport, capture, recording. Layer 2.

May import `errors`, `paths`, `music`, `midi`, `audio` and `storage`; no Qt, no onnxruntime, no
TensorFlow. The window process imports `protocol.py` alone. Threads: the main loop (`host.py`,
`engine.py`), rtmidi's (through `InputsDesk._on_input`), the audio callback (through
`Renderer.fill`), the command reader and the event writer (`connection.py`), and the journal's
(through `Keeper`).

Start reading at `protocol.py`, then `engine.py`, which only hands on. What arrives goes through
`inputs_desk.py` to the synth (`live.py`), to `capture.py` and to `recorder.py`. What is played back
goes from `score.py` (laid out on frames with `transport.py`) through `player.py` into the blocks
of `renderer.py`; `playhead.py` remembers what of it was heard when, and `playback.py` is all that
as the window sees it. `sound_desk.py`, `midi_out.py` and `keeper.py` look after the audio device,
the MIDI output and the session file.
"""
