"""Which of the drawn lines to show: sound ones that take up the primer, and no two alike.

The likeliest lines are not the best: they are the ones that repeat themselves and dare nothing.
So likelihood only speaks against the quarter of lines that stray furthest; what speaks for one is
how much of it is made of the primer's motifs. Shares of the line's own notes count, never numbers:
else whoever plays most would always be shown first.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import STEPS_PER_BEAT, Line

_LIKENESS_COST: Final = 1.0  # nats a note, for each share of notes in common with one chosen
_COPY_COST: Final = 100.0  # a line that is wholly in one already chosen comes last
_MOTIF_WORTH: Final = 1.0  # nats a note that being wholly made of the primer's motifs is worth
_STRAYING: Final = 0.25  # share of lines that count as straying
_CELL: Final = 3  # intervals of a motif, which may return at any pitch


def best_takes(
    lines: Sequence[Line], scores: NDArray[np.float64], primer: Line, n_takes: int
) -> tuple[int, ...]:
    """Return the indices of the lines to show, best first.

    Args:
        lines: The drawn lines.
        scores: Mean log-likelihood of each line's notes.
        primer: What they answer.
        n_takes: How many to choose, at most as many as there are lines.
    """
    worths = np.minimum(scores, np.quantile(scores, _STRAYING))
    worths = worths + _MOTIF_WORTH * np.array([returning_share(primer, line) for line in lines])
    alike = np.zeros(len(lines))
    chosen: list[int] = []
    while len(chosen) < n_takes:
        costs = _LIKENESS_COST * alike + _COPY_COST * (alike >= 1)
        best = int(np.argmax(worths - costs))
        chosen.append(best)
        worths[best] = -np.inf
        alike = np.maximum(alike, [likeness(lines[best], line) for line in lines])
    return tuple(chosen)


def likeness(one: Line, other: Line) -> float:
    """Return the share of notes two lines have in common, 0 to 1: same pitch, same half beat."""
    grid = STEPS_PER_BEAT // 2
    first = set(zip((one.onsets // grid).tolist(), one.pitches.tolist(), strict=True))
    second = set(zip((other.onsets // grid).tolist(), other.pitches.tolist(), strict=True))
    return len(first & second) / max(1, min(len(first), len(second)))


def returning_share(primer: Line, answer: Line) -> float:
    """Return the share of an answer's interval cells that the primer has, in any key; 0 to 1."""
    known = set(_cells(primer))
    cells = _cells(answer)
    return sum(cell in known for cell in cells) / max(1, len(cells))


def _cells(line: Line) -> list[tuple[int, ...]]:
    intervals = np.diff(line.pitches).tolist()
    return [tuple(intervals[start : start + _CELL]) for start in range(len(intervals) - _CELL + 1)]
