"""What a step sees: one lit place a block, the past and the wishes where they are known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation import features
from musicassist.generation.encoding import FURTHEST_MICRO, UNKNOWN, Floats, Line, Setting
from musicassist.generation.features import (
    CLOSES,
    FURTHEST_BACK,
    LEADS_ON,
    N_AFTER,
    N_FEATURES,
    N_FOLLOWING,
    NOTHING_THERE,
    Hints,
    LastNotes,
    back_classes,
    following_features,
    looked_back,
    step_features,
)
from musicassist.music.chords import parse_progression
from musicassist.music.keys import Key
from musicassist.music.manner import QUALITIES, STYLES
from musicassist.music.timebase import Timebase

BAR = 96


def one_row(pitch: int, onset: int) -> LastNotes:
    return LastNotes(*(np.array([value]) for value in (pitch, 3, FURTHEST_MICRO, onset)))


def seen(
    pitch: int, onset: int, coming: int, setting: Setting, hints: Hints | None = None
) -> Floats:
    row = step_features(one_row(pitch, onset), np.array([coming]), setting, hints or Hints.none(1))
    return row[0]


def lit(row: Floats) -> dict[str, int]:
    """Return the lit place of each block that has one; more than one is an error."""
    found = {}
    for name, size in features._ONE_OF:
        start = features._OFFSET[name]
        places = np.flatnonzero(row[start : start + size])
        assert len(places) <= 1, name
        if len(places):
            found[name] = int(places[0])
    return found


def pitch_classes(row: Floats, name: str) -> set[int]:
    start = features._OFFSET[name]
    return set(np.flatnonzero(row[start : start + 12]).tolist())


def blues_in_f() -> Setting:
    progression = parse_progression("F7 | Bb7 | F7 | C7", Timebase())
    return Setting.of(progression, Key.parse("F"), style=STYLES.index("rock"))


def line_of(notes: dict[int, int]) -> Line:
    onsets, pitches = np.array(list(notes)), np.array(list(notes.values()))
    return Line(onsets, pitches, np.full(len(notes), 3), np.full(len(notes), FURTHEST_MICRO))


def test_a_step_sees_exactly_this() -> None:
    levels = np.full((1, len(QUALITIES)), UNKNOWN)
    levels[0, QUALITIES.index("leaps")] = 5
    backs = np.array([[FURTHEST_BACK + 3, NOTHING_THERE, UNKNOWN, 0]])
    hints = Hints(backs, np.array([2 * BAR]), np.array([LEADS_ON]), levels)
    row = seen(57, 54, 78, blues_in_f(), hints)
    assert lit(row) == {
        "last_pitch": 57,
        "last_length": 3,
        "last_micro": FURTHEST_MICRO,
        "last_sub": 6,
        "beats": 1,
        "sub": 6,
        "beat_in_bar": 3,
        "beats_a_bar": 3,
        "root": 5,
        "next_root": 10,
        "change": 2,  # 18 steps: more than 12, at most 24
        "last_degree": 4,
        "tonic": 5,
        "style": STYLES.index("rock"),
        "to_goal": 8,  # 114 steps: more than 96, at most 144
        "goal": LEADS_ON,
        "back_1": FURTHEST_BACK + 3,
        "back_2": NOTHING_THERE,
        "back_8": 0,
        "leaps": 5,
    }
    assert pitch_classes(row, "chord") == {5, 9, 0, 3}
    assert pitch_classes(row, "next_chord") == {10, 2, 5, 8}
    assert pitch_classes(row, "scale") == set(Key.parse("F").pitch_classes)


def test_nobody_knows_anything_and_only_places_are_lit() -> None:
    row = seen(UNKNOWN, 0, 30, Setting.of(None, None))
    assert set(lit(row)) == {
        "sub",
        "beat_in_bar",
        "beats_a_bar",
        "root",
        "next_root",
        "change",
    }
    assert row.sum() == 6


@given(
    st.integers(-1, 127),
    st.integers(0, 2000),
    st.integers(1, 900),
    st.sampled_from([0.5, 3.0, 3.5, 4.0, 5.0, 11.0]),
    st.integers(0, 200),
)
def test_features_are_zeros_and_ones_with_at_most_one_lit_a_block(
    pitch: int, onset: int, gap: int, beats_a_bar: float, origin: int
) -> None:
    setting = replace(blues_in_f(), beats_a_bar=beats_a_bar, bar_origin=origin)
    hints = Hints(
        np.array([[0, 25, 24, UNKNOWN]]),
        np.array([onset + gap + 1]),
        np.array([CLOSES]),
        np.full((1, 8), 6),
    )
    row = seen(pitch, onset, onset + gap, setting, hints)
    assert row.shape == (N_FEATURES,)
    assert row.dtype == np.float32
    assert set(np.unique(row)) == {0.0, 1.0}
    assert ("last_pitch" in lit(row)) == (pitch != UNKNOWN)


def test_rows_are_seen_each_for_itself(make_line, blues) -> None:
    line = make_line(30)
    last = LastNotes(line.pitches[:-1], line.lengths[:-1], line.micros[:-1], line.onsets[:-1])
    together = step_features(last, line.onsets[1:], blues, Hints.none(29))
    for row in range(29):
        alone = LastNotes(
            *(column[row : row + 1] for column in (last.pitches, last.lengths, last.micros)),
            last.onsets[row : row + 1],
        )
        one = step_features(alone, line.onsets[row + 1 : row + 2], blues, Hints.none(1))
        assert (one[0] == together[row]).all()


def test_before_the_first_note_nothing_of_a_last_note_is_told() -> None:
    setting = Setting.of(None, None)
    assert (seen(UNKNOWN, 0, 0, setting) == seen(UNKNOWN, 17, 0, setting)).all()


def test_the_chord_at_the_note_to_come_is_seen_and_the_next_one() -> None:
    setting = blues_in_f()
    assert lit(seen(60, BAR - 7, BAR - 1, setting))["root"] == 5
    at_bar = lit(seen(60, BAR - 6, BAR, setting))
    assert (at_bar["root"], at_bar["next_root"]) == (10, 5)
    assert pitch_classes(seen(60, 3 * BAR - 6, 3 * BAR, setting), "next_chord") == set()


@given(st.integers(-11, 11), st.integers(30, 90))
def test_what_is_relative_to_the_chord_stays_when_everything_moves_up(
    semitones: int, pitch: int
) -> None:
    setting = blues_in_f()
    here = lit(seen(pitch, 90, 100, setting))
    there = lit(seen(pitch + semitones, 90, 100, setting.transposed(semitones)))
    assert here["last_degree"] == there["last_degree"]
    assert there["root"] == (here["root"] + semitones) % 12
    assert there["tonic"] == (here["tonic"] + semitones) % 12
    moved = {"last_pitch", "root", "next_root", "tonic"}
    assert {k: v for k, v in here.items() if k not in moved} == {
        k: v for k, v in there.items() if k not in moved
    }


def test_seven_eight_bars_are_three_and_a_half_beats() -> None:
    setting = replace(Setting.of(None, None), beats_a_bar=3.5)
    assert (seen(60, 0, 24, setting) == seen(60, 2 * 84, 2 * 84 + 24, setting)).all()
    assert lit(seen(60, 72, 83, setting))["beat_in_bar"] == 3
    assert lit(seen(60, 72, 84, setting))["beat_in_bar"] == 0
    assert lit(seen(60, 72, 84, setting))["beats_a_bar"] == 3


def test_the_style_is_told_unless_it_is_left_free() -> None:
    assert lit(seen(60, 0, 6, blues_in_f()))["style"] == STYLES.index("rock")
    assert "style" not in lit(seen(60, 0, 6, replace(blues_in_f(), style=UNKNOWN)))


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_a_nearer_goal_is_never_in_a_farther_class(one: int, other: int) -> None:
    near, far = sorted((one, other))
    classes = []
    for distance in (near, far):
        hints = replace(Hints.none(1), goals=np.array([500 + distance]), kinds=np.array([CLOSES]))
        classes.append(lit(seen(60, 490, 500, blues_in_f(), hints))["to_goal"])
    assert classes[0] <= classes[1]


def test_a_goal_without_a_kind_is_no_goal() -> None:
    hints = replace(Hints.none(1), goals=np.array([500]))
    assert not {"goal", "to_goal"} & set(lit(seen(60, 490, 496, blues_in_f(), hints)))


def test_looking_back_finds_what_stood_there_one_two_four_and_eight_bars_ago() -> None:
    line = line_of({0: 60, BAR: 62, 2 * BAR: 64, 4 * BAR: 67, 5 * BAR - 6: 70, 8 * BAR: 72})
    backs = looked_back(line, Setting.of(None, None))
    middle, none = FURTHEST_BACK, NOTHING_THERE
    assert backs.tolist() == [
        [UNKNOWN] * 4,
        [middle + 0, UNKNOWN, UNKNOWN, UNKNOWN],  # 60 again, seen from 60
        [middle + 0, middle - 2, UNKNOWN, UNKNOWN],  # 62 and 60, seen from 62
        [none, middle + 0, middle - 4, UNKNOWN],  # 64 and 60, seen from 64
        [none, none, none, UNKNOWN],
        [none, none, middle - 3, middle - 10],  # 67 and 60, seen from 70
    ]


def test_looking_back_goes_by_bars_of_odd_metres() -> None:
    setting = Setting.of(None, None, beats_a_bar=3.5)
    backs = looked_back(line_of({10: 60, 94: 65, 178: 67, 190: 50}), setting)
    assert backs[:3].tolist() == [
        [UNKNOWN] * 4,
        [FURTHEST_BACK, UNKNOWN, UNKNOWN, UNKNOWN],
        [FURTHEST_BACK, FURTHEST_BACK - 5, UNKNOWN, UNKNOWN],
    ]
    assert backs[3].tolist() == [NOTHING_THERE, NOTHING_THERE, UNKNOWN, UNKNOWN]


def test_what_lies_far_off_counts_as_the_furthest() -> None:
    classes = back_classes(np.array([10, 60, 120, UNKNOWN]), np.array([60]))
    assert classes.tolist() == [0, FURTHEST_BACK, 2 * FURTHEST_BACK, NOTHING_THERE]
    assert back_classes(np.array([60]), np.array([UNKNOWN])).tolist() == [UNKNOWN]


@given(st.integers(1, 40), st.integers(0, 50))
def test_looking_back_never_looks_ahead(make_line, n_kept: int, seed: int) -> None:
    line, setting = make_line(41, seed), Setting.of(None, None)
    part = Line(*(getattr(line, name)[:n_kept] for name in Line.__slots__))
    assert (looked_back(part, setting) == looked_back(line, setting)[:n_kept]).all()


@pytest.mark.parametrize("n_notes", [1, 3, N_FOLLOWING, N_FOLLOWING + 5])
def test_what_follows_is_described_farthest_first_and_padded(make_line, n_notes: int) -> None:
    line = make_line(n_notes, first=4 * BAR + 6)
    rows = following_features(line, 4 * BAR)
    assert rows.shape == (N_FOLLOWING, N_AFTER)
    n_known = min(n_notes, N_FOLLOWING)
    assert (rows[: N_FOLLOWING - n_known] == 0).all()
    assert (rows[N_FOLLOWING - n_known :].sum(axis=1) == 3).all()
    for index in range(n_known):
        places = np.flatnonzero(rows[N_FOLLOWING - 1 - index])
        assert places[0] == line.pitches[index]
        assert places[2] == N_AFTER - 24 + line.onsets[index] % 24
    if n_notes == 1:
        assert np.flatnonzero(rows[-1])[1] == 128 + 0  # 6 steps from the bar line: the nearest


def test_notes_beyond_those_that_are_known_change_nothing(make_line) -> None:
    line = make_line(N_FOLLOWING + 4, first=BAR)
    part = Line(*(getattr(line, name)[:N_FOLLOWING] for name in Line.__slots__))
    assert (following_features(line, BAR) == following_features(part, BAR)).all()
