"""MIDI bytes and named messages turned into raw events."""

from collections.abc import Sequence
from typing import Final

import mido

from musicassist.music.take import RawEvent

_FIRST_STATUS: Final = 0x80
_FIRST_SYSTEM: Final = 0xF0
_FIRST_REAL_TIME: Final = 0xF8
_KINDS_WITH_ONE_DATA_BYTE: Final = (0xC0, 0xD0)


class MessageReader:
    """Finds the channel messages in what one port sends.

    Understands running status (a status byte left out because it is the last one's), and
    real-time bytes in between. System messages are passed over byte by byte and nothing of them
    is kept, so that an endless SysEx costs no memory.

    Thread: each port's callback has its own reader.
    Realtime: no locks, no waiting.
    Source: MIDI 1.0 Detailed Specification 4.2, appendix A, "Running status".
    """

    def __init__(self) -> None:
        self._status = 0
        self._first_data: int | None = None

    def feed(self, data: Sequence[int], time_ns: int) -> list[RawEvent]:
        """Return the messages that are complete after these bytes.

        Args:
            data: Bytes 0-255 as the port handed them over.
            time_ns: The moment they arrived, given to every message they complete.
        """
        events: list[RawEvent] = []
        for byte in data:
            if byte >= _FIRST_REAL_TIME:
                continue
            if byte >= _FIRST_STATUS:
                self._status = byte if byte < _FIRST_SYSTEM else 0
                self._first_data = None
            elif self._status == 0:
                continue
            elif self._status & 0xF0 in _KINDS_WITH_ONE_DATA_BYTE:
                events.append(RawEvent(time_ns, self._status, byte))
            elif self._first_data is None:
                self._first_data = byte
            else:
                events.append(RawEvent(time_ns, self._status, self._first_data, byte))
                self._first_data = None
        return events


def raw_event(message: mido.Message, time_ns: int) -> RawEvent:
    """Return a named channel message as a raw event.

    Raises:
        ValueError: It is no channel message.
    """
    data = message.bytes()
    if not _FIRST_STATUS <= data[0] < _FIRST_SYSTEM:
        raise ValueError(f"not a channel message: {message}")
    return RawEvent(time_ns, *data)
