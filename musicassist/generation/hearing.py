"""Hearing a line: what the network makes of notes already played, all of them in one call."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import UNKNOWN, Floats, Ints, Line, Setting, gap_factors
from musicassist.generation.features import (
    Hints,
    LastNotes,
    looked_back,
    step_features,
)
from musicassist.generation.memory import MotifMemory
from musicassist.generation.solo_network import Said, SoloNetwork, States, offered


@dataclass(frozen=True, slots=True)
class Heard:
    """A line the network has heard, and what it thinks at its end.

    Attributes:
        line: The notes; at least one.
        said: What the heads need after the last note, by name; float32, shape (1, units).
        states: The network's states there, of one row.
        kept: What each head's memory keeps, float32, shape (copies, 1, steps, width).
        offers: What each copy offers at those steps, by factor and copy; int64, (1, steps).
    """

    line: Line
    said: Said
    states: States
    kept: dict[str, Floats]
    offers: dict[str, dict[str, Ints]]

    def memories(self, network: SoloNetwork, n_rows: int) -> dict[str, MotifMemory]:
        """Return memories of lines that all go on from here."""
        memories = network.memories(n_rows)
        for factor, memory in memories.items():
            memory.keep(self.kept[factor], self.offers[factor])
        return memories


@np.errstate(over="ignore", invalid="ignore")  # whoever plays on from here finds out
def hear(network: SoloNetwork, line: Line, setting: Setting) -> Heard:
    """Let a network hear a line of at least one note."""
    said, states, drawn, last_pitches, roots = _listened(network, line, setting)
    kept, offers = {}, {}
    for factor, head in network.scheme.heads.items():
        if not head.copies:
            continue
        thought = network.think(factor, said[f"{factor}_hidden"][:, 0], drawn, last_pitches, roots)
        # What lies after the last note is not known yet.
        n_known = len(line.onsets) - (factor in ("beats", "sub"))
        kept[factor] = thought.kept[:, None, :n_known]
        offers[factor] = {
            copy: offered(copy, drawn[factor], last_pitches)[None, :n_known] for copy in head.copies
        }
    at_end = {name: value[-1] for name, value in said.items()}
    return Heard(line, at_end, states, kept, offers)


def line_costs(
    network: SoloNetwork, line: Line, setting: Setting
) -> dict[str, NDArray[np.float64]]:
    """Return what each factor of every note of a line cost, -ln p, and `note`, their sum.

    What lies after the last note is not known and costs nothing; unknown micro-timing neither.

    Returns:
        float64, shape (n,), by factor.
    """
    said, _, drawn, last_pitches, roots = _listened(network, line, setting)
    costs = network.line_costs(said, drawn, last_pitches, roots)
    for factor in ("beats", "sub"):
        costs[factor][-1] = 0
    costs["micro"][line.micros == UNKNOWN] = 0
    return costs | {"note": np.sum(list(costs.values()), axis=0)}


def _listened(
    network: SoloNetwork, line: Line, setting: Setting
) -> tuple[Said, States, dict[str, Ints], Ints, Ints]:
    """Return what the network says at every note, its last states, and what the notes are."""
    n_notes = len(line.onsets)
    before = np.maximum(np.arange(n_notes) - 1, 0)
    known = np.arange(n_notes) > 0
    last = LastNotes(
        np.where(known, line.pitches[before], UNKNOWN),
        line.lengths[before],
        line.micros[before],
        line.onsets[before],
    )
    none = Hints.none(n_notes)
    hints = Hints(looked_back(line, setting), none.goals, none.kinds, none.levels)
    features = step_features(last, line.onsets, setting, hints)
    said, states = network.step(features[:, None], network.initial_states(1), network.told_of(None))
    beats, subs = gap_factors(line.onsets, np.append(line.onsets[1:], line.onsets[-1]))
    drawn = {
        "pitch": line.pitches,
        "length": line.lengths,
        "micro": np.maximum(line.micros, 0),
        "beats": beats,
        "sub": subs,
    }
    return said, states, drawn, last.pitches, setting.roots_at(line.onsets)
