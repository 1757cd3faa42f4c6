"""MIDI learn: the next knob, button or pad that is moved is taken for an action."""

from dataclasses import dataclass
from typing import Final

from musicassist.midi.controllers import (
    ACTIONS,
    CONTINUOUS_ACTIONS,
    DRUM_CHANNEL,
    Control,
    ControlKind,
    ControllerProfile,
)
from musicassist.music.take import CONTROL_CHANGE, RawEvent

PROTECTED: Final = frozenset((0, 1, 6, 32, 38, 64, *range(96, 102), *range(120, 128)))
"""Controllers never learnt: banks, mod wheel, sustain, data entry and channel messages."""

SETTLE_NS: Final = 700_000_000

_PRESSED: Final = 127


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt, and where.

    Attributes:
        source: Name of the port.
        control: The control, with the action it was learnt for.
    """

    source: str
    control: Control


@dataclass(slots=True)
class _Candidate:
    source: str
    number: int
    channel: int
    first_value: int
    since_ns: int


class Learner:
    """Waits for the control that is to do an action.

    A knob is known by any message; what a button is shows in what follows: one that goes from 127
    back to 0 within `SETTLE_NS` was pressed and let go, one that does not sends 127 and 0 in turn.
    A pad is known by its note. Melody keys, `PROTECTED` controllers, and knobs where a button is
    asked for (or pads for what can be turned) are passed over.

    Args:
        action: A name in `ACTIONS`.

    Raises:
        ValueError: There is no such action.

    Thread: the main loop.
    """

    def __init__(self, action: str) -> None:
        if action not in ACTIONS:
            raise ValueError(f"no such action: {action!r}")
        self.action = action
        self._candidate: _Candidate | None = None
        self._knobs: set[tuple[str, int, int]] = set()  # known to be no buttons

    def hear(self, source: str, profile: ControllerProfile, event: RawEvent) -> Learnt | None:
        """Take in an event of a port; return what has been learnt from it, or None."""
        wants_knob = self.action in CONTINUOUS_ACTIONS
        if event.is_note_on:
            is_pad = event.channel in (profile.pad_channel, DRUM_CHANNEL)
            if wants_knob or not is_pad:
                return None
            return self._learn(source, "pad", event.data1, event.channel)
        if event.kind != CONTROL_CHANGE or event.data1 in PROTECTED:
            return None
        if wants_knob:
            return self._learn(source, "knob", event.data1, event.channel)
        return self._hear_button(source, event)

    def check(self, now_ns: int) -> Learnt | None:
        """Return what has been learnt because nothing more came, or None."""
        candidate = self._candidate
        if candidate is None or now_ns - candidate.since_ns < SETTLE_NS:
            return None
        return self._learn(candidate.source, "toggle", candidate.number, candidate.channel)

    def _hear_button(self, source: str, event: RawEvent) -> Learnt | None:
        place = (source, event.data1, event.channel)
        if place in self._knobs:
            return None
        candidate = self._candidate
        is_same = candidate is not None and place == (
            candidate.source,
            candidate.number,
            candidate.channel,
        )
        if event.data2 not in (0, _PRESSED):  # only what is turned stands in between
            self._knobs.add(place)
            if is_same:
                self._candidate = None
            return None
        if candidate is not None and is_same:
            if event.data2 == candidate.first_value:
                return None
            is_let_go = event.data2 == 0 and event.time_ns - candidate.since_ns < SETTLE_NS
            kind: ControlKind = "momentary" if is_let_go else "toggle"
            return self._learn(source, kind, event.data1, event.channel)
        if candidate is None:
            self._candidate = _Candidate(
                source, event.data1, event.channel, event.data2, event.time_ns
            )
        return None

    def _learn(self, source: str, kind: ControlKind, number: int, channel: int) -> Learnt:
        self._candidate = None
        # A keyboard switched to another channel keeps its knobs and buttons.
        is_usual_pad = kind == "pad" and channel == DRUM_CHANNEL
        where = channel if kind == "pad" and not is_usual_pad else None
        return Learnt(source, Control(kind, number, self.action, where))
