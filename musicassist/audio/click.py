"""The metronome's two sounds, made from sines."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from musicassist.audio.synth import Frames

_LENGTH_S: Final = 0.06
_RISE_S: Final = 0.0005
_FALL_S: Final = 0.004
_PEAK: Final = 0.5

_ACCENT_HZ: Final = 1760.0
_PLAIN_HZ: Final = 1174.7  # a fifth lower: told apart at once, on small speakers too

# Partials of a struck bar of wood: frequency over the first one's, amplitude, time to fall to 1/e.
_PARTIALS: Final = ((1.0, 1.0, 0.011), (2.76, 0.35, 0.004), (5.4, 0.12, 0.0015))


@dataclass(frozen=True, slots=True)
class ClickSounds:
    """What a metronome sounds.

    Attributes:
        accent: On the first beat of a bar; float32 (n_frames, 2), peak 0.5.
        plain: On all other beats, likewise and a little softer.
    """

    accent: Frames
    plain: Frames


def click_sounds(sample_rate_hz: int) -> ClickSounds:
    """Return the metronome's sounds: silent at both ends, to be mixed in at any frame.

    Args:
        sample_rate_hz: Frames a second.
    """
    return ClickSounds(
        accent=_click(_ACCENT_HZ, _PEAK, sample_rate_hz),
        plain=_click(_PLAIN_HZ, 0.7 * _PEAK, sample_rate_hz),
    )


def _click(first_hz: float, peak: float, sample_rate_hz: int) -> Frames:
    seconds = np.arange(round(_LENGTH_S * sample_rate_hz)) / sample_rate_hz
    wave = np.zeros_like(seconds)
    for ratio, amplitude, fall_s in _PARTIALS:
        hz = first_hz * ratio
        if hz < 0.45 * sample_rate_hz:
            wave += amplitude * np.sin(2 * np.pi * hz * seconds) * np.exp(-seconds / fall_s)
    wave *= np.minimum(1.0, seconds / _RISE_S)
    wave *= np.minimum(1.0, (seconds[-1] - seconds) / _FALL_S)
    wave *= peak / np.abs(wave).max()
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
