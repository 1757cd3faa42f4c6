"""Musical time: ticks, bars and beats, and the seconds they take.

A tick is 1/480 of a beat; a beat is a quarter note, always. A tempo is stored as whole
microseconds a beat, exactly as MIDI files do, so that it survives a round trip.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

TICKS_PER_BEAT: Final = 480
MICROSECONDS_PER_MINUTE: Final = 60_000_000
LONGEST_BEAT_US: Final = 0xFFFFFF  # three bytes in a MIDI file: 3.58 bpm


@dataclass(frozen=True, slots=True, order=True)
class TempoChange:
    """From here on a beat takes this long.

    Attributes:
        onset_ticks: Where, 0 or later.
        beat_us: Microseconds a beat (quarter note), 1-16,777,215.
    """

    onset_ticks: int
    beat_us: int

    def __post_init__(self) -> None:
        if self.onset_ticks < 0 or not 1 <= self.beat_us <= LONGEST_BEAT_US:
            raise ValueError(f"a beat takes 1-{LONGEST_BEAT_US} microseconds: {self}")

    @property
    def bpm(self) -> float:
        """Beats (quarter notes) a minute."""
        return MICROSECONDS_PER_MINUTE / self.beat_us


@dataclass(frozen=True, slots=True, order=True)
class MeterChange:
    """From here on bars have this time signature.

    Attributes:
        onset_ticks: Where, 0 or later: always a bar line.
        numerator: Counts a bar, 1-255.
        denominator: The note value counted: a power of two, 1-64.
    """

    onset_ticks: int
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.onset_ticks < 0 or not 1 <= self.numerator <= 255:
            raise ValueError(f"a bar has 1-255 counts: {self}")
        if self.denominator not in (1, 2, 4, 8, 16, 32, 64):
            raise ValueError(f"a time signature counts in powers of two up to 64: {self}")

    @property
    def bar_ticks(self) -> int:
        """Length of one bar."""
        return self.numerator * TICKS_PER_BEAT * 4 // self.denominator


@dataclass(frozen=True, slots=True)
class BarPosition:
    """A place as musicians say it: bar and count from 1, and ticks into the count from 0."""

    bar: int
    count: int
    ticks: int


class _Memory:
    """Room for what is worked out once; as it is no field, it is neither compared nor saved."""

    __slots__ = ("_onsets_s",)

    _onsets_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Timebase(_Memory):
    """The tempo map and the metre map of a piece.

    Every place is computed from tick 0, never from its neighbour, so that nothing drifts. Tempos
    are added up once; a place costs one search among them.

    Attributes:
        tempos: In order, the first at tick 0.
        meters: In order, the first at tick 0, each later one on a bar line.

    Raises:
        ValueError: A map is empty, unordered, or does not start at 0.
    """

    tempos: tuple[TempoChange, ...] = (TempoChange(0, 500_000),)
    meters: tuple[MeterChange, ...] = (MeterChange(0, 4, 4),)

    def __post_init__(self) -> None:
        for changes in (self.tempos, self.meters):
            onsets = [change.onset_ticks for change in changes]
            if not onsets or onsets[0] != 0 or onsets != sorted(set(onsets)):
                raise ValueError("tempo and metre maps start at tick 0 and run forward")

    @classmethod
    def steady(cls, bpm: float, numerator: int = 4, denominator: int = 4) -> "Timebase":
        """Return a timebase of one tempo and one time signature throughout.

        Raises:
            ValueError: The tempo is outside 3.58-60,000,000 bpm or the signature is unusable.
        """
        if not MICROSECONDS_PER_MINUTE / LONGEST_BEAT_US <= bpm <= MICROSECONDS_PER_MINUTE:
            raise ValueError(f"a tempo is 3.58-60,000,000 bpm: {bpm}")
        return cls(
            (TempoChange(0, round(MICROSECONDS_PER_MINUTE / bpm)),),
            (MeterChange(0, numerator, denominator),),
        )

    def seconds_at(self, ticks: float) -> float:
        """Return how many seconds after tick 0 a place on the time line is reached."""
        index = max(0, bisect_right(self.tempos, ticks, key=_onset) - 1)
        tempo = self.tempos[index]
        return self._tempos_onsets_s()[index] + _span_s(tempo, ticks - tempo.onset_ticks)

    def ticks_at(self, seconds: float) -> float:
        """Return the place on the time line reached `seconds` after tick 0; not rounded."""
        onsets_s = self._tempos_onsets_s()
        index = max(0, bisect_right(onsets_s, seconds) - 1)
        tempo = self.tempos[index]
        return tempo.onset_ticks + (seconds - onsets_s[index]) / _span_s(tempo, 1)

    def _tempos_onsets_s(self) -> tuple[float, ...]:
        """Return when each tempo begins."""
        try:
            return self._onsets_s
        except AttributeError:
            spans_s = (
                _span_s(tempo, later.onset_ticks - tempo.onset_ticks)
                for tempo, later in pairwise(self.tempos)
            )
            object.__setattr__(self, "_onsets_s", tuple(accumulate(spans_s, initial=0.0)))
            return self._onsets_s

    def tempo_at(self, ticks: float) -> TempoChange:
        """Return the tempo in force at a place."""
        return self.tempos[max(0, bisect_right(self.tempos, ticks, key=_onset) - 1)]

    def meter_at(self, ticks: float) -> MeterChange:
        """Return the time signature in force at a place."""
        return self.meters[max(0, bisect_right(self.meters, ticks, key=_onset) - 1)]

    def bar_start_ticks(self, bar: int) -> int:
        """Return where a bar starts; bars count from 0 here and from 1 on screen."""
        for index, meter in enumerate(self.meters):
            if index + 1 < len(self.meters):
                span_ticks = self.meters[index + 1].onset_ticks - meter.onset_ticks
                n_bars = -(-span_ticks // meter.bar_ticks)
                if bar >= n_bars:
                    bar -= n_bars
                    continue
            return meter.onset_ticks + bar * meter.bar_ticks
        raise AssertionError("a timebase has at least one metre")

    def bar_at(self, ticks: float) -> int:
        """Return the bar a place lies in, counted from 0."""
        bars = 0
        for index, meter in enumerate(self.meters):
            later = self.meters[index + 1].onset_ticks if index + 1 < len(self.meters) else None
            if later is not None and ticks >= later:
                bars += -(-(later - meter.onset_ticks) // meter.bar_ticks)
                continue
            return bars + int((ticks - meter.onset_ticks) // meter.bar_ticks)
        raise AssertionError("a timebase has at least one metre")

    def next_bar_line_ticks(self, ticks: int) -> int:
        """Return the first bar line at or after a place."""
        bar = self.bar_at(ticks)
        start_ticks = self.bar_start_ticks(bar)
        return start_ticks if start_ticks == ticks else self.bar_start_ticks(bar + 1)

    def position_at(self, ticks: int) -> BarPosition:
        """Return a place as bar, count and ticks, the way a transport shows it."""
        bar = self.bar_at(ticks)
        into_bar_ticks = ticks - self.bar_start_ticks(bar)
        count_ticks = TICKS_PER_BEAT * 4 // self.meter_at(ticks).denominator
        return BarPosition(bar + 1, into_bar_ticks // count_ticks + 1, into_bar_ticks % count_ticks)

    def from_ticks(self, start_ticks: int) -> "Timebase":
        """Return the same maps as seen by a clip that starts at a bar line `start_ticks`."""
        first_tempo, first_meter = self.tempo_at(start_ticks), self.meter_at(start_ticks)
        tempos = [TempoChange(0, first_tempo.beat_us)]
        tempos += [
            TempoChange(each.onset_ticks - start_ticks, each.beat_us)
            for each in self.tempos
            if each.onset_ticks > start_ticks
        ]
        meters = [MeterChange(0, first_meter.numerator, first_meter.denominator)]
        meters += [
            MeterChange(each.onset_ticks - start_ticks, each.numerator, each.denominator)
            for each in self.meters
            if each.onset_ticks > start_ticks
        ]
        return Timebase(tuple(tempos), tuple(meters))


def _onset(change: TempoChange | MeterChange) -> int:
    return change.onset_ticks


def _span_s(tempo: TempoChange, span_ticks: float) -> float:
    return span_ticks * tempo.beat_us / (TICKS_PER_BEAT * 1e6)
