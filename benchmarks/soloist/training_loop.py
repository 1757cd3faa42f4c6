"""Training the solo network on whatever a benchmark makes of its data: rows in, weights out.

A row is a dict of what `musicassist.training.solo_network.build_network` takes for one line, each
of shape (steps, ...).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.scheme import Scheme
from musicassist.training.keras_import import import_keras
from musicassist.training.solo_network import NetworkSizes, build_network

Row = dict[str, NDArray[Any]]

MATCHES_NOTHING = -1
WANTS_NOTHING = -2


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a network is trained: warm up, then down to nothing along a cosine.

    Attributes:
        n_steps: Batches.
        learning_rate: At its highest.
        weight_decay: As in AdamW.
        warm_up: Share of the steps until the learning rate is at its highest.
    """

    n_steps: int
    learning_rate: float = 2.5e-3
    weight_decay: float = 0.01
    warm_up: float = 0.1


def one_thread() -> None:
    """Let TensorFlow use one core, which a network this small keeps busy by itself."""
    import_keras()
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)


class Trainer:
    """One network that can be trained again and again from fresh weights, compiled once.

    Args:
        sizes: How large it is.
        scheme: What it sees and draws.
        schedule: How it is trained.
    """

    def __init__(self, sizes: NetworkSizes, scheme: Scheme, schedule: Schedule) -> None:
        self.sizes, self.scheme, self.schedule = sizes, scheme, schedule
        self.network = build_network(sizes, scheme)
        keras = import_keras()
        n_warm_up = max(1, round(schedule.n_steps * schedule.warm_up))
        rates = keras.optimizers.schedules.CosineDecay(
            schedule.learning_rate * 0.1,
            max(1, schedule.n_steps - n_warm_up),
            warmup_target=schedule.learning_rate,
            warmup_steps=n_warm_up,
        )
        self._optimizer = keras.optimizers.AdamW(
            rates, weight_decay=schedule.weight_decay, clipnorm=1.0
        )
        losses = dict.fromkeys(scheme.factors, _as_given)
        self.network.compile(self._optimizer, losses, jit_compile=False)

    def begin_again(self, seed: int) -> None:
        """Forget everything: fresh weights drawn from a seed, the schedule from its start."""
        import_keras().utils.set_random_seed(seed)
        fresh = build_network(self.sizes, self.scheme)
        for layer, fresh_layer in zip(self.network.layers, fresh.layers, strict=True):
            for variable, value in zip(layer.variables, fresh_layer.variables, strict=True):
                variable.assign(value)  # chance that drops units is one of them
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def fit(
        self,
        batches: Iterator[Sequence[Row]],
        each_step: Callable[[int, float], None] = lambda *_: None,
    ) -> None:
        """Train for the whole schedule.

        Args:
            batches: Rows to train on together, without end.
            each_step: Told how many steps are done and the last batch's nats.
        """
        for step in range(1, self.schedule.n_steps + 1):
            inputs, weights = padded(next(batches))
            nothing = np.zeros_like(weights)
            loss = self.network.train_on_batch(
                inputs,
                dict.fromkeys(self.scheme.factors, nothing),
                dict.fromkeys(self.scheme.factors, weights),
            )
            each_step(step, float(np.ravel(loss)[0]))


def _as_given(_: Any, nats: Any) -> Any:
    return nats


def padded(rows: Sequence[Row]) -> tuple[Row, NDArray[np.float32]]:
    """Return rows as arrays of one length, and 1 where a step is real, float32, (rows, steps)."""
    n_steps = max(len(row["features"]) for row in rows)
    weights = np.zeros((len(rows), n_steps), np.float32)
    arrays: Row = {}
    for name, first in rows[0].items():
        kind = np.float32 if name == "features" else np.int32
        filling = MATCHES_NOTHING if name.endswith("_offer") else 0
        filling = WANTS_NOTHING if name.endswith("_want") else filling
        arrays[name] = np.full((len(rows), n_steps, *first.shape[1:]), filling, kind)
    for index, row in enumerate(rows):
        weights[index, : len(row["features"])] = 1
        for name, values in row.items():
            arrays[name][index, : len(values)] = values
    return arrays, weights


def without_memory(scheme: Scheme) -> Scheme:
    """Return a scheme whose heads do not look back."""
    heads = {
        factor: type(head)(head.n_classes, head.n_units, head.told, head.n_pitches)
        for factor, head in scheme.heads.items()
    }
    return Scheme(scheme.n_features, heads)


def fitting(row: Mapping[str, NDArray[Any]], scheme: Scheme) -> Row:
    """Return only what a network of a scheme takes."""
    copies = [f"{factor}_{copy}" for factor, head in scheme.heads.items() for copy in head.copies]
    return {
        name: values
        for name, values in row.items()
        if not name.endswith(("_offer", "_want")) or name.rsplit("_", 1)[0] in copies
    }


def shuffled(
    lengths: Sequence[int], n_a_batch: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Yield which lines to learn from together, each as often as any other, without end.

    Lines of like length go together, so that little is padded.

    Args:
        lengths: Steps of each line.
        n_a_batch: Lines at a time.
        rng: Where chance comes from.
    """
    n_batches = max(1, math.ceil(len(lengths) / n_a_batch))
    while True:
        noisy = np.asarray(lengths) * rng.uniform(0.8, 1.25, len(lengths))
        batches = np.array_split(np.argsort(noisy), n_batches)
        for index in rng.permutation(n_batches).tolist():
            yield batches[index].tolist()
