"""The soloist's grid: lines of notes, what they are played over, and classes of each factor.

One step of the network is one note. A step sees the note before (pitch, length, timing, place),
and *where the coming note will be*: its place in beat and bar and the chords there. It says the
coming note's pitch, then its length and timing given the pitch, then how many beats lie before the
next note and where in its beat that one falls. So every note is chosen knowing its place and chord.
`features.py` says what a step sees; this module what a line is.

Time here is grid steps, 24 to the beat, plus a small signed offset a note (micro-timing), so that
triplets and sixteenths are both exact and playing keeps its feel. Training and playing share these
functions, row by row: what is learned is what is played.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.scheme import NO_ROOT, Head
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.keys import Key
from musicassist.music.timebase import TICKS_PER_BEAT

ENCODING_VERSION: Final = 2

STEPS_PER_BEAT: Final = 24
TICKS_PER_STEP: Final = TICKS_PER_BEAT // STEPS_PER_BEAT
TICKS_PER_MICRO: Final = TICKS_PER_BEAT // 96
FURTHEST_MICRO: Final = 24  # a hard-swung eighth written straight comes almost 1/4 beat late

N_PITCHES: Final = 128
N_MICROS: Final = 2 * FURTHEST_MICRO + 1
MOST_BEATS: Final = 16
N_BEATS: Final = MOST_BEATS + 1
UNKNOWN: Final = -1  # a factor nobody knows: no feature is lit for it

# Lengths in steps, roughly even in the logarithm, exact on all common note values.
LENGTHS: Final = np.array(
    (*range(1, 13), 14, 16, 18, 20, 22, 24, 28, 32, 36, 42, 48, 60, 72, 96, 144, 192)
)
N_LENGTHS: Final = len(LENGTHS)

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

# How each factor is drawn, in order.
HEADS: Final[Mapping[str, Head]] = MappingProxyType(
    {
        "pitch": Head(N_PITCHES, 128, (), N_PITCHES, ("same", "interval")),
        "length": Head(N_LENGTHS, 64, ("pitch",)),
        "micro": Head(N_MICROS, 64, ("pitch", "length")),
        "beats": Head(N_BEATS, 64, ("pitch", "length"), 0, ("same",)),
        "sub": Head(STEPS_PER_BEAT, 64, ("pitch", "length", "beats"), 0, ("same",)),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A single line of notes on the grid.

    Attributes:
        onsets: Steps from tick 0, int64, shape (n,), strictly rising.
        pitches: 0-127, int64, shape (n,).
        lengths: Classes of `LENGTHS`, int64, shape (n,).
        micros: 0 to `N_MICROS` - 1, the middle being on the grid, or `UNKNOWN`; int64, (n,).
    """

    onsets: Ints
    pitches: Ints
    lengths: Ints
    micros: Ints


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line is played over, laid out for quick look-up.

    Attributes:
        changes: Steps at which chords change, rising; int64, shape (c,).
        roots: Root of each, or `NO_ROOT`; int64, shape (c,).
        chords: Pitch classes of each, float32, shape (c, 12).
        tonic: Tonic of the key 0-11, or `UNKNOWN`.
        scale: Pitch classes of the key, float32, shape (12,); zeros when unknown.
        beats_a_bar: Length of a bar in beats; 3.5 for 7/8.
        bar_origin: Step of a bar line.
        style: Index into `manner.STYLES`, or `UNKNOWN`.
    """

    changes: Ints
    roots: Ints
    chords: Floats
    tonic: int
    scale: Floats
    beats_a_bar: float = 4.0
    bar_origin: int = 0
    style: int = UNKNOWN

    @classmethod
    def of(
        cls,
        progression: Progression | None,
        key: Key | None,
        beats_a_bar: float = 4.0,
        bar_origin: int = 0,
        style: int = UNKNOWN,
    ) -> "Setting":
        """Return the setting made of a progression and a key, either of which may be unknown.

        A chord said again while it sounds is no change.
        """
        changes = _real_changes(progression.changes if progression is not None else ())
        chords = np.zeros((len(changes), 12), np.float32)
        roots = np.full(len(changes), NO_ROOT, np.int64)
        for row, (_, symbol) in enumerate(changes):
            chords[row, sorted(symbol.pitch_classes)] = 1
            roots[row] = NO_ROOT if symbol.root is None else symbol.root
        scale = np.zeros(12, np.float32)
        if key is not None:
            scale[sorted(key.pitch_classes)] = 1
        return cls(
            changes=np.array([ticks // TICKS_PER_STEP for ticks, _ in changes], np.int64),
            roots=roots,
            chords=chords,
            tonic=UNKNOWN if key is None else key.tonic,
            scale=scale,
            beats_a_bar=beats_a_bar,
            bar_origin=bar_origin,
            style=style,
        )

    def chord_index_at(self, steps: Ints) -> Ints:
        """Return which chord sounds at each step; -1 before the first."""
        return np.searchsorted(self.changes, steps, side="right") - 1

    def roots_at(self, steps: Ints) -> Ints:
        """Return the root at each step, `NO_ROOT` where there is none."""
        return np.append(self.roots, NO_ROOT)[self.chord_index_at(steps)]

    def chords_at(self, steps: Ints) -> Floats:
        """Return the pitch classes of the chord at each step, float32, shape (n, 12)."""
        padded = np.vstack((self.chords, np.zeros((1, 12), np.float32)))
        return padded[self.chord_index_at(steps)]

    def transposed(self, semitones: int) -> "Setting":
        """Return the same setting in another key."""
        return Setting(
            self.changes,
            np.where(self.roots == NO_ROOT, NO_ROOT, (self.roots + semitones) % 12),
            np.roll(self.chords, semitones, axis=1),
            UNKNOWN if self.tonic == UNKNOWN else (self.tonic + semitones) % 12,
            np.roll(self.scale, semitones),
            self.beats_a_bar,
            self.bar_origin,
            self.style,
        )


def _real_changes(
    changes: Iterable[tuple[int, ChordSymbol]],
) -> tuple[tuple[int, ChordSymbol], ...]:
    """Return the changes whose notes or root differ from those before."""
    real: list[tuple[int, ChordSymbol]] = []
    for ticks, symbol in changes:
        sounds = (symbol.root, symbol.pitch_classes)
        if not real or (real[-1][1].root, real[-1][1].pitch_classes) != sounds:
            real.append((ticks, symbol))
    return tuple(real)


def gap_factors(last_onsets: Ints, onsets: Ints) -> tuple[Ints, Ints]:
    """Return beats crossed (0 to `MOST_BEATS`) and place in the beat reached (0-23) of each gap."""
    beats = onsets // STEPS_PER_BEAT - last_onsets // STEPS_PER_BEAT
    return np.clip(beats, 0, MOST_BEATS), onsets % STEPS_PER_BEAT


def length_classes(steps: NDArray[np.floating] | Ints) -> Ints:
    """Return the nearest class of `LENGTHS`, in the logarithm, of lengths in steps."""
    borders = np.sqrt(LENGTHS[:-1] * LENGTHS[1:])
    classes: Ints = np.searchsorted(borders, steps).astype(np.int64)
    return classes


def micro_classes(offset_steps: NDArray[np.floating]) -> Ints:
    """Return the class of offsets from the grid given in steps; far ones count as the furthest."""
    micros = np.rint(offset_steps * (TICKS_PER_STEP / TICKS_PER_MICRO)).astype(np.int64)
    classes: Ints = np.clip(micros, -FURTHEST_MICRO, FURTHEST_MICRO) + FURTHEST_MICRO
    return classes


# Where in a beat a freely played note is likely meant: sixteenths and triplets first.
_PLACES: Final = np.array((0, 3, 4, 6, 8, 9, 12, 15, 16, 18, 20, 21, 24))
_RELUCTANCE: Final = np.array((0, 3, 3, 1, 1, 3, 0, 3, 1, 1, 3, 3, 0)) * 0.5


def line_from_ticks(
    onset_ticks: Sequence[int], duration_ticks: Sequence[int], pitches: Sequence[int]
) -> Line:
    """Return a played line as grid line: each onset goes to the place it was likely meant for.

    Args:
        onset_ticks: Rising onsets from tick 0.
        duration_ticks: Length of each note.
        pitches: Pitch of each note.

    Returns:
        The line; notes that would share a place are moved one step on.
    """
    played = np.asarray(onset_ticks, np.float64) / TICKS_PER_STEP
    beats, into_beat = np.divmod(played, STEPS_PER_BEAT)
    cost = np.abs(into_beat[:, None] - _PLACES) + _RELUCTANCE
    onsets = (beats * STEPS_PER_BEAT + _PLACES[np.argmin(cost, axis=1)]).astype(np.int64)
    onsets = strictly_rising(onsets)
    return Line(
        onsets,
        np.asarray(pitches, np.int64),
        length_classes(np.asarray(duration_ticks, np.float64) / TICKS_PER_STEP),
        micro_classes(played - onsets),
    )


def strictly_rising(onsets: Ints) -> Ints:
    """Return onsets moved on where needed, so that no two share a step."""
    index = np.arange(len(onsets))
    moved: Ints = np.maximum.accumulate(onsets - index) + index
    return moved
