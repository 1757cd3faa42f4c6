"""Whether a soloist that plays on and on stays itself: drift over windows of 64 notes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.corpus.piece import Piece
from musicassist.evaluation.answers import Tell, Wishes, request_for
from musicassist.evaluation.harmony import harmony_of
from musicassist.evaluation.likeness import LENGTH_CLASSES, length_values
from musicassist.evaluation.passages import (
    PRIMER_BARS,
    Passage,
    bar_steps,
    joined,
    passage_at,
    setting_from,
)
from musicassist.evaluation.statistics import Share
from musicassist.evaluation.structure import bars_of, entropy, groove
from musicassist.generation.encoding import LENGTHS, Line, Setting
from musicassist.generation.soloist import MOST_BARS, Soloist

N_LINES: Final = 12
LONGEST_NOTES: Final = 2000
WINDOW_NOTES: Final = 64
FEWEST_WINDOWS: Final = 4
_FIELDS: Final = ("onsets", "pitches", "lengths", "micros")
_CELL_INTERVALS: Final = 3
_A_THOUSAND_NOTES: Final = 1000 / WINDOW_NOTES


def drift(lines: Sequence[tuple[int, Line, Setting]]) -> dict[str, Share]:
    """Return how much every measure changes in a thousand notes: the slope of its windows.

    Args:
        lines: Piece number, notes and setting of each long line; short ones say nothing.
    """
    slopes, pieces = [], []
    for piece, line, setting in lines:
        windows = [window_measures(each, setting) for each in windows_of(line)]
        if len(windows) >= FEWEST_WINDOWS:
            pieces.append(piece)
            slopes.append({name: slope([w[name] for w in windows]) for name in windows[0]})
    if not slopes:
        return {}
    at = np.asarray(pieces, np.int64)
    return {name: Share.mean([each[name] for each in slopes], at) for name in slopes[0]}


def windows_of(line: Line) -> list[Line]:
    """Return the whole windows of a line, one after the other."""
    return [
        Line(*(getattr(line, name)[start : start + WINDOW_NOTES] for name in _FIELDS))
        for start in range(0, len(line.onsets) - WINDOW_NOTES + 1, WINDOW_NOTES)
    ]


def slope(values: Sequence[float]) -> float:
    """Return the least-squares slope of a window's measure in a thousand notes; NaN for none."""
    known = np.isfinite(values)
    if known.sum() < 2:
        return float("nan")
    places = np.flatnonzero(known)
    heights = np.asarray(values, np.float64)[known]
    from_mean = places - places.mean()
    return float(from_mean @ heights / (from_mean @ from_mean)) * _A_THOUSAND_NOTES


def window_measures(line: Line, setting: Setting) -> dict[str, float]:
    """Return the measures of one window of notes."""
    bar = bar_steps(setting)
    fits = {name: _mean(each) for name, each in harmony_of(line, setting).items()}
    intervals = np.diff(line.pitches)
    cells = [tuple(intervals[i : i + _CELL_INTERVALS]) for i in range(len(intervals) - 2)]
    first_bar = int(line.onsets[0] - setting.bar_origin) // bar
    shift = setting.bar_origin + first_bar * bar
    n_bars = int(line.onsets[-1] - shift) // bar + 1
    moved = replace(line, onsets=line.onsets - shift)
    span = int(line.onsets[-1] - line.onsets[0]) + 1
    values = np.bincount(length_values(LENGTHS[line.lengths]), minlength=len(LENGTH_CLASSES))
    return {
        "density": len(line.onsets) * bar / span,
        **fits,
        "used_pitches": float(len(np.unique(line.pitches))),
        "median_pitch": float(np.median(line.pitches)),
        "pitch_range": float(np.ptp(line.pitches)),
        "mean_interval": _mean(np.abs(intervals)),
        "pitch_class_entropy": entropy(np.bincount(line.pitches % 12)),
        "length_entropy": entropy(values),
        "repetition": 1 - len(set(cells)) / max(1, len(cells)),
        "groove": groove(bars_of(moved, bar, n_bars), bar),
    }


def play_on(
    soloist: Soloist, pieces: Sequence[Piece], wishes: Wishes, tell: Tell
) -> list[tuple[int, Line, Setting]]:
    """Return a long line for some of the pieces, each over that piece's chords again and again.

    The soloist is asked for as many bars as it may be asked for; what it played last is the next
    question's primer.
    """
    chosen = np.unique(np.linspace(0, len(pieces) - 1, min(N_LINES, len(pieces))).round())
    found = []
    for number, index in enumerate(chosen.astype(int).tolist()):
        line, setting = _long_line(soloist, pieces[index], index, wishes)
        found.append((index, line, setting))
        tell(number + 1, len(chosen))
    return found


def _long_line(soloist: Soloist, piece: Piece, index: int, wishes: Wishes) -> tuple[Line, Setting]:
    bar = bar_steps(piece.setting)
    n_bars = int(piece.line.onsets[-1] - piece.setting.bar_origin) // bar + 1
    first = next(
        (at for at in range(n_bars) if len(passage_at(piece, index, at, 1).primer.onsets)), 0
    )
    primer = passage_at(piece, index, first, 1).primer
    whole = looped(piece.setting, first * bar, n_bars * bar, LONGEST_NOTES * bar)
    played: list[Line] = []
    at = 0
    while sum(len(each.onsets) for each in played) < LONGEST_NOTES and len(primer.onsets):
        end = (PRIMER_BARS + MOST_BARS) * bar
        passage = Passage(
            index, 0, setting_from(whole, at, end), primer, primer, PRIMER_BARS * bar, end
        )
        request = request_for(passage, wishes, index * LONGEST_NOTES + len(played))
        (solo,) = soloist.continue_phrase(request)
        answer = passage.with_answer(solo.clip).answer
        played.append(_moved(answer, at))
        at += MOST_BARS * bar
        primer = _moved(_from(answer, MOST_BARS * bar), -MOST_BARS * bar)
    line = joined(*played)
    return Line(*(getattr(line, name)[:LONGEST_NOTES] for name in _FIELDS)), whole


def looped(setting: Setting, at: int, length: int, long: int) -> Setting:
    """Return a setting that starts at `at` and whose chords come again after `length` steps."""
    origin = setting.bar_origin
    once = setting_from(setting, origin, length)
    n_times = -(-(at + long) // length)
    starts = np.repeat(np.arange(n_times) * length, len(once.changes))
    whole = replace(
        once,
        changes=np.tile(once.changes, n_times) + starts,
        roots=np.tile(once.roots, n_times),
        chords=np.tile(once.chords, (n_times, 1)),
    )
    return setting_from(whole, at, long)


def _from(line: Line, start: int) -> Line:
    chosen = line.onsets >= start
    return Line(*(getattr(line, name)[chosen] for name in _FIELDS))


def _moved(line: Line, steps: int) -> Line:
    return replace(line, onsets=line.onsets + steps)


def _mean(values: NDArray[np.bool_] | NDArray[np.int64]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
