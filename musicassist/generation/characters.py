"""Characters: named ways of playing to start from, as TOML files in `resources/characters`.

A character is no model and no lock: choosing one sets the wishes it speaks of, and each may then be
moved by hand. Every one carries a card that says what its playing was learned from.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from musicassist.errors import InputError
from musicassist.music.keys import MODES, Key
from musicassist.music.manner import STYLES, Manner
from musicassist.music.session import Wishes
from musicassist.paths import resources_folder

AS_PRIMER: Final = ""
"""Instead of a character's id: play as the primer suggests."""

_PLAIN_MODES: Final = ("major", "minor")
_WISHED: Final = (
    "manner",
    "surprise",
    "furthest_leap",
    "lowest_pitch",
    "highest_pitch",
    "is_key_locked",
)


@dataclass(frozen=True, slots=True)
class Character:
    """A way of playing to start from.

    Attributes:
        character_id: Its name in sessions and on the command line.
        title: What people see.
        description: One sentence on how it plays.
        style: One of `manner.STYLES`.
        manner: Its qualities; those not set are left free.
        surprise: 0 (the likeliest) over .5 (as learned) to 1 (wild).
        furthest_leap: Widest step from note to note in semitones.
        lowest_pitch: Lowest MIDI pitch.
        highest_pitch: Highest MIDI pitch.
        is_key_locked: Whether it stays in its scale and in the chords.
        scales: Which mode it takes instead of plain "major" or "minor", while it stays in key.
        learned_from: The music its playing comes from, in sentences.
        limits: What not to expect of it, in sentences.

    Raises:
        ValueError: There is no such style or mode.
    """

    character_id: str
    title: str
    description: str
    style: str
    manner: Manner
    surprise: float
    furthest_leap: int
    lowest_pitch: int
    highest_pitch: int
    is_key_locked: bool
    scales: Mapping[str, str]
    learned_from: str
    limits: str

    def __post_init__(self) -> None:
        if self.style not in STYLES:
            raise ValueError(f"there is no style {self.style!r}")
        if not set(self.scales) <= set(_PLAIN_MODES) or not set(self.scales.values()) <= set(MODES):
            raise ValueError(f"a scale stands for major or minor and is a known mode: {self}")

    def key_for(self, key: Key) -> Key:
        """Return the key to play in where one is given: another mode on the same tonic.

        A mode somebody chose (D dorian) is left alone, plain major and minor are not.
        """
        mode = self.scales.get(key.mode)
        return key if mode is None else Key(key.tonic, mode, key.prefers_flats)

    @property
    def card(self) -> str:
        """What it is, what it was learned from, and its limits, as lines for people."""
        told = (
            self.description,
            f"Learned from: {self.learned_from}",
            f"Limits: {self.limits}",
        )
        lines = [fill(each, 96, initial_indent="  ", subsequent_indent="    ") for each in told]
        return "\n".join((f"{self.title} ({self.character_id})", *lines))


@cache
def all_characters() -> tuple[Character, ...]:
    """Return the characters that come with the program, by title."""
    paths = sorted((resources_folder() / "characters").glob("*.toml"))
    return tuple(sorted(map(read_character, paths), key=lambda each: each.title))


def find_character(character_id: str) -> Character | None:
    """Return the character of that id, or None, as for the ids of a newer version."""
    return next((each for each in all_characters() if each.character_id == character_id), None)


def character_named(name: str) -> Character:
    """Return the character people mean by a name: id or title, in large or small letters.

    Raises:
        InputError: There is none.
    """
    names = {each.character_id: each for each in all_characters()}
    names |= {_plain(each.title): each for each in names.values()}
    plain = _plain(name)
    if plain in names:
        return names[plain]
    near = [known for known in names if plain and plain in known]
    from difflib import get_close_matches  # late: only the command line asks by name

    near += get_close_matches(plain, names, n=3, cutoff=0.5)
    ids = list(dict.fromkeys(names[each].character_id for each in near))[:3]
    listed = " or ".join(ids) if ids else ", ".join(each.character_id for each in all_characters())
    raise InputError(
        f"There is no character “{name}”.", f"{'Perhaps' if ids else 'Choose one of'}: {listed}."
    )


def wishes_of(source: Character | Wishes) -> dict[str, Any]:
    """Return the wishes a character begins with, or as they stand, by their name in a request.

    `SoloRequest` and `Wishes` call them the same, so that they are copied nowhere by hand.
    """
    return {name: getattr(source, name) for name in _WISHED}


def settled_by(character: Character | None) -> dict[str, Any]:
    """Return what no knob moves while a character is chosen, by its name in a request."""
    if character is None:
        return {"style": "", "scales": {}}
    return {"style": character.style, "scales": character.scales}


def read_character(path: Path) -> Character:
    """Read a character from its file, whose name is its id.

    Raises:
        ValueError: The file says too little, too much, or something impossible.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        table: dict[str, Any] = tomllib.load(stream)
    try:
        lowest_pitch, highest_pitch = table.pop("range")
        card = table.pop("card")
        return Character(
            character_id=path.stem,
            manner=Manner(**table.pop("manner")),
            lowest_pitch=lowest_pitch,
            highest_pitch=highest_pitch,
            scales=table.pop("scale", {}),
            **card,
            **table,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is no character: {error}") from error


def _plain(name: str) -> str:
    """Return a name as ids are written."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())
