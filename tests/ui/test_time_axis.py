"""From ticks to pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.ui.time_axis import GUTTER_PX, LEAST_PX_PER_BEAT, MOST_PX_PER_BEAT, TimeAxis


@given(st.integers(100, 4000), st.integers(480, 2_000_000), st.floats(0, 1e6))
def test_places_come_back(width_px: int, length_ticks: int, ticks: float) -> None:
    axis = TimeAxis()
    axis.set_width(width_px)
    axis.set_length(length_ticks)
    assert axis.ticks_at(axis.x_at(ticks)) == pytest.approx(ticks, abs=1e-3)


@given(st.integers(300, 4000), st.integers(1, 40))
def test_everything_fits_at_first(width_px: int, n_bars: int) -> None:
    axis = TimeAxis()
    axis.set_width(width_px)
    axis.set_length(n_bars * 1920)
    if axis.px_per_beat > LEAST_PX_PER_BEAT:
        assert axis.x_at(n_bars * 1920) <= GUTTER_PX + width_px
        assert axis.furthest_left_ticks == pytest.approx(0, abs=1)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0, 2000)), max_size=20))
def test_zooming_stays_within_limits_and_within_the_music(
    zooms: list[tuple[float, float]],
) -> None:
    axis = TimeAxis()
    for factor, x in zooms:
        axis.zoom(factor, x)
        assert LEAST_PX_PER_BEAT <= axis.px_per_beat <= MOST_PX_PER_BEAT + 1e-9
        assert 0 <= axis.left_ticks <= axis.furthest_left_ticks + 1e-6


def test_zooming_in_keeps_what_is_under_the_pointer() -> None:
    axis = TimeAxis()
    axis.set_width(600)
    before = axis.ticks_at(400)
    axis.zoom(2.0, 400)
    assert axis.ticks_at(400) == pytest.approx(before)


def test_the_page_turns_when_the_playhead_leaves_it() -> None:
    axis = TimeAxis()
    axis.set_width(600)
    axis.zoom(8.0, GUTTER_PX)
    axis.keep_seen(axis.seen_ticks + 1)
    assert axis.left_ticks == pytest.approx(axis.seen_ticks + 1)


def test_a_window_made_wider_shows_all_again_unless_zoomed() -> None:
    axis = TimeAxis()
    axis.set_width(600)
    fitted = axis.px_per_beat
    axis.set_width(1200)
    assert axis.px_per_beat > fitted
    axis.zoom(2.0)
    zoomed = axis.px_per_beat
    axis.set_width(900)
    assert axis.px_per_beat == zoomed


def test_what_was_zoomed_into_stays_when_the_music_grows_a_little() -> None:
    axis = TimeAxis()
    axis.set_width(600)
    axis.zoom(4.0, GUTTER_PX)
    zoomed = axis.px_per_beat
    axis.set_length(axis.length_ticks + 1920)
    assert axis.px_per_beat == zoomed
    axis.set_length(axis.length_ticks * 3)
    assert axis.px_per_beat < zoomed


def test_a_range_fills_the_lanes_and_the_way_back_is_remembered() -> None:
    axis = TimeAxis()
    axis.set_width(600)
    axis.show_all()
    first = axis.px_per_beat
    axis.zoom_to(1920, 3840)
    near = axis.left_ticks, axis.px_per_beat
    assert axis.left_ticks <= 1920
    assert axis.left_ticks + axis.seen_ticks >= 3840
    axis.zoom_to(1920, 2400)
    axis.zoom_back()
    assert (axis.left_ticks, axis.px_per_beat) == pytest.approx(near)
    axis.zoom_back()
    axis.zoom_back()
    assert axis.px_per_beat == pytest.approx(first)


def test_what_is_out_of_sight_is_revealed() -> None:
    axis = TimeAxis()
    axis.set_width(600)
    axis.zoom(8.0, GUTTER_PX)
    axis.reveal(5000)
    assert axis.left_ticks < 5000 < axis.left_ticks + axis.seen_ticks
    before = axis.left_ticks
    axis.reveal(5100)
    assert axis.left_ticks == before
