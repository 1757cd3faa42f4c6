"""What practice solos are made of: cells of rhythm and contour, varied, and laid over harmony.

A motif is written in steps of a ladder (a scale, or the notes of a chord), so that it can be
played again anywhere: over the next chord, higher, upside down, with another ending.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from musicassist.generation.encoding import STEPS_PER_BEAT

SIXTEENTH: Final = STEPS_PER_BEAT // 4
TRIPLET: Final = STEPS_PER_BEAT // 3
SEXTUPLET: Final = STEPS_PER_BEAT // 6
EIGHTH: Final = STEPS_PER_BEAT // 2
BEAT: Final = STEPS_PER_BEAT
BAR: Final = 4 * STEPS_PER_BEAT

_WIDEST_LEAP: Final = 16  # semitones
_HELD: Final = 18  # steps; a note this long should belong to the chord


@dataclass(frozen=True, slots=True)
class Cell:
    """One note of a motif.

    Attributes:
        onset: Steps from the motif's start.
        length: Steps, above 0.
        offset: Steps of the ladder above where the motif is put.
        is_chordal: Whether the ladder is the chord rather than the scale.
    """

    onset: int
    length: int
    offset: int
    is_chordal: bool = False


Motif = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sounding:
    """One note of a practice solo.

    Attributes:
        onset: Steps from the start.
        length: Steps, above 0.
        pitch: 0-127.
        ends_phrase: Whether a breath follows.
    """

    onset: int
    length: int
    pitch: int
    ends_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What is underfoot at a place.

    Attributes:
        root: Pitch class of the chord's root.
        chord: Pitch classes of the chord.
        scale: Pitch classes to run on.
    """

    root: int
    chord: frozenset[int]
    scale: frozenset[int]


GroundAt = Callable[[int], Ground]


@dataclass(frozen=True, slots=True)
class Compass:
    """The range of an instrument, lowest and highest pitch included."""

    low: int
    high: int

    def ladder(self, pitch_classes: frozenset[int]) -> list[int]:
        """Return all pitches of these classes in the range, upwards."""
        return [pitch for pitch in range(self.low, self.high + 1) if pitch % 12 in pitch_classes]

    def nearest(self, pitch: int, pitch_classes: frozenset[int]) -> int:
        """Return the pitch of these classes nearest to a pitch; the lower of two."""
        return min(self.ladder(pitch_classes), key=lambda each: (abs(each - pitch), each))

    def climbed(self, pitch: int, offset: int, pitch_classes: frozenset[int]) -> int:
        """Return the pitch so many ladder steps from a pitch, turning back at the range's ends."""
        ladder = self.ladder(pitch_classes)
        index = ladder.index(self.nearest(pitch, pitch_classes)) + offset
        around = index % (2 * len(ladder) - 2)
        return ladder[min(around, 2 * len(ladder) - 2 - around)]


def evenly(
    contour: Sequence[int], step: int, *, is_chordal: bool = False, length: int | None = None
) -> Motif:
    """Return a contour in even notes."""
    return tuple(
        Cell(index * step, length or step, offset, is_chordal)
        for index, offset in enumerate(contour)
    )


def length_of(motif: Motif) -> int:
    """Return steps from a motif's start to the end of its last note."""
    return max((cell.onset + cell.length for cell in motif), default=0)


def after(first: Motif, second: Motif, onset: int | None = None) -> Motif:
    """Return two motifs in a row, the second beginning at `onset`, or at once."""
    start = length_of(first) if onset is None else onset
    return first + tuple(replace(cell, onset=cell.onset + start) for cell in second)


