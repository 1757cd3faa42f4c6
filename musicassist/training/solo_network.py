"""The solo network in Keras: recurrent layers over steps, and a head for each factor of a note.

Reads top to bottom: the trunk turns step features into a hidden state a step; what follows the
stretch is heard backwards and told to every step; each head is told the factors drawn before it,
adds up its opinions, and mixes them with what the motif memory offers.

The network's outputs are nats: what each factor that was really played costs, -ln p. Training
lowers them; at run time `generation.solo_network` says whole distributions from the same weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from musicassist.generation.scheme import Head, Scheme
from musicassist.training.keras_import import import_keras

CELLS: Final = ("gru", "lstm")
FAR_BELOW: Final = -1e9


@dataclass(frozen=True, slots=True)
class NetworkSizes:
    """How large the network is.

    Attributes:
        cell: "gru" or "lstm".
        n_units: Width of each recurrent layer.
        n_layers: Recurrent layers.
        n_input_units: Width features are drawn together to before the first layer.
        n_after_units: Width of the layer that hears what follows.
        n_memory_units: Width of the motif memory's questions and answers.
        dropout: Share of units dropped between layers while training.
        input_dropout: Share of input units dropped while training.
        head_dropout: Share of each head's hidden units dropped while training.
    """

    cell: str = "gru"
    n_units: int = 256
    n_layers: int = 2
    n_input_units: int = 192
    n_after_units: int = 48
    n_memory_units: int = 32
    dropout: float = 0.4
    input_dropout: float = 0.1
    head_dropout: float = 0.1


def build_network(sizes: NetworkSizes, scheme: Scheme) -> Any:
    """Return the Keras model used for training.

    Inputs are a dict of arrays of shape (batch, steps, ...): `features`, every factor as drawn
    (int32); for a pitch `last_pitch` (a pitch) and `root` (0-12), int32; for each copy of a head
    `{factor}_{copy}_offer` and `_want`, int32: step j offers the motif memory a value, and step i
    finds what it drew again where an earlier offer equals its want. Negative ones match nothing.
    With `scheme.n_after`: `after` (batch, notes, n_after), latest note first, and `is_before`
    (batch, steps), float32, 1 where a step shall hear of it.
    Outputs are nats by factor, (batch, steps).
    """
    keras = import_keras()
    layers = keras.layers
    features = keras.Input((None, scheme.n_features), name="features")
    given: dict[str, Any] = {"features": features}
    for factor, head in scheme.heads.items():
        names = [factor, *(("last_pitch", "root") if head.n_pitches else ())]
        names += [f"{factor}_{copy}_{side}" for copy in head.copies for side in ("offer", "want")]
        given |= {name: keras.Input((None,), dtype="int32", name=name) for name in names}
    seen = layers.Dense(sizes.n_input_units, name="input")(features)
    if scheme.n_after:
        seen = _with_what_follows(sizes, scheme, seen, given)
    seen = layers.Dropout(sizes.input_dropout, name="input_dropout")(seen)
    layer_of = {"gru": layers.GRU, "lstm": layers.LSTM}[sizes.cell]
    hidden = seen
    for index in range(sizes.n_layers):
        hidden = layer_of(sizes.n_units, return_sequences=True, name=f"cell_{index}")(hidden)
        hidden = layers.Dropout(sizes.dropout, name=f"dropout_{index}")(hidden)
    nats = {factor: _head_nats(factor, scheme, sizes, hidden, given) for factor in scheme.heads}
    return keras.Model(given, nats)


def _with_what_follows(
    sizes: NetworkSizes, scheme: Scheme, seen: Any, given: dict[str, Any]
) -> Any:
    """Add what a layer hears of the notes that follow to the steps that shall know."""
    keras = import_keras()
    layers, ops = keras.layers, keras.ops
    given["after"] = keras.Input((None, scheme.n_after), name="after")
    given["is_before"] = keras.Input((None,), name="is_before")
    heard = layers.GRU(sizes.n_after_units, name="after_cell")(given["after"])
    told = layers.Dense(sizes.n_input_units, use_bias=False, name="after_input")(heard)
    return seen + ops.expand_dims(told, 1) * ops.expand_dims(given["is_before"], 2)


def _head_nats(
    factor: str, scheme: Scheme, sizes: NetworkSizes, hidden: Any, given: Mapping[str, Any]
) -> Any:
    """Return what the factor that was played costs by one head, (batch, steps)."""
    keras = import_keras()
    layers, ops = keras.layers, keras.ops
    head = scheme.heads[factor]
    thought = layers.Dense(head.n_units, name=f"{factor}_hidden")(hidden)
    for name in head.told:
        told = layers.Embedding(
            scheme.heads[name].n_classes, head.n_units, name=f"{factor}_given_{name}"
        )
        thought = thought + told(given[name])
    thought = layers.Dropout(sizes.head_dropout, name=f"{factor}_dropout")(ops.relu(thought))
    opinions = [
        layers.Dense(width, name=f"{factor}_{name}")(thought) for name, width in head.widths.items()
    ]
    shifts = [given["last_pitch"], given["root"]] if head.n_pitches else []
    costs = _opinion_costs()(head, name=f"{factor}_opinions")([given[factor], *opinions, *shifts])
    if not head.copies:
        return costs
    width = sizes.n_memory_units
    asked = [layers.Dense(width, name=f"{factor}_{copy}_ask")(thought) for copy in head.copies]
    kept = [layers.Dense(width, name=f"{factor}_{copy}_keep")(thought) for copy in head.copies]
    sides = [given[f"{factor}_{copy}_{side}"] for copy in head.copies for side in ("offer", "want")]
    own = layers.Dense(1, name=f"{factor}_own", bias_initializer="ones")(thought)
    return _memory_costs()(name=f"{factor}_memory")([costs, own, *asked, *kept, *sides])


@cache
def _opinion_costs() -> Any:
    """Return the layer class that adds up a head's opinions, made once Keras is there."""
    keras = import_keras()
    ops = keras.ops

    class OpinionCosts(keras.layers.Layer):  # type: ignore[misc, name-defined]
        """Adds up the opinions of a head and says what the class that was drawn costs."""

        def __init__(self, head: Head, **named: Any) -> None:
            super().__init__(**named)
            self.head = head

        def call(self, inputs: Any) -> Any:
            drawn, logits, *others = inputs
            if others:
                interval, degree, last_pitch, root = others
                intervals = ops.convert_to_tensor(self.head.interval_places().astype("int32"))
                degrees = ops.convert_to_tensor(self.head.degree_places().astype("int32"))
                logits = (
                    logits
                    + ops.take_along_axis(interval, ops.take(intervals, last_pitch, 0), axis=-1)
                    + ops.take_along_axis(degree, ops.take(degrees, root, 0), axis=-1)
                )
            picked = ops.take_along_axis(logits, ops.expand_dims(drawn, -1), axis=-1)
            return ops.logsumexp(logits, axis=-1) - ops.squeeze(picked, -1)

    return OpinionCosts


