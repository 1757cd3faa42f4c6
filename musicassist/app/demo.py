"""The music the window starts with, so that Space plays something at once."""

import tomllib
from pathlib import Path

from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.music.timebase import Timebase
from musicassist.paths import resources_folder


def demo_path() -> Path:
    """Return the file the demo is written in."""
    return resources_folder() / "demo" / "phrase.toml"


def demo_session() -> Session:
    """Return a session of the demo phrase over its chords."""
    with demo_path().open("rb") as stream:
        table = tomllib.load(stream)
    numerator, denominator = table["metre"]
    timebase = Timebase.steady(table["bpm"], numerator, denominator)
    return Session(
        timebase=timebase,
        key=Key.parse(table["key"]),
        progression_text=table["chords"],
        progression=parse_progression(table["chords"], timebase),
        primer=Clip(
            notes=tuple(Note(*values) for values in table["notes"]),
            length_ticks=timebase.bar_start_ticks(table["n_bars"]),
            name=table["name"],
        ),
    )
