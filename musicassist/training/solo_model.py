"""Writing a trained solo network as a model folder: graph, tables, manifest and card."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.errors import TrainingError
from musicassist.generation.encoding import ENCODING_VERSION, HEADS, N_FEATURES
from musicassist.generation.model_store import (
    CARD_NAME,
    GRAPH_NAME,
    TENSORS_NAME,
    DataSource,
    Figure,
    Manifest,
    describe_file,
    load_graph,
    load_tensors,
    write_manifest,
)
from musicassist.generation.solo_network import SoloNetwork
from musicassist.training.checkpoint import guarded_write
from musicassist.training.onnx_graph import OnnxGraph
from musicassist.training.solo_network import PITCH_EXPERTS, NetworkSizes
from musicassist.training.solo_windows import FACTORS, Batch

LARGEST_DIFFERENCE: Final = 1e-4  # of a logit, between Keras and the exported graph


def write_model(
    folder: Path,
    network: Any,
    sizes: NetworkSizes,
    title: str,
    data: Iterable[DataSource],
    figures: Mapping[str, Figure],
    checked: Batch,
) -> float:
    """Write everything a solo model folder holds.

    Args:
        folder: Where; it exists. Its last part names the model.
        network: The Keras network with its best weights.
        sizes: Of the network.
        title: Name shown to people, or nothing for one made up.
        data: What it was trained on.
        figures: What was measured while training.
        checked: A batch to compare Keras and the graph on.

    Returns:
        The largest difference of a logit between Keras and the model as it is opened.

    Raises:
        OutputError: The folder cannot be written.
        TrainingError: The model does not say what the network says.
    """
    graph = step_graph(network, sizes)
    tensors: dict[str, Any] = dict(head_tensors(network))
    guarded_write(lambda: graph.save(folder / GRAPH_NAME), folder)
    guarded_write(lambda: np.savez(folder / TENSORS_NAME, **tensors), folder)
    model_id = folder.resolve().name
    manifest = Manifest(
        model_id=model_id,
        title=title or f"{model_id} (solo {sizes.cell.upper()})",
        recipe="solo",
        cell=sizes.cell,
        encoding_version=ENCODING_VERSION,
        sizes={"units": sizes.n_units, "layers": sizes.n_layers, "head_units": sizes.n_head_units},
        files=(describe_file(folder, GRAPH_NAME), describe_file(folder, TENSORS_NAME)),
        operators=graph.operators,
        data=tuple(data),
    )
    parity = _parity(network, folder, manifest, checked)
    manifest = replace(manifest, figures={**figures, "parity_with_keras": parity})
    write_manifest(folder, manifest)
    card = _card(manifest)
    guarded_write(lambda: (folder / CARD_NAME).write_text(card, encoding="utf-8"), folder)
    return parity


def _parity(network: Any, folder: Path, manifest: Manifest, checked: Batch) -> float:
    """Return the largest difference of a logit, stepping the opened model through a batch.

    Raises:
        TrainingError: It is too large.
    """
    inputs, targets, _ = checked
    expected = network.predict_on_batch(inputs)
    opened = SoloNetwork(load_graph(folder, manifest), load_tensors(folder, manifest))
    states = opened.initial_states(len(inputs["features"]))
    difference = 0.0
    for step in range(inputs["features"].shape[1]):
        said, states = opened.step(inputs["features"][:, step], states)
        drawn = {name: targets[name][:, step].astype(np.int64) for name in FACTORS}
        places = (inputs[name][:, step].astype(np.int64) for name in ("last_pitch", "root"))
        played = {"pitch": opened.pitch_logits(said, *places)}
        played |= {head: opened.head_logits(head, said, drawn) for head in HEADS}
        for name, logits in played.items():
            difference = max(difference, float(np.abs(logits - expected[name][:, step]).max()))
    if difference > LARGEST_DIFFERENCE:
        raise TrainingError(
            f"The exported network differs from the trained one by {difference:.1e}.",
            "This is a fault of the program: please report it.",
        )
    return difference


def step_graph(network: Any, sizes: NetworkSizes) -> OnnxGraph:
    """Return the network's trunk as a one-step graph: features and states in, heads' needs out."""
    graph = OnnxGraph("solo_step")
    sequence = graph.one_step(graph.add_input("features", ("batch", N_FEATURES)))
    after: list[tuple[str, str]] = []
    for index in range(sizes.n_layers):
        names = [f"state_{index}"] if sizes.cell == "gru" else [f"state_{index}", f"cell_{index}"]
        states = [graph.add_input(name, (1, "batch", sizes.n_units)) for name in names]
        weights = network.get_layer(f"cell_{index}").get_weights()
        sequence, states_after = graph.recurrent(sizes.cell, sequence, weights, states)
        after += zip(names, states_after, strict=True)
    hidden = graph.last_step(sequence)
    said = {f"pitch_{name}": size for name, size in PITCH_EXPERTS.items()}
    said |= {f"{head}_hidden": sizes.n_head_units for head in HEADS}
    for name, width in said.items():
        tensor = graph.dense(hidden, *network.get_layer(name).get_weights())
        graph.add_output(name, tensor, ("batch", width))
    for name, tensor in after:
        graph.add_output(f"{name}_after", tensor, (1, "batch", sizes.n_units))
    return graph


def head_tensors(network: Any) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Return the tables of the heads, as `generation.solo_network.SoloNetwork` wants them."""
    tensors: dict[str, np.ndarray[Any, np.dtype[np.float32]]] = {}
    for head, conditions in HEADS.items():
        kernel, bias = network.get_layer(f"{head}_logits").get_weights()
        tensors |= {f"{head}_kernel": kernel, f"{head}_bias": bias}
        for factor in conditions:
            name = f"{head}_given_{factor}"
            tensors[name] = network.get_layer(name).get_weights()[0]
    return tensors


def _card(manifest: Manifest) -> str:
    data = "\n".join(f"- {source.name} ({source.licence})" for source in manifest.data)
    figures = "\n".join(f"| {name} | {value} |" for name, value in manifest.figures.items())
    sizes = manifest.sizes
    return f"""# {manifest.title}

The solo recipe of MusicAssist: one step a note. {sizes["layers"]} {manifest.cell.upper()} layers of
{sizes["units"]} units hear the note before and the place, chord and key of the note to come, and
say its pitch, length, timing, and where the next one falls.

## Trained on

{data}

## Figures

| what | value |
|---|---|
{figures}
"""
