"""Drawing: within the nucleus, never the impossible, likeliest when there is no surprise."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.sampling import (
    IMPOSSIBLE,
    draw,
    log_likelihood,
    temperature_and_nucleus,
)

logit_rows = st.lists(st.floats(-8, 8, width=32), min_size=2, max_size=30)
uniforms = st.floats(0, 1, exclude_max=True)


@given(logit_rows, uniforms, st.floats(0.1, 2), st.floats(0.1, 1))
def test_an_impossible_class_is_never_drawn(
    logits: list[float], uniform: float, temperature: float, nucleus: float
) -> None:
    row = np.array([logits], np.float32)
    row[0, ::2] = IMPOSSIBLE
    drawn = draw(row, np.array([uniform]), temperature, nucleus)[0]
    assert row[0, drawn] > IMPOSSIBLE


@given(logit_rows, uniforms)
def test_a_vanishing_nucleus_draws_the_likeliest(logits: list[float], uniform: float) -> None:
    row = np.array([logits], np.float32)
    assert row[0, draw(row, np.array([uniform]), 1.0, 1e-9)[0]] == row.max()


def test_draws_follow_the_distribution() -> None:
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    n_draws = 20_000
    logits = np.repeat(np.log(shares)[None].astype(np.float32), n_draws, axis=0)
    grid = (np.arange(n_draws) + 0.5) / n_draws
    drawn = np.bincount(draw(logits, grid, 1.0, 1.0), minlength=4) / n_draws
    assert np.allclose(drawn, shares, atol=1e-3)


@given(logit_rows)
def test_likelihoods_sum_to_one(logits: list[float]) -> None:
    rows = np.repeat(np.array([logits], np.float32), len(logits), axis=0)
    total = np.exp(log_likelihood(rows, np.arange(len(logits)))).sum()
    assert abs(total - 1) < 1e-6


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_surprise_never_means_less_freedom(one: float, other: float) -> None:
    calm, wild = sorted((one, other))
    assert temperature_and_nucleus(calm) <= temperature_and_nucleus(wild)
