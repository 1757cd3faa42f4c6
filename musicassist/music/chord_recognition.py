"""Chords by what sounds: the symbol for a handful of keys held down."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from musicassist.errors import ChordSpellingError
from musicassist.music.chords import ChordSymbol, parse_chord
from musicassist.music.keys import Key

# The plainer name first: it wins where two fit equally well.
KINDS: Final = (
    "",
    "m",
    "7",
    "m7",
    "maj7",
    "sus4",
    "sus2",
    "dim",
    "+",
    "m7b5",
    "dim7",
    "6",
    "m6",
    "7sus4",
    "5",
    "add9",
    "madd9",
    "9",
    "m9",
    "maj9",
    "69",
    "mMaj7",
    "7b9",
    "7#9",
    "+7",
    "7b5",
    "maj7#5",
    "m69",
    "9sus4",
    "7#11",
    "maj7#11",
    "11",
    "m11",
    "13",
    "maj13",
    "m13",
)
"""The kinds of chord that are recognised, as `parse_chord` reads them after a root."""

_INTERVALS: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {kind: frozenset(each % 12 for each in parse_chord(f"C{kind}").intervals) for kind in KINDS}
)

_ABSENT: Final = 1.0
_ABSENT_FIFTH: Final = 0.35  # what players leave out first, where there is a seventh or more
_FOREIGN: Final = 1.4
_INVERTED: Final = 0.3
_FOREIGN_BASS: Final = 0.6  # a chord over a bass that is no note of it
_NOT_IN_KEY: Final = 0.02


def recognise(pitches: Iterable[int], key: Key | None = None) -> ChordSymbol | None:
    """Return the chord that notes make up; None for fewer than two different ones.

    The lowest note is taken for the root where that makes sense, otherwise it stands after a slash.

    Args:
        pitches: MIDI pitches held together.
        key: Decides the spelling, and between two chords that fit equally; C major without one.
    """
    held = sorted(set(pitches))
    classes = frozenset(pitch % 12 for pitch in held)
    if len(classes) < 2:
        return None
    key = key or Key(0)
    bass = held[0] % 12
    root, kind = min(
        ((root, kind) for root in range(12) for kind in KINDS),
        key=lambda each: _fault(each[0], each[1], classes, bass, key),
    )
    slash = f"/{key.name_of(bass)}" if bass != root else ""
    return parse_chord(f"{key.name_of(root)}{kind}{slash}")


def spelled(chord: ChordSymbol, key: Key | None = None) -> str:
    """Return a chord as one word that `parse_chord` reads, its root and bass as a key writes them.

    The kind stays as it is written where that is one word; else it is the nearest in `KINDS`.
    """
    if chord.root is None:
        return "NC"
    key = key or Key(0)
    kind = _kind_written(chord)
    slash = f"/{key.name_of(chord.bass)}" if chord.bass is not None else ""
    return f"{key.name_of(chord.root)}{kind}{slash}"


def transposed(chord: ChordSymbol, semitones: int, key: Key | None = None) -> ChordSymbol:
    """Return a chord moved up or down, spelled as a key writes it."""
    if chord.root is None:
        return chord
    bass = None if chord.bass is None else (chord.bass + semitones) % 12
    moved = ChordSymbol((chord.root + semitones) % 12, chord.intervals, bass, chord.text)
    return parse_chord(spelled(moved, key))


def _kind_written(chord: ChordSymbol) -> str:
    """Return what stands between root and bass of a chord as it is written."""
    text = "".join(chord.text.split())
    if text != chord.text:
        plain = (kind for kind in KINDS if _is_kind(kind, chord.intervals))
        if (kind := next(plain, None)) is not None:
            return kind
    for start in (1, 2, 3):  # the root is a letter with up to two signs
        for end in (text.rfind("/"), len(text)):
            if start <= end and _is_kind(text[start:end], chord.intervals):
                return text[start:end]
    classes = frozenset(each % 12 for each in chord.intervals)
    return min(KINDS, key=lambda kind: (len(_INTERVALS[kind] ^ classes), KINDS.index(kind)))


def _is_kind(kind: str, intervals: tuple[int, ...]) -> bool:
    try:
        read = [parse_chord(f"{root}{kind}") for root in "CD"]  # C/C says nothing of a bass
    except ChordSpellingError:
        return False
    return [(each.root, each.intervals, each.bass) for each in read] == [
        (0, intervals, None),
        (2, intervals, None),
    ]


def _fault(
    root: int, kind: str, classes: frozenset[int], bass: int, key: Key
) -> tuple[float, int, int]:
    """Return how badly a chord fits to notes, what is plainer first where two fit equally."""
    intervals = _INTERVALS[kind]
    struck = {(each - root) % 12 for each in classes}
    foreign = struck - intervals
    absent = intervals - struck
    fifth = {7} if len(intervals) > 3 or len(struck) == 2 else set()
    fault = _ABSENT * len(absent - fifth) + _ABSENT_FIFTH * len(absent & fifth)
    above_root = (bass - root) % 12
    if above_root in foreign:
        fault += _FOREIGN_BASS
        foreign = foreign - {above_root}
    elif above_root:
        fault += _INVERTED
    fault += _FOREIGN * len(foreign)
    chord_classes = {(root + each) % 12 for each in intervals}
    fault += _NOT_IN_KEY * len(chord_classes - key.pitch_classes)
    return round(fault, 6), KINDS.index(kind), (root - key.tonic) % 12
