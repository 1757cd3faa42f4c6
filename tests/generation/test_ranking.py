"""Which lines are shown: sound ones that take up the primer, and no two alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicassist.generation.encoding import FURTHEST_MICRO, Line
from musicassist.generation.ranking import best_takes, likeness, returning_share


def line(*pitches: int, gap: int = 12) -> Line:
    n_notes = len(pitches)
    return Line(
        np.arange(n_notes) * gap,
        np.array(pitches, np.int64),
        np.full(n_notes, 9),
        np.full(n_notes, FURTHEST_MICRO),
    )


PRIMER = line(60, 62, 64, 67, 65)
PLAIN = line(72, 70, 69, 70, 72)


@given(
    st.lists(st.lists(st.integers(40, 90), max_size=9), min_size=1, max_size=8),
    st.integers(0, 7),
    st.integers(0, 99),
)
def test_as_many_as_asked_are_chosen_and_none_twice(
    drawn: list[list[int]], n_left_out: int, seed: int
) -> None:
    lines = [line(*pitches) for pitches in drawn]
    scores = -np.random.Generator(np.random.PCG64(seed)).random(len(lines))
    n_takes = max(1, len(lines) - n_left_out)
    chosen = best_takes(lines, scores, PRIMER, n_takes)
    assert len(set(chosen)) == n_takes
    assert set(chosen) <= set(range(len(lines)))


def test_what_takes_up_a_motif_comes_before_what_does_not() -> None:
    lines = [PLAIN, line(65, 67, 69, 72, 70)]
    assert returning_share(PRIMER, lines[1]) == 1
    assert returning_share(PRIMER, lines[0]) == 0
    assert best_takes(lines, np.array([-2.0, -2.0]), PRIMER, 1) == (1,)


def test_what_strays_comes_last_and_what_dares_nothing_not_first() -> None:
    lines = [line(72, 70, 69, 70, 72), line(50, 40, 51, 43, 54), line(80, 81, 80, 83, 80)]
    assert best_takes(lines, np.array([-2.0, -9.0, -1.0]), PRIMER, 3) == (0, 2, 1)


def test_a_copy_of_a_line_already_shown_waits_for_others() -> None:
    lines = [PLAIN, PLAIN, line(50, 52, 50, 48, 47)]
    assert likeness(PLAIN, PLAIN) == 1
    assert likeness(PLAIN, lines[2]) == 0
    assert best_takes(lines, np.array([-2.0, -2.0, -2.5]), PRIMER, 3) == (0, 2, 1)


def test_nothing_played_is_like_nothing_and_takes_nothing_up() -> None:
    assert likeness(line(), PLAIN) == 0
    assert returning_share(PRIMER, line()) == returning_share(line(60, 62), PLAIN) == 0
