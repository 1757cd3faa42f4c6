"""Electric guitars: one string, plucked, through pick-up, amplifier and loudspeaker.

The string is a sum of harmonics; where it is plucked and where the pick-up sits take some away.
The overdriven guitar's spectrum is made by distorting that string, as an amplifier does, not by
choosing harmonics.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from musicassist.audio.sounds.sf2_write import (
    DECAY,
    FILTER_CENTS,
    KEY_TO_DECAY,
    PAN,
    RELEASE,
    SUSTAIN,
    VIBRATO_DELAY,
    VIBRATO_RATE,
    VIBRATO_TO_PITCH,
    Instrument,
    Sample,
    Zone,
    timecents,
    vibrato_cents,
)
from musicassist.audio.sounds.waves import (
    Grid,
    Wave,
    bump,
    chain,
    filtered,
    grid,
    high_pass,
    levelled,
    looped,
    low_pass,
    noise,
    oversampled,
    scatter,
)
from musicassist.audio.sounds.zones import brightness_steps, spread

RATE_HZ: Final = 44_100

_OVER: Final = 4  # oversampling, so that what the distortion makes does not fold back
_HIGHEST_HARMONIC_HZ: Final = 9_000.0
_PLUCK: Final = 0.17  # of the string's length from the bridge
_PICK_UP: Final = 0.2
_LIFE: Final = 0.2  # how far harmonics swell and sink while a note is held


@dataclass(frozen=True, slots=True)
class Drive:
    """How hard the string drives the amplifier when it is struck this hard.

    Attributes:
        velocities: Lowest and highest.
        gain: Into the first valve.
        bite: How much the pick is heard, 0-1.
        corners_hz: Of the filters that make softer strokes of this range duller.
    """

    velocities: tuple[int, int]
    gain: float
    bite: float
    corners_hz: tuple[float, ...]


DRIVES: Final = (
    Drive((0, 75), 3.0, 0.5, (850, 1_250, 1_900)),
    Drive((76, 127), 14.0, 1.0, (2_200, 3_600, 20_000)),
)


def overdriven_guitar() -> Instrument:
    """Return the lead sound: it sings on, bites when struck hard, and sets in with vibrato."""
    zones = []
    for drive in DRIVES:
        for pitch, keys in spread(42, 87, 5):
            sample = overdriven_string(pitch, drive)
            steps = brightness_steps(drive.velocities, drive.corners_hz, pitch)
            zones += [Zone(sample, keys, part, {FILTER_CENTS: cents}) for part, cents in steps]
    return Instrument(
        "Overdriven guitar",
        tuple(zones),
        {
            DECAY: timecents(38.0),  # 2 dB a second: a string under gain hardly dies
            SUSTAIN: 160,
            RELEASE: timecents(0.2),
            VIBRATO_DELAY: timecents(0.42),
            VIBRATO_RATE: vibrato_cents(5.3),
            VIBRATO_TO_PITCH: 11,
        },
    )


def clean_guitar() -> Instrument:
    """Return the clean sound: bright when struck, then rounder and softer."""
    zones = []
    for pitch, keys in spread(42, 87, 5):
        sample = _clean(pitch)
        steps = brightness_steps((0, 127), (550, 900, 1_600, 3_200, 20_000), pitch)
        pan = round(np.clip((pitch - 60) * 3, -80, 80))
        zones += [
            Zone(sample, keys, part, {FILTER_CENTS: cents, PAN: pan}) for part, cents in steps
        ]
    return Instrument(
        "Clean guitar",
        tuple(zones),
        {DECAY: timecents(11.0), SUSTAIN: 1000, KEY_TO_DECAY: 30, RELEASE: timecents(0.22)},
    )


def _string(place: Grid, seed: int, ring_s: float, darkening: float) -> Wave:
    """Return a plucked string at the pick-up, through two turns of its loop.

    It goes on ringing with slowly moving harmonics.

    Args:
        place: The note.
        seed: Of phases and of how the harmonics move.
        ring_s: Time in which the lowest harmonic's extra strength of the pluck falls to 1/e.
        darkening: How much weaker, as a power of their number, harmonics are when it has.
    """
    seconds = place.seconds(2)
    n_harmonics = int(min(_HIGHEST_HARMONIC_HZ, 0.45 * place.rate_hz) / place.hz)
    phases, swells = scatter(n_harmonics, seed), scatter(n_harmonics, seed + 1)
    wave = np.zeros_like(seconds)
    for n in range(1, n_harmonics + 1):
        strength = abs(np.sin(np.pi * n * _PLUCK) * np.sin(np.pi * n * _PICK_UP)) / n
        held = strength * n**-darkening
        fading = (strength - held) * np.exp(-seconds * (1 + 0.05 * n) / ring_s)
        if place.n_loop > 0.5 * place.rate_hz:
            turn = place.loop_cycles(seconds, 1 + n % 3)
            held = held * (1 + _LIFE * np.sin(turn + 2 * np.pi * swells[n - 1]))
        angle = place.loop_cycles(seconds, place.n_periods * n)
        wave += (held + fading) * np.sin(angle + 2 * np.pi * phases[n - 1] * (n > 1))
    wave /= np.abs(wave).max()
    return wave


def _pick(n_frames: int, rate_hz: float, seed: int) -> Wave:
    """Return the noise of the pick: a few milliseconds, felt more than heard."""
    seconds = np.arange(n_frames) / rate_hz
    burst = noise(n_frames, seed) * np.exp(-seconds / 0.004) * np.minimum(1, seconds / 0.0008)
    return filtered(burst, rate_hz, chain(high_pass(900, 2), low_pass(5_200, 2)))


def overdriven_string(pitch: int, drive: Drive) -> Sample:
    """Return one note of the overdriven guitar."""
    place = grid(pitch, RATE_HZ, 0.32, 0.65 if pitch < 70 else 0.52)
    seed = 1000 * pitch + drive.velocities[0]
    seconds = place.seconds(2)
    string = _string(place, seed, 0.06, 0.9)
    string *= 1 + 0.7 * drive.bite * np.exp(-seconds / 0.05)
    string += 0.5 * drive.bite * _pick(len(string), RATE_HZ, seed + 2)
    string *= np.minimum(1, seconds / 0.0015)
    # The pedal before the amplifier: little bass, much middle, so that low notes stay clear.
    pedal = chain(high_pass(220, 1), bump(850, 2.2, 1.2), low_pass(6_000, 1))
    pushed = filtered(string, RATE_HZ, pedal)
    pushed /= np.sqrt(np.mean(pushed[place.n_onset :] ** 2))
    # One valve after the other, each leaning to one side, which gives the even harmonics.
    pushed = oversampled(pushed, _OVER)
    first = np.tanh(drive.gain * 0.5 * pushed + 0.35) - np.tanh(0.35)
    first = filtered(first, RATE_HZ * _OVER, chain(high_pass(70, 1), low_pass(9_000, 1)))
    second = np.tanh(1.6 * first * (1 + drive.gain / 100) - 0.15)
    box = chain(_cabinet, low_pass(12_000, 4))
    wave = filtered(second, RATE_HZ * _OVER, box)[::_OVER]
    wave *= 1 + 0.45 * drive.bite * np.exp(-seconds / 0.035)
    return looped(f"Lead {pitch} {drive.gain:.0f}", place, levelled(wave, RATE_HZ, 0.27))


def _cabinet(hz: Wave) -> Wave:
    """Return what a closed box with 12-inch loudspeakers, miked closely, lets through."""
    return chain(
        high_pass(85, 2),
        bump(125, 1.5, 0.6),
        bump(420, 0.75, 0.7),
        bump(2_400, 2.0, 0.6),
        bump(3_600, 1.35, 0.25),
        low_pass(4_700, 4),
    )(hz)


def _clean(pitch: int) -> Sample:
    place = grid(pitch, RATE_HZ, 0.42, 0.52 if pitch < 60 else 0.25)
    seed = 77 + 1000 * pitch
    wave = _string(place, seed, 0.2, 1.25)
    seconds = place.seconds(2)
    wave = np.tanh(1.1 * wave) + 0.10 * _pick(len(wave), RATE_HZ, seed + 2)
    wave *= np.minimum(1, seconds / 0.001)
    wave = filtered(
        wave,
        RATE_HZ,
        chain(high_pass(75, 2), bump(3_000, 1.7, 0.8), bump(180, 1.2, 0.8), low_pass(6_500, 2)),
    )
    return looped(f"Clean {pitch}", place, levelled(wave, RATE_HZ, 0.24))
