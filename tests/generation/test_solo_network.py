"""The network at run time: what it says is whole distributions, and parts that do not fit fail."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from musicassist.errors import ModelError
from musicassist.generation.features import N_AFTER, SCHEME
from musicassist.generation.hearing import line_costs
from musicassist.generation.solo_network import SoloNetwork, log_shares, offered


class Other:
    """A session with one thing changed."""

    def __init__(self, session: Any, **changes: Any) -> None:
        self._session = session
        self.get_inputs, self.get_outputs = session.get_inputs, session.get_outputs
        self.run = session.run
        for name, change in changes.items():
            setattr(self, name, change)


def test_a_step_keeps_rows_apart_and_states_in_shape(make_network) -> None:
    network = make_network(1, "lstm")
    rng = np.random.Generator(np.random.PCG64(1))
    features = (rng.random((4, 3, SCHEME.n_features)) < 0.04).astype(np.float32)
    told = np.repeat(network.told_of(None), 3, axis=1)
    said, after = network.step(features, network.initial_states(3), told)
    assert set(said) == {f"{factor}_hidden" for factor in SCHEME.factors}
    assert set(after) == set(network.initial_states(3)) == {"state_0", "cell_0"}
    one, one_after = network.step(features[:, 1:2], network.initial_states(1), told[:, :1])
    for name, value in said.items():
        assert np.abs(value[:, 1:2] - one[name]).max() < 1e-5
    for name, state in after.items():
        assert np.abs(state[:, 1:2] - one_after[name]).max() < 1e-5


def test_what_follows_is_told_and_nothing_is_told_of_nothing(make_network) -> None:
    network = make_network(1)
    following = np.zeros((5, N_AFTER), np.float32)
    following[-1, 60] = 1
    assert (network.told_of(None) == 0).all()
    assert (network.told_of(following) != 0).any()
    assert network.told_of(following).shape == network.told_of(None).shape


def test_a_pitch_is_judged_by_three_opinions_added(make_network) -> None:
    network = make_network(7)
    head, tensors = SCHEME.heads["pitch"], network._tensors
    hidden = np.random.Generator(np.random.PCG64(1)).standard_normal((2, 128)).astype(np.float32)
    last, roots = np.array([60, -1]), np.array([5, 12])
    thought = network.think("pitch", hidden, {}, last, roots)
    said = np.maximum(hidden, 0) @ tensors["pitch_kernel"] + tensors["pitch_bias"]
    expected = (
        said[0, 64] + said[0, 128 + 24 + 4] + said[0, 128 + head.widths["interval"] + (64 - 5) % 12]
    )
    assert abs(thought.logits[0, 64] - expected) < 1e-4
    over_none = said[1, 70] + said[1, 128 + 48] + said[1, 128 + head.widths["interval"] + 12]
    assert abs(thought.logits[1, 70] - over_none) < 1e-4


def test_a_head_hears_what_was_drawn_before_it(make_network) -> None:
    network = make_network(1)
    hidden = np.zeros((1, 64), np.float32)
    here = np.array([60]), np.array([0])
    drawn = [{"pitch": np.array([pitch]), "length": np.array([4])} for pitch in (60, 61)]
    said = [network.think("beats", hidden, each, *here).logits for each in drawn]
    assert (said[0] != said[1]).any()


def test_what_a_line_costs_is_what_its_classes_are_worth(make_network, make_line, blues) -> None:
    """All classes of the last note's pitch together cost what a certainty costs: nothing."""
    network, line = make_network(4, "gru", 1.5), make_line(12)
    likelihood = 0.0
    for pitch in range(128):
        line.pitches[-1] = pitch
        likelihood += np.exp(-line_costs(network, line, blues)["pitch"][-1])
    assert likelihood == pytest.approx(1, abs=1e-4)


def test_shares_add_up_however_large_the_logits() -> None:
    logits = np.array([[1000.0, 999.0, -1e9], [-5.0, -5.0, -5.0]], np.float32)
    assert np.allclose(np.exp(log_shares(logits)).sum(axis=1), 1)
    assert offered("same", np.array([64]), np.array([60])).tolist() == [64]
    assert offered("interval", np.array([64]), np.array([60])).tolist() == [260]


def damaged(network: SoloNetwork, damage: str) -> tuple[Any, dict[str, Any], Any]:
    session, tensors = network._session, dict(network._tensors)
    after = network._after
    run = session.run
    if damage == "a table is missing":
        del tensors["micro_bias"]
    elif damage == "text for numbers":
        tensors["sub_bias"] = np.array(["no", "numbers"])
    elif damage == "not a number":
        tensors["sub_bias"] = np.full_like(tensors["sub_bias"], np.nan)
    elif damage == "a narrow head":
        tensors["length_kernel"] = tensors["length_kernel"][:5]
        tensors["length_given_pitch"] = tensors["length_given_pitch"][:, :5]
    elif damage == "half a memory":
        for name in ("pitch_kernel", "pitch_bias"):
            tensors[name] = tensors[name][..., :-1]
    elif damage == "no memory":
        n_columns = sum(SCHEME.heads["pitch"].widths.values()) + 1
        for name in ("pitch_kernel", "pitch_bias"):
            tensors[name] = tensors[name][..., :n_columns]
    elif damage == "states of another size":
        session = Other(
            session,
            run=lambda names, values: [
                value[:, :, :3] if name.endswith("_after") else value
                for name, value in zip(names, run(names, values), strict=True)
            ],
        )
    elif damage == "says no numbers":
        session = Other(
            session, run=lambda names, values: [value * np.nan for value in run(names, values)]
        )
    elif damage == "no end of states":
        inputs = [*session.get_inputs(), SimpleNamespace(name="more", shape=[1, 1, 1 << 30])]
        session = Other(session, get_inputs=lambda: inputs)
    elif damage == "other features":
        inputs = [
            SimpleNamespace(
                name=each.name, shape=[1, 1, each.shape[-1] + (each.name == "features")]
            )
            for each in session.get_inputs()
        ]
        session = Other(session, get_inputs=lambda: inputs)
    else:
        assert damage == "what follows is told too long"
        after = SimpleNamespace(run=lambda *_: [np.zeros((1, 1, 999), np.float32)])
    return session, tensors, after


@pytest.mark.parametrize(
    "damage",
    [
        "a table is missing",
        "text for numbers",
        "not a number",
        "a narrow head",
        "half a memory",
        "no memory",
        "states of another size",
        "says no numbers",
        "no end of states",
        "other features",
        "what follows is told too long",
    ],
)
def test_parts_that_do_not_fit_together_are_refused(make_network, damage: str) -> None:
    session, tensors, after = damaged(make_network(1), damage)
    with pytest.raises(ModelError, match="do not fit together"):
        SoloNetwork(session, tensors, SCHEME, after)


def test_parts_that_fit_are_taken(make_network) -> None:
    network = make_network(1)
    again = SoloNetwork(network._session, network._tensors, SCHEME, network._after)
    assert again.initial_states(2).keys() == network.initial_states(2).keys()
