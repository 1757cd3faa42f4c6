"""Electric piano and organ."""

from typing import Final

import numpy as np

from musicassist.audio.sounds.sf2_write import (
    DECAY,
    FILTER_CENTS,
    KEY_TO_DECAY,
    PAN,
    RELEASE,
    SUSTAIN,
    Instrument,
    Sample,
    Zone,
    timecents,
)
from musicassist.audio.sounds.waves import (
    bump,
    chain,
    filtered,
    grid,
    high_pass,
    levelled,
    looped,
    low_pass,
    noise,
)
from musicassist.audio.sounds.zones import brightness_steps, spread

RATE_HZ: Final = 32_000

_OVER: Final = 2
_TINE_RATIO: Final = 7.1  # of the bar's short-lived upper partial to its pitch
_ROTOR_HZ: Final = 6.7

# Amplitudes of an organ's nine drawbars, over the frequency of the key.
_DRAWBARS: Final = (
    (0.5, 0.7),
    (1.5, 0.5),
    (1.0, 1.0),
    (2.0, 0.6),
    (3.0, 0.25),
    (4.0, 0.4),
    (8.0, 0.12),
)
_FULL_DRAWBARS: Final = (*_DRAWBARS, (5.0, 0.2), (6.0, 0.25))


def electric_piano() -> Instrument:
    """Return struck bars before pick-ups: a bell that settles, a bark when struck hard."""
    zones = []
    for velocities, push, bell, corners in (
        ((0, 71), 0.5, 0.13, (450, 900, 2_000)),
        ((72, 127), 1.35, 0.3, (1_800, 4_000, 20_000)),
    ):
        for pitch, keys in spread(30, 96, 6):
            sample = _bar(pitch, push, bell)
            pan = round(np.clip((pitch - 60) * 5, -180, 180))
            zones += [
                Zone(sample, keys, part, {FILTER_CENTS: cents, PAN: pan})
                for part, cents in brightness_steps(velocities, corners, pitch)
            ]
    return Instrument(
        "Electric piano",
        tuple(zones),
        {DECAY: timecents(17.0), SUSTAIN: 1000, KEY_TO_DECAY: 42, RELEASE: timecents(0.22)},
    )


def _bar(pitch: int, push: float, bell: float) -> Sample:
    """Return a bar whose swing before its pick-up, `push`, bends its wave."""
    place = grid(pitch, RATE_HZ, 0.42, 0.1)
    seconds = place.seconds(2, _OVER)
    angle = place.loop_cycles(seconds, place.n_periods)
    swing = push * (0.42 + 0.58 * np.exp(-seconds / 0.11))
    bar = swing * np.sin(angle)
    # Off the middle of the magnet's field: one half of each swing is stronger than the other.
    field = 1 / (1 + (bar + 0.45) ** 2)
    wave = -(field - np.mean(field[-place.n_loop * _OVER :])) / (0.62 * push + 0.25)
    tine = np.sin(_TINE_RATIO * angle) * np.exp(-seconds / (0.055 + 3.0 / place.hz))
    wave += bell * tine * (_TINE_RATIO * place.hz < 0.4 * RATE_HZ) / (1 + place.hz / 900)
    thump = filtered(noise(len(wave), pitch), RATE_HZ * _OVER, low_pass(500, 2))
    wave += 0.05 * push * thump * np.exp(-seconds / 0.012)
    wave *= np.minimum(1, seconds / 0.0012)
    wave = filtered(wave, RATE_HZ * _OVER, chain(low_pass(9_000, 6), bump(1_800, 1.3, 1.0)))
    return looped(f"Bar {pitch} {push}", place, levelled(wave[::_OVER], RATE_HZ, 0.26))


def organ() -> Instrument:
    """Return tone wheels through a turning loudspeaker, at full sound as long as a key is down."""
    return _organ("Organ", _DRAWBARS, 0.0)


def rock_organ() -> Instrument:
    """Return the organ with all drawbars out and its amplifier turned up."""
    return _organ("Rock organ", _FULL_DRAWBARS, 1.6)


def _organ(name: str, drawbars: tuple[tuple[float, float], ...], drive: float) -> Instrument:
    zones = []
    for pitch, keys in spread(33, 93, 6):
        sample = _wheels(name, pitch, drawbars, drive)
        zones.append(Zone(sample, keys))
    return Instrument(name, tuple(zones), {RELEASE: timecents(0.16)})


def _wheels(
    name: str, pitch: int, drawbars: tuple[tuple[float, float], ...], drive: float
) -> Sample:
    over = 2
    place = grid(pitch, RATE_HZ, 0.12, 2 / _ROTOR_HZ)
    seconds = place.seconds(2, over)
    rotor = place.loop_cycles(seconds, 2)
    wave = np.zeros_like(seconds)
    for ratio, amplitude in drawbars:
        hz = ratio * place.hz
        if hz > 7_000:  # real organs fold back by an octave too
            ratio, hz = ratio / 2, hz / 2
        n_cycles = round(ratio * place.n_periods)
        is_horn = hz > 800
        sway = 0.25 * is_horn + 0.08
        angle = place.loop_cycles(seconds, n_cycles) + sway * np.sin(rotor + is_horn)
        wave += amplitude * np.sin(angle + ratio) * (1 + 0.16 * is_horn * np.cos(rotor))
    wave *= 1 + 0.07 * np.cos(rotor)
    wave /= np.sqrt(np.mean(wave**2))
    if drive:
        wave = np.tanh(drive * wave + 0.2) - np.tanh(0.2)
    click = filtered(noise(len(wave), 500 + pitch), RATE_HZ * over, high_pass(1_500, 2))
    wave += 0.25 * click * np.exp(-seconds / 0.003)
    wave *= np.minimum(1, seconds / 0.003)
    wave = filtered(wave, RATE_HZ * over, chain(high_pass(45, 1), low_pass(6_500, 3)))
    return looped(f"{name} {pitch}", place, levelled(wave[::over], RATE_HZ, 0.20))
