"""Chord symbols: what musicians write over a bar, as notes.

Understood are the spellings of lead sheets (`Cmaj7`, `CΔ`, `C^7`, `C-7`, `Cø`, `C7(b9,#11)`,
`Csus4`, `C6/9`, `C/E`), of iReal Pro (`C-^7`, `Ch7`, `C7susadd3`; in a progression also its `x`,
`p`, `n`, `W` and the small and large chords `sC7`, `lC7`), of the Weimar Jazz Database, which puts
accidentals after the number (`Cj7`, `C79b`, `C7911#`), and the chord kinds of MusicXML with their
degrees (`C minor-seventh`, `C dominant add b9 subtract 5`).

B is the note below C, as in English: the German H is refused with a word on how to write it.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from musicassist.errors import ChordSpellingError
from musicassist.music.keys import fifths_of
from musicassist.music.timebase import Timebase

_LONGEST_SPELLING: Final = 40
_NO_CHORD_SPELLINGS: Final = frozenset({"nc", "n.c.", "n.c", "n", "no chord", "none"})

# Source: W3C MusicXML 4.0, the values of `kind`.
_MUSICXML_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "major": "",
        "minor": "m",
        "augmented": "+",
        "diminished": "o",
        "dominant": "7",
        "major-seventh": "maj7",
        "minor-seventh": "m7",
        "diminished-seventh": "o7",
        "augmented-seventh": "+7",
        "half-diminished": "m7b5",
        "major-minor": "mMaj7",
        "major-sixth": "6",
        "minor-sixth": "m6",
        "dominant-ninth": "9",
        "major-ninth": "maj9",
        "minor-ninth": "m9",
        "dominant-11th": "11",
        "major-11th": "maj11",
        "minor-11th": "m11",
        "dominant-13th": "13",
        "major-13th": "maj13",
        "minor-13th": "m13",
        "suspended-second": "sus2",
        "suspended-fourth": "sus4",
        "power": "5",
        "Neapolitan": "",
    }
)
# Those that nobody writes with a letter and a number, in semitones above the root that is named.
# Source: the sixth chords as music21 9.9 reads them, on the tonic.
_MUSICXML_INTERVALS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "Italian": (0, 6, 8),
        "French": (0, 2, 6, 8),
        "German": (0, 3, 6, 8),
        "Tristan": (0, 6, 10, 15),
        "pedal": (0,),
        "other": (0,),
    }
)
_MUSICXML_DEGREE: Final = re.compile(
    r"\s+(?P<type>add|alter|subtract)\s+(?P<accidental>[b#♭♯]?)(?P<number>\d{1,2})"
)
_DEGREE_SPELLINGS: Final = {"add": "add", "alter": "", "subtract": "no"}

_NOTE: Final = r"[A-Ga-g](?:b(?:b(?!5|9|13))?|\#\#?|♭♭?|♯♯?)?"
_CHORD: Final = re.compile(
    rf"(?P<root>{_NOTE})(?P<quality>.*?)(?<!/)(?:/\s*(?P<bass>{_NOTE}))?", re.DOTALL
)
_DEGREE_SEMITONES: Final = {2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 14, 10: 16, 11: 17, 13: 21}
_ALTERATIONS: Final = frozenset(
    {(2, "b"), (2, "#"), (3, "b"), (4, "#"), (5, "b"), (5, "#"), (6, "b"), (7, "b"), (7, "#")}
    | {(9, "b"), (9, "#"), (10, "b"), (11, "#"), (13, "b")}
)
_BAR_LINE: Final = re.compile(r"\|*[^\S\n]*\n\s*\|*|\|+")
_REPEATS: Final = ("%", "x")
_HOLDS: Final = ("%", "/", "p", "W")
# iReal Pro's size of print before a chord, and its chord without a root: the one before, over a
# bass. Source: iReal Pro, custom chord chart protocol.
_GERMAN_H: Final = re.compile(r"^[Hh]|(?<=/)[Hh]")
_SIZE: Final = re.compile(r"[sl](?=[A-GW])")
_SAME_OVER: Final = "W/"
_PLAIN_SIGNS: Final = str.maketrans("♭♯−–∆", "b#--Δ", " \t(),/[]")
_MAJOR_SEVENTH_SIGNS: Final = "^Δ△j"

# What a quality is made of; the signs before a number (C7-9, C7+9) are accidentals, the same signs
# right after the root (C-9, C+9) are minor and augmented.
_QUALITY_PARTS: Final = r"""
    (?P<major> major | [Mm]aj | MAJ | [Mm]j | [Mm]a(?!dd) | MA(?!DD) | M(?![Ii]) | j | \^ | Δ | △ )
  | (?P<minor> minor | [Mm]in | MIN | [Mm]i | MI | m | -(?!\d) | \A-)
  | (?P<half_dim> hdim | h | ø | Ø)
  | (?P<dim> dim | Dim | DIM | o(?!mit) | °)
  | (?P<aug> aug | Aug | AUG | \+(?!\d) | \A\+)
  | (?P<sus> [Ss]us(?:24|2|4)? | SUS(?:24|2|4)?)
  | (?P<alt> [Aa]lt | ALT)
  | (?P<dominant> dom)
  |"""
_NUMBER: Final = "(?P<number> 13 | 11 | 10 | [9765432] )"
_CHANGE: Final = "(?P<change> [Aa]dd | ADD | no | omit )?"
_PART: Final = re.compile(
    rf"{_QUALITY_PARTS} {_CHANGE} (?P<accidental> [b#+-] )? {_NUMBER}".replace("#", r"\#"),
    re.VERBOSE,
)
_PART_ACCIDENTAL_LAST: Final = re.compile(
    rf"{_QUALITY_PARTS} {_CHANGE} (?P<before> [b#] )? {_NUMBER} (?P<accidental> [b#] )?".replace(
        "#", r"\#"
    ),
    re.VERBOSE,
)
_IS_ACCIDENTAL_LAST: Final = re.compile(r"^\D*(?:79|711|713)|\d[b#](?:$|sus|\+)")


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord as written, and the notes it stands for.

    Attributes:
        root: Pitch class 0-11, or None for "no chord".
        intervals: Semitones of its notes above the root, upwards; a ninth is 14. Empty for none.
        bass: Pitch class of the lowest note, or None where it is the root.
        text: As it was written.

    Raises:
        ValueError: A pitch class does not exist, or "no chord" has notes.
    """

    root: int | None
    intervals: tuple[int, ...] = ()
    bass: int | None = None
    text: str = ""

    def __post_init__(self) -> None:
        if any(each is not None and not 0 <= each <= 11 for each in (self.root, self.bass)):
            raise ValueError(f"a pitch class is 0-11: {self}")
        if self.root is None and (self.intervals or self.bass is not None):
            raise ValueError(f"a chord without a root has no notes: {self}")

    @property
    def is_no_chord(self) -> bool:
        """Whether this says that nothing is played."""
        return self.root is None

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The pitch classes of the chord, its bass included."""
        if self.root is None:
            return frozenset()
        notes = {(self.root + interval) % 12 for interval in self.intervals}
        return frozenset(notes if self.bass is None else notes | {self.bass})


def parse_chord(text: str) -> ChordSymbol:
    """Read a chord symbol.

    Raises:
        ChordSpellingError: The text is not a chord symbol this program understands.
    """
    written = _SIZE.sub("", text.strip(), count=1)
    if written.lower() in _NO_CHORD_SPELLINGS:
        return ChordSymbol(None, text=written)
    match = _CHORD.fullmatch(written) if len(written) <= _LONGEST_SPELLING else None
    if match and match["quality"].strip() == "none":
        return ChordSymbol(None, text=written)
    intervals = _intervals_of(match["quality"]) if match else None
    if match is None or intervals is None:
        raise ChordSpellingError(
            f"“{written[:_LONGEST_SPELLING]}” is not a chord this program understands.",
            "Write the German H as B and the German B as Bb, such as Bm7 or Bbmaj7."
            if _is_german(written)
            else "Write it like Cmaj7, Fm7, Bb7b9, Gsus4, C/E or NC.",
        )
    root = _pitch_class(match["root"])
    bass = _pitch_class(match["bass"]) if match["bass"] else root
    return ChordSymbol(root, intervals, bass if bass != root else None, written)


def _is_german(written: str) -> bool:
    """Return whether this would be a chord if its H were a B."""
    in_english = _GERMAN_H.sub("B", written)
    if in_english == written:
        return False
    try:
        parse_chord(in_english)
    except ChordSpellingError:
        return False
    return True


def _pitch_class(name: str) -> int:
    return fifths_of(name[0], name[1:]) * 7 % 12


@dataclass(frozen=True, slots=True)
class Progression:
    """Chord symbols on the musical time line.

    Attributes:
        changes: Where each chord begins, in ticks, and the chord; in order.
        length_ticks: Length, at least 0; usually whole bars.

    Raises:
        ValueError: The changes are out of order or outside the length.
    """

    changes: tuple[tuple[int, ChordSymbol], ...] = ()
    length_ticks: int = 0

    def __post_init__(self) -> None:
        onsets = [onset_ticks for onset_ticks, _ in self.changes]
        if onsets != sorted(set(onsets)) or (onsets and onsets[0] < 0):
            raise ValueError("the chords of a progression start at 0 or later and run forward")
        if self.length_ticks < 0 or (onsets and onsets[-1] >= self.length_ticks):
            raise ValueError("a chord starts at or after the end of its progression")

    def chord_at(self, ticks: float) -> ChordSymbol | None:
        """Return the chord in force at a place; None before the first."""
        index = bisect_right(self.changes, ticks, key=_onset) - 1
        return self.changes[index][1] if index >= 0 else None

    def looped_to(self, length_ticks: int) -> "Progression":
        """Return it repeated, or cut, to a length; one without length stays without chords."""
        if self.length_ticks == 0:
            return Progression((), length_ticks)
        changes = (
            (start_ticks + onset_ticks, chord)
            for start_ticks in range(0, length_ticks, self.length_ticks)
            for onset_ticks, chord in self.changes
            if start_ticks + onset_ticks < length_ticks
        )
        return Progression(tuple(changes), length_ticks)


def parse_progression(text: str, timebase: Timebase, start_ticks: int = 0) -> Progression:
    """Read a line of chords such as `Fm | Db | C7 E7 | %`.

    Bars are separated by `|` or a new line, and the chords in a bar share it evenly. A bar of `%`
    (or `x`) repeats the bar before; `/` or `%` (or `p`, `W`) among chords holds the chord for
    another share, and `W/E` puts E under it; an empty bar between others holds it throughout. Bar
    lines around it all may be left out.

    Args:
        text: The chords.
        timebase: Where its bars lie.
        start_ticks: Where the first chord stands, from which the result counts. Within a bar, the
            first bar is what is left of that one.

    Raises:
        ChordSpellingError: Something in it is not a chord, or the first bar repeats nothing.
    """
    bars = [bar.split() for bar in _BAR_LINE.split(text.strip("| \t\r\n"))]
    if bars == [[]]:
        return Progression()
    changes: list[tuple[int, ChordSymbol]] = []
    earlier: list[str] = []
    first_bar = timebase.bar_at(start_ticks)
    for index, words in enumerate(bars):
        if len(words) == 1 and words[0] in _REPEATS:
            if not index:
                raise ChordSpellingError(
                    f"The first bar says “{words[0]}”, but there is no bar before it to repeat.",
                    "Write a chord in the first bar.",
                )
            words = earlier
        bar_start_ticks = max(timebase.bar_start_ticks(first_bar + index), start_ticks)
        bar_ticks = timebase.bar_start_ticks(first_bar + index + 1) - bar_start_ticks
        if len(words) > bar_ticks:
            raise ChordSpellingError(
                f"There are {len(words)} chords in bar {index + 1}, more than fit into it.",
                "Separate bars with | or a new line.",
            )
        for share, word in enumerate(words):
            if word not in _HOLDS:
                onset_ticks = bar_start_ticks - start_ticks + bar_ticks * share // len(words)
                before = changes[-1][1] if changes else None
                changes.append((onset_ticks, _chord_after(before, word)))
        earlier = words
    length_ticks = timebase.bar_start_ticks(first_bar + len(bars)) - start_ticks
    return Progression(tuple(changes), length_ticks)


def _chord_after(before: ChordSymbol | None, word: str) -> ChordSymbol:
    """Return a chord, or the one before over another bass."""
    if before is None or before.root is None or not _SIZE.sub("", word).startswith(_SAME_OVER):
        return parse_chord(word)
    return parse_chord(before.text.partition("/")[0] + word[word.index("/") :])


def _onset(change: tuple[int, ChordSymbol]) -> int:
    return change[0]


def _intervals_of(quality: str) -> tuple[int, ...] | None:
    """Return the intervals a chord quality stands for, or None where it is not understood."""
    kind = quality.strip().removeprefix(":").strip()
    degrees = "".join(
        _DEGREE_SPELLINGS[degree["type"]] + degree["accidental"] + degree["number"]
        for degree in _MUSICXML_DEGREE.finditer(kind)
    )
    kind = _MUSICXML_DEGREE.sub("", kind)
    base = _MUSICXML_INTERVALS.get(kind)
    spelling = ("" if base else _MUSICXML_KINDS.get(kind, kind)) + degrees
    return _intervals_spelled(spelling.translate(_PLAIN_SIGNS), base)


def _intervals_spelled(spelling: str, base: tuple[int, ...] | None) -> tuple[int, ...] | None:
    part = _PART_ACCIDENTAL_LAST if _IS_ACCIDENTAL_LAST.search(spelling) else _PART
    reading = _Reading() if base is None else _Reading(third=None, others=base)
    place = 0
    while place < len(spelling):
        match = part.match(spelling, place)
        if match is None or not reading.understands(match):
            return None
        place = match.end()
    return reading.intervals


class _Reading:
    """The notes of a chord while its symbol is read from left to right."""

    def __init__(self, third: int | None = 4, others: tuple[int, ...] = ()) -> None:
        self.third = third
        self.fifths = {7} if third is not None else set()
        self.others = set(others)
        self.seventh = 10
        self.is_at_start = True
        self.has_seventh_or_sixth = False

    @property
    def intervals(self) -> tuple[int, ...]:
        thirds = set() if self.third is None else {self.third}
        return tuple(sorted({0} | thirds | self.fifths | self.others))

    def understands(self, match: re.Match[str]) -> bool:
        """Take in one part of the symbol; return whether it makes sense here."""
        is_at_start, self.is_at_start = self.is_at_start, False
        part, text = match.lastgroup, match[0]
        if part == "major":
            return self._read_major(text, is_at_start)
        if part == "minor":
            self.third = 3
            return is_at_start
        if part == "dim":
            self.third, self.fifths, self.seventh = 3, {6}, 9
            return is_at_start
        if part == "half_dim":
            self.third, self.fifths, self.others = 3, {6}, {10}
            return is_at_start
        if part == "aug":
            self.fifths = {8}
            return True
        if part == "sus":
            self._suspend(text[3:])
            return True
        if part == "alt":
            self.fifths = set()
            self.others |= {10, 13, 15, 18, 20}
            return True
        if part == "dominant":
            return is_at_start
        number = int(match["number"])
        accidental = match["accidental"] or match.groupdict().get("before") or ""
        accidental = accidental.replace("+", "#").replace("-", "b")
        if match["change"] in ("no", "omit"):
            return self._omit(number)
        if accidental:
            is_last = match[0].endswith(accidental)
            if is_last and number > 7 and not match["change"] and not self.has_seventh_or_sixth:
                self._extend(7, is_alone=False)
            return self._alter(number, accidental)
        if match["change"]:
            self.others.add(_DEGREE_SEMITONES[number])
            return True
        return self._extend(number, is_alone=is_at_start and match.end() == len(match.string))

    def _read_major(self, text: str, is_at_start: bool) -> bool:
        if self.seventh == 11:
            return False
        self.seventh = 11
        if text in _MAJOR_SEVENTH_SIGNS or not is_at_start:
            self.others.add(11)
        return is_at_start or not self.has_seventh_or_sixth

    def _suspend(self, degrees: str) -> None:
        self.third = 2 if degrees == "2" else 5
        if degrees == "24":
            self.others.add(2)

    def _omit(self, number: int) -> bool:
        if number == 3:
            self.third = None
        elif number == 5:
            self.fifths = set()
        else:
            self.others.discard(_DEGREE_SEMITONES[number])
        return True

    def _alter(self, number: int, accidental: str) -> bool:
        """Take in a sharp or flat note, which replaces the plain one of its number."""
        if (number, accidental) not in _ALTERATIONS:
            return False
        semitones = _DEGREE_SEMITONES[number] + (1 if accidental == "#" else -1)
        if number == 5:
            self.fifths = (self.fifths - {7}) | {semitones}
        elif number == 3:
            self.third = semitones
        else:
            self.others.discard(_DEGREE_SEMITONES[number])
            self.others.add(semitones)
        return True

    def _extend(self, number: int, *, is_alone: bool) -> bool:
        """Take in a plain number: 9, 11 and 13 stand on a seventh unless a 6 or 7 was read."""
        if number == 5:
            self.third = None if is_alone else self.third
        elif number == 4:
            self._suspend("4")
        elif number == 7:
            self.others.add(self.seventh)
            self.has_seventh_or_sixth = True
        elif number in (9, 11, 13):
            if not self.has_seventh_or_sixth:
                self.others |= {self.seventh, 14}
                self.has_seventh_or_sixth = True
            self.others.add(_DEGREE_SEMITONES[number])
        elif number == 6:
            self.others.add(9)
            self.has_seventh_or_sixth = True
        elif number == 2:
            self.others.add(14)
        else:
            return False
        return True
