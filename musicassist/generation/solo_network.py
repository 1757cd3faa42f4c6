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
    N_INTERVALS,
    N_PITCHES,
    N_ROOTS,
    Floats,
    Ints,
)

PROOF_NAME: Final = "parity.npz"
PITCH_EXPERTS: Final = {"absolute": N_PITCHES, "interval": N_INTERVALS, "degree": N_ROOTS}
WIDEST_STATE: Final = 4_096


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
        ModelError: A table is missing or does not fit, or the graph cannot be stepped.
    """

    def __init__(self, session: Any, tensors: Mapping[str, NDArray[Any]]) -> None:
        self._session = session
        inputs = {each.name: each.shape for each in session.get_inputs()}
        self._outputs = [each.name for each in session.get_outputs()]
        try:
            self._tensors = {name: table.astype(np.float32) for name, table in tensors.items()}
            self._state_widths = {
                name: int(shape[-1]) for name, shape in inputs.items() if name != "features"
            }
            fits = self._tables_fit(inputs) and self._step_fits()
        except Exception:  # noqa: BLE001  (the runtime's exceptions share no base class)
            fits = False
        if not fits:
            raise ModelError(
                "The model's parts do not fit together.",
                "Train it again with this version of MusicAssist, or choose another model.",
            )

    def _tables_fit(self, inputs: Mapping[str, list[Any]]) -> bool:
        fits = int(inputs["features"][-1]) == N_FEATURES
        fits &= max(self._state_widths.values(), default=0) <= WIDEST_STATE
        for head, conditions in HEADS.items():
            width = self._tensors[f"{head}_kernel"].shape[0]
            fits &= self._tensors[f"{head}_kernel"].shape == (width, N_CLASSES[head])
            fits &= self._tensors[f"{head}_bias"].shape == (N_CLASSES[head],)
            for factor in conditions:
                table = self._tensors[f"{head}_given_{factor}"]
                fits &= table.shape == (N_CLASSES[factor], width)
        return fits and all(np.isfinite(table).all() for table in self._tensors.values())

    def _step_fits(self) -> bool:
        """Try one step of two lines: the graph must say what it declares, in the right shapes."""
        states = self.initial_states(2)
        said, after = self.step(np.zeros((2, N_FEATURES), np.float32), states)
        wanted = {f"pitch_{name}": (2, width) for name, width in PITCH_EXPERTS.items()}
        wanted |= {f"{head}_hidden": (2, len(self._tensors[f"{head}_kernel"])) for head in HEADS}
        fits = all(said[name].shape == shape for name, shape in wanted.items())
        fits &= all(after[name].shape == state.shape for name, state in states.items())
        return fits and all(np.isfinite(value).all() for value in (*said.values(), *after.values()))

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
