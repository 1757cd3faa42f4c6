"""Which place of the music was heard at any moment of the recent past."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from musicassist.engine.player import Player, Span

LONGEST_LEAD_S: Final = 0.25  # played so little before a start, it was meant for the start
LONGEST_GUESS_S: Final = 0.25  # how long the music is taken to run on when no block is asked for
KEPT_S: Final = 30.0


class HeardPoint(NamedTuple):
    """From a moment of `time.perf_counter` on, this is heard.

    Attributes:
        heard_s: The moment.
        player: Who plays it; None when the transport stands from here on.
        span: What of the time line it is; None when the transport stands.
    """

    heard_s: float
    player: Player | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class HeardPlace:
    """A place on the time line as it was heard.

    Attributes:
        ticks: The place; below the start while counting in.
        player: Who played it.
        n_turns: How often the loop had turned before.
        turned_ticks: How far back it had turned in all.
        is_counting_in: Whether it belongs to a count-in.
        is_ahead: Whether the transport still stood, about to start.
    """

    ticks: float
    player: Player
    n_turns: int = 0
    turned_ticks: float = 0.0
    is_counting_in: bool = False
    is_ahead: bool = False

    @property
    def unrolled_ticks(self) -> float:
        """The place as if the loop had gone on instead of turning back."""
        return self.ticks + self.turned_ticks


class Playhead:
    """Remembers what was heard when, and finds the place for a moment.

    Args:
        sample_rate_hz: Frames a second.

    Thread: the main loop.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._moments_s: list[float] = []
        self._points: list[HeardPoint] = []

    def add(self, point: HeardPoint) -> None:
        """Take note of what is heard next."""
        if self._moments_s:
            # A device that changed its mind about its latency must not bring time out of order.
            point = point._replace(heard_s=max(point.heard_s, self._moments_s[-1]))
        self._moments_s.append(point.heard_s)
        self._points.append(point)
        if point.heard_s - self._moments_s[0] > 2 * KEPT_S:
            n_old = bisect_right(self._moments_s, point.heard_s - KEPT_S) - 1
            del self._moments_s[:n_old], self._points[:n_old]

    def place_at(self, moment_s: float) -> HeardPlace | None:
        """Return the place that was heard at a moment, or None when the transport stood.

        A moment just before a start counts as a place just before it.
        """
        index = bisect_right(self._moments_s, moment_s) - 1
        following = self._points[index + 1] if index + 1 < len(self._points) else None
        point = self._points[index] if index >= 0 else HeardPoint(0.0)
        if point.player is None or point.span is None:
            if following is None or following.heard_s - moment_s > LONGEST_LEAD_S:
                return None
            place = self._place(following, (moment_s - following.heard_s) * self._rate_hz)
            return None if place is None else replace(place, is_ahead=True)
        elapsed_frames = (moment_s - point.heard_s) * self._rate_hz
        longest_frames = float(point.span.n_frames)
        if following is None:
            longest_frames += LONGEST_GUESS_S * self._rate_hz
        return self._place(point, min(elapsed_frames, longest_frames))

    def _place(self, point: HeardPoint, elapsed_frames: float) -> HeardPlace | None:
        player, span = point.player, point.span
        if player is None or span is None:
            return None
        line, frame = player.score.line, span.frame + elapsed_frames
        n_turns, turned_ticks = span.n_turns, span.turned_ticks
        if span.count_in is not None and frame < span.count_in.start_frame:
            ticks = span.count_in.ticks_at(frame)
            return HeardPlace(ticks, player, n_turns, turned_ticks, is_counting_in=True)
        if span.turning is not None and frame > span.turning.end_frame:
            frame += span.turning.start_frame - span.turning.end_frame
            n_turns += 1
            turned_ticks += span.turning.length_ticks
        return HeardPlace(line.ticks_at(frame), player, n_turns, turned_ticks)
