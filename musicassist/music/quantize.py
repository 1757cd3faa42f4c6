"""Quantising: moving notes towards a grid, as far as the user wishes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from musicassist.errors import InputError
from musicassist.music.clip import Clip, surviving
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT

STRAIGHT_SWING: Final = 0.5
TRIPLET_SWING: Final = 2 / 3
MOST_SWING: Final = 0.75


@dataclass(frozen=True, slots=True)
class Grid:
    """Evenly spaced lines from the start of a clip.

    Attributes:
        name: As shown, such as `1/16` or `1/8T`; a note value of a whole note, T for triplets and
            a dot for dotted ones.
        step_ticks: From line to line, at least 1.
        can_swing: Whether every second line may come late; not for triplets, dotted values and
            steps of a beat or more.

    Raises:
        ValueError: The step is shorter than a tick.
    """

    name: str
    step_ticks: int
    can_swing: bool = False

    def __post_init__(self) -> None:
        if self.step_ticks < 1:
            raise ValueError(f"the lines of a grid are at least a tick apart: {self}")

    @property
    def steps_per_beat(self) -> Fraction:
        """How many steps make a beat (a quarter note)."""
        return Fraction(TICKS_PER_BEAT, self.step_ticks)


GRIDS: Final[Mapping[str, Grid]] = MappingProxyType(
    {
        grid.name: grid
        for grid in (
            Grid("1/1", 1920),
            Grid("1/2", 960),
            Grid("1/4.", 720),
            Grid("1/4", 480),
            Grid("1/4T", 320),
            Grid("1/8.", 360),
            Grid("1/8", 240, can_swing=True),
            Grid("1/8T", 160),
            Grid("1/16.", 180),
            Grid("1/16", 120, can_swing=True),
            Grid("1/16T", 80),
            Grid("1/32", 60, can_swing=True),
            Grid("1/32T", 40),
            Grid("1/64", 30),
        )
    }
)
"""The grids on offer, by name, from wide to narrow."""


def grid_named(name: str) -> Grid:
    """Return one of the grids on offer.

    Raises:
        InputError: There is none of that name.
    """
    if name not in GRIDS:
        raise InputError(f"There is no grid “{name}”.", f"Choose one of: {', '.join(GRIDS)}.")
    return GRIDS[name]


def quantize(
    clip: Clip,
    grid: Grid,
    *,
    strength: float = 1.0,
    swing: float = STRAIGHT_SWING,
    ends: bool = False,
) -> Clip:
    """Return a clip with its notes moved towards the nearest lines of a grid.

    Notes never change their order. Of two notes of one pitch that land on one line the longer
    stays, and one that would ring into the next is cut there. A note nearest to the end of the
    clip goes to the last line before it. Controllers stay where they are.

    Args:
        clip: What to quantise; it stays as it is.
        grid: Where the lines are; the first is at the start of the clip.
        strength: How far to go, from 0 (nowhere) to 1 (onto the line).
        swing: Where in each pair of steps the second one begins, from 0.5 (straight) over 2/3
            (triplet) to 0.75 (dotted); grids that cannot swing stay straight.
        ends: Move the ends too, to lines after the start; the end of the clip counts as one.
            Otherwise notes keep their length as far as the clip goes.

    Raises:
        ValueError: The strength or the swing is out of range.
    """
    if strength == 0:
        _check(strength, swing)
        return clip
    pairs = quantized_notes(clip, grid, strength=strength, swing=swing, ends=ends)
    return clip.with_notes(note for _, note in pairs)


def quantized_notes(
    clip: Clip,
    grid: Grid,
    *,
    strength: float = 1.0,
    swing: float = STRAIGHT_SWING,
    ends: bool = False,
) -> list[tuple[int, Note]]:
    """Return the notes of a clip as `quantize` moves them, each after its index in the clip.

    Raises:
        ValueError: The strength or the swing is out of range.
    """
    _check(strength, swing)
    if strength == 0:
        return list(enumerate(clip.notes))
    lines = _Lines(grid, swing, clip.length_ticks)

    def moved(note: Note) -> Note:
        line_ticks = lines.nearest_inside(note.onset_ticks)
        onset_ticks = _part_way(note.onset_ticks, line_ticks, strength)
        if ends:
            end_line_ticks = lines.nearest_after(line_ticks, note.end_ticks)
            end_ticks = _part_way(note.end_ticks, end_line_ticks, strength)
        else:
            end_ticks = onset_ticks + note.duration_ticks
            end_ticks = min(end_ticks, max(note.end_ticks, clip.length_ticks))
        duration_ticks = max(1, end_ticks - onset_ticks)
        return replace(note, onset_ticks=onset_ticks, duration_ticks=duration_ticks)

    return surviving(tuple(map(moved, clip.notes)))


def _check(strength: float, swing: float) -> None:
    if not 0 <= strength <= 1:
        raise ValueError(f"quantize strength is 0-1: {strength}")
    if not STRAIGHT_SWING <= swing <= MOST_SWING:
        raise ValueError(f"swing is 0.5-0.75: {swing}")


class _Lines:
    """The lines of a grid over a clip, every second one late where the grid swings."""

    def __init__(self, grid: Grid, swing: float, length_ticks: int) -> None:
        self._pair_ticks = 2 * grid.step_ticks
        self._second_ticks = round(self._pair_ticks * (swing if grid.can_swing else STRAIGHT_SWING))
        self._length_ticks = length_ticks

    def nearest_inside(self, ticks: int) -> int:
        """Return the line nearest to a place among those before the end of the clip."""
        inside = [line for line in self._around(ticks) if line < self._length_ticks]
        return min(inside, key=lambda line: abs(line - ticks))

    def nearest_after(self, line_ticks: int, ticks: int) -> int:
        """Return the line nearest to a place among those after another, up to the clip's end."""
        lines = (*self._around(ticks), *self._around(line_ticks))
        after = [line for line in lines if line_ticks < line < self._length_ticks]
        return min((*after, self._length_ticks), key=lambda line: abs(line - ticks))

    def _around(self, ticks: int) -> tuple[int, int, int]:
        pair_start_ticks = ticks - ticks % self._pair_ticks
        second_ticks = pair_start_ticks + self._second_ticks
        return pair_start_ticks, second_ticks, pair_start_ticks + self._pair_ticks


def _part_way(start_ticks: int, end_ticks: int, part: float) -> int:
    return start_ticks + round(part * (end_ticks - start_ticks))
