"""How long the stretches are that a passage shares with other music.

Music is compared as successions of interval and inter-onset time, so that a lick is the same lick
in every key. A run of k such steps holds k + 1 notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.evaluation.statistics import Floats, Ints
from musicassist.generation.encoding import Line

Bools = NDArray[np.bool_]

GRAMS: Final = (3, 4, 5, 6, 7, 8)
NO_TUNE: Final = -1
_MOST_GAP: Final = 511  # steps: longer pauses are all the same
_N_GAPS: Final = _MOST_GAP + 1


@dataclass(frozen=True, slots=True)
class Known:
    """A line somebody may have learned.

    Attributes:
        line: The notes.
        tune: Number of the work it belongs to.
    """

    line: Line
    tune: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What each of some lines shares with what is known.

    Attributes:
        longest: Notes of the longest shared run, 0 for none; int64, shape (lines,).
        shared: For each length in `GRAMS`, how many runs of so many steps are shared; float64,
            shape (lines,) each.
        total: For each length, how many such runs there are.
    """

    longest: Ints
    shared: dict[int, Floats]
    total: dict[int, Floats]


def shared_runs(lines: Sequence[Line], tunes: Sequence[int], known: Sequence[Known]) -> Shared:
    """Return what lines share with what is known, their own tunes aside.

    Runs grow step by step: a run of k steps can only be shared where its first k - 1 are, so ever
    fewer places are looked at.

    Args:
        lines: What is examined.
        tunes: The work each belongs to, whose other versions do not count; or `NO_TUNE`.
        known: What it is compared with.
    """
    texts = [_steps(line) for line in lines]
    library = [_steps(each.line) for each in known]
    places = _Places.of(texts)
    shelves = _Places.of(library)
    own = np.asarray(tunes, np.int64)
    tune = np.array([each.tune for each in known], np.int64)
    longest = np.zeros(len(lines), np.int64)
    shared, total = {}, {}
    n_steps = np.array([len(text) for text in texts], np.int64)
    for length in range(1, int(n_steps.max(initial=0)) + 1):
        places.grow(shelves)
        is_shared = _is_shared(places, own, shelves, tune)
        here = places.line[is_shared]
        longest[here] = length + 1
        if length in GRAMS:
            shared[length] = np.bincount(here, minlength=len(lines)).astype(np.float64)
            total[length] = np.maximum(n_steps - length + 1, 0).astype(np.float64)
        places.keep(is_shared)
        shelves.keep(np.isin(shelves.run, places.run))
        if not len(places.run) and length >= max(GRAMS):
            break
    for length in GRAMS:
        shared.setdefault(length, np.zeros(len(lines)))
        total.setdefault(length, np.maximum(n_steps - length + 1, 0).astype(np.float64))
    return Shared(longest, shared, total)


class _Places:
    """Where runs begin in some texts, and a number for the run that begins at each place."""

    def __init__(self, text: Ints, at: Ints, end: Ints, line: Ints) -> None:
        self.text, self.at, self.end, self.line = text, at, end, line
        self.run = np.zeros(len(at), np.int64)
        self.length = 0

    @classmethod
    def of(cls, texts: Sequence[Ints]) -> "_Places":
        lengths = np.array([len(text) for text in texts], np.int64)
        ends = np.cumsum(lengths)
        text = np.concatenate([*texts, np.zeros(0, np.int64)])
        line = np.repeat(np.arange(len(texts)), lengths)
        return cls(text, np.arange(len(text)), ends[line] if len(text) else text, line)

    def grow(self, other: "_Places") -> None:
        """Make all runs of both one step longer; equal runs get equal numbers."""
        for each in (self, other):
            each.keep(each.at + each.length < each.end)
        runs = np.concatenate(
            [
                each.run * (256 * _N_GAPS) + each.text[each.at + each.length]
                for each in (self, other)
            ]
        )
        numbers = np.unique(runs, return_inverse=True)[1].astype(np.int64)
        self.run, other.run = numbers[: len(self.at)], numbers[len(self.at) :]
        self.length += 1
        other.length += 1

    def keep(self, chosen: Bools) -> None:
        """Forget the other places."""
        self.at, self.end, self.line = self.at[chosen], self.end[chosen], self.line[chosen]
        self.run = self.run[chosen]


def _is_shared(places: _Places, own: Ints, shelves: _Places, tune: Ints) -> Bools:
    """Return whether each place's run stands in another work, bool, shape (places,)."""
    n_runs = int(max(places.run.max(initial=-1), shelves.run.max(initial=-1))) + 1
    lowest = np.full(n_runs, np.iinfo(np.int64).max)
    highest = np.full(n_runs, -2)
    np.minimum.at(lowest, shelves.run, tune[shelves.line])
    np.maximum.at(highest, shelves.run, tune[shelves.line])
    mine = own[places.line]
    low, high = lowest[places.run], highest[places.run]
    is_there: Bools = (high > -2) & ((low != mine) | (high != mine))
    return is_there


def _steps(line: Line) -> Ints:
    """Return each step from note to note as one number."""
    gaps = np.minimum(np.diff(line.onsets), _MOST_GAP)
    return (np.diff(line.pitches) + 128) * _N_GAPS + gaps
