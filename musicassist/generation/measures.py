"""How a stretch of music was played, in numbers: what the wishes of `music.manner` ask for."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import (
    FURTHEST_MICRO,
    STEPS_PER_BEAT,
    TICKS_PER_MICRO,
    TICKS_PER_STEP,
    UNKNOWN,
    Line,
    Setting,
)

_FEWEST_SWUNG: Final = 4  # pairs of eighths, below which nobody can tell a swing
_CELL: Final = 3  # intervals


def measured(line: Line, setting: Setting) -> dict[str, float]:
    """Return every quality of `manner.QUALITIES` of a line of at least two notes.

    The units: notes a beat, MIDI pitch, semitones, share, bits, share, share, share of the beat at
    which the second eighth comes (.5 straight). NaN where a quality cannot be told.
    """
    intervals = np.diff(line.pitches)
    beats = max(1, int(line.onsets[-1] - line.onsets[0])) / STEPS_PER_BEAT
    return {
        "density": (len(line.onsets) - 1) / beats,
        "register": float(np.median(line.pitches)),
        "span": float(np.ptp(line.pitches)),
        "leaps": float(np.mean(np.abs(intervals) > 2)),
        "rhythmic_variety": _entropy_bits(np.diff(line.onsets)),
        "chord_tones": _chord_tone_share(line, setting),
        "repetition": _repeated_share(intervals),
        "swing": swing_ratio(line),
    }


def swing_ratio(line: Line) -> float:
    """Return where in the beat the second of two eighths comes on average; NaN if there are few."""
    beats, subs = np.divmod(line.onsets, STEPS_PER_BEAT)
    notes_in_beat = np.bincount(beats - beats[0])[beats - beats[0]]
    is_second = (notes_in_beat == 2) & (subs >= 10) & (subs <= 20)
    is_second[1:] &= (subs[:-1] == 0) & (beats[1:] == beats[:-1])
    is_second[0] = False
    if is_second.sum() < _FEWEST_SWUNG:
        return float("nan")
    micros = np.where(line.micros == UNKNOWN, 0, line.micros - FURTHEST_MICRO)
    places = subs + micros * (TICKS_PER_MICRO / TICKS_PER_STEP)
    return float(np.mean(places[is_second]) / STEPS_PER_BEAT)


def _entropy_bits(values: NDArray[Any]) -> float:
    _, counts = np.unique(values, return_counts=True)
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


def _chord_tone_share(line: Line, setting: Setting) -> float:
    chords = setting.chords_at(line.onsets)
    is_over_chord = chords.any(axis=1)
    if not is_over_chord.any():
        return float("nan")
    is_tone = chords[np.arange(len(chords)), line.pitches % 12] > 0
    return float(is_tone[is_over_chord].mean())


def _repeated_share(intervals: NDArray[Any]) -> float:
    """Return the share of interval cells that stood earlier in the same stretch."""
    cells = [tuple(intervals[start : start + _CELL]) for start in range(len(intervals) - _CELL + 1)]
    return 1 - len(set(cells)) / len(cells) if cells else float("nan")
