"""The encoding of the solo recipe: exact on the grid, the same in every key."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.encoding import (
    FURTHEST_MICRO,
    LENGTHS,
    N_FEATURES,
    STEPS_PER_BEAT,
    TICKS_PER_MICRO,
    TICKS_PER_STEP,
    UNKNOWN,
    LastNotes,
    Setting,
    gap_factors,
    length_classes,
    line_from_ticks,
    micro_classes,
    step_features,
    strictly_rising,
)
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

onset_lists = st.lists(st.integers(0, 16 * TICKS_PER_BEAT), min_size=1, max_size=40, unique=True)


def one_row(pitch: int, onset: int) -> LastNotes:
    return LastNotes(*(np.array([value]) for value in (pitch, 3, FURTHEST_MICRO, onset)))


def blues_in_f() -> Setting:
    progression = parse_progression("F7 | Bb7 | F7 | C7", Timebase())
    return Setting.of(progression, Key.parse("F"))


def test_every_common_note_value_is_a_length_of_its_own() -> None:
    common = np.array([3, 4, 6, 8, 9, 12, 16, 18, 24, 36, 48, 72, 96])
    assert (LENGTHS[length_classes(common)] == common).all()


@given(st.floats(0.01, 5000))
def test_a_length_class_is_never_off_by_more_than_a_third(steps: float) -> None:
    nearest = LENGTHS[length_classes(np.array([steps]))][0]
    assert steps < 1 or steps > 192 or 0.7 < nearest / steps < 1.42


@given(onset_lists)
def test_onsets_rise_strictly_whatever_was_played(onsets: list[int]) -> None:
    rising = strictly_rising(np.sort(np.array(onsets) // 100))
    assert (np.diff(rising) > 0).all()


@given(onset_lists)
def test_grid_and_micro_timing_together_give_back_what_was_played(onsets: list[int]) -> None:
    onsets = sorted(onsets)
    onsets = [onsets[0], *(b for a, b in pairwise(onsets) if b - a >= 100)]
    line = line_from_ticks(onsets, [100] * len(onsets), [60] * len(onsets))
    back = line.onsets * TICKS_PER_STEP + (line.micros - FURTHEST_MICRO) * TICKS_PER_MICRO
    # Half a micro step, and what a beat's end adds where two notes were pushed apart.
    assert np.abs(back[: len(onsets)] - onsets).max() <= TICKS_PER_MICRO / 2 + TICKS_PER_STEP


def test_triplets_and_sixteenths_played_a_little_late_land_on_their_places() -> None:
    sixteenths = [0, 125, 246, 368]
    triplets = [480, 645, 806]
    line = line_from_ticks(sixteenths + triplets, [100] * 7, [60] * 7)
    assert line.onsets.tolist() == [0, 6, 12, 18, 24, 32, 40]
    assert (line.micros >= FURTHEST_MICRO).all()


@given(st.integers(0, 500), st.integers(1, 300))
def test_a_gap_is_told_by_beats_crossed_and_place_reached(onset: int, gap: int) -> None:
    beats, sub = gap_factors(np.array([onset]), np.array([onset + gap]))
    reached = (onset // STEPS_PER_BEAT + beats[0]) * STEPS_PER_BEAT + sub[0]
    assert reached == onset + gap


def test_micro_timing_beyond_the_furthest_counts_as_the_furthest() -> None:
    assert micro_classes(np.array([-99.0, 0.0, 99.0])).tolist() == [
        0,
        FURTHEST_MICRO,
        2 * FURTHEST_MICRO,
    ]


def test_a_step_sees_the_chord_at_the_note_to_come_and_the_next_one() -> None:
    setting = blues_in_f()
    bar = 4 * STEPS_PER_BEAT
    assert setting.roots_at(np.array([0, bar - 1, bar, 3 * bar])).tolist() == [5, 5, 10, 0]
    before, after = (
        step_features(one_row(60, place - 6), np.array([place]), setting)[0]
        for place in (bar - 6, bar)
    )
    assert (before != after).any()


def test_features_are_zeros_and_ones_of_the_declared_width() -> None:
    features = step_features(one_row(60, 0), np.array([7]), blues_in_f())
    assert features.shape == (1, N_FEATURES)
    assert set(np.unique(features)) == {0.0, 1.0}


def test_before_the_first_note_nothing_of_a_last_note_is_told() -> None:
    setting = Setting.of(None, None)
    unknown = step_features(one_row(UNKNOWN, 0), np.array([0]), setting)
    other = step_features(one_row(UNKNOWN, 17), np.array([0]), setting)
    assert (unknown == other).all()
    assert unknown.sum() < step_features(one_row(60, 0), np.array([6]), setting).sum()


@given(st.integers(-11, 11), st.integers(30, 90))
def test_what_is_relative_to_the_chord_stays_when_everything_moves_up(
    semitones: int, pitch: int
) -> None:
    setting = blues_in_f()
    onset = np.array([100])
    here = step_features(one_row(pitch, 90), onset, setting)[0]
    there = step_features(one_row(pitch + semitones, 90), onset, setting.transposed(semitones))[0]
    assert here.sum() == there.sum()
    back = step_features(
        one_row(pitch, 90), onset, setting.transposed(semitones).transposed(-semitones)
    )[0]
    assert (back == here).all()


def test_seven_eight_bars_are_three_and_a_half_beats() -> None:
    setting = replace(Setting.of(None, None), beats_a_bar=3.5)
    first, second = (
        step_features(one_row(60, start), np.array([start + 24]), setting)[0]
        for start in (0, 2 * 84)
    )
    assert (first == second).all()
    other = step_features(one_row(60, 72), np.array([72 + 24]), setting)[0]
    assert (first != other).any()
