"""How hard each note of a solo is struck: the player's own level, shaped as players shape it.

The transcriptions the network learns from say nothing reliable about loudness, so this is a rule,
not a model: beats weigh more than what lies between, phrases swell and fall, high notes sing, and a
slow seeded wander keeps repeats from sounding copied.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import STEPS_PER_BEAT, Ints

SOFTEST: Final = 28
LOUDEST: Final = 122
_SMALLEST_SPREAD: Final = 6.0
_BREATH_STEPS: Final = STEPS_PER_BEAT  # a gap this long starts a new phrase


def velocities(
    onsets: Ints,
    pitches: Ints,
    primer_velocities: NDArray[np.float64],
    rng: np.random.Generator,
) -> Ints:
    """Return a velocity for each note of a line.

    Args:
        onsets: Grid steps, rising, shape (n,); whole beats are multiples of 24.
        pitches: 0-127, shape (n,).
        primer_velocities: What the person played, 1-127, at least one.
        rng: Where the wander comes from.

    Returns:
        `SOFTEST` to `LOUDEST`, int64, shape (n,), about as loud and as varied as the primer.
    """
    level = float(np.mean(primer_velocities))
    spread = max(float(np.std(primer_velocities)), _SMALLEST_SPREAD)
    into_beat = onsets % STEPS_PER_BEAT
    weight = np.select([into_beat == 0, into_beat % 12 == 0], [0.5, -0.1], -0.4)
    height = (pitches - np.mean(pitches)) / 12
    starts = np.flatnonzero(np.diff(onsets, prepend=onsets[0] - _BREATH_STEPS) >= _BREATH_STEPS)
    swell = np.concatenate(
        [np.sin(np.linspace(0.35, np.pi - 0.15, n)) - 0.6 for n in np.diff([*starts, len(onsets)])]
    )
    noise = rng.standard_normal(len(onsets) + 3)
    wander = np.convolve(noise, np.full(4, 0.5), mode="valid")
    shaped = level + spread * (weight + 0.6 * np.clip(height, -1, 1) + swell + 0.45 * wander)
    struck: Ints = np.clip(np.rint(shaped), SOFTEST, LOUDEST).astype(np.int64)
    return struck
