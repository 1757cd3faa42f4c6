"""Chords under a line: written ones as a progression, unwritten ones from the notes that sound."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.corpus.lines import TimedPitch
from musicassist.generation.encoding import STEPS_PER_BEAT, TICKS_PER_STEP
from musicassist.generation.harmony import BAR_LINE_NATS, likely_chords
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.keys import Key
from musicassist.music.timebase import TICKS_PER_BEAT

_HALVED_FROM_BEATS: Final = 4  # bars this long may change their chord in the middle


def progression(beat_chords: Iterable[tuple[float, ChordSymbol]]) -> Progression | None:
    """Return the chords that begin at beats; None where there are none.

    Of two that begin at one place the later one stands; a chord written again is no change.
    """
    by_ticks: dict[int, ChordSymbol] = {}
    for beat, symbol in beat_chords:
        by_ticks[round(beat * STEPS_PER_BEAT) * TICKS_PER_STEP] = symbol
    changes: list[tuple[int, ChordSymbol]] = []
    for ticks, symbol in sorted(by_ticks.items(), key=lambda change: change[0]):
        if not changes or _sound_of(changes[-1][1]) != _sound_of(symbol):
            changes.append((ticks, symbol))
    return Progression(tuple(changes), changes[-1][0] + TICKS_PER_BEAT) if changes else None


def _sound_of(symbol: ChordSymbol) -> tuple[object, ...]:
    return symbol.root, symbol.intervals, symbol.bass


def chords_beneath(
    notes: Sequence[TimedPitch],
    bass: Sequence[TimedPitch],
    bar_origin: int,
    beats_a_bar: float,
    key: Key | None,
) -> Progression | None:
    """Return the chords that the notes of all parts make up; None where nothing sounds.

    There is one for every half of a bar of four beats and more, or for every whole bar.

    Args:
        notes: Every note of every part.
        bass: Those of them that the lowest part plays.
        bar_origin: Step of a bar line.
        beats_a_bar: Length of a bar in beats.
        key: The key, where it is known.
    """
    if not notes:
        return None
    bar = round(beats_a_bar * STEPS_PER_BEAT)
    is_halved = beats_a_bar >= _HALVED_FROM_BEATS and bar % (2 * STEPS_PER_BEAT) == 0
    segment = bar // 2 if is_halved else bar
    n_before = -(-bar_origin // segment)  # a pickup has segments of its own
    start = bar_origin - n_before * segment
    end = max(onset + duration for onset, duration, _ in notes)
    n_segments = max(1, int(np.ceil((end - start) / segment)))
    is_at_bar_line = (np.arange(n_segments) - n_before) * segment % bar == 0
    symbols = likely_chords(
        _weights(notes, start, segment, n_segments),
        key,
        bass_weights=_weights(bass, start, segment, n_segments),
        change_nats=np.where(is_at_bar_line, BAR_LINE_NATS, 0.0),
    )
    return progression(
        (max(0, start + index * segment) / STEPS_PER_BEAT, symbol)
        for index, symbol in enumerate(symbols)
    )


def _weights(
    notes: Sequence[TimedPitch], start: int, segment: int, n_segments: int
) -> NDArray[np.float64]:
    """Return how many beats each pitch class sounds in each segment; shape (segments, 12)."""
    weights = np.zeros((n_segments, 12))
    for onset, duration, pitch in notes:
        at, end = (onset - start) / segment, (onset + duration - start) / segment
        for index in range(max(0, int(at)), min(n_segments, int(np.ceil(end)))):
            sounding = min(end, index + 1) - max(at, index)
            weights[index, pitch % 12] += sounding * segment / STEPS_PER_BEAT
    return weights
