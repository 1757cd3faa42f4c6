"""How a keyboard is played on: velocity curve, octave and transposition of one input port."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

CurveKind = Literal["soft", "linear", "hard", "fixed", "own"]

LARGEST_OCTAVE: Final = 4
LARGEST_TRANSPOSE: Final = 12

_EXPONENTS: Final = {"soft": 0.6, "linear": 1.0, "hard": 1.7}
_HIGHEST: Final = 127


@dataclass(frozen=True, slots=True)
class VelocityCurve:
    """What becomes of how hard a key is struck.

    Attributes:
        kind: `soft` makes a light touch loud, `hard` asks for a heavy one, `linear` changes
            nothing, `fixed` makes every note alike, and `own` follows `points`.
        fixed_velocity: What `fixed` makes of every note, 1-127.
        points: For `own`: (velocity struck, velocity heard), each 1-127, struck ones rising;
            between two points the way is straight, outside them it is level.

    Raises:
        ValueError: A field is out of range, or `own` has no points.
    """

    kind: CurveKind = "linear"
    fixed_velocity: int = 100
    points: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in get_args(CurveKind):
            raise ValueError(f"no kind of velocity curve: {self.kind!r}")
        if not 1 <= self.fixed_velocity <= _HIGHEST:
            raise ValueError(f"a velocity is 1-127: {self.fixed_velocity}")
        if self.kind == "own" and not self.points:
            raise ValueError("an own velocity curve has a point at least")
        if any(not 1 <= value <= _HIGHEST for point in self.points for value in point):
            raise ValueError(f"a velocity is 1-127: {self.points}")
        struck = [point[0] for point in self.points]
        if struck != sorted(set(struck)):
            raise ValueError(f"the points of a velocity curve rise: {self.points}")

    def apply(self, velocity: int) -> int:
        """Return the velocity heard, 1-127, for the one struck, 1-127."""
        if self.kind == "fixed":
            return self.fixed_velocity
        if self.kind == "own":
            return self._between_points(velocity)
        share: float = ((velocity - 1) / (_HIGHEST - 1)) ** _EXPONENTS[self.kind]
        return 1 + round((_HIGHEST - 1) * share)

    def _between_points(self, velocity: int) -> int:
        low = self.points[0]
        if velocity <= low[0]:
            return low[1]
        for high in self.points[1:]:
            if velocity <= high[0]:
                share = (velocity - low[0]) / (high[0] - low[0])
                return round(low[1] + share * (high[1] - low[1]))
            low = high
        return low[1]


@dataclass(frozen=True, slots=True)
class InputSettings:
    """How one MIDI input is listened to.

    Attributes:
        name: The port's name, as the ports' report gives it (foreign text).
        is_enabled: Whether it is listened to at all.
        velocity_curve: What becomes of velocities.
        octave: By how many octaves keys are moved, -4 to 4.
        transpose: By how many semitones more, -12 to 12.

    Raises:
        ValueError: A field is out of range.
    """

    name: str
    is_enabled: bool = True
    velocity_curve: VelocityCurve = VelocityCurve()
    octave: int = 0
    transpose: int = 0

    def __post_init__(self) -> None:
        if abs(self.octave) > LARGEST_OCTAVE:
            raise ValueError(f"an octave setting is -4 to 4: {self.octave}")
        if abs(self.transpose) > LARGEST_TRANSPOSE:
            raise ValueError(f"a transposition is -12 to 12 semitones: {self.transpose}")

    @property
    def shift(self) -> int:
        """By how many semitones keys are moved in all."""
        return 12 * self.octave + self.transpose
