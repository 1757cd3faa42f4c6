"""Real MIDI outputs through rtmidi: a port of the machine's, or one that we offer."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import rtmidi

from musicassist.errors import DeviceError, NoMidiError, PortBusyError
from musicassist.midi.clients import OutputClient, Place
from musicassist.midi.controllers import ControllerProfile
from musicassist.midi.names import CLIENT_NAME
from musicassist.midi.sending import OutputReport, Sounding, message_bytes
from musicassist.midi.system import RETRY_NS, MidiSystem

POLL_NS: Final = 250_000_000

OnSent = Callable[[int, int, int, int], None]
"""Called with status, data bytes and moment of every message just before it is sent."""


def light_port(profile: ControllerProfile, outputs: Iterable[str]) -> str | None:
    """Return the output that leads to the pads of a keyboard, if it is there and has lights."""
    if not profile.has_pad_lights:
        return None
    return next(
        (name for name in outputs if profile.fits(name) and not profile.ignores(name)), None
    )


class MidiOutput:
    """One MIDI output, sent to for as long as it is there and found again when it returns.

    Args:
        system: Shared with the inputs.
        on_sent: Told of every message, so that its echo can be known.
        now_ns: The clock `on_sent` is told by.

    Thread: the main loop; `send` and `silence` any.
    """

    def __init__(
        self,
        system: MidiSystem,
        on_sent: OnSent | None = None,
        now_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._system = system
        self._on_sent = on_sent
        self._now_ns = now_ns
        self._lock = threading.Lock()  # of what is sent, and of where
        self._client: OutputClient | None = None
        self._generation = system.generation
        self._sounding = Sounding()
        self._name = ""
        self._place: Place | None = None
        self._is_virtual = False
        self._is_told = False
        self._next_look_ns = 0
        self._next_try_ns = 0

    @property
    def name(self) -> str:
        """The port chosen (foreign text); empty for none."""
        return self._name

    @property
    def is_open(self) -> bool:
        """Whether what is sent goes somewhere."""
        return self._client is not None and self._generation == self._system.generation

    def choose(self, name: str, *, is_virtual: bool = False) -> None:
        """Send to another port from the next poll on; what the old one plays is silenced.

        Args:
            name: Of one of the system's outputs, or of the port to offer; empty for none.
            is_virtual: Whether to offer a port of that name that other programs can connect to.
        """
        if (name, is_virtual) == (self._name, self._is_virtual):
            return
        self.silence()
        self._let_go()
        self._sounding = Sounding()
        self._name, self._is_virtual = name, is_virtual
        self._is_told = False
        self._next_look_ns = self._next_try_ns = 0

    def poll(self, now_ns: int) -> OutputReport | None:
        """Look after the port every `POLL_NS`; return what has changed, or None."""
        if not self._name or now_ns < self._next_look_ns:
            return None
        self._next_look_ns = now_ns + POLL_NS
        is_there = self._system.look(now_ns)
        if self._generation != self._system.generation:
            with self._lock:
                self._client, self._generation = None, self._system.generation
            return self._lost() if not is_there else self._open(now_ns)
        if self._client is None:
            return self._open(now_ns)
        place = self._place if self._is_virtual else self._system.outputs().get(self._name)
        if place == self._place:
            return None
        self._let_go()
        return self._lost() if place is None else self._open(now_ns)

    def send(self, status: int, data1: int, data2: int = 0) -> None:
        """Send a channel message now; it is dropped while the port is not open.

        Raises:
            ValueError: It is no channel message.
        """
        message = message_bytes(status, data1, data2)
        with self._lock:
            if self._client is None:
                return
            if self._on_sent is not None:
                self._on_sent(status, data1, data2, self._now_ns())
            self._sounding.add(status, data1, data2)
            self._client.send(message)

    def silence(self) -> None:
        """End every note sent that has not ended, and tell the receiver to be silent."""
        with self._lock:
            self._end_all()

    def close(self) -> None:
        """Silence the receiver and let go of the port."""
        self.choose("")

    def _end_all(self) -> None:
        if self._client is None:  # kept for when the port is back
            return
        for message in self._sounding.silence():
            if self._on_sent is not None:
                self._on_sent(*message, self._now_ns())
            self._client.send(message)

    def _let_go(self) -> None:
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            self._system.take_back(client)

    def _lost(self) -> OutputReport:
        self._is_told = True
        return OutputReport(self._name, is_open=False, problem=_gone(self._name))

    def _open(self, now_ns: int) -> OutputReport | None:
        if now_ns < self._next_try_ns:
            return None
        try:
            client = self._try_to_open()
        except DeviceError as problem:
            if isinstance(problem, PortBusyError):
                self._next_try_ns = now_ns + RETRY_NS
            if self._is_told:
                return None
            self._is_told = True
            return OutputReport(self._name, is_open=False, problem=problem)
        self._is_told = False
        with self._lock:
            self._client = client
            self._end_all()  # what it played when it went
        return OutputReport(self._name, is_open=True)

    def _try_to_open(self) -> OutputClient:
        """Return a client that sends to the port chosen.

        Raises:
            NoMidiError: There is no such port now, or none can be offered here.
            PortBusyError: Another program holds it.
        """
        if self._is_virtual and self._system.name and not self._system.can_be_virtual:
            raise _no_virtual_ports()
        outputs = {} if self._is_virtual else self._system.outputs()
        if not self._is_virtual and self._name not in outputs:
            raise _gone(self._name)
        client = self._system.lend_output(self._name if self._is_virtual else "")
        try:
            if self._is_virtual:
                is_open = client.offer(self._name)
            else:
                self._place = outputs[self._name]
                is_open = client.open(outputs[self._name])
        except (rtmidi.RtMidiError, ValueError) as problem:
            self._system.take_back(client)
            raise _busy(self._name) from problem
        if not is_open:
            self._system.take_back(client)
            raise _gone(self._name)
        return client


def _gone(name: str) -> NoMidiError:
    return NoMidiError(
        f"The MIDI output {name} is not there.",
        "Plug it in or start the program it belongs to; it is found by itself.",
    )


def _busy(name: str) -> PortBusyError:
    return PortBusyError(
        f"The MIDI output {name} cannot be opened; another program, perhaps your DAW, may hold it.",
        "Switch it off there or close that program; it is tried again every few seconds.",
    )


def _no_virtual_ports() -> NoMidiError:
    return NoMidiError(
        "Windows lets no program offer a MIDI port of its own.",
        f"Install loopMIDI, make a port called {CLIENT_NAME} in it, and choose that port "
        "here and in your DAW.",
    )
