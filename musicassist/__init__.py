"""MusicAssist: play a phrase, hear it continued as a solo, drag it into your DAW.

Packages form layers, and imports point inward only (`tests/test_house.py` enforces it):

- layer 0: `errors`, `paths`, `plain_json`, `music` (pure values and functions)
- layer 1: `midi`, `audio`, `files`, `generation`, `storage` (one kind of outside world each);
  `generation` is also the soloist process
- layer 2: `corpus` (music read from folders)
- layer 3: `engine` (the real-time process), `training` (the trainer process), `evaluation` (how
  a model plays beside humans), `app` (services), `checkup` (what works on this computer)
- layer 4: `ui` (widgets, and `ui/start.py`, which opens the window)
- layer 5: `cli`, and `__main__`

`engine`, `app` and `checkup` share `engine.protocol` only. Start reading at `music/note.py`.
"""

__version__ = "0.1.0"
