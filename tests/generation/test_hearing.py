"""Hearing: all at once is note by note, and nothing is known before it was played."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.generation.encoding import UNKNOWN, Line, gap_factors
from musicassist.generation.features import Hints, LastNotes, looked_back, step_features
from musicassist.generation.hearing import hear, line_costs
from musicassist.generation.memory import NO_INTERVAL, NOTHING


def part_of(line: Line, n_notes: int) -> Line:
    return Line(*(getattr(line, name)[:n_notes] for name in Line.__slots__))


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_hearing_at_once_is_hearing_note_by_note(make_network, make_line, blues, cell) -> None:
    network, line = make_network(2, cell), make_line(60)
    heard = hear(network, line, blues)
    states = network.initial_states(1)
    backs = looked_back(line, blues)
    kept = []
    for index in range(60):
        before = max(index - 1, 0)
        last = LastNotes(
            np.array([line.pitches[before] if index else UNKNOWN]),
            *(column[before : before + 1] for column in (line.lengths, line.micros, line.onsets)),
        )
        none = Hints.none(1)
        hints = Hints(backs[index : index + 1], none.goals, none.kinds, none.levels)
        onset = line.onsets[index : index + 1]
        features = step_features(last, onset, blues, hints)
        said, states = network.step(features[None], states, network.told_of(None))
        drawn = {"pitch": line.pitches[index : index + 1]}
        thought = network.think(
            "pitch", said["pitch_hidden"][0], drawn, last.pitches, blues.roots_at(onset)
        )
        kept.append(thought.kept[:, 0])
    for name, value in said.items():
        assert np.abs(value[0] - heard.said[name]).max() < 1e-5
    for name, state in states.items():
        assert np.abs(state - heard.states[name]).max() < 1e-5
    assert np.abs(np.stack(kept, axis=1) - heard.kept["pitch"][:, 0]).max() < 1e-5


def test_what_is_offered_is_what_was_played(make_network, blues) -> None:
    line = Line(*(np.array(each) for each in ([0, 12, 40], [60, 64, 62], [5, 5, 5], [24, 24, 24])))
    heard = hear(make_network(), line, blues)
    assert heard.offers["pitch"]["same"].tolist() == [[60, 64, 62]]
    intervals = [[NOTHING, NO_INTERVAL + 4, NO_INTERVAL - 2]]
    assert heard.offers["pitch"]["interval"].tolist() == intervals
    # What lies after the last note is not known yet.
    assert heard.offers["beats"]["same"].tolist() == [[0, 1]]
    assert heard.offers["sub"]["same"].tolist() == [[12, 16]]
    assert {name: kept.shape[2] for name, kept in heard.kept.items()} == {
        "pitch": 3,
        "beats": 2,
        "sub": 2,
    }


def test_one_note_can_be_heard(make_network, make_line, blues) -> None:
    heard = hear(make_network(), make_line(1), blues)
    assert heard.kept["beats"].shape[2] == 0
    memories = heard.memories(make_network(), 3)
    assert set(memories) == {"pitch", "beats", "sub"}
    assert np.isfinite(line_costs(make_network(), make_line(1), blues)["note"]).all()


def test_gaps_beyond_the_furthest_count_as_the_furthest(make_network, blues) -> None:
    onsets = np.array([0, 24 * 400])
    line = Line(onsets, np.array([60, 61]), np.array([5, 5]), np.array([24, 24]))
    assert hear(make_network(), line, blues).offers["beats"]["same"].tolist() == [[16]]
    assert gap_factors(onsets[:1], onsets[1:])[0].tolist() == [16]


@settings(max_examples=25)
@given(st.integers(1, 39), st.integers(0, 30), st.sampled_from(["gru", "lstm"]))
def test_notes_added_change_nothing_of_what_those_before_cost(
    make_network, make_line, blues, n_notes: int, seed: int, cell: str
) -> None:
    network, line = make_network(3, cell, 2.0), make_line(40, seed)
    whole = line_costs(network, line, blues)
    part = line_costs(network, part_of(line, n_notes), blues)
    for factor in ("pitch", "length", "micro"):
        assert np.abs(whole[factor][:n_notes] - part[factor]).max() < 1e-4
    for factor in ("beats", "sub"):
        assert np.abs(whole[factor][: n_notes - 1] - part[factor][:-1]).max(initial=0) < 1e-4
        assert part[factor][-1] == 0


def test_a_note_costs_what_its_factors_cost(make_network, make_line, blues) -> None:
    costs = line_costs(make_network(), make_line(20), blues)
    factors = [costs[name] for name in ("pitch", "length", "micro", "beats", "sub")]
    assert np.allclose(costs["note"], np.sum(factors, axis=0))
    assert all((each >= 0).all() for each in factors)
    assert costs["pitch"].sum() > 0


def test_unknown_micro_timing_costs_nothing_and_is_not_seen(make_network, make_line, blues) -> None:
    line = make_line(20)
    line.micros[:] = UNKNOWN
    costs = line_costs(make_network(), line, blues)
    assert (costs["micro"] == 0).all()
    assert np.isfinite(costs["note"]).all()
