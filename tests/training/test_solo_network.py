"""The solo network in Keras: costs of the past alone, of distributions that add up to one."""

from typing import Any

import numpy as np
import pytest

from musicassist.corpus.piece import Piece
from musicassist.generation.encoding import N_LENGTHS, N_MICROS, Line, Setting
from musicassist.generation.features import N_AFTER, N_FOLLOWING, SCHEME
from musicassist.generation.memory import costs_with_memory
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.timebase import Timebase
from musicassist.training.solo_network import (
    FAR_BELOW,
    NetworkSizes,
    _memory_costs,
    build_network,
)
from musicassist.training.solo_windows import WindowOptions, steady_batches

pytestmark = pytest.mark.training

CELLS = ("gru", "lstm")
N_NOTES = 12


def window_of(seed: int = 1, pitches: list[int] | None = None) -> dict[str, Any]:
    """Return the inputs of one window of a made-up piece."""
    rng = np.random.Generator(np.random.PCG64(seed))
    line = Line(
        np.cumsum(rng.choice([6, 12, 24], N_NOTES)),
        np.array(pitches) if pitches else rng.integers(55, 70, N_NOTES),
        rng.integers(0, N_LENGTHS, N_NOTES),
        rng.integers(0, N_MICROS, N_NOTES),
    )
    setting = Setting.of(parse_progression("F7 | Bb7", Timebase()), Key.parse("F"))
    piece = Piece("made up", "made up", line, setting)
    ((inputs, _, _),) = steady_batches([piece], WindowOptions(n_notes=N_NOTES, n_windows=1))
    return inputs


def costs_of(network: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: np.asarray(nats) for name, nats in network(inputs, training=False).items()}


def repeated(inputs: dict[str, Any], n_rows: int) -> dict[str, Any]:
    return {name: np.repeat(column, n_rows, axis=0) for name, column in inputs.items()}


@pytest.mark.parametrize("cell", CELLS)
def test_every_factor_costs_something_at_every_step(tiny_networks: Any, cell: str) -> None:
    network, _ = tiny_networks[cell]
    costs = costs_of(network, repeated(window_of(), 2))
    assert tuple(costs) == SCHEME.factors
    for nats in costs.values():
        assert nats.shape == (2, N_NOTES)
        assert (nats > 0).all()
        assert np.abs(nats[0] - nats[1]).max() < 1e-5


def test_all_pitches_together_are_certain(tiny_networks: Any) -> None:
    network, _ = tiny_networks["lstm"]
    inputs = repeated(window_of(2, [60, 67, 63, 60, 67, 63, 60, 65, 60, 67, 63, 70]), 128)
    last = inputs["last_pitch"][0, -1]
    for name in ("pitch", "pitch_same_want", "pitch_interval_want"):
        inputs[name][:, -1] = np.arange(128)
    inputs["pitch_interval_want"][:, -1] += 256 - last
    likelihood = np.exp(-costs_of(network, inputs)["pitch"][:, -1].astype(np.float64))
    assert likelihood.sum() == pytest.approx(1, abs=1e-4)
    for factor, n_classes in (("beats", 17), ("sub", 24), ("length", N_LENGTHS)):
        rows = repeated(window_of(2), n_classes)
        for name in (factor, f"{factor}_same_want"):
            if name in rows:
                rows[name][:, -1] = np.arange(n_classes)
        likelihood = np.exp(-costs_of(network, rows)[factor][:, -1].astype(np.float64))
        assert likelihood.sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_what_comes_later_changes_nothing_before(tiny_networks: Any, cell: str) -> None:
    network, _ = tiny_networks[cell]
    inputs = window_of()
    before = costs_of(network, inputs)
    changed = 7
    for name, column in inputs.items():
        if name in ("after", "is_before"):
            continue
        column[:, changed:] = 1 - column[:, changed:] if name == "features" else 3
    after = costs_of(network, inputs)
    for factor in SCHEME.factors:
        assert np.abs(before[factor][:, :changed] - after[factor][:, :changed]).max() < 1e-5
        assert np.abs(before[factor][:, changed:] - after[factor][:, changed:]).max() > 1e-3


def test_only_steps_that_shall_know_hear_what_follows(tiny_networks: Any) -> None:
    network, _ = tiny_networks["gru"]
    inputs = window_of()
    plain = costs_of(network, inputs)
    inputs["after"] = np.zeros((1, N_FOLLOWING, N_AFTER), np.float32)
    inputs["after"][0, -1, [60, 130, 160]] = 1
    deaf = costs_of(network, inputs)
    inputs["is_before"][0, 5:] = 1
    told = costs_of(network, inputs)
    for factor in SCHEME.factors:
        assert (plain[factor] == deaf[factor]).all()
        assert np.abs(told[factor] - plain[factor])[:, :5].max() < 1e-6
    assert np.abs(told["pitch"] - plain["pitch"])[:, 5:].max() > 1e-4


def test_offers_and_wants_below_zero_match_nothing(tiny_networks: Any) -> None:
    """A motif played twice is found again, unless nothing is offered or nothing is wanted."""
    network, _ = tiny_networks["gru"]
    inputs = window_of(1, [60, 64, 67] * 4)
    found = costs_of(network, inputs)["pitch"]
    copies = ("same", "interval")
    unwanted = dict(inputs) | {
        f"pitch_{copy}_want": np.full((1, N_NOTES), -2, np.int32) for copy in copies
    }
    missed = costs_of(network, unwanted)["pitch"]
    assert (missed[0, 3:] > found[0, 3:] + 0.01).all()
    unoffered = dict(inputs) | {
        f"pitch_{copy}_offer": np.full((1, N_NOTES), -1, np.int32) for copy in copies
    }
    own = costs_of(network, unoffered)["pitch"]
    nothing = dict(unwanted) | {name: unoffered[name] for name in unoffered if "offer" in name}
    assert np.abs(own - costs_of(network, nothing)["pitch"]).max() < 1e-5
    assert np.abs(own - found).max() > 0.01


def test_memory_costs_what_it_costs_when_playing() -> None:
    rng = np.random.Generator(np.random.PCG64(4))
    n_steps, width = 20, 5
    costs, own = rng.random((1, n_steps)) * 4, rng.standard_normal((1, n_steps, 1))
    asked, kept = rng.standard_normal((2, 2, 1, n_steps, width)) * 2
    offers = rng.integers(-1, 6, (2, 1, n_steps))
    wants = np.where(offers < 0, -2, offers)
    sides = [side[index] for index in range(2) for side in (offers, wants)]
    inputs = [costs, own, *asked, *kept]
    arrays = [each.astype(np.float32) for each in inputs] + [
        side.astype(np.int32) for side in sides
    ]
    keras_nats = np.asarray(_memory_costs()()(arrays))[0]
    ours = costs_with_memory(
        costs[0], own[0, :, 0].astype(np.float32), asked[:, 0], kept[:, 0], list(offers[:, 0])
    )
    assert np.abs(keras_nats - ours).max() < 1e-5
    assert np.abs(ours - costs[0]).max() > 0.5
    assert FAR_BELOW < -1e6


def test_larger_sizes_are_larger_networks(tiny_networks: Any) -> None:
    network, sizes = tiny_networks["gru"]
    layers = {layer.name for layer in network.layers}
    assert {"cell_0", "cell_1", "after_cell", "pitch_same_ask", "sub_same_keep"} <= layers
    assert "cell_2" not in layers
    deeper = build_network(NetworkSizes(n_units=10, n_layers=3, n_input_units=8), SCHEME)
    assert deeper.count_params() > network.count_params()
    assert sizes.n_layers == 2
