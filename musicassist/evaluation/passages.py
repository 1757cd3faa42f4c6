"""Passages: a primer of some bars and what follows it, played by a human or by a soloist.

Both sides reach the grid by the same road: notes become ticks, and `line_from_ticks` decides where
each was meant, so that a human's exact transcription has no advantage over a soloist's clip.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.generation.encoding import (
    FURTHEST_MICRO,
    LENGTHS,
    STEPS_PER_BEAT,
    TICKS_PER_MICRO,
    TICKS_PER_STEP,
    UNKNOWN,
    Line,
    Setting,
    line_from_ticks,
)
from musicassist.generation.scheme import NO_ROOT
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import MODES, Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

PRIMER_BARS: Final = 4
ANSWER_BARS: Final = 8
LONG_BARS: Final = 32
FEWEST_PRIMER_NOTES: Final = 4
FEWEST_NOTES_A_BAR: Final = 1  # a human who plays less is not soloing just then
TEMPO_BPM: Final = 120.0  # grid lines have no tempo, and soloists do not ask for it


@dataclass(frozen=True, slots=True)
class Passage:
    """A primer and what follows it, on one grid whose step 0 is the primer's first bar line.

    Attributes:
        piece: Which piece it was cut from; passages of one piece are drawn together.
        first_bar: The bar of the piece at which the primer begins, counted from 0.
        setting: Chords, key and metre.
        primer: The notes before `start`.
        answer: The notes from `start` on.
        start: Step at which the answer begins.
        end: Step at which it ends.
    """

    piece: int
    first_bar: int
    setting: Setting
    primer: Line
    answer: Line
    start: int
    end: int

    @property
    def bar(self) -> int:
        """Length of a bar in steps."""
        return bar_steps(self.setting)

    @property
    def n_bars(self) -> int:
        """Bars of the answer."""
        return (self.end - self.start) // self.bar

    @property
    def whole(self) -> Line:
        """Primer and answer as one line."""
        return joined(self.primer, self.answer)

    def with_answer(self, answer: Clip) -> "Passage":
        """Return the same passage with a soloist's answer, whose tick 0 is `start`."""
        return replace(self, answer=_heard(answer, self.start, self.end))


def bar_steps(setting: Setting) -> int:
    """Return the length of a bar in steps."""
    return round(setting.beats_a_bar * STEPS_PER_BEAT)


def cut_passages(
    pieces: Sequence[Piece],
    n_bars: int = ANSWER_BARS,
    stride_bars: int = ANSWER_BARS,
) -> list[Passage]:
    """Return the passages of all pieces, one every `stride_bars` bars.

    A primer needs some notes, and the human who goes on must play at least a note a bar on
    average: a break is nothing to compare with.
    """
    found = []
    for index, piece in enumerate(pieces):
        bar = bar_steps(piece.setting)
        origin = piece.setting.bar_origin
        last = (int(piece.line.onsets[-1]) - origin) // bar  # the bar of the last note
        for first_bar in range(0, last + 2 - PRIMER_BARS - n_bars, stride_bars):
            passage = passage_at(piece, index, first_bar, n_bars)
            has_primer = len(passage.primer.onsets) >= FEWEST_PRIMER_NOTES
            if has_primer and len(passage.answer.onsets) >= FEWEST_NOTES_A_BAR * n_bars:
                found.append(passage)
    return found


def passage_at(piece: Piece, index: int, first_bar: int, n_bars: int) -> Passage:
    """Return the passage of a piece whose primer begins at a bar."""
    bar = bar_steps(piece.setting)
    at = piece.setting.bar_origin + first_bar * bar
    start, end = PRIMER_BARS * bar, (PRIMER_BARS + n_bars) * bar
    primer = clip_of_line(piece.line, at, at + start)
    answer = clip_of_line(piece.line, at + start, at + end)
    return Passage(
        index,
        first_bar,
        setting_from(piece.setting, at, end),
        _heard(primer, 0, start),
        _heard(answer, start, end),
        start,
        end,
    )


