"""What the benchmarks say of whole distributions is what the trained network says of each value."""

import numpy as np
import pytest
from token_steps import KINDS, Tokens, token_row, token_scheme
from training_loop import Schedule, Trainer, fitting, padded, shuffled, without_memory
from whole_shares import Heard, as_played

from musicassist.training.solo_network import NetworkSizes

N_DURATIONS = 5
SIZES = NetworkSizes(n_units=8, n_layers=1, n_input_units=8, n_memory_units=4)


def made_up(n_tokens: int, seed: int) -> Tokens:
    rng = np.random.default_rng(seed)
    pitches = rng.choice([60, 62, 64, 67, 128], n_tokens)
    pitches[:2] = (62, 60)
    last, before = np.full(n_tokens, -1), -1
    for index, pitch in enumerate(pitches):
        last[index] = before
        before = int(pitch) if pitch < 128 else before
    return Tokens(
        "made up",
        pitches,
        rng.integers(0, N_DURATIONS, n_tokens),
        rng.integers(0, 48, n_tokens),
        rng.integers(0, 192, n_tokens),
        rng.integers(0, 13, n_tokens),
        rng.integers(0, len(KINDS), n_tokens),
        last,
    )


@pytest.mark.training
@pytest.mark.parametrize("has_memory", [True, False])
def test_whole_distributions_hold_what_the_network_was_trained_to_say(has_memory: bool) -> None:
    scheme = token_scheme(N_DURATIONS, 8, 8)
    scheme = scheme if has_memory else without_memory(scheme)
    trainer = Trainer(SIZES, scheme, Schedule(4))
    trainer.begin_again(1)
    rows = [
        fitting(token_row(made_up(n_tokens, n_tokens), 2, N_DURATIONS), scheme)
        for n_tokens in (9, 14)
    ]
    costs = []
    batches = (
        [rows[index] for index in chosen]
        for chosen in shuffled([9, 14], 2, np.random.default_rng(1))
    )
    trainer.fit(batches, lambda _, nats: costs.append(nats))
    assert len(costs) == 4
    inputs, weights = padded(rows)
    expected = trainer.network.predict_on_batch(inputs)
    played = as_played(trainer.network, SIZES, scheme)
    for index, row in enumerate(rows):
        heard = Heard(played, row)
        durations = heard.shares("duration")
        steps = np.arange(heard.n_steps)
        for factor in scheme.factors:
            shares = heard.shares(factor)
            nats = -np.log(shares[steps, row[factor]])
            real = weights[index] > 0
            assert nats == pytest.approx(np.asarray(expected[factor])[index][real], abs=1e-4)
            assert shares.sum(-1) == pytest.approx(1, abs=1e-5)
        pitches = heard.summed_out("pitch", "duration", durations, 0.0)
        assert pitches.sum(-1) == pytest.approx(1, abs=1e-5)


@pytest.mark.training
def test_training_again_from_the_same_seed_gives_the_same_weights() -> None:
    scheme = token_scheme(N_DURATIONS, 8, 8)
    trainer = Trainer(SIZES, scheme, Schedule(3))
    rows = [token_row(made_up(12, 1), 0, N_DURATIONS)]
    found = []
    for _ in range(2):
        trainer.begin_again(7)
        trainer.fit(iter([rows] * 3))
        found.append(trainer.network.get_weights())
    assert all(np.allclose(first, second, atol=1e-6) for first, second in zip(*found, strict=True))
