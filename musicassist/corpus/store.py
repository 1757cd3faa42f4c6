"""Pieces kept in one file, so that reading is a stage that need not be done twice.

The file holds arrays only, never objects, and the checksum of what it was read from; one that is
damaged, or was made from anything else, is read anew.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicassist.corpus.piece import Piece
from musicassist.errors import OutputError
from musicassist.generation.encoding import Line, Setting
from musicassist.paths import write_atomically

_LAYOUT: Final = 1
_CODE: Final = ("corpus/*.py", "generation/encoding.py", "generation/harmony*.py")
_LINE_ARRAYS: Final = ("onsets", "pitches", "lengths", "micros")


def checksum(facts: Sequence[object], paths: Iterable[Path] = ()) -> str:
    """Return a checksum of settings, of the contents of files, and of the code that reads them.

    Args:
        facts: Whatever else decides what is read; shown by `repr`.
        paths: The files.

    Raises:
        OSError: A file cannot be read.
    """
    total = hashlib.sha256(repr((_LAYOUT, *facts)).encode())
    package = Path(__file__).parents[1]
    code = [path for pattern in _CODE for path in sorted(package.glob(pattern))]
    for path in (*code, *paths):
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def kept_or_read(file: Path, made_from: str, read: Callable[[], Iterable[Piece]]) -> list[Piece]:
    """Return the pieces a file holds, or read them and keep them there.

    Args:
        file: Ends in `.npz`; its folder is made where there is none.
        made_from: `checksum` of the sources.
        read: Reads the pieces.

    Raises:
        OutputError: The file cannot be written.
    """
    # numpy and zipfile raise these, and more than they say, on damaged files.
    with suppress(OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile):
        return _unpacked(file, made_from)
    pieces = list(read())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, _packed(pieces, made_from))
    except OSError as error:
        raise OutputError(
            f"What was read cannot be kept in {file.name!r}: {error.strerror}.",
            "Choose a folder you may write to.",
        ) from error
    return pieces


def _packed(pieces: Sequence[Piece], made_from: str) -> bytes:
    """Return pieces as the bytes of an npz file: all arrays end to end, and how long each is."""
    settings = [piece.setting for piece in pieces]
    arrays: dict[str, Any] = {
        "made_from": np.array(made_from),
        "names": np.array([piece.name for piece in pieces], str),
        "tunes": np.array([piece.tune for piece in pieces], str),
        "is_held_back": np.array([piece.is_held_back for piece in pieces], bool),
        "n_notes": np.array([len(piece.line.onsets) for piece in pieces], np.int64),
        "n_changes": np.array([len(each.changes) for each in settings], np.int64),
        "n_ends": np.array([len(piece.phrase_ends) for piece in pieces], np.int64),
        "phrase_ends": _joined([piece.phrase_ends for piece in pieces], bool),
        "changes": _joined([each.changes for each in settings], np.int64),
        "roots": _joined([each.roots for each in settings], np.int64),
        "chords": _joined([each.chords.reshape(-1) for each in settings], np.float32),
        "scales": _joined([each.scale for each in settings], np.float32),
        "tonics": np.array([each.tonic for each in settings], np.int64),
        "beats_a_bar": np.array([each.beats_a_bar for each in settings], float),
        "bar_origins": np.array([each.bar_origin for each in settings], np.int64),
        "styles": np.array([each.style for each in settings], np.int64),
    }
    for name in _LINE_ARRAYS:
        arrays[name] = _joined([getattr(piece.line, name) for piece in pieces], np.int64)
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)
    return data.getvalue()


def _joined(arrays: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *arrays]).astype(dtype)


def _unpacked(file: Path, made_from: str) -> list[Piece]:
    """Return the pieces in a file.

    Raises:
        ValueError: It was made from something else, or is damaged; so may the others of
            `kept_or_read` be.
    """
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        if str(stored["made_from"]) != made_from:
            raise ValueError("made from something else")
        arrays = {name: stored[name] for name in stored.files}
    notes, changes, ends = (
        np.concatenate(([0], np.cumsum(arrays[name])))
        for name in ("n_notes", "n_changes", "n_ends")
    )
    chords = arrays["chords"].reshape(-1, 12)
    scales = arrays["scales"].reshape(-1, 12)
    pieces = []
    for index, name in enumerate(arrays["names"]):
        of_notes = slice(notes[index], notes[index + 1])
        of_changes = slice(changes[index], changes[index + 1])
        setting = Setting(
            arrays["changes"][of_changes],
            arrays["roots"][of_changes],
            chords[of_changes],
            int(arrays["tonics"][index]),
            scales[index],
            float(arrays["beats_a_bar"][index]),
            int(arrays["bar_origins"][index]),
            int(arrays["styles"][index]),
        )
        line = Line(*(arrays[each][of_notes] for each in _LINE_ARRAYS))
        pieces.append(
            Piece(
                str(name),
                str(arrays["tunes"][index]),
                line,
                setting,
                bool(arrays["is_held_back"][index]),
                arrays["phrase_ends"][ends[index] : ends[index + 1]],
            )
        )
    return pieces
