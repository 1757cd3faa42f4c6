"""A drum kit: skins, wood, noise and metal.

Every hit is a wave of its own at any sample rate; `DRUMS` says which key of General MIDI plays
which hit, and how far it is tuned away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from musicassist.audio.sounds.waves import (
    Wave,
    bump,
    chain,
    filtered,
    high_pass,
    low_pass,
    noise,
    scatter,
)


@dataclass(frozen=True, slots=True)
class Drum:
    """What a key of the drum channel plays.

    Attributes:
        hit: Name of the hit.
        shift: Semitones to tune it up.
        choke: Hits of one group cut each other off; 0 for none.
        pan: -1 left to 1 right.
    """

    hit: str
    shift: int = 0
    choke: int = 0
    pan: float = 0.0


_HATS: Final = 1
_N_BANDS: Final = 6  # of partials that die together

DRUMS: Final[dict[int, Drum]] = {
    35: Drum("kick", -2),
    36: Drum("kick"),
    37: Drum("side stick"),
    38: Drum("snare"),
    39: Drum("clap"),
    40: Drum("snare", 2),
    41: Drum("low tom", -3, 0, 0.5),
    42: Drum("closed hat", 0, _HATS, -0.25),
    43: Drum("low tom", 0, 0, 0.35),
    44: Drum("pedal hat", 0, _HATS, -0.25),
    45: Drum("low tom", 3, 0, 0.2),
    46: Drum("open hat", 0, _HATS, -0.25),
    47: Drum("high tom", -3, 0, 0.0),
    48: Drum("high tom", 0, 0, -0.2),
    49: Drum("crash", 0, 0, -0.5),
    50: Drum("high tom", 3, 0, -0.35),
    51: Drum("ride", 0, 0, 0.4),
    52: Drum("crash", -3, 0, 0.5),
    53: Drum("bell", 0, 0, 0.4),
    54: Drum("tambourine", 0, 0, 0.25),
    55: Drum("crash", 4, 0, -0.3),
    56: Drum("cowbell", 0, 0, 0.2),
    57: Drum("crash", 2, 0, 0.5),
    58: Drum("tambourine", -4, 0, -0.3),
    59: Drum("ride", 2, 0, -0.4),
    60: Drum("skin", 5, 0, 0.3),
    61: Drum("skin", 1, 0, 0.3),
    62: Drum("skin", -1, 0, -0.3),
    63: Drum("skin", -3, 0, -0.3),
    64: Drum("skin", -7, 0, -0.3),
    65: Drum("high tom", 7, 0, 0.3),
    66: Drum("high tom", 4, 0, 0.3),
    67: Drum("cowbell", 7, 0, -0.3),
    68: Drum("cowbell", 3, 0, -0.3),
    69: Drum("shaker", -3, 0, -0.3),
    70: Drum("shaker", 2, 0, -0.3),
    71: Drum("shaker", 4),
    72: Drum("shaker", 0),
    73: Drum("shaker", -2, 0, 0.3),
    74: Drum("shaker", -5, 0, 0.3),
    75: Drum("wood", 7, 0, 0.2),
    76: Drum("wood", 2, 0, 0.3),
    77: Drum("wood", -3, 0, 0.3),
    78: Drum("skin", 3),
    79: Drum("skin", -2),
    80: Drum("bell", 10, 2, -0.2),
    81: Drum("bell", 10, 2, -0.2),
    82: Drum("shaker", 0, 0, 0.3),
    83: Drum("tambourine", 3, 0, 0.3),
    84: Drum("bell", 5),
    85: Drum("wood", 5),
    86: Drum("low tom", -5),
    87: Drum("low tom", -2),
}
"""The keys of General MIDI's drum map; a missing voice is played by its nearest kin."""

LOWEST_DRUM: Final = min(DRUMS)
HIGHEST_DRUM: Final = max(DRUMS)
BELOW_THE_MAP: Final = Drum("side stick")
ABOVE_THE_MAP: Final = Drum("tambourine")


def drum_at(pitch: int) -> Drum:
    """Return what a key plays."""
    return DRUMS.get(pitch, BELOW_THE_MAP if pitch < LOWEST_DRUM else ABOVE_THE_MAP)


