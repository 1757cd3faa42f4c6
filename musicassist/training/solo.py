"""Recipe `solo`: from folders of solos and melodies to a model folder, with our own network.

Reads top to bottom: pieces, the network, training on random windows with early stopping and a
checkpoint of the best epoch, export to ONNX with parity measured, manifest and card.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.errors import InputError, MissingFileError, TrainingError
from musicassist.generation.model_store import DataSource, Figure
from musicassist.training import checkpoint
from musicassist.training.checkpoint import CheckpointState, guarded_write
from musicassist.training.keras_import import import_keras
from musicassist.training.progress import (
    FileRead,
    ModelSaved,
    Report,
    TrainingStarted,
    be_silent,
)
from musicassist.training.solo_corpus import read_corpus, without_repeats
from musicassist.training.solo_model import write_model
from musicassist.training.solo_network import NetworkSizes, build_network
from musicassist.training.solo_windows import (
    FACTORS,
    Batch,
    WindowOptions,
    random_batches,
    steady_batches,
)

FEWEST_PIECES: Final = 2
HELD_BACK_TUNES: Final = 10  # every tenth tune, where the data name none
JUDGED_BY: Final = "val_note"


@dataclass(frozen=True, slots=True)
class SoloTraining:
    """How to train.

    Attributes:
        sizes: Of the network.
        windows: How pieces are cut and blurred.
        epochs: Most epochs; the learning rate falls to nothing over them.
        n_batches: Batches an epoch.
        patience: Epochs without improvement on held-back pieces before stopping.
        learning_rate: At the start, above 0.
        seed: Of weights and windows.
    """

    sizes: NetworkSizes = field(default_factory=NetworkSizes)
    windows: WindowOptions = field(default_factory=WindowOptions)
    epochs: int = 24
    n_batches: int = 150
    patience: int = 6
    learning_rate: float = 1.5e-3
    seed: int = 1


def train_solo(
    folders: Sequence[Path],
    out_folder: Path,
    training: SoloTraining | None = None,
    *,
    title: str = "",
    licences: Sequence[str] = ("not stated",),
    resume: bool = False,
    report: Report = be_silent,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path:
    """Train the solo network on folders of music and write a model folder.

    Args:
        folders: Where the pieces lie; `solo_corpus` says what is understood.
        out_folder: The model folder to write; made if need be. Its last part names the model.
        training: How to train.
        title: Name shown to people.
        licences: On what terms the pieces may be used, one for all folders or one for each;
            noted in the manifest.
        resume: Whether to go on from the checkpoint an earlier, equal call left in `out_folder`.
        report: Hears what happens.
        should_stop: Asked after every batch; True ends training, to be resumed later.

    Returns:
        The model folder.

    Raises:
        InputError: There are neither one licence nor as many as folders.
        MissingFileError: There is no such folder.
        OutputError: The folder cannot be written, or holds a model or checkpoint already.
        TrainingError: There is too little to learn from, or an extra is missing.
        UserCancelled: `should_stop` said so; the checkpoint of the last epoch is there.
    """
    training = training or SoloTraining()
    if len(licences) not in (1, len(folders)):
        raise InputError(
            f"There are {len(licences)} licences for {len(folders)} folders.",
            "Give one for all, or one for each in the same order.",
        )
    pieces = gather_pieces(folders, report)
    kept = checkpoint.prepared(out_folder, resume=resume)
    import_keras().utils.set_random_seed(training.seed)
    network = build_network(training.sizes)
    _compile(network, training)
    fixed = {**asdict(training), "epochs": 0, "patience": 0, "seed": 0}
    names = [[piece.name, len(piece.line.onsets), piece.is_held_back] for piece in pieces]
    made_from = checkpoint.checksum(names, fixed)
    state = checkpoint.first_or_last_state(kept, made_from, network, resume)
    checked = steady_batches([piece for piece in pieces if piece.is_held_back], training.windows)
    learned = [piece for piece in pieces if not piece.is_held_back]
    guarded_write(
        lambda: _fit(network, learned, checked, training, state, kept, report, should_stop),
        out_folder,
    )
    network.load_weights(kept / checkpoint.BEST)
    parity = write_model(
        out_folder,
        network,
        training.sizes,
        title,
        [
            DataSource(folder.resolve().name, licences[index % len(licences)])
            for index, folder in enumerate(folders)
        ],
        _figures(network, learned, checked, state),
    )
    report(ModelSaved(out_folder, parity))
    return out_folder


def gather_pieces(folders: Iterable[Path], report: Report = be_silent) -> list[Piece]:
    """Return every piece below the folders once, none of whose tune is both learned and held back.

    Where the data hold nothing back, every tenth tune is.

    Raises:
        MissingFileError: There is no such folder.
        TrainingError: There is too little to learn from.
    """
    pieces: list[Piece] = []
    folders = list(folders)
    for index, folder in enumerate(folders, 1):
        if not folder.is_dir():
            raise MissingFileError(f"There is no folder {folder}.", "Check the spelling.")
        found = list(read_corpus(folder))
        n_notes = sum(len(piece.line.onsets) for piece in found)
        report(FileRead(folder.name, n_notes, index, len(folders)))
        pieces += found
    # Held-back pieces first, so that of two editions of one work the held-back one stays.
    pieces = list(without_repeats(sorted(pieces, key=lambda piece: not piece.is_held_back)))
    if len(pieces) < FEWEST_PIECES:
        raise TrainingError(
            "There is too little to learn from.",
            "Name folders with MusicXML scores or Weimar Jazz Database tables.",
        )
    if not any(piece.is_held_back for piece in pieces):
        chosen = set(sorted({piece.tune for piece in pieces})[::HELD_BACK_TUNES])
        pieces = [replace(piece, is_held_back=piece.tune in chosen) for piece in pieces]
    held_back = {_plain_title(piece.tune) for piece in pieces if piece.is_held_back}
    return [
        piece for piece in pieces if piece.is_held_back or _plain_title(piece.tune) not in held_back
    ]


def _plain_title(tune: str) -> str:
    """Return a title without what differs from one collection to the next: case, spaces, signs."""
    return "".join(filter(str.isalnum, tune.casefold()))


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


def _compile(network: Any, training: SoloTraining) -> None:
    keras = import_keras()
    n_steps = training.epochs * training.n_batches
    rate = keras.optimizers.schedules.CosineDecay(training.learning_rate, n_steps)
    optimizer = keras.optimizers.Adam(rate, clipnorm=1.0)
    loss = keras.losses.SparseCategoricalCrossentropy
    network.compile(optimizer, {name: loss(from_logits=True) for name in FACTORS})
    # A checkpoint holds the optimizer's state as well, and there must be a place to put it.
    optimizer.build(network.trainable_variables)


def _fit(
    network: Any,
    learned: Sequence[Piece],
    checked: Sequence[Batch],
    training: SoloTraining,
    state: CheckpointState,
    kept: Path,
    report: Report,
    should_stop: Callable[[], bool],
) -> None:
    """Train until held-back nats stop falling; best and last weights are in the checkpoint."""
    keras = import_keras()
    n_learned = sum(len(piece.line.onsets) for piece in learned)
    n_checked = round(sum(float(weights["pitch"].sum()) for _, _, weights in checked))
    n_weights = int(network.count_params())
    report(TrainingStarted(n_learned, n_checked, 0, n_weights, state.epoch + 1))
    if state.epoch >= training.epochs:
        return

    class Judge(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
        """Logs the held-back nats a note for the callbacks after it."""

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
            logs[JUDGED_BY] = nats_a_note(network, checked)["note"]

    callbacks = checkpoint.callbacks(
        training.epochs, training.patience, state, kept, JUDGED_BY, report, should_stop
    )
    network.fit(
        random_batches(learned, training.windows, training.seed + state.epoch),
        steps_per_epoch=training.n_batches,
        epochs=training.epochs,
        initial_epoch=state.epoch,
        callbacks=[Judge(), *callbacks],
        shuffle=False,
        verbose=0,
    )


def _figures(
    network: Any, learned: Sequence[Piece], checked: Sequence[Batch], state: CheckpointState
) -> dict[str, Figure]:
    nats = nats_a_note(network, checked)
    return {
        "n_pieces": len(learned),
        "n_notes": sum(len(piece.line.onsets) for piece in learned),
        "n_weights": int(network.count_params()),
        "n_epochs": state.epoch,
        "best_epoch": state.best_epoch,
        "training_s": round(state.duration_s, 1),
        **{f"held_back_nats_{name}": round(value, 4) for name, value in nats.items()},
    }
