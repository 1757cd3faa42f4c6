"""Bars that return, grooves, entropies and stretches that return."""

import numpy as np
import pytest

from musicassist.evaluation.structure import (
    bar_likeness,
    bars_of,
    entropy,
    groove,
    mean_entropy,
    structure,
)
from musicassist.evaluation.structureness import fitness, similarity, structureness
from tests.evaluation.made_up import BAR, make_line, make_passage

FIRST = np.array([0])


def bar(places, pitches):
    return np.array(places, np.int64), np.array(pitches, np.int64), np.full(len(places), 12)


def test_a_bar_that_returns_transposed_or_in_rhythm_only() -> None:
    theme = bar([0, 24, 48, 72], [60, 62, 64, 65])
    assert bar_likeness(theme, theme) == (1.0, 1.0, 1.0)
    assert bar_likeness(bar([0, 24, 48, 72], [67, 69, 71, 72]), theme) == (0.0, 1.0, 1.0)
    assert bar_likeness(bar([0, 24, 48, 72], [60, 61, 70, 50]), theme) == (0.25, 0.25, 1.0)
    assert bar_likeness(bar([12, 36], [60, 62]), theme) == (0.0, 0.0, 0.0)
    # Two of two notes agree with two of four: 2 * 2 / 6.
    assert bar_likeness(bar([0, 24], [60, 62]), theme) == pytest.approx((2 / 3,) * 3)
    assert bar_likeness(bar([], []), theme) is None


def test_repetition_is_found_at_its_lag_also_in_the_primer() -> None:
    primer = make_line(
        [b * BAR + at for b in range(4) for at in (0, 12 * (b + 1))],
        [60 + b for b in range(4) for _ in (0, 1)],
    )
    line = make_line([*primer.onsets, *(primer.onsets + 4 * BAR)], [*primer.pitches] * 2)
    found = {name: share.value for name, share in structure([make_passage(line, primer)]).items()}
    assert found["exact_lag_4"] == 1.0
    assert found["rhythm_lag_4"] == 1.0
    assert found["exact_lag_8"] == 1.0
    assert found["exact_lag_1"] == 0.0
    assert found["transposed_lag_1"] == pytest.approx(0.5)


def test_grooving_similarity_by_hand() -> None:
    quarters, off = bar([0, 24, 48, 72], [60] * 4), bar([12, 36, 60, 84], [60] * 4)
    assert groove([quarters, quarters], BAR) == 1.0
    # Of 48 places 8 differ.
    assert groove([quarters, off], BAR) == pytest.approx(1 - 8 / 48)
    assert groove([quarters, quarters, off], BAR) == pytest.approx((1 + 2 * (1 - 8 / 48)) / 3)
    assert np.isnan(groove([quarters], BAR))


def test_entropy_by_hand() -> None:
    assert entropy(np.array([5, 0, 0])) == 0.0
    assert entropy(np.array([1, 1, 1, 1])) == 2.0
    bars = [bar([0, 24], [60, 72]), bar([0, 24], [61, 62]), bar([], []), bar([0], [63])]
    assert mean_entropy(bars, 1) == pytest.approx(1 / 3)
    assert mean_entropy(bars, 4) == pytest.approx(entropy(np.array([2, 1, 1, 1])))
    assert np.isnan(mean_entropy([bar([], [])], 1))


def test_notes_are_put_into_their_bars() -> None:
    bars = bars_of(make_line([0, 95, 96, 300], [60, 61, 62, 63]), BAR, 4)
    assert [places.tolist() for places, _, _ in bars] == [[0, 95], [0], [], [12]]


def test_a_stretch_that_fills_the_passage_again_and_again_is_fit() -> None:
    # Four frames that come four times: similarity 1 on every fourth diagonal, else a penalty.
    frames = np.arange(16) % 4
    alike = np.where(frames[:, None] == frames, 1.0, -2.0)[None]
    fit, twice = (fitness(alike, FIRST, length)[0, 0] for length in (4, 8))
    # Score (16 - 4) / 16 and coverage (16 - 4) / 16.
    assert fit == pytest.approx(0.75)
    assert twice == pytest.approx(0.5)
    never = fitness(np.where(np.eye(16) > 0, 1.0, -2.0)[None], FIRST, 4)[0, 0]
    assert never == 0.0


def test_a_stretch_that_returns_at_half_speed_is_found() -> None:
    order = np.array([0, 1, 2, 3, 0, 0, 1, 1, 2, 2, 3, 3])
    alike = np.where(order[:, None] == order, 1.0, -2.0)[None]
    assert fitness(alike, FIRST, 4)[0, 0] >= 0.5


def test_riffs_have_structure_and_noise_has_less() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    n_bars = 32
    riff_places, riff_pitches = [0, 12, 36, 60, 72, 84, 96, 132, 156, 180], rng.integers(50, 80, 10)
    onsets = [two * 192 + at for two in range(16) for at in riff_places]
    riff = make_passage(make_line(onsets, np.tile(riff_pitches, 16)), n_bars=n_bars)
    places = np.sort(rng.choice(n_bars * 32, 160, replace=False)) * 3
    noise = make_passage(make_line(places, rng.integers(40, 90, 160)), n_bars=n_bars, piece=1)
    found = structureness([riff, noise])
    for share in found.values():
        of_riff, of_noise = share.of_passages
        assert of_riff > 2 * of_noise
    alike = similarity(riff)
    assert alike.shape == (64, 64)
    assert alike.max() == pytest.approx(1.0)
    assert alike[0, 4] == pytest.approx(1.0)
    assert structureness([]) == {}