def filling(motif: Motif, length: int, rng: np.random.Generator) -> Motif:
    """Return a motif that is short for its space again and again, each time a step or two off."""
    whole = motif
    period = -(-length_of(motif) // BEAT) * BEAT
    climb = int(rng.choice((-2, -1, 1, 2)))
    for time in range(1, length // max(period, BEAT)):
        moved = tuple(replace(cell, offset=cell.offset + time * climb) for cell in motif)
        whole = after(whole, moved, time * period)
    return whole


def bounded(offset: int, low: int = -4, high: int = 7) -> int:
    """Return an offset turned back into its bounds, so that a contour never runs along a wall."""
    if offset < low:
        return 2 * low - offset
    return 2 * high - offset if offset > high else offset


def varied(motif: Motif, rng: np.random.Generator, farness: float) -> Motif:
    """Return a motif as a player brings it back: nearly the same, or further from it.

    Args:
        motif: What was played.
        rng: Draws the changes.
        farness: From 0 (as it was) to 1.
    """
    if rng.random() < 0.25 * farness:
        motif = tuple(replace(cell, offset=-cell.offset) for cell in motif)
    if rng.random() < 0.7 * farness:
        motif = _with_other_tail(motif, rng)
    if rng.random() < 0.4 * farness:
        motif = _thinned(motif, rng)
    if rng.random() < 0.4 * farness:
        motif = _ornamented(motif, rng)
    return motif


def _with_other_tail(motif: Motif, rng: np.random.Generator) -> Motif:
    """Return a motif whose last third goes another way."""
    keep = max(1, len(motif) * 2 // 3)
    turn = int(rng.choice((-2, -1, 1, 2)))
    return motif[:keep] + tuple(
        replace(cell, offset=cell.offset + turn * (1 + index // 2))
        for index, cell in enumerate(motif[keep:])
    )


def _thinned(motif: Motif, rng: np.random.Generator) -> Motif:
    """Return a motif without one of its inner notes, the one before it held on."""
    if len(motif) < 4:
        return motif
    gone = int(rng.integers(1, len(motif) - 1))
    until = motif[gone].onset + motif[gone].length
    held = replace(motif[gone - 1], length=until - motif[gone - 1].onset)
    return (*motif[: gone - 1], held, *motif[gone + 1 :])


def _ornamented(motif: Motif, rng: np.random.Generator) -> Motif:
    """Return a motif with one longer note broken into three: note, neighbour, note."""
    long = [index for index, cell in enumerate(motif) if cell.length >= BEAT]
    if not long:
        return motif
    index = int(rng.choice(long))
    cell = motif[index]
    part = TRIPLET if cell.length % TRIPLET == 0 else SIXTEENTH
    neighbour = int(rng.choice((-1, 1)))
    broken = (
        replace(cell, length=part),
        Cell(cell.onset + part, part, cell.offset + neighbour, cell.is_chordal),
        replace(cell, onset=cell.onset + 2 * part, length=cell.length - 2 * part),
    )
    return motif[:index] + broken + motif[index + 1 :]


def laid_over(
    motif: Motif, start: int, anchor: int, ground_at: GroundAt, compass: Compass
) -> list[Sounding]:
    """Return a motif as notes over the harmony at its place; long notes settle on the chord.

    Args:
        motif: What to play.
        start: Step to play it at.
        anchor: The pitch that offset 0 stands for.
        ground_at: The harmony at a step.
        compass: Range to stay in.
    """
    notes = []
    for cell in motif:
        ground = ground_at(start + cell.onset)
        ladder = ground.chord if cell.is_chordal else ground.scale
        pitch = compass.climbed(anchor, cell.offset, ladder)
        if cell.length >= _HELD:
            pitch = compass.nearest(pitch, ground.chord & ground.scale or ground.chord)
        notes.append(Sounding(start + cell.onset, cell.length, pitch))
    return notes


def within_reach(notes: Sequence[Sounding]) -> list[Sounding]:
    """Return notes, those too far from the one before moved nearer by octaves."""
    reached: list[Sounding] = []
    for note in notes:
        leap = note.pitch - reached[-1].pitch if reached else 0
        n_octaves = -(-max(0, abs(leap) - _WIDEST_LEAP) // 12)
        reached.append(replace(note, pitch=note.pitch - (12 if leap > 0 else -12) * n_octaves))
    return reached


def monophonic(notes: Sequence[Sounding]) -> list[Sounding]:
    """Return notes in order, none of which sounds into the next; of two at once the first stays."""
    kept: list[Sounding] = []
    for note in sorted(notes, key=lambda each: each.onset):
        if kept and kept[-1].onset == note.onset:
            continue
        if kept and kept[-1].onset + kept[-1].length > note.onset:
            kept[-1] = replace(kept[-1], length=note.onset - kept[-1].onset)
        kept.append(note)
    return kept
