"""Chords by their degree: what a palette offers in a key, and progressions for every key.

Degrees are counted as on the major scale of the tonic, in minor keys too, as jazz musicians write
them: the triads of A minor are i, iidim, bIII, iv, v, bVI and bVII. Small letters are minor.
"""

import re
from typing import Final

import numpy as np

from musicassist.errors import ChordSpellingError
from musicassist.music.chord_recognition import recognise
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.keys import MODES, Key, key_of_weights
from musicassist.music.timebase import Timebase

_NUMERALS: Final = ("I", "II", "III", "IV", "V", "VI", "VII")
_DEGREE: Final = re.compile(
    r"(?P<sign>[b#]?)(?P<numeral>VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?P<kind>[^/]*)"
    r"(?:/(?P<bass_sign>[b#]?)(?P<bass>VII|VI|IV|V|III|II|I))?"
)
_MAJOR: Final = MODES["major"]
_SIGNS: Final = {"b": -1, "": 0, "#": 1}
_DEGREE_BY_SEMITONES: Final = (
    *("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"),
)
# Kinds that say by themselves that the third is minor.
_MINOR_KINDS: Final = ("dim", "m7b5")
_FEWEST_STEPS: Final = 7
_TRIADS: Final[dict[tuple[int, ...], str]] = {(0, 3, 7): "m", (0, 3, 6): "dim", (0, 4, 8): "+"}


def chord_on_degree(text: str, key: Key) -> ChordSymbol:
    """Return the chord a degree means in a key, such as `ii7`, `bVIImaj7`, `viidim`, `I/V`.

    Raises:
        ChordSpellingError: It is no degree, or the kind behind it is not understood.
    """
    match = _DEGREE.fullmatch(text)
    if match is None:
        raise ChordSpellingError(f"“{text}” is no degree.", "Write it like ii7, V7 or bVII.")
    root = _pitch_class(match["sign"], match["numeral"].upper(), key)
    kind = match["kind"]
    if match["numeral"].islower() and not kind.startswith(_MINOR_KINDS):
        kind = f"m{kind}"
    slash = ""
    if match["bass"]:
        slash = f"/{key.name_of(_pitch_class(match['bass_sign'], match['bass'], key))}"
    return parse_chord(f"{key.name_of(root)}{kind}{slash}")


def degree_of(chord: ChordSymbol, key: Key) -> str:
    """Return the degree of a chord without its kind, such as `ii`, `V`, `bVII` or `viidim`."""
    if chord.root is None:
        return ""
    degree = _DEGREE_BY_SEMITONES[(chord.root - key.tonic) % 12]
    classes = {each % 12 for each in chord.intervals}
    if 3 in classes and 4 not in classes:
        sign = degree[: len(degree) - len(degree.lstrip("b#"))]
        degree = sign + degree[len(sign) :].lower()
        return f"{degree}dim" if 6 in classes and 7 not in classes else degree
    return f"{degree}+" if 8 in classes and 7 not in classes and 4 in classes else degree


def progression_on_degrees(text: str, key: Key, timebase: Timebase) -> Progression:
    """Return a progression written in degrees, such as `ii7 | V7 | Imaj7 | %`, in a key.

    Raises:
        ChordSpellingError: Something in it is not understood.
    """
    words = (
        word if word in ("|", "%", "/", "NC") else chord_on_degree(word, key).text
        for word in text.split()
    )
    return parse_progression(" ".join(words), timebase)


def diatonic_chords(key: Key, n_notes: int) -> tuple[ChordSymbol, ...]:
    """Return the chords stacked in thirds on the degrees of a key.

    Scales of fewer than seven notes borrow those of the major or minor scale.

    Args:
        key: The key.
        n_notes: 3 for triads, 4 for sevenths.
    """
    steps = MODES[key.mode]
    if len(steps) != _FEWEST_STEPS:
        steps = MODES["minor" if key.is_minor else "major"]
    chords = []
    for degree in range(len(steps)):
        pitches = []
        for third in range(n_notes):
            octave, step = divmod(degree + 2 * third, len(steps))
            pitches.append(60 + key.tonic + steps[step] + 12 * octave)
        chord = recognise(pitches, key)
        assert chord is not None
        chords.append(chord)
    return tuple(chords)


def leading_chords(key: Key) -> tuple[tuple[str, ChordSymbol], ...]:
    """Return the dominants of the chords of a key, each with its name, such as `V7/ii`."""
    found = []
    for target in diatonic_chords(key, 3):
        assert target.root is not None
        if 7 in target.intervals and (target.root != key.tonic or key.is_minor):
            dominant = parse_chord(f"{key.name_of((target.root + 7) % 12)}7")
            name = "V7" if target.root == key.tonic else f"V7/{degree_of(target, key)}"
            found.append((name, dominant))
    return tuple(found)


def borrowed_chords(key: Key) -> tuple[ChordSymbol, ...]:
    """Return the triads of the key of the same tonic and the other mode that are no triads of it.

    The lowered second degree, a guest in both, comes last.
    """
    own = {(each.root, each.intervals) for each in diatonic_chords(key, 3)}
    parallel = Key(key.tonic, "major" if key.is_minor else "minor")
    spelling = Key(key.tonic, "minor", key.prefers_flats)
    guests = [
        parse_chord(f"{spelling.name_of(each.root)}{_triad_kind(each)}")
        for each in diatonic_chords(parallel, 3)
        if each.root is not None and (each.root, each.intervals) not in own
    ]
    lowered = parse_chord(spelling.name_of((key.tonic + 1) % 12))
    if (lowered.root, lowered.intervals) not in own:
        guests.append(lowered)
    return tuple(guests)


def key_of_chords(progression: Progression) -> Key:
    """Return the key that chords alone are most likely in; C major for none."""
    ends = [onset for onset, _ in progression.changes[1:]] + [progression.length_ticks]
    weights = np.zeros(12)
    for (onset_ticks, chord), end_ticks in zip(progression.changes, ends, strict=False):
        for pitch_class in chord.pitch_classes:
            weights[pitch_class] += end_ticks - onset_ticks
    roots = [chord.root for _, chord in progression.changes if chord.root is not None]
    return key_of_weights(weights, roots[0]) if roots else Key(0)


def _triad_kind(chord: ChordSymbol) -> str:
    return _TRIADS.get(chord.intervals, "")


def _pitch_class(sign: str, numeral: str, key: Key) -> int:
    return (key.tonic + _MAJOR[_NUMERALS.index(numeral)] + _SIGNS[sign]) % 12
