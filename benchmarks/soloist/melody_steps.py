"""Folk tunes and chorales as steps of the solo network: one factor, the pitch of the note to come.

Nothing of a step looks ahead but, where rhythm is told, the onset and the length of the note whose
pitch is drawn: the shipped network draws both before the pitch. The tonic is guessed anew at each
note from the notes before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from training_loop import WANTS_NOTHING, Row

from musicassist.files.smf_read import read_midi
from musicassist.generation.memory import interval_offers
from musicassist.generation.scheme import NO_ROOT, Head, Scheme
from musicassist.music.keys import key_of_weights

LOWEST: Final = 36  # the pitch of the first class; a C, so that degrees stay degrees
N_CLASSES: Final = 64
STEPS_PER_QUARTER: Final = 24
SHIFTS: Final = tuple(range(-5, 7))  # semitones a melody is transposed by

_TICKS_PER_STEP: Final = 20
_FURTHEST: Final = 12
_N_INTERVALS: Final = 2 * _FURTHEST + 2  # and one for none
_LENGTHS: Final = (3, 6, 8, 12, 18, 24, 36, 48, 72, 96)  # steps; classes of length
_N_LENGTHS: Final = len(_LENGTHS) + 1
_PERIODS: Final = {24: 2, 48: 6, 72: 6, 96: 12, 144: 12}  # steps of a cycle, and of a place in it
_LOOK_BACK: Final = (48, 72, 96, 144, 192, 288, 384, 576)  # steps: one to eight bars of 2/4 to 4/4
_N_PHRASE_PLACES: Final = 12

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Melody:
    """A tune as it is written.

    Attributes:
        name: Of its file.
        pitches: MIDI pitches, int64.
        onsets: In steps of 1/24 quarter from the file's start, int64.
        lengths: In steps, int64.
        tonics: Pitch class of the tonic as the notes before each note suggest, `NO_ROOT` at the
            first; int64.
    """

    name: str
    pitches: Ints
    onsets: Ints
    lengths: Ints
    tonics: Ints


def read_melody(path: Path) -> Melody:
    """Read a monophonic MIDI file."""
    notes = read_midi(path).melody().notes
    pitches = np.array([note.pitch for note in notes], np.int64)
    onsets, lengths = (
        np.rint(np.array(ticks) / _TICKS_PER_STEP).astype(np.int64)
        for ticks in zip(*((note.onset_ticks, note.duration_ticks) for note in notes), strict=True)
    )
    return Melody(path.stem, pitches, onsets, lengths, tonics_heard(pitches))


def tonics_heard(pitches: Ints) -> Ints:
    """Return the tonic before each note, guessed from the notes before it alone."""
    tonics = np.full(len(pitches), NO_ROOT, np.int64)
    weights = np.zeros(12)
    for index in range(1, len(pitches)):
        last = int(pitches[index - 1] % 12)
        weights[last] += 1
        tonics[index] = key_of_weights(weights, last).tonic
    return tonics


def melody_scheme(n_units: int, knows_rhythm: bool) -> Scheme:
    """Return what the network sees and draws."""
    n_features = sum(_widths(knows_rhythm))
    head = Head(N_CLASSES, n_units, (), N_CLASSES, ("same", "interval"))
    return Scheme(n_features, {"pitch": head})


def melody_row(melody: Melody, shift: int, knows_rhythm: bool) -> Row:
    """Return a melody's steps, transposed by some semitones that the network is told."""
    pitches = melody.pitches + shift - LOWEST
    tonics = np.where(melody.tonics < NO_ROOT, (melody.tonics + shift) % 12, NO_ROOT)
    blocks = _pitch_blocks(pitches, tonics, shift)
    if knows_rhythm:
        blocks += _rhythm_blocks(melody, pitches)
    last = np.concatenate(([-1], pitches[:-1]))
    intervals = interval_offers(pitches, last)
    return {
        "features": np.concatenate(blocks, axis=1).astype(np.uint8),
        "pitch": pitches,
        "last_pitch": np.maximum(last, 0),
        "root": tonics,
        "pitch_same_offer": pitches,
        "pitch_same_want": pitches,
        "pitch_interval_offer": intervals,
        "pitch_interval_want": np.where(intervals < 0, WANTS_NOTHING, intervals),
    }


