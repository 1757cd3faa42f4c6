"""Feels: ways of accompanying, as TOML files in `resources/feels`; their names are their ids."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from musicassist.music.accompaniment.feel import Bar, Feel, Patterns, Touch, bar_of
from musicassist.paths import resources_folder


@cache
def all_feels() -> tuple[Feel, ...]:
    """Return the feels that come with the program, by title."""
    paths = sorted((resources_folder() / "feels").glob("*.toml"))
    return tuple(sorted(map(read_feel, paths), key=lambda each: each.title))


def find_feel(feel_id: str) -> Feel:
    """Return the feel of that id, or the first, as for the ids of a newer version."""
    feels = all_feels()
    return next((each for each in feels if each.feel_id == feel_id), feels[0])


def read_feel(path: Path) -> Feel:
    """Read a feel from its file.

    Raises:
        ValueError: The file says too little, too much, or something impossible.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        table: dict[str, Any] = tomllib.load(stream)
    try:
        touch = table.pop("touch", {})
        late_ms = tuple(touch.pop("late_ms", {}).items())
        metres = table.pop("metres", {})
        fills = table.pop("fills", [])
        table["chords_range"] = tuple(table.pop("chords_range", (52, 74)))
        patterns = _patterns(table)
        return Feel(
            feel_id=path.stem,
            patterns=patterns,
            in_metres=tuple((name, _patterns(each)) for name, each in metres.items()),
            fills=tuple(tuple((drum, bar_of(bar)) for drum, bar in fill.items()) for fill in fills),
            touch=Touch(late_ms=late_ms, **touch),
            **table,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is no feel: {error}") from error


def _patterns(table: dict[str, Any]) -> Patterns:
    """Take the patterns out of a table."""
    drums: Mapping[str, Any] = table.pop("drums")
    return Patterns(
        _bars(table.pop("chords")),
        _bars(table.pop("bass")),
        tuple((drum, _bars(bars)) for drum, bars in drums.items()),
    )


def _bars(written: str | list[str]) -> tuple[Bar, ...]:
    bars = [written] if isinstance(written, str) else written
    return tuple(bar_of(bar) for bar in bars)
