"""Music read from folders, as the soloist learns from it and is measured on it.

May import `generation` (whose grid lines these are), `files` and `music`; music21 is imported
inside functions, by the readers of scores alone. Everything here is a pure function of the files
named; no thread is started. Start reading at `piece.py`, then `reading.py`.
"""
