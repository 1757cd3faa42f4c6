"""Whether a passage hangs together: bars that return, grooves that last, pitch classes that stay.

Source: grooving similarity and pitch-class entropy after Wu & Yang 2020 (Jazz Transformer).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from musicassist.evaluation.passages import Passage
from musicassist.evaluation.statistics import Ints, Share
from musicassist.generation.encoding import LENGTHS, STEPS_PER_BEAT, Line

LAGS: Final = (1, 2, 4, 8)
KINDS: Final = ("exact", "transposed", "rhythm")
_GROOVE_PLACES_A_BEAT: Final = 12  # sixteenths and triplets both have places of their own


def structure(passages: Sequence[Passage]) -> Mapping[str, Share]:
    """Return every measure of structure that short passages allow.

    Bars are compared with those before them, the primer's too, so that lag 8 reaches back into
    what was answered.
    """
    pieces = [each.piece for each in passages]
    rows = [_structure_of(each) for each in passages]
    return (
        {name: Share.mean([row[name] for row in rows], pieces) for name in rows[0]} if rows else {}
    )


def _structure_of(passage: Passage) -> dict[str, float]:
    bars = bars_of(passage.whole, passage.bar, passage.end // passage.bar)
    first = passage.start // passage.bar
    found = {}
    for lag in LAGS:
        likes = [
            bar_likeness(bars[index], bars[index - lag])
            for index in range(max(first, lag), len(bars))
        ]
        for place, kind in enumerate(KINDS):
            values = [like[place] for like in likes if like is not None]
            found[f"{kind}_lag_{lag}"] = float(np.mean(values)) if values else float("nan")
    answer = bars[first:]
    found["groove"] = groove(answer, passage.bar)
    found["entropy_1"] = mean_entropy(answer, 1)
    found["entropy_4"] = mean_entropy(answer, 4)
    return found


Bar = tuple[Ints, Ints, Ints]


def bars_of(line: Line, bar: int, n_bars: int) -> list[Bar]:
    """Return the notes of each bar: places in the bar, pitches, lengths; int64, shape (k,) each."""
    cuts = np.searchsorted(line.onsets, np.arange(n_bars + 1) * bar)
    lengths = LENGTHS[line.lengths]
    return [
        (line.onsets[here:there] % bar, line.pitches[here:there], lengths[here:there])
        for here, there in pairwise(cuts)
    ]


def bar_likeness(one: Bar, other: Bar) -> tuple[float, float, float] | None:
    """Return which share of two bars' notes agree: exactly, transposed as best fits, in rhythm.

    It is twice what is common over the notes of both: 1 for a bar that returns whole, 0 for
    nothing in common. None where either bar is empty: rests repeat nothing.
    """
    n_both = len(one[0]) + len(other[0])
    if not len(one[0]) or not len(other[0]):
        return None
    _, here, there = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    if not len(here):
        return 0.0, 0.0, 0.0
    shifts = one[1][here] - other[1][there]
    counts = np.unique(shifts, return_counts=True)[1]
    return (
        float(2 * (shifts == 0).sum() / n_both),
        float(2 * counts.max() / n_both),
        float(2 * len(here) / n_both),
    )


def groove(bars: Sequence[Bar], bar: int) -> float:
    """Return how alike the onset patterns of all pairs of bars are: 1 - share of places differing.

    NaN for fewer than two bars.
    """
    if len(bars) < 2:
        return float("nan")
    step = STEPS_PER_BEAT // _GROOVE_PLACES_A_BEAT
    patterns = np.zeros((len(bars), -(-bar // step)), bool)
    for row, (places, _, _) in enumerate(bars):
        patterns[row, places // step] = True
    likes = [1 - (patterns[a] ^ patterns[b]).mean() for a, b in combinations(range(len(bars)), 2)]
    return float(np.mean(likes))


def mean_entropy(bars: Sequence[Bar], n_bars: int) -> float:
    """Return the entropy of pitch classes in bits over every `n_bars` bars, on average.

    Stretches without notes do not count; NaN where there are only such.
    """
    entropies = []
    for start in range(0, len(bars) - n_bars + 1, n_bars):
        pitches = np.concatenate([bars[index][1] for index in range(start, start + n_bars)])
        if len(pitches):
            entropies.append(entropy(np.bincount(pitches % 12)))
    return float(np.mean(entropies)) if entropies else float("nan")


def entropy(counts: Ints) -> float:
    """Return the entropy of counts in bits."""
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum() + 0.0)
