"""Key and chords of a phrase nobody wrote chords to, carried on under what will answer it.

Chords that are struck are heard as such; elsewhere the melody tells which chords are likely
(`harmony`). Under the answer the phrase's own chords go round, its last 2, 4, 8 or more bars as it
has them; a phrase of one bar, which says little about harmony, is taken as the first bar of a turn
round its key. The last bar of the answer rests on the tonic.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.harmony import BAR_LINE_NATS, UNFIXED, chord_on, read_harmony, state_of
from musicassist.generation.heard_chords import heard_chord, nearest_kind
from musicassist.generation.leading_line import CHORD_TICKS, Texture, texture_of
from musicassist.generation.soloist import Harmony
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

# Chords under a melody seldom change faster: half a bar of four beats, a whole one of three.
_MELODY_TICKS: Final = 3 * TICKS_PER_BEAT
_STRUCK_TICKS: Final = TICKS_PER_BEAT
_MOST_STRETCHES: Final = 400
_NEAR_BEAT_TICKS: Final = TICKS_PER_BEAT // 8
_ACCENT_BEATS: Final = 0.45  # what a note on a beat weighs more
_PASSING_WEIGHT: Final = 0.5  # what a note weighs that moves on by a step; most others are chordal
_STRUCK_WEIGHT: Final = 2.0  # what accompaniment weighs against melody
_SOUNDING_SHARE: Final = 0.25  # of a stretch; what sounds less is a tail of the chord before

_FORMS: Final = (2, 4, 8, 12, 16, 24, 32, 48, 64)
# A bar each: semitones above the tonic, and kind. By `harmony_tables` these changes come easily.
_TURNS: Final = {
    False: ((0, ""), (9, "m7"), (2, "m7"), (7, "7")),
    True: ((0, "m"), (5, "m7"), (7, "7"), (0, "m")),
}

Changes = list[tuple[int, ChordSymbol]]


def harmony_of(primer: Clip, timebase: Timebase, key: Key | None, length_ticks: int) -> Harmony:
    """Return a plausible key and plausible chords under a phrase and its answer.

    The same phrase always gets the same chords, and a transposed one the transposed chords.

    Args:
        primer: What was played; it may hold chords and rests.
        timebase: Its metre; the primer starts at tick 0.
        key: The key, where the user says it.
        length_ticks: How far the chords go: the end of the answer.
    """
    answer_ticks = _answer_ticks(primer, timebase)
    key, changes, is_heard = _chords_under(texture_of(primer), timebase, key, answer_ticks)
    if length_ticks > answer_ticks:
        form = _Form.of(primer.notes, timebase, answer_ticks)
        tonic = _tonic_chord(changes, key, is_heard=is_heard)
        changes += form.carried_on(changes, key, tonic, length_ticks)
    within = [change for change in _without_repeats(changes) if change[0] < length_ticks]
    return Harmony(key, Progression(tuple(within), max(length_ticks, 0)))


def key_over(primer: Clip, timebase: Timebase, progression: Progression) -> Key:
    """Return the likeliest key of a phrase whose chords are known; C major for no notes.

    Args:
        primer: What was played.
        timebase: Its metre; the primer starts at tick 0.
        progression: The chords under it.
    """
    texture = texture_of(primer)
    if not texture.line:
        return Key(0)
    borders = _borders(timebase, _answer_ticks(primer, timebase), _MELODY_TICKS)
    known = [progression.chord_at(start_ticks) for start_ticks in borders[:-1].tolist()]
    return _read(texture, timebase, borders, None, known)[0]


def _answer_ticks(primer: Clip, timebase: Timebase) -> int:
    last_onset_ticks = primer.notes[-1].onset_ticks if primer.notes else 0
    return timebase.next_bar_line_ticks(max(primer.length_ticks, last_onset_ticks + 1))


def _chords_under(
    texture: Texture, timebase: Timebase, key: Key | None, end_ticks: int
) -> tuple[Key, Changes, bool]:
    """Return the key and chords of what was played; True where some chord was struck."""
    if not texture.line:
        key = key or Key(0)
        return key, [(0, _plain_tonic(key))], False
    borders = _borders(timebase, end_ticks, _MELODY_TICKS)
    if key is None:
        key = _read(texture, timebase, borders, None, [None] * (len(borders) - 1))[0]
    heard: list[ChordSymbol | None] = [None] * (len(borders) - 1)
    if texture.rest:
        fine = _borders(timebase, end_ticks, _STRUCK_TICKS)
        struck = _heard(texture, fine, key)
        borders, heard = (fine, struck) if any(struck) else (borders, _heard(texture, borders, key))
    _, symbols = _read(texture, timebase, borders, key, heard)
    return key, list(zip(borders.tolist(), symbols, strict=False)), any(heard)


def _read(
    texture: Texture,
    timebase: Timebase,
    borders: NDArray[np.int64],
    key: Key | None,
    heard: Sequence[ChordSymbol | None],
) -> tuple[Key, list[ChordSymbol]]:
    on_bar_line = [timebase.next_bar_line_ticks(start) == start for start in borders[:-1].tolist()]
    bass = _lowest_at_once(texture.rest)
    reading = read_harmony(
        _weights(texture.line, borders, _ACCENT_BEATS, _passing(texture.line))
        + _STRUCK_WEIGHT * _weights(texture.rest, borders, _ACCENT_BEATS),
        key,
        bass_weights=_weights(bass, borders, 0.0),
        change_nats=np.where(on_bar_line, BAR_LINE_NATS, 0.0),
        fixed=np.array(
            [UNFIXED if each is None else state_of(each, nearest_kind(each)) for each in heard]
        ),
        ends=(texture.line[0].pitch % 12, texture.line[-1].pitch % 12),
    )
    symbols: list[ChordSymbol] = []
    before = UNFIXED
    for inferred, state, struck in zip(reading.symbols(), reading.states(), heard, strict=True):
        stays = symbols and state == before
        symbols.append(struck or (symbols[-1] if stays else inferred))
        before = state
    return reading.key, symbols


def _weights(
    notes: Sequence[Note],
    borders: NDArray[np.int64],
    accent_beats: float,
    factors: NDArray[np.float64] | float = 1.0,
) -> NDArray[np.float64]:
    """Return how many beats each pitch class sounds in each stretch; shape (stretches, 12)."""
    weights = np.zeros((12, len(borders) - 1))
    if not notes:
        return weights.T
    onsets = np.array([note.onset_ticks for note in notes])
    ends = np.array([note.end_ticks for note in notes])
    sounding = np.minimum(ends[:, None], borders[1:]) - np.maximum(onsets[:, None], borders[:-1])
    beats = np.maximum(sounding, 0) / TICKS_PER_BEAT
    off_beat = np.abs((onsets + _NEAR_BEAT_TICKS) % TICKS_PER_BEAT - _NEAR_BEAT_TICKS)
    at = np.clip(np.searchsorted(borders, onsets, side="right") - 1, 0, len(borders) - 2)
    beats[np.arange(len(notes)), at] += accent_beats * (off_beat <= _NEAR_BEAT_TICKS)
    np.add.at(weights, [note.pitch % 12 for note in notes], (beats.T * factors).T)
    return weights.T


def _passing(line: Sequence[Note]) -> NDArray[np.float64]:
    """Return what each note of a line counts: half where it moves on by a step."""
    moves = np.abs(np.diff([note.pitch for note in line], append=np.inf))
    return np.where((moves == 1) | (moves == 2), _PASSING_WEIGHT, 1.0)


def _heard(texture: Texture, borders: NDArray[np.int64], key: Key) -> list[ChordSymbol | None]:
    """Return the chord struck in each stretch, its top note included; None where none is."""
    onsets = np.array([note.onset_ticks for note in texture.rest])
    tops = [
        note
        for note in texture.line
        if note.pitch % 12 in key.pitch_classes
        and np.sum(np.abs(onsets - note.onset_ticks) < CHORD_TICKS) > 1
    ]
    notes = [*texture.rest, *tops]
    starts = np.array([note.onset_ticks for note in notes])
    ends = np.array([note.end_ticks for note in notes])
    pitches = np.array([note.pitch for note in notes])
    heard = []
    for start, end in pairwise(borders.tolist()):
        sounding_ticks = np.minimum(ends, end) - np.maximum(starts, start)
        sounding = pitches[sounding_ticks >= _SOUNDING_SHARE * (end - start)]
        classes = frozenset((sounding % 12).tolist())
        heard.append(heard_chord(classes, int(sounding.min()) % 12, key) if classes else None)
    return heard


def _lowest_at_once(notes: Sequence[Note]) -> list[Note]:
    """Return the notes with nothing lower struck before they have ended."""
    lowest: list[Note] = []
    for note in notes:
        if lowest and note.onset_ticks < lowest[-1].end_ticks - CHORD_TICKS:
            if note.pitch >= lowest[-1].pitch:
                continue
            held_ticks = note.onset_ticks - lowest[-1].onset_ticks
            if held_ticks < CHORD_TICKS:
                lowest.pop()
            else:
                lowest[-1] = replace(lowest[-1], duration_ticks=held_ticks)
        lowest.append(note)
    return lowest


def _borders(timebase: Timebase, end_ticks: int, longest_ticks: int) -> NDArray[np.int64]:
    """Return where stretches begin, halving bars until none is longer, and last the end."""
    n_bars = timebase.bar_at(end_ticks)
    stride = -(-n_bars // _MOST_STRETCHES)
    borders: list[int] = []
    for bar in range(0, n_bars, stride):
        start_ticks = timebase.bar_start_ticks(bar)
        meter = timebase.meter_at(start_ticks)
        counts = meter.numerator
        if counts > 3 and counts % 3 == 0 and meter.denominator >= 8:
            counts //= 3
        may_halve = stride == 1 and n_bars * counts <= _MOST_STRETCHES
        shares = _halved(counts, meter.bar_ticks / counts, longest_ticks) if may_halve else [0]
        borders += [start_ticks + round(share * meter.bar_ticks / counts) for share in shares]
    return np.array([*borders, end_ticks])


def _halved(n_counts: int, count_ticks: float, longest_ticks: int) -> list[int]:
    """Return where the parts of a bar begin, in counts: 5 is 3 + 2."""
    if n_counts < 2 or n_counts * count_ticks <= longest_ticks:
        return [0]
    half = (n_counts + 1) // 2
    first = _halved(half, count_ticks, longest_ticks)
    second = _halved(n_counts - half, count_ticks, longest_ticks)
    return [*first, *(half + count for count in second)]


@dataclass(frozen=True, slots=True)
class _Form:
    """Which bars of a phrase go round under its answer.

    Attributes:
        timebase: The metre.
        first_bar: The first bar that goes round.
        answer_bar: The bar after the last.
        is_turn: Whether there is but one bar of music, which begins a turn.
    """

    timebase: Timebase
    first_bar: int
    answer_bar: int
    is_turn: bool

    @classmethod
    def of(cls, notes: Sequence[Note], timebase: Timebase, answer_ticks: int) -> "_Form":
        """Return the form of a phrase: neither rests before it nor a pickup count."""
        answer_bar = timebase.bar_at(answer_ticks)
        first_bar = timebase.bar_at(notes[0].onset_ticks) if notes else 0
        if len(notes) < 2:
            return cls(timebase, first_bar, answer_bar, True)
        start_ticks, end_ticks = (timebase.bar_start_ticks(first_bar + each) for each in (0, 1))
        is_pickup = notes[0].onset_ticks - start_ticks >= (end_ticks - start_ticks) / 2
        if is_pickup and notes[-1].onset_ticks >= end_ticks - CHORD_TICKS:
            first_bar += 1
        n_bars = answer_bar - first_bar
        last_bar = timebase.bar_at(max(notes[-1].onset_ticks, max(n.end_ticks for n in notes) - 1))
        if min(last_bar, answer_bar - 1) <= first_bar:
            return cls(timebase, first_bar, answer_bar, True)
        n_bars = max(form for form in _FORMS if form <= n_bars)
        return cls(timebase, answer_bar - n_bars, answer_bar, False)

    def carried_on(
        self, changes: Changes, key: Key, tonic: ChordSymbol | None, length_ticks: int
    ) -> Changes:
        """Return the chords of the answer, which ends on the tonic where one is given."""
        found: Changes = []
        n_bars = self.timebase.bar_at(length_ticks - 1) + 1 - self.answer_bar
        for bar in range(self.answer_bar, self.answer_bar + n_bars):
            start_ticks = self.timebase.bar_start_ticks(bar)
            is_last = bar == self.answer_bar + n_bars - 1 and n_bars > 1
            if is_last and tonic is not None:
                found.append((start_ticks, tonic))
            elif self.is_turn:
                found.append((start_ticks, self._turned_to(bar, key, tonic)))
            else:
                model = self.first_bar + (bar - self.answer_bar) % (
                    self.answer_bar - self.first_bar
                )
                found += self._bar_of(changes, model, bar)
        return found

    def _turned_to(self, bar: int, key: Key, tonic: ChordSymbol | None) -> ChordSymbol:
        turn = _TURNS[key.is_minor]
        degree, kind = turn[(bar - self.first_bar) % len(turn)]
        if degree == 0 and tonic is not None:
            return tonic
        return chord_on((key.tonic + degree) % 12, kind, key)

    def _bar_of(self, changes: Changes, model: int, bar: int) -> Changes:
        """Return the chords of one bar moved to another, in proportion where the metre differs."""
        start, end, to_start, to_end = (
            self.timebase.bar_start_ticks(each) for each in (model, model + 1, bar, bar + 1)
        )
        moved = {}
        for onset_ticks, symbol in changes:
            if onset_ticks < end:
                into = max(onset_ticks - start, 0) * (to_end - to_start) // (end - start)
                moved[to_start + into] = symbol
        return sorted(moved.items(), key=lambda change: change[0])


def _tonic_chord(changes: Changes, key: Key, *, is_heard: bool) -> ChordSymbol | None:
    """Return the chord to rest on: the phrase's own, else a plain one unless chords were struck."""
    for _, symbol in changes:
        third = 3 if key.is_minor else 4
        if symbol.root == key.tonic and third in symbol.intervals and symbol.bass is None:
            return symbol
    return None if is_heard else _plain_tonic(key)


def _plain_tonic(key: Key) -> ChordSymbol:
    return chord_on(key.tonic, "m" if key.is_minor else "", key)


def _without_repeats(changes: Iterable[tuple[int, ChordSymbol]]) -> Changes:
    kept: Changes = []
    for change in changes:
        if not kept or kept[-1][1] != change[1]:
            kept.append(change)
    return kept
