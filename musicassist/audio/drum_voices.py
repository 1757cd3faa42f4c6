"""Drums for the built-in synth: hits made once, mixed in whenever a key strikes one."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.audio.sounds.drums import Drum, drum_at, make_hit
from musicassist.audio.synth import Frames
from musicassist.audio.voices import N_PITCHES

MOST_HITS: Final = 24

_GAIN: Final = 0.3
_CHOKE_S: Final = 0.01
_FULL_VELOCITY: Final = 127


class DrumVoices:
    """Plays the drum kit.

    Args:
        sample_rate_hz: Frames a second.

    Thread: after construction, one thread calls everything.
    Realtime: yes; one small array a sounding hit is made a block.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        for pitch in range(N_PITCHES):
            _tuned_hit(drum_at(pitch), sample_rate_hz)  # made now, not when it is struck
        self._fade = np.linspace(
            1.0, 0.0, round(_CHOKE_S * sample_rate_hz), endpoint=False, dtype=np.float32
        )
        self._sounding: list[_Hit] = []

    @property
    def n_sounding(self) -> int:
        """How many hits ring."""
        return len(self._sounding)

    def strike(self, channel: int, pitch: int, velocity: int) -> None:
        """Hit what a key plays; the oldest hit gives way when too many ring."""
        drum = drum_at(pitch)
        if drum.choke:
            for hit in self._sounding:
                if hit.choke == drum.choke and hit.channel == channel:
                    self._end(hit)
        if len(self._sounding) >= MOST_HITS:
            self._sounding.pop(0)
        gain = _GAIN * (velocity / _FULL_VELOCITY) ** 1.5
        left, right = np.sqrt((1 - drum.pan) / 2), np.sqrt((1 + drum.pan) / 2)
        sides = np.array([left, right], np.float32) * np.float32(gain)
        self._sounding.append(_Hit(channel, drum.choke, _tuned_hit(drum, self._rate), sides))

    def end(self, channel: int | None = None) -> None:
        """Let the hits of a channel, or all, die within a few milliseconds."""
        for hit in self._sounding:
            if channel is None or hit.channel == channel:
                self._end(hit)

    def add_to(self, block: Frames, gains: NDArray[np.float64]) -> None:
        """Mix the next stretch into a block.

        Args:
            block: float32 (n_frames, 2).
            gains: Loudness of each channel.
        """
        for hit in self._sounding:
            part = hit.wave[hit.at : hit.at + len(block)]
            block[: len(part)] += part[:, None] * (hit.sides * np.float32(gains[hit.channel]))
            hit.at += len(part)
        self._sounding = [hit for hit in self._sounding if hit.at < len(hit.wave)]

    def _end(self, hit: "_Hit") -> None:
        if not hit.is_ending:
            rest = hit.wave[hit.at : hit.at + len(self._fade)]
            hit.wave = rest * self._fade[: len(rest)]
            hit.at = 0
            hit.is_ending = True


@lru_cache(maxsize=512)
def _tuned_hit(drum: Drum, sample_rate_hz: int) -> NDArray[np.float32]:
    """Return what a key plays, at its own pitch; not to be written to."""
    wave = make_hit(drum.hit, sample_rate_hz)
    places = np.arange(0, len(wave) - 1, 2.0 ** (drum.shift / 12))
    return np.interp(places, np.arange(len(wave)), wave).astype(np.float32)


class _Hit:
    __slots__ = ("at", "channel", "choke", "is_ending", "sides", "wave")

    def __init__(
        self, channel: int, choke: int, wave: NDArray[np.float32], sides: NDArray[np.float32]
    ) -> None:
        self.channel = channel
        self.choke = choke
        self.wave = wave
        self.sides = sides
        self.at = 0
        self.is_ending = False
