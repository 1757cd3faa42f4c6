"""Which cells a chord track has, and how one moves along them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.chords import Progression, parse_progression
from musicassist.music.timebase import MeterChange, Timebase
from musicassist.ui.chord_cells import shown_cells
from musicassist.ui.chord_selection import ChordSelection

TIMEBASES = st.sampled_from(
    [
        Timebase(),
        Timebase(meters=(MeterChange(0, 7, 8),)),
        Timebase(meters=(MeterChange(0, 4, 4), MeterChange(3840, 3, 4))),
    ]
)
CHORDS = st.none() | st.sampled_from(["C", "C | F G", "/ C | %", "C / / G7 | / | NC"])


def read(text: str | None, timebase: Timebase) -> Progression | None:
    return None if text is None else parse_progression(text, timebase)


def track(typed: str | None, heard: str | None, timebase: Timebase, n_bars: int) -> ChordSelection:
    made = ChordSelection()
    made.timebase = timebase
    whole_ticks = timebase.bar_start_ticks(n_bars)
    made.cells = shown_cells(read(typed, timebase), read(heard, timebase), timebase, whole_ticks)
    return made


@given(CHORDS, CHORDS, TIMEBASES, st.integers(1, 9))
def test_cells_fill_the_track_without_a_gap(
    typed: str | None, heard: str | None, timebase: Timebase, n_bars: int
) -> None:
    cells = track(typed, heard, timebase, n_bars).cells
    assert cells[0].start_ticks == 0
    assert cells[-1].end_ticks >= timebase.bar_start_ticks(n_bars)
    assert all(earlier.end_ticks == later.start_ticks for earlier, later in pairwise(cells))
    assert all(cell.start_ticks < cell.end_ticks for cell in cells)
    kinds = {cell.kind for cell in cells}
    assert "heard" not in kinds if typed else "typed" not in kinds


@given(CHORDS, TIMEBASES, st.integers(1, 9), st.booleans())
def test_walking_from_start_to_end_and_back_leaves_nothing_out(
    typed: str | None, timebase: Timebase, n_bars: int, is_by_beat: bool
) -> None:
    walk = track(typed, None, timebase, n_bars)
    walk.is_by_beat = is_by_beat
    walk.choose(walk.range_at(0))
    seen = [walk.chosen]
    while walk.focus is not None and walk.focus[1] < walk.end_ticks:
        place = walk.neighbour(1)
        assert place is not None
        walk.choose(walk.range_at(place))
        seen.append(walk.chosen)
        assert walk.is_single
    assert all(earlier[1] == later[0] for earlier, later in pairwise(each for each in seen if each))
    assert not is_by_beat or len(seen) >= walk.timebase.bar_at(walk.end_ticks) * 3
    back = [walk.chosen]
    while (place := walk.neighbour(-1)) is not None:
        walk.choose(walk.range_at(place))
        back.append(walk.chosen)
    assert back == seen[::-1]


@pytest.mark.parametrize(
    ("ticks", "to_bar", "place"),
    [(700, False, 480), (730, False, 960), (700, True, 0), (1000, True, 1920), (1919, False, 1920)],
)
def test_places_snap_to_the_next_beat_or_bar_line(ticks: int, to_bar: bool, place: int) -> None:
    assert track("C", None, Timebase(), 4).snapped(ticks, to_bar=to_bar) == place


def test_what_is_written_into_a_beat_holds_to_the_end_of_its_chord() -> None:
    walk = track("C / / G7", None, Timebase(), 1)
    walk.is_by_beat = True
    walk.choose(walk.range_at(480))
    assert walk.chosen == (480, 960)
    assert walk.written == (480, 1440)


def test_from_a_bar_line_within_a_long_chord_the_rest_of_it_is_chosen() -> None:
    walk = track("C | / | F", None, Timebase(), 3)
    assert walk.range_at(500) == (0, 3840)
    assert walk.range_at(1920) == (1920, 3840)
    assert walk.range_at(2400) == (0, 3840)
    assert walk.range_at(9 * 1920 + 5) == (9 * 1920, 10 * 1920)
