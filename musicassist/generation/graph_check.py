"""Looking into an ONNX file before a runtime does.

An ONNX file is a protobuf message. This reads just enough of one to know which operators it
holds, and refuses what our models never need: data in other files, functions, sub-graphs, foreign
operators, tensors that claim more values than the file has bytes. The `onnx` package, which could
do the same, is no run-time dependency: it would cost a user 20 MB for this one question.

Source: field numbers from onnx.proto, IR version 14; wire format from the protobuf documentation.
"""

from collections.abc import Collection, Iterator
from typing import Final

from musicassist.errors import ModelError

SAFE_OPERATORS: Final = frozenset(
    {
        "Add",
        "Cast",
        "Clip",
        "Concat",
        "Constant",
        "DequantizeLinear",
        "Div",
        "DynamicQuantizeLSTM",
        "DynamicQuantizeLinear",
        "Equal",
        "Exp",
        "Flatten",
        "GRU",
        "Gather",
        "GatherElements",
        "Gemm",
        "Identity",
        "LSTM",
        "LayerNormalization",
        "Less",
        "Log",
        "LogSoftmax",
        "MatMul",
        "MatMulInteger",
        "Mul",
        "ReduceMax",
        "ReduceMean",
        "ReduceSum",
        "Relu",
        "Reshape",
        "Sigmoid",
        "Slice",
        "Softmax",
        "Split",
        "Sqrt",
        "Squeeze",
        "Sub",
        "Tanh",
        "Transpose",
        "Unsqueeze",
        "Where",
    }
)
"""Operators that only compute: none reads a file, holds a network or repeats itself."""

SAFE_DOMAINS: Final = frozenset({"", "ai.onnx", "com.microsoft"})
MOST_NODES: Final = 2_000
MOST_TENSORS: Final = 4_000
LARGEST_DIMENSION: Final = 1 << 28

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5

_MODEL_GRAPH, _MODEL_OPSET, _MODEL_TRAINING, _MODEL_FUNCTIONS = 7, 8, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS = 5, 10
_ATTRIBUTE_GRAPHS = frozenset({6, 11})
_ATTRIBUTE_SPARSE = frozenset({22, 23})
_TENSOR_DIMENSIONS, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 1, 13, 14

_HINT: Final = "Use a model from a source you trust, or train it again."


def check_graph(data: bytes, allowed: Collection[str]) -> frozenset[str]:
    """Return the operators an ONNX file holds, having refused everything not expected.

    Args:
        data: The bytes of the file; their number is limited by the caller.
        allowed: The operators its manifest names. Of these only `SAFE_OPERATORS` count.

    Raises:
        ModelError: It is not an ONNX file, or it holds what is not allowed.
    """
    try:
        return _GraphReader(allowed).read(data)
    except _BrokenMessageError as error:
        raise ModelError(f"The model's network cannot be read: {error}.", _HINT) from None


class _BrokenMessageError(Exception):
    """The bytes are not the protobuf message they should be."""


