"""Keeps the loudest moment below full scale."""

from typing import Final

import numpy as np

from musicassist.audio.synth import Frames

THRESHOLD: Final = 0.8
RELEASE_S: Final = 0.25
RAMP_FRAMES: Final = 48  # one millisecond: short enough to catch a strike, long enough not to click


class Limiter:
    """A soft limiter: turns loud blocks down as a whole and rounds off what is left.

    Below the threshold the sound is only gently saturated (tanh); the output never reaches 1.

    Args:
        sample_rate_hz: Frames a second.

    Thread: the audio callback.
    Realtime: yes.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._sample_rate_hz = sample_rate_hz
        self._gain = 1.0

    def process(self, block: Frames) -> None:
        """Limit a block in place; float32 (n_frames, 2)."""
        n_frames = len(block)
        if n_frames == 0:
            return
        peak = max(float(block.max()), -float(block.min()))
        if peak == 0.0 and self._gain == 1.0:
            return
        wanted = min(1.0, THRESHOLD / peak) if peak > 0 else 1.0
        before = self._gain
        if wanted > before:
            ease = 1.0 - np.exp(-n_frames / (RELEASE_S * self._sample_rate_hz))
            wanted = before + (wanted - before) * float(ease)
            if wanted > 0.999:
                wanted = 1.0
        if wanted != 1.0 or before != 1.0:
            n_ramp = min(RAMP_FRAMES, n_frames) if wanted < before else n_frames
            ramp = np.linspace(before, wanted, n_ramp, endpoint=False, dtype=np.float32)
            block[:n_ramp] *= ramp[:, None]
            block[n_ramp:] *= np.float32(wanted)
        self._gain = wanted
        np.tanh(block, out=block)
