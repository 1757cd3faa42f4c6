"""The built-in sounds, as numbers: which partials, how loud, how long.

Every pitch of every sound has wavetables of its own, made from sines below half the sample rate,
so nothing folds back however high it is played.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.float64]
"""Amplitudes of the 1st, 2nd, ... harmonic; float64 of shape (n_harmonics,)."""

TABLE_FRAMES: Final = 2048
N_PITCHES: Final = 128

_HIGHEST_SHARE: Final = 0.45  # of the sample rate: some room for bending up
_REFERENCE_PITCH: Final = 60


@dataclass(frozen=True, slots=True)
class Voice:
    """One sound.

    Two oscillators: the first fades from a bright to a dark spectrum, the second adds a bell
    (a distant partial that dies quickly) or breadth (a slightly detuned copy).

    Attributes:
        name: As shown.
        bright: Harmonics at the strike, for a fundamental in hertz.
        dark: Harmonics once it has settled, likewise.
        second: Harmonics of the second oscillator, likewise.
        second_ratio: Its frequency over the first one's.
        second_level: Its amplitude, 0-1, at full velocity.
        second_decay_s: Time in which it falls to 1/e.
        attack_s: Time in which the sound rises to 1 - 1/e.
        decay_s: Time in which a held C3 falls to 1/e; an octave up or down changes it by
            `decay_per_octave`.
        decay_per_octave: Factor on `decay_s` an octave up.
        release_s: Time in which a released note falls to 1/e.
        brightness_decay_s: Time in which the bright spectrum falls to 1/e.
        brightness_floor: Share of the bright spectrum that stays, 0-1.
        vibrato_cents: Depth of the vibrato that sets in on held notes.
        gain: Loudness of one note at full velocity.
        width: How far low and high notes stand apart, 0-1.
    """

    name: str
    bright: Callable[[float], Spectrum]
    dark: Callable[[float], Spectrum]
    second: Callable[[float], Spectrum]
    second_ratio: float
    second_level: float
    second_decay_s: float
    attack_s: float
    decay_s: float
    decay_per_octave: float
    release_s: float
    brightness_decay_s: float
    brightness_floor: float
    vibrato_cents: float
    gain: float
    width: float

    def decay_s_at(self, pitch: int) -> float:
        """Return the time in which a held note of this pitch falls to 1/e."""
        return float(self.decay_s * self.decay_per_octave ** ((pitch - _REFERENCE_PITCH) / 12))


def frequency_hz(pitch: float) -> float:
    """Return the frequency of a MIDI pitch, A4 = 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


@lru_cache(maxsize=32)
def wavetables(voice: Voice, sample_rate_hz: int) -> NDArray[np.float32]:
    """Return all tables of a voice: float32 (3, 128, TABLE_FRAMES + 1): bright, dark, second.

    The last frame repeats the first, so that a reader between two frames need not wrap. Made once
    for each rate, and not to be written to.
    """
    n_bins = TABLE_FRAMES // 2 + 1
    bins = np.zeros((3, N_PITCHES, n_bins), np.complex128)
    for pitch in range(N_PITCHES):
        fundamental_hz = frequency_hz(pitch)
        makers = ((voice.bright, 1.0), (voice.dark, 1.0), (voice.second, voice.second_ratio))
        for kind, (make, ratio) in enumerate(makers):
            highest = int(_HIGHEST_SHARE * sample_rate_hz / (fundamental_hz * ratio))
            amplitudes = make(fundamental_hz)[: min(highest, n_bins - 2)]
            # -i/2 makes a sine: every table starts at zero, so that no note starts with a click.
            bins[kind, pitch, 1 : len(amplitudes) + 1] = -0.5j * amplitudes * TABLE_FRAMES
    waves = np.fft.irfft(bins, TABLE_FRAMES, axis=-1)
    closed = np.concatenate([waves, waves[..., :1]], axis=-1)
    tables = closed.astype(np.float32)
    tables.flags.writeable = False
    return tables


def _levelled(amplitudes: Spectrum) -> Spectrum:
    """Scale to the power of one sine of amplitude 1, so that no spectrum is louder than another."""
    levelled: Spectrum = amplitudes / np.sqrt(np.sum(amplitudes**2))
    return levelled


def _only(*amplitudes: float) -> Callable[[float], Spectrum]:
    spectrum = _levelled(np.array(amplitudes, np.float64))
    return lambda _fundamental_hz: spectrum


def _amplifier(n_harmonics: int, slope: float, corner_hz: float) -> Callable[[float], Spectrum]:
    """Return the spectrum of an overdriven string through a guitar loudspeaker.

    Harmonics fall with `slope`, every third a little weaker (the pick-up's place on the string),
    and the loudspeaker lets little through above its corner.
    """

    def spectrum(fundamental_hz: float) -> Spectrum:
        harmonics = np.arange(1, n_harmonics + 1)
        hz = harmonics * fundamental_hz
        string = harmonics**-slope * (0.55 + 0.45 * np.abs(np.sin(np.pi * harmonics * 0.28)))
        loudspeaker = 1 / np.sqrt(1 + (hz / corner_hz) ** 6)
        presence = 1 + 0.9 * np.exp(-(((hz - 2200) / 900) ** 2))
        return _levelled(string * loudspeaker * presence)

    return spectrum


