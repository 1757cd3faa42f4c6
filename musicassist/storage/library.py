"""The user's sessions as files: which there are, what they are called, which were opened last."""

import os
import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from musicassist.errors import MissingFileError, OutputError, SessionFileError
from musicassist.paths import sessions_folder, write_atomically
from musicassist.storage.database import SUFFIX, log_of, open_to_look, reason_of
from musicassist.storage.session_file import text_of

MOST_RECENT: Final = 12
FALLBACK_NAME: Final = "Session"
REMOVED_FOLDER: Final = "removed"

_LAST: Final = "last"  # in the sessions folder: what was opened, newest first, one a line
_MOST_REMEMBERED: Final = 40
_MOST_LAST_BYTES: Final = 1 << 18
_MOST_FILES: Final = 10_000
_MOST_LOOKED_AT: Final = 40  # of a folder; the newest by the system's word
_LONGEST_STEM_BYTES: Final = 120  # most systems allow 255 for a whole name

# What Windows refuses in a name, which is more than the others do.
# Source: learn.microsoft.com, "Naming Files, Paths, and Namespaces".
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SessionCard:
    """What a list of sessions says of one.

    Attributes:
        path: Its file.
        name: What the user calls it; may be foreign text.
        saved_at: When it was saved last; None if nobody knows.
        n_takes: How many solos are in it.
        problem: Why it cannot be opened, half a sentence; empty for no reason.
    """

    path: Path
    name: str
    saved_at: datetime | None = None
    n_takes: int = 0
    problem: str = ""


class _Glimpse(msgspec.Struct):
    """The little of a session that a list shows; the rest is passed over."""

    name: str = FALLBACK_NAME
    solos: list[msgspec.Raw] = []


def look_at(path: Path) -> SessionCard:
    """Return what a list says of a session file, which may be open in another window.

    Nothing is written, and nothing in it is believed: it may be anybody's file.
    """
    try:
        with closing(open_to_look(path)) as connection:
            row = connection.execute(
                "SELECT saved_at, content, checksum FROM sessions ORDER BY id DESC LIMIT 1"
            ).fetchone()
    except MissingFileError:
        return SessionCard(path, path.stem, problem="it is no longer there")
    except (SessionFileError, sqlite3.Error, OSError):
        return SessionCard(path, path.stem, problem="it cannot be read")
    if row is None:
        return SessionCard(path, path.stem)
    saved_at, content, checksum = row
    glimpse = _Glimpse(path.stem)
    if isinstance(content, bytes) and zlib.crc32(content) == checksum:
        with suppress(zlib.error, msgspec.MsgspecError, ValueError, RecursionError):
            glimpse = msgspec.json.decode(text_of(content), type=_Glimpse)
    return SessionCard(path, glimpse.name, _moment_of(saved_at), len(glimpse.solos))


def recent_sessions(n_cards: int = MOST_RECENT, *, but: Path | None = None) -> list[SessionCard]:
    """Return the sessions there are, the newest first, then those that have gone.

    Args:
        n_cards: How many at most.
        but: One that is left out, such as the one that is open.
    """
    paths = dict.fromkeys((*_newest_files(sessions_folder()), *remembered()))
    cards = [look_at(path) for path in paths if path != but]
    cards.sort(key=lambda card: (bool(card.problem), -_seconds(card.saved_at)))
    return cards[:n_cards]


def names_in_use() -> frozenset[str]:
    """Return what sessions are called, by their files: enough to give a new one its own name."""
    return frozenset(path.stem for path in _files_in(sessions_folder()))


def remembered() -> list[Path]:
    """Return the files that were opened, the last one first; some may have gone since."""
    folder = sessions_folder()
    with suppress(OSError, ValueError):
        with (folder / _LAST).open("rb") as stream:
            lines = stream.read(_MOST_LAST_BYTES).decode().splitlines()
        # A name is a file of the folder, anything longer a place elsewhere.
        return [folder / line for line in lines if line.endswith(SUFFIX) and _is_place(line)]
    return []


