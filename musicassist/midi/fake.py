"""MIDI without hardware: a keyboard that plays by itself, an output that keeps what it is sent."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import mido

from musicassist.midi.controllers import DRUM_CHANNEL
from musicassist.midi.inputs import OnEvent, PortsReport, PortState
from musicassist.midi.messages import raw_event
from musicassist.midi.sending import OutputReport, Sounding, message_bytes
from musicassist.music.playing import InputSettings
from musicassist.music.take import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, RawEvent

FAKE_PORT: Final = "Fake keyboard"
FAKE_V49: Final = "V49:V49 MIDI 1"
FAKE_OUTPUT_PORT: Final = "Fake MIDI output"

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


def v49_demo() -> tuple[RawEvent, ...]:
    """Return every control of an Alesis V49 moved in turn, starting at 0 ns.

    Knobs are turned up, buttons pressed twice, pads and a key struck, wheel and pedal moved.
    """
    messages: list[tuple[int, int, int]] = []
    for knob in range(20, 24):
        messages += [(CONTROL_CHANGE, knob, value) for value in (1, 64, 127)]
    for button in range(48, 52):
        messages += [(CONTROL_CHANGE, button, value) for value in (127, 0)]
    for pad in (49, 41, 42, 46, 36, 37, 38, 39):
        messages += [(NOTE_ON | DRUM_CHANNEL, pad, 100), (NOTE_OFF | DRUM_CHANNEL, pad, 0)]
    messages += [(NOTE_ON, 60, 90), (CONTROL_CHANGE, 1, 30), (CONTROL_CHANGE, 64, 127)]
    messages += [(NOTE_OFF, 60, 64), (CONTROL_CHANGE, 64, 0), (CONTROL_CHANGE, 1, 0)]
    return tuple(
        RawEvent(place * _SIXTEENTH_NS, *message) for place, message in enumerate(messages)
    )


class FakeInputs:
    """One keyboard that plays a script against the clock it is polled with.

    Args:
        on_event: Told of every event when its time has come.
        script: Events in order of time, counted from the first poll.
        lead_ns: How long before the first poll the script began; what was due by then arrives at
            once, stamped with the past.
        port: Name of its port.
        profile: Name of its controller profile.

    Thread: the one that polls.
    """

    def __init__(
        self,
        on_event: OnEvent,
        script: Iterable[RawEvent],
        lead_ns: int = 0,
        *,
        port: str = FAKE_PORT,
        profile: str = "Generic",
    ) -> None:
        self._on_event = on_event
        self._waiting = list(script)
        self._lead_ns = lead_ns
        self._port = port
        self._profile = profile
        self._start_ns: int | None = None
        self._is_plugged = True
        self._is_enabled = True
        self._was_open = False
        self._states: tuple[PortState, ...] = ()

    def configure(self, settings: Sequence[InputSettings]) -> None:
        """Say whether the keyboard is listened to; what it plays meanwhile is lost."""
        self._is_enabled = all(each.is_enabled for each in settings if each.name == self._port)

    def poll(self, now_ns: int) -> PortsReport | None:
        """Play what is due; report the port when it was plugged in, pulled or switched."""
        if self._start_ns is None:
            self._start_ns = now_ns - self._lead_ns
        while self._is_plugged and self._waiting:
            due_ns = self._start_ns + self._waiting[0].time_ns
            if due_ns > now_ns:
                break
            event = self._waiting.pop(0)
            if self._is_enabled:
                self._on_event(self._port, RawEvent(due_ns, event.status, event.data1, event.data2))
        return self._report()

    def _report(self) -> PortsReport | None:
        is_open = self._is_plugged and self._is_enabled
        state = PortState(self._port, is_open, self._is_enabled, self._profile)
        states = (state,) if self._is_plugged else ()
        if states == self._states:
            return None
        was_open, self._was_open, self._states = self._was_open, is_open, states
        port = (self._port,)
        return PortsReport(
            names=port if is_open else (),
            appeared=port if is_open and not was_open else (),
            vanished=port if was_open and not is_open else (),
            ports=states,
            pulled=port if was_open and not self._is_plugged else (),
        )

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


class RecordingOutput:
    """A MIDI output that keeps what it is sent, and when.

    Args:
        now_ns: The clock the moments are of.
        on_sent: Told of every message, as with a real output.

    Attributes:
        sent: Every message, in order; `clear` it as you like.

    Thread: any.
    """

    def __init__(
        self,
        now_ns: Callable[[], int] = time.perf_counter_ns,
        on_sent: Callable[[int, int, int, int], None] | None = None,
    ) -> None:
        self.sent: list[RawEvent] = []
        self._now_ns = now_ns
        self._on_sent = on_sent
        self._lock = threading.Lock()
        self._sounding = Sounding()
        self._name = FAKE_OUTPUT_PORT
        self._is_plugged = True
        self._was_open = False

    @property
    def name(self) -> str:
        """The port chosen; empty for none."""
        return self._name

    @property
    def is_open(self) -> bool:
        """Whether what is sent is kept."""
        return self._is_plugged and self._name != ""

    @property
    def n_sounding(self) -> int:
        """How many notes were sent and not ended."""
        return self._sounding.n_notes

    def choose(self, name: str, *, is_virtual: bool = False) -> None:  # noqa: ARG002
        """Take another name; what plays is silenced. None: nothing is kept."""
        if name != self._name:
            self.silence()
            self._name, self._was_open = name, False

    def poll(self, now_ns: int) -> OutputReport | None:  # noqa: ARG002
        """Report the port when it was plugged in or pulled."""
        if self.is_open == self._was_open:
            return None
        self._was_open = self.is_open
        return OutputReport(self._name, self.is_open)

    def send(self, status: int, data1: int, data2: int = 0) -> None:
        """Keep a channel message.

        Raises:
            ValueError: It is no channel message.
        """
        message_bytes(status, data1, data2)
        with self._lock:
            if self.is_open:
                self._sounding.add(status, data1, data2)
                self._keep(status, data1, data2)

    def silence(self) -> None:
        """End every note sent that has not ended, as a real output does."""
        with self._lock:
            if self.is_open:
                for message in self._sounding.silence():
                    self._keep(*message)

    def pull_plug(self) -> None:
        """Make the port vanish."""
        self._is_plugged = False

    def plug_in(self) -> None:
        """Bring the port back; what it played when it went is silenced."""
        self._is_plugged = True
        self.silence()

    def close(self) -> None:
        """Silence it and keep nothing more."""
        self.choose("")

    def _keep(self, status: int, data1: int, data2: int) -> None:
        now_ns = self._now_ns()
        if self._on_sent is not None:
            self._on_sent(status, data1, data2, now_ns)
        self.sent.append(RawEvent(now_ns, status, data1, data2))