@lru_cache(maxsize=64)
def make_hit(name: str, rate_hz: int) -> Wave:
    """Return a hit at full strength: float64 (n_frames,), silent at both ends, peak at most 1.

    Made once for each rate, and not to be written to.
    """
    wave: Wave = _MAKERS[name](rate_hz)
    n_fade = round(0.01 * rate_hz)
    wave[-n_fade:] *= np.linspace(1.0, 0.0, n_fade)
    wave[0] = 0.0
    wave *= _PEAKS[name] / np.abs(wave).max()
    wave.flags.writeable = False
    return wave


def _time(seconds: float, rate_hz: int) -> Wave:
    # In hundreds of frames, which Fourier transforms take quickly.
    time: Wave = np.arange(100 * round(seconds * rate_hz / 100)) / rate_hz
    return time


def _drop(seconds: Wave, from_hz: float, to_hz: float, fall_s: float) -> Wave:
    """Return a sine that starts high and soon rests: a skin hit hard."""
    turns = to_hz * seconds + (from_hz - to_hz) * fall_s * (1 - np.exp(-seconds / fall_s))
    wave: Wave = np.sin(2 * np.pi * turns)
    return wave


def _kick(rate_hz: int) -> Wave:
    t = _time(0.42, rate_hz)
    body = _drop(t, 190, 47, 0.022) * np.exp(-t / 0.11)
    knock = _drop(t, 420, 150, 0.012) * np.exp(-t / 0.016)
    beater = filtered(noise(len(t), 1), rate_hz, chain(high_pass(1_200, 1), low_pass(4_500, 2)))
    wave = np.tanh(1.7 * body + 0.5 * knock + 0.30 * beater * np.exp(-t / 0.003))
    return wave * np.minimum(1, t / 0.0006)


def _snare(rate_hz: int) -> Wave:
    t = _time(0.36, rate_hz)
    shell = _drop(t, 240, 186, 0.02) * np.exp(-t / 0.055)
    shell += 0.6 * _drop(t, 390, 334, 0.015) * np.exp(-t / 0.035)
    wires = filtered(noise(len(t), 2), rate_hz, chain(high_pass(1_800, 2), low_pass(9_500, 2)))
    wires *= 0.62 * np.exp(-t / 0.075) + 0.5 * np.exp(-t / 0.012)
    return np.tanh(1.1 * shell + 0.8 * wires) * np.minimum(1, t / 0.0004)


def _side_stick(rate_hz: int) -> Wave:
    return _struck(rate_hz, 0.11, ((420, 1, 0.012), (1_680, 0.9, 0.009), (2_450, 0.5, 0.006)), 3)


def _wood(rate_hz: int) -> Wave:
    return _struck(rate_hz, 0.14, ((790, 1, 0.022), (1_960, 0.5, 0.011), (3_300, 0.2, 0.005)), 4)


def _struck(
    rate_hz: int, seconds: float, modes: tuple[tuple[float, float, float], ...], seed: int
) -> Wave:
    """Return something that rings at a few frequencies: hertz, amplitude, time to 1/e."""
    t = _time(seconds, rate_hz)
    wave = 0.25 * filtered(noise(len(t), seed), rate_hz, high_pass(2_000, 1)) * np.exp(-t / 0.0015)
    for hz, amplitude, fall_s in modes:
        wave += amplitude * np.sin(2 * np.pi * hz * t) * np.exp(-t / fall_s)
    return wave * np.minimum(1, t / 0.0003)


def _clap(rate_hz: int) -> Wave:
    t = _time(0.30, rate_hz)
    hands = np.zeros_like(t)
    for start_s, strength in ((0.0, 0.8), (0.010, 0.9), (0.021, 1.0)):
        after = np.maximum(0.0, t - start_s)
        hands += strength * (t >= start_s) * np.exp(-after / 0.0032)
    hands += 0.55 * (t >= 0.030) * np.exp(-np.maximum(0.0, t - 0.030) / 0.055)
    shape = chain(high_pass(700, 2), bump(1_150, 2.2, 0.45), low_pass(6_000, 1))
    return filtered(noise(len(t), 5) * hands, rate_hz, shape)


