"""Musical time: tempo maps, metre maps and positions."""

import pickle
from copy import deepcopy
from dataclasses import replace
from itertools import accumulate, pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.timebase import (
    TICKS_PER_BEAT,
    BarPosition,
    MeterChange,
    TempoChange,
    Timebase,
)

beats_us = st.integers(100_000, 3_000_000)
signatures = st.sampled_from([(4, 4), (3, 4), (7, 8), (6, 8), (5, 4), (2, 2), (1, 16), (13, 64)])


@st.composite
def timebases(draw: st.DrawFn) -> Timebase:
    """Tempo changes anywhere, metre changes on bar lines."""
    gaps = draw(st.lists(st.integers(1, 5000), max_size=4))
    tempos = tuple(TempoChange(onset, draw(beats_us)) for onset in accumulate(gaps, initial=0))
    onset_ticks, meters = 0, []
    for n_bars in draw(st.lists(st.integers(1, 5), min_size=1, max_size=4)):
        meters.append(MeterChange(onset_ticks, *draw(signatures)))
        onset_ticks += n_bars * meters[-1].bar_ticks
    return Timebase(tempos, tuple(meters))


places = st.integers(0, 40_000)


@given(timebases(), places)
def test_ticks_to_seconds_and_back_is_within_a_thousandth_of_a_tick(
    timebase: Timebase, ticks: int
) -> None:
    assert timebase.ticks_at(timebase.seconds_at(ticks)) == pytest.approx(ticks, abs=1e-3)


@given(timebases(), st.floats(0, 600))
def test_seconds_to_ticks_and_back_is_the_same_moment(timebase: Timebase, seconds: float) -> None:
    assert timebase.seconds_at(timebase.ticks_at(seconds)) == pytest.approx(seconds, abs=1e-9)


@given(timebases(), places, places)
def test_later_places_are_reached_later(timebase: Timebase, one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    assert timebase.seconds_at(earlier) <= timebase.seconds_at(later)
    assert (timebase.seconds_at(earlier) < timebase.seconds_at(later)) == (earlier < later)


@given(timebases(), places)
def test_seconds_are_the_sum_of_all_ticks_before(timebase: Timebase, ticks: int) -> None:
    edges = [0, *(t.onset_ticks for t in timebase.tempos if 0 < t.onset_ticks < ticks), ticks]
    expected_us = sum(
        (end - start) * timebase.tempo_at(start).beat_us / TICKS_PER_BEAT
        for start, end in pairwise(edges)
    )
    assert timebase.seconds_at(ticks) == pytest.approx(expected_us / 1e6)


def test_a_timebase_that_was_asked_is_still_equal_hashed_and_saved_alike() -> None:
    fresh, asked = (Timebase((TempoChange(0, 1), TempoChange(9, 2))) for _ in range(2))
    saved = msgspec.json.encode(asked)
    assert asked.seconds_at(10) > 0
    assert asked == fresh
    assert hash(asked) == hash(fresh)
    assert msgspec.json.encode(asked) == saved
    for copied in (pickle.loads(pickle.dumps(asked)), replace(asked), deepcopy(asked)):
        assert copied.seconds_at(10) == asked.seconds_at(10)
    assert replace(asked, tempos=(TempoChange(0, 500_000),)).seconds_at(480) == 0.5


def test_a_quarter_note_at_120_bpm_takes_half_a_second() -> None:
    assert Timebase.steady(120).seconds_at(480) == 0.5
    assert Timebase.steady(120).ticks_at(0.5) == 480
    assert Timebase.steady(120, 6, 8).seconds_at(480) == 0.5


def test_places_before_the_start_are_reached_before_it() -> None:
    assert Timebase.steady(120).seconds_at(-480) == -0.5
    assert Timebase.steady(120).ticks_at(-0.5) == -480


@given(timebases(), st.integers(0, 60))
def test_a_bar_starts_in_itself_and_the_tick_before_is_in_the_bar_before(
    timebase: Timebase, bar: int
) -> None:
    start_ticks = timebase.bar_start_ticks(bar)
    assert timebase.bar_at(start_ticks) == bar
    assert timebase.bar_at(start_ticks - 1) == bar - 1
    assert timebase.bar_start_ticks(bar + 1) - start_ticks == (
        timebase.meter_at(start_ticks).bar_ticks
    )


@given(timebases(), places)
def test_every_place_lies_in_the_bar_it_is_said_to(timebase: Timebase, ticks: int) -> None:
    bar = timebase.bar_at(ticks)
    assert timebase.bar_start_ticks(bar) <= ticks < timebase.bar_start_ticks(bar + 1)


@given(timebases(), places)
def test_the_next_bar_line_is_the_first_at_or_after_a_place(timebase: Timebase, ticks: int) -> None:
    line_ticks = timebase.next_bar_line_ticks(ticks)
    bar = timebase.bar_at(line_ticks)
    assert timebase.bar_start_ticks(bar) == line_ticks
    assert timebase.bar_start_ticks(bar - 1) < ticks <= line_ticks


@given(timebases(), places)
def test_a_position_leads_back_to_its_place(timebase: Timebase, ticks: int) -> None:
    position = timebase.position_at(ticks)
    meter = timebase.meter_at(ticks)
    count_ticks = TICKS_PER_BEAT * 4 // meter.denominator
    assert 1 <= position.count <= meter.numerator
    assert 0 <= position.ticks < count_ticks
    start_ticks = timebase.bar_start_ticks(position.bar - 1)
    assert start_ticks + (position.count - 1) * count_ticks + position.ticks == ticks


@given(timebases(), st.integers(0, 20), places)
def test_seen_from_a_bar_line_time_runs_the_same(timebase: Timebase, bar: int, ticks: int) -> None:
    start_ticks = timebase.bar_start_ticks(bar)
    seen = timebase.from_ticks(start_ticks)
    assert seen.seconds_at(ticks) == pytest.approx(
        timebase.seconds_at(start_ticks + ticks) - timebase.seconds_at(start_ticks)
    )
    assert seen.bar_at(ticks) == timebase.bar_at(start_ticks + ticks) - bar
    assert seen.tempo_at(ticks).beat_us == timebase.tempo_at(start_ticks + ticks).beat_us


def test_positions_are_counted_as_musicians_count() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(1920, 6, 8)))
    assert timebase.position_at(0) == BarPosition(1, 1, 0)
    assert timebase.position_at(1919) == BarPosition(1, 4, 479)
    assert timebase.position_at(1920 + 250) == BarPosition(2, 2, 10)
    assert timebase.position_at(1920 + 1440) == BarPosition(3, 1, 0)