@cache
def _memory_costs() -> Any:
    """Return the layer class of the motif memory, made once Keras is there."""
    keras = import_keras()
    ops = keras.ops

    class MemoryCosts(keras.layers.Layer):  # type: ignore[misc, name-defined]
        """Mixes a head's own opinion with what was drawn at earlier, similar steps.

        One softmax goes over the head's own opinion and every earlier step's offer (a pointer with
        a sentinel, Merity et al. 2016), so the likelihoods of all classes still add up to one.
        """

        def call(self, inputs: Any) -> Any:
            costs, own, *others = inputs
            n_copies = len(others) // 4
            asked, kept = others[:n_copies], others[n_copies : 2 * n_copies]
            sides = others[2 * n_copies :]
            n_steps = ops.shape(costs)[1]
            steps = ops.arange(n_steps)
            is_earlier = ops.expand_dims(steps, 0) < ops.expand_dims(steps, 1)
            everything, found = [own], []
            for index in range(n_copies):
                offer, want = sides[2 * index], sides[2 * index + 1]
                scores = ops.matmul(asked[index], ops.swapaxes(kept[index], 1, 2))
                scores = scores / asked[index].shape[-1] ** 0.5
                is_offer = ops.expand_dims(offer, 1) >= 0
                scores = ops.where(is_earlier & is_offer, scores, FAR_BELOW)
                is_match = ops.expand_dims(offer, 1) == ops.expand_dims(want, 2)
                everything.append(scores)
                found.append(ops.where(is_match, scores, FAR_BELOW))
            whole = ops.logsumexp(ops.concatenate(everything, -1), axis=-1)
            copied = ops.logsumexp(ops.concatenate(found, -1), axis=-1)
            return whole - ops.logaddexp(ops.squeeze(own, -1) - costs, copied)

    return MemoryCosts
