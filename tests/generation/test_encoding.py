"""The encoding of the solo recipe: exact on the grid, the same in every key."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.encoding import (
    FURTHEST_MICRO,
    LENGTHS,
    STEPS_PER_BEAT,
    TICKS_PER_MICRO,
    TICKS_PER_STEP,
    UNKNOWN,
    Setting,
    gap_factors,
    length_classes,
    line_from_ticks,
    micro_classes,
    strictly_rising,
)
from musicassist.generation.scheme import NO_ROOT
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

onset_lists = st.lists(st.integers(0, 16 * TICKS_PER_BEAT), min_size=1, max_size=40, unique=True)


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


def test_a_setting_knows_the_chord_at_every_step() -> None:
    setting = blues_in_f()
    bar = 4 * STEPS_PER_BEAT
    places = np.array([-1, 0, bar - 1, bar, 3 * bar, 50 * bar])
    assert setting.roots_at(places).tolist() == [NO_ROOT, 5, 5, 10, 0, 0]
    assert setting.chord_index_at(places).tolist() == [-1, 0, 0, 1, 3, 3]
    assert np.flatnonzero(setting.chords_at(places)[3]).tolist() == [2, 5, 8, 10]
    assert not setting.chords_at(places)[0].any()


def test_nothing_known_is_a_setting_too() -> None:
    setting = Setting.of(None, None)
    places = np.array([0, 1_000])
    assert setting.roots_at(places).tolist() == [NO_ROOT, NO_ROOT]
    assert not setting.chords_at(places).any()
    assert (setting.tonic, setting.style) == (UNKNOWN, UNKNOWN)
    assert not setting.scale.any()


def test_a_chord_said_again_while_it_sounds_is_no_change() -> None:
    said_often = Setting.of(parse_progression("Fm Fm | Fm | Db Db", Timebase()), None)
    said_once = Setting.of(parse_progression("Fm | Fm | Db", Timebase()), None)
    for name in ("changes", "roots", "chords"):
        assert (getattr(said_often, name) == getattr(said_once, name)).all()
    assert said_once.roots.tolist() == [5, 1]


@given(st.integers(-11, 11), st.integers(0, 400))
def test_a_transposed_setting_is_the_same_music_in_another_key(semitones: int, step: int) -> None:
    setting = blues_in_f()
    moved = setting.transposed(semitones)
    places = np.array([step])
    assert moved.roots_at(places) == (setting.roots_at(places) + semitones) % 12
    assert (moved.chords_at(places) == np.roll(setting.chords_at(places), semitones, axis=1)).all()
    back = moved.transposed(-semitones)
    assert back.tonic == setting.tonic
    for name in ("changes", "roots", "chords", "scale"):
        assert (getattr(back, name) == getattr(setting, name)).all()


def test_no_chord_and_no_key_stay_so_in_every_key() -> None:
    setting = Setting.of(parse_progression("NC", Timebase()), None).transposed(3)
    assert setting.roots.tolist() == [NO_ROOT]
    assert setting.tonic == UNKNOWN
