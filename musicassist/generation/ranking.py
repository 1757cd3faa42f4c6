"""Which of the drawn lines to show: likely ones, and no two alike."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import STEPS_PER_BEAT, Line

_LIKENESS_COST: Final = 1.0  # nats a note that a copy of a line already chosen must make up for


def best_takes(lines: Sequence[Line], scores: NDArray[np.float64], n_takes: int) -> tuple[int, ...]:
    """Return the indices of the lines to show, best first.

    Args:
        lines: The drawn lines.
        scores: Mean log-likelihood of each line's notes.
        n_takes: How many to choose, at most as many as there are lines.
    """
    chosen: list[int] = []
    while len(chosen) < n_takes:
        left = [row for row in range(len(lines)) if row not in chosen]
        worth = [
            scores[row]
            - _LIKENESS_COST * max((likeness(lines[row], lines[c]) for c in chosen), default=0.0)
            for row in left
        ]
        chosen.append(left[int(np.argmax(worth))])
    return tuple(chosen)


def likeness(one: Line, other: Line) -> float:
    """Return the share of notes two lines have in common, 0 to 1: same pitch, same half beat."""
    grid = STEPS_PER_BEAT // 2
    first = set(zip((one.onsets // grid).tolist(), one.pitches.tolist(), strict=True))
    second = set(zip((other.onsets // grid).tolist(), other.pitches.tolist(), strict=True))
    return len(first & second) / max(1, min(len(first), len(second)))