def _metal(seconds: Wave, rate_hz: int, seed: int, hz_range: tuple[float, float], n: int) -> Wave:
    """Return a sheet of metal: many unrelated partials, the high ones dying sooner."""
    low, high = np.log(hz_range[0]), np.log(min(hz_range[1], 0.45 * rate_hz))
    places, phases = np.sort(scatter(n, seed)), scatter(n, seed + 1)
    n_frames = len(seconds)
    wave = np.zeros_like(seconds)
    for band in np.array_split(np.arange(n), _N_BANDS):
        spectrum = np.zeros(n_frames // 2 + 1, np.complex128)
        bins = np.exp(low + (high - low) * places[band]) * n_frames / rate_hz
        np.add.at(spectrum, bins.astype(np.intp), np.exp(2j * np.pi * phases[band]) * n_frames / 2)
        fall = np.exp(-seconds * (0.6 + 0.9 * places[band].mean()))
        wave += fall * np.fft.irfft(spectrum, n_frames)
    wave /= np.sqrt(n / 2)
    return wave


def _hat(rate_hz: int, seconds: float, fall_s: float, seed: int) -> Wave:
    t = _time(seconds, rate_hz)
    sheet = _metal(t, rate_hz, 60, (3_200, 13_000), 60)
    wave = sheet + 0.8 * noise(len(t), seed)
    wave *= np.exp(-t / fall_s) + 0.6 * np.exp(-t / 0.006)
    wave *= np.minimum(1, t / 0.0004)
    return filtered(wave, rate_hz, chain(high_pass(5_500, 3), bump(9_000, 1.4, 0.6)))


def _closed_hat(rate_hz: int) -> Wave:
    return _hat(rate_hz, 0.14, 0.024, 7)


def _pedal_hat(rate_hz: int) -> Wave:
    wave = _hat(rate_hz, 0.16, 0.038, 8)
    return filtered(wave, rate_hz, low_pass(8_500, 1))


def _open_hat(rate_hz: int) -> Wave:
    return _hat(rate_hz, 0.75, 0.20, 9)


def _tom(rate_hz: int, hz: float, seconds: float) -> Wave:
    t = _time(seconds, rate_hz)
    skin = _drop(t, 1.55 * hz, hz, 0.035) * np.exp(-t / (0.26 * seconds))
    skin += 0.35 * _drop(t, 2.4 * hz, 1.59 * hz, 0.03) * np.exp(-t / (0.12 * seconds))
    stick = filtered(noise(len(t), 10), rate_hz, chain(high_pass(600, 1), low_pass(4_000, 1)))
    wave = np.tanh(1.3 * skin + 0.35 * stick * np.exp(-t / 0.004))
    return wave * np.minimum(1, t / 0.0006)


def _low_tom(rate_hz: int) -> Wave:
    return _tom(rate_hz, 92, 0.62)


def _high_tom(rate_hz: int) -> Wave:
    return _tom(rate_hz, 155, 0.46)


def _skin(rate_hz: int) -> Wave:
    return _tom(rate_hz, 265, 0.26)


def _crash(rate_hz: int) -> Wave:
    t = _time(1.7, rate_hz)
    sheet = _metal(t, rate_hz, 70, (420, 13_500), 220) * np.exp(-t / 0.55)
    spray = filtered(noise(len(t), 12), rate_hz, chain(high_pass(3_500, 2), low_pass(12_000, 1)))
    wave = sheet + spray * (0.9 * np.exp(-t / 0.16) + 0.35 * np.exp(-t / 0.5))
    wave *= np.minimum(1, t / 0.003) * (0.7 + 0.3 * np.minimum(1, t / 0.02))
    return filtered(wave, rate_hz, chain(high_pass(380, 2), bump(5_000, 1.3, 1.0)))


def _ride(rate_hz: int) -> Wave:
    t = _time(1.25, rate_hz)
    sheet = 0.35 * _metal(t, rate_hz, 80, (600, 11_000), 120) * np.exp(-t / 0.5)
    ping = np.zeros_like(t)
    for hz, amplitude, fall_s in ((3_150, 1.0, 0.10), (4_420, 0.7, 0.07), (5_900, 0.5, 0.05)):
        ping += amplitude * np.sin(2 * np.pi * hz * t) * np.exp(-t / fall_s)
    tip = filtered(noise(len(t), 13), rate_hz, high_pass(5_000, 2)) * np.exp(-t / 0.004)
    wave = (sheet + 0.55 * ping + 0.6 * tip) * np.minimum(1, t / 0.0005)
    return filtered(wave, rate_hz, high_pass(500, 2))


def _bell(rate_hz: int) -> Wave:
    t = _time(1.0, rate_hz)
    modes = ((830, 1.0, 0.28), (1_290, 0.7, 0.24), (2_070, 0.6, 0.2), (3_290, 0.5, 0.14))
    wave = 0.14 * _metal(t, rate_hz, 80, (900, 11_000), 80) * np.exp(-t / 0.35)
    for hz, amplitude, fall_s in modes:
        wave += amplitude * np.sin(2 * np.pi * hz * t) * np.exp(-t / fall_s)
    return wave * np.minimum(1, t / 0.0005)


def _tambourine(rate_hz: int) -> Wave:
    t = _time(0.30, rate_hz)
    shakes = np.zeros_like(t)
    for start_s, strength in ((0.0, 1.0), (0.018, 0.45), (0.041, 0.3), (0.07, 0.2)):
        shakes += strength * (t >= start_s) * np.exp(-np.maximum(0.0, t - start_s) / 0.035)
    wave = (0.5 * noise(len(t), 14) + _metal(t, rate_hz, 90, (5_500, 13_000), 40)) * shakes
    return filtered(wave * np.minimum(1, t / 0.001), rate_hz, high_pass(5_000, 3))


def _cowbell(rate_hz: int) -> Wave:
    t = _time(0.34, rate_hz)
    wave = np.zeros_like(t)
    for hz in (562, 845):
        for n in (1, 3, 5):
            wave += np.sin(2 * np.pi * n * hz * t) / n
    wave *= 0.6 * np.exp(-t / 0.07) + 0.6 * np.exp(-t / 0.012)
    return filtered(wave * np.minimum(1, t / 0.0005), rate_hz, bump(1_700, 1.8, 0.6))


def _shaker(rate_hz: int) -> Wave:
    t = _time(0.12, rate_hz)
    swell = np.minimum(1, t / 0.018) * np.exp(-np.maximum(0.0, t - 0.018) / 0.022)
    shape = chain(high_pass(4_200, 3), bump(6_500, 1.8, 0.4), low_pass(11_000, 2))
    return filtered(noise(len(t), 15) * swell, rate_hz, shape)


_MAKERS: Final[dict[str, Callable[[int], Wave]]] = {
    "kick": _kick,
    "snare": _snare,
    "side stick": _side_stick,
    "clap": _clap,
    "closed hat": _closed_hat,
    "pedal hat": _pedal_hat,
    "open hat": _open_hat,
    "low tom": _low_tom,
    "high tom": _high_tom,
    "skin": _skin,
    "crash": _crash,
    "ride": _ride,
    "bell": _bell,
    "tambourine": _tambourine,
    "cowbell": _cowbell,
    "shaker": _shaker,
    "wood": _wood,
}
HITS: Final = tuple(_MAKERS)

# How loud a hit is beside the others, by its peak: as a drummer would play them.
_PEAKS: Final = {
    "kick": 0.95,
    "snare": 0.85,
    "side stick": 0.7,
    "clap": 0.7,
    "closed hat": 0.5,
    "pedal hat": 0.42,
    "open hat": 0.42,
    "low tom": 0.85,
    "high tom": 0.8,
    "skin": 0.7,
    "crash": 0.62,
    "ride": 0.42,
    "bell": 0.4,
    "tambourine": 0.4,
    "cowbell": 0.45,
    "shaker": 0.35,
    "wood": 0.55,
}
