"""Clients of the MIDI system: rtmidi's objects, made safe to use again and to let go of."""

import gc
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import rtmidi

_HAND_OVER_S: Final = 0.003

OnMessage = Callable[[tuple[list[int], float], object], None]

Place = tuple[str, int]
"""Where a port is now: its name as the system gives it, and which one of that name, from 0."""


class InputClient:
    """A client of the MIDI system that can listen to one port at a time.

    Args:
        midi_in: rtmidi's object.

    Thread: the main loop.
    """

    def __init__(self, midi_in: Any) -> None:
        self._midi_in = midi_in
        self._is_listening = False
        self._kept: list[Any] = []

    def ports(self) -> list[str]:
        """Return the names of all ports, as the system gives them; none if it does not answer."""
        return [] if self._midi_in is None else _ports_of(self._midi_in)

    def open(self, place: Place, on_message: OnMessage) -> bool:
        """Listen to the port at a place; return False if it has gone.

        Raises:
            rtmidi.RtMidiError: It is there, and cannot be opened.
        """
        number = _number_of(place, self.ports())  # which may have changed since
        if number is None:
            return False
        # SysEx, clock and active sensing are dropped in C, before they cost anything here.
        self._midi_in.ignore_types(sysex=True, timing=True, active_sense=True)
        self._midi_in.set_callback(on_message)
        # WORKAROUND: python-rtmidi 1.5.8 frees what its callback is kept in as soon as that is
        # cancelled; one just waiting for the interpreter then crashes the process.
        self._kept = gc.get_referents(self._midi_in)
        self._is_listening = True
        self._midi_in.open_port(number, name="in")
        return True

    def close_port(self) -> None:
        """Stop listening; nothing arrives from then on."""
        if not self._is_listening:
            return
        self._is_listening = False
        # The callback goes first, and one that is waiting for the interpreter gets it: the driver
        # would wait for the callback's end below, and the callback for us.
        self._midi_in.cancel_callback()
        time.sleep(_HAND_OVER_S)
        self._midi_in.close_port()

    def delete(self) -> None:
        """Leave the MIDI system."""
        if self._midi_in is not None:
            self.close_port()
            self._midi_in.delete()
            self._midi_in = None
            self._kept.clear()


class OutputClient:
    """A client of the MIDI system that can send to one port at a time, or offer one.

    Args:
        midi_out: rtmidi's object.

    Attributes:
        virtual_name: Name of the port it offers; empty for none. Only deleting takes it back.

    Thread: any.
    """

    def __init__(self, midi_out: Any) -> None:
        self.virtual_name = ""
        self._midi_out = midi_out
        self._lock = threading.Lock()

    def ports(self) -> list[str]:
        """Return the names of all ports, as the system gives them; none if it does not answer."""
        with self._lock:
            return [] if self._midi_out is None else _ports_of(self._midi_out)

    def open(self, place: Place) -> bool:
        """Send to the port at a place; return False if it has gone.

        Raises:
            rtmidi.RtMidiError: It is there, and cannot be opened.
        """
        with self._lock:
            if self._midi_out is None:
                return False
            number = _number_of(place, _ports_of(self._midi_out))
            if number is None:
                return False
            self._midi_out.open_port(number, name="out")
            return True

    def offer(self, name: str) -> bool:
        """Offer a port of that name; return False if the MIDI system has gone.

        Raises:
            rtmidi.RtMidiError: It cannot be offered.
        """
        with self._lock:
            if self._midi_out is None:
                return False
            if self.virtual_name != name:
                self._midi_out.open_virtual_port(name)
                self.virtual_name = name
            return True

    def send(self, message: tuple[int, ...]) -> bool:
        """Send a message; return False if it could not be sent."""
        with self._lock:
            if self._midi_out is None:
                return False
            try:
                self._midi_out.send_message(message)
            except rtmidi.RtMidiError:
                return False
            return True

    def close_port(self) -> None:
        """Send nowhere; a port that is offered stays."""
        with self._lock:
            if self._midi_out is not None and not self.virtual_name:
                self._midi_out.close_port()

    def delete(self) -> None:
        """Leave the MIDI system; takes a second where a JACK server has died."""
        with self._lock:
            if self._midi_out is not None:
                self._midi_out.delete()
                self._midi_out = None


def _number_of(place: Place, names: list[str]) -> int | None:
    """Return the number of the port at a place among all ports; None if it has gone."""
    numbers = [number for number, name in enumerate(names) if name == place[0]]
    return numbers[place[1]] if place[1] < len(numbers) else None


def _ports_of(client: Any) -> list[str]:
    try:
        names: list[str] = client.get_ports()
    except rtmidi.RtMidiError:
        return []
    return names