def _widths(knows_rhythm: bool) -> list[int]:
    blank = np.full(1, 60, np.int64)
    made_up = Melody("", blank, blank, blank, np.full(1, NO_ROOT, np.int64))
    return [melody_row(made_up, 0, knows_rhythm)["features"].shape[1]]


def _pitch_blocks(pitches: Ints, tonics: Ints, shift: int) -> list[NDArray[np.float64]]:
    n_steps = len(pitches)
    past = [_delayed(pitches, delay) for delay in (1, 2, 3, 4)]
    last = past[0]
    known = last >= 0
    steps = [_interval(later, earlier) for later, earlier in pairwise(past)]
    degrees = np.where(known & (tonics < NO_ROOT), (last - tonics) % 12, 12)
    before = np.tri(n_steps, k=-1)
    heard = before @ np.eye(12)[pitches % 12]
    around = heard[np.arange(n_steps)[:, None], (last[:, None] + np.arange(12)) % 12]
    running = (
        np.maximum.accumulate(np.where(known, last, -1)),
        np.minimum.accumulate(np.where(known, last, N_CLASSES)),
    )
    return [
        _one_hot(np.where(known, last, N_CLASSES), N_CLASSES + 1),
        *(_one_hot(step, _N_INTERVALS) for step in steps),
        _one_hot(degrees, 13),
        _one_hot(tonics, 13),
        _one_hot(_interval(last, np.where(known, pitches[0], -1)), _N_INTERVALS),
        _one_hot(_interval(last, running[0]), _N_INTERVALS),
        _one_hot(_interval(last, np.where(known, running[1], -1)), _N_INTERVALS),
        (around > 0) & known[:, None],
        _one_hot(np.full(n_steps, shift - SHIFTS[0]), len(SHIFTS)),
        _one_hot(np.minimum(np.arange(n_steps), 7), 8),
    ]


def _rhythm_blocks(melody: Melody, pitches: Ints) -> list[NDArray[np.float64]]:
    onsets, lengths = melody.onsets, melody.lengths
    n_steps = len(pitches)
    apart = np.diff(onsets, prepend=onsets[:1])
    rests = np.maximum(apart - np.concatenate((lengths[:1] * 0, lengths[:-1])), 0)
    classes = np.searchsorted(_LENGTHS, lengths, side="left")
    last_class = np.concatenate(([_N_LENGTHS], classes[:-1]))
    starts = np.maximum.accumulate(
        np.where((rests > 0) | (np.arange(n_steps) == 0), np.arange(n_steps), 0)
    )
    since_rest = np.minimum(np.arange(n_steps) - starts, _N_PHRASE_PLACES - 1)
    places = [
        _one_hot(onsets % period // unit, period // unit) for period, unit in _PERIODS.items()
    ]
    last = _delayed(pitches, 1)
    looks = []
    for look in _LOOK_BACK:
        at = np.searchsorted(onsets, onsets - look, side="right") - 1
        there = at >= 0
        sounded = np.where(there, pitches[np.maximum(at, 0)], -1)
        looks.append(_one_hot(_interval(sounded, last), _N_INTERVALS))
        looks.append((there & (onsets[np.maximum(at, 0)] == onsets - look))[:, None])
    return [
        _one_hot(classes, _N_LENGTHS),
        _one_hot(last_class, _N_LENGTHS + 1),
        _one_hot(np.concatenate(([0], last_class[:-1])), _N_LENGTHS + 1),
        (rests > 0)[:, None],
        (onsets % 12 != 0)[:, None],
        _one_hot(since_rest, _N_PHRASE_PLACES),
        *places,
        *looks,
    ]


def _delayed(pitches: Ints, delay: int) -> Ints:
    """Return what stood some notes earlier, -1 where nothing did."""
    return np.concatenate((np.full(min(delay, len(pitches)), -1), pitches[:-delay]))


def _interval(later: Ints, earlier: Ints) -> Ints:
    """Return classes of intervals; the last class where one of the notes is missing."""
    apart = np.clip(later - earlier, -_FURTHEST, _FURTHEST) + _FURTHEST
    return np.where((later >= 0) & (earlier >= 0), apart, _N_INTERVALS - 1)


def _one_hot(classes: Ints, n_classes: int) -> NDArray[np.float64]:
    return np.eye(n_classes)[classes]


def sorted_melodies(folder: Path) -> Sequence[Melody]:
    """Read every melody of a folder, by name."""
    return [read_melody(path) for path in sorted(folder.glob("*.mid"))]