@pytest.mark.parametrize("bpm", [0, -120, 1e-320, float("inf"), float("nan"), 3.5, 6.1e7])
def test_an_unusable_tempo_is_refused(bpm: float) -> None:
    with pytest.raises(ValueError, match=r"bpm|microseconds"):
        Timebase.steady(bpm)


@given(st.floats(20, 400))
def test_a_tempo_survives_as_whole_microseconds(bpm: float) -> None:
    tempo = Timebase.steady(bpm).tempos[0]
    assert tempo.bpm == pytest.approx(bpm, rel=1e-5)
    assert Timebase.steady(tempo.bpm).tempos[0] == tempo


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 4), (256, 4), (4, 3), (4, 0), (4, 128)])
def test_an_unusable_time_signature_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match=r"bar has|powers of two"):
        MeterChange(0, numerator, denominator)


@pytest.mark.parametrize(
    "tempos",
    [
        (),
        (TempoChange(1, 500_000),),
        (TempoChange(0, 500_000), TempoChange(0, 400_000)),
        (TempoChange(0, 500_000), TempoChange(9, 500_000), TempoChange(5, 500_000)),
    ],
)
def test_a_tempo_map_that_does_not_run_forward_from_0_is_refused(
    tempos: tuple[TempoChange, ...],
) -> None:
    with pytest.raises(ValueError, match="run forward"):
        Timebase(tempos)


@pytest.mark.parametrize(("onset_ticks", "beat_us"), [(-1, 500_000), (0, 0), (0, 0x1000000)])
def test_a_tempo_change_out_of_range_is_refused(onset_ticks: int, beat_us: int) -> None:
    with pytest.raises(ValueError, match="microseconds"):
        TempoChange(onset_ticks, beat_us)


def test_a_metre_change_inside_a_bar_cuts_that_bar_short() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(1000, 3, 4)))
    assert [timebase.bar_start_ticks(bar) for bar in range(3)] == [0, 1000, 2440]
    assert timebase.next_bar_line_ticks(500) == 1000
