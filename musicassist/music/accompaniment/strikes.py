"""Where chords and bass strike: a pattern laid over the chords that come."""

import itertools
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from musicassist.music.accompaniment.feel import Bar
from musicassist.music.accompaniment.layout import BarPlace, Step, pulses_of, steps_of
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.timebase import TICKS_PER_BEAT

ANTICIPATED: Final = ">"
_HOLD: Final = "-"
_REST: Final = "."
_AS_EARLY_TICKS: Final = TICKS_PER_BEAT  # no chord is anticipated by more

VariantsIn = Callable[[BarPlace], Sequence[Bar]]


class Region(NamedTuple):
    """A stretch of one chord, from one tick to before another."""

    start_ticks: int
    end_ticks: int
    chord: ChordSymbol


class Strike(NamedTuple):
    """Something struck, and let ring over one chord.

    Attributes:
        onset_ticks: Where it is struck.
        end_ticks: Where it ends; later.
        sign: What is written for it.
        region: The number of the chord it belongs to.
        place_in_bar: The number of its pulse, and whether it begins that.
    """

    onset_ticks: int
    end_ticks: int
    sign: str
    region: int
    place_in_bar: tuple[int, bool]


def regions_of(progression: Progression, length_ticks: int) -> tuple[Region, ...]:
    """Return the stretches in which a chord sounds; the same chord twice is one."""
    regions: list[Region] = []
    changes = progression.changes
    ends = [onset for onset, _ in changes[1:]] + [length_ticks]
    for (start, chord), later in zip(changes, ends, strict=False):
        end = min(later, length_ticks)
        if start >= end or chord.is_no_chord:
            continue
        if regions and regions[-1].end_ticks == start and _is_same(regions[-1].chord, chord):
            regions[-1] = regions[-1]._replace(end_ticks=end)
        else:
            regions.append(Region(start, end, chord))
    return tuple(regions)


def _is_same(one: ChordSymbol, other: ChordSymbol) -> bool:
    return (one.root, one.intervals, one.bass) == (other.root, other.intervals, other.bass)


def strikes_over(
    regions: Sequence[Region],
    bars: Sequence[BarPlace],
    variants_in: VariantsIn,
    swing: float,
    *,
    patience_ticks: int,
) -> list[Strike]:
    """Return what a pattern strikes over chords, in order, one ending before the next.

    What rings when the chord changes is struck again. A chord for which the pattern has nothing
    soon enough is struck where it begins.

    Args:
        regions: The chords.
        bars: The bars of the piece.
        variants_in: The patterns for a bar's metre.
        swing: See `Feel`.
        patience_ticks: How long after a chord's beginning its first stroke may come.
    """
    strikes: list[Strike] = []
    first_onsets: dict[int, int] = {}
    region = 0
    for onset, end, sign, place in _written(bars, variants_in, swing):
        while region < len(regions) and regions[region].end_ticks <= onset:
            region += 1
        for strike in _over_chords(onset, end, sign, place, regions, region):
            first_onsets.setdefault(strike.region, strike.onset_ticks)
            strikes.append(strike)
    for index, (start, until, _chord) in enumerate(regions):
        first = first_onsets.get(index, until)
        if index not in first_onsets or first > start + patience_ticks:
            end = min(first, start + TICKS_PER_BEAT) if patience_ticks else first
            strikes.append(Strike(start, end, "x", index, (0, True)))
    strikes.sort()
    return [
        strike._replace(end_ticks=min(strike.end_ticks, later.onset_ticks))
        for strike, later in itertools.pairwise(strikes)
        if strike.onset_ticks < later.onset_ticks
    ] + strikes[-1:]


def kept_within(onset_ticks: int, end_ticks: int, strike: Strike, regions: Sequence[Region]) -> int:
    """Return where a stroke moved by human hands falls: not before its chord, nor at its end."""
    earliest_ticks = min(strike.onset_ticks, regions[strike.region].start_ticks)
    return min(max(onset_ticks, earliest_ticks), max(strike.onset_ticks, end_ticks - 1))


def _written(
    bars: Sequence[BarPlace], variants_in: VariantsIn, swing: float
) -> list[tuple[int, int, str, tuple[int, bool]]]:
    """Return what is written in all bars: from, to, sign, place; holds go over bar lines."""
    laid: dict[tuple[int, int, Bar], tuple[Step, ...]] = {}
    written: list[tuple[int, int, str, tuple[int, bool]]] = []
    is_ringing = False
    for place in bars:
        variants = variants_in(place)
        if not variants:
            continue
        bar = variants[place.number % len(variants)]
        key = (place.numerator, place.denominator, bar)
        if key not in laid:
            laid[key] = steps_of(bar, pulses_of(place.numerator, place.denominator), swing)
        for step in laid[key]:
            onset = place.start_ticks + step.offset_ticks
            if onset >= place.end_ticks:
                break
            end = min(onset + step.room_ticks, place.end_ticks)
            if step.sign == _HOLD and is_ringing:
                written[-1] = (written[-1][0], end, *written[-1][2:])
            elif step.sign not in (_HOLD, _REST):
                written.append((onset, end, step.sign, (step.pulse, step.is_on_pulse)))
                is_ringing = True
            else:
                is_ringing = False
    return written


def _over_chords(
    onset: int,
    end: int,
    sign: str,
    place: tuple[int, bool],
    regions: Sequence[Region],
    region: int,
) -> list[Strike]:
    """Return one stroke of the pattern as what it strikes, chord by chord."""
    strikes: list[Strike] = []
    if sign == ANTICIPATED and region + 1 < len(regions):
        now, coming = regions[region], regions[region + 1]
        is_near = now.start_ticks <= onset and coming.start_ticks - onset <= _AS_EARLY_TICKS
        if is_near and now.end_ticks == coming.start_ticks <= end:
            strikes.append(Strike(onset, min(end, coming.end_ticks), sign, region + 1, place))
            onset, region = coming.end_ticks, region + 2
    while onset < end and region < len(regions):
        start, until, _chord = regions[region]
        onset = max(onset, start)
        if onset < end:
            strikes.append(Strike(onset, min(end, until), sign, region, place))
        onset, region = until, region + 1
    return strikes
