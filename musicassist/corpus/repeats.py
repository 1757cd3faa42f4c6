"""The same music under another name, or in another key, is learned once."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from musicassist.corpus.piece import Piece

_STRETCH_NOTES: Final = 12  # this many intervals in a row are no coincidence
_MOST_KNOWN: Final = 0.5


def without_repeats(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces but those that are mostly music already yielded, whatever name or key.

    Editions and excerpts of one work stand side by side in many collections.
    """
    known: set[bytes] = set()
    for piece in pieces:
        stretches = _stretches(piece)
        if len(stretches & known) <= _MOST_KNOWN * len(stretches):
            known |= stretches
            yield piece


def _stretches(piece: Piece) -> set[bytes]:
    """Return every run of twelve intervals."""
    intervals = np.diff(piece.line.pitches).astype(np.int8)
    return {
        intervals[start : start + _STRETCH_NOTES].tobytes()
        for start in range(len(intervals) - _STRETCH_NOTES + 1)
    }
