"""Chords that are struck, named by the notes they are made of."""

from typing import Final

from musicassist.generation.harmony_tables import KINDS
from musicassist.music.chords import ChordSymbol, parse_chord
from musicassist.music.keys import Key

FEWEST_NOTES: Final = 3

# The kinds of chord looked for, the plainer first, and the nearest kind the harmony model knows.
_NEAREST: Final = {
    "": "",
    "m": "m",
    "7": "7",
    "maj7": "maj7",
    "m7": "m7",
    "m7b5": "m7b5",
    "dim": "dim7",
    "dim7": "dim7",
    "+": "7",
    "sus4": "7sus4",
    "6": "",
    "m6": "m",
    "7sus4": "7sus4",
    "sus2": "",
    "9": "7",
    "m9": "m7",
    "maj9": "maj7",
    "mMaj7": "m",
    "add9": "",
    "madd9": "m",
    "7b9": "7",
    "7#9": "7",
    "+7": "7",
    "7b5": "7",
    "13": "7",
    "69": "",
}
_INTERVALS: Final = {
    kind: frozenset(interval % 12 for interval in parse_chord(f"C {kind}").intervals)
    for kind in _NEAREST
}
_ABSENT: Final = 1.0
_ABSENT_FIFTH: Final = 0.3  # the note a player leaves out first
_FOREIGN: Final = 1.2
_ROOT_IN_BASS: Final = 0.8
_TONIC_OR_DIATONIC: Final = 0.1
_WORST: Final = 1.4  # what a chord may lack or have too much and still be recognised


def heard_chord(classes: frozenset[int], bass: int, key: Key) -> ChordSymbol | None:
    """Return the chord that pitch classes make up; None where they are none, or too few.

    Args:
        classes: What is struck.
        bass: The lowest of it.
        key: How it is spelled, and what it rather is where it could be two.
    """
    if len(classes) < FEWEST_NOTES:
        return None
    found: tuple[float, int, str] | None = None
    for above_tonic in range(12):
        root = (key.tonic + above_tonic) % 12
        struck = {(each - root) % 12 for each in classes}
        for plainness, (kind, intervals) in enumerate(_INTERVALS.items()):
            absent = intervals - struck
            fault = _ABSENT * len(absent - {7}) + _ABSENT_FIFTH * len(absent & {7})
            fault += _FOREIGN * len(struck - intervals)
            if fault > _WORST or (0 in absent and root != bass):
                continue
            fault -= _ROOT_IN_BASS * (root == bass)
            fault -= _TONIC_OR_DIATONIC * (root in key.pitch_classes)
            fault += plainness / 1000
            if found is None or fault < found[0] - 1e-9:
                found = (fault, root, kind)
    if found is None:
        return None
    _, root, kind = found
    slash = f"/{key.name_of(bass)}" if bass != root else ""
    return parse_chord(f"{key.name_of(root)}{kind}{slash}")


def nearest_kind(symbol: ChordSymbol) -> int:
    """Return the index in `harmony_tables.KINDS` of the kind most like a chord."""
    struck = {interval % 12 for interval in symbol.intervals}
    kind = min(_INTERVALS, key=lambda kind: len(_INTERVALS[kind] ^ struck))
    return KINDS.index(_NEAREST[kind])
