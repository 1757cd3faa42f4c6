"""The solo network in Keras: recurrent layers over steps, and a head for each factor of a note.

Reads top to bottom: the trunk turns step features into a hidden state a note; the pitch head adds
three opinions (absolute pitch, interval from the last note, degree of the coming chord: a product
of experts after Johnson and Keller); each other head is told the factors drawn before it.
"""

from dataclasses import dataclass
from typing import Any, Final

from musicassist.generation.encoding import (
    HEADS,
    N_CLASSES,
    N_FEATURES,
)
from musicassist.generation.solo_network import PITCH_EXPERTS, degree_places, interval_places
from musicassist.training.keras_import import import_keras

CELLS: Final = ("gru", "lstm")


@dataclass(frozen=True, slots=True)
class NetworkSizes:
    """How large the network is.

    Attributes:
        cell: "gru" or "lstm".
        n_units: Width of each recurrent layer.
        n_layers: Recurrent layers.
        n_head_units: Width of the hidden layer of each head after the pitch.
        dropout: Share of units dropped between layers while training.
    """

    cell: str = "gru"
    n_units: int = 256
    n_layers: int = 2
    n_head_units: int = 64
    dropout: float = 0.45


def build_network(sizes: NetworkSizes) -> Any:
    """Return the Keras model used for training.

    Inputs are dicts of arrays of shape (batch, steps, ...): `features` (`N_FEATURES`), and int32
    `last_pitch`, `root`, and every factor but the last, as drawn. Outputs are logits by factor.
    """
    keras = import_keras()
    layers, ops = keras.layers, keras.ops
    features = keras.Input((None, N_FEATURES), name="features")
    given = {
        name: keras.Input((None,), dtype="int32", name=name)
        for name in ("last_pitch", "root", "pitch", "length", "beats")
    }
    layer_of = {"gru": layers.GRU, "lstm": layers.LSTM}[sizes.cell]
    hidden = features
    for index in range(sizes.n_layers):
        hidden = layer_of(sizes.n_units, return_sequences=True, name=f"cell_{index}")(hidden)
        hidden = layers.Dropout(sizes.dropout, name=f"dropout_{index}")(hidden)

    experts = {
        name: layers.Dense(n_classes, name=f"pitch_{name}")(hidden)
        for name, n_classes in PITCH_EXPERTS.items()
    }

    class PitchExperts(layers.Layer):  # type: ignore[misc, name-defined]
        """Adds what the experts say of every pitch."""

        def call(
            self, absolute: Any, interval: Any, degree: Any, last_pitch: Any, root: Any
        ) -> Any:
            intervals = ops.take(interval_places().astype("int32"), last_pitch, axis=0)
            degrees = ops.take(degree_places().astype("int32"), root, axis=0)
            return (
                absolute
                + ops.take_along_axis(interval, intervals, axis=-1)
                + ops.take_along_axis(degree, degrees, axis=-1)
            )

    logits = {
        "pitch": PitchExperts(name="pitch_logits")(
            *experts.values(), given["last_pitch"], given["root"]
        )
    }
    for head, conditions in HEADS.items():
        drawn = layers.Dense(sizes.n_head_units, name=f"{head}_hidden")(hidden)
        for name in conditions:
            told = layers.Embedding(
                N_CLASSES[name], sizes.n_head_units, name=f"{head}_given_{name}"
            )(given[name])
            drawn = layers.Add()([drawn, told])
        drawn = layers.Activation("relu")(drawn)
        logits[head] = layers.Dense(N_CLASSES[head], name=f"{head}_logits")(drawn)
    return keras.Model({"features": features, **given}, logits)
