"""Drift in long lines, and playing on."""

import numpy as np
import pytest

from musicassist.evaluation.answers import Wishes
from musicassist.evaluation.stamina import (
    LONGEST_NOTES,
    WINDOW_NOTES,
    drift,
    looped,
    play_on,
    slope,
    window_measures,
    windows_of,
)
from tests.evaluation.made_up import BAR, Walker, make_line, make_setting, walking_piece


def test_slopes_are_told_a_thousand_notes() -> None:
    a_thousand = 1000 / WINDOW_NOTES
    assert slope([1.0, 2.0, 3.0, 4.0]) == pytest.approx(a_thousand)
    assert slope([5.0, 5.0, 5.0]) == 0.0
    assert slope([1.0, float("nan"), 3.0]) == pytest.approx(a_thousand)
    assert np.isnan(slope([1.0]))


def test_windows_are_whole() -> None:
    line = make_line(range(0, 150 * 12, 12), [60] * 150)
    windows = windows_of(line)
    assert [len(each.onsets) for each in windows] == [64, 64]
    assert windows[1].onsets[0] == 64 * 12


def test_the_measures_of_a_window_by_hand() -> None:
    line = make_line(range(0, 64 * 12, 12), [60, 64, 67, 72] * 16)
    found = window_measures(line, make_setting("C", "C"))
    assert found["density"] == pytest.approx(8, rel=0.02)
    assert (found["chord_tones"], found["key_scale"]) == (1.0, 1.0)
    assert (found["used_pitches"], found["pitch_range"]) == (4, 12)
    assert found["median_pitch"] == 65.5
    assert found["pitch_class_entropy"] == pytest.approx(1.5)
    assert found["length_entropy"] == 0.0
    assert found["groove"] == 1.0
    assert found["repetition"] == pytest.approx(1 - 4 / 61)


def test_a_line_that_gets_busier_and_higher_drifts_and_a_steady_one_does_not() -> None:
    steady = make_line(range(0, 640 * 12, 12), [60, 62, 64, 62] * 160)
    gaps = np.repeat([24, 18, 12, 8, 6], 64)
    rising = make_line(np.cumsum(gaps), 50 + np.arange(320) // 16)
    setting = make_setting("C", "C")
    (still,) = drift([(0, steady, setting)])["density"].of_passages
    assert still == pytest.approx(0, abs=0.05)
    found = drift([(1, rising, setting)])
    assert found["density"].value > 10
    assert found["median_pitch"].value > 10
    assert drift([(0, make_line([0, 12], [60, 62]), setting)]) == {}


def test_chords_come_again_and_again() -> None:
    setting = make_setting("C | F | G7", "C")
    whole = looped(setting, BAR, 3 * BAR, 8 * BAR)
    assert whole.changes.tolist() == [bar * BAR for bar in range(8)]
    assert whole.roots.tolist() == [5, 7, 0, 5, 7, 0, 5, 7]


def test_a_soloist_plays_on_for_two_thousand_notes_over_the_piece() -> None:
    pieces = [walking_piece(1, 12), walking_piece(2, 12)]
    told = []
    lines = play_on(Walker(), pieces, Wishes(), lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    for index, (piece, line, setting) in enumerate(lines):
        assert piece == index
        assert len(line.onsets) == LONGEST_NOTES
        assert (np.diff(line.onsets) > 0).all()
        assert setting.changes[-1] > line.onsets[-1] - BAR
