"""Tiny solo networks of random weights whose trunk numpy steps: no test here needs TensorFlow."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from musicassist.generation import features
from musicassist.generation.encoding import (
    ENCODING_VERSION,
    N_LENGTHS,
    N_MICROS,
    Floats,
    Line,
    Setting,
)
from musicassist.generation.features import SCHEME
from musicassist.generation.model_store import Manifest
from musicassist.generation.scheme import Scheme
from musicassist.generation.solo import SoloSoloist
from musicassist.generation.solo_network import SoloNetwork
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.timebase import Timebase

N_UNITS, N_INPUTS, N_MEMORY = 16, 12, 8
Weights = Callable[..., Floats]


class NumpyTrunk:
    """Steps a recurrent layer as an `InferenceSession` of `step.onnx` does."""

    def __init__(self, cell: str, weights: Weights, scheme: Scheme) -> None:
        self._n_gates = {"gru": 3, "lstm": 4}[cell]
        self._states = {"gru": ["state_0"], "lstm": ["state_0", "cell_0"]}[cell]
        self._heads = {f"{name}_hidden": head.n_units for name, head in scheme.heads.items()}
        self._n_features = scheme.n_features
        self.seen = weights(scheme.n_features, N_INPUTS, scale=1.0)
        self._kernel = weights(N_INPUTS, self._n_gates * N_UNITS, scale=0.5)
        self._recurrent = weights(N_UNITS, self._n_gates * N_UNITS, scale=0.4)
        self._hidden = {name: weights(N_UNITS, n, scale=1.0) for name, n in self._heads.items()}

    def get_inputs(self) -> list[SimpleNamespace]:
        widths = {"features": self._n_features, "told": N_INPUTS}
        widths |= dict.fromkeys(self._states, N_UNITS)
        return [SimpleNamespace(name=name, shape=[1, 1, n]) for name, n in widths.items()]

    def get_outputs(self) -> list[SimpleNamespace]:
        names = [*self._heads, *(f"{name}_after" for name in self._states)]
        return [SimpleNamespace(name=name) for name in names]

    def run(self, names: Sequence[str], values: Mapping[str, Floats]) -> list[Floats]:
        said = (values["features"] @ self.seen + values["told"]) @ self._kernel
        states = [values[name][0] for name in self._states]
        hidden = []
        for step in said:
            states = self._stepped(step, states)
            hidden.append(states[0])
        sequence = np.stack(hidden)
        results = {name: sequence @ kernel for name, kernel in self._hidden.items()}
        after = {
            f"{name}_after": state[None] for name, state in zip(self._states, states, strict=True)
        }
        return [(results | after)[name].astype(np.float32) for name in names]

    def _stepped(self, said: Floats, states: list[Floats]) -> list[Floats]:
        told = np.split(states[0] @ self._recurrent, self._n_gates, axis=1)
        gates = np.split(said, self._n_gates, axis=1)
        opened = [_sigmoid(one + other) for one, other in zip(gates, told, strict=True)]
        if self._n_gates == 3:
            fresh = np.tanh(gates[2] + opened[1] * told[2])
            return [opened[0] * states[0] + (1 - opened[0]) * fresh]
        cell = opened[1] * states[1] + opened[0] * np.tanh(gates[2] + told[2])
        return [opened[3] * np.tanh(cell), cell]


class NumpyAfter:
    """Says what is told of the notes that follow as a session of `after.onnx` does."""

    def __init__(self, weights: Weights, scheme: Scheme) -> None:
        self._kernel = weights(scheme.n_after, N_INPUTS, scale=1.0)

    def run(self, _names: Sequence[str], values: Mapping[str, Floats]) -> list[Floats]:
        nearer = np.arange(1, len(values["after"]) + 1, dtype=np.float32)[:, None, None]
        return [np.tanh((values["after"] @ self._kernel * nearer).sum(axis=0, keepdims=True))]


def _sigmoid(x: Floats) -> Floats:
    return (1 + np.tanh(x / 2)) / 2


def head_tensors(weights: Weights, scheme: Scheme, sharpness: float) -> dict[str, Floats]:
    """Return random tables for the heads; a sharp network is sure of itself and its memory."""
    tensors = {}
    for name, head in scheme.heads.items():
        n_columns = sum(head.widths.values())
        if head.copies:
            n_columns += 1 + 2 * len(head.copies) * N_MEMORY
        kernel = weights(head.n_units, n_columns, scale=sharpness / head.n_units**0.5)
        tensors |= {f"{name}_kernel": kernel, f"{name}_bias": weights(n_columns, scale=0.1)}
        if name == "beats":  # or there would be a handful of notes in an answer
            tensors["beats_bias"][: head.n_classes] -= np.arange(head.n_classes)
        for other in head.told:
            shape = (scheme.heads[other].n_classes, head.n_units)
            tensors[f"{name}_given_{other}"] = weights(*shape, scale=0.3)
    return tensors


@cache
def random_network(
    seed: int = 1, cell: str = "gru", sharpness: float = 1.0, *, is_deaf: bool = False
) -> SoloNetwork:
    """Return a network of random weights; a deaf one hears of no goal, wish or note to follow."""
    rng = np.random.Generator(np.random.PCG64(seed))

    def weights(*shape: int, scale: float) -> Floats:
        return (rng.standard_normal(shape) * scale).astype(np.float32)

    trunk = NumpyTrunk(cell, weights, SCHEME)
    after = NumpyAfter(weights, SCHEME)
    if is_deaf:
        places = features._OFFSET
        trunk.seen[places["to_goal"] : places["back_1"]] = 0
        trunk.seen[places["density"] : places["chord"]] = 0
    tensors = head_tensors(weights, SCHEME, sharpness)
    return SoloNetwork(trunk, tensors, SCHEME, None if is_deaf else after)


def soloist_on(network: Any) -> SoloSoloist:
    """Return a soloist that plays by a network, without a model folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("musicassist.generation.solo.open_network", lambda *_: network)
        return SoloSoloist(Path(), Manifest("noise", "Noise", "solo", "gru", ENCODING_VERSION, {}))


def random_line(n_notes: int, seed: int = 1, *, first: int = 0, reach: int = 7) -> Line:
    """Return a random walk in pitch and time that repeats itself now and then."""
    rng = np.random.Generator(np.random.PCG64(seed))
    steps = rng.choice([3, 6, 6, 12, 12, 24, 31, 60], n_notes)
    pitches = 60 + np.cumsum(rng.integers(-reach, reach + 1, n_notes))
    return Line(
        first + np.cumsum(steps) - steps[0],
        np.clip(pitches, 30, 100).astype(np.int64),
        rng.integers(0, N_LENGTHS, n_notes),
        rng.integers(0, N_MICROS, n_notes),
    )


@pytest.fixture(scope="session")
def make_network() -> Callable[..., SoloNetwork]:
    """Return the function that makes a network of random weights."""
    return random_network


@pytest.fixture(scope="session")
def make_soloist() -> Callable[[Any], SoloSoloist]:
    """Return the function that makes a soloist play by a network."""
    return soloist_on


@pytest.fixture(scope="session")
def make_line() -> Callable[..., Line]:
    """Return the function that makes a line of random notes."""
    return random_line


@pytest.fixture(scope="session")
def blues() -> Setting:
    """Return four bars over which to play, in F, and one without a chord."""
    progression = parse_progression("F7 | Bb7 | NC | C7 F7", Timebase())
    return Setting.of(progression, Key.parse("F"))
