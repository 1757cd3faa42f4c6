"""How controls stand at rest, where they do nothing."""

from collections.abc import Mapping
from typing import Final

from musicassist.audio.synth import (
    EXPRESSION,
    PAN,
    RESTING_EXPRESSION,
    RESTING_PAN,
    RESTING_VOLUME,
    VOLUME,
)
from musicassist.music.note import BEND_CENTRE, MOD_WHEEL, SUSTAIN
from musicassist.music.take import (
    CHANNEL_PRESSURE_MESSAGE,
    CONTROL_CHANGE,
    PITCH_BEND_MESSAGE,
    RawEvent,
)

POLY_PRESSURE: Final = 0xA0
SOSTENUTO: Final = 66
SOFT_PEDAL: Final = 67

NO_CONTROLLER: Final = -1  # of messages that name none
RELEASE_VELOCITY: Final = 64

AT_REST: Final[Mapping[tuple[int, int], tuple[int, int]]] = {
    (CONTROL_CHANGE, SUSTAIN): (SUSTAIN, 0),
    (CONTROL_CHANGE, SOSTENUTO): (SOSTENUTO, 0),
    (CONTROL_CHANGE, SOFT_PEDAL): (SOFT_PEDAL, 0),
    (CONTROL_CHANGE, MOD_WHEEL): (MOD_WHEEL, 0),
    (CONTROL_CHANGE, VOLUME): (VOLUME, RESTING_VOLUME),
    (CONTROL_CHANGE, PAN): (PAN, RESTING_PAN),
    (CONTROL_CHANGE, EXPRESSION): (EXPRESSION, RESTING_EXPRESSION),
    (PITCH_BEND_MESSAGE, NO_CONTROLLER): (BEND_CENTRE & 0x7F, BEND_CENTRE >> 7),
    (CHANNEL_PRESSURE_MESSAGE, NO_CONTROLLER): (0, 0),
}
"""Data bytes at rest, by kind of message and controller number; others have no rest."""

ControlKey = tuple[int, int]
"""Status byte and controller number (of poly pressure the pitch), or `NO_CONTROLLER`."""

_NUMBERED_KINDS: Final = (CONTROL_CHANGE, POLY_PRESSURE)


def control_key(status: int, data1: int) -> ControlKey:
    """Return which control a message moves."""
    return status, data1 if status & 0xF0 in _NUMBERED_KINDS else NO_CONTROLLER


def is_at_rest(event: RawEvent) -> bool:
    """Return whether a movement brings its control to rest; 0 is at rest where no rest is known."""
    _, number = control_key(event.status, event.data1)
    rest = AT_REST.get((event.kind, number))
    if rest is not None:
        return (event.data1, event.data2) == rest
    return event.data2 == 0
