"""What a network draws at each step, factor by factor, and what each head is told.

A scheme is all that tells one use of the solo network from another: playing solos
(`features.SCHEME`), or the token streams and melodies that peers publish their figures on
(`benchmarks/soloist`). The network, its heads and its motif memory are the same for all.

A head may hold several opinions. Classes of a pitch are seen in three ways at once (the pitch, the
interval it makes with the note before, its degree over the chord to come), which is a product of
experts after Johnson and Keller 2017. A head may also look back: the motif memory of `memory.py`
offers what was drawn before, as it was or at the interval it then made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

FURTHEST_INTERVAL: Final = 24
N_INTERVALS: Final = 2 * FURTHEST_INTERVAL + 2  # and one for what makes no interval
N_DEGREES: Final = 14  # twelve, one over no chord, and one for what has no degree
NO_ROOT: Final = 12
N_ROOTS: Final = 13

COPIES: Final = ("same", "interval")


@dataclass(frozen=True, slots=True)
class Head:
    """How one factor is drawn.

    Attributes:
        n_classes: How many values it has.
        n_units: Width of the head's hidden layer.
        told: Factors drawn before it in the same step that it is told.
        n_pitches: The first classes that are pitches, seen as intervals and degrees as well;
            0 for a factor that is no pitch.
        copies: What the motif memory offers it, of `COPIES`.
    """

    n_classes: int
    n_units: int = 64
    told: tuple[str, ...] = ()
    n_pitches: int = 0
    copies: tuple[str, ...] = ()

    @property
    def widths(self) -> Mapping[str, int]:
        """Return the width of each opinion by name."""
        if not self.n_pitches:
            return {"class": self.n_classes}
        return {"class": self.n_classes, "interval": N_INTERVALS, "degree": N_DEGREES}

    def interval_places(self) -> NDArray[np.int64]:
        """Return the interval class from each last pitch to each class, int64, (pitches, classes).

        Whatever is no pitch has the last interval class.
        """
        classes = np.arange(self.n_classes)
        apart = classes - np.arange(self.n_pitches)[:, None]
        near = np.clip(apart, -FURTHEST_INTERVAL, FURTHEST_INTERVAL) + FURTHEST_INTERVAL
        places: NDArray[np.int64] = np.where(classes < self.n_pitches, near, N_INTERVALS - 1)
        return places

    def degree_places(self) -> NDArray[np.int64]:
        """Return which degree each class is of each root, int64, shape (13, classes)."""
        classes = np.arange(self.n_classes)
        degrees = (classes - np.arange(N_ROOTS - 1)[:, None]) % 12
        over_none = np.full((1, self.n_classes), N_ROOTS - 1)
        places: NDArray[np.int64] = np.where(
            classes < self.n_pitches, np.vstack((degrees, over_none)), N_DEGREES - 1
        )
        return places


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a step sees and draws.

    Attributes:
        n_features: Length of the vector a step sees.
        heads: By factor, in the order they are drawn.
        n_after: Length of the vectors what follows is described by; 0 for no look ahead.
    """

    n_features: int
    heads: Mapping[str, Head] = field(default_factory=lambda: MappingProxyType({}))
    n_after: int = 0

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of what is drawn, in order."""
        return tuple(self.heads)
