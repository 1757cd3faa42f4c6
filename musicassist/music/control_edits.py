"""Edits of the wheels, pedals and other controllers of a clip: pure, and safe to export.

Whatever is done, points stay in order and within the clip, values stay in range, and a pedal is let
up before the end. A controller keeps its value from one point to the next; edits see the points of
a controller as one line, on whatever channels they are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from musicassist.music.clip import PEDAL_DOWN, Clip, controls_within
from musicassist.music.note import (
    BEND_CENTRE,
    CHANNEL_PRESSURE,
    HIGHEST_BEND,
    HIGHEST_DATA,
    MOD_WHEEL,
    PITCH_BEND,
    SUSTAIN,
    ControlPoint,
)

BREATH: Final = 2
VOLUME: Final = 7
PAN: Final = 10
EXPRESSION: Final = 11
PORTAMENTO: Final = 65
SOSTENUTO: Final = 66
SOFT_PEDAL: Final = 67
SWITCHES: Final = frozenset({SUSTAIN, PORTAMENTO, SOSTENUTO, SOFT_PEDAL})
STEP_TICKS: Final = 15  # 1/32 beat: finer than a wheel is moved, coarse enough for any synth

# Source: MIDI 1.0 Detailed Specification, table of controllers.
_NAMES: Final[Mapping[int, str]] = MappingProxyType(
    {
        PITCH_BEND: "Pitch bend",
        CHANNEL_PRESSURE: "Pressure",
        MOD_WHEEL: "Mod wheel",
        BREATH: "Breath",
        VOLUME: "Volume",
        PAN: "Pan",
        EXPRESSION: "Expression",
        SUSTAIN: "Sustain",
        PORTAMENTO: "Portamento",
        SOSTENUTO: "Sostenuto",
        SOFT_PEDAL: "Soft pedal",
    }
)
# What a controller is at while nothing was sent; the others are at 0. Source: General MIDI System
# Level 1, defaults, and MMA RP-015, reset of all controllers.
_AT_REST: Final[Mapping[int, int]] = MappingProxyType(
    {PITCH_BEND: BEND_CENTRE, VOLUME: 100, PAN: 64, EXPRESSION: 127}
)


@dataclass(frozen=True, slots=True)
class Stroke:
    """What was drawn, in the order of drawing: later parts replace earlier ones.

    Attributes:
        places: Ticks from the start of the clip and values, at least one; both may be anything.
        step_ticks: How far apart the points made of it are, at least 1.

    Raises:
        ValueError: Nothing was drawn, or the step is shorter than a tick.
    """

    places: Sequence[tuple[float, float]]
    step_ticks: int = STEP_TICKS

    def __post_init__(self) -> None:
        if not self.places or self.step_ticks < 1:
            raise ValueError("a stroke has a place, and steps of at least a tick")

    def values_by_step(self, n_steps: int) -> dict[int, float]:
        """Return the value drawn in each step passed, as far as it is among the first `n_steps`."""
        values: dict[int, float] = {}
        before_ticks, before = self.places[0]
        for at_ticks, value in self.places:
            first, last = int(before_ticks // self.step_ticks), int(at_ticks // self.step_ticks)
            span = max(1, abs(last - first))
            for step in range(max(0, min(first, last)), min(n_steps - 1, max(first, last)) + 1):
                values[step] = before + (value - before) * abs(step - first) / span
            if 0 <= last < n_steps:
                values[last] = value
            before_ticks, before = at_ticks, value
        return values


def controller_name(controller: int) -> str:
    """Return what a controller is called: `Mod wheel`, or `Controller 20` without a name."""
    return _NAMES.get(controller, f"Controller {controller}")


def highest_value(controller: int) -> int:
    """Return the highest value a controller can take; the lowest is 0."""
    return HIGHEST_BEND if controller == PITCH_BEND else HIGHEST_DATA


def value_at_rest(controller: int) -> int:
    """Return where a controller is as long as nobody moves it."""
    return _AT_REST.get(controller, 0)


def value_in_words(controller: int, value: int) -> str:
    """Return a value as musicians say it: `down`, `+50 %` of the bend, or the number."""
    if controller in SWITCHES:
        return "down" if value >= PEDAL_DOWN else "up"
    if controller == PITCH_BEND:
        off_centre = value - BEND_CENTRE
        furthest = BEND_CENTRE if off_centre < 0 else HIGHEST_BEND - BEND_CENTRE
        return f"{100 * off_centre / furthest:+.0f} %" if off_centre else "0 %"
    return str(value)


def controllers_of(clip: Clip | None) -> frozenset[int]:
    """Return which controllers are moved in a clip."""
    return frozenset(point.controller for point in clip.controls) if clip else frozenset()


def points_of(clip: Clip | None, controller: int) -> tuple[ControlPoint, ...]:
    """Return the points of one controller, in order."""
    points = clip.controls if clip is not None else ()
    return tuple(point for point in points if point.controller == controller)


def value_before(points: Sequence[ControlPoint], ticks: float, controller: int) -> int:
    """Return the value in force just before a place, by a controller's points in order."""
    index = bisect_left(points, ticks, key=_onset)
    return points[index - 1].value if index else value_at_rest(controller)


