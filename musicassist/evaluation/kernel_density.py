"""The area two densities share, and how sure one can be of it.

Each density is a sum of Gaussians over distances between passages of two sets. Distances are put
into narrow classes once; a draw of pieces then only counts the classes anew, each pair of passages
as often as both its pieces were drawn, and all counts are blurred together.

Source: bandwidth by Scott, "Multivariate Density Estimation" (1992): n to the power -1/5, times
    the standard deviation; as in MGEval (Yang & Lerch 2020). MGEval integrates between the least
    and the largest distance; here it is the whole line, so that equal sets share exactly 1.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_CLASSES: Final = 512
_N_PADDED: Final = 4 * N_CLASSES  # room for the tails, so that none wraps around


@dataclass(frozen=True, slots=True)
class Described:
    """A set of passages, each described by some numbers.

    Attributes:
        values: float64, shape (n, numbers).
        pieces: Which piece each belongs to, int64, shape (n,).
    """

    values: Floats
    pieces: Ints


class SharedArea:
    """How much the distances within a set have in common with those from it to another set.

    Args:
        reference: The set all distances start from: humans.
        other: The set compared with it; distances are Euclidean.
    """

    def __init__(self, reference: Described, other: Described) -> None:
        within = _distances(reference.values, reference.values)
        across = _distances(reference.values, other.values)
        longest = max(within.max(initial=0), across.max(initial=0))
        self._class_width = longest / (N_CLASSES - 1) if longest > 0 else 1.0
        self._last: tuple[Floats, Floats] | None = None
        first, second = np.triu_indices(len(reference.values), k=1)
        self._rows = int(max(reference.pieces.max(initial=0), other.pieces.max(initial=0))) + 1
        self._within = (
            reference.pieces[first],
            reference.pieces[second],
            self._classes(within[first, second]),
        )
        self._across = (
            np.repeat(reference.pieces, len(other.values)),
            np.tile(other.pieces, len(reference.values)),
            self._classes(across.ravel()),
        )

    @property
    def value(self) -> float:
        """The shared area, 0 to 1."""
        return float(self.drawn(np.ones((1, self._rows)))[0])

    @property
    def of_passages(self) -> Floats:
        """Nothing: a single passage has no such figure."""
        return np.zeros(0)

    @property
    def of_pieces(self) -> Floats:
        """Nothing, likewise."""
        return np.zeros(0)

    def drawn(self, weights: Floats) -> Floats:
        """Return the shared area for each draw of pieces; NaN where too little was drawn."""
        if self._last is not None and self._last[0] is weights:
            return self._last[1]  # the mean of all areas asks for the same draws again
        within, across = (self._densities(weights, each) for each in (self._within, self._across))
        area: Floats = np.minimum(within, across).sum(axis=1)
        self._last = (weights, area)
        return area

    def _classes(self, distances: Floats) -> Ints:
        return np.rint(distances / self._class_width).astype(np.int64)

    def _densities(self, weights: Floats, pairs: tuple[Ints, Ints, Ints]) -> Floats:
        first, second, classes = pairs
        mass = np.array(
            [np.bincount(classes, row[first] * row[second], N_CLASSES) for row in weights]
        )
        n_pairs = mass.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = mass / n_pairs
            places = np.arange(N_CLASSES)
            mean = (shares * places).sum(axis=1, keepdims=True)
            spread = np.sqrt((shares * (places - mean) ** 2).sum(axis=1, keepdims=True))
            bandwidth = np.maximum(spread * n_pairs**-0.2, 1.0)  # in classes
        waves = np.fft.rfftfreq(_N_PADDED) * 2 * np.pi
        smooth = np.exp(-0.5 * (waves * bandwidth) ** 2)
        blurred = np.fft.irfft(np.fft.rfft(shares, _N_PADDED, axis=1) * smooth, _N_PADDED, axis=1)
        smoothed = np.maximum(blurred, 0)
        densities: Floats = smoothed / smoothed.sum(axis=1, keepdims=True)
        return densities


def _distances(one: Floats, other: Floats) -> Floats:
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    distances: Floats = np.sqrt(np.maximum(squares, 0))
    return distances
