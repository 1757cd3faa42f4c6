"""What a trained network says of every value a factor may have, over one line at once.

The network is the shipped one: the weights go through the same export and the same run-time class
as a model folder's. Only the sweep over a whole line is different from playing, where each step
waits for what the last one drew.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.memory import NO_INTERVAL
from musicassist.generation.runtime import import_onnxruntime
from musicassist.generation.scheme import Scheme
from musicassist.generation.solo_network import SoloNetwork, Thought
from musicassist.training.solo_model import head_tensors, trunk_graph
from musicassist.training.solo_network import NetworkSizes

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def as_played(network: Any, sizes: NetworkSizes, scheme: Scheme) -> SoloNetwork:
    """Return a Keras network as it runs in the product."""
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step.onnx"
        trunk_graph(network, sizes, scheme).save(path)
        session = onnxruntime.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    return SoloNetwork(session, dict(head_tensors(network, scheme)), scheme)


class Heard:
    """One line that a network has heard from its first step to its last.

    Args:
        network: The network.
        row: The line, as `build_network` takes it, without a batch dimension.
    """

    def __init__(self, network: SoloNetwork, row: Mapping[str, NDArray[Any]]) -> None:
        self._network = network
        factors = network.scheme.factors
        self.drawn = {factor: row[factor].astype(np.int64) for factor in factors}
        self.n_steps = len(row["features"])
        nowhere = np.full(self.n_steps, -1, np.int64)
        self._last = row["last_pitch"].astype(np.int64) if "last_pitch" in row else nowhere
        self._roots = row["root"].astype(np.int64) if "root" in row else nowhere
        self._offers = {
            factor: [row[f"{factor}_{copy}_offer"].astype(np.int64) for copy in head.copies]
            for factor, head in network.scheme.heads.items()
        }
        features = row["features"].astype(np.float32)[:, None]
        said, _ = network.step(features, network.initial_states(1), network.told_of(None))
        self._hidden = {factor: said[f"{factor}_hidden"][:, 0] for factor in factors}
        self._kept = {factor: self._think(factor, self.drawn) for factor in factors}

    def _think(self, factor: str, drawn: Mapping[str, Ints]) -> Thought:
        return self._network.think(factor, self._hidden[factor], drawn, self._last, self._roots)

    def shares(self, factor: str, told: Mapping[str, Ints] | None = None) -> Floats:
        """Return the likelihood of every class at every step, float32, shape (steps, classes).

        Args:
            factor: Which.
            told: Factors supposed to have been drawn before it in each step, where that is not
                what was drawn; int64, shape (steps,) each.
        """
        head = self._network.scheme.heads[factor]
        thought = self._think(factor, {**self.drawn, **told}) if told else self._kept[factor]
        own = _softmax(thought.logits)
        if not head.copies:
            return own
        kept = self._kept[factor].kept
        offers = self._offers[factor]
        is_earlier = np.tri(self.n_steps, k=-1, dtype=bool)
        scores = np.matmul(thought.asked, np.swapaxes(kept, 1, 2))
        scores *= np.float32(1 / np.sqrt(thought.asked.shape[-1]))
        is_there = np.stack([offer >= 0 for offer in offers])[:, None] & is_earlier
        scores = np.where(is_there, scores, -np.inf)
        highest = np.maximum(scores.max(axis=(0, 2), initial=-np.inf), thought.own)
        found = np.exp(scores - highest[:, None])
        own_weight = np.exp(thought.own - highest)
        whole = own_weight + found.sum(axis=(0, 2))
        shares = own_weight[:, None] * own
        for copy, offer, weights in zip(head.copies, offers, found, strict=True):
            if copy == "interval":
                shares += _lifted(weights, offer, self._last, head.n_pitches, head.n_classes)
            else:
                shares += weights @ _one_hot(offer, head.n_classes)
        return shares / whole[:, None]


def _lifted(weights: Floats, offers: Ints, last: Ints, n_pitches: int, n_classes: int) -> Floats:
    """Return what offers of intervals give each class, starting from each step's last pitch."""
    by_interval = weights @ _one_hot(offers, 2 * NO_INTERVAL)
    columns = np.arange(n_classes) - last[:, None] + NO_INTERVAL
    given = np.take_along_axis(by_interval, columns, axis=1)
    given[:, n_pitches:] = 0
    return given


def _one_hot(classes: Ints, n_classes: int) -> Floats:
    rows = np.zeros((len(classes), n_classes), np.float32)
    there = classes >= 0
    rows[there, classes[there]] = 1
    return rows


def _softmax(logits: Floats) -> Floats:
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)
