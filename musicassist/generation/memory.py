"""Motif memory: what was played returns, as it was or at the interval it then made.

A head that looks back asks a question at every step and compares it with what each earlier step
kept. One softmax goes over the head's own opinion and all earlier offers (a pointer with a
sentinel, Merity et al. 2016), so likelihoods still add up to one. The player's phrase is kept for
ever, and so is all of a solo.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import Floats, Ints

NOTHING: Final = -1
NO_INTERVAL: Final = 256  # lifts intervals above zero, where offers mean something

_FIRST_ROOM: Final = 256
_FAR_BELOW: Final = np.float32(-1e9)


class MotifMemory:
    """What one head offered at every step so far, a row a line.

    Thread: one caller at a time.

    Args:
        copies: The kinds of copy the head makes, of `scheme.COPIES`.
        n_rows: How many lines are played side by side.
        width: Length of a question and of what is kept.
    """

    def __init__(self, copies: Sequence[str], n_rows: int, width: int) -> None:
        self._copies = tuple(copies)
        self._n_rows = n_rows
        self._n_kept = 0
        self._kept = np.zeros((len(self._copies), n_rows, _FIRST_ROOM, width), np.float32)
        self._offers = np.full((len(self._copies), n_rows, _FIRST_ROOM), -1, np.int64)

    def keep(self, kept: Floats, offers: Mapping[str, Ints]) -> None:
        """Take in some steps of every line.

        Args:
            kept: float32, shape (copies, rows or 1, steps, width).
            offers: For each copy what it offers from now on, int64, shape (rows or 1, steps):
                a class for "same", an interval for "interval"; `NOTHING` offers nothing.
        """
        n_after = self._n_kept + kept.shape[2]
        while n_after > self._offers.shape[2]:
            self._kept = np.concatenate((self._kept, np.zeros_like(self._kept)), axis=2)
            self._offers = np.concatenate((self._offers, np.full_like(self._offers, -1)), axis=2)
        self._kept[:, :, self._n_kept : n_after] = kept
        for index, copy in enumerate(self._copies):
            self._offers[index, :, self._n_kept : n_after] = offers[copy]
        self._n_kept = n_after

    def mixed(
        self, log_own: Floats, own: Floats, asked: Floats, last_pitches: Ints, recall: float = 0.0
    ) -> Floats:
        """Return log-likelihoods of every class, the head's own opinion and its memory together.

        Args:
            log_own: Its own log-likelihoods, float32, shape (rows, classes).
            own: How much it trusts itself, float32, shape (rows,).
            asked: Its questions, float32, shape (copies, rows, width).
            last_pitches: What intervals start from; int64, shape (rows,).
            recall: Nats in favour of memory; below 0 in favour of the head's own opinion.
        """
        n_kept = self._n_kept
        kept, offers = self._kept[:, :, :n_kept], self._offers[:, :, :n_kept]
        scores = np.matmul(kept, asked[:, :, :, None])[..., 0] * np.float32(
            1 / np.sqrt(asked.shape[-1])
        )
        n_classes = log_own.shape[1]
        classes = offers
        if "interval" in self._copies:
            index = self._copies.index("interval")
            classes = offers.copy()
            lifted = offers[index] - NO_INTERVAL + last_pitches[:, None]
            is_there = (offers[index] >= 0) & (last_pitches[:, None] >= 0)
            is_there &= (lifted >= 0) & (lifted < n_classes)
            classes[index] = np.where(is_there, lifted, -1)
        scores = np.where(offers >= 0, scores + np.float32(recall), _FAR_BELOW)
        highest = np.maximum(scores.max(axis=(0, 2), initial=_FAR_BELOW), own)
        shares = np.exp(scores - highest[:, None])
        own_share = np.exp(own - highest)
        places = classes + (np.arange(self._n_rows) * n_classes)[:, None]
        there = classes >= 0
        copied = np.bincount(
            places[there], weights=shares[there], minlength=self._n_rows * n_classes
        ).reshape(self._n_rows, n_classes)
        whole = own_share + shares.sum(axis=(0, 2))
        likelihood = (own_share[:, None] * np.exp(log_own) + copied) / whole[:, None]
        log: Floats = np.log(np.maximum(likelihood, 1e-30)).astype(np.float32)
        return log


def interval_offers(pitches: Ints, last_pitches: Ints) -> Ints:
    """Return what notes offer to be copied as intervals; `NOTHING` without a note before."""
    return np.where(last_pitches >= 0, pitches - last_pitches + NO_INTERVAL, NOTHING)


def costs_with_memory(
    own_costs: NDArray[np.float64],
    own: Floats,
    asked: Floats,
    kept: Floats,
    offers: Sequence[Ints],
) -> NDArray[np.float64]:
    """Return what each step of one whole line cost, -ln p, with memory of the steps before it.

    Args:
        own_costs: What each cost by the head's own opinion, float64, shape (steps,).
        own: How much the head trusted itself, float32, shape (steps,).
        asked: float32, shape (copies, steps, width).
        kept: float32, shape (copies, steps, width).
        offers: For each copy what each step offered, int64, shape (steps,); a step's own offer is
            also what it would have liked to find.
    """
    n_steps = len(own_costs)
    is_earlier = np.tri(n_steps, k=-1, dtype=bool)
    scores = np.matmul(asked, np.swapaxes(kept, 1, 2)).astype(np.float64) / np.sqrt(asked.shape[-1])
    offered = np.stack(offers)
    scores = np.where(is_earlier & (offered[:, None, :] >= 0), scores, _FAR_BELOW)
    is_match = offered[:, None, :] == np.where(offered < 0, -2, offered)[:, :, None]
    highest = np.maximum(scores.max(axis=(0, 2)), own)
    shares = np.exp(scores - highest[:, None])
    own_share = np.exp(own - highest)
    whole = own_share + shares.sum(axis=(0, 2))
    copied = np.where(is_match, shares, 0).sum(axis=(0, 2))
    with np.errstate(divide="ignore"):  # where nothing was found, nothing is added
        log_copied = np.log(copied)
    nats: NDArray[np.float64] = np.log(whole) - np.logaddexp(own - highest - own_costs, log_copied)
    return nats
