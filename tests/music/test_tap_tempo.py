"""Tapping a tempo."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.tap_tempo import TapTempo


def tapped(*times_s: float) -> list[float | None]:
    taps = TapTempo()
    return [taps.tap(time_s) for time_s in times_s]


def test_two_taps_say_nothing_yet() -> None:
    assert tapped(10.0, 10.5) == [None, None]


@given(st.floats(31, 300), st.integers(3, 20), st.floats(0, 1e6))
def test_even_taps_are_their_tempo(bpm: float, n_taps: int, start_s: float) -> None:
    result = tapped(*(start_s + index * 60 / bpm for index in range(n_taps)))
    assert result[-1] == pytest.approx(bpm, rel=1e-3)


@given(st.floats(60, 200), st.integers(0, 1000))
def test_an_unsteady_hand_is_averaged(bpm: float, seed: int) -> None:
    rng = random.Random(seed)
    beat_s = 60 / bpm
    times = [index * beat_s + rng.uniform(-0.03, 0.03) * beat_s for index in range(8)]
    assert tapped(*times)[-1] == pytest.approx(bpm, rel=0.02)


def test_a_pause_begins_anew() -> None:
    assert tapped(0, 0.5, 1.0, 3.1, 3.9, 4.7)[2:] == [
        pytest.approx(120),
        None,
        None,
        pytest.approx(75),
    ]


def test_a_slip_is_left_out() -> None:
    result = tapped(0, 0.5, 1.0, 1.2, 1.7, 2.2)
    assert result[-1] == pytest.approx(120)
    assert result[3] == pytest.approx(120)


def test_another_tempo_is_believed_when_it_comes_twice() -> None:
    assert tapped(0, 0.5, 1.0, 1.5, 1.8, 2.1, 2.4)[-1] == pytest.approx(200)


def test_only_the_last_taps_count() -> None:
    slow_down = [0.0]
    for index in range(30):
        slow_down.append(slow_down[-1] + 0.5 + 0.005 * index)
    expected = 60 / (sum(slow_down[i + 1] - slow_down[i] for i in range(23, 30)) / 7)
    assert tapped(*slow_down)[-1] == pytest.approx(expected)


def test_a_clock_that_stands_begins_anew() -> None:
    assert tapped(1.0, 1.0, 1.0) == [None, None, None]
