"""How much a set of passages resembles what humans play: nine features, nine shared areas.

Source: Yang & Lerch 2020 (MGEval), as the table in the issue names them: features are MGEval's,
    transition matrices being counts and histograms shares, as its defaults are.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from musicassist.evaluation.kernel_density import Described, SharedArea
from musicassist.evaluation.passages import Passage
from musicassist.evaluation.statistics import Floats, Ints
from musicassist.generation.encoding import LENGTHS, STEPS_PER_BEAT, Line

# Note values in steps (24 a quarter): MGEval's twelve, which are whole to 16th, dotted half to
# dotted 16th and half to eighth triplets, and the sixteenth triplet that jazz cannot do without.
LENGTH_CLASSES: Final = np.array((4, 6, 8, 9, 12, 16, 18, 24, 32, 36, 48, 72, 96))

FEATURES: Final = (
    "used_pitches",
    "pitch_class_histogram",
    "pitch_class_transitions",
    "pitch_range",
    "mean_interval",
    "note_count",
    "mean_inter_onset",
    "length_histogram",
    "length_transitions",
)


def likeness(
    humans: Sequence[Passage], others: Sequence[Passage], first_other_piece: int = 0
) -> dict[str, SharedArea]:
    """Return the shared area of every feature.

    Args:
        humans: What humans play.
        others: What is compared with it.
        first_other_piece: Added to the piece numbers of `others` where they are other pieces.
    """
    reference, compared = features_of(humans), features_of(others)
    here = np.array([each.piece for each in humans], np.int64)
    there = np.array([each.piece for each in others], np.int64) + first_other_piece
    return {
        name: SharedArea(Described(reference[name], here), Described(compared[name], there))
        for name in FEATURES
    }


def features_of(passages: Sequence[Passage]) -> Mapping[str, Floats]:
    """Return every feature of the answers, float64, shape (passages, numbers)."""
    rows = [_features(passage.answer) for passage in passages]
    return {name: np.array([row[name] for row in rows]) for name in FEATURES}


def _features(line: Line) -> dict[str, Floats]:
    pitches, lengths = line.pitches, LENGTHS[line.lengths]
    histogram = np.bincount(pitches % 12, lengths, minlength=12)
    values = length_values(lengths)
    n_values = len(LENGTH_CLASSES)
    gaps = np.diff(line.onsets) / STEPS_PER_BEAT
    intervals = np.abs(np.diff(pitches))
    return {
        "used_pitches": _number(len(np.unique(pitches))),
        "pitch_class_histogram": histogram / max(1, histogram.sum()),
        "pitch_class_transitions": transitions(pitches % 12, 12).ravel(),
        "pitch_range": _number(int(np.ptp(pitches)) if len(pitches) else 0),
        "mean_interval": _number(intervals.mean() if len(intervals) else 0),
        "note_count": _number(len(pitches)),
        "mean_inter_onset": _number(gaps.mean() if len(gaps) else 0),
        "length_histogram": np.bincount(values, minlength=n_values) / max(1, len(values)),
        "length_transitions": transitions(values, n_values).ravel(),
    }


def length_values(steps: Ints) -> Ints:
    """Return the nearest note value of lengths in steps, in the logarithm; int64, shape (n,)."""
    borders = np.sqrt(LENGTH_CLASSES[:-1] * LENGTH_CLASSES[1:])
    return np.searchsorted(borders, steps).astype(np.int64)


def transitions(classes: Ints, n_classes: int) -> Floats:
    """Return how often each class follows each, float64, shape (n_classes, n_classes)."""
    steps = classes[:-1] * n_classes + classes[1:]
    counts = np.bincount(steps, minlength=n_classes**2).astype(np.float64)
    return counts.reshape(n_classes, n_classes)


def _number(value: float) -> Floats:
    return np.array([float(value)])
