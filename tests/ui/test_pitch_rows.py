"""From pitches to rows."""

from hypothesis import given
from hypothesis import strategies as st

from musicassist.ui.pitch_rows import PitchRows

moves = st.lists(st.one_of(st.floats(-200, 200), st.tuples(st.floats(0.2, 5), st.floats(0, 400))))


def rows_after(steps: list[float | tuple[float, float]]) -> PitchRows:
    rows = PitchRows()
    rows.set_height(400)
    rows.fit(48, 72)
    for step in steps:
        if isinstance(step, tuple):
            rows.zoom(*step)
        else:
            rows.move(step)
    return rows


@given(moves, st.integers(0, 127))
def test_a_pitch_is_found_in_its_row(steps: list[float | tuple[float, float]], pitch: int) -> None:
    rows = rows_after(steps)
    assert rows.pitch_at(rows.y_at(pitch) + rows.row_px / 2) == pitch


@given(moves)
def test_one_never_moves_beyond_the_keys(steps: list[float | tuple[float, float]]) -> None:
    rows = rows_after(steps)
    assert rows.y_at(127) <= 1e-6
    assert rows.y_at(0) + rows.row_px >= 400 - 1e-6


@given(moves, st.integers(0, 127))
def test_what_is_revealed_is_seen(steps: list[float | tuple[float, float]], pitch: int) -> None:
    rows = rows_after(steps)
    rows.reveal(pitch)
    assert rows.y_at(pitch) >= -1e-6
    assert rows.y_at(pitch) + rows.row_px <= 400 + 1e-6


@given(st.integers(0, 127), st.integers(0, 40))
def test_a_range_of_a_few_octaves_is_fitted(lowest: int, span: int) -> None:
    rows = PitchRows()
    rows.set_height(400)
    highest = min(127, lowest + span)
    rows.fit(lowest, highest)
    assert rows.y_at(highest) >= -1e-6
    assert rows.y_at(lowest) + rows.row_px <= 400 + 1e-6


def test_places_beside_the_keys_are_the_nearest_ones() -> None:
    rows = rows_after([])
    assert rows.pitch_at(-1e6) == 127
    assert rows.pitch_at(1e6) == 0
