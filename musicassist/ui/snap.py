"""The grid that notes snap to in the piano roll, as it is drawn."""

from dataclasses import dataclass
from typing import Final

from musicassist.music.quantize import GRIDS
from musicassist.music.session import Session
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.ui.time_axis import TimeAxis

LEAST_STEP_PX: Final = 9.0  # grid steps closer than this are not drawn
_MOST_STEP_PX: Final = 72.0  # an adaptive grid is no wider than this
_LEAST_STEP_TICKS: Final = 30


@dataclass(frozen=True, slots=True)
class SnapGrid:
    """Lines at equal steps from every bar line.

    Attributes:
        session: Whose bars.
        step_ticks: From line to line.
    """

    session: Session
    step_ticks: int

    def snapped(self, ticks: float) -> int:
        """Return the line nearest to a place, at 0 or later."""
        start_ticks, end_ticks = self._bar_around(max(0.0, ticks))
        line_ticks = start_ticks + round((ticks - start_ticks) / self.step_ticks) * self.step_ticks
        return max(0, min((line_ticks, end_ticks), key=lambda each: abs(each - ticks)))

    def line_before(self, ticks: float) -> int:
        """Return the last line at or before a place."""
        start_ticks, _ = self._bar_around(max(0.0, ticks))
        return (
            start_ticks + int((max(0.0, ticks) - start_ticks) // self.step_ticks) * self.step_ticks
        )

    def snapped_move(self, onset_ticks: int, d_ticks: float) -> int:
        """Return how far something moves: by whole steps, or onto a line, whichever is nearer.

        Args:
            onset_ticks: Where it was.
            d_ticks: How far the pointer has gone.
        """
        by_steps_ticks = round(d_ticks / self.step_ticks) * self.step_ticks
        onto_line_ticks = self.snapped(onset_ticks + d_ticks) - onset_ticks
        return min(by_steps_ticks, onto_line_ticks, key=lambda each: abs(each - d_ticks))

    def _bar_around(self, ticks: float) -> tuple[int, int]:
        timebase = self.session.timebase
        bar = timebase.bar_at(ticks)
        return timebase.bar_start_ticks(bar), timebase.bar_start_ticks(bar + 1)


def snap_grid(session: Session, axis: TimeAxis, *, is_adaptive: bool) -> SnapGrid:
    """Return the session's grid, or one as fine as can be seen.

    Args:
        session: Whose grid.
        axis: How wide a beat is drawn.
        is_adaptive: Halve or double the session's steps, so that lines stand neither crowded nor
            far apart.
    """
    step_ticks = GRIDS[session.timing.grid_name].step_ticks
    if is_adaptive:
        px_per_tick = axis.px_per_beat / TICKS_PER_BEAT
        while step_ticks * px_per_tick > _MOST_STEP_PX and step_ticks >= 2 * _LEAST_STEP_TICKS:
            step_ticks //= 2
        while step_ticks * px_per_tick < LEAST_STEP_PX:
            step_ticks *= 2
    return SnapGrid(session, step_ticks)
