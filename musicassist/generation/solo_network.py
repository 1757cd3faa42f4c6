"""The trained solo network at run time: an ONNX graph for its trunk, and small heads in numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicassist.errors import ModelError
from musicassist.generation.encoding import Floats, Ints
from musicassist.generation.features import SCHEME
from musicassist.generation.memory import (
    MotifMemory,
    costs_with_memory,
    interval_offers,
)
from musicassist.generation.model_store import Manifest, load_graph, load_tensors
from musicassist.generation.scheme import Head, Scheme

PROOF_NAME: Final = "parity.npz"
AFTER_NAME: Final = "after.onnx"
WIDEST_STATE: Final = 4_096
_TRIED: Final = ((1, 2), (3, 1))  # steps and rows: as when playing, as when hearing
_AGAIN_HINT: Final = "Train it again with this version of MusicAssist, or choose another model."

States = dict[str, Floats]
Said = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Thought:
    """What a head has to say at a step of some rows, before its memory is asked.

    Attributes:
        logits: Its own opinion, float32, shape (rows, classes).
        own: How much it trusts itself, float32, shape (rows,).
        asked: What it asks its memory, float32, shape (copies, rows, width).
        kept: What its memory shall keep of this step, likewise.
    """

    logits: Floats
    own: Floats
    asked: Floats
    kept: Floats


def open_network(folder: Path, manifest: Manifest) -> "SoloNetwork":
    """Open the solo network in a model's folder.

    Raises:
        ModelError: It is damaged, or does not fit together.
    """
    return SoloNetwork(
        load_graph(folder, manifest),
        load_tensors(folder, manifest),
        SCHEME,
        load_graph(folder, manifest, AFTER_NAME),
    )


class SoloNetwork:
    """A network with its weights, stepping any number of lines at once.

    Thread: one caller at a time; `step` releases the GIL while the graph runs.

    Args:
        session: An `onnxruntime.InferenceSession` of the trunk: `features` (steps, rows, features),
            `told` (1, rows, width) and states in; `{factor}_hidden` (steps, rows, units) and
            states out.
        tensors: The heads' tables: `{factor}_given_{other}`, and `{factor}_kernel` and
            `{factor}_bias`, the columns of which are the head's opinions in the order of
            `Head.widths`, then with copies `own`, one `ask` a copy and one `keep` a copy; float32.
        scheme: What is seen and drawn.
        after: A session that says what is told of the notes that follow, or None.

    Raises:
        ModelError: A table is missing or does not fit, or the graph cannot be stepped.
    """

    def __init__(
        self, session: Any, tensors: Mapping[str, NDArray[Any]], scheme: Scheme, after: Any = None
    ) -> None:
        self.scheme = scheme
        self._session = session
        self._after = after
        self._outputs = [each.name for each in session.get_outputs()]
        self._intervals = {
            name: head.interval_places() + head.n_classes for name, head in _pitched(scheme)
        }
        self._degrees = {
            name: head.degree_places() + head.n_classes + head.widths["interval"]
            for name, head in _pitched(scheme)
        }
        try:
            inputs = {each.name: each.shape for each in session.get_inputs()}
            self._tensors = {name: table.astype(np.float32) for name, table in tensors.items()}
            self._told_width = int(inputs["told"][-1])
            self._state_widths = {
                name: int(shape[-1])
                for name, shape in inputs.items()
                if name not in ("features", "told")
            }
            self._memory_widths = {
                name: self._memory_width(name, head) for name, head in scheme.heads.items()
            }
            fits = self._tables_fit(inputs) and all(self._steps_fit(*each) for each in _TRIED)
        except Exception:  # noqa: BLE001  (the runtime's exceptions share no base class)
            fits = False
        if not fits:
            raise ModelError("The model's parts do not fit together.", _AGAIN_HINT)

    def _memory_width(self, factor: str, head: Head) -> int:
        if not head.copies:
            return 0
        left = int(self._tensors[f"{factor}_kernel"].shape[1]) - sum(head.widths.values()) - 1
        width, rest = divmod(left, 2 * len(head.copies))
        if rest or width < 1:
            raise ValueError("no room for a memory")
        return width

    def _tables_fit(self, inputs: Mapping[str, list[Any]]) -> bool:
        fits = int(inputs["features"][-1]) == self.scheme.n_features
        fits &= max((*self._state_widths.values(), self._told_width)) <= WIDEST_STATE
        for name, head in self.scheme.heads.items():
            kernel = self._tensors[f"{name}_kernel"]
            n_columns = sum(head.widths.values())
            if head.copies:
                n_columns += 1 + 2 * len(head.copies) * self._memory_widths[name]
            fits &= kernel.shape == (head.n_units, n_columns)
            fits &= self._tensors[f"{name}_bias"].shape == (n_columns,)
            for other in head.told:
                table = self._tensors[f"{name}_given_{other}"]
                fits &= table.shape == (self.scheme.heads[other].n_classes, head.n_units)
        return fits and all(np.isfinite(table).all() for table in self._tensors.values())

    def _steps_fit(self, n_steps: int, n_rows: int) -> bool:
        """Try some steps: the graphs must say what they declare, in the right shapes."""
        states = self.initial_states(n_rows)
        told = np.repeat(self.told_of(None), n_rows, axis=1)
        features = np.zeros((n_steps, n_rows, self.scheme.n_features), np.float32)
        said, after = self.step(features, states, told)
        fits = all(
            said[f"{name}_hidden"].shape == (n_steps, n_rows, head.n_units)
            for name, head in self.scheme.heads.items()
        )
        fits &= all(after[name].shape == state.shape for name, state in states.items())
        if self.scheme.n_after:
            heard = self.told_of(np.zeros((3, self.scheme.n_after), np.float32))
            fits &= heard.shape == (1, 1, self._told_width) and bool(np.isfinite(heard).all())
        return fits and all(np.isfinite(value).all() for value in (*said.values(), *after.values()))

    def initial_states(self, n_rows: int) -> States:
        """Return the states before the first note, each float32 of shape (1, rows, width)."""
        return {
            name: np.zeros((1, n_rows, width), np.float32)
            for name, width in self._state_widths.items()
        }

    def told_of(self, following: Floats | None) -> Floats:
        """Return what steps before a gap's end are told of the notes after it.

        Args:
            following: float32, shape (notes, n_after), the farthest first; None for nothing.

        Returns:
            float32, shape (1, 1, width).

        Raises:
            ModelError: The graph cannot do it.
        """
        if following is None or self._after is None:
            return np.zeros((1, 1, self._told_width), np.float32)
        told: Floats = _run(self._after, ["told"], {"after": following[:, None]})[0]
        return told

    def step(self, features: Floats, states: States, told: Floats) -> tuple[Said, States]:
        """Advance every line by some steps.

        Args:
            features: float32, shape (steps, rows, features).
            states: As `initial_states` or the last step gave them.
            told: What `told_of` said, for each row; float32, shape (1, rows, width).

        Returns:
            What the heads need, by name, each of shape (steps, rows, units), and the states after.

        Raises:
            ModelError: The graph cannot do it.
        """
        given = {"features": features, "told": told, **states}
        values = _run(self._session, self._outputs, given)
        said = dict(zip(self._outputs, values, strict=True))
        return said, {name: said.pop(f"{name}_after") for name in self._state_widths}

    def memories(self, n_rows: int) -> dict[str, MotifMemory]:
        """Return an empty memory for each head that has one."""
        return {
            name: MotifMemory(head.copies, n_rows, self._memory_widths[name])
            for name, head in self.scheme.heads.items()
            if head.copies
        }

    def think(
        self,
        factor: str,
        hidden: Floats,
        drawn: Mapping[str, Ints],
        last_pitches: Ints,
        roots: Ints,
    ) -> Thought:
        """Return what a head has to say, told the factors drawn before it.

        Args:
            factor: Which head.
            hidden: Its `{factor}_hidden` of what `step` said, float32, shape (rows, units).
            drawn: The factors already drawn, int64, shape (rows,) each.
            last_pitches: Pitch of the note before each, or anything below 0 for none.
            roots: Root at each coming note, 12 for none.
        """
        head = self.scheme.heads[factor]
        for other in head.told:
            hidden = hidden + self._tensors[f"{factor}_given_{other}"].take(drawn[other], axis=0)
        said = np.maximum(hidden, 0) @ self._tensors[f"{factor}_kernel"]
        said += self._tensors[f"{factor}_bias"]
        at = head.n_classes
        logits = said[:, :at]
        if head.n_pitches:
            # Places in all of `said` at once: far quicker than taking along an axis.
            rows = (np.arange(len(said)) * said.shape[1])[:, None]
            intervals = self._intervals[factor].take(np.maximum(last_pitches, 0), axis=0)
            logits = logits + said.take(intervals + rows)
            logits += said.take(self._degrees[factor].take(roots, axis=0) + rows)
            at = sum(head.widths.values())
        n_copies, width = len(head.copies), self._memory_widths[factor]
        own = said[:, at] if n_copies else np.zeros(len(said), np.float32)
        looks = said[:, at + 1 :].reshape(len(said), 2, n_copies, width).transpose(1, 2, 0, 3)
        return Thought(logits, own, looks[0], looks[1])

    def line_costs(
        self, said: Said, drawn: Mapping[str, Ints], last_pitches: Ints, roots: Ints
    ) -> dict[str, NDArray[np.float64]]:
        """Return what each factor of every step of one whole line cost, -ln p.

        Args:
            said: What `step` said of one row from the first step on.
            drawn: Every factor as it was played, int64, shape (steps,).
            last_pitches: Pitch of the note before each, or anything below 0 for none.
            roots: Root at each note, 12 for none.
        """
        costs: dict[str, NDArray[np.float64]] = {}
        for factor, head in self.scheme.heads.items():
            thought = self.think(factor, said[f"{factor}_hidden"][:, 0], drawn, last_pitches, roots)
            picked = np.take_along_axis(log_shares(thought.logits), drawn[factor][:, None], axis=1)
            costs[factor] = -picked[:, 0].astype(np.float64)
            if head.copies:
                offers = [offered(copy, drawn[factor], last_pitches) for copy in head.copies]
                costs[factor] = costs_with_memory(
                    costs[factor], thought.own, thought.asked, thought.kept, offers
                )
        return costs


def offered(copy: str, classes: Ints, last_pitches: Ints) -> Ints:
    """Return what steps at which some classes were drawn offer to one kind of copy."""
    return interval_offers(classes, last_pitches) if copy == "interval" else classes


def log_shares(logits: Floats) -> Floats:
    """Return logits as log-likelihoods that add up to one in every row."""
    lowered = logits - logits.max(axis=-1, keepdims=True)
    log: Floats = lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True))
    return log


def largest_difference(network: SoloNetwork, proof: Mapping[str, NDArray[Any]]) -> float:
    """Return the largest difference of a cost from those Keras gave when the model was made.

    Args:
        network: The opened model.
        proof: The tensors of `PROOF_NAME`: `features`, `after`, `last_pitch`, `root`, every factor
            as drawn and `{factor}_nats`, each of shape (lines, steps, ...).
    """
    difference = 0.0
    for line in range(len(proof["features"])):
        told = network.told_of(proof["after"][line].astype(np.float32))
        features = proof["features"][line][:, None].astype(np.float32)
        said, _ = network.step(features, network.initial_states(1), told)
        drawn = {name: proof[name][line].astype(np.int64) for name in network.scheme.factors}
        last_pitches, roots = (
            proof[name][line].astype(np.int64) for name in ("last_pitch", "root")
        )
        for name, costs in network.line_costs(said, drawn, last_pitches, roots).items():
            apart = np.abs(costs - proof[f"{name}_nats"][line])
            difference = max(difference, float(apart.max()))
    return difference


def _run(session: Any, names: list[str], values: Mapping[str, Floats]) -> list[Floats]:
    """Return what a graph says, or raise a `ModelError` where it fails after it was opened."""
    try:
        said: list[Floats] = session.run(names, values)
    except Exception as error:  # the runtime's exceptions share no base class
        raise ModelError(
            f"The model's network cannot go on ({type(error).__name__}).", _AGAIN_HINT
        ) from error
    return said


def _pitched(scheme: Scheme) -> list[tuple[str, Head]]:
    return [(name, head) for name, head in scheme.heads.items() if head.n_pitches]
