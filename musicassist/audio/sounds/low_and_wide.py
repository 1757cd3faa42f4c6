"""Bass, strings, pad and synth lead."""

from typing import Final

import numpy as np

from musicassist.audio.sounds.sf2_write import (
    ATTACK,
    DECAY,
    ENVELOPE_TO_FILTER,
    FILTER_CENTS,
    FILTER_ENVELOPE_DECAY,
    FILTER_ENVELOPE_SUSTAIN,
    FINE_TUNE,
    KEY_TO_DECAY,
    PAN,
    RELEASE,
    START_OFFSET,
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
    Response,
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
)
from musicassist.audio.sounds.zones import brightness_steps, spread

BASS_RATE_HZ: Final = 32_000
WIDE_RATE_HZ: Final = 32_000
DARK_RATE_HZ: Final = 22_050
LEAD_RATE_HZ: Final = 44_100


def bass() -> Instrument:
    """Return a fingered electric bass: round, with the string's edge when struck hard."""
    zones = []
    for pitch, keys in spread(25, 61, 6):
        sample = _bass_string(pitch)
        zones += [
            Zone(sample, keys, part, {FILTER_CENTS: cents})
            for part, cents in brightness_steps((0, 127), (300, 500, 900, 1_900, 5_000), pitch)
        ]
    return Instrument(
        "Bass",
        tuple(zones),
        {DECAY: timecents(13.0), SUSTAIN: 1000, KEY_TO_DECAY: 20, RELEASE: timecents(0.12)},
    )


def _bass_string(pitch: int) -> Sample:
    place = grid(pitch, BASS_RATE_HZ, 0.45, 0.25)
    seconds = place.seconds(2)
    wave = np.zeros_like(seconds)
    for n in range(1, int(4_000 / place.hz)):
        strength = abs(np.sin(np.pi * n * 0.21) * np.sin(np.pi * n * 0.15)) / n
        held = strength * n**-1.1
        fading = (strength - held) * np.exp(-seconds * (1 + 0.12 * n) / 0.14)
        wave += (held + fading) * np.sin(place.loop_cycles(seconds, place.n_periods * n))
    wave = np.tanh(1.2 * wave / np.abs(wave).max())
    finger = filtered(noise(len(wave), pitch), BASS_RATE_HZ, low_pass(900, 2))
    wave += 0.12 * finger * np.exp(-seconds / 0.008)
    wave *= np.minimum(1, seconds / 0.003)
    wave = filtered(wave, BASS_RATE_HZ, chain(high_pass(28, 2), bump(90, 1.3, 0.8)))
    return looped(f"Bass {pitch}", place, levelled(wave, BASS_RATE_HZ, 0.24))


def strings() -> Instrument:
    """Return many bowed strings at once, wide, with a soft start."""
    shape = chain(high_pass(120, 1), bump(450, 1.4, 0.5), bump(1_500, 1.3, 0.7), low_pass(5_000, 2))
    return _wide("Strings", WIDE_RATE_HZ, 0.9, shape, 0.17, 0.055, 0.24, (1_000, 2_200, 20_000))


def pad() -> Instrument:
    """Return a slow, dark, wide sound to play over."""
    return _wide(
        "Pad", DARK_RATE_HZ, 1.35, low_pass(1_800, 2), 0.18, 0.3, 0.28, (500, 1_000, 6_000)
    )


def _wide(
    name: str,
    rate_hz: int,
    slope: float,
    shape: Response,
    loudness: float,
    attack_s: float,
    release_s: float,
    corners_hz: tuple[float, ...],
) -> Instrument:
    """Return an ensemble: the same sample left and right, apart in tuning and in time."""
    zones = []
    for pitch, keys in spread(36, 96, 6):
        sample = _ensemble(name, rate_hz, pitch, slope, shape, loudness)
        for side, cents in ((-330, -3), (330, 3)):
            offset = 0 if side < 0 else len(sample.frames) // 3
            zones += [
                Zone(
                    sample,
                    keys,
                    part,
                    {FILTER_CENTS: fc, PAN: side, FINE_TUNE: cents, START_OFFSET: offset},
                )
                for part, fc in brightness_steps((0, 127), corners_hz, pitch)
            ]
    times = {ATTACK: timecents(attack_s), RELEASE: timecents(release_s)}
    return Instrument(name, tuple(zones), times)


def _ensemble(
    name: str, rate_hz: int, pitch: int, slope: float, shape: Response, loudness: float
) -> Sample:
    """Return several detuned players in one loop: each harmonic is a cluster of neighbours.

    Made in the frequency domain: every neighbour is a whole multiple of the loop's frequency.
    """
    place = grid(pitch, rate_hz, 0.0, 1.4 if pitch < 55 else 0.8)
    rng = np.random.Generator(np.random.PCG64(pitch + 7 * len(name)))
    spectrum = np.zeros(place.n_loop // 2 + 1, np.complex128)
    loop_hz = place.rate_hz / place.n_loop
    for n in range(1, int(9_000 / place.hz)):
        # Players are some 5 cents apart; what that is in hertz grows with the harmonic.
        width = max(0.7, 0.003 * n * place.hz / loop_hz)
        for aside in range(int(2 * width) + 1):
            # As strong on one side as on the other, so that together they are in tune.
            strength = n**-slope * np.exp(-((aside / width) ** 2)) * (0.3 + 0.7 * rng.random())
            for at in sorted({place.n_periods * n - aside, place.n_periods * n + aside}):
                if at < len(spectrum):
                    phase = np.exp(2j * np.pi * rng.random())
                    spectrum[at] += strength * phase / np.sqrt(width)
    hz = np.arange(len(spectrum), dtype=np.float64) * float(loop_hz)
    wave: Wave = np.fft.irfft(spectrum * shape(hz), place.n_loop)
    frames = levelled(np.concatenate([wave, wave]), rate_hz, loudness)[: place.n_loop]
    return Sample(f"{name} {pitch}", frames, place.rate_hz, pitch, (0, place.n_loop))


def synth_lead() -> Instrument:
    """Return two saw waves a hair apart, the filter snapping shut after each stroke."""
    zones = []
    for pitch, keys in spread(36, 96, 6):
        sample = _saw(pitch)
        zones += [
            Zone(sample, keys, part, {FILTER_CENTS: fc, PAN: side, FINE_TUNE: cents})
            for part, fc in brightness_steps((0, 127), (600, 1_000, 1_900, 4_000), pitch)
            for side, cents in ((-120, -4), (120, 4))
        ]
    return Instrument(
        "Synth lead",
        tuple(zones),
        {
            ATTACK: timecents(0.002),
            RELEASE: timecents(0.15),
            ENVELOPE_TO_FILTER: 2400,
            FILTER_ENVELOPE_DECAY: timecents(0.35),
            FILTER_ENVELOPE_SUSTAIN: 800,
            VIBRATO_DELAY: timecents(0.5),
            VIBRATO_RATE: vibrato_cents(5.5),
            VIBRATO_TO_PITCH: 9,
        },
    )


def _saw(pitch: int) -> Sample:
    """Return a saw wave without what would fold back; it begins where it crosses zero."""
    place = grid(pitch, LEAD_RATE_HZ, 0.0, 0.1)
    seconds = place.seconds(1)
    wave = np.zeros_like(seconds)
    for n in range(1, int(14_000 / place.hz)):
        wave += np.sin(place.loop_cycles(seconds, place.n_periods * n)) / n
    frames = levelled(np.tile(wave, 5), LEAD_RATE_HZ, 0.16)[: place.n_loop]
    return Sample(f"Saw {pitch}", frames, place.rate_hz, pitch, (0, place.n_loop))
