"""Varying a clip: what draws a new line to an old one, note by note."""

from typing import Final

import numpy as np

from musicassist.generation.encoding import (
    N_BEATS,
    N_LENGTHS,
    N_MICROS,
    N_PITCHES,
    STEPS_PER_BEAT,
    Floats,
    Ints,
    Line,
)

FAR_PULL: Final = 0.5  # nats in favour of what stood there, at nearness 0
NEAR_PULL: Final = 10.0  # and at nearness 1

_COLUMNS: Final = {
    "pitch": ("pitches", np.arange(N_PITCHES)),
    "length": ("lengths", np.arange(N_LENGTHS)),
    "micro": ("micros", np.arange(N_MICROS)),
}
_BEATS: Final = np.arange(N_BEATS)
_SUBS: Final = np.arange(STEPS_PER_BEAT)


class Pull:
    """What to add to logits so that a line stays near an original.

    Args:
        original: Its notes, where they stood; at least one.
        nearness: 0 (far) to 1 (near).
        end: Step at which the line shall end, as the original did.
    """

    def __init__(self, original: Line, nearness: float, end: int) -> None:
        self._line = original
        self._onsets = np.append(original.onsets[original.onsets < end], end)
        self._nats = np.float32(FAR_PULL + (NEAR_PULL - FAR_PULL) * nearness)

    def to_note(self, factor: str, onsets: Ints) -> Floats:
        """Return the pull on the pitch, length or micro-timing of notes at some places.

        Returns:
            float32, shape (rows, classes); zeros where the original has no note at that place.
        """
        name, classes = _COLUMNS[factor]
        there = np.minimum(np.searchsorted(self._line.onsets, onsets), len(self._line.onsets) - 1)
        stood = self._line.onsets[there] == onsets
        is_it = (classes == getattr(self._line, name)[there][:, None]) & stood[:, None]
        return np.where(is_it, self._nats, np.float32(0))

    def to_beat(self, first: Ints, beats_from: Ints) -> Floats:
        """Return the pull on how many beats lie before the next note, (rows, beats).

        Args:
            first: The first step each line may go to.
            beats_from: The beat each line counts from.
        """
        beats = self._next(first) // STEPS_PER_BEAT - beats_from
        return np.where(beats[:, None] == _BEATS, self._nats, np.float32(0))

    def to_sub(self, first: Ints, reached: Ints) -> Floats:
        """Return the pull on the place in the beats the lines have reached, (rows, places)."""
        target = self._next(first)
        is_it = ((target % STEPS_PER_BEAT)[:, None] == _SUBS) & (
            target // STEPS_PER_BEAT == reached
        )[:, None]
        return np.where(is_it, self._nats, np.float32(0))

    def _next(self, first: Ints) -> Ints:
        """Return the first onset of the original from each place on; the end if there is none."""
        found = np.searchsorted(self._onsets, first)
        following: Ints = self._onsets[np.minimum(found, len(self._onsets) - 1)]
        return following
