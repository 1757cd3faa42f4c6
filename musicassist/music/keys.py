"""Keys and modes: the notes they hold, how they are written, and which one a phrase is in.

Spelling follows the line of fifths (... Bb F C G D ...), on which C is 0, every step to the right
adds a sharp and every step to the left a flat.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from musicassist.errors import KeySpellingError
from musicassist.music.note import Note

MODES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "major": (0, 2, 4, 5, 7, 9, 11),
        "minor": (0, 2, 3, 5, 7, 8, 10),
        "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
        "melodic minor": (0, 2, 3, 5, 7, 9, 11),
        "dorian": (0, 2, 3, 5, 7, 9, 10),
        "phrygian": (0, 1, 3, 5, 7, 8, 10),
        "lydian": (0, 2, 4, 6, 7, 9, 11),
        "mixolydian": (0, 2, 4, 5, 7, 9, 10),
        "locrian": (0, 1, 3, 5, 6, 8, 10),
        "major pentatonic": (0, 2, 4, 7, 9),
        "minor pentatonic": (0, 3, 5, 7, 10),
        "blues": (0, 3, 5, 6, 7, 10),
        "major blues": (0, 2, 3, 4, 7, 9),
    }
)
"""Semitones above the tonic, by name of the mode."""

_MODE_ALIASES: Final = {
    "": "major",
    "maj": "major",
    "ionian": "major",
    "ion": "major",
    "m": "minor",
    "-": "minor",
    "min": "minor",
    "aeolian": "minor",
    "aeol": "minor",
    "natural minor": "minor",
    "harm minor": "harmonic minor",
    "minor harmonic": "harmonic minor",
    "mel minor": "melodic minor",
    "minor melodic": "melodic minor",
    "jazz minor": "melodic minor",
    "dor": "dorian",
    "phryg": "phrygian",
    "phr": "phrygian",
    "lyd": "lydian",
    "mix": "mixolydian",
    "mixo": "mixolydian",
    "locr": "locrian",
    "pentatonic": "major pentatonic",
    "pentatonic major": "major pentatonic",
    "pentatonic minor": "minor pentatonic",
    "minor blues": "blues",
    "blues minor": "blues",
    "blues major": "major blues",
}

# How far right of its key signature's major tonic a mode's tonic lies on the line of fifths:
# A minor has the signature of C and A is three fifths right of C. Others are as major.
_FIFTHS_ABOVE_SIGNATURE: Final = {
    "minor": 3,
    "harmonic minor": 3,
    "melodic minor": 3,
    "minor pentatonic": 3,
    "blues": 3,
    "dorian": 2,
    "phrygian": 4,
    "lydian": -1,
    "mixolydian": 1,
    "locrian": 5,
}

_LETTERS_BY_FIFTHS: Final = "FCGDAEB"
_MOST_SHARPS: Final = 7
_LONGEST_SPELLING: Final = 40
_KEY = re.compile(
    r"""\s*(?P<letter>[A-Ga-g])
    (?P<accidental>[b♭]{1,2}|[#♯]{1,2}|-(?=\s))?
    (?P<mode>.*)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode.

    Two keys that sound alike are equal, however they are written: F# major equals Gb major.

    Attributes:
        tonic: Pitch class 0-11; 0 is C.
        mode: A name in `MODES`.
        prefers_flats: How to write a key that can be written both ways, such as F# or Gb major;
            None leaves it to the fewest accidentals, then flats.

    Raises:
        ValueError: The tonic or the mode does not exist.
    """

    tonic: int
    mode: str = "major"
    prefers_flats: bool | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.tonic <= 11 or self.mode not in MODES:
            raise ValueError(f"a key has a tonic 0-11 and a known mode: {self}")

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read a key as musicians write it: `Fm`, `F minor`, `Bb`, `D dorian`, `F harmonic minor`.

        The case of the tonic says nothing: `f` is F major.

        Raises:
            KeySpellingError: The text is not a key.
        """
        match = _KEY.fullmatch(text) if len(text) <= _LONGEST_SPELLING else None
        mode = _mode_named(match["mode"]) if match else None
        if match is None or mode is None:
            raise KeySpellingError(
                f"“{text[:_LONGEST_SPELLING]}” is not a key.",
                "Write it like C, Fm, Bb major or D dorian.",
            )
        tonic_fifths = fifths_of(match["letter"], match["accidental"] or "")
        n_sharps = tonic_fifths - _FIFTHS_ABOVE_SIGNATURE.get(mode, 0)
        return cls(tonic_fifths * 7 % 12, mode, n_sharps < 0)

    @classmethod
    def from_signature(cls, n_sharps: int, is_minor: bool) -> "Key":
        """Return the major or minor key with a key signature, as MIDI files store it.

        Args:
            n_sharps: -7 (seven flats) to 7.
            is_minor: Minor rather than major.

        Raises:
            ValueError: There is no such signature.
        """
        if not -_MOST_SHARPS <= n_sharps <= _MOST_SHARPS:
            raise ValueError(f"a key signature has at most 7 sharps or flats: {n_sharps}")
        mode = "minor" if is_minor else "major"
        tonic = (n_sharps + _FIFTHS_ABOVE_SIGNATURE.get(mode, 0)) * 7 % 12
        return cls(tonic, mode, n_sharps < 0)

    @property
    def n_sharps(self) -> int:
        """Sharps in the key signature, -7 to 7 (flats are negative); a mode has its relative's."""
        fifths = (self.tonic * 7 - _FIFTHS_ABOVE_SIGNATURE.get(self.mode, 0)) % 12
        with_sharps, with_flats = fifths, fifths - 12
        if with_sharps > _MOST_SHARPS:
            return with_flats
        if with_flats < -_MOST_SHARPS:
            return with_sharps
        if self.prefers_flats is None:
            return with_flats if -with_flats <= with_sharps else with_sharps
        return with_flats if self.prefers_flats else with_sharps

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return 4 not in MODES[self.mode]

    @property
    def scale(self) -> tuple[int, ...]:
        """The pitch classes of the key, upwards from the tonic."""
        return tuple((self.tonic + interval) % 12 for interval in MODES[self.mode])

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The pitch classes of the key."""
        return frozenset(self.scale)

    @property
    def tonic_name(self) -> str:
        """The tonic as written, such as `Bb`."""
        return _name_at(self._tonic_fifths)

    @property
    def name(self) -> str:
        """The key in full, such as `F minor`."""
        return f"{self.tonic_name} {self.mode}"

    @property
    def short_name(self) -> str:
        """The key as short as can be: `F`, `Fm`; other modes in full."""
        if self.mode in ("major", "minor"):
            return self.tonic_name + ("m" if self.mode == "minor" else "")
        return self.name

    def transposed_by(self, semitones: int) -> "Key":
        """Return the same mode on another tonic, written with the fewest accidentals."""
        return Key((self.tonic + semitones) % 12, self.mode)

    def name_of(self, pitch_class: int) -> str:
        """Return how a pitch class is written in this key, such as `F#` in D minor.

        Notes of the key signature are written as it says, others as in the chromatic scale on the
        tonic: lowered second, third, sixth and seventh, raised fourth.
        """
        return _name_at(self._fifths_of(pitch_class))

    @property
    def _tonic_fifths(self) -> int:
        return self.n_sharps + _FIFTHS_ABOVE_SIGNATURE.get(self.mode, 0)

    def _fifths_of(self, pitch_class: int) -> int:
        above_lowest = (pitch_class * 7 - (self.n_sharps - 1)) % 12
        if above_lowest < 7:
            return self.n_sharps - 1 + above_lowest
        lowest = self._tonic_fifths - 5
        fifths = lowest + (pitch_class * 7 - lowest) % 12
        if abs(_accidental_at(fifths)) > 1:  # nobody wants to read Bbb for A
            fifths += 12 if fifths < 0 else -12
        return fifths


def pitch_name(pitch: int, key: Key | None = None, *, middle_c_octave: int = 3) -> str:
    """Return the name of a note, such as `C3` for middle C.

    Args:
        pitch: MIDI pitch 0-127; 60 is middle C.
        key: Decides between sharps and flats; sharps without one.
        middle_c_octave: The octave middle C is said to be in: 3 (Yamaha, Ableton Live) or 4
            (science, Roland).
    """
    pitch_class = pitch % 12
    # Without a key: F to A#, the twelve names with no flat, is F = -1 to 10 on the line of fifths.
    fifths = (pitch_class * 7 + 1) % 12 - 1 if key is None else key._fifths_of(pitch_class)
    octave = (pitch - _accidental_at(fifths)) // 12 - 5 + middle_c_octave
    return f"{_name_at(fifths)}{octave}"


def is_black(pitch: int) -> bool:
    """Whether a pitch is a black key of a keyboard."""
    return pitch % 12 in (1, 3, 6, 8, 10)


def fifths_of(letter: str, accidental: str) -> int:
    """Return where a written note lies on the line of fifths; C is 0, and 7 times it its pitch.

    Args:
        letter: A-G, either case.
        accidental: Any number of sharps (`#`, `♯`) or flats (`b`, `♭`, `-`), or nothing.
    """
    n_sharps = sum(1 if sign in "#♯" else -1 for sign in accidental)
    return _LETTERS_BY_FIFTHS.index(letter.upper()) - 1 + 7 * n_sharps


# In how many of a thousand stretches of music a note of the key turns up, from the tonic upwards.
# Source: Temperley, "Music and Probability" (MIT Press 2007), counted in the examples of Kostka and
# Payne's textbook. They name the key of a short melody more often than Krumhansl's ratings do.
_MAJOR_PROFILE: Final = (748, 60, 488, 82, 670, 460, 96, 715, 104, 366, 57, 400)
_MINOR_PROFILE: Final = (712, 84, 474, 618, 49, 460, 105, 747, 404, 67, 133, 330)


def estimate_key(notes: Iterable[Note]) -> Key:
    """Return the major or minor key that notes are most likely in; C major for none.

    Each pitch class weighs as long as it sounds, and the key is the one whose profile correlates
    best. Where several fit equally, the one whose tonic is the last note, or next above it, wins.
    """
    ordered = sorted(notes)
    if not ordered:
        return Key(0)
    weights = [0.0] * 12
    for note in ordered:
        weights[note.pitch % 12] += note.duration_ticks
    return key_of_weights(weights, ordered[-1].pitch % 12)


def key_of_weights(weights: Iterable[float], last: int = 0) -> Key:
    """Return the major or minor key that pitch classes are most likely in.

    Args:
        weights: How much of each of the twelve pitch classes there is.
        last: The pitch class that ends the music: breaks ties between equally good keys.
    """

    heard = _around_mean(weights)

    def rank(key: Key) -> tuple[float, int, bool]:
        profile = _MINOR_PROFILE if key.is_minor else _MAJOR_PROFILE
        turned = profile[-key.tonic :] + profile[: -key.tonic] if key.tonic else profile
        correlation = _correlation(heard, _around_mean(turned))
        return correlation, -((key.tonic - last) % 12), not key.is_minor

    return max((Key(tonic, mode) for tonic in range(12) for mode in ("major", "minor")), key=rank)


def _around_mean(values: Iterable[float]) -> list[float]:
    each = [float(value) for value in values]
    mean = math.fsum(each) / len(each)
    return [value - mean for value in each]


def _correlation(first: list[float], second: list[float]) -> float:
    """Return Pearson's correlation, rounded so that equally good keys compare equal."""
    size = math.sqrt(math.fsum(x * x for x in first) * math.fsum(y * y for y in second))
    product = math.fsum(x * y for x, y in zip(first, second, strict=True))
    return round(product / size, 9) if size > 1e-9 else 0.0


def _mode_named(text: str) -> str | None:
    words = " ".join(text.replace("_", " ").split())
    if words == "M":
        return "major"
    if words not in ("m", "-"):
        words = words.lstrip("-").strip().lower()
    return words if words in MODES else _MODE_ALIASES.get(words)


def _accidental_at(fifths: int) -> int:
    """Return the sharps (flats are negative) of the note at a place on the line of fifths."""
    return (fifths + 1) // 7


def _name_at(fifths: int) -> str:
    """Return the name of the note at a place on the line of fifths."""
    accidental = _accidental_at(fifths)
    return _LETTERS_BY_FIFTHS[(fifths + 1) % 7] + ("#" * accidental or "b" * -accidental)
