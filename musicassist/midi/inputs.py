"""What MIDI inputs can do, real or fake."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from musicassist.errors import DeviceError
from musicassist.music.take import RawEvent

OnEvent = Callable[[str, RawEvent], None]
"""Called with the port's name and what arrived there; must return at once.

Thread: any; real ports call from rtmidi's threads.
"""


@dataclass(frozen=True, slots=True)
class PortsReport:
    """What has changed since the last look at the ports.

    Attributes:
        names: The ports listened to now (foreign text).
        appeared: Those not listened to before.
        vanished: Those listened to before, and gone now.
        problems: What went wrong for the first time.
    """

    names: tuple[str, ...]
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    problems: tuple[DeviceError, ...] = ()


class Inputs(Protocol):
    """All the keyboards there are."""

    def poll(self, now_ns: int) -> PortsReport | None:
        """Look after the ports; cheap enough to be called every few milliseconds.

        Args:
            now_ns: The monotonic clock, as `time.perf_counter_ns` tells it.

        Returns:
            What has changed, or None.
        """
        ...

    def close(self) -> None:
        """Let go of all ports; nothing arrives from then on."""
        ...
