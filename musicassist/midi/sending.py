"""What MIDI outputs can do, real or fake, and the clock that lets them send in time."""

import heapq
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from musicassist.errors import DeviceError
from musicassist.music.note import SUSTAIN
from musicassist.music.take import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, RawEvent

ALL_SOUND_OFF: Final = 120
ALL_NOTES_OFF: Final = 123

_KINDS_WITH_ONE_DATA_BYTE: Final = (0xC0, 0xD0)
_RELEASE_VELOCITY: Final = 64

# Windows wakes a waiting thread only every 16 ms, but a sleeping one in time.
_ROUGH_WAIT_NS: Final = 20_000_000 if sys.platform == "win32" else 0
_SHORT_SLEEP_S: Final = 0.001

_Message = tuple[int, int, int]  # status and two data bytes


@dataclass(frozen=True, slots=True)
class OutputReport:
    """What has changed at an output since the last look.

    Attributes:
        name: The port that is sent to, or was chosen to be; empty for none.
        is_open: Whether what is sent goes there now.
        problem: What went wrong, for the first time; None otherwise.
    """

    name: str
    is_open: bool
    problem: DeviceError | None = None


class Output(Protocol):
    """Where MIDI is sent to."""

    @property
    def name(self) -> str:
        """The port chosen (foreign text); empty for none."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether what is sent goes somewhere."""
        ...

    def choose(self, name: str, *, is_virtual: bool = False) -> None:
        """Send to another port from the next poll on; what the old one plays is silenced.

        Args:
            name: Of one of the system's outputs, or of the port to offer; empty for none.
            is_virtual: Whether to offer a port of that name that other programs can connect to.
        """
        ...

    def poll(self, now_ns: int) -> OutputReport | None:
        """Look after the port; return what has changed, or None."""
        ...

    def send(self, status: int, data1: int, data2: int = 0) -> None:
        """Send a channel message now; it is dropped while the port is not open."""
        ...

    def silence(self) -> None:
        """End every note sent that has not ended, and tell the receiver to be silent."""
        ...

    def close(self) -> None:
        """Silence the receiver and let go of the port."""
        ...


class Sounding:
    """Which notes were sent and not ended, and on which channels anything was sent.

    Thread: the caller sees to it that there is one at a time.
    """

    def __init__(self) -> None:
        self._notes: dict[tuple[int, int], None] = {}
        self._channels: set[int] = set()

    @property
    def n_notes(self) -> int:
        """How many notes have not ended."""
        return len(self._notes)

    def add(self, status: int, data1: int, data2: int) -> None:
        """Take note of a message that was sent."""
        kind, channel = status & 0xF0, status & 0x0F
        self._channels.add(channel)
        if kind == NOTE_ON and data2 > 0:
            self._notes[channel, data1] = None
        elif kind in (NOTE_ON, NOTE_OFF):
            self._notes.pop((channel, data1), None)

    def silence(self) -> Iterator[_Message]:
        """Yield what ends everything, and regard it as ended.

        Every note is ended by itself, since not every receiver knows the messages for all.
        """
        for channel, pitch in self._notes:
            yield NOTE_OFF | channel, pitch, _RELEASE_VELOCITY
        yield from silencing(sorted(self._channels))
        self._notes.clear()
        self._channels.clear()


def silencing(channels: Iterable[int]) -> Iterator[_Message]:
    """Yield what lets go of the pedal and ends everything on channels 0-15."""
    for channel in channels:
        for controller in (SUSTAIN, ALL_NOTES_OFF, ALL_SOUND_OFF):
            yield CONTROL_CHANGE | channel, controller, 0


def message_bytes(status: int, data1: int, data2: int) -> tuple[int, ...]:
    """Return a channel message as the bytes that are sent.

    Raises:
        ValueError: It is no channel message.
    """
    if not (0x80 <= status < 0xF0 and 0 <= data1 <= 127 and 0 <= data2 <= 127):
        raise ValueError(f"not a channel message: {status:#x} {data1} {data2}")
    if status & 0xF0 in _KINDS_WITH_ONE_DATA_BYTE:
        return status, data1
    return status, data1, data2


class Agenda:
    """What is to be sent when, soonest first; what is due together keeps its order.

    Thread: the caller sees to it that there is one at a time.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, _Message]] = []
        self._n_added = 0

    @property
    def next_ns(self) -> int | None:
        """When the next message is due; None when there is none."""
        return self._waiting[0][0] if self._waiting else None

    def add(self, event: RawEvent) -> None:
        """Put a message in its place."""
        self._n_added += 1
        message = (event.status, event.data1, event.data2)
        heapq.heappush(self._waiting, (event.time_ns, self._n_added, message))

    def take_due(self, now_ns: int) -> _Message | None:
        """Take out the next message if it is due."""
        if not self._waiting or self._waiting[0][0] > now_ns:
            return None
        return heapq.heappop(self._waiting)[2]

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()


class OutputClock:
    """Sends messages at the moments they are due, on a thread of its own.

    Sleeps until the next one is due; what comes too late is sent at once.

    Args:
        output: Where they are sent.
        now_ns: The clock the moments are of.

    Thread: any; `output.send` is called on the clock's own.
    """

    def __init__(self, output: Output, now_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._output = output
        self._now_ns = now_ns
        self._agenda = Agenda()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="midi output", daemon=True)
        self._thread.start()

    def schedule(self, events: Iterable[RawEvent]) -> None:
        """Send each event when its time has come.

        Raises:
            ValueError: One is no channel message.
        """
        with self._changed:
            before_ns = self._agenda.next_ns
            for event in events:
                message_bytes(event.status, event.data1, event.data2)  # here, not on the thread
                self._agenda.add(event)
            if self._agenda.next_ns != before_ns:
                self._changed.notify()

    def flush(self) -> None:
        """Forget what has not been sent; nothing more is being sent when this returns."""
        with self._changed:
            self._agenda.clear()

    def close(self) -> None:
        """Forget what has not been sent and end the thread."""
        with self._changed:
            self._agenda.clear()
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                # Sent under the lock, so that nothing is on its way when `flush` returns.
                while (message := self._agenda.take_due(self._now_ns())) is not None:
                    self._output.send(*message)
                if self._is_closed:
                    return
                next_ns = self._agenda.next_ns
                if next_ns is None:
                    self._changed.wait()
                    continue
                rest_ns = next_ns - self._now_ns()
                if rest_ns > _ROUGH_WAIT_NS:
                    self._changed.wait((rest_ns - _ROUGH_WAIT_NS) / 1e9)
                    continue
            time.sleep(min(max(rest_ns, 0) / 1e9, _SHORT_SLEEP_S))
