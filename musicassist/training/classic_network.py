"""The author's network: its settings, its layers, what it is shown, and the same as a graph."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musicassist.training.keras_import import import_keras
from musicassist.training.onnx_graph import OnnxGraph

WINDOW: Final = 50


@dataclass(frozen=True, slots=True)
class ClassicTraining:
    """How to train; the defaults are the author's.

    Attributes:
        cell: "lstm" or "gru".
        epochs: The most epochs, counted from the first, also when training goes on.
        patience: Epochs without improvement after which it ends.
        seed: Of the first weights, the dropout and the order of the windows.
        window: Notes looked back on.
        units: Size of each of the two recurrent layers.
        dense_units: Size of the dense layer after them.
        batch_size: Windows a step.
        held_back_share: Share of the windows, from the end, the network is checked on and does
            not learn from. With 0 the training loss alone decides when to end and what is best,
            as in the author's script.

    Raises:
        ValueError: A value is out of range.
    """

    cell: str = "lstm"
    epochs: int = 200
    patience: int = 10
    seed: int = 1
    window: int = WINDOW
    units: int = 128
    dense_units: int = 256
    batch_size: int = 32
    held_back_share: float = 0.0

    def __post_init__(self) -> None:
        if self.cell not in ("lstm", "gru"):
            raise ValueError(f"a cell is 'lstm' or 'gru', not {self.cell!r}")
        sizes = (self.epochs, self.patience, self.window, self.units, self.dense_units)
        if min(*sizes, self.batch_size) < 1 or not 0 <= self.held_back_share <= 0.5:
            raise ValueError(f"sizes are at least 1 and at most half is held back: {self}")


def build_network(training: ClassicTraining, n_words: int) -> Any:
    """Return the author's network, compiled: window of scaled numbers in, likelihoods out.

    The loss is categorical cross-entropy from numbers instead of one-hot rows: the same value,
    without a matrix of windows times words.
    """
    keras = import_keras()
    cell = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[training.cell]
    network = keras.Sequential(
        [
            keras.Input((training.window, 1)),
            cell(training.units, return_sequences=True, name="recurrent_1"),
            keras.layers.Dropout(0.2),
            cell(training.units, return_sequences=True, name="recurrent_2"),
            keras.layers.Flatten(),
            keras.layers.Dense(training.dense_units, name="dense"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(n_words, activation="softmax", name="likelihoods"),
        ]
    )
    network.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    # A checkpoint holds the optimizer's state as well, and there must be a place to put it.
    network.optimizer.build(network.trainable_variables)
    return network


def export_graph(network: Any, training: ClassicTraining) -> OnnxGraph:
    """Return the network as a graph: "window" (window, batch, 1) in, "likelihoods" out.

    Dropout plays no part once training is over.
    """
    weights = {layer.name: layer.get_weights() for layer in network.layers}
    graph = OnnxGraph("classic")
    sequence = graph.add_input("window", (training.window, "batch", 1))
    for name in ("recurrent_1", "recurrent_2"):
        sequence, _ = graph.recurrent(training.cell, sequence, weights[name])
    batch_first = graph.node("Transpose", [sequence], perm=[1, 0, 2])
    n_flat = training.window * training.units
    shape = graph.constant(np.array([-1, n_flat], dtype=np.int64), "flat")
    flat = graph.node("Reshape", [batch_first, shape])
    hidden = graph.dense(flat, *weights["dense"])
    kernel, bias = weights["likelihoods"]
    likelihoods = graph.dense(hidden, kernel, bias, activation="softmax")
    graph.add_output("likelihoods", likelihoods, ("batch", len(bias)))
    return graph


def windows_of(
    numbers: npt.NDArray[np.int64], window: int, n_words: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return every window, float32, shape (examples, window, 1), and the number that follows it."""
    scaled = (numbers / n_words).astype(np.float32)
    views = np.lib.stride_tricks.sliding_window_view(scaled[:-1], window)
    return np.ascontiguousarray(views)[:, :, np.newaxis], numbers[window:]
