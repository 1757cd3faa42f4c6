"""Templates: sessions to start from, each a small file of tempo, metre, key and chords."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from musicassist.generation.characters import find_character, wishes_of
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.session import Session
from musicassist.music.timebase import Timebase
from musicassist.paths import resources_folder


@dataclass(frozen=True, slots=True)
class Template:
    """What a new session can start from.

    Attributes:
        template_id: The name of its file.
        title: What it is called, and the session made of it.
        summary: Half a sentence for the menu's tooltip.
        bpm: Its tempo.
        metre: Counts a bar and the note value counted.
        key: As `Key.parse` reads it.
        chords: As `parse_progression` reads them.
        character_id: Whose wishes it starts from; empty for as the phrase suggests.
        feel_id: How it is accompanied; empty for as before.
    """

    template_id: str
    title: str
    summary: str
    bpm: float
    metre: tuple[int, int]
    key: str
    chords: str
    character_id: str = ""
    feel_id: str = ""

    def session_like(self, session: Session) -> Session:
        """Return an empty session of this template; what it does not say is taken from another."""
        timebase = Timebase.steady(self.bpm, *self.metre)
        wishes = session.wishes
        character = find_character(self.character_id)
        if character is not None:
            wishes = replace(wishes, character_id=self.character_id, **wishes_of(character))
        backing = session.backing
        if self.feel_id:
            backing = replace(backing, feel_id=self.feel_id, is_on=True)
        return replace(
            session,
            name=self.title,
            timebase=timebase,
            key=Key.parse(self.key),
            progression_text=self.chords,
            progression=parse_progression(self.chords, timebase),
            wishes=wishes,
            backing=backing,
        )


@cache
def all_templates() -> tuple[Template, ...]:
    """Return the templates that come with the program, by title."""
    folder = resources_folder() / "templates"
    templates = (_read(path) for path in sorted(folder.glob("*.toml")))
    return tuple(sorted(templates, key=lambda each: each.title))


def _read(path: Path) -> Template:
    with path.open("rb") as stream:
        table: dict[str, Any] = tomllib.load(stream)
    numerator, denominator = table.pop("metre")
    return Template(template_id=path.stem, metre=(numerator, denominator), **table)
