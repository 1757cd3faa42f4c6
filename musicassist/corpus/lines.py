"""From notes that sound together to the one line that leads, and where its phrases end."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import (
    LENGTHS,
    STEPS_PER_BEAT,
    UNKNOWN,
    Line,
    Setting,
    length_classes,
    strictly_rising,
)
from musicassist.music.keys import Key, key_of_weights

TimedPitch = tuple[float, float, int]
"""Onset and duration in steps, and the pitch."""

FEWEST_NOTES: Final = 12
_TONIC_AT_THE_END: Final = 0.25  # what ending on a tonic weighs, as a share of all notes
_CLEARLY: Final = 0.04  # share of the line that another key must hold beyond its signature's
_LONG_NOTE: Final = 4  # times the usual gap, and half a bar
_LONGEST_PHRASE: Final = 64  # notes, on the average, before the music is taken not to breathe
_SHORTEST_PHRASE: Final = 5  # notes, where only a held note ends it


def leading_notes(notes: Iterable[TimedPitch], together: float = 0.5) -> list[TimedPitch]:
    """Return the top line of notes that may sound together.

    Of notes struck together the highest leads; a note struck under a higher one that still
    sounds is accompaniment.

    Args:
        notes: Onset and duration in steps, and pitch, of each note, in any order.
        together: How many steps apart notes may be struck to count as one chord.
    """
    kept: list[TimedPitch] = []
    for onset, duration, pitch in sorted(notes):
        if kept and onset - kept[-1][0] <= together:
            if pitch > kept[-1][2]:
                kept[-1] = (kept[-1][0], duration, pitch)
        elif not kept or kept[-1][2] <= pitch or kept[-1][0] + kept[-1][1] <= onset + together:
            kept.append((onset, duration, pitch))
    return kept


def written_line(notes: Sequence[TimedPitch]) -> Line | None:
    """Return leading notes as a line without micro-timing; None where there are too few."""
    if len(notes) < FEWEST_NOTES:
        return None
    onsets = strictly_rising(np.array([round(onset) for onset, _, _ in notes], np.int64))
    to_next = np.append(np.diff(onsets), LENGTHS[-1])
    lengths = np.minimum([duration for _, duration, _ in notes], to_next)
    return Line(
        onsets,
        np.array([pitch for _, _, pitch in notes], np.int64),
        length_classes(np.maximum(lengths, 0.5)),
        np.full(len(onsets), UNKNOWN, np.int64),
    )


def ends_before_silence(line: Line, beats_a_bar: float) -> NDArray[np.bool_]:
    """Return where phrases seem to end, for music that does not say so: bool, shape (n,).

    A phrase ends with the note before half a bar of rest, with a note held much longer than
    usual (unless the phrase has hardly begun), and with the last one. Music that hardly ever
    rests, as fiddle tunes, does not say where its phrases end: then the array is empty.
    """
    if not len(line.onsets):
        return np.zeros(0, bool)
    half_a_bar = beats_a_bar * STEPS_PER_BEAT / 2
    gaps = np.diff(line.onsets)
    rests = gaps - LENGTHS[line.lengths[:-1]]
    usual = float(np.median(gaps)) if len(gaps) else half_a_bar
    is_held = gaps >= max(half_a_bar, _LONG_NOTE * usual)
    # A length class may be a little shorter than what was written: a step of grace.
    ends = np.append(rests >= half_a_bar - 1, True)
    last_end = -1
    for index in np.flatnonzero(ends | np.append(is_held, True)):
        if ends[index] or index - last_end >= _SHORTEST_PHRASE:
            ends[index] = True
            last_end = int(index)
    return ends if len(ends) <= _LONGEST_PHRASE * ends.sum() else ends[:0]


def from_first_bar(line: Line, setting: Setting) -> tuple[Line, Setting]:
    """Return line and setting without the whole bars of rest before the first note."""
    bar = round(setting.beats_a_bar * STEPS_PER_BEAT)
    shift = max(0, int(line.onsets[0] - setting.bar_origin) // bar * bar)
    changes = setting.changes - shift
    first = max(0, int(np.searchsorted(changes, 0, side="right")) - 1)
    return replace(line, onsets=line.onsets - shift), replace(
        setting,
        changes=np.maximum(changes[first:], 0),
        roots=setting.roots[first:],
        chords=setting.chords[first:],
    )


def key_of_signature(fifths: int | None, line: Line) -> Key:
    """Return the key of a line by its signature, major or minor by the tonic the line dwells on.

    Old scores write G minor with one flat, and others no signature at all: where another key
    holds clearly more of what is played, that key it is.
    """
    weights = np.zeros(12)
    np.add.at(weights, line.pitches % 12, LENGTHS[line.lengths])
    last = int(line.pitches[-1]) % 12
    found = key_of_weights(weights, last)
    if fifths is None or not -7 <= fifths <= 7:
        return found
    major, minor = Key.from_signature(fifths, False), Key.from_signature(fifths, True)
    dwelling = weights / weights.sum()
    if _held(found, dwelling) > _held(major, dwelling) + _CLEARLY:
        return found
    dwelling[last] += _TONIC_AT_THE_END
    return major if dwelling[major.tonic] >= dwelling[minor.tonic] else minor


def _held(key: Key, dwelling: NDArray[np.float64]) -> float:
    return float(dwelling[sorted(key.pitch_classes)].sum())