ELECTRIC_PIANO: Final = Voice(
    name="Electric piano",
    bright=_only(1.0, 0.62, 0.36, 0.3, 0.16, 0.11, 0.07, 0.05, 0.03),
    dark=_only(1.0, 0.16, 0.05, 0.015),
    second=_only(1.0),
    second_ratio=7.1,
    second_level=0.16,
    second_decay_s=0.09,
    attack_s=0.0012,
    decay_s=1.9,
    decay_per_octave=0.72,
    release_s=0.04,
    brightness_decay_s=0.45,
    brightness_floor=0.06,
    vibrato_cents=0.0,
    gain=0.26,
    width=0.35,
)

LEAD_GUITAR: Final = Voice(
    name="Lead guitar",
    bright=_amplifier(64, 0.75, 4_200.0),
    dark=_amplifier(48, 1.25, 2_600.0),
    second=_amplifier(32, 1.1, 3_000.0),
    second_ratio=1.0035,
    second_level=0.35,
    second_decay_s=6.0,
    attack_s=0.0025,
    decay_s=4.5,
    decay_per_octave=0.8,
    release_s=0.035,
    brightness_decay_s=0.8,
    brightness_floor=0.3,
    vibrato_cents=14.0,
    gain=0.22,
    width=0.1,
)

CLEAN_GUITAR: Final = Voice(
    name="Clean guitar",
    bright=_amplifier(40, 1.0, 5_000.0),
    dark=_amplifier(16, 1.9, 2_600.0),
    second=_only(1.0),
    second_ratio=3.0,
    second_level=0.12,
    second_decay_s=0.12,
    attack_s=0.0012,
    decay_s=1.5,
    decay_per_octave=0.75,
    release_s=0.05,
    brightness_decay_s=0.3,
    brightness_floor=0.05,
    vibrato_cents=0.0,
    gain=0.24,
    width=0.2,
)

ORGAN: Final = Voice(
    name="Organ",
    bright=_only(0.6, 1.0, 0.45, 0.6, 0.0, 0.3, 0.0, 0.35),
    dark=_only(0.6, 1.0, 0.45, 0.6, 0.0, 0.2, 0.0, 0.2),
    second=_only(1.0, 0.6, 0.0, 0.3),
    second_ratio=1.0023,
    second_level=0.3,
    second_decay_s=60.0,
    attack_s=0.003,
    decay_s=600.0,
    decay_per_octave=1.0,
    release_s=0.02,
    brightness_decay_s=0.06,
    brightness_floor=0.6,
    vibrato_cents=0.0,
    gain=0.15,
    width=0.2,
)

BASS: Final = Voice(
    name="Bass",
    bright=_only(1.0, 0.7, 0.42, 0.3, 0.2, 0.14, 0.1, 0.06),
    dark=_only(1.0, 0.32, 0.08, 0.02),
    second=_only(1.0, 0.5),
    second_ratio=2.0,
    second_level=0.2,
    second_decay_s=0.12,
    attack_s=0.003,
    decay_s=1.3,
    decay_per_octave=0.85,
    release_s=0.03,
    brightness_decay_s=0.25,
    brightness_floor=0.1,
    vibrato_cents=0.0,
    gain=0.32,
    width=0.0,
)

STRINGS: Final = Voice(
    name="Strings",
    bright=_amplifier(32, 1.15, 4_500.0),
    dark=_amplifier(20, 1.5, 2_200.0),
    second=_amplifier(24, 1.3, 3_000.0),
    second_ratio=1.0041,
    second_level=0.8,
    second_decay_s=60.0,
    attack_s=0.07,
    decay_s=600.0,
    decay_per_octave=1.0,
    release_s=0.05,
    brightness_decay_s=1.5,
    brightness_floor=0.4,
    vibrato_cents=5.0,
    gain=0.13,
    width=0.3,
)

VOICES: Final = (ELECTRIC_PIANO, ORGAN, CLEAN_GUITAR, LEAD_GUITAR, BASS, STRINGS)

# First program, from 0, of each run of General MIDI programs that one voice plays.
_RUNS: Final = (
    (0, ELECTRIC_PIANO),
    (16, ORGAN),
    (24, CLEAN_GUITAR),
    (29, LEAD_GUITAR),
    (32, BASS),
    (40, STRINGS),
    (56, LEAD_GUITAR),
    (72, ORGAN),
    (80, LEAD_GUITAR),
    (88, STRINGS),
    (104, CLEAN_GUITAR),
    (112, ELECTRIC_PIANO),
)

SOUNDS: Final = (
    (4, ELECTRIC_PIANO.name),
    (16, ORGAN.name),
    (24, CLEAN_GUITAR.name),
    (29, LEAD_GUITAR.name),
    (32, BASS.name),
    (48, STRINGS.name),
)
"""The voices, each at the General MIDI program that means it."""


def voice_of(program: int) -> Voice:
    """Return the voice that plays a General MIDI program, 0-127."""
    return next(voice for first, voice in reversed(_RUNS) if program >= first)
