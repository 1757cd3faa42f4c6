"""What lasts: the session file, what was played, the settings. Layer 1.

May import `errors`, `paths` and `music`; only this package knows SQLite.
"""
