"""The grid that notes snap to."""

from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.session import Session, Timing
from musicassist.music.timebase import MeterChange, TempoChange, Timebase
from musicassist.ui.snap import LEAST_STEP_PX, SnapGrid, snap_grid
from musicassist.ui.time_axis import TimeAxis

SEVEN_EIGHT = Session(timebase=Timebase((TempoChange(0, 500_000),), (MeterChange(0, 7, 8),)))
GRID = SnapGrid(Session(), 120)

ticks = st.floats(0, 100_000)


@given(ticks)
def test_places_snap_to_the_nearest_line(place_ticks: float) -> None:
    line_ticks = GRID.snapped(place_ticks)
    assert line_ticks % 120 == 0
    assert abs(line_ticks - place_ticks) <= 60


@given(ticks)
def test_the_line_before_is_never_later(place_ticks: float) -> None:
    line_ticks = GRID.line_before(place_ticks)
    assert line_ticks % 120 == 0
    assert line_ticks <= place_ticks < line_ticks + 120


@given(st.integers(0, 5000), st.floats(-5000, 5000))
def test_a_move_is_whole_steps_or_ends_on_a_line(onset_ticks: int, d_ticks: float) -> None:
    moved_ticks = GRID.snapped_move(onset_ticks, d_ticks)
    assert moved_ticks % 120 == 0 or (onset_ticks + moved_ticks) % 120 == 0
    assert abs(moved_ticks - d_ticks) <= 60 or onset_ticks + moved_ticks == 0


def test_a_small_movement_moves_nothing_off_the_grid() -> None:
    assert GRID.snapped_move(507, 5.0) == 0


def test_lines_are_counted_from_each_bar_line() -> None:
    grid = SnapGrid(SEVEN_EIGHT, 480)
    bar_ticks = 7 * 240
    assert grid.snapped(bar_ticks - 10) == bar_ticks
    assert grid.line_before(bar_ticks + 490) == bar_ticks + 480
    assert grid.snapped(bar_ticks - 250) == bar_ticks - 240


@given(st.floats(0.01, 100))
def test_an_adaptive_grid_is_neither_crowded_nor_wide(factor: float) -> None:
    axis = TimeAxis()
    axis.zoom(factor)
    step_px = snap_grid(Session(), axis, is_adaptive=True).step_ticks * axis.px_per_beat / 480
    assert step_px >= LEAST_STEP_PX
    assert step_px <= 72 or axis.px_per_beat * 30 / 480 > LEAST_STEP_PX


def test_otherwise_the_grid_is_the_sessions() -> None:
    session = Session(timing=Timing(grid_name="1/8T"))
    assert snap_grid(session, TimeAxis(), is_adaptive=False).step_ticks == 160
