"""Figures that know how to be drawn again: the bootstrap over pieces.

Notes of one solo are alike, so what is drawn again is whole pieces, with replacement. A draw is a
row of weights, one a piece; two models that answered the same pieces are weighed by the same rows,
which makes their difference a paired one.

Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), the percentile interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

N_DRAWS: Final = 1000
_TAIL_PERCENT: Final = 2.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Statistic(Protocol):
    """A figure of some pieces."""

    @property
    def value(self) -> float:
        """The figure itself; NaN where there is nothing to measure."""
        ...

    @property
    def of_passages(self) -> Floats:
        """The figure of each passage, where it has one; float64, shape (k,)."""
        ...

    @property
    def of_pieces(self) -> Floats:
        """The figure of each piece, where it has one; float64, shape (k,)."""
        ...

    def drawn(self, weights: Floats) -> Floats:
        """Return the figure for each draw of pieces.

        Args:
            weights: How often each piece was drawn, float64, shape (draws, pieces).

        Returns:
            float64, shape (draws,).
        """
        ...


def draws_of_pieces(n_pieces: int, seed: int, n_draws: int = N_DRAWS) -> Floats:
    """Return how often each piece comes up in each draw, float64, shape (draws, pieces)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    if not n_pieces:
        return np.zeros((n_draws, 0))
    shares = np.full(n_pieces, 1 / n_pieces)
    return rng.multinomial(n_pieces, shares, size=n_draws).astype(np.float64)


def interval_of(drawn: Floats) -> tuple[float, float]:
    """Return the middle 95 % of draws; NaN where none has a value."""
    usable = drawn[np.isfinite(drawn)]
    if not len(usable):
        return float("nan"), float("nan")
    low, high = np.percentile(usable, (_TAIL_PERCENT, 100 - _TAIL_PERCENT))
    return float(low), float(high)


class Share:
    """A sum over a sum: notes a bar, nats a note, a mean.

    Args:
        above: What is summed above the line, one a passage.
        below: What is summed below it, one a passage; zeros count for nothing.
        pieces: Which piece each passage belongs to.
    """

    def __init__(self, above: ArrayLike, below: ArrayLike, pieces: ArrayLike) -> None:
        self._above = np.asarray(above, np.float64)
        self._below = np.asarray(below, np.float64)
        self._pieces = np.asarray(pieces, np.int64)

    @classmethod
    def mean(cls, values: Sequence[float] | Floats, pieces: ArrayLike) -> "Share":
        """Return the mean of values, NaN being no value."""
        known = np.isfinite(np.asarray(values, np.float64))
        return cls(np.where(known, values, 0), known.astype(np.float64), pieces)

    @property
    def value(self) -> float:
        """The sum over the sum."""
        return _ratio(self._above.sum(), self._below.sum())

    @property
    def of_passages(self) -> Floats:
        """Each passage's own ratio."""
        some = self._below > 0
        return self._above[some] / self._below[some]

    @property
    def of_pieces(self) -> Floats:
        """Each piece's own ratio."""
        n_pieces = int(self._pieces.max(initial=-1)) + 1
        drawn = self.drawn(np.eye(n_pieces))
        found: Floats = drawn[np.isfinite(drawn)]
        return found

    def drawn(self, weights: Floats) -> Floats:
        """Return the ratio of each draw."""
        n_pieces = weights.shape[1]
        above = weights @ np.bincount(self._pieces, self._above, n_pieces)
        below = weights @ np.bincount(self._pieces, self._below, n_pieces)
        ratios: Floats = np.full(len(weights), np.nan)
        return np.divide(above, below, out=ratios, where=below > 0)


@dataclass(frozen=True, slots=True)
class MeanOf:
    """The mean of several figures, draw by draw.

    Attributes:
        parts: The figures.
    """

    parts: tuple[Statistic, ...]

    @property
    def value(self) -> float:
        """The mean."""
        return float(np.mean([part.value for part in self.parts]))

    @property
    def of_passages(self) -> Floats:
        """Nothing: single passages have no such figure."""
        return np.zeros(0)

    @property
    def of_pieces(self) -> Floats:
        """Nothing, likewise."""
        return np.zeros(0)

    def drawn(self, weights: Floats) -> Floats:
        """Return the mean of each draw."""
        drawn: Floats = np.mean([part.drawn(weights) for part in self.parts], axis=0)
        return drawn


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")
