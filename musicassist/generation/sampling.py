"""Drawing from distributions, a row a take, each row with a stream of its own."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

IMPOSSIBLE: Final = np.float32(-1e9)

# The last bits of arithmetic differ between processors; what is drawn must not.
_FINENESS: Final = np.float32(256)  # parts of a nat


@dataclass(frozen=True, slots=True)
class Freedom:
    """How freely something is drawn.

    Attributes:
        temperature: Above 0; below 1 sharpens, above 1 flattens.
        nucleus: Share of likelihood to draw from, the likeliest classes first; above 0 to 1.

    Source: nucleus sampling, Holtzman et al. 2020.
    """

    temperature: float = 1.0
    nucleus: float = 1.0


# Surprise 0, .5 and 1. At .5 rhythm is drawn as it was learned: anything sharper plays more notes
# and fewer different lengths than people do. Pitches are cut a little, against plain wrong notes.
_SURPRISE: Final = (0.0, 0.5, 1.0)
_PITCH: Final = (Freedom(0.6, 0.6), Freedom(0.93, 0.96), Freedom(1.4, 1.0))
_RHYTHM: Final = (Freedom(0.6, 0.6), Freedom(1.0, 1.0), Freedom(1.25, 1.0))


def freedom_of(surprise: float, *, is_pitch: bool) -> Freedom:
    """Return how freely pitches, or rhythm, are drawn at a surprise of 0 to 1."""
    named = _PITCH if is_pitch else _RHYTHM
    return Freedom(
        float(np.interp(surprise, _SURPRISE, [each.temperature for each in named])),
        float(np.interp(surprise, _SURPRISE, [each.nucleus for each in named])),
    )


def draw(logits: Floats, uniforms: NDArray[np.float64], freedom: Freedom) -> NDArray[np.int64]:
    """Draw a class for each row.

    Args:
        logits: float32, shape (n, classes); `IMPOSSIBLE` and below are never drawn while
            anything else is possible.
        uniforms: One number in [0, 1) a row: the whole randomness of the draw.
        freedom: How freely.

    Returns:
        int64, shape (n,).
    """
    rounded = np.rint(logits * _FINENESS).astype(np.float64)
    rounded -= rounded.max(axis=1, keepdims=True)
    rounded /= float(_FINENESS) * freedom.temperature
    shares = np.exp(rounded, out=rounded)
    if freedom.nucleus < 1:
        shares *= _nucleus(shares, freedom.nucleus)
    reached = shares.cumsum(axis=1)
    whole = reached[:, -1]
    aimed = uniforms * whole
    drawn: NDArray[np.int64] = (reached <= aimed[:, None]).sum(axis=1)
    if not (aimed < whole).all():  # rounded up to the end, where the last may be impossible
        drawn = np.minimum(drawn, shares.shape[1] - 1 - np.argmax(shares[:, ::-1] > 0, axis=1))
    return drawn


def _nucleus(shares: NDArray[np.float64], nucleus: float) -> NDArray[np.bool_]:
    """Return which classes are among the likeliest that together hold a share of it all."""
    ranked = -np.sort(-shares, axis=1)
    before = ranked.cumsum(axis=1) - ranked
    n_inside = (before < nucleus * ranked.sum(axis=1, keepdims=True)).sum(axis=1)
    lowest = ranked[np.arange(len(ranked)), n_inside - 1][:, None]
    inside: NDArray[np.bool_] = shares >= lowest
    n_too_many = inside.sum(axis=1) - n_inside
    if n_too_many.any():  # of equals, those with lower numbers come first
        equals = shares == lowest
        n_kept = equals.sum(axis=1) - n_too_many
        inside &= ~equals | (equals.cumsum(axis=1) <= n_kept[:, None])
    return inside


def log_likelihood(logits: Floats, drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the natural logarithm of the likelihood of each row's class, float64, shape (n,)."""
    rows = logits - logits.max(axis=1, keepdims=True)
    picked = rows[np.arange(len(rows)), drawn]
    nats: NDArray[np.float64] = (picked - np.log(np.exp(rows).sum(axis=1))).astype(np.float64)
    return nats
