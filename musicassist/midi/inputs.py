"""What MIDI inputs can do, real or fake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from musicassist.errors import DeviceError
from musicassist.music.playing import InputSettings
from musicassist.music.take import RawEvent

OnEvent = Callable[[str, RawEvent], None]
"""Called with the port's name and what arrived there; must return at once.

Thread: any; real ports call from rtmidi's threads.
"""


@dataclass(frozen=True, slots=True)
class PortState:
    """One MIDI input as it stands.

    Attributes:
        name: Lasting: the same after the port was plugged in again (foreign text).
        is_open: Whether it is listened to.
        is_enabled: Whether the user wants it listened to.
        profile: Name of the controller profile that fits it.
        problem: Why it is not open although it is wanted, in one sentence; empty otherwise.
        is_ignored: Whether its profile says that nothing musical comes from it; it is never open.
    """

    name: str
    is_open: bool = True
    is_enabled: bool = True
    profile: str = ""
    problem: str = ""
    is_ignored: bool = False


@dataclass(frozen=True, slots=True)
class PortsReport:
    """What has changed since the last look at the ports.

    Attributes:
        names: The ports listened to now (foreign text).
        appeared: Those not listened to before.
        vanished: Those that were let go of, and with them what they held: pulled, switched off, or
            plugged in anew since the last look and then in `appeared` as well.
        problems: What went wrong for the first time.
        ports: All ports there are, listened to or not.
        pulled: Those of `vanished` that have gone from the machine.
    """

    names: tuple[str, ...]
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    problems: tuple[DeviceError, ...] = ()
    ports: tuple[PortState, ...] = ()
    pulled: tuple[str, ...] = ()


class Inputs(Protocol):
    """All the keyboards there are."""

    def configure(self, settings: Sequence[InputSettings]) -> None:
        """Say which ports are listened to; those not named are. Holds from the next poll on."""
        ...

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
