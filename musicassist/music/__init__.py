"""Music as plain data: frozen values and pure functions. Layer 0: numpy and nothing else.

Musical time is integer ticks, 480 to the beat; a beat is a quarter note, always. No threads, no
files, no Qt. Start reading at `note.py`, then `clip.py` and `timebase.py`.
"""