class _GraphReader:
    """Walks one ModelProto and remembers what it met."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(allowed) & SAFE_OPERATORS
        self._operators: set[str] = set()
        self._n_nodes = 0
        self._n_tensors = 0
        self._n_bytes = 0

    def read(self, data: bytes) -> frozenset[str]:
        self._n_bytes = len(data)
        graphs = []
        for field, value in _fields(memoryview(data)):
            if field == _MODEL_GRAPH:
                graphs.append(_message(value))
            elif field == _MODEL_OPSET:
                self._check_domains(_message(value))
            elif field in (_MODEL_TRAINING, _MODEL_FUNCTIONS):
                raise ModelError("The model's network holds functions of its own.", _HINT)
        if len(graphs) != 1:
            raise _BrokenMessageError(f"it holds {len(graphs)} graphs instead of one")
        for field, value in _fields(graphs[0]):
            if field == _GRAPH_NODE:
                self._read_node(_message(value))
            elif field == _GRAPH_INITIALIZER:
                self._read_tensor(_message(value))
            elif field == _GRAPH_SPARSE:
                raise ModelError("The model's network holds sparse tensors.", _HINT)
        if not self._n_nodes:
            raise _BrokenMessageError("there is nothing in it")
        return frozenset(self._operators)

    def _check_domains(self, opset: memoryview) -> None:
        for field, value in _fields(opset):
            if field == 1 and _text(value) not in SAFE_DOMAINS:
                raise ModelError(
                    f"The model's network uses foreign operators ({_text(value)}).", _HINT
                )

    def _read_node(self, node: memoryview) -> None:
        self._n_nodes += 1
        if self._n_nodes > MOST_NODES:
            raise _BrokenMessageError(f"it holds more than {MOST_NODES} operators")
        operator = ""
        for field, value in _fields(node):
            if field == _NODE_OPERATOR:
                operator = _text(value)
                if operator not in self._allowed:
                    raise ModelError(
                        f"The model's network uses an operator that is not allowed ({operator}).",
                        _HINT,
                    )
            elif field == _NODE_DOMAIN and _text(value) not in SAFE_DOMAINS:
                raise ModelError(
                    f"The model's network uses a foreign operator ({_text(value)}).", _HINT
                )
            elif field == _NODE_ATTRIBUTE:
                self._read_attribute(_message(value))
        if not operator:
            raise _BrokenMessageError("an operator has no name")
        self._operators.add(operator)

    def _read_attribute(self, attribute: memoryview) -> None:
        for field, value in _fields(attribute):
            if field in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
                self._read_tensor(_message(value))
            elif field in _ATTRIBUTE_GRAPHS:
                raise ModelError("The model's network holds a network of its own.", _HINT)
            elif field in _ATTRIBUTE_SPARSE:
                raise ModelError("The model's network holds sparse tensors.", _HINT)

    def _read_tensor(self, tensor: memoryview) -> None:
        self._n_tensors += 1
        if self._n_tensors > MOST_TENSORS:
            raise _BrokenMessageError(f"it holds more than {MOST_TENSORS} tensors")
        n_values = 1
        for field, value in _fields(tensor):
            if field == _TENSOR_EXTERNAL or (field == _TENSOR_LOCATION and value != 0):
                raise ModelError("The model's network wants to read other files.", _HINT)
            if field == _TENSOR_DIMENSIONS:
                for dimension in _integers(value):
                    n_values *= dimension if dimension <= LARGEST_DIMENSION else self._n_bytes + 1
                    if n_values > self._n_bytes:
                        raise _BrokenMessageError("a tensor claims more values than the file has")


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield each field of a message: an integer, or the bytes it holds."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, kind = key >> 3, key & 7
        if kind == _VARINT:
            number, at = _varint(message, at)
            yield field, number
            continue
        if kind == _LENGTH:
            n_bytes, at = _varint(message, at)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            n_bytes = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise _BrokenMessageError("it is no ONNX file")
        if n_bytes > len(message) - at:
            raise _BrokenMessageError("it is cut off, or no ONNX file")
        yield field, message[at : at + n_bytes]
        at += n_bytes


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return the variable-length integer at a place, and the place after it."""
    number = 0
    for index in range(10):
        if at + index >= len(message):
            break
        byte = message[at + index]
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return number, at + index + 1
    raise _BrokenMessageError("it is cut off, or no ONNX file")


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise _BrokenMessageError("it is no ONNX file")
    return value


def _text(value: int | memoryview) -> str:
    return bytes(_message(value)[:200]).decode("utf-8", errors="replace")


def _integers(value: int | memoryview) -> Iterator[int]:
    """Yield a repeated integer's values, packed or not."""
    if isinstance(value, int):
        yield value
        return
    at = 0
    while at < len(value):
        number, at = _varint(value, at)
        yield number
