"""The shared area of two densities, against values known otherwise."""

import importlib.util
from math import log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.evaluation.kernel_density import Described, SharedArea


def described(values, pieces=None) -> Described:
    values = np.asarray(values, np.float64)
    values = values[:, None] if values.ndim == 1 else values
    pieces = np.arange(len(values)) if pieces is None else np.asarray(pieces)
    return Described(values, pieces)


def area_by_hand(one, other) -> float:
    """Two sums of Gaussians by Scott's rule, evaluated point by point on a fine grid."""
    densities = []
    reach = max(np.max(one), np.max(other))
    grid = np.linspace(-reach, 2 * reach, 4_001)
    for distances in (np.asarray(one, float), np.asarray(other, float)):
        width = distances.std() * len(distances) ** -0.2
        steps = (grid[:, None] - distances) / width
        densities.append(
            np.exp(-0.5 * steps**2).sum(axis=1) / (len(distances) * width * sqrt(2 * np.pi))
        )
    return float(np.minimum(*densities).sum() * (grid[1] - grid[0]))


def distances_within(values) -> list[float]:
    return [abs(a - b) for i, a in enumerate(values) for b in values[i + 1 :]]


def distances_across(values, others) -> list[float]:
    return [abs(a - b) for a in values for b in others]


def test_the_area_is_that_of_the_formula() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    humans, others = rng.normal(0, 1, 40), rng.normal(1.2, 1.7, 30)
    expected = area_by_hand(distances_within(humans), distances_across(humans, others))
    found = SharedArea(described(humans), described(others)).value
    assert found == pytest.approx(expected, abs=0.004)
    assert 0.5 < found < 0.95


@pytest.mark.skipif(importlib.util.find_spec("scipy") is None, reason="needs scipy")
def test_the_area_is_that_of_scipy() -> None:
    from scipy.stats import gaussian_kde

    rng = np.random.Generator(np.random.PCG64(6))
    humans, others = rng.gamma(2, 1, 40), rng.gamma(3, 1, 30)
    grid = np.linspace(-20, 40, 20_001)
    densities = [
        gaussian_kde(each)(grid)
        for each in (distances_within(humans), distances_across(humans, others))
    ]
    expected = float(np.minimum(*densities).sum() * (grid[1] - grid[0]))
    found = SharedArea(described(humans), described(others)).value
    assert found == pytest.approx(expected, abs=0.01)


def test_two_bell_curves_apart_share_what_the_closed_form_says() -> None:
    quantiles = [NormalDist().inv_cdf((i + 0.5) / 300) for i in range(300)]
    humans, others = np.array(quantiles), np.array(quantiles) + 4
    # Within, distances are half-normal of deviation sqrt 2; across, normal about 4. The curves
    # cross where 2 exp(-x²/4) = exp(-(x - 4)²/4).
    cross = (log(2) + 4) / 2
    expected = 2 * NormalDist(0, sqrt(2)).cdf(-cross) + NormalDist(4, sqrt(2)).cdf(cross)
    found = SharedArea(described(humans), described(others)).value
    assert expected == pytest.approx(0.218, abs=0.001)
    assert found == pytest.approx(expected, abs=0.012)


def test_sets_of_one_kind_share_nearly_all() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    one, other = rng.normal(0, 1, (200, 4)), rng.normal(0, 1, (200, 4))
    assert SharedArea(described(one), described(one)).value > 0.97
    assert SharedArea(described(one), described(other)).value > 0.95


def test_sets_far_apart_share_nearly_nothing() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    one = rng.normal(0, 1, (100, 3))
    assert SharedArea(described(one), described(one + 50)).value < 0.01


def test_sets_of_equal_values_are_no_trouble() -> None:
    same = described(np.full(5, 3.0))
    assert SharedArea(same, same).value == pytest.approx(1)
    assert SharedArea(same, described(np.full(5, 9.0))).value < 0.01


def test_a_set_of_one_has_no_distances_and_no_area() -> None:
    assert np.isnan(SharedArea(described([1.0]), described([1.0, 2.0])).value)


def test_a_draw_of_pieces_is_the_set_with_those_pieces_again() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    humans, others = rng.normal(0, 1, 12), rng.normal(1, 1, 12)
    pieces = np.repeat([0, 1, 2], 4)
    area = SharedArea(described(humans, pieces), described(others, pieces))
    chosen = pieces != 1
    alone = SharedArea(
        described(humans[chosen], pieces[chosen]), described(others[chosen], pieces[chosen])
    )
    (drawn,) = area.drawn(np.array([[1.0, 0.0, 1.0]]))
    assert drawn == pytest.approx(alone.value, abs=0.01)
    assert area.drawn(np.ones((1, 3)))[0] == area.value
    assert np.isnan(area.drawn(np.zeros((1, 3)))[0])


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0.1, 20), st.floats(-9, 9))
def test_an_area_is_a_share_that_no_change_of_unit_moves(
    seed: int, scale: float, shift: float
) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    one, other = rng.normal(0, 1, 9), rng.normal(0.5, 2, 8)
    area = SharedArea(described(one), described(other)).value
    assert 0 <= area <= 1 + 1e-9
    moved = SharedArea(described(one * scale + shift), described(other * scale + shift)).value
    assert moved == pytest.approx(area, abs=0.01)
