"""Whether an answer takes up what it answers: motifs of the primer that return."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from musicassist.evaluation.passages import Passage
from musicassist.evaluation.statistics import Share
from musicassist.generation.encoding import Line

MOTIF_NOTES: Final = (3, 4, 5)


def answer_to_the_primer(passages: Sequence[Passage]) -> Mapping[str, Share]:
    """Return which share of the primer's motifs return in the answer, in any key.

    A motif is three to five notes in a row: their intervals, and for the second figure also the
    times between their onsets. One that the primer plays twice counts once.
    """
    pieces = [each.piece for each in passages]
    found = {}
    for name, with_rhythm in (("intervals", False), ("intervals_and_rhythm", True)):
        pairs = [
            (
                motifs(each.primer, with_rhythm=with_rhythm),
                motifs(each.answer, with_rhythm=with_rhythm),
            )
            for each in passages
        ]
        found[name] = Share(
            [len(primer & answer) for primer, answer in pairs],
            [len(primer) for primer, _ in pairs],
            pieces,
        )
    return found


def motifs(line: Line, *, with_rhythm: bool) -> set[tuple[tuple[int, int], ...]]:
    """Return the different motifs of a line, as successions of interval and gap (0 if unasked)."""
    intervals = np.diff(line.pitches)
    gaps = np.diff(line.onsets) if with_rhythm else np.zeros_like(intervals)
    steps = list(zip(intervals.tolist(), gaps.tolist(), strict=True))
    return {
        tuple(steps[start : start + n_notes - 1])
        for n_notes in MOTIF_NOTES
        for start in range(len(steps) - n_notes + 2)
    }
