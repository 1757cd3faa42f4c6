"""ONNX graphs written from Keras weights with ONNX's own GRU and LSTM operators.

Keras' exporter turns a recurrent layer into a loop of some forty small operators; one native
operator does the same work many times faster. `onnx` is imported when a graph is made, not when
this module is.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

OPSET: Final = 17
IR_VERSION: Final = 8  # the oldest that carries opset 17, so that older runtimes read it too

Floats = npt.NDArray[np.float32]
Dimension = int | str  # a name means: any size

_N_STATES: Final = {"gru": 1, "lstm": 2}
_ACTIVATIONS: Final = {
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "softmax": "Softmax",
    "tanh": "Tanh",
}


def recurrent_weights(cell: str, weights: Sequence[npt.ArrayLike]) -> tuple[Floats, Floats, Floats]:
    """Return a Keras layer's weights as the ONNX operator's W, R and B.

    Args:
        cell: "gru" (made with `reset_after=True`, Keras' default) or "lstm".
        weights: `layer.get_weights()`: kernel (features, g*units), recurrent kernel
            (units, g*units) and bias, g being 3 or 4; float32.

    Returns:
        W (1, g*units, features), R (1, g*units, units) and B (1, 2*g*units).

    Raises:
        ValueError: The cell is unknown, or the shapes are not those of such a layer.

    Source: ONNX operator reference, GRU (gates z r h) and LSTM (gates i o f c); Keras keeps
        z r h and i f c o. A Keras LSTM has one bias where ONNX adds two.
    """
    if cell not in _N_STATES:
        raise ValueError(f"a recurrent cell is 'gru' or 'lstm', not {cell!r}")
    kernel, recurrent_kernel, bias = (np.asarray(each, dtype=np.float32) for each in weights)
    units = recurrent_kernel.shape[0]
    if cell == "gru":
        if bias.shape != (2, 3 * units):
            raise ValueError("a GRU layer must be made with reset_after=True and a bias")
        order, both_biases = [0, 1, 2], bias
    else:
        if bias.shape != (4 * units,):
            raise ValueError("an LSTM layer must be made with a bias")
        order, both_biases = [0, 3, 1, 2], np.stack([bias, np.zeros_like(bias)])

    def reordered(matrix: Floats) -> Floats:
        gates = np.split(matrix, len(order), axis=-1)
        return np.concatenate([gates[gate] for gate in order], axis=-1)

    w = np.ascontiguousarray(reordered(kernel).T)[np.newaxis]
    r = np.ascontiguousarray(reordered(recurrent_kernel).T)[np.newaxis]
    b = np.concatenate([reordered(each) for each in both_biases])[np.newaxis]
    return w, r, b


class OnnxGraph:
    """A graph being written, operator by operator.

    Every method takes and returns names of tensors. Sequences are time first:
    (time, batch, features); states are (1, batch, units).

    Example:
        graph = OnnxGraph("step")
        x = graph.add_input("x", ("batch", 8))
        state = graph.add_input("state", (1, "batch", 16))
        sequence, (state,) = graph.recurrent("gru", graph.one_step(x), layer.get_weights(), [state])
        logits = graph.dense(graph.last_step(sequence), *dense_layer.get_weights())
        graph.add_output("logits", logits, ("batch", 5))
        graph.add_output("state_out", state, (1, "batch", 16))
        graph.save(path)
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._axes: dict[tuple[int, ...], str] = {}

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators used so far, sorted: what the manifest allows."""
        return tuple(sorted({node.op_type for node in self._nodes}))

    def add_input(
        self, name: str, shape: Sequence[Dimension], dtype: npt.DTypeLike = np.float32
    ) -> str:
        """Declare an input; a dimension given by a name may have any size."""
        self._inputs.append(_described(name, shape, dtype))
        return name

    def add_output(
        self,
        name: str,
        tensor: str,
        shape: Sequence[Dimension],
        dtype: npt.DTypeLike = np.float32,
    ) -> None:
        """Let a tensor leave the graph under a name."""
        self.node("Identity", [tensor], name=name)
        self._outputs.append(_described(name, shape, dtype))

    def constant(self, array: npt.NDArray[Any], name: str = "constant") -> str:
        """Store an array in the graph."""
        from onnx import numpy_helper

        unique = f"{name}_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(array, order="C"), unique))
        return unique

    def node(
        self, operator: str, inputs: Sequence[str], *, name: str = "", **attributes: Any
    ) -> str:
        """Add an operator with one output, and return that."""
        return self.nodes(operator, inputs, [name or self._fresh(operator)], **attributes)[0]

    def nodes(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any
    ) -> list[str]:
        """Add an operator with several outputs; an empty name leaves one out."""
        from onnx import helper

        self._nodes.append(helper.make_node(operator, list(inputs), list(outputs), **attributes))
        return list(outputs)

    def one_step(self, tensor: str) -> str:
        """Return (batch, features) as a sequence of one step."""
        return self.node("Unsqueeze", [tensor, self._axis(0)])

    def last_step(self, sequence: str) -> str:
        """Return a sequence's last step as (batch, features)."""
        index = self.constant(np.array(-1, dtype=np.int64), "last")
        return self.node("Gather", [sequence, index], axis=0)

    def recurrent(
        self,
        cell: str,
        sequence: str,
        weights: Sequence[npt.ArrayLike],
        states: Sequence[str] = (),
    ) -> tuple[str, tuple[str, ...]]:
        """Add a Keras GRU or LSTM layer as one native operator.

        Args:
            cell: "gru" or "lstm".
            sequence: Name of the input, (time, batch, features).
            weights: `layer.get_weights()`.
            states: Names of the states it starts from, (1, batch, units) each: one for a GRU,
                hidden and cell state for an LSTM; none to start from zeros.

        Returns:
            Its output at every step, (time, batch, units), and its states after the last one.

        Raises:
            ValueError: The number of states or the weights do not fit the cell.
        """
        w, r, b = recurrent_weights(cell, weights)
        if len(states) not in (0, _N_STATES[cell]):
            raise ValueError(f"a {cell} has {_N_STATES[cell]} states, not {len(states)}")
        inputs = [sequence, *(self.constant(each, cell) for each in (w, r, b)), "", *states]
        names = [self._fresh(cell) + suffix for suffix in ("_y", "_h", "_c")][: 1 + _N_STATES[cell]]
        attributes: dict[str, int] = {"hidden_size": r.shape[-1]}
        if cell == "gru":
            attributes["linear_before_reset"] = 1
        y, *after = self.nodes(cell.upper(), inputs, names, **attributes)
        return self.node("Squeeze", [y, self._axis(1)]), tuple(after)

    def dense(
        self,
        tensor: str,
        kernel: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        activation: str = "linear",
    ) -> str:
        """Add a Keras dense layer over the last axis of a tensor of any rank.

        Raises:
            ValueError: The activation is not one of linear, relu, sigmoid, softmax and tanh.
        """
        product = self.node("MatMul", [tensor, self.constant(kernel, "kernel")])
        total = self.node("Add", [product, self.constant(bias, "bias")])
        if activation == "linear":
            return total
        if activation not in _ACTIVATIONS:
            raise ValueError(f"no ONNX operator is known for the activation {activation!r}")
        return self.node(_ACTIVATIONS[activation], [total])

    def to_bytes(self, notes: Mapping[str, str] | None = None) -> bytes:
        """Return the checked graph as the bytes of an ONNX file.

        Args:
            notes: Plain words to store beside it.

        Raises:
            onnx.checker.ValidationError: The graph is not sound.
        """
        import onnx
        from onnx import helper

        graph = helper.make_graph(
            self._nodes, self._name, self._inputs, self._outputs, self._constants
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="musicassist",
        )
        helper.set_model_props(model, dict(notes or {}))
        onnx.checker.check_model(model, full_check=True)
        data: bytes = model.SerializeToString(deterministic=True)
        return data

    def save(self, path: Path) -> None:
        """Check the graph and write it.

        Raises:
            onnx.checker.ValidationError: The graph is not sound.
            OSError: The file cannot be written.
        """
        path.write_bytes(self.to_bytes())

    def _fresh(self, operator: str) -> str:
        return f"{operator.lower()}_{len(self._nodes)}"

    def _axis(self, *axes: int) -> str:
        if axes not in self._axes:
            self._axes[axes] = self.constant(np.array(axes, dtype=np.int64), "axis")
        return self._axes[axes]


def _described(name: str, shape: Sequence[Dimension], dtype: npt.DTypeLike) -> Any:
    from onnx import helper

    element_type = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    return helper.make_tensor_value_info(name, element_type, list(shape))
