"""The nine features of a passage, each on music whose values are known by hand."""

import numpy as np
import pytest

from musicassist.evaluation.likeness import (
    FEATURES,
    LENGTH_CLASSES,
    features_of,
    length_values,
    likeness,
    transitions,
)
from musicassist.evaluation.passages import cut_passages
from tests.evaluation.made_up import make_line, make_passage, walking_piece


def test_every_feature_of_a_small_phrase() -> None:
    line = make_line([0, 24, 36, 60], [60, 64, 60, 72], lengths=[24, 12, 24, 48])
    found = {name: rows[0] for name, rows in features_of([make_passage(line)]).items()}
    assert set(found) == set(FEATURES)
    assert found["used_pitches"].tolist() == [3]
    assert found["pitch_range"].tolist() == [12]
    assert found["mean_interval"].tolist() == [pytest.approx((4 + 4 + 12) / 3)]
    assert found["note_count"].tolist() == [4]
    assert found["mean_inter_onset"].tolist() == [pytest.approx(2.5 / 3)]
    histogram = found["pitch_class_histogram"]
    assert histogram[0] == pytest.approx(96 / 108)
    assert histogram[4] == pytest.approx(12 / 108)
    moves = found["pitch_class_transitions"].reshape(12, 12)
    assert (moves[0, 4], moves[4, 0], moves[0, 0], moves.sum()) == (1, 1, 1, 3)
    lengths = dict(zip(LENGTH_CLASSES.tolist(), found["length_histogram"], strict=True))
    assert (lengths[24], lengths[12], lengths[48]) == (0.5, 0.25, 0.25)
    steps = found["length_transitions"].reshape(13, 13)
    at = {value: index for index, value in enumerate(LENGTH_CLASSES.tolist())}
    assert (steps[at[24], at[12]], steps[at[12], at[24]], steps[at[24], at[48]]) == (1, 1, 1)


def test_a_silent_answer_has_features_too() -> None:
    rows = features_of([make_passage(make_line([], []))])
    assert all(np.isfinite(each).all() and each.sum() == 0 for each in rows.values())


def test_there_are_thirteen_note_values_and_each_is_its_own() -> None:
    assert len(LENGTH_CLASSES) == 13
    assert length_values(LENGTH_CLASSES).tolist() == list(range(13))
    assert length_values(np.array([1, 5, 13, 192])).tolist() == [0, 1, 4, 12]


def test_transitions_are_counted_in_order() -> None:
    counts = transitions(np.array([0, 1, 1, 2]), 3)
    assert counts.tolist() == [[0, 1, 0], [0, 1, 1], [0, 0, 0]]
    assert transitions(np.array([], np.int64), 2).sum() == 0


def test_one_kind_of_music_is_likelier_than_another() -> None:
    humans = cut_passages([walking_piece(number) for number in range(8)])
    alike = cut_passages([walking_piece(number) for number in range(20, 28)])
    quick = [
        make_passage(make_line(range(0, 8 * 96, 4), [90, 40] * 96, 4), piece=each.piece)
        for each in humans
    ]
    same, other = likeness(humans, alike, 8), likeness(humans, quick)
    assert np.mean([area.value for area in same.values()]) > 0.85
    assert np.mean([area.value for area in other.values()]) < 0.2
    assert all(same[name].value > other[name].value for name in FEATURES)
