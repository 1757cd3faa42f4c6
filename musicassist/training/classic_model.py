"""Writing a trained classic network as a model folder: graph, tensors, manifest and card."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musicassist.errors import TrainingError
from musicassist.generation.classic import (
    ENCODING_VERSION,
    ClassicNetwork,
    Vocabulary,
    pitches_of,
)
from musicassist.generation.model_store import (
    CARD_NAME,
    GRAPH_NAME,
    TENSORS_NAME,
    DataSource,
    Figure,
    Manifest,
    describe_file,
    load_graph,
    write_manifest,
)
from musicassist.training.checkpoint import CheckpointState, guarded_write
from musicassist.training.classic_network import ClassicTraining, export_graph, windows_of
from musicassist.training.onnx_graph import OnnxGraph

LARGEST_DIFFERENCE: Final = 1e-4  # of a likelihood, between Keras and the exported graph
N_CHECKED_WINDOWS: Final = 64


def write_model(
    folder: Path,
    network: Any,
    training: ClassicTraining,
    state: CheckpointState,
    words: Sequence[str],
    vocabulary: Vocabulary,
    title: str,
    data: tuple[DataSource, ...],
) -> float:
    """Write everything a classic model folder holds.

    Args:
        folder: Where; it exists. Its last part names the model.
        network: The Keras network with its best weights.
        training: Its settings.
        state: How training went.
        words: All notes and chords, in order.
        vocabulary: The different ones.
        title: Name shown to people, or nothing for one made up.
        data: What it was trained on.

    Returns:
        The largest difference of a likelihood between Keras and the graph as written.

    Raises:
        OutputError: The folder cannot be written.
        TrainingError: The graph does not play what the network plays.
    """
    graph = export_graph(network, training)
    guarded_write(lambda: _write_tensors(folder / TENSORS_NAME, vocabulary, words), folder)
    guarded_write(lambda: graph.save(folder / GRAPH_NAME), folder)
    manifest = _manifest(folder, title, training, vocabulary, graph, data)
    parity = _parity(network, folder, manifest, vocabulary.numbers(words))
    manifest = _with_figures(manifest, state, training, len(words), parity)
    write_manifest(folder, manifest)
    card = _card(manifest)
    guarded_write(lambda: (folder / CARD_NAME).write_text(card, encoding="utf-8"), folder)
    return parity


def data_sources(files: Sequence[Path], licence: str) -> tuple[DataSource, ...]:
    """Return files as a manifest names them: without their folders, the first fifty by name."""
    n_named = 50
    sources = [DataSource(path.name, licence) for path in files[:n_named]]
    if len(files) > n_named:
        sources.append(DataSource(f"and {len(files) - n_named} more files", licence))
    return tuple(sources)


def _write_tensors(path: Path, vocabulary: Vocabulary, words: Sequence[str]) -> None:
    """Write the words, and how often each pitch class was heard."""
    heard = np.zeros(12)
    for word, n_times in Counter(words).items():
        for pitch in pitches_of(word):
            heard[pitch % 12] += n_times
    np.savez(path, words=np.array(vocabulary.words), pitch_classes=heard / heard.sum())


def _manifest(
    folder: Path,
    title: str,
    training: ClassicTraining,
    vocabulary: Vocabulary,
    graph: OnnxGraph,
    data: tuple[DataSource, ...],
) -> Manifest:
    model_id = folder.resolve().name
    return Manifest(
        model_id=model_id,
        title=title or f"{model_id} (classic {training.cell.upper()})",
        recipe="classic",
        cell=training.cell,
        encoding_version=ENCODING_VERSION,
        sizes={
            "window": training.window,
            "units": training.units,
            "dense_units": training.dense_units,
            "words": len(vocabulary.words),
        },
        files=(describe_file(folder, GRAPH_NAME), describe_file(folder, TENSORS_NAME)),
        operators=graph.operators,
        data=data,
    )


def _parity(
    network: Any, folder: Path, manifest: Manifest, numbers: npt.NDArray[np.int64]
) -> float:
    """Return the largest difference of a likelihood between Keras and the graph as it is opened.

    Raises:
        TrainingError: It is too large.
    """
    window, n_words = manifest.size("window"), manifest.size("words")
    windows, _ = windows_of(numbers, window, n_words)
    n_windows = min(len(windows), N_CHECKED_WINDOWS)
    checked = np.linspace(0, len(windows) - 1, n_windows).astype(np.int64)
    expected = np.asarray(network.predict_on_batch(windows[checked]))
    shown = np.stack([numbers[start : start + window] for start in checked], axis=1)
    played = ClassicNetwork(load_graph(folder, manifest), window, n_words).likelihoods(shown)
    difference = float(np.abs(played - expected).max())
    if difference > LARGEST_DIFFERENCE:
        raise TrainingError(
            f"The exported network differs from the trained one by {difference:.1e}.",
            "This is a fault of the program: please report it.",
        )
    return difference


def _with_figures(
    manifest: Manifest,
    state: CheckpointState,
    training: ClassicTraining,
    n_notes: int,
    parity: float,
) -> Manifest:
    figures: dict[str, Figure] = {
        "n_notes": n_notes,
        "n_epochs": state.epoch,
        "best_epoch": state.best_epoch,
        "training_loss": round(state.losses[state.best_epoch - 1], 5),
        "best_checked_loss": round(state.best_loss or 0.0, 5),
        "training_s": round(state.duration_s, 1),
        "seed": training.seed,
        "parity_with_keras": parity,
    }
    return replace(manifest, figures=figures)


def _card(manifest: Manifest) -> str:
    sizes, figures = manifest.sizes, manifest.figures
    data = "\n".join(f"- {source.name} ({source.licence})" for source in manifest.data)
    return f"""# {manifest.title}

The classic recipe of MusicAssist: the last {sizes["window"]} notes go in, the next one comes out.
Two {manifest.cell.upper()} layers of {sizes["units"]}, flattened, and a dense layer of
{sizes["dense_units"]} choose among {sizes["words"]} notes and chords.
It knows no rhythm: every note lasts half a beat.

## Trained on

{data}

## Figures

| what | value |
|---|---|
| notes read | {figures["n_notes"]} |
| epochs (best) | {figures["n_epochs"]} ({figures["best_epoch"]}) |
| loss on what it learnt from, best epoch, nats a note | {figures["training_loss"]} |
| loss it was chosen by, nats a note | {figures["best_checked_loss"]} |
| training time | {figures["training_s"]} s |
| seed | {figures["seed"]} |
| largest difference to Keras of any likelihood | {figures["parity_with_keras"]:.1e} |

## Made with

    musicassist train --recipe classic --cell {manifest.cell} --seed {figures["seed"]} \\
        --out {manifest.model_id} FILES

`checkpoint/` is only needed to go on training and may be deleted.
"""
