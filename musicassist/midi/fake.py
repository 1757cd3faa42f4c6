"""A keyboard without hardware: it plays a phrase by itself."""

from collections.abc import Iterable
from typing import Final

import mido

from musicassist.midi.inputs import OnEvent, PortsReport
from musicassist.midi.messages import raw_event
from musicassist.music.take import RawEvent

FAKE_PORT: Final = "Fake keyboard"

_SIXTEENTH_NS: Final = 125_000_000  # at 120 bpm

# Two bars in F minor: onset and length in sixteenths, pitch, velocity.
_DEMO_NOTES: Final = (
    (0, 3, 65, 92),
    (3, 1, 68, 74),
    (4, 2, 72, 98),
    (6, 2, 70, 80),
    (8, 1, 68, 84),
    (9, 1, 70, 72),
    (10, 2, 68, 88),
    (12, 4, 65, 78),
    (16, 2, 63, 82),
    (18, 2, 65, 86),
    (20, 3, 68, 95),
    (23, 1, 67, 70),
    (24, 2, 65, 83),
    (26, 2, 63, 76),
    (28, 4, 65, 90),
)
_DEMO_PEDAL: Final = ((12, 127), (15, 0))


def demo_phrase() -> tuple[RawEvent, ...]:
    """Return a short phrase with a touch of pedal, starting at 0 ns."""
    messages: list[tuple[int, mido.Message]] = []
    for onset, length, pitch, velocity in _DEMO_NOTES:
        on = mido.Message("note_on", note=pitch, velocity=velocity)
        off = mido.Message("note_off", note=pitch, velocity=64)
        messages += [
            (onset * _SIXTEENTH_NS, on),
            ((onset + length) * _SIXTEENTH_NS - 10_000_000, off),
        ]
    for place, value in _DEMO_PEDAL:
        pedal = mido.Message("control_change", control=64, value=value)
        messages.append((place * _SIXTEENTH_NS, pedal))
    events = [raw_event(message, time_ns) for time_ns, message in messages]
    return tuple(sorted(events, key=lambda event: event.time_ns))


class FakeInputs:
    """One keyboard that plays a script against the clock it is polled with.

    Args:
        on_event: Told of every event when its time has come.
        script: Events in order of time, counted from the first poll.
        lead_ns: How long before the first poll the script began; what was due by then arrives at
            once, stamped with the past.

    Thread: the one that polls.
    """

    def __init__(self, on_event: OnEvent, script: Iterable[RawEvent], lead_ns: int = 0) -> None:
        self._on_event = on_event
        self._waiting = list(script)
        self._lead_ns = lead_ns
        self._start_ns: int | None = None
        self._is_plugged = True
        self._was_plugged = False

    def poll(self, now_ns: int) -> PortsReport | None:
        """Play what is due; report the port when it was plugged in or pulled."""
        if self._start_ns is None:
            self._start_ns = now_ns - self._lead_ns
        while self._is_plugged and self._waiting:
            due_ns = self._start_ns + self._waiting[0].time_ns
            if due_ns > now_ns:
                break
            event = self._waiting.pop(0)
            self._on_event(FAKE_PORT, RawEvent(due_ns, event.status, event.data1, event.data2))
        if self._is_plugged == self._was_plugged:
            return None
        self._was_plugged = self._is_plugged
        if self._is_plugged:
            return PortsReport((FAKE_PORT,), appeared=(FAKE_PORT,))
        return PortsReport((), vanished=(FAKE_PORT,))

    def pull_plug(self) -> None:
        """Make the keyboard vanish; what it had still to play is never played."""
        self._is_plugged = False
        self._waiting.clear()

    def plug_in(self) -> None:
        """Bring the keyboard back."""
        self._is_plugged = True

    def close(self) -> None:
        """Play nothing more."""
        self._waiting.clear()
