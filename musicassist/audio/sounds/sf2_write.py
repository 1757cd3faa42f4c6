"""A small writer of SoundFont files.

Source: SoundFont Technical Specification 2.04, sections 4-8; generator numbers from section 8.1.2.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Generators.
START_OFFSET: Final = 0
VIBRATO_TO_PITCH: Final = 6
ENVELOPE_TO_FILTER: Final = 11
FILTER_CENTS: Final = 8
FILTER_RESONANCE: Final = 9
PAN: Final = 17
VIBRATO_DELAY: Final = 23
VIBRATO_RATE: Final = 24
FILTER_ENVELOPE_DECAY: Final = 28
FILTER_ENVELOPE_SUSTAIN: Final = 29
ATTACK: Final = 34
DECAY: Final = 36
SUSTAIN: Final = 37
RELEASE: Final = 38
KEY_TO_DECAY: Final = 40
FINE_TUNE: Final = 52
LOOPS: Final = 54
KEY_TO_PITCH: Final = 56
EXCLUSIVE_CLASS: Final = 57
ROOT_KEY: Final = 58
_INSTRUMENT: Final = 41
_KEY_RANGE: Final = 43
_VELOCITY_RANGE: Final = 44
_SAMPLE: Final = 53

_GUARD_FRAMES: Final = 46  # silence the specification wants behind each sample
_LOUDEST: Final = 32767
_MONO: Final = 1

# The standard's own "harder is brighter" turned off, as our zones do it: source velocity, falling,
# to the filter's cutoff, amount 0. Section 8.4.2.
_NO_VELOCITY_TO_FILTER: Final = struct.pack("<HHhHH", 0x0102, FILTER_CENTS, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One stretch of sound.

    Attributes:
        name: At most 19 letters.
        frames: float64 (n_frames,), full scale at 1.
        rate_hz: Frames a second.
        pitch: The MIDI pitch at which it sounds as it stands.
        loop: First frame of the loop and the one after its last; None plays once.
    """

    name: str
    frames: NDArray[np.float64]
    rate_hz: int
    pitch: int
    loop: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """Which keys and velocities play a sample, and how.

    Attributes:
        sample: What is played.
        keys: Lowest and highest pitch.
        velocities: Lowest and highest velocity.
        generators: Values by generator number, above the instrument's own.
    """

    sample: Sample
    keys: tuple[int, int] = (0, 127)
    velocities: tuple[int, int] = (0, 127)
    generators: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instrument:
    """Zones that make one sound, and the generator values they share."""

    name: str
    zones: tuple[Zone, ...]
    generators: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A program number that plays an instrument."""

    bank: int
    program: int
    name: str
    instrument: Instrument


def timecents(seconds: float) -> int:
    """Return a time as SoundFonts count it."""
    return max(-12000, round(1200 * log2(seconds)))


def filter_cents(hz: float) -> int:
    """Return a frequency as SoundFonts count it, as far up as their filter goes."""
    return min(13500, round(6900 + 1200 * log2(hz / 440)))


def vibrato_cents(hz: float) -> int:
    """Return the speed of a vibrato as SoundFonts count it."""
    return round(1200 * log2(hz / 8.176))


def soundfont_bytes(title: str, presets: Sequence[PresetEntry]) -> bytes:
    """Return a SoundFont file."""
    instruments = list({id(entry.instrument): entry.instrument for entry in presets}.values())
    samples = list(
        {id(zone.sample): zone.sample for each in instruments for zone in each.zones}.values()
    )
    sound, headers = _sound(samples)
    body = b"sfbk"
    body += _list(
        b"INFO",
        (b"ifil", struct.pack("<HH", 2, 4)),
        (b"isng", b"EMU8000\0"),
        (b"INAM", _even(title)),
        (b"ICOP", _even("MIT licence, as the program it comes with")),
        (b"ISFT", _even("MusicAssist")),
    )
    body += _list(b"sdta", (b"smpl", sound))
    body += _list(
        b"pdta",
        *_preset_tables(presets, instruments),
        *_instrument_tables(instruments, samples),
        (b"shdr", headers),
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _sound(samples: Sequence[Sample]) -> tuple[bytes, bytes]:
    """Return all sound in one stretch, and where each sample lies in it."""
    parts, headers, start = [], [], 0
    for sample in samples:
        frames = np.round(np.clip(sample.frames, -1.0, 1.0) * _LOUDEST).astype("<i2")
        parts += [frames.tobytes(), bytes(2 * _GUARD_FRAMES)]
        loop_start, loop_end = sample.loop or (0, 0)
        headers.append(
            struct.pack(
                "<20sIIIIIBbHH",
                sample.name.encode("ascii"),
                start,
                start + len(frames),
                start + loop_start,
                start + loop_end,
                sample.rate_hz,
                sample.pitch,
                0,
                0,
                _MONO,
            )
        )
        start += len(frames) + _GUARD_FRAMES
    headers.append(struct.pack("<20sIIIIIBbHH", b"EOS", *[0] * 9))
    return b"".join(parts), b"".join(headers)


def _preset_tables(
    presets: Sequence[PresetEntry], instruments: Sequence[Instrument]
) -> list[tuple[bytes, bytes]]:
    index = {id(each): number for number, each in enumerate(instruments)}
    heads, bags, generators = b"", b"", b""
    for number, entry in enumerate(presets):
        name = entry.name.encode("ascii")
        heads += struct.pack("<20sHHHIII", name, entry.program, entry.bank, number, 0, 0, 0)
        bags += struct.pack("<HH", number, 0)
        generators += struct.pack("<HH", _INSTRUMENT, index[id(entry.instrument)])
    heads += struct.pack("<20sHHHIII", b"EOP", 0, 0, len(presets), 0, 0, 0)
    bags += struct.pack("<HH", len(presets), 0)
    return [
        (b"phdr", heads),
        (b"pbag", bags),
        (b"pmod", bytes(10)),
        (b"pgen", generators + bytes(4)),
    ]


def _instrument_tables(
    instruments: Sequence[Instrument], samples: Sequence[Sample]
) -> list[tuple[bytes, bytes]]:
    index = {id(each): number for number, each in enumerate(samples)}
    heads, bags, modulators, n_bags, n_modulators = b"", b"", b"", 0, 0
    generators: list[bytes] = []
    for instrument in instruments:
        heads += struct.pack("<20sH", instrument.name.encode("ascii"), n_bags)
        bags += struct.pack("<HH", len(generators), n_modulators)
        generators += [_generator(*pair) for pair in sorted(instrument.generators.items())]
        modulators += _NO_VELOCITY_TO_FILTER
        n_bags, n_modulators = n_bags + 1, n_modulators + 1
        for zone in instrument.zones:
            bags += struct.pack("<HH", len(generators), n_modulators)
            generators += _zone(zone, index[id(zone.sample)])
            n_bags += 1
    heads += struct.pack("<20sH", b"EOI", n_bags)
    bags += struct.pack("<HH", len(generators), n_modulators)
    return [
        (b"inst", heads),
        (b"ibag", bags),
        (b"imod", modulators + bytes(10)),
        (b"igen", b"".join(generators) + bytes(4)),
    ]


def _zone(zone: Zone, sample_index: int) -> Iterable[bytes]:
    """Return a zone's generators: ranges first, the sample last, as the specification wants."""
    yield struct.pack("<HBB", _KEY_RANGE, *zone.keys)
    yield struct.pack("<HBB", _VELOCITY_RANGE, *zone.velocities)
    yield from (_generator(*pair) for pair in sorted(zone.generators.items()))
    if zone.sample.loop:
        yield _generator(LOOPS, 1)
    yield _generator(_SAMPLE, sample_index)


def _generator(number: int, value: int) -> bytes:
    return struct.pack("<HH", number, value & 0xFFFF)


def _list(kind: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    return _chunk(b"LIST", kind + b"".join(_chunk(*chunk) for chunk in chunks))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content


def _even(text: str) -> bytes:
    """Return a text with one or two zeros behind it, of even length."""
    words = text.encode("ascii") + b"\0"
    return words + b"\0" * (len(words) % 2)
