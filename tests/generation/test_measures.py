"""The qualities of a stretch of music, by hand-made examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.encoding import FURTHEST_MICRO, UNKNOWN, Line, Setting
from musicassist.generation.measures import measured, swing_ratio
from musicassist.music.chords import parse_progression
from musicassist.music.manner import QUALITIES
from musicassist.music.timebase import Timebase

ON_THE_GRID = FURTHEST_MICRO
NOTHING_KNOWN = Setting.of(None, None)


def line_of(onsets: list[int], pitches: list[int], micros: list[int] | None = None) -> Line:
    n_notes = len(onsets)
    played = micros or [ON_THE_GRID] * n_notes
    return Line(np.array(onsets), np.array(pitches), np.full(n_notes, 11), np.array(played))


def eighths(n_beats: int, second: int, micro: int = ON_THE_GRID) -> Line:
    onsets = [beat * 24 + sub for beat in range(n_beats) for sub in (0, second)]
    return line_of(onsets, [60] * len(onsets), [ON_THE_GRID, micro] * n_beats)


def test_an_example_by_hand() -> None:
    over_c = Setting.of(parse_progression("C", Timebase()), None)
    line = line_of([0, 12, 24, 36, 48, 72, 96], [60, 62, 64, 65, 60, 62, 64])
    qualities = measured(line, over_c)
    assert set(qualities) == set(QUALITIES)
    assert qualities["density"] == pytest.approx(6 / 4)
    assert qualities["register"] == 62
    assert qualities["span"] == 5
    assert qualities["leaps"] == pytest.approx(1 / 6)
    assert qualities["rhythmic_variety"] == pytest.approx(
        -(4 / 6 * math.log2(4 / 6) + 2 / 6 * math.log2(2 / 6))
    )
    assert qualities["chord_tones"] == pytest.approx(4 / 7)
    assert qualities["repetition"] == 0
    assert math.isnan(qualities["swing"])  # two pairs of eighths tell no swing


def test_cells_that_return_are_repetition() -> None:
    line = line_of(list(range(0, 108, 12)), [60, 62, 64, 66, 68, 70, 72, 74, 76])
    assert measured(line, NOTHING_KNOWN)["repetition"] == pytest.approx(1 - 1 / 6)


def test_without_chords_nobody_can_tell_chord_tones() -> None:
    line = line_of([0, 12], [60, 62])
    assert math.isnan(measured(line, NOTHING_KNOWN)["chord_tones"])
    unchorded = Setting.of(parse_progression("NC", Timebase()), None)
    assert math.isnan(measured(line, unchorded)["chord_tones"])


@pytest.mark.parametrize(
    ("second", "micro", "ratio"),
    [
        (12, ON_THE_GRID, 0.5),
        (16, ON_THE_GRID, 2 / 3),
        (12, ON_THE_GRID + 8, (12 + 2) / 24),
        (12, UNKNOWN, 0.5),
        (16, ON_THE_GRID - 4, 15 / 24),
    ],
)
def test_swing_is_where_the_second_eighth_comes(second: int, micro: int, ratio: float) -> None:
    assert swing_ratio(eighths(8, second, micro)) == pytest.approx(ratio)


def test_other_rhythms_tell_no_swing() -> None:
    assert math.isnan(swing_ratio(eighths(3, 16)))
    triplets = [beat * 24 + sub for beat in range(8) for sub in (0, 8, 16)]
    assert math.isnan(swing_ratio(line_of(triplets, [60] * 24)))
    off_beats = [beat * 24 + sub for beat in range(8) for sub in (6, 16)]
    assert math.isnan(swing_ratio(line_of(off_beats, [60] * 16)))


@given(st.integers(2, 40), st.integers(0, 99), st.integers(-20, 20), st.integers(0, 9))
def test_only_the_register_changes_when_all_is_moved_up_and_later(
    make_line, n_notes: int, seed: int, semitones: int, bars: int
) -> None:
    line = make_line(n_notes, seed)
    moved = Line(line.onsets + 96 * bars, line.pitches + semitones, line.lengths, line.micros)
    one, other = measured(line, NOTHING_KNOWN), measured(moved, NOTHING_KNOWN)
    assert other.pop("register") == one.pop("register") + semitones
    assert one == pytest.approx(other, nan_ok=True)
    for share in ("leaps", "repetition"):
        assert math.isnan(one[share]) or 0 <= one[share] <= 1
