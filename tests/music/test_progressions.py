"""Edits of chords along the time line."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.chord_text import progression_text
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.keys import Key
from musicassist.music.progressions import (
    cells_of,
    first_difference,
    moved_by,
    part_of,
    plain,
    reaching,
    with_change_moved,
    with_chord,
    with_length,
    with_part,
    without_chords,
    without_repeats,
    without_time,
)
from musicassist.music.timebase import MeterChange, Timebase

BAR = 1920
BEAT = 480
COMMON = Timebase()
TIMEBASES = st.sampled_from(
    [COMMON, *(Timebase(meters=(MeterChange(0, *meter),)) for meter in ((3, 4), (7, 8), (12, 8)))]
)


def read(text: str) -> Progression:
    return parse_progression(text, COMMON)


def said(progression: Progression) -> str:
    return progression_text(progression, COMMON)


@st.composite
def progressions(draw: st.DrawFn) -> tuple[Progression, Timebase]:
    timebase = draw(TIMEBASES)
    n_bars = draw(st.integers(1, 6))
    end_ticks = timebase.bar_start_ticks(n_bars)
    places = draw(st.sets(st.integers(1, end_ticks // 240 - 1), max_size=8))
    chord = st.sampled_from(["C", "Fm7", "Bb/D", "NC", "G7b9"]).map(parse_chord)
    changes = tuple((240 * place, draw(chord)) for place in sorted({0, *places}))
    return Progression(changes, end_ticks), timebase


@st.composite
def ranges(draw: st.DrawFn) -> tuple[Progression, Timebase, int, int]:
    progression, timebase = draw(progressions())
    n_steps = progression.length_ticks // 240
    start = draw(st.integers(0, n_steps - 1))
    end = draw(st.integers(start + 1, n_steps))
    return progression, timebase, 240 * start, 240 * end


def sounds(progression: Progression, first: int, last: int) -> list[ChordSymbol | None]:
    return [progression.chord_at(place) for place in range(first, last, 120)]


@given(ranges())
def test_a_chord_over_a_range_changes_nothing_else(
    case: tuple[Progression, Timebase, int, int],
) -> None:
    progression, timebase, start, end = case
    chord = parse_chord("Ab13")
    edited = with_chord(progression, start, end, chord)
    assert set(sounds(edited, start, end)) == {chord}
    assert sounds(edited, 0, start) == sounds(progression, 0, start)
    assert sounds(edited, end, edited.length_ticks) == sounds(progression, end, edited.length_ticks)
    assert edited.length_ticks == progression.length_ticks
    assert parse_progression(progression_text(edited, timebase), timebase) == edited
    assert with_chord(edited, start, end, chord) == edited


@given(ranges())
def test_what_is_copied_and_put_back_changes_no_sound(
    case: tuple[Progression, Timebase, int, int],
) -> None:
    progression, _, start, end = case
    part = part_of(progression, start, end)
    assert part.length_ticks == end - start
    assert sounds(part, 0, end - start) == sounds(progression, start, end)
    assert without_repeats(with_part(progression, start, part)) == without_repeats(progression)


@given(ranges())
def test_a_range_that_is_cleared_holds_the_chord_before(
    case: tuple[Progression, Timebase, int, int],
) -> None:
    progression, timebase, start, end = case
    cleared = without_chords(progression, start, end)
    held = progression.chord_at(start - 1) if start else parse_chord("NC")
    assert set(sounds(cleared, start, end)) == {held}
    assert sounds(cleared, end, cleared.length_ticks) == sounds(
        progression, end, cleared.length_ticks
    )
    assert parse_progression(progression_text(cleared, timebase), timebase) == cleared


@given(progressions(), st.data())
def test_bars_cut_out_let_the_rest_move_up(
    case: tuple[Progression, Timebase], data: st.DataObject
) -> None:
    progression, timebase = case
    n_bars = timebase.bar_at(progression.length_ticks)
    first = data.draw(st.integers(0, n_bars - 1))
    last = data.draw(st.integers(first + 1, n_bars))
    start, end = timebase.bar_start_ticks(first), timebase.bar_start_ticks(last)
    cut = without_time(progression, start, end)
    whole = sounds(progression, 0, progression.length_ticks)
    assert sounds(cut, 0, cut.length_ticks) == whole[: start // 120] + whole[end // 120 :]


@given(progressions(), st.data())
def test_a_change_that_is_dragged_stays_between_its_neighbours(
    case: tuple[Progression, Timebase], data: st.DataObject
) -> None:
    progression, _ = case
    from_ticks = data.draw(st.sampled_from([onset for onset, _ in progression.changes]))
    to_ticks = data.draw(st.integers(-500, progression.length_ticks + 500))
    moved = with_change_moved(progression, from_ticks, to_ticks, 240)
    assert [chord for _, chord in moved.changes] == [chord for _, chord in progression.changes]
    onsets = [onset for onset, _ in moved.changes]
    assert onsets[0] == 0
    assert all(later - earlier >= 240 for earlier, later in pairwise(onsets))
    others = {onset for onset, _ in progression.changes} - {from_ticks}
    assert others <= set(onsets)


@given(progressions(), st.integers(0, 20_000), st.integers(0, 20_000))
def test_writing_out_the_repeats_changes_nothing_that_is_heard(
    case: tuple[Progression, Timebase], end_ticks: int, whole_ticks: int
) -> None:
    progression, timebase = case
    longer = reaching(progression, timebase, end_ticks, whole_ticks)
    assert longer.length_ticks >= end_ticks
    seen = max(whole_ticks, longer.length_ticks)
    assert first_difference(progression, longer, 0, longer.length_ticks) is None
    if longer.length_ticks >= whole_ticks or longer.length_ticks % progression.length_ticks == 0:
        whole = [each.looped_to(seen) for each in (progression, longer)]
        assert sounds(whole[0], 0, whole_ticks) == sounds(whole[1], 0, whole_ticks)


@given(progressions(), st.integers(-12, 12))
def test_transposing_moves_every_root(case: tuple[Progression, Timebase], semitones: int) -> None:
    progression, _ = case
    moved = moved_by(progression, semitones, Key(0), 0, progression.length_ticks)
    for (onset, chord), (moved_onset, moved_chord) in zip(
        progression.changes, moved.changes, strict=True
    ):
        assert onset == moved_onset
        assert moved_chord.root == (None if chord.root is None else (chord.root + semitones) % 12)
    back = moved_by(moved, -semitones, Key(0), 0, progression.length_ticks)
    assert first_difference(progression, back, 0, progression.length_ticks) is None


def test_cells_have_the_ends_of_their_chords() -> None:
    cells = cells_of(read("C | F G"))
    assert [(each.start_ticks, each.end_ticks, each.chord.text) for each in cells] == [
        (0, BAR, "C"),
        (BAR, BAR + BAR // 2, "F"),
        (BAR + BAR // 2, 2 * BAR, "G"),
    ]


@pytest.mark.parametrize(
    ("text", "end_bar", "whole_bars", "n_bars"),
    [
        ("C", 1, 8, 1),
        ("C", 2, 8, 2),
        ("C | F", 3, 8, 4),
        ("C | F | G | C", 6, 12, 8),
        ("C | F | G | C | C | F | G | C", 9, 12, 12),
        ("C | F | G | C", 13, 12, 16),
        ("", 3, 8, 3),
    ],
)
def test_editing_a_repeat_writes_out_whole_rounds_but_not_beyond_what_is_seen(
    text: str, end_bar: int, whole_bars: int, n_bars: int
) -> None:
    longer = reaching(read(text), COMMON, end_bar * BAR, whole_bars * BAR)
    assert longer.length_ticks == n_bars * BAR


def test_what_begins_late_says_so_from_the_start() -> None:
    late = Progression(((BEAT, parse_chord("C")),), BAR + 1)
    assert said(plain(late, COMMON)) == "NC C / / | /"


def test_what_follows_a_range_goes_on() -> None:
    assert said(with_chord(read("C | / | F"), 0, BAR, parse_chord("G"))) == "G | C | F"
    assert said(with_chord(read("C | F"), 2 * BEAT, BAR, parse_chord("G7"))) == "C G7 | F"
    assert said(without_time(read("C | / | F"), 0, BAR)) == "C | F"
    assert said(with_length(read("C | F"), 4 * BAR)) == "C | F | / | /"
    assert said(with_length(read("C | F"), BAR)) == "C"


def test_where_two_begin_to_differ_is_found_in_their_repeats_too() -> None:
    before, after = read("C | F"), read("C | G")
    assert first_difference(before, after, 0, 8 * BAR) == BAR
    assert first_difference(before, after, 2 * BAR, 8 * BAR) == 3 * BAR
    assert first_difference(before, after, 0, BAR) is None
    assert first_difference(before, read("C | F | C | F"), 0, 8 * BAR) is None
    assert first_difference(None, before, 0, BAR) == 0
    assert first_difference(read("CM7"), read("Cmaj7"), 0, 8 * BAR) is None
