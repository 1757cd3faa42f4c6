"""Drawing from distributions, a row a take, each row with a stream of its own."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

IMPOSSIBLE: Final = np.float32(-1e9)

# Surprise 0, .5 and 1 as temperature and as the share of likelihood drawn from (nucleus).
_SURPRISE: Final = (0.0, 0.5, 1.0)
_TEMPERATURE: Final = (0.75, 0.95, 1.35)
_NUCLEUS: Final = (0.75, 0.92, 0.99)
_FINENESS: Final = np.float32(256)  # parts of a nat


def temperature_and_nucleus(surprise: float) -> tuple[float, float]:
    """Return sampling temperature and nucleus share for a surprise of 0 to 1."""
    temperature = float(np.interp(surprise, _SURPRISE, _TEMPERATURE))
    return temperature, float(np.interp(surprise, _SURPRISE, _NUCLEUS))


def draw(
    logits: Floats, uniforms: NDArray[np.float64], temperature: float, nucleus: float
) -> NDArray[np.int64]:
    """Draw a class for each row from its likeliest classes that together hold `nucleus`.

    Args:
        logits: float32, shape (n, classes); `IMPOSSIBLE` and below are never drawn while
            anything else is possible.
        uniforms: One number in [0, 1) a row: the whole randomness of the draw.
        temperature: Above 0; below 1 sharpens, above 1 flattens.
        nucleus: Share of likelihood to draw from, above 0 to 1.

    Returns:
        int64, shape (n,).

    Source: nucleus sampling, Holtzman et al. 2020.
    """
    # The last bits of arithmetic differ between processors; what is drawn must not.
    logits = np.rint(logits * _FINENESS) / _FINENESS
    order = np.argsort(-logits, axis=1, kind="stable")
    ranked = np.take_along_axis(logits, order, axis=1).astype(np.float64)
    shares = np.exp((ranked - ranked[:, :1]) / temperature)
    shares /= shares.sum(axis=1, keepdims=True)
    reached = np.cumsum(shares, axis=1)
    shares[reached - shares >= nucleus] = 0
    reached = np.cumsum(shares, axis=1)
    ranks = (reached <= uniforms[:, None] * reached[:, -1:]).sum(axis=1)
    ranks = np.minimum(ranks, (shares > 0).sum(axis=1) - 1)
    return np.take_along_axis(order, ranks[:, None], axis=1)[:, 0]


def log_likelihood(logits: Floats, drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the natural logarithm of the likelihood of each row's class, float64, shape (n,)."""
    rows = logits.astype(np.float64)
    rows -= rows.max(axis=1, keepdims=True)
    picked = np.take_along_axis(rows, drawn[:, None], axis=1)[:, 0]
    nats: NDArray[np.float64] = picked - np.log(np.exp(rows).sum(axis=1))
    return nats
