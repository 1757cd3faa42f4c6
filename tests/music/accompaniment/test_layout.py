"""How written counts fall into metres."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.accompaniment.layout import bars_of, in_threes, pulses_of, steps_of
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

metres = st.tuples(st.integers(1, 32), st.sampled_from((1, 2, 4, 8, 16, 32, 64)))


@given(metres)
def test_pulses_fill_the_bar(metre: tuple[int, int]) -> None:
    pulses = pulses_of(*metre)
    assert pulses[0].offset_ticks == 0
    for pulse, later in itertools.pairwise(pulses):
        assert pulse.offset_ticks + pulse.length_ticks == later.offset_ticks
    bar_ticks = metre[0] * 1920 // metre[1]
    assert pulses[-1].offset_ticks + pulses[-1].length_ticks == bar_ticks


@pytest.mark.parametrize(
    ("metre", "cells", "last_ticks"),
    [
        ((4, 4), [0, 1, 2, 3], 480),
        ((3, 4), [0, 1, 3], 480),
        ((5, 4), [0, 1, 3, 2, 3], 480),
        ((6, 8), [0, 1], 720),
        ((7, 8), [0, 1, 3], 720),
        ((12, 8), [0, 1, 2, 3], 720),
        ((7, 4), [0, 1, 2, 3, 2, 1, 3], 480),
    ],
)
def test_every_metre_is_made_of_the_four_counts(
    metre: tuple[int, int], cells: list[int], last_ticks: int
) -> None:
    pulses = pulses_of(*metre)
    assert [pulse.cell for pulse in pulses] == cells
    assert pulses[-1].length_ticks == last_ticks


@given(metres, st.sampled_from(("xxxx", "xxx", "xxxxxx")), st.floats(0.5, 0.75))
def test_steps_run_forward_within_the_bar(metre: tuple[int, int], cell: str, swing: float) -> None:
    pulses = pulses_of(*metre)
    steps = steps_of((cell,) * 4, pulses, swing)
    end = pulses[-1].offset_ticks + pulses[-1].length_ticks
    for step in steps:
        assert step.room_ticks > 0
        assert step.offset_ticks + step.room_ticks <= end
    assert sum(step.room_ticks for step in steps) == end


def test_swing_is_late_by_as_much_as_it_says() -> None:
    pulses = pulses_of(4, 4)
    sixteenths = steps_of(("xxxx",) * 4, pulses, 0.6)
    assert [step.offset_ticks for step in sixteenths[:4]] == [0, 144, 240, 384]
    triplets = steps_of(("x.x",) * 4, pulses, 0.6)
    assert [step.offset_ticks for step in triplets[:3]] == [0, 160, 288]
    assert steps_of(("x.x",) * 4, pulses, 0.5)[2].offset_ticks == 320


def test_a_bar_of_seven_eighths_is_four_quarters_without_the_last_eighth() -> None:
    steps = steps_of(("x...", "X...", "x.x.", "X.o."), pulses_of(7, 8), 0.5)
    struck = [(step.offset_ticks, step.sign) for step in steps if step.sign != "."]
    assert struck == [(0, "x"), (480, "X"), (960, "X"), (1200, "o"), (1440, "x")]


@pytest.mark.parametrize(
    ("cell", "threes"),
    [("x.x.", "x.x"), ("xxxx", "xxx"), ("x.xx", "xxx"), ("x..x", "x.x"), ("X---", "X--")],
)
def test_sixteenths_become_threes(cell: str, threes: str) -> None:
    assert in_threes(cell) == threes


def test_bars_are_counted_anew_in_every_section_and_metre() -> None:
    timebase = Timebase(
        (TempoChange(0, 500_000),), (MeterChange(0, 4, 4), MeterChange(2 * 1920, 3, 4))
    )
    bars = bars_of(timebase, 4 * 1920, (2 * 1920,))
    assert [bar.start_ticks for bar in bars] == [0, 1920, 3840, 5280, 6720]
    assert [bar.number for bar in bars] == [0, 1, 0, 1, 2]
    assert [bar.n_left for bar in bars] == [1, 0, 2, 1, 0]
    assert [bar.is_after_section for bar in bars] == [False, False, True, False, False]
    assert bars[-1].end_ticks == 4 * 1920
