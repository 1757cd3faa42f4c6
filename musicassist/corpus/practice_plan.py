"""How a practice solo is laid out: its harmony, its energy over time, and how phrases end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from musicassist.corpus.practice_cells import (
    BAR,
    BEAT,
    EIGHTH,
    Compass,
    GroundAt,
    Sounding,
)
from musicassist.generation.encoding import TICKS_PER_STEP
from musicassist.music.chords import ChordSymbol, Progression, parse_chord
from musicassist.music.keys import Key

_SHARPS: Final = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_SPLITS: Final = ((2, 2), (4,), (1, 1, 2), (1, 3), (3, 1))
_SPLIT_ODDS: Final = (0.5, 0.18, 0.17, 0.1, 0.05)
_LEAST_BREATH: Final = EIGHTH
_SHORTEST_LANDING: Final = EIGHTH
_NEAR: Final = 5  # semitones


@dataclass(frozen=True, slots=True)
class Harmony:
    """The chords of a solo: where each begins, in steps, and how long they all last."""

    changes: tuple[tuple[int, ChordSymbol], ...]
    length: int

    @classmethod
    def of(cls, tonic: int, progression: Sequence[tuple[int, str, int]], n_bars: int) -> "Harmony":
        """Return a progression played over and over for so many bars.

        Args:
            tonic: Pitch class.
            progression: Semitones above the tonic, kind of chord, and bars, of each chord.
            n_bars: How long, in bars; the last bar is the first chord.
        """
        home = parse_chord(_SHARPS[tonic] + progression[0][1])
        changes: list[tuple[int, ChordSymbol]] = []
        bar = 0
        while bar < n_bars - 1:
            for semitones, kind, lasting in progression:
                symbol = parse_chord(_SHARPS[(tonic + semitones) % 12] + kind)
                if bar < n_bars - 1 and (not changes or changes[-1][1] != symbol):
                    changes.append((bar * BAR, symbol))
                bar += lasting
        if changes[-1][1] != home:
            changes.append(((n_bars - 1) * BAR, home))
        return cls(tuple(changes), n_bars * BAR)

    def at(self, step: int) -> tuple[int, frozenset[int]]:
        """Return root and pitch classes of the chord at a step, 0 or later."""
        symbol = next(symbol for start, symbol in reversed(self.changes) if start <= step)
        return symbol.root or 0, symbol.pitch_classes

    def progression(self) -> Progression:
        """Return it in ticks."""
        changes = tuple((start * TICKS_PER_STEP, symbol) for start, symbol in self.changes)
        return Progression(changes, self.length * TICKS_PER_STEP)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A solo on the grid, before anybody plays it.

    Attributes:
        notes: In order, one at a time.
        harmony: What it is played over.
        mode: Mode of its key, whose tonic is the first chord's root.
        swing: Where in the beat the second eighth comes, 0.5 for straight.
        lateness: How far behind the beat, 1/96 beats.
    """

    notes: tuple[Sounding, ...]
    harmony: Harmony
    mode: str
    swing: float
    lateness: float

    @property
    def key(self) -> Key:
        """The key."""
        return Key(self.harmony.at(0)[0], self.mode)


@dataclass(frozen=True, slots=True)
class Span:
    """The space of one phrase.

    Attributes:
        start: Step of its first bar line.
        length: Steps, whole bars.
        energy: How much of everything there is, 0-1.
        is_answer: Whether it answers the phrase before, and closes.
    """

    start: int
    length: int
    energy: float
    is_answer: bool

    @property
    def end(self) -> int:
        """Step of the bar line after it."""
        return self.start + self.length


def phrase_spans(n_bars: int, rng: np.random.Generator) -> list[Span]:
    """Return the spaces of a solo's phrases, four bars at a time split this way or that."""
    lengths: list[tuple[int, bool]] = []
    for _ in range(n_bars // 4):
        split = _SPLITS[int(rng.choice(len(_SPLITS), p=_SPLIT_ODDS))]
        lengths += [(bars, index == len(split) - 1) for index, bars in enumerate(split)]
    energies = _energies(len(lengths), rng)
    spans, bar = [], 0
    for (bars, is_answer), energy in zip(lengths, energies, strict=True):
        spans.append(Span(bar * BAR, bars * BAR, energy, is_answer))
        bar += bars
    return spans


def _energies(n_phrases: int, rng: np.random.Generator) -> list[float]:
    """Return the energy of each phrase: a climb to a climax, and a way home."""
    climax = rng.uniform(0.6, 0.9) * (n_phrases - 1)
    energies = []
    for index in range(n_phrases):
        rising = 0.3 + 0.65 * index / max(climax, 1)
        falling = 0.95 - 0.5 * (index - climax) / max(n_phrases - 1 - climax, 1)
        level = rising if index <= climax else falling
        energies.append(float(np.clip(level + rng.normal(0, 0.1), 0.1, 1.0)))
    return energies


def landing(
    played: Sequence[Sounding],
    span: Span,
    ground_at: GroundAt,
    compass: Compass,
    rng: np.random.Generator,
) -> list[Sounding]:
    """Return a phrase brought to rest: cut to its space, a held note of the chord, a breath.

    An answer ends on the chord's root where that is near; other phrases on any of its notes.

    Args:
        played: Its notes so far, at least one.
        span: Its space.
        ground_at: The harmony at a step.
        compass: Range to stay in.
        rng: Draws how long the note is held, and the breath.
    """
    breath = min(int(rng.choice((_LEAST_BREATH, BEAT, BEAT, 2 * BEAT))), span.length // 4)
    latest = span.end - breath - _SHORTEST_LANDING
    kept = [note for note in played if note.onset < latest]
    after_last = kept[-1].onset + kept[-1].length if kept else latest
    onset = min(-(-after_last // EIGHTH) * EIGHTH, latest // EIGHTH * EIGHTH)
    kept = [note for note in kept if note.onset < onset]
    last = kept[-1].pitch if kept else played[0].pitch
    ground = ground_at(onset)
    pitch = compass.nearest(last, ground.chord)
    root = compass.nearest(last, frozenset({ground.root}))
    if span.is_answer and abs(root - last) <= _NEAR:
        pitch = root
    held = min(span.end - breath - onset, int(rng.choice((BEAT, 2 * BEAT, 3 * BEAT))))
    kept = [replace(note, length=min(note.length, onset - note.onset)) for note in kept]
    return [*kept, Sounding(onset, max(held, _SHORTEST_LANDING), pitch, ends_phrase=True)]
