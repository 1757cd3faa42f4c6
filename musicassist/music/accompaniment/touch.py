"""How people strike: a little early or late, a little harder or softer, and never by themselves.

Single strokes scatter about a common time that wanders slowly, so that neighbours are off together
and the parts stay with each other.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.music.accompaniment.feel import Touch
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

MOST_TICKS: Final = 18
"""As far as a stroke is moved from where it is written."""

# Share of the common time's deviation that is left a beat later.
# Source: Groove MIDI Dataset (Gillick and others 2019), scripts/learn_grooves.py: .4 to .6.
_KEPT: Final = 0.5
_FAR_TICKS: Final = 3 * MOST_TICKS
_DRIFT, _STROKES, _STRENGTHS = range(3)  # streams of chance


class Hands:
    """Moves strokes of one part as people would.

    Args:
        touch: How human they are.
        timebase: The tempo, in which milliseconds are ticks.
        length_ticks: The end of the piece.
        seed: Same seed, same hands.
        part: The part's number, for chances of its own.
    """

    def __init__(
        self,
        touch: Touch,
        timebase: Timebase,
        length_ticks: int,
        seed: int,
        part: int,
    ) -> None:
        self._touch = touch
        self._late_ms = dict(touch.late_ms)
        self._seed = (seed, part)
        self._length_ticks = length_ticks
        n_beats = length_ticks // TICKS_PER_BEAT + 1
        self._ticks_per_ms = np.array(
            [
                TICKS_PER_BEAT * 1000 / timebase.tempo_at(beat * TICKS_PER_BEAT).beat_us
                for beat in range(n_beats)
            ]
            if len(timebase.tempos) > 1
            else [TICKS_PER_BEAT * 1000 / timebase.tempos[0].beat_us] * n_beats
        )
        chances = np.random.default_rng((seed, _DRIFT)).standard_normal(n_beats)
        self._drift_ms = touch.drift_ms * _wandering(chances)

    def moved(self, onsets_ticks: Sequence[int], parts: Sequence[str]) -> list[int]:
        """Return when strokes fall: never in another order, nor outside the piece.

        Args:
            onsets_ticks: Where they are written, in order.
            parts: What each is, by its name in `Touch.late_ms`.
        """
        onsets = np.array(onsets_ticks, np.int64)
        strokes = np.random.default_rng((*self._seed, _STROKES)).standard_normal(len(onsets))
        beats = onsets // TICKS_PER_BEAT
        late_ms = np.array([self._late_ms.get(part, 0.0) for part in parts])
        shift_ms = late_ms + self._drift_ms[beats] + self._touch.spread_ms * strokes
        shift_ticks = np.round(shift_ms * self._ticks_per_ms[beats]).astype(np.int64)
        most_ticks = _free_ticks(onsets, self._length_ticks)
        shift_ticks = np.clip(shift_ticks, -most_ticks, most_ticks)
        moved: list[int] = np.maximum(onsets + shift_ticks, 0).tolist()
        return moved

    def struck(self, velocities: Sequence[float]) -> list[int]:
        """Return how hard strokes fall, 1-127."""
        chances = np.random.default_rng((*self._seed, _STRENGTHS)).standard_normal(len(velocities))
        factors = 1 + self._touch.velocity_spread * np.clip(chances, -2, 2)
        struck: list[int] = (
            np.clip(np.round(np.array(velocities) * factors), 1, 127).astype(int).tolist()
        )
        return struck


def _free_ticks(onsets: NDArray[np.int64], length_ticks: int) -> NDArray[np.int64]:
    """Return how far each may move without meeting its neighbours: a third of the way."""
    places, index = np.unique(onsets, return_inverse=True)
    gaps = np.concatenate(([_FAR_TICKS], np.diff(places), [length_ticks - places[-1]]))
    free: NDArray[np.int64] = np.minimum(np.minimum(gaps[:-1], gaps[1:]) // 3, MOST_TICKS)[index]
    return free


def _wandering(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a deviation of variance 1 that goes on from itself."""
    wandering = np.empty_like(chances)
    now = 0.0
    fresh = (1 - _KEPT**2) ** 0.5
    for index, chance in enumerate(chances):
        now = _KEPT * now + fresh * chance
        wandering[index] = now
    return wandering
