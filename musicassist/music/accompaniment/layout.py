"""Where the cells of a pattern fall in bars of any metre."""

import itertools
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from musicassist.music.accompaniment.feel import N_COUNTS, Bar
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_EIGHTH_TICKS: Final = TICKS_PER_BEAT // 2
_DOTTED_TICKS: Final = 3 * _EIGHTH_TICKS
_PHRASE_BARS: Final = 4

# Which of the four written counts a bar of so many pulses is made of.
_COUNTS: Final = {1: (0,), 2: (0, 1), 3: (0, 1, 3), 4: (0, 1, 2, 3), 5: (0, 1, 3, 2, 3)}
_STRONG, _AGAIN_STRONG = 0, 2
_SWUNG: Final = 0.58  # below it sixteenths swing, not the triplets of a quarter


class Pulse(NamedTuple):
    """One felt beat of a bar.

    Attributes:
        offset_ticks: Where in the bar.
        length_ticks: How long: a quarter, a dotted quarter, or longer by what a bar has over.
        cell: Which of the four written counts it plays, from 0.
        is_compound: Whether it divides into three.
    """

    offset_ticks: int
    length_ticks: int
    cell: int
    is_compound: bool


class Step(NamedTuple):
    """A sign of a pattern at its place in a bar.

    Attributes:
        offset_ticks: Where in the bar.
        sign: What is written there.
        room_ticks: How far the next step is, or the bar's end.
        pulse: The number of the pulse it is in.
        is_on_pulse: Whether the pulse begins with it.
    """

    offset_ticks: int
    sign: str
    room_ticks: int
    pulse: int
    is_on_pulse: bool


class BarPlace(NamedTuple):
    """A bar of the piece.

    Attributes:
        start_ticks: Where it begins.
        end_ticks: Where it ends: at its bar line, or with the piece.
        numerator: Of its metre.
        denominator: Likewise.
        number: Its number from 0 within its section.
        n_left: How many bars of the section come after it.
        is_after_section: Whether it begins a section after another.
    """

    start_ticks: int
    end_ticks: int
    numerator: int
    denominator: int
    number: int
    n_left: int
    is_after_section: bool

    @property
    def metre(self) -> str:
        """Its metre as it is written: "3/4"."""
        return f"{self.numerator}/{self.denominator}"

    @property
    def ends_phrase(self) -> bool:
        """Whether a phrase of four bars, or the section, ends with it."""
        return self.number % _PHRASE_BARS == _PHRASE_BARS - 1 or self.n_left == 0

    @property
    def begins_phrase(self) -> bool:
        """Whether something has just ended before it."""
        return self.is_after_section or (self.number > 0 and self.number % _PHRASE_BARS == 0)

    @property
    def ends_long_phrase(self) -> bool:
        """Whether eight bars, or the section, end with it."""
        return self.number % (2 * _PHRASE_BARS) == 2 * _PHRASE_BARS - 1 or self.n_left == 0


