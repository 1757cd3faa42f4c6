"""Shared runs, against a search that tries everything."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.evaluation.motifs import answer_to_the_primer, motifs
from musicassist.evaluation.originality import GRAMS, NO_TUNE, Known, shared_runs
from tests.evaluation.made_up import make_line, make_passage

LICK = [60, 62, 63, 65, 67, 63, 60]


def test_a_lick_in_another_key_is_the_same_lick() -> None:
    known = Known(make_line(range(0, 84, 12), LICK), tune=1)
    moved = make_line(range(240, 324, 12), [pitch + 5 for pitch in LICK])
    slower = make_line(range(0, 168, 24), LICK)
    found = shared_runs([moved, slower], [NO_TUNE, NO_TUNE], [known])
    assert found.longest.tolist() == [7, 0]
    assert found.shared[3].tolist() == [4, 0]
    assert found.total[3].tolist() == [4, 4]
    assert found.shared[6].tolist() == [1, 0]
    assert found.total[7].tolist() == [0, 0]


def test_other_versions_of_the_same_tune_do_not_count() -> None:
    line = make_line(range(0, 84, 12), LICK)
    known = [Known(line, tune=4)]
    assert shared_runs([line], [4], known).longest.tolist() == [0]
    assert shared_runs([line], [3], known).longest.tolist() == [7]
    both = [*known, Known(make_line(range(0, 36, 12), LICK[:3]), tune=5)]
    assert shared_runs([line], [4], both).longest.tolist() == [3]


def test_nothing_known_and_nothing_played_share_nothing() -> None:
    line = make_line([0, 12], [60, 62])
    assert shared_runs([line], [NO_TUNE], []).longest.tolist() == [0]
    empty = shared_runs([make_line([], [])], [NO_TUNE], [Known(line, 1)])
    assert empty.longest.tolist() == [0]
    assert all(empty.total[n].tolist() == [0] for n in GRAMS)


small_lines = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 2)), max_size=14), min_size=1, max_size=4
)


@settings(max_examples=40)
@given(small_lines, small_lines, st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_runs_are_those_an_exhaustive_search_finds(played, learned, tunes) -> None:
    def line_of(steps):
        return make_line(
            np.cumsum([0, *(gap for _, gap in steps)]),
            60 + np.cumsum([0, *(interval for interval, _ in steps)]),
        )

    known = [Known(line_of(steps), tunes[i]) for i, steps in enumerate(learned)]
    own = [tunes[-1 - i] for i in range(len(played))]
    found = shared_runs([line_of(steps) for steps in played], own, known)
    for row, steps in enumerate(played):
        others = [each for i, each in enumerate(learned) if tunes[i] != own[row]]

        def has(run, others=others) -> bool:
            return any(
                other[at : at + len(run)] == run
                for other in others
                for at in range(len(other) - len(run) + 1)
            )

        lengths = [
            length
            for length in range(1, len(steps) + 1)
            if any(has(steps[at : at + length]) for at in range(len(steps) - length + 1))
        ]
        assert found.longest[row] == (max(lengths) + 1 if lengths else 0)
        for n in GRAMS:
            runs = [steps[at : at + n] for at in range(len(steps) - n + 1)]
            assert found.total[n][row] == len(runs)
            assert found.shared[n][row] == sum(map(has, runs))


def test_motifs_of_four_notes() -> None:
    line = make_line([0, 12, 24, 48], [60, 62, 64, 60])
    assert motifs(line, with_rhythm=False) == {
        ((2, 0), (2, 0)),
        ((2, 0), (-4, 0)),
        ((2, 0), (2, 0), (-4, 0)),
    }
    assert ((2, 12), (-4, 24)) in motifs(line, with_rhythm=True)
    assert motifs(make_line([0, 1], [60, 61]), with_rhythm=True) == set()


def test_the_share_of_the_primer_that_returns() -> None:
    primer = make_line([0, 12, 24, 48], [60, 62, 64, 60])
    # Two of three motifs in another key, the second of them in another rhythm.
    answer = make_line([0, 12, 24, 100, 112, 124], [67, 69, 71, 50, 52, 48])
    found = answer_to_the_primer([make_passage(answer, primer)])
    assert found["intervals"].value == 2 / 3
    assert found["intervals_and_rhythm"].value == 1 / 3
    whole = make_line([0, 12, 24, 48], [50, 52, 54, 50])
    assert answer_to_the_primer([make_passage(whole, primer)])["intervals_and_rhythm"].value == 1
