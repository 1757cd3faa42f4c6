"""Recipe `classic`: from MIDI files to a model folder, with the author's own network.

Reads top to bottom: words of the files, windows of 50, the network, training with early stopping
and a checkpoint of the best epoch, export to ONNX with parity measured, manifest and card.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musicassist.errors import InputError
from musicassist.generation.classic import Vocabulary
from musicassist.training import checkpoint
from musicassist.training.checkpoint import CheckpointState, guarded_write
from musicassist.training.classic_model import data_sources, write_model
from musicassist.training.classic_network import ClassicTraining, build_network, windows_of
from musicassist.training.keras_import import import_keras
from musicassist.training.midi_corpus import find_midi_files, read_words
from musicassist.training.progress import ModelSaved, Report, TrainingStarted, be_silent

FEWEST_HELD_BACK: Final = 10  # fewer windows than this tell nothing


def train_classic(
    paths: Iterable[Path],
    out_folder: Path,
    training: ClassicTraining | None = None,
    *,
    title: str = "",
    licence: str = "not stated",
    resume: bool = False,
    report: Report = be_silent,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path:
    """Train the author's network on MIDI files and write a model folder.

    Args:
        paths: MIDI files, or folders that hold some.
        out_folder: The model folder to write; made if need be. Its last part names the model.
        training: How to train.
        title: Name shown to people.
        licence: On what terms the files may be used; noted in the manifest.
        resume: Whether to go on from the checkpoint an earlier, equal call left in `out_folder`.
        report: Hears what happens.
        should_stop: Asked before every file and after every batch; True ends training, to be
            resumed later.

    Returns:
        The model folder.

    Raises:
        InputError: There are no files, none can be read, or they hold too few notes.
        OutputError: The folder cannot be written, or holds a model or checkpoint already.
        TrainingError: An extra is missing, the checkpoint does not fit, or the loss went astray.
        UserCancelled: `should_stop` said so; the checkpoint of the last epoch is there.
    """
    training = training or ClassicTraining()
    files = find_midi_files(paths)
    kept = checkpoint.prepared(out_folder, resume=resume)
    words = read_words(files, report=report, should_stop=should_stop)
    if len(words) <= training.window:
        raise InputError(
            f"There are {len(words)} notes in the files; "
            f"more than {training.window} are needed to learn from.",
            "Name more or longer MIDI files.",
        )
    vocabulary = Vocabulary(tuple(sorted(set(words))))
    import_keras().utils.set_random_seed(training.seed)
    network = build_network(training, len(vocabulary.words))
    fixed = {**asdict(training), "epochs": 0, "patience": 0, "seed": 0}
    made_from = checkpoint.checksum(words, fixed)
    state = checkpoint.first_or_last_state(kept, made_from, network, resume)
    numbers = vocabulary.numbers(words)
    guarded_write(
        lambda: _fit(network, numbers, training, state, kept, report, should_stop), out_folder
    )
    network.load_weights(kept / checkpoint.BEST)
    data = data_sources(files, licence)
    parity = write_model(out_folder, network, training, state, words, vocabulary, title, data)
    report(ModelSaved(out_folder, parity))
    return out_folder


def _fit(
    network: Any,
    numbers: npt.NDArray[np.int64],
    training: ClassicTraining,
    state: CheckpointState,
    kept: Path,
    report: Report,
    should_stop: Callable[[], bool],
) -> None:
    """Train until the loss stops falling; the best and the last weights are in the checkpoint."""
    n_words = int(numbers.max()) + 1
    windows, targets = windows_of(numbers, training.window, n_words)
    n_held_back = round(len(windows) * training.held_back_share)
    if n_held_back < FEWEST_HELD_BACK:
        n_held_back = 0
    n_learnt = len(windows) - n_held_back
    judged_by = "val_loss" if n_held_back else "loss"
    n_weights = int(network.count_params())
    report(TrainingStarted(n_learnt, n_held_back, n_words, n_weights, state.epoch + 1))
    if state.epoch >= training.epochs:
        return
    callbacks = checkpoint.callbacks(
        training.epochs, training.patience, state, kept, judged_by, report, should_stop
    )
    held_back = (windows[n_learnt:], targets[n_learnt:]) if n_held_back else None
    network.fit(
        windows[:n_learnt],
        targets[:n_learnt],
        batch_size=training.batch_size,
        epochs=training.epochs,
        initial_epoch=state.epoch,
        validation_data=held_back,
        callbacks=callbacks,
        verbose=0,
    )
