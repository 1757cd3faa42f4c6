"""Drawing: within the nucleus, never the impossible, likeliest when there is no surprise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.sampling import IMPOSSIBLE, Freedom, draw, freedom_of, log_likelihood

logit_rows = st.lists(st.floats(-8, 8, width=32), min_size=2, max_size=30)
uniforms = st.floats(0, 1, exclude_max=True)
freedoms = st.builds(Freedom, st.floats(0.1, 2), st.floats(0.05, 1))


@given(logit_rows, uniforms, freedoms)
def test_an_impossible_class_is_never_drawn(
    logits: list[float], uniform: float, freedom: Freedom
) -> None:
    row = np.array([logits], np.float32)
    row[0, ::2] = IMPOSSIBLE
    drawn = draw(row, np.array([uniform]), freedom)[0]
    assert row[0, drawn] > IMPOSSIBLE


@given(logit_rows, uniforms)
def test_a_vanishing_nucleus_draws_the_likeliest(logits: list[float], uniform: float) -> None:
    row = np.array([logits], np.float32)
    drawn = draw(row, np.array([uniform]), Freedom(1.0, 1e-9))[0]
    assert row[0, drawn] >= row.max() - 1 / 256  # what lies closer is the same to a draw


@given(logit_rows, uniforms, st.floats(0.1, 2), st.floats(0.05, 0.99))
def test_what_is_drawn_is_among_the_likeliest(
    logits: list[float], uniform: float, temperature: float, nucleus: float
) -> None:
    row = np.array([logits], np.float32)
    drawn = draw(row, np.array([uniform]), Freedom(temperature, nucleus))[0]
    shares = np.exp((row[0].astype(float) - row.max()) / temperature)
    likelier = shares[row[0] > row[0, drawn] + 1 / 128].sum() / shares.sum()
    assert likelier < nucleus + 1e-6


@pytest.mark.parametrize("nucleus", [1.0, 0.9])
def test_draws_follow_the_distribution(nucleus: float) -> None:
    shares = np.array([0.15, 0.5, 0.05, 0.3])
    n_draws = 20_000
    logits = np.repeat(np.log(shares)[None].astype(np.float32), n_draws, axis=0)
    grid = (np.arange(n_draws) + 0.5) / n_draws
    drawn = np.bincount(draw(logits, grid, Freedom(1.0, nucleus)), minlength=4) / n_draws
    kept = shares if nucleus == 1 else np.where(shares > 0.1, shares, 0)
    assert np.allclose(drawn, kept / kept.sum(), atol=2e-3)


def test_heat_flattens_and_cold_sharpens() -> None:
    logits = np.repeat(np.log([[0.7, 0.3]]).astype(np.float32), 10_000, axis=0)
    grid = (np.arange(10_000) + 0.5) / 10_000
    cold, plain, hot = (draw(logits, grid, Freedom(heat)).mean() for heat in (0.5, 1.0, 2.0))
    assert cold < plain - 0.05 < hot - 0.1


@given(logit_rows, uniforms, freedoms, st.integers(0, 9))
def test_the_last_bits_of_arithmetic_do_not_matter(
    logits: list[float], uniform: float, freedom: Freedom, where: int
) -> None:
    rounded = np.rint(np.array([logits]) * 256) / 256
    shaken = rounded + 1e-6 * (-1) ** (np.arange(len(logits)) + where)
    drawn = [
        draw(each.astype(np.float32), np.array([uniform]), freedom) for each in (rounded, shaken)
    ]
    assert drawn[0] == drawn[1]


@given(st.lists(logit_rows, min_size=2, max_size=5), st.integers(0, 1000), freedoms)
def test_rows_are_drawn_each_for_itself(
    rows: list[list[float]], seed: int, freedom: Freedom
) -> None:
    width = min(map(len, rows))
    logits = np.array([row[:width] for row in rows], np.float32)
    grid = np.random.Generator(np.random.PCG64(seed)).random(len(rows))
    together = draw(logits, grid, freedom)
    alone = [draw(logits[i : i + 1], grid[i : i + 1], freedom)[0] for i in range(len(rows))]
    assert together.tolist() == alone


@given(logit_rows)
def test_likelihoods_sum_to_one(logits: list[float]) -> None:
    rows = np.repeat(np.array([logits], np.float32), len(logits), axis=0)
    total = np.exp(log_likelihood(rows, np.arange(len(logits)))).sum()
    assert abs(total - 1) < 1e-5


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_more_surprise_never_means_less_freedom(one: float, other: float, is_pitch: bool) -> None:
    calm, wild = (freedom_of(each, is_pitch=is_pitch) for each in sorted((one, other)))
    assert calm.temperature <= wild.temperature
    assert calm.nucleus <= wild.nucleus
    assert calm.temperature > 0
    assert 0 < calm.nucleus <= wild.nucleus <= 1
