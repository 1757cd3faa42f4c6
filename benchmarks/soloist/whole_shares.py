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
        steps = np.arange(self.n_steps)
        self._kept = {factor: self._think(factor, self.drawn, steps).kept for factor in factors}

    def _think(self, factor: str, drawn: Mapping[str, Ints], at: Ints) -> Thought:
        return self._network.think(
            factor, self._hidden[factor][at], drawn, self._last[at], self._roots[at]
        )

    def shares(self, factor: str) -> Floats:
        """Return the likelihood of every class at every step, float32, shape (steps, classes)."""
        return self._placed(factor, *self._mixed(factor, self.drawn, np.arange(self.n_steps)))

    def summed_out(self, factor: str, other: str, others: Floats, least: float) -> Floats:
        """Return the likelihood of every class whatever a factor drawn before it was.

        Args:
            factor: Which; it is told `other`.
            other: What it shall not depend on.
            others: The likelihood of each of its classes, shape (steps, classes).
            least: Classes of it less likely than this are left out, which can only make the
                result too small.

        Returns:
            float32, shape (steps, classes).
        """
        head = self._network.scheme.heads[factor]
        own = np.zeros((self.n_steps, head.n_classes), np.float32)
        found = np.zeros((len(head.copies), self.n_steps, self.n_steps), np.float32)
        for drawn in np.flatnonzero((others > least).any(axis=0)).tolist():
            at = np.flatnonzero(others[:, drawn] > least)
            told = {**self.drawn, other: np.full(self.n_steps, drawn, np.int64)}
            likelihoods = others[at, drawn].astype(np.float32)[:, None]
            some_own, some_found = self._mixed(factor, told, at)
            own[at] += some_own * likelihoods
            found[:, at] += some_found * likelihoods
        return self._placed(factor, own, found)

    def _mixed(self, factor: str, drawn: Mapping[str, Ints], at: Ints) -> tuple[Floats, Floats]:
        """Return the likelihoods of the head's own opinion and of each earlier step's offer."""
        drawn = {name: values[at] for name, values in drawn.items()}
        thought = self._think(factor, drawn, at)
        own = _softmax(thought.logits)
        if not self._offers[factor]:
            return own, np.zeros((0, len(at), self.n_steps), np.float32)
        scores = np.matmul(thought.asked, np.swapaxes(self._kept[factor], 1, 2))
        scores *= np.float32(1 / np.sqrt(thought.asked.shape[-1]))
        is_earlier = np.arange(self.n_steps) < at[:, None]
        is_there = np.stack([offer >= 0 for offer in self._offers[factor]])[:, None] & is_earlier
        scores = np.where(is_there, scores, np.float32(-np.inf))
        highest = np.maximum(scores.max(axis=(0, 2), initial=-np.inf), thought.own)
        found = np.exp(scores - highest[:, None])
        own_weight = np.exp(thought.own - highest)
        whole = own_weight + found.sum(axis=(0, 2))
        return own * (own_weight / whole)[:, None], found / whole[:, None]

    def _placed(self, factor: str, own: Floats, found: Floats) -> Floats:
        """Return the likelihood of each class: the head's own, and what is offered of it."""
        head = self._network.scheme.heads[factor]
        shares = own.copy()
        for copy, offer, weights in zip(head.copies, self._offers[factor], found, strict=True):
            if copy == "interval":
                shares += _lifted(weights, offer, self._last, head.n_pitches, head.n_classes)
            else:
                shares += weights @ _one_hot(offer, head.n_classes)
        return shares


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
