"""How much of a long passage is made of stretches that return: the structureness indicator.

A passage is cut into half bars, and each is compared with each. A stretch is fit when similar
stretches, in its order, cover much of the passage; the indicator of a range of lengths is the
fitness of its fittest stretch.

Source: Wu & Yang 2020 (structureness indicator); Müller, Jiang & Grosche, "A robust fitness
    measure for capturing repetitions in music recordings" (IEEE TASLP 2013) for the fitness: the
    harmonic mean of score and coverage, without what a stretch earns by being itself. They work
    on recordings; here the half bars are compared as notes: pitch classes by time, and onsets.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np

from musicassist.evaluation.passages import Passage
from musicassist.evaluation.statistics import Floats, Ints, Share
from musicassist.evaluation.structure import bars_of

RANGES_BARS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"short": (2, 4), "mid": (5, 8), "long": (9, 16)}
)
"""Stretches in bars: at 120 bpm about the paper's 3-8, 8-15 and from 15 seconds."""

_FRAMES_A_BAR: Final = 2
_PLACES_A_FRAME: Final = 12
_KEPT_SHARE: Final = 0.15  # of comparisons; the others count as unlike
_PENALTY: Final = -2.0
_HAIR: Final = 1e-9


def structureness(passages: Sequence[Passage]) -> dict[str, Share]:
    """Return the indicator for short, middle and long stretches; passages are equally long."""
    if not passages:
        return {}
    alike = np.array([similarity(each) for each in passages])
    pieces = [each.piece for each in passages]
    n_frames = alike.shape[1]
    found = {}
    for name, (fewest, most) in RANGES_BARS.items():
        best = np.zeros(len(passages))
        for n_bars in range(fewest, most + 1):
            length = n_bars * _FRAMES_A_BAR
            starts = np.arange(0, n_frames - length + 1, _FRAMES_A_BAR)
            if len(starts):
                best = np.maximum(best, fitness(alike, starts, length).max(axis=1))
        found[name] = Share.mean(best, pieces)
    return found


def similarity(passage: Passage) -> Floats:
    """Return how alike the answer's half bars are, float64, shape (frames, frames), 1 to -2.

    Of all comparisons the best 15 % are spread over 0 to 1; the rest are penalties. Empty half
    bars are like nothing but themselves.
    """
    frame = passage.bar / _FRAMES_A_BAR
    n_frames = passage.n_bars * _FRAMES_A_BAR
    rows = np.zeros((n_frames, 12 + _PLACES_A_FRAME))
    for index, (places, pitches, lengths) in enumerate(
        bars_of(passage.answer, passage.bar, passage.end // passage.bar)[
            passage.start // passage.bar :
        ]
    ):
        for part in range(_FRAMES_A_BAR):
            inside = (places >= part * frame) & (places < (part + 1) * frame)
            classes = np.bincount(pitches[inside] % 12, lengths[inside], minlength=12)
            into = (places[inside] - part * frame) * _PLACES_A_FRAME / frame
            onsets = np.bincount(into.astype(np.int64), minlength=_PLACES_A_FRAME)
            row = index * _FRAMES_A_BAR + part
            rows[row] = np.concatenate([_unit(classes), _unit(onsets)])
    alike = rows @ rows.T / 2
    pairs = alike[np.triu_indices(n_frames, k=1)]
    threshold = np.quantile(pairs, 1 - _KEPT_SHARE) if len(pairs) else 0.0
    best = alike > 1 - _HAIR  # also where so much returns exactly that nothing else is kept
    scaled = np.where(best, 1.0, (alike - threshold) / max(1 - threshold, _HAIR))
    scaled = np.where((alike >= threshold) & (alike > 0), scaled, _PENALTY)
    np.fill_diagonal(scaled, 1.0)
    return scaled


def fitness(alike: Floats, starts: Ints, length: int) -> Floats:
    """Return how well stretches explain each passage, float64, shape (passages, starts), 0 to 1.

    The best family of paths is found row by row: a path runs through the stretch from its first
    to its last frame while the passage moves on at half to double speed, and between paths the
    passage may go by unexplained.

    Args:
        alike: Similarities, float64, shape (passages, frames, frames).
        starts: First frame of each stretch.
        length: Frames of every stretch.
    """
    n_passages, n_frames, _ = alike.shape
    stretches = alike[:, :, starts[:, None] + np.arange(length)]
    shape = (n_passages, len(starts))
    # What each best family has gathered on reaching a cell: score, path cells, frames explained.
    before = np.zeros((3, *shape, length))
    before[0] = -np.inf
    earlier = before
    idle = np.zeros((3, *shape))  # between paths
    for row in range(n_frames):
        two_of_passage = _shifted(earlier, 1)
        two_of_passage[2] += 1  # the frame leapt over is explained, too
        one_each = _shifted(before, 1)
        one_each[..., 0] = idle  # a path enters at its first frame
        now = one_each
        for way in (two_of_passage, _shifted(before, 2)):
            now = np.where(way[0] > now[0], way, now)
        now[0] += stretches[:, row]
        now[1:] += 1
        earlier, before = before, now
        ended = now[..., -1]
        idle = np.where(ended[0] > idle[0], ended, idle)
    score, cells, covered = idle
    mean_score = np.maximum((score - length) / np.maximum(cells, 1), 0)
    coverage = np.maximum((covered - length) / n_frames, 0)
    total = mean_score + coverage
    fit: Floats = 2 * mean_score * coverage / np.where(total > 0, total, 1)
    return fit


def _shifted(cells: Floats, by: int) -> Floats:
    """Return what cells hand on to those `by` places further."""
    moved = np.zeros_like(cells)
    moved[0] = -np.inf
    moved[..., by:] = cells[..., :-by]
    return moved


def _unit(values: Ints | Floats) -> Floats:
    size = float(np.sqrt((values.astype(np.float64) ** 2).sum()))
    return values / size if size > 0 else values.astype(np.float64)