def with_drawn(clip: Clip, controller: int, stroke: Stroke) -> Clip:
    """Return a clip with a controller's line drawn over; after the stroke it is as it was before.

    Switches such as the pedal get only their two values.
    """
    step_ticks = stroke.step_ticks
    n_steps = -(-clip.length_ticks // step_ticks)
    values = stroke.values_by_step(n_steps)
    if not values:
        return clip
    earlier = points_of(clip, controller)
    start_ticks = min(values) * step_ticks
    end_ticks = min((max(values) + 1) * step_ticks, clip.length_ticks)
    last_value = value_before(earlier, start_ticks, controller)
    drawn: list[tuple[int, int]] = []
    for step, value in sorted(values.items()):
        in_range = _in_range(controller, value)
        if in_range != last_value:
            drawn.append((step * step_ticks, in_range))
            last_value = in_range
    if end_ticks < clip.length_ticks and not _starts_at(earlier, end_ticks):
        value_after = value_before(earlier, end_ticks, controller)
        if value_after != last_value:
            drawn.append((end_ticks, value_after))
    kept = (p for p in earlier if not start_ticks <= p.onset_ticks < end_ticks)
    return _with_line(clip, controller, (*kept, *_points(clip, controller, drawn)))


def with_point(clip: Clip, controller: int, onset_ticks: int, value: float) -> Clip:
    """Return a clip whose controller takes a value at a place, until its next point."""
    if not 0 <= onset_ticks < clip.length_ticks:
        return clip
    point = _points(clip, controller, [(onset_ticks, _in_range(controller, value))])
    kept = (p for p in points_of(clip, controller) if p.onset_ticks != onset_ticks)
    return _with_line(clip, controller, (*kept, *point))


def without_points(clip: Clip, controller: int, start_ticks: float, end_ticks: float) -> Clip:
    """Return a clip without a controller's points in [start, end); what was before holds on."""
    kept = tuple(
        point
        for point in points_of(clip, controller)
        if not start_ticks <= point.onset_ticks < end_ticks
    )
    return _with_line(clip, controller, kept)


def without_controller(clip: Clip, controller: int) -> Clip:
    """Return a clip in which a controller is never moved."""
    return _with_line(clip, controller, ())


def blocks_of(points: Sequence[ControlPoint], length_ticks: int) -> tuple[tuple[int, int], ...]:
    """Return where a switch is on, as ticks from and to, by its points in order."""
    blocks: list[tuple[int, int]] = []
    start_ticks: int | None = None
    for point in points:
        if point.value >= PEDAL_DOWN:
            start_ticks = point.onset_ticks if start_ticks is None else start_ticks
        elif start_ticks is not None:
            if point.onset_ticks > start_ticks:
                blocks.append((start_ticks, point.onset_ticks))
            start_ticks = None
    if start_ticks is not None and length_ticks > start_ticks:
        blocks.append((start_ticks, length_ticks))
    return tuple(blocks)


def _with_line(clip: Clip, controller: int, line: Iterable[ControlPoint]) -> Clip:
    """Return a clip with other points of one controller, cut to the clip and the pedal let up."""
    others = (point for point in clip.controls if point.controller != controller)
    line = _without_idle_end(tuple(line), clip.length_ticks - 1)
    controls = controls_within((*others, *line), 0, clip.length_ticks)
    return replace(clip, controls=controls)


def _without_idle_end(line: tuple[ControlPoint, ...], end_ticks: int) -> tuple[ControlPoint, ...]:
    """Return a line without a pedal let up at the end that is up already."""
    ordered = sorted(line, key=_onset)
    if not ordered or ordered[-1].controller != SUSTAIN or ordered[-1].onset_ticks != end_ticks:
        return line
    is_idle = value_before(ordered, end_ticks, SUSTAIN) < PEDAL_DOWN
    return tuple(ordered[:-1]) if is_idle and ordered[-1].value == 0 else line


def _points(
    clip: Clip, controller: int, values: Iterable[tuple[int, int]]
) -> tuple[ControlPoint, ...]:
    """Return points on the channel of those that are there, or of the notes."""
    like = next((p.channel for p in clip.controls if p.controller == controller), None)
    if like is None:
        like = clip.notes[0].channel if clip.notes else 0
    return tuple(ControlPoint(ticks, controller, value, like) for ticks, value in values)


def _in_range(controller: int, value: float) -> int:
    highest = highest_value(controller)
    if controller in SWITCHES:
        return highest if value >= PEDAL_DOWN else 0
    return min(max(round(value), 0), highest)


def _starts_at(points: Sequence[ControlPoint], ticks: int) -> bool:
    index = bisect_right(points, ticks, key=_onset) - 1
    return index >= 0 and points[index].onset_ticks == ticks


def _onset(point: ControlPoint) -> int:
    return point.onset_ticks
