"""What a note is over the chord it sounds with: part of it, of the scale, or outside of both."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.keys import Key

Function = Literal["chord", "scale", "outside"]

FUNCTIONS: Final[tuple[Function, ...]] = ("chord", "scale", "outside")
"""From what sounds at rest to what wants to go on; other code counts them from 0 in this order."""


class ChordFunctions:
    """Tells the functions of notes over a progression in a key, each by one search.

    A note is judged by the chord in force where it starts. Where there is no chord, nothing is a
    chord tone. Without a key the scale is all notes of the progression's chords; without either
    every note is in the scale, for nothing says otherwise.

    Args:
        progression: The chords, from tick 0, repeated by the caller as far as it needs them; None
            for none.
        key: The key; None where it is not known.
    """

    def __init__(self, progression: Progression | None, key: Key | None) -> None:
        changes = progression.changes if progression is not None else ()
        scale = _scale_of((chord for _, chord in changes), key)
        self._onsets_ticks = [onset_ticks for onset_ticks, _ in changes]
        self._tables = [_table_of(frozenset(), scale)]
        self._tables += [_table_of(chord.pitch_classes, scale) for _, chord in changes]

    def index_of(self, pitch: int, onset_ticks: float) -> int:
        """Return the place in `FUNCTIONS` of a note's function.

        Args:
            pitch: MIDI pitch 0-127.
            onset_ticks: Where the note starts, counted as the progression is.
        """
        return self._tables[bisect_right(self._onsets_ticks, onset_ticks)][pitch % 12]


def function_of(
    pitch: int, onset_ticks: float, progression: Progression | None, key: Key | None
) -> Function:
    """Return what one note is over the chord in force where it starts.

    For many notes keep a `ChordFunctions`, which this makes anew each time.
    """
    return FUNCTIONS[ChordFunctions(progression, key).index_of(pitch, onset_ticks)]


def _scale_of(chords: Iterable[ChordSymbol], key: Key | None) -> frozenset[int]:
    if key is not None:
        return key.pitch_classes
    heard = frozenset[int]().union(*(chord.pitch_classes for chord in chords))
    return heard or frozenset(range(12))


@lru_cache(maxsize=256)
def _table_of(chord: frozenset[int], scale: frozenset[int]) -> tuple[int, ...]:
    """Return the place in `FUNCTIONS` of each of the twelve pitch classes."""
    return tuple(0 if each in chord else 1 if each in scale else 2 for each in range(12))