@cache
def pulses_of(numerator: int, denominator: int) -> tuple[Pulse, ...]:
    """Return the pulses of a bar: dotted quarters where eighths come in threes, else quarters.

    What is over after the last quarter, as in 7/8, makes the last pulse longer.
    """
    bar_ticks = numerator * TICKS_PER_BEAT * 4 // denominator
    is_compound = denominator == 8 and numerator % 3 == 0
    unit_ticks = _DOTTED_TICKS if is_compound else TICKS_PER_BEAT
    n_pulses = max(1, bar_ticks // unit_ticks)
    counts = _counts(n_pulses)
    return tuple(
        Pulse(
            index * unit_ticks,
            unit_ticks if index < n_pulses - 1 else bar_ticks - index * unit_ticks,
            counts[index],
            is_compound,
        )
        for index in range(n_pulses)
    )


def _counts(n_pulses: int) -> tuple[int, ...]:
    """Return which written count each pulse plays: groups of four, the last one of what is left."""
    if n_pulses in _COUNTS:
        return _COUNTS[n_pulses]
    first = 3 if n_pulses == 6 else 4
    rest = (_AGAIN_STRONG if count == _STRONG else count for count in _counts(n_pulses - first))
    return (*_COUNTS[first], *rest)


def steps_of(bar: Bar, pulses: tuple[Pulse, ...], swing: float) -> tuple[Step, ...]:
    """Return the signs of a pattern where they fall in a bar of a metre.

    Args:
        bar: Four cells, or one for every pulse.
        pulses: The metre's.
        swing: See `Feel`.
    """
    is_written_out = len(bar) == len(pulses) and len(bar) != N_COUNTS
    places: list[tuple[int, str, int, bool]] = []
    for index, pulse in enumerate(pulses):
        count = index if is_written_out else pulse.cell
        places += (
            (pulse.offset_ticks + offset, sign, index, offset == 0)
            for offset, sign in _cell_places(bar[count], bar[(count + 1) % len(bar)], pulse, swing)
        )
    ends = [place[0] for place in places[1:]] + [pulses[-1].offset_ticks + pulses[-1].length_ticks]
    return tuple(
        Step(offset, sign, end - offset, index, is_on_pulse)
        for (offset, sign, index, is_on_pulse), end in zip(places, ends, strict=True)
    )


def _cell_places(
    cell: str, following: str, pulse: Pulse, swing: float
) -> Iterator[tuple[int, str]]:
    """Yield a cell's signs; a pulse longer than a quarter borrows from the count that follows."""
    if pulse.is_compound:
        signs = cell if len(cell) != N_COUNTS else in_threes(cell)
        for step, sign in enumerate(signs):
            yield _DOTTED_TICKS * step // len(signs), sign
        return
    for part, start_ticks in ((cell, 0), (following, TICKS_PER_BEAT)):
        for step, sign in enumerate(part):
            offset_ticks = start_ticks + _step_ticks(step, len(part), swing)
            if offset_ticks < pulse.length_ticks:
                yield offset_ticks, sign


def _step_ticks(step: int, n_steps: int, swing: float) -> int:
    """Return where a step of a quarter lies."""
    if n_steps == 3 and step == 2:
        return round(TICKS_PER_BEAT * (swing if swing >= _SWUNG else 2 / 3))
    if n_steps == N_COUNTS and step % 2:
        return round(_EIGHTH_TICKS * (step // 2 + swing))
    return TICKS_PER_BEAT * step // n_steps


def in_threes(cell: str) -> str:
    """Return a count of four sixteenths as three eighths: what was struck is struck still."""
    first, second, third, fourth = tuple(cell)
    rests = ".-"
    if third not in rests and fourth not in rests:
        return first + third + fourth
    return first + second + (fourth if third in rests and fourth not in rests else third)


def bars_of(
    timebase: Timebase, length_ticks: int, sections_ticks: tuple[int, ...] = ()
) -> tuple[BarPlace, ...]:
    """Return the bars of a piece.

    Args:
        timebase: Its metres.
        length_ticks: Its end.
        sections_ticks: Where something new begins, such as a solo: bar lines after 0.
    """
    lines: list[tuple[int, int, int, int]] = []
    for index, meter in enumerate(timebase.meters):
        end_ticks = length_ticks
        if index + 1 < len(timebase.meters):
            end_ticks = min(end_ticks, timebase.meters[index + 1].onset_ticks)
        lines += (
            (start, min(start + meter.bar_ticks, end_ticks), meter.numerator, meter.denominator)
            for start in range(meter.onset_ticks, end_ticks, meter.bar_ticks)
        )
    starts = [index for index, line in enumerate(lines) if line[0] in sections_ticks and index]
    bounds = [0, *starts, len(lines)]
    return tuple(
        BarPlace(
            *lines[index],
            number=index - first,
            n_left=end - 1 - index,
            is_after_section=index == first > 0,
        )
        for first, end in itertools.pairwise(bounds)
        for index in range(first, end)
    )
