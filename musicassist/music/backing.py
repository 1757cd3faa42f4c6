"""The band behind phrase and solo: whether it plays, and how."""

from dataclasses import dataclass
from typing import Final

CHORDS_CHANNEL: Final = 2
BASS_CHANNEL: Final = 3
DRUM_CHANNEL: Final = 9

USUAL_FEEL: Final = "half-time-rock"


@dataclass(frozen=True, slots=True)
class Backing:
    """What accompanies a session.

    Attributes:
        feel_id: How it plays: the name of a file in `resources/feels`; one that is not known plays
            like the first there is.
        is_on: Whether it plays at all.
        seed: Same seed, same fills and hands; 0 or more.

    Raises:
        ValueError: The seed is below 0.
    """

    feel_id: str = USUAL_FEEL
    is_on: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"a seed is 0 or more: {self}")
