"""What the transport lays out on frames: clicks, count-in and loop."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple

from musicassist.audio.schedule import FrameLine
from musicassist.engine.protocol import LoopRange
from musicassist.music.timebase import TICKS_PER_BEAT, MeterChange, Timebase

SHORTEST_LOOP_S: Final = 0.05  # what turns faster than this is a tone, and work without end
SHORTEST_CLICK_S: Final = 0.02

_WHOLE_NOTE_TICKS: Final = 4 * TICKS_PER_BEAT


class Click(NamedTuple):
    """One click of the metronome.

    Attributes:
        frame: On the time line, or counted from the start of a block.
        is_accented: Whether a bar begins with it.
    """

    frame: int
    is_accented: bool


class ClickTrack:
    """Where the metronome clicks: on every count of the metre, accented at the start of a bar.

    A count is the note value a time signature names, as its bar position is shown and as DAWs
    click: quarters in 3/4, eighths in 6/8 and 7/8 (not dotted quarters), halves in 2/2.

    Args:
        timebase: The metre map.
        line: The tempo map on frames.
        sample_rate_hz: Frames a second.

    Thread: any; never changes.
    Realtime: yes, once made.
    """

    def __init__(self, timebase: Timebase, line: FrameLine, sample_rate_hz: int) -> None:
        self._line = line
        self._meters = timebase.meters
        self._onsets_ticks = [meter.onset_ticks for meter in timebase.meters]
        self._shortest_frames = round(SHORTEST_CLICK_S * sample_rate_hz)

    def next_after(self, click: Click) -> Click:
        """Return the click after one, passing over those too close to be told apart."""
        return self.next_from(click.frame + self._shortest_frames)

    def next_from(self, frame: int) -> Click:
        """Return the first click at or after a frame, 0 or later."""
        # A click may be rounded to a frame a little before or after its own tick.
        ticks = self._line.ticks_at(frame - 1)
        index = max(0, bisect_right(self._onsets_ticks, ticks) - 1)
        count = max(0, int((ticks - self._onsets_ticks[index]) / _count_ticks(self._meters[index])))
        while True:
            meter = self._meters[index]
            place_ticks = meter.onset_ticks + count * _count_ticks(meter)
            if index + 1 < len(self._meters) and place_ticks >= self._onsets_ticks[index + 1]:
                index, count = index + 1, 0
                continue
            at_frame = self._line.frame_at(place_ticks)
            if at_frame >= frame:
                return Click(at_frame, count % meter.numerator == 0)
            count += 1


class CountIn:
    """The bars of click before a start, in the tempo and metre that hold there.

    They stand on frames below the start. A start in the middle of a bar keeps its count: after a
    bar from the third beat on, the music begins on the third beat.

    Args:
        timebase: Tempo and metre.
        line: The same on frames.
        start_ticks: Where the music begins.
        length_ticks: How long before that the clicks begin.

    Attributes:
        start_frame: Where the music begins.
        n_frames: How many frames before that the clicks begin.
        tick_frames: How many frames a tick lasts.

    Realtime: yes.
    """

    def __init__(
        self, timebase: Timebase, line: FrameLine, start_ticks: int, length_ticks: float
    ) -> None:
        self.start_frame = line.frame_at(start_ticks)
        self.tick_frames = line.tick_frames_at(start_ticks)
        self.n_frames = round(length_ticks * self.tick_frames)
        self._start_ticks = start_ticks
        self._meter = timebase.meter_at(start_ticks)

    def ticks_at(self, frame: float) -> float:
        """Return the place below the start that a frame below it stands for."""
        return self._start_ticks + (frame - self.start_frame) / self.tick_frames

    def next_from(self, frame: int) -> Click | None:
        """Return the first click at or after a frame, or None when it belongs to the music."""
        count_ticks = _count_ticks(self._meter)
        count = int((self.ticks_at(frame - 1) - self._meter.onset_ticks) // count_ticks)
        while True:
            place_ticks = self._meter.onset_ticks + count * count_ticks
            if place_ticks >= self._start_ticks:
                return None
            below_ticks = place_ticks - self._start_ticks
            at_frame = self.start_frame + round(below_ticks * self.tick_frames)
            if at_frame >= frame:
                return Click(at_frame, count % self._meter.numerator == 0)
            count += 1


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop on frames.

    Attributes:
        range: As it was asked for.
        start_frame: First frame.
        end_frame: The frame at which it turns back.
    """

    range: LoopRange
    start_frame: int
    end_frame: int

    @property
    def length_ticks(self) -> int:
        """How far back it turns."""
        return self.range.end_ticks - self.range.start_ticks


def loop_on(line: FrameLine, wanted: LoopRange | None, sample_rate_hz: int) -> Loop | None:
    """Return a loop on frames, or None when none is wanted or it is too short to be one."""
    if wanted is None or not 0 <= wanted.start_ticks < wanted.end_ticks:
        return None
    start, end = line.frame_at(wanted.start_ticks), line.frame_at(wanted.end_ticks)
    if end - start < SHORTEST_LOOP_S * sample_rate_hz:
        return None
    return Loop(wanted, start, end)


def _count_ticks(meter: MeterChange) -> int:
    return _WHOLE_NOTE_TICKS // meter.denominator
