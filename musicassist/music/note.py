"""A note, and the other things a player does while notes sound."""

from dataclasses import dataclass
from typing import Final

HIGHEST_DATA: Final = 127
HIGHEST_BEND: Final = 16383
BEND_CENTRE: Final = 8192

MOD_WHEEL: Final = 1
SUSTAIN: Final = 64
PITCH_BEND: Final = 128  # beyond the 128 control changes
CHANNEL_PRESSURE: Final = 129


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One sounding note on the musical time line.

    Attributes:
        onset_ticks: Start, 0 or later, from the start of its clip.
        duration_ticks: Length, at least 1.
        pitch: MIDI pitch 0-127; 60 is middle C.
        velocity: How hard it was struck, 1-127.
        channel: MIDI channel 0-15 (shown as 1-16).

    Raises:
        ValueError: A field is out of range.
    """

    onset_ticks: int
    duration_ticks: int
    pitch: int
    velocity: int = 90
    channel: int = 0

    def __post_init__(self) -> None:
        if self.onset_ticks < 0 or self.duration_ticks < 1:
            raise ValueError(f"a note starts at 0 or later and lasts at least a tick: {self}")
        if not (0 <= self.pitch <= HIGHEST_DATA and 1 <= self.velocity <= HIGHEST_DATA):
            raise ValueError(f"pitch is 0-127 and velocity 1-127: {self}")
        if not 0 <= self.channel <= 15:
            raise ValueError(f"channel is 0-15: {self}")

    @property
    def end_ticks(self) -> int:
        """The first tick at which the note no longer sounds."""
        return self.onset_ticks + self.duration_ticks


@dataclass(frozen=True, slots=True, order=True)
class ControlPoint:
    """A pedal, wheel, pressure or other controller taking a value.

    Attributes:
        onset_ticks: When, 0 or later, from the start of its clip.
        controller: Control change number 0-127, or `PITCH_BEND`, or `CHANNEL_PRESSURE`.
        value: 0-127; for `PITCH_BEND` 0-16383 with 8192 as centre.
        channel: MIDI channel 0-15.

    Raises:
        ValueError: A field is out of range.
    """

    onset_ticks: int
    controller: int
    value: int
    channel: int = 0

    def __post_init__(self) -> None:
        highest = HIGHEST_BEND if self.controller == PITCH_BEND else HIGHEST_DATA
        if self.onset_ticks < 0 or not 0 <= self.controller <= CHANNEL_PRESSURE:
            raise ValueError(f"a control point starts at 0 or later, controller 0-129: {self}")
        if not (0 <= self.value <= highest and 0 <= self.channel <= 15):
            raise ValueError(f"value is 0-{highest} and channel 0-15: {self}")
