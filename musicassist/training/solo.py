"""Recipe `solo`: from folders of solos and melodies to a model folder. Reads top to bottom."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.errors import TrainingError
from musicassist.generation.encoding import HEADS, N_FEATURES
from musicassist.training.onnx_graph import OnnxGraph
from musicassist.training.solo_corpus import Piece, read_corpus
from musicassist.training.solo_network import PITCH_EXPERTS, NetworkSizes, build_network
from musicassist.training.solo_windows import (
    FACTORS,
    Batch,
    WindowOptions,
    random_batches,
    steady_batches,
)

FEWEST_PIECES: Final = 2
CHECKPOINT: Final = "best.weights.h5"


@dataclass(frozen=True, slots=True)
class SoloTraining:
    """How to train.

    Attributes:
        sizes: Of the network.
        windows: How pieces are cut.
        n_epochs: Most epochs; the learning rate falls to nothing over them.
        n_batches: Batches an epoch.
        patience: Epochs without improvement on held-back pieces before stopping.
        learning_rate: At the start.
        seed: Of weights and windows.
    """

    sizes: NetworkSizes = field(default_factory=NetworkSizes)
    windows: WindowOptions = field(default_factory=WindowOptions)
    n_epochs: int = 40
    n_batches: int = 150
    patience: int = 6
    learning_rate: float = 2e-3
    seed: int = 1


def gather_pieces(folders: Iterable[Path], tell: Callable[[str], None]) -> list[Piece]:
    """Return every piece below the folders; where none is marked held back, every tenth tune is.

    Raises:
        TrainingError: There is too little to learn from.
    """
    pieces: list[Piece] = []
    for folder in folders:
        found = list(read_corpus(folder))
        tell(f"{folder.name}: {len(found)} pieces, {sum(len(p.line.onsets) for p in found)} notes")
        pieces += found
    if len(pieces) < FEWEST_PIECES:
        raise TrainingError(
            "There is too little to learn from.",
            "Name folders with MusicXML scores or Weimar Jazz Database tables.",
        )
    if not any(piece.is_held_back for piece in pieces):
        kept = set(sorted({piece.tune for piece in pieces})[::10])
        pieces = [
            Piece(p.name, p.tune, p.line, p.setting, is_held_back=p.tune in kept) for p in pieces
        ]
    held_back = {piece.tune.casefold() for piece in pieces if piece.is_held_back}
    return [p for p in pieces if p.is_held_back or p.tune.casefold() not in held_back]


def fit(pieces: Sequence[Piece], out_folder: Path, training: SoloTraining) -> tuple[Any, float]:
    """Train a network.

    Args:
        pieces: To learn from, some held back.
        out_folder: Where checkpoints and the log go; exists.
        training: How.

    Returns:
        The Keras model with its best weights, and its nats a note on the held-back pieces.
    """
    import keras

    keras.utils.set_random_seed(training.seed)
    network = build_network(training.sizes)
    n_steps = training.n_epochs * training.n_batches
    network.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(training.learning_rate, n_steps), clipnorm=1.0
        ),
        loss={
            name: keras.losses.SparseCategoricalCrossentropy(from_logits=True) for name in FACTORS
        },
    )
    learned = [piece for piece in pieces if not piece.is_held_back]
    checked = steady_batches([p for p in pieces if p.is_held_back], training.windows)
    checkpoint = out_folder / CHECKPOINT
    if checkpoint.exists():
        network.load_weights(checkpoint)

    best: list[float] = [nats_a_note(network, checked)["note"]] if checkpoint.exists() else []

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        """Measures held-back nats, keeps the best weights and stops when nothing improves."""

        n_worse = 0

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            nats = nats_a_note(network, checked)
            with (out_folder / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps({"epoch": epoch, "loss": (logs or {})["loss"], **nats}) + "\n")
            if not best or nats["note"] < best[-1]:
                best.append(nats["note"])
                network.save_weights(checkpoint)
                self.n_worse = 0
                return
            self.n_worse += 1
            if self.n_worse >= training.patience:
                network.stop_training = True

    network.fit(
        random_batches(learned, training.windows, training.seed),
        steps_per_epoch=training.n_batches,
        epochs=training.n_epochs,
        callbacks=[Watch()],
        verbose=2,
    )
    network.load_weights(checkpoint)
    return network, best[-1]


def nats_a_note(network: Any, batches: Iterable[Batch]) -> dict[str, float]:
    """Return mean -ln p of each factor on the batches, and of a whole note, as `note`."""
    total = dict.fromkeys(FACTORS, 0.0)
    weight = dict.fromkeys(FACTORS, 0.0)
    for inputs, targets, weights in batches:
        logits = network.predict_on_batch(inputs)
        for name in FACTORS:
            rows = np.asarray(logits[name], np.float64)
            rows = rows - rows.max(axis=-1, keepdims=True)
            picked = np.take_along_axis(rows, targets[name][..., None], axis=-1)[..., 0]
            nats = np.log(np.exp(rows).sum(axis=-1)) - picked
            total[name] += float((nats * weights[name]).sum())
            weight[name] += float(weights[name].sum())
    each = {name: total[name] / max(weight[name], 1.0) for name in FACTORS}
    return each | {"note": sum(each.values())}