def remember(path: Path) -> None:
    """Put a file first among those that were opened: the next start goes on with it."""
    _write_remembered([path, *(each for each in remembered() if each != path)])


def forget(path: Path) -> None:
    """Take a file out of those that were opened."""
    _write_remembered(each for each in remembered() if each != path)


def new_path(name: str, folder: Path | None = None) -> Path:
    """Return where a session of that name can be kept: a name no file has yet, safe everywhere."""
    folder = sessions_folder() if folder is None else folder
    stem = safe_stem(name)
    for number in range(1, _MOST_FILES):
        path = folder / f"{stem if number == 1 else f'{stem} {number}'}{SUFFIX}"
        if not os.path.lexists(path):
            return path
    raise OutputError(f"There are too many sessions called {stem}.", "Give it another name.")


def safe_stem(name: str) -> str:
    """Return a name as every system lets a file be called, without an ending."""
    stem = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name))
    stem = "".join(sign for sign in stem if sign.isprintable())
    stem = " ".join(
        stem.encode(errors="ignore")[:_LONGEST_STEM_BYTES].decode("utf-8", "ignore").split()
    )
    stem = stem.strip(". ")
    if not stem:
        return FALLBACK_NAME
    return f"{stem} {FALLBACK_NAME}" if _RESERVED.fullmatch(stem) else stem


def is_named_after(path: Path, name: str) -> bool:
    """Whether a file has the name of its session, with or without a number behind it."""
    stem = safe_stem(name)
    return path.stem == stem or re.fullmatch(rf"{re.escape(stem)} \d+", path.stem) is not None


def put_away(path: Path) -> Path:
    """Move a session that nobody has open out of sight; return where it is now.

    Raises:
        OutputError: It cannot be moved; it is still there.
    """
    folder = path.parent / REMOVED_FOLDER
    away = new_path(path.stem, folder)
    _move(path, away)
    forget(path)
    return away


def bring_back(away: Path) -> Path:
    """Move a session that was put away back; return where it is now.

    Raises:
        OutputError: It cannot be moved; it is still where it was.
    """
    path = new_path(away.stem, away.parent.parent)
    _move(away, path)
    return path


def _move(path: Path, target: Path) -> None:
    """Move a session file and what belongs to it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if log_of(path).exists():  # what was committed last may be only there
            log_of(path).rename(log_of(target))
        path.rename(target)
    except OSError as problem:
        with suppress(OSError):
            log_of(target).rename(log_of(path))
        reason, hint = reason_of(problem)
        raise OutputError(f"{path.name} cannot be moved: {reason}.", hint) from problem
    for each in (path.with_name(f"{path.name}-shm"), path.with_name(f"{path.name}.lock")):
        with suppress(OSError):
            each.unlink()


def _write_remembered(paths: Iterable[Path]) -> None:
    folder = sessions_folder()
    lines = [path.name if path.parent == folder else str(path) for path in paths]
    lines = [line for line in lines if line.isprintable()][:_MOST_REMEMBERED]
    with suppress(OSError, ValueError):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / _LAST, "\n".join(lines).encode())


def _is_place(line: str) -> bool:
    return Path(line).name == line or Path(line).is_absolute()


def _newest_files(folder: Path) -> list[Path]:
    return sorted(_files_in(folder), key=_changed_ns, reverse=True)[:_MOST_LOOKED_AT]


def _files_in(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in folder.iterdir() if path.suffix == SUFFIX and path.is_file()]
    return []


def _changed_ns(path: Path) -> int:
    newest_ns = 0
    for each in (path, log_of(path)):
        with suppress(OSError):
            newest_ns = max(newest_ns, each.stat().st_mtime_ns)
    return newest_ns


def _moment_of(text: object) -> datetime | None:
    with suppress(ValueError, TypeError):
        moment = datetime.fromisoformat(str(text))
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def _seconds(moment: datetime | None) -> float:
    with suppress(OverflowError, OSError, ValueError):
        return moment.timestamp() if moment is not None else 0.0
    return 0.0