def setting_from(setting: Setting, at: int, length: int) -> Setting:
    """Return a setting as seen by a passage that starts at a bar line and lasts some steps."""
    if len(setting.changes):
        first = max(0, int(setting.chord_index_at(np.array([at]))[0]))
        kept = slice(first, max(first, int(np.searchsorted(setting.changes, at + length))))
    else:
        kept = slice(0, 0)
    return replace(
        setting,
        changes=np.maximum(setting.changes[kept] - at, 0),
        roots=setting.roots[kept],
        chords=setting.chords[kept],
        bar_origin=0,
    )


def clip_of_line(line: Line, start: int, end: int) -> Clip:
    """Return the notes of a line that stand in [start, end) as a clip, played as they were."""
    chosen = (line.onsets >= start) & (line.onsets < end)
    length_ticks = (end - start) * TICKS_PER_STEP
    micros = np.where(line.micros == UNKNOWN, FURTHEST_MICRO, line.micros)[chosen]
    played = (line.onsets[chosen] - start) * TICKS_PER_STEP
    played = played + (micros - FURTHEST_MICRO) * TICKS_PER_MICRO
    onsets = np.clip(np.maximum.accumulate(played), 0, length_ticks - 1) if len(played) else played
    following = np.append(onsets[1:], length_ticks)
    durations = np.minimum(LENGTHS[line.lengths[chosen]] * TICKS_PER_STEP, following - onsets)
    rows = zip(onsets.tolist(), durations.tolist(), line.pitches[chosen].tolist(), strict=True)
    notes = tuple(Note(onset, length, pitch) for onset, length, pitch in rows if length > 0)
    return Clip(notes, length_ticks)


def joined(*lines: Line) -> Line:
    """Return lines that follow each other as one."""
    return Line(
        *(
            np.concatenate([np.zeros(0, np.int64), *(getattr(line, name) for line in lines)])
            for name in ("onsets", "pitches", "lengths", "micros")
        )
    )


def _heard(clip: Clip, start: int, end: int) -> Line:
    """Return a clip as grid line that begins at `start`; nothing stands at `end` or later."""
    notes = clip.notes
    line = line_from_ticks(
        [note.onset_ticks for note in notes],
        [note.duration_ticks for note in notes],
        [note.pitch for note in notes],
    )
    inside = line.onsets < end - start
    return Line(
        line.onsets[inside] + start, line.pitches[inside], line.lengths[inside], line.micros[inside]
    )


def timebase_of(setting: Setting) -> Timebase:
    """Return a steady timebase in the metre of a setting."""
    bar = Fraction(setting.beats_a_bar / 4).limit_denominator(64)
    scale = 4 // bar.denominator if bar.denominator < 4 else 1
    return Timebase.steady(TEMPO_BPM, bar.numerator * scale, bar.denominator * scale)


def key_of(setting: Setting) -> Key | None:
    """Return the key of a setting; None where it is unknown."""
    if setting.tonic == UNKNOWN:
        return None
    scale = frozenset(np.flatnonzero(setting.scale).tolist())
    for mode in MODES:
        key = Key(setting.tonic, mode)
        if key.pitch_classes == scale:
            return key
    return None


def progression_of(setting: Setting, length: int) -> Progression | None:
    """Return the chords of a setting over some steps; None where there are none."""
    changes = []
    for at, root, chord in zip(setting.changes, setting.roots, setting.chords, strict=True):
        if at < length:
            changes.append((int(at) * TICKS_PER_STEP, _symbol(int(root), np.flatnonzero(chord))))
    # Of chords that fall on one tick, as at a cut, the last one holds.
    ordered = tuple(sorted(dict(changes).items(), key=lambda change: change[0]))
    if not any(not symbol.is_no_chord for _, symbol in ordered):
        return None
    return Progression(ordered, length * TICKS_PER_STEP)


def _symbol(root: int, classes: Iterable[int]) -> ChordSymbol:
    if root == NO_ROOT:
        return ChordSymbol(None)
    return ChordSymbol(root, tuple(sorted((int(each) - root) % 12 for each in classes)))
