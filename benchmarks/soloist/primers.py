"""Twelve phrases as people might play them, made up for the gallery.

A phrase is written as words `PITCHES/LENGTH`: pitches with octaves (C4 is middle C), several at
once joined by `+`, `-` for a rest; the length in beats, as a decimal or a fraction. A `!` after the
length makes the note short.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from musicassist.music.chords import Progression, parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key, fifths_of
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_WORD: Final = re.compile(r"(?P<pitches>\S+?)/(?P<beats>\d*\.?\d+(?:/\d+)?)(?P<short>!)?")
_PITCH: Final = re.compile(r"([A-G])([#b]?)(\d)")
_HELD: Final = 0.95  # of its length a note sounds
_SHORT: Final = 0.45
_UNEVEN_TICKS: Final = 5  # how far hands stray from the grid
_UNEVEN_VELOCITY: Final = 5


@dataclass(frozen=True, slots=True)
class Primer:
    """A phrase and how an answer to it is asked for.

    Attributes:
        name: Short; names its files.
        title: What it is.
        tempo_bpm: Quarter notes a minute.
        meter: Counts a bar, and their note value.
        words: The phrase, as this module's docstring says.
        chords: Bars of chords, as a user types them; empty for none.
        key: Its key, as a user types it; empty leaves it to be found.
    """

    name: str
    title: str
    tempo_bpm: int
    meter: tuple[int, int]
    words: str
    chords: str = ""
    key: str = ""

    @property
    def timebase(self) -> Timebase:
        """Its tempo and metre."""
        return Timebase.steady(self.tempo_bpm, *self.meter)

    @property
    def progression(self) -> Progression | None:
        """Its chords."""
        return parse_progression(self.chords, self.timebase) if self.chords else None

    @property
    def wished_key(self) -> Key | None:
        """Its key, where one is named."""
        return Key.parse(self.key) if self.key else None

    @property
    def clip(self) -> Clip:
        """The phrase as played: a little uneven, beats a little louder; the same every time."""
        rng = np.random.Generator(np.random.PCG64(len(self.words)))
        notes: list[Note] = []
        at = Fraction(0)
        for word in self.words.split():
            match = _WORD.fullmatch(word)
            if match is None:
                raise ValueError(f"{word!r} is no note")
            beats = Fraction(match["beats"])
            if match["pitches"] != "-":
                strays, struck = rng.normal(0, 1, 2)
                onset_ticks = max(0, round(at * TICKS_PER_BEAT + strays * _UNEVEN_TICKS))
                share = _SHORT if match["short"] else _HELD
                duration_ticks = max(1, round(float(beats) * share * TICKS_PER_BEAT))
                velocity = round((94 if at.denominator == 1 else 82) + struck * _UNEVEN_VELOCITY)
                notes += [
                    Note(onset_ticks, duration_ticks, _pitch(name), velocity)
                    for name in match["pitches"].split("+")
                ]
            at += beats
        return Clip(tuple(notes), self.timebase.next_bar_line_ticks(round(at * TICKS_PER_BEAT)))


def _pitch(name: str) -> int:
    match = _PITCH.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is no pitch")
    letter, accidental, octave = match.groups()
    pitch = 12 * (int(octave) + 2) + fifths_of(letter, "") * 7 % 12
    return pitch + {"#": 1, "b": -1, "": 0}[accidental]


PRIMERS: Final = (
    Primer(
        "sparse",
        "Five notes in four bars",
        84,
        (4, 4),
        "E3/1.5 -/2.5 G3/1 A3/1.5 -/1.5 -/2 D4/2 B3/3 -/1",
    ),
    Primer(
        "dense",
        "Running sixteenths",
        112,
        (4, 4),
        "A3/.25 B3/.25 C4/.25 D4/.25 E4/.25 D4/.25 C4/.25 B3/.25 "
        "C4/.25 A3/.25 B3/.25 C4/.25 D4/.25 C4/.25 B3/.25 A3/.25 "
        "F3/.25 G3/.25 A3/.25 B3/.25 C4/.25 B3/.25 A3/.25 G3/.25 "
        "A3/.25 F3/.25 G3/.25 A3/.25 C4/.25 A3/.25 G3/.25 F3/.25",
        "Am | F | C | G",
    ),
    Primer(
        "bluesy",
        "Minor pentatonic, bluesy",
        96,
        (4, 4),
        "-/2/3 A3/1/3 C4/2/3 D4/1/3 Eb4/1/3! D4/1/3 C4/1/3 A3/1 "
        "-/2/3 G3/1/3 A3/2/3 C4/1/3 A3/1 -/1 "
        "-/2/3 A3/1/3 C4/2/3 D4/1/3 E4/2/3 G4/1/3 E4/2/3 D4/1/3 "
        "C4/2/3 A3/1/3 G3/2/3 A3/4/3 -/1",
        "A7 | D7 | A7 | A7 | D7 | D7 | A7 | A7 | E7 | D7 | A7 | E7",
        "A blues",
    ),
    Primer(
        "pop",
        "A diatonic pop tune",
        120,
        (4, 4),
        "E3/.5 G3/.5 G3/1 A3/.5 G3/.5 E3/1 D3/.5 G3/.5 G3/1 B3/.5 A3/.5 G3/1 "
        "C4/.5 B3/.5 A3/1 G3/.5 E3/.5 C3/1 F3/.5 A3/.5 G3/1 E3/.5 D3/.5 C3/1",
        "C | G | Am | F",
        "C",
    ),
    Primer(
        "odd-metre",
        "Seven eighths",
        132,
        (7, 8),
        "D3/.5 A3/.5 F3/.5 A3/.5 G3/.5 F3/.5 E3/.5 D3/.5 A3/.5 F3/.5 A3/.5 C4/.5 B3/.5 A3/.5 "
        "D4/.5 A3/.5 F3/.5 A3/.5 G3/.5 F3/.5 E3/.5 F3/.5 E3/.5 C3/.5 E3/.5 D3/1.5",
    ),
    Primer(
        "swung",
        "Swung eighths over a two-five-one",
        138,
        (4, 4),
        "D4/2/3 C4/1/3 A3/2/3 F3/1/3 G3/2/3 A3/1/3 C4/2/3 A3/1/3 "
        "B3/2/3 G3/1/3 F3/2/3 D3/1/3 E3/2/3 F3/1/3 Ab3/2/3 F3/1/3 "
        "E3/2/3 G3/1/3 B3/2/3 D4/1/3 C4/1 -/2/3 B3/1/3! C4/2/3 A3/4/3 -/2",
        "Dm7 | G7 | Cmaj7 | A7",
        "C",
    ),
    Primer(
        "legato",
        "Slow and legato",
        66,
        (4, 4),
        "F3/2 Bb3/1.5 C4/.5 D4/3 C4/1 Bb3/1.5 A3/.5 G3/2 A3/1 Bb3/1 F3/2",
    ),
    Primer("one-note", "One note only", 110, (4, 4), "D3/2"),
    Primer(
        "rock-riff",
        "A rock riff with rests",
        126,
        (4, 4),
        "E2/.5! -/.5 E2/.25! G2/.25 A2/.5 -/.5 Bb2/.25 A2/.25 G2/.5 E2/.5! "
        "-/1 E2/.5! G2/.5 -/.5 D2/.5 E2/1 "
        "E2/.5! -/.5 E2/.25! G2/.25 A2/.5 -/.5 Bb2/.25 A2/.25 G2/.5 B2/.5 "
        "-/.5 A2/.5 G2/.5 E2/1.5 -/1",
        "Em | Em | G A | Em",
        "E minor",
    ),
    Primer(
        "neo-classical",
        "Minor arpeggios, neo-classical",
        144,
        (4, 4),
        "A3/.25 C4/.25 E4/.25 A4/.25 E4/.25 C4/.25 A3/.25 C4/.25 "
        "E4/.25 A4/.25 C5/.25 A4/.25 E4/.25 C4/.25 E4/.25 A4/.25 "
        "F4/.25 D4/.25 A3/.25 D4/.25 F4/.25 A4/.25 F4/.25 D4/.25 "
        "A4/.25 F4/.25 D4/.25 A3/.25 D4/.25 F4/.25 A4/.25 D5/.25 "
        "B4/.25 G#4/.25 E4/.25 G#4/.25 B4/.25 D5/.25 B4/.25 G#4/.25 "
        "E4/.25 F4/.25 E4/.25 D4/.25 C4/.25 B3/.25 A3/.25 G#3/.25 A3/3 -/1",
        "Am | Dm | E7 | Am",
        "A harmonic minor",
    ),
    Primer(
        "chords",
        "Chords with a tune on top",
        92,
        (4, 4),
        "F2+A2+C3+E3/1.5 F3/.5 G3/1 A3/1 G2+Bb2+D3+F3/2 Bb2+E3+G3+C4/2 "
        "A2+C3+E3+A3/1.5 G3/.5 F3/1 D3/1 G2+Bb2+D3+G3/2 C2+E2+Bb2+E3/2",
    ),
    Primer(
        "waltz",
        "A waltz",
        156,
        (3, 4),
        "B3/1 D4/1 G4/1 F#4/1.5 E4/.5 D4/1 E4/1 C4/1 A3/1 F#3/2 -/1 "
        "B3/1 D4/1 G4/1 A4/1.5 G4/.5 F#4/1 E4/1 F#4/1 D4/1 G4/2 -/1",
        "G | Em | Am | D7 | G | Bm | Am D7 | G",
        "G",
    ),
)
