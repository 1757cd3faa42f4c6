"""What lasts: the session file, what was played, the settings. Layer 1.

May import `errors`, `paths` and `music`; only this package knows SQLite. Two processes have a
session file open at once: the engine writes what is played (`journal`, on a thread of its own),
the window the session (`session_file`, on its keeper's thread), after it has claimed the file for
itself (`claim`) and mended it if need be (`recovery`). Start reading with `database` and `schema`.
"""
