"""A graph written by us plays what the Keras layers play."""

from typing import Any

import numpy as np
import pytest

from musicassist.generation.runtime import import_onnxruntime
from musicassist.training.onnx_graph import OnnxGraph, recurrent_weights

onnx = pytest.importorskip("onnx")


def _session(graph: OnnxGraph) -> Any:
    session = import_onnxruntime().InferenceSession
    return session(graph.to_bytes(), providers=["CPUExecutionProvider"])


def _random_weights(cell: str, n_features: int, units: int) -> list[np.ndarray]:
    rng = np.random.Generator(np.random.PCG64(3))
    n_gates = {"gru": 3, "lstm": 4}[cell]
    bias_shape = (2, 3 * units) if cell == "gru" else (4 * units,)
    shapes = [(n_features, n_gates * units), (units, n_gates * units), bias_shape]
    return [rng.normal(0, 0.4, shape).astype(np.float32) for shape in shapes]


def _step_graph(cell: str, n_features: int, units: int, weights: list[np.ndarray]) -> OnnxGraph:
    graph = OnnxGraph("step")
    x = graph.add_input("x", ("batch", n_features))
    names = ["h", "c"][: {"gru": 1, "lstm": 2}[cell]]
    states = [graph.add_input(name, (1, "batch", units)) for name in names]
    sequence, after = graph.recurrent(cell, graph.one_step(x), weights, states)
    graph.add_output("y", graph.last_step(sequence), ("batch", units))
    for name, state in zip(names, after, strict=True):
        graph.add_output(f"{name}_out", state, (1, "batch", units))
    return graph


@pytest.mark.training
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_native_cell_equals_its_keras_layer(cell):
    keras = pytest.importorskip("keras")
    layer = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}[cell](7, return_sequences=True)
    windows = np.random.Generator(np.random.PCG64(1)).normal(size=(3, 5, 4)).astype(np.float32)
    layer.build(windows.shape)
    layer.set_weights(_random_weights(cell, 4, 7))
    graph = OnnxGraph("window")
    x = graph.add_input("x", ("time", "batch", 4))
    sequence, _ = graph.recurrent(cell, x, layer.get_weights())
    graph.add_output("y", sequence, ("time", "batch", 7))
    (played,) = _session(graph).run(None, {"x": windows.transpose(1, 0, 2)})
    expected = np.asarray(layer(windows)).transpose(1, 0, 2)
    np.testing.assert_allclose(played, expected, atol=1e-5)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_steps_with_carried_state_equal_the_whole_window(cell):
    weights = _random_weights(cell, 4, 6)
    xs = np.random.Generator(np.random.PCG64(2)).normal(size=(9, 2, 4)).astype(np.float32)
    whole = OnnxGraph("window")
    x = whole.add_input("x", ("time", "batch", 4))
    sequence, _ = whole.recurrent(cell, x, weights)
    whole.add_output("y", sequence, ("time", "batch", 6))
    (expected,) = _session(whole).run(None, {"x": xs})
    session = _session(_step_graph(cell, 4, 6, weights))
    names = ["h", "c"][: {"gru": 1, "lstm": 2}[cell]]
    states = {name: np.zeros((1, 2, 6), dtype=np.float32) for name in names}
    for time, step in enumerate(xs):
        y, *after = session.run(None, {"x": step, **states})
        states = dict(zip(names, after, strict=True))
        np.testing.assert_allclose(y, expected[time], atol=1e-6)


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "softmax", "tanh"])
def test_a_dense_layer_works_on_the_last_axis_of_any_rank(activation):
    rng = np.random.Generator(np.random.PCG64(4))
    kernel = rng.normal(size=(4, 3)).astype(np.float32)
    bias = rng.normal(size=3).astype(np.float32)
    x = rng.normal(size=(2, 5, 4)).astype(np.float32)
    graph = OnnxGraph("dense")
    name = graph.add_input("x", ("time", "batch", 4))
    graph.add_output("y", graph.dense(name, kernel, bias, activation), ("time", "batch", 3))
    (played,) = _session(graph).run(None, {"x": x})
    total = x @ kernel + bias
    exponentials = np.exp(total)
    expected = {
        "linear": total,
        "relu": np.maximum(total, 0),
        "sigmoid": 1 / (1 + np.exp(-total)),
        "softmax": exponentials / exponentials.sum(-1, keepdims=True),
        "tanh": np.tanh(total),
    }[activation]
    np.testing.assert_allclose(played, expected, atol=1e-5)


def test_the_operators_used_are_known_for_the_manifest():
    graph = _step_graph("gru", 2, 3, _random_weights("gru", 2, 3))
    assert graph.operators == ("GRU", "Gather", "Identity", "Squeeze", "Unsqueeze")


def test_the_same_graph_gives_the_same_bytes():
    made = [_step_graph("lstm", 2, 3, _random_weights("lstm", 2, 3)).to_bytes() for _ in "ab"]
    assert made[0] == made[1]


def test_an_old_style_gru_is_refused():
    kernel, recurrent_kernel, bias = _random_weights("gru", 2, 3)
    with pytest.raises(ValueError, match="reset_after"):
        recurrent_weights("gru", [kernel, recurrent_kernel, bias[0]])


def test_an_unknown_cell_or_activation_is_refused():
    with pytest.raises(ValueError, match="'rnn'"):
        recurrent_weights("rnn", [])
    with pytest.raises(ValueError, match="swish"):
        OnnxGraph("dense").dense(
            "x", np.ones((1, 1), np.float32), np.ones(1, np.float32), activation="swish"
        )


def test_the_wrong_number_of_states_is_refused():
    with pytest.raises(ValueError, match="2 states"):
        OnnxGraph("step").recurrent("lstm", "x", _random_weights("lstm", 2, 3), ["h"])


def test_an_unsound_graph_is_not_written(tmp_path):
    graph = OnnxGraph("loose")
    graph.node("Relu", ["nowhere"])
    with pytest.raises(onnx.checker.ValidationError):
        graph.save(tmp_path / "step.onnx")
    assert not (tmp_path / "step.onnx").exists()
