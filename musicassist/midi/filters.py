"""Keeps out what arrives twice: the same message from a twin port, and our own output's echo."""

import threading
from collections import deque
from typing import Final, Generic, TypeVar

from musicassist.music.note import BEND_CENTRE
from musicassist.music.take import (
    CHANNEL_PRESSURE_MESSAGE,
    CONTROL_CHANGE,
    NOTE_ON,
    PITCH_BEND_MESSAGE,
    RawEvent,
)

TWIN_NS: Final = 8_000_000
ECHO_NS: Final = 30_000_000

_POLY_PRESSURE_MESSAGE: Final = 0xA0

_Note = TypeVar("_Note")
_Message = tuple[int, int, int]
_Place = tuple[str, int, int]


class InputFilter:
    """Decides which of the arriving messages are news.

    Two rules drop a message: another port brought the same one within `TWIN_NS`, each of its
    messages having one twin at most on every other port; or we sent it ourselves within `ECHO_NS`,
    each message sent having one echo.

    What ends something is never judged by time. A note-off, or a control that goes back to rest,
    passes if what it ends had passed on the same port, and is dropped if that had been dropped; so
    no note that has passed can hang, and the end of a twin's note does not end the note that
    passed.

    Thread: any; rtmidi's threads, the output's and the main loop share one filter.
    Realtime: a lock held for some microseconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: _Memory[set[str]] = _Memory(TWIN_NS)  # the ports it was seen at
        self._sent: _Memory[None] = _Memory(ECHO_NS)
        self._held: set[_Place] = set()  # passed, and not ended yet
        self._shadows: set[_Place] = set()  # dropped, and not ended yet

    def admits(self, source: str, event: RawEvent) -> bool:
        """Return whether an event that arrived at a port is news.

        Args:
            source: Name of the port.
            event: What arrived; ports may be some milliseconds out of order among each other.
        """
        message = (event.status, event.data1, event.data2)
        place = (source, *_control_of(event))
        is_end = _is_end(event)
        with self._lock:
            if is_end and place in self._held:
                self._held.discard(place)
                self._remember(source, message, event.time_ns)
                return True
            is_dropped = self._is_echo(message, event.time_ns)
            if is_dropped:  # its twin on another port is an echo as well
                self._remember(source, message, event.time_ns)
            else:
                is_dropped = self._is_twin(source, message, event.time_ns)
            if is_end:
                is_dropped |= place in self._shadows
                self._shadows.discard(place)
            elif not is_dropped:
                self._held.add(place)
                self._shadows.discard(place)
            elif place not in self._held:
                self._shadows.add(place)
            if not is_dropped:
                self._remember(source, message, event.time_ns)
            return not is_dropped

    def sent(self, status: int, data1: int, data2: int, time_ns: int) -> None:
        """Take note of a message just sent through a MIDI output."""
        with self._lock:
            self._sent.add(time_ns, (status, data1, data2), None)

    def _remember(self, source: str, message: _Message, time_ns: int) -> None:
        self._recent.add(time_ns, message, {source})

    def _is_echo(self, message: _Message, time_ns: int) -> bool:
        for each in self._sent.find(message, time_ns):
            if each[0] <= time_ns:
                self._sent.forget(message, each)
                return True
        return False

    def _is_twin(self, source: str, message: _Message, time_ns: int) -> bool:
        for _, seen_at in self._recent.find(message, time_ns):
            if source not in seen_at:
                seen_at.add(source)
                return True
        return False


class _Memory(Generic[_Note]):
    """Messages of the last moment, each with a note, found without looking at all of them.

    Args:
        kept_ns: How long they are kept.
    """

    def __init__(self, kept_ns: int) -> None:
        self._kept_ns = kept_ns
        self._order: deque[tuple[int, _Message]] = deque()
        self._by_message: dict[_Message, deque[tuple[int, _Note]]] = {}

    def __len__(self) -> int:
        return len(self._order)

    def add(self, time_ns: int, message: _Message, note: _Note) -> None:
        """Keep a message, and forget those that are too old by then."""
        self._order.append((time_ns, message))
        self._by_message.setdefault(message, deque()).append((time_ns, note))
        while time_ns - self._order[0][0] > self._kept_ns:
            oldest_ns, oldest = self._order.popleft()
            same = self._by_message.get(oldest)
            if same and same[0][0] == oldest_ns:  # one that was forgotten early is not there
                same.popleft()
                if not same:
                    del self._by_message[oldest]

    def find(self, message: _Message, time_ns: int) -> list[tuple[int, _Note]]:
        """Return moment and note of each such message not too far from a moment, oldest first."""
        same = self._by_message.get(message)
        if not same:
            return []
        return [each for each in same if abs(time_ns - each[0]) <= self._kept_ns]

    def forget(self, message: _Message, found: tuple[int, _Note]) -> None:
        """Forget one that was found."""
        same = self._by_message[message]
        same.remove(found)
        if not same:
            del self._by_message[message]


def _control_of(event: RawEvent) -> tuple[int, int]:
    """Return what an event moves: a key, a controller, a wheel."""
    if event.is_note_on or event.is_note_off:
        return NOTE_ON | event.channel, event.data1
    if event.kind in (CONTROL_CHANGE, _POLY_PRESSURE_MESSAGE):
        return event.status, event.data1
    return event.status, 0


def _is_end(event: RawEvent) -> bool:
    """Return whether an event lets go of something."""
    if event.kind in (CONTROL_CHANGE, _POLY_PRESSURE_MESSAGE):
        return event.data2 == 0
    if event.kind == PITCH_BEND_MESSAGE:
        return event.data1 | event.data2 << 7 == BEND_CENTRE
    if event.kind == CHANNEL_PRESSURE_MESSAGE:
        return event.data1 == 0
    return event.is_note_off
