"""Chords, bass and drums under a progression: pure functions from symbols to clips.

May import: `musicassist.music` and numpy. Threads: none; everything is a value. Start reading in
`accompany.py`; `feel.py` says how patterns are written, `layout.py` how they fit any metre.
"""
