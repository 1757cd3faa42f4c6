"""Putting damaged files aside: they are renamed, never deleted."""

import os
from pathlib import Path
from typing import Final

_MOST_COPIES: Final = 1_000


def set_aside(path: Path, *beside: Path) -> Path:
    """Rename a file so that a new one can take its place.

    Args:
        path: The file; `notes.toml` becomes `notes.damaged.toml`, `notes.damaged-2.toml`, ...
        beside: Files named as that one with something added, which belong to it and go with it.

    Returns:
        Where it is now.

    Raises:
        OSError: It cannot be renamed.
    """
    for copy in range(1, _MOST_COPIES):
        number = f"-{copy}" if copy > 1 else ""
        aside = path.with_name(f"{path.stem}.damaged{number}{path.suffix}")
        if not os.path.lexists(aside):
            break
    else:
        raise FileExistsError(f"there are {_MOST_COPIES} damaged files of that name")
    for each in beside:
        if each.exists():
            each.replace(aside.with_name(aside.name + each.name.removeprefix(path.name)))
    path.rename(aside)
    return aside
