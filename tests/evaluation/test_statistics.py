"""Figures drawn again: values known by hand, intervals that hold what they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.evaluation.statistics import MeanOf, Share, draws_of_pieces, interval_of


def test_a_share_is_the_sum_over_the_sum() -> None:
    share = Share([3, 1, 4], [2, 2, 4], [0, 0, 1])
    assert share.value == 1.0
    assert share.of_passages.tolist() == [1.5, 0.5, 1.0]
    assert share.of_pieces.tolist() == [1.0, 1.0]
    assert share.drawn(np.array([[1.0, 1.0], [2.0, 0.0], [1.0, 3.0]])).tolist() == [1, 1, 1]
    assert np.isnan(Share([0.0], [0.0], [0]).value)


def test_a_mean_leaves_out_what_is_not_known() -> None:
    share = Share.mean([1.0, float("nan"), 4.0], [0, 0, 1])
    assert share.value == 2.5
    assert share.drawn(np.array([[2.0, 1.0], [0.0, 1.0]])).tolist() == [2.0, 4.0]
    assert np.isnan(share.drawn(np.zeros((1, 2)))[0])


def test_a_mean_of_figures_is_drawn_with_them() -> None:
    both = MeanOf((Share([2.0, 4.0], [1, 1], [0, 1]), Share([0.0, 2.0], [1, 1], [0, 1])))
    assert both.value == 2.0
    assert both.drawn(np.array([[1.0, 0.0]])).tolist() == [1.0]


def test_every_draw_has_as_many_pieces_and_a_seed_makes_it_again() -> None:
    draws = draws_of_pieces(7, seed=3, n_draws=50)
    assert (draws.sum(axis=1) == 7).all()
    assert (draws == draws_of_pieces(7, seed=3, n_draws=50)).all()
    assert (draws != draws_of_pieces(7, seed=4, n_draws=50)).any()
    assert draws_of_pieces(0, seed=1).shape == (1000, 0)


def test_the_interval_is_as_wide_as_theory_says() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    values = rng.normal(5.0, 2.0, 400)
    low, high = interval_of(Share.mean(values, np.arange(400)).drawn(draws_of_pieces(400, 1)))
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.25 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.25 * error)


def test_notes_of_one_piece_are_not_independent() -> None:
    values = np.repeat([1.0, 2.0, 3.0, 4.0], 100)
    weights = draws_of_pieces(4, 1)
    low, high = interval_of(Share.mean(values, np.repeat(np.arange(4), 100)).drawn(weights))
    assert high - low > 1.5


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=20))
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    share = Share.mean(values, np.arange(len(values)))
    low, high = interval_of(share.drawn(draws_of_pieces(len(values), 1, 40)))
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_no_draw_with_a_value_gives_no_interval() -> None:
    assert np.isnan(interval_of(np.full(3, np.nan))).all()
