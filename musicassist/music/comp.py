"""A comp: the best bars of several solos as one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from musicassist.music.clip import Clip
from musicassist.music.note import (
    BEND_CENTRE,
    CHANNEL_PRESSURE,
    MOD_WHEEL,
    PITCH_BEND,
    SUSTAIN,
    ControlPoint,
)
from musicassist.music.solo import Solo
from musicassist.music.timebase import Timebase

# What a controller is set back to where another solo goes on that does not speak of it; volume,
# pan and sounds are left as they are.
# Source: "Response to Reset All Controllers", MIDI recommended practice RP-015.
_AT_REST: Final = {
    MOD_WHEEL: 0,
    11: 127,  # expression
    SUSTAIN: 0,
    65: 0,  # portamento, sostenuto and soft pedal
    66: 0,
    67: 0,
    PITCH_BEND: BEND_CENTRE,
    CHANNEL_PRESSURE: 0,
}


def bar_lines_of(solo: Solo, timebase: Timebase, answer_start_ticks: int) -> tuple[int, ...]:
    """Return a solo's bar lines, counted from its first one, its end included.

    A last bar that is cut short counts, and ends at its bar line.

    Args:
        solo: Which one.
        timebase: Of the piece.
        answer_start_ticks: Where in the piece the first bar line of answers is.
    """
    first = timebase.bar_at(answer_start_ticks)
    end_ticks = timebase.next_bar_line_ticks(answer_start_ticks + solo.bars_ticks)
    n_bars = timebase.bar_at(end_ticks) - first
    return tuple(
        timebase.bar_start_ticks(first + bar) - answer_start_ticks for bar in range(n_bars + 1)
    )


def comp_of(by_bar: Sequence[Solo], lines_ticks: Sequence[int]) -> Solo:
    """Return a solo of bars of several solos.

    A note belongs to the bar it starts in, and one that rings into a bar of another solo is cut at
    the bar line. Controllers go on as they are set in each solo, and return to rest where the next
    one does not speak of them. What stands before the first bar line comes with the first bar, and
    so do model, seed and phrase.

    Args:
        by_bar: The solo each bar is taken from, at least one.
        lines_ticks: Every bar line counted from the first, the end of the last bar included.

    Raises:
        ValueError: There are no bars, or not one bar line more than bars.
    """
    if not by_bar or len(lines_ticks) != len(by_bar) + 1:
        raise ValueError(f"{len(by_bar)} bars have {len(by_bar) + 1} lines: {lines_ticks}")
    first = by_bar[0]
    stretches = tuple(_stretches(by_bar, lines_ticks))
    clip = Clip(name=first.clip.name)
    for stretch in stretches:
        part = stretch.cut(is_last=stretch is stretches[-1])
        settled = _settled(clip, part)
        clip = replace(clip, controls=settled).followed_by(part)
    return replace(first, clip=clip, pickup_ticks=first.pickup_ticks)


def taken_bars(
    comp: Solo,
    by_bar: Sequence[Solo | None],
    lines_ticks: Sequence[int],
    bars: Collection[int],
    source: Solo,
) -> Solo:
    """Return a comp with some bars taken from another solo, and all others as they are.

    Where the comp is still what its solos make, it is made of them again, so that a note cut at a
    bar line rings on when the bar behind it is given back. Where one of them has changed since, or
    the comp itself, its bars are taken from the comp as it stands.

    Args:
        comp: What is changed.
        by_bar: The solo each bar was taken from; None for one that is no longer there.
        lines_ticks: Every bar line counted from the first, the end of the last bar included.
        bars: Which bars, counted from 0.
        source: Where they come from.
    """
    there = [each for each in by_bar if each is not None]
    is_as_made = len(there) == len(by_bar) and comp_of(there, lines_ticks).clip == comp.clip
    kept = there if is_as_made else [comp] * len(by_bar)
    chosen = [source if bar in bars else each for bar, each in enumerate(kept)]
    return comp_of(chosen, lines_ticks)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Bars in a row from one solo, counted from its clip's start; a pickup belongs to the first."""

    solo: Solo
    start_ticks: int
    end_ticks: int

    def cut(self, *, is_last: bool) -> Clip:
        """Return its notes from 0 on, cut at its end unless the solo itself ends there."""
        clip = self.solo.clip
        if not is_last or self.end_ticks < clip.length_ticks:
            return clip.between(self.start_ticks, self.end_ticks)
        if not self.start_ticks:
            return clip
        end_ticks = max(clip.length_ticks, self.start_ticks)
        whole = replace(clip, length_ticks=max(end_ticks, clip.end_of_notes_ticks))
        ringing = whole.between(self.start_ticks, whole.length_ticks).notes
        return replace(clip.between(self.start_ticks, end_ticks), notes=ringing)


def _stretches(by_bar: Sequence[Solo], lines_ticks: Sequence[int]) -> Iterator[_Stretch]:
    bar = 0
    for _, together in groupby(by_bar, key=id):
        solos = list(together)
        pickup_ticks = solos[0].pickup_ticks
        start_ticks = pickup_ticks + lines_ticks[bar] if bar else 0
        bar += len(solos)
        yield _Stretch(solos[0], start_ticks, pickup_ticks + lines_ticks[bar])


def _settled(before: Clip, after: Clip) -> tuple[ControlPoint, ...]:
    """Return the controllers of a clip, at rest where the next one begins without a word."""
    spoken = {(each.channel, each.controller) for each in after.controls if not each.onset_ticks}
    last = {(each.channel, each.controller): each.value for each in before.controls}
    at_rest = (
        ControlPoint(before.length_ticks, controller, _AT_REST[controller], channel)
        for (channel, controller), value in last.items()
        if (channel, controller) not in spoken and value != _AT_REST.get(controller, value)
    )
    return (*before.controls, *at_rest)
