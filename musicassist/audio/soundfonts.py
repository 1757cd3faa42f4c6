"""SoundFonts that are already on this machine."""

import os
import sys
from pathlib import Path
from typing import Final

from musicassist.paths import soundfonts_folder

ENDINGS: Final = frozenset({".sf2", ".sf3"})
MOST_FOUND: Final = 200
_MOST_LOOKED_AT: Final = 5000
_DEEPEST: Final = 3


def find_soundfonts() -> tuple[Path, ...]:
    """Return the SoundFonts in the system's and the user's usual places, sorted by name.

    Looks at names only; whether one can be played shows when it is opened. A file that is found
    by several ways (links, say) is named once.

    Thread: any; takes some milliseconds.
    """
    found: dict[Path, Path] = {}
    n_looked_at = 0
    for folder in (soundfonts_folder(), *_usual_folders()):
        depth = len(folder.parts)
        for place, folders, names in os.walk(folder):  # unreadable folders are passed by
            n_looked_at += len(names)
            if n_looked_at > _MOST_LOOKED_AT:
                break
            folders.sort()
            if len(Path(place).parts) - depth >= _DEEPEST:
                folders.clear()
            for name in sorted(names):
                path = Path(place, name)
                if path.suffix.lower() in ENDINGS and not name.startswith(".") and path.is_file():
                    found.setdefault(path.resolve(), path)
    return tuple(sorted(found.values(), key=lambda path: path.name.lower())[:MOST_FOUND])


def _usual_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        data = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
        return [
            home / "Documents/SoundFonts",
            home / "Music/SoundFonts",
            Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "SoundFonts",
            Path("C:/soundfonts"),
        ]
    if sys.platform == "darwin":
        return [
            home / "Library/Audio/Sounds/Banks",
            Path("/Library/Audio/Sounds/Banks"),
            Path("/opt/homebrew/share/soundfonts"),
            Path("/usr/local/share/soundfonts"),
        ]
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return [
        data / "soundfonts",
        data / "sounds/sf2",
        data / "sounds/sf3",
        home / "SoundFonts",
        Path("/usr/share/sounds/sf2"),
        Path("/usr/share/sounds/sf3"),
        Path("/usr/share/soundfonts"),
        Path("/usr/local/share/soundfonts"),
        Path("/usr/local/share/sounds/sf2"),
    ]
