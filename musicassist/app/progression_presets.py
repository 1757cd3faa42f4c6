"""Progressions that come with the program: degrees in TOML files in `resources/progressions`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from musicassist.music.chords import Progression
from musicassist.music.degrees import progression_on_degrees
from musicassist.music.keys import Key
from musicassist.music.timebase import Timebase
from musicassist.paths import resources_folder

_MODES: Final = ("major", "minor", "any")
_MINOR_BELOW_MAJOR: Final = 3  # semitones from a major tonic down to its relative minor


@dataclass(frozen=True, slots=True)
class Preset:
    """A progression for every key.

    Attributes:
        preset_id: The name of its file.
        title: What people call it.
        description: What it is like, in one sentence.
        mode: "major" or "minor": in a key of the other kind it stands in the relative key, whose
            notes are the same; "any" keeps the tonic.
        chords: Its bars in degrees.

    Raises:
        ValueError: The mode is none of these.
    """

    preset_id: str
    title: str
    description: str
    mode: str
    chords: str

    def __post_init__(self) -> None:
        if self.mode not in _MODES:
            raise ValueError(f"a preset is for major, minor or any key: {self}")

    def key_for(self, key: Key) -> Key:
        """Return the key it stands in where the music is in a key."""
        if self.mode == "any" or key.is_minor == (self.mode == "minor"):
            return key
        semitones = _MINOR_BELOW_MAJOR if key.is_minor else -_MINOR_BELOW_MAJOR
        return Key((key.tonic + semitones) % 12, self.mode, key.prefers_flats)

    def in_key(self, key: Key, timebase: Timebase) -> Progression:
        """Return its chords in a key, a bar each of the timebase.

        Raises:
            ChordSpellingError: One of its degrees is not understood.
        """
        return progression_on_degrees(self.chords, self.key_for(key), timebase)

    def is_meant_by(self, words: str) -> bool:
        """Whether all words of a search stand in its title or description."""
        said = f"{self.title} {self.description} {self.preset_id}".casefold()
        return all(word in said for word in words.casefold().split())


@cache
def all_presets() -> tuple[Preset, ...]:
    """Return the presets that come with the program, by title."""
    paths = (resources_folder() / "progressions").glob("*.toml")
    return tuple(sorted(map(read_preset, paths), key=lambda each: each.title.casefold()))


def read_preset(path: Path) -> Preset:
    """Read a preset from its file, whose name is its id.

    Raises:
        ValueError: The file says too little, too much, or something impossible.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        table: dict[str, Any] = tomllib.load(stream)
    try:
        chords = " | ".join(table.pop("chords").strip().splitlines())
        return Preset(preset_id=path.stem, chords=chords, **table)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} is no progression: {error}") from error
