"""Rows of the table: a figure beside the human one, what it should be, and whether it is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

import numpy as np

from musicassist.evaluation.statistics import Floats, Statistic, interval_of

Interval = tuple[float, float]

_NEAR_SHARE: Final = 0.10
_NEAR_POINTS: Final = 0.03


class Aim(Enum):
    """What a figure should be; the words are shown."""

    NONE = "no goal"
    NEAR_SHARE = "within 10 % of human"
    NEAR_POINTS = "within .03 of human"
    INSIDE_QUARTILES = "inside the human interquartile range"
    AT_LEAST_HUMAN = "at least human"
    AT_MOST_HUMAN_P95 = "at most human's 95th percentile"
    NO_TREND = "no trend (the interval covers 0)"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be.

    Attributes:
        aim: The kind of goal.
        bound: The number for `AT_LEAST` and `AT_MOST`.
    """

    aim: Aim = Aim.NONE
    bound: float = 0.0

    @property
    def text(self) -> str:
        """The goal in words; empty for none."""
        if self.aim is Aim.NONE:
            return ""
        has_bound = self.aim in (Aim.AT_LEAST, Aim.AT_MOST)
        return f"{self.aim.value} {self.bound:g}" if has_bound else self.aim.value


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and how sure it is.

    Attributes:
        value: The figure; NaN where there was nothing to measure.
        interval: The middle 95 % of the bootstrap.
    """

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        group: The part of the evaluation, as `--rows` names it.
        name: The measure.
        unit: Of the figures.
        model: The soloist's figure; None where it was not measured.
        human: The human figure by the same code; None where there is none.
        quartiles: Of the human figure over pieces; None where pieces have none of their own.
        percentile_95: Of the human figure over passages; None where passages have none.
        goal: What the soloist's figure should be.
        is_met: Whether it is; None without a goal or a figure.
        verdict: The same in plain words, or why there is no figure.
        other: The other soloist's figure, if one was compared.
        difference: The soloist's less the other's, on the same pieces.
    """

    group: str
    name: str
    unit: str
    model: Estimate | None = None
    human: Estimate | None = None
    quartiles: Interval | None = None
    percentile_95: float | None = None
    goal: Goal = field(default_factory=Goal)
    is_met: bool | None = None
    verdict: str = ""
    other: Estimate | None = None
    difference: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What a row shows.

    Attributes:
        name: The measure.
        unit: Of its figures.
        goal: What the soloist's figure should be.
    """

    name: str
    unit: str
    goal: Goal = field(default_factory=Goal)


Figures = Mapping[str, Statistic]


def row_of(
    group: str, measure: Measure, weights: Floats, sides: tuple[Figures, Figures, Figures]
) -> Row:
    """Return the row of a measure.

    Args:
        group: The part of the evaluation.
        measure: What the row shows.
        weights: Draws of pieces, float64, shape (draws, pieces).
        sides: Figures of the soloist, of humans, and of the soloist compared with, if any.
    """
    model, human, other = (side.get(measure.name) for side in sides)
    estimate, drawn = _estimate(model, weights)
    human_estimate, _ = _estimate(human, weights)
    other_estimate, other_drawn = _estimate(other, weights)
    quartiles, percentile_95 = _spread_of(human)
    difference = None
    if estimate is not None and other_estimate is not None:
        difference = Estimate(
            estimate.value - other_estimate.value, interval_of(drawn - other_drawn)
        )
    row = Row(
        group,
        measure.name,
        measure.unit,
        estimate,
        human_estimate,
        quartiles,
        percentile_95,
        measure.goal,
        other=other_estimate,
        difference=difference,
    )
    return judged(row)


def _estimate(figure: Statistic | None, weights: Floats) -> tuple[Estimate | None, Floats]:
    if figure is None:
        return None, np.zeros(0)
    drawn = figure.drawn(weights)
    return Estimate(figure.value, interval_of(drawn)), drawn


def _spread_of(figure: Statistic | None) -> tuple[Interval | None, float | None]:
    if figure is None:
        return None, None
    quartiles, percentile_95 = None, None
    if len(figure.of_pieces):
        low, high = np.percentile(figure.of_pieces, (25, 75))
        quartiles = (float(low), float(high))
    if len(figure.of_passages):
        percentile_95 = float(np.percentile(figure.of_passages, 95))
    return quartiles, percentile_95


def judged(row: Row) -> Row:
    """Return a row with its verdict."""
    if row.model is None or not math.isfinite(row.model.value):
        return _with(row, None, row.verdict or "there was nothing to measure")
    if row.goal.aim is Aim.NONE:
        return row
    met, miss = _judgement(row, row.model)
    if row.human is not None and row.model.interval[0] <= row.human.value <= row.model.interval[1]:
        miss += " (within chance)"
    if met is None:
        return _with(row, None, miss)
    return _with(row, met, f"{'met' if met else 'missed'}: {row.goal.text if met else miss}")


def _judgement(row: Row, model: Estimate) -> tuple[bool | None, str]:
    """Return whether the goal is met, and what to say where it is not."""
    value, bound = model.value, row.goal.bound
    match row.goal.aim:
        case Aim.AT_LEAST:
            return value >= bound, f"below {bound:g}"
        case Aim.AT_MOST:
            return value <= bound, f"above {bound:g}"
        case Aim.NO_TREND:
            low, high = model.interval
            return low <= 0 <= high, "it rises" if value > 0 else "it falls"
        case _:
            return _beside_humans(row, value)


def _beside_humans(row: Row, value: float) -> tuple[bool | None, str]:
    if row.human is None or not math.isfinite(row.human.value):
        return None, "there is no human figure to compare with"
    human = row.human.value
    side = "above" if value > human else "below"
    match row.goal.aim:
        case Aim.NEAR_SHARE:
            away = abs(value / human - 1) if human else math.inf
            return away <= _NEAR_SHARE, f"{100 * away:.0f} % {side} human"
        case Aim.NEAR_POINTS:
            away = abs(value - human)
            return away <= _NEAR_POINTS, f"{away:.3f} {side} human"
        case Aim.AT_LEAST_HUMAN:
            return value >= human, f"{human - value:.3f} below human"
        case Aim.INSIDE_QUARTILES:
            low, high = _widened(row.quartiles or (human, human), row.human)
            return low <= value <= high, f"{side} the human {low:.3f} to {high:.3f}"
        case _:
            most = max(row.human.interval[1], row.percentile_95 or 0.0)
            return value <= most, f"above {most:.3f}, human's 95th percentile"


def _widened(quartiles: Interval, human: Estimate) -> Interval:
    """Return quartiles that hold the human figure.

    What most humans never do, such as repeating sixteen bars, has quartiles of 0 and 0, and the
    humans' own mean lies outside them.
    """
    low, high = human.interval
    return (
        quartiles[0] if quartiles[0] <= human.value else min(low, human.value),
        quartiles[1] if quartiles[1] >= human.value else max(high, human.value),
    )


def _with(row: Row, is_met: bool | None, verdict: str) -> Row:
    return replace(row, is_met=is_met, verdict=verdict)
