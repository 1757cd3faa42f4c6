"""The trained solo network at run time: one ONNX step a note, and small heads in numpy."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicassist.errors import ModelError
from musicassist.generation.encoding import (
    FURTHEST_INTERVAL,
    HEADS,
    N_CLASSES,
    N_FEATURES,
    N_PITCHES,
    N_ROOTS,
    Floats,
    Ints,
)

PROOF_NAME: Final = "parity.npz"
PITCH_EXPERTS: Final = ("absolute", "interval", "degree")


def interval_places() -> NDArray[np.int64]:
    """Return which interval class leads from each last pitch to each pitch, shape (128, 128)."""
    pitches = np.arange(N_PITCHES)
    intervals = np.clip(pitches - pitches[:, None], -FURTHEST_INTERVAL, FURTHEST_INTERVAL)
    places: NDArray[np.int64] = intervals + FURTHEST_INTERVAL
    return places


def degree_places() -> NDArray[np.int64]:
    """Return which degree each pitch is of each root, shape (13, 128); 12 over no root."""
    pitches = np.arange(N_PITCHES)
    degrees = (pitches - np.arange(N_ROOTS - 1)[:, None]) % 12
    return np.vstack((degrees, np.full((1, N_PITCHES), N_ROOTS - 1)))


_INTERVAL_PLACES: Final = interval_places()
_DEGREE_PLACES: Final = degree_places()


class SoloNetwork:
    """A network with its weights, stepping any number of lines at once.

    Thread: one caller at a time; `step` releases the GIL while the graph runs.

    Args:
        session: An `onnxruntime.InferenceSession` of the one-step graph.
        tensors: The heads' tables, by name: `{head}_given_{factor}`, `{head}_kernel`,
            `{head}_bias`; float32.

    Raises:
        ModelError: A table is missing or has the wrong shape.
    """

    def __init__(self, session: Any, tensors: Mapping[str, NDArray[Any]]) -> None:
        self._session = session
        self._tensors = {name: table.astype(np.float32) for name, table in tensors.items()}
        inputs = {each.name: each.shape for each in session.get_inputs()}
        self._state_widths = {
            name: int(shape[-1]) for name, shape in inputs.items() if name != "features"
        }
        self._outputs = [each.name for each in session.get_outputs()]
        self._check(inputs)

    def _check(self, inputs: Mapping[str, list[Any]]) -> None:
        try:
            fits = int(inputs["features"][-1]) == N_FEATURES
            for head, conditions in HEADS.items():
                width = self._tensors[f"{head}_kernel"].shape[0]
                fits &= self._tensors[f"{head}_kernel"].shape == (width, N_CLASSES[head])
                fits &= self._tensors[f"{head}_bias"].shape == (N_CLASSES[head],)
                for factor in conditions:
                    table = self._tensors[f"{head}_given_{factor}"]
                    fits &= table.shape == (N_CLASSES[factor], width)
            wanted = {f"pitch_{name}" for name in PITCH_EXPERTS} | {f"{h}_hidden" for h in HEADS}
            fits &= wanted <= set(self._outputs)
        except (KeyError, IndexError, ValueError, TypeError):
            fits = False
        if not fits:
            raise ModelError(
                "The model's parts do not fit together.",
                "Train it again with this version of MusicAssist, or choose another model.",
            )

    def initial_states(self, n_rows: int) -> dict[str, Floats]:
        """Return the states before the first note, each float32 of shape (1, rows, width)."""
        return {
            name: np.zeros((1, n_rows, width), np.float32)
            for name, width in self._state_widths.items()
        }

    def step(
        self, features: Floats, states: Mapping[str, Floats]
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Advance every line by one note.

        Args:
            features: float32, shape (rows, `N_FEATURES`).
            states: As `initial_states` or the last step gave them.

        Returns:
            What the heads need, by name, each of shape (rows, width), and the states after.
        """
        values = self._session.run(self._outputs, {"features": features, **states})
        said = dict(zip(self._outputs, values, strict=True))
        return said, {name: said.pop(f"{name}_after") for name in self._state_widths}

    def pitch_logits(self, said: Mapping[str, Floats], last_pitches: Ints, roots: Ints) -> Floats:
        """Return the experts' opinions of every pitch added up, float32, shape (rows, 128).

        Args:
            said: What `step` returned.
            last_pitches: Pitch of the note before each, or anything below 0 for none.
            roots: Root at each coming note, 12 for none.
        """
        intervals = _INTERVAL_PLACES[np.maximum(last_pitches, 0)]
        degrees = _DEGREE_PLACES[roots]
        logits: Floats = (
            said["pitch_absolute"]
            + np.take_along_axis(said["pitch_interval"], intervals, axis=1)
            + np.take_along_axis(said["pitch_degree"], degrees, axis=1)
        )
        return logits

    def head_logits(
        self, head: str, said: Mapping[str, Floats], drawn: Mapping[str, Ints]
    ) -> Floats:
        """Return what a head says, told the factors drawn before it; float32, (rows, classes)."""
        hidden = said[f"{head}_hidden"]
        for factor in HEADS[head]:
            hidden = hidden + self._tensors[f"{head}_given_{factor}"][drawn[factor]]
        hidden = np.maximum(hidden, 0)
        logits: Floats = hidden @ self._tensors[f"{head}_kernel"] + self._tensors[f"{head}_bias"]
        return logits


def largest_difference(network: SoloNetwork, proof: Mapping[str, NDArray[Any]]) -> float:
    """Return the largest difference of a logit from those Keras gave when the model was made.

    Args:
        network: The opened model.
        proof: The tensors of `PROOF_NAME`: `features`, `last_pitch`, `root`, every factor as
            drawn and its logits, each of shape (lines, steps, ...).
    """
    n_lines, n_steps = proof["features"].shape[:2]
    states = network.initial_states(n_lines)
    difference = 0.0
    for step in range(n_steps):
        said, states = network.step(proof["features"][:, step].astype(np.float32), states)
        drawn = {name: proof[name][:, step].astype(np.int64) for name in N_CLASSES}
        last_pitches, roots = (
            proof[name][:, step].astype(np.int64) for name in ("last_pitch", "root")
        )
        played = {"pitch": network.pitch_logits(said, last_pitches, roots)}
        played |= {head: network.head_logits(head, said, drawn) for head in HEADS}
        for name, logits in played.items():
            apart = np.abs(logits - proof[f"{name}_logits"][:, step])
            difference = max(difference, float(apart.max()))
    return difference
