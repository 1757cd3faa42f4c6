"""Verdicts: what is met, what is missed, and the words for it."""

import numpy as np
import pytest

from musicassist.evaluation.rows import Aim, Estimate, Goal, Measure, Row, judged, row_of
from musicassist.evaluation.statistics import Share, draws_of_pieces

HUMAN = Estimate(2.0, (1.9, 2.1))


def row(aim: Aim, value: float, interval=(float("nan"), float("nan")), bound: float = 0.0) -> Row:
    return judged(
        Row(
            "group",
            "name",
            "unit",
            Estimate(value, interval),
            HUMAN,
            quartiles=(1.5, 2.4),
            percentile_95=3.0,
            goal=Goal(aim, bound),
        )
    )


@pytest.mark.parametrize(
    ("aim", "met", "missed", "said"),
    [
        (Aim.NEAR_SHARE, 2.19, 2.3, "15 % above human"),
        (Aim.NEAR_SHARE, 1.81, 1.7, "15 % below human"),
        (Aim.NEAR_POINTS, 2.02, 2.04, "0.040 above human"),
        (Aim.INSIDE_QUARTILES, 2.4, 2.5, "above the human 1.500 to 2.400"),
        (Aim.INSIDE_QUARTILES, 1.5, 1.4, "below the human 1.500 to 2.400"),
        (Aim.AT_LEAST_HUMAN, 2.0, 1.5, "0.500 below human"),
        (Aim.AT_MOST_HUMAN_P95, 3.0, 3.1, "95th percentile"),
    ],
)
def test_goals_beside_humans(aim: Aim, met: float, missed: float, said: str) -> None:
    assert row(aim, met).is_met
    assert row(aim, met).verdict.startswith("met: ")
    assert row(aim, missed).is_met is False
    assert said in row(aim, missed).verdict


def test_goals_of_their_own() -> None:
    assert row(Aim.AT_LEAST, 0.9, bound=0.88).is_met
    assert row(Aim.AT_LEAST, 0.8, bound=0.88).verdict == "missed: below 0.88"
    assert row(Aim.AT_MOST, 0.0).is_met
    assert row(Aim.AT_MOST, 0.1).is_met is False
    assert row(Aim.NO_TREND, 0.5, (-0.1, 1.1)).is_met
    assert row(Aim.NO_TREND, 0.5, (0.1, 1.1)).verdict == "missed: it rises"
    assert row(Aim.NO_TREND, -0.5, (-1.1, -0.1)).verdict == "missed: it falls"
    assert row(Aim.NONE, 1.0).is_met is None


def test_a_miss_that_may_be_chance_is_called_so() -> None:
    assert row(Aim.AT_LEAST_HUMAN, 1.9, (1.7, 2.1)).verdict.endswith("(within chance)")
    assert not row(Aim.AT_LEAST_HUMAN, 1.5, (1.4, 1.6)).verdict.endswith("(within chance)")


def test_quartiles_that_leave_out_the_human_mean_are_widened() -> None:
    rare = Row(
        "structureness",
        "long",
        "",
        Estimate(0.002, (0.0, 0.004)),
        Estimate(0.001, (0.0, 0.003)),
        quartiles=(0.0, 0.0),
        goal=Goal(Aim.INSIDE_QUARTILES),
    )
    assert judged(rare).is_met


def test_without_a_figure_there_is_no_verdict() -> None:
    nothing = judged(Row("g", "n", "u", Estimate(float("nan"), HUMAN.interval), HUMAN))
    assert nothing.is_met is None
    assert nothing.verdict == "there was nothing to measure"
    alone = Row("g", "n", "u", HUMAN, goal=Goal(Aim.AT_LEAST_HUMAN))
    assert judged(alone).verdict == "there is no human figure to compare with"


def test_a_difference_is_paired() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    level = rng.normal(0, 10, 40)
    model, other = level + 1 + rng.normal(0, 0.1, 40), level
    figures = [{"x": Share.mean(values, np.arange(40))} for values in (model, level, other)]
    found = row_of("g", Measure("x", ""), draws_of_pieces(40, 1), tuple(figures))
    assert found.difference is not None
    assert found.difference.value == pytest.approx(1, abs=0.1)
    low, high = found.difference.interval
    assert 0.9 < low < high < 1.1
    assert found.model is not None
    assert found.model.interval[1] - found.model.interval[0] > 3
    assert found.human is not None
    assert found.quartiles == pytest.approx(tuple(np.percentile(level, (25, 75))))
