"""Real MIDI inputs through rtmidi: all of them, as they come and go."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import rtmidi

from musicassist.errors import DeviceError, NoMidiError, PortBusyError
from musicassist.midi.clients import InputClient, OnMessage, Place
from musicassist.midi.controllers import ControllerProfile
from musicassist.midi.inputs import OnEvent, PortsReport, PortState
from musicassist.midi.messages import MessageReader
from musicassist.midi.names import are_twins
from musicassist.midi.profiles import load_profiles
from musicassist.midi.system import RETRY_NS, MidiSystem
from musicassist.music.playing import InputSettings

POLL_NS: Final = 250_000_000


@dataclass(slots=True)
class _OpenPort:
    place: Place
    client: InputClient


class InputPorts:
    """All MIDI inputs of this machine, opened as they appear.

    Names are asked for every `POLL_NS`; a port that another program holds is tried again every
    `RETRY_NS`. One that lost its connection to us, because it came back between two looks or
    another program parted us, is opened anew: who does not want it switches it off. Making this
    object finds the MIDI system, which must be before the sound starts.

    Args:
        on_event: Told of every channel message, on rtmidi's threads.
        system: Shared with the outputs; an own one if there are none.
        profile_for: Returns the controller profile for a port of a name; the packaged ones if
            not given.

    Thread: one thread calls all methods.
    """

    def __init__(
        self,
        on_event: OnEvent,
        system: MidiSystem | None = None,
        profile_for: Callable[[str], ControllerProfile] | None = None,
    ) -> None:
        self._on_event = on_event
        self._owns_system = system is None
        self._system = system or MidiSystem()
        self._profile_for = profile_for or load_profiles().for_port
        self._disabled: frozenset[str] = frozenset()
        self._generation = self._system.generation
        self._ports: dict[str, _OpenPort] = {}
        self._busy: dict[str, tuple[int, str]] = {}  # when to try again, and what is wrong
        self._states: tuple[PortState, ...] = ()
        self._is_missing_told = False
        self._next_look_ns = 0

    def configure(self, settings: Sequence[InputSettings]) -> None:
        """Say which ports are listened to; those not named are. Holds from the next poll on."""
        self._disabled = frozenset(each.name for each in settings if not each.is_enabled)
        self._next_look_ns = 0

    def poll(self, now_ns: int) -> PortsReport | None:
        """Look for ports that came or went, every `POLL_NS`."""
        if now_ns < self._next_look_ns:
            return None
        self._next_look_ns = now_ns + POLL_NS
        problems: list[DeviceError] = []
        is_there = self._system.look(now_ns)
        vanished = self._forget_the_dead()
        # Asked before the names, so that one which is just going is found to have gone.
        parted = {n for n, port in self._ports.items() if self._system.is_parted(port.client)}
        there = self._system.inputs() if is_there else {}
        if not is_there and not self._is_missing_told:
            problems.append(_no_midi())
        self._is_missing_told = not is_there
        pulled = tuple(name for name in self._ports if name not in there)
        pulled = vanished + pulled
        left = tuple(
            name
            for name in self._ports
            if name in there
            # Of two keyboards of one name nobody can tell which has gone.
            and (
                name in parted
                or self._must_leave(name, there)
                or any(are_twins(name, gone) for gone in pulled)
            )
        )
        vanished = pulled + left
        for name in vanished:
            self._close(name)
        self._busy = {name: busy for name, busy in self._busy.items() if name in there}
        appeared = tuple(
            name for name in there if self._try_to_open(name, there[name], now_ns, problems)
        )
        return self._report(there, appeared, vanished, pulled, problems)

    def close(self) -> None:
        """Let go of all ports, and of the MIDI system if it is not shared."""
        for name in tuple(self._ports):
            self._close(name)
        if self._owns_system:
            self._system.let_go()

    def _wants(self, name: str) -> bool:
        return name not in self._disabled and not self._profile_for(name).ignores(name)

    def _must_leave(self, name: str, there: dict[str, Place]) -> bool:
        """Return whether a port is to be closed: it is not wanted, or was plugged in anew."""
        return not self._wants(name) or self._ports[name].place != there[name]

    def _forget_the_dead(self) -> tuple[str, ...]:
        """Forget the ports of a MIDI system that has died; return their names."""
        if self._generation == self._system.generation:
            return ()
        self._generation = self._system.generation
        vanished = tuple(self._ports)
        self._ports.clear()
        return vanished

    def _close(self, name: str) -> None:
        port = self._ports.pop(name, None)
        if port is not None:
            self._system.take_back(port.client)

    def _try_to_open(
        self, name: str, place: Place, now_ns: int, problems: list[DeviceError]
    ) -> bool:
        """Open a port that is wanted and not open; return whether it is now."""
        retry_ns, _ = self._busy.get(name, (now_ns, ""))
        if name in self._ports or now_ns < retry_ns or not self._wants(name):
            return False
        try:
            client = self._client_on(name, place)
        except DeviceError as problem:
            if name not in self._busy:
                problems.append(problem)
            self._busy[name] = (now_ns + RETRY_NS, problem.what)
            return False
        if client is None:
            return False
        self._busy.pop(name, None)
        self._ports[name] = _OpenPort(place, client)
        return True

    def _client_on(self, name: str, place: Place) -> InputClient | None:
        """Return a client that listens to a port; None if the port has just gone.

        Raises:
            NoMidiError: There is no client to be had.
            PortBusyError: Another program holds the port.
        """
        client = self._system.lend_input()
        try:
            if self._system.connect(client, place, self._reader_for(name)):
                return client
        except (rtmidi.RtMidiError, ValueError) as problem:
            self._system.take_back(client)
            raise _busy(name) from problem
        self._system.take_back(client)
        return None

    def _reader_for(self, name: str) -> OnMessage:
        """Return what rtmidi calls with the messages of a port."""
        reader = MessageReader()
        on_event = self._on_event

        def on_message(message: tuple[list[int], float], _data: object = None) -> None:
            time_ns = time.perf_counter_ns()
            for event in reader.feed(message[0], time_ns):
                on_event(name, event)

        return on_message

    def _report(
        self,
        there: dict[str, Place],
        appeared: tuple[str, ...],
        vanished: tuple[str, ...],
        pulled: tuple[str, ...],
        problems: list[DeviceError],
    ) -> PortsReport | None:
        states = tuple(self._state_of(name) for name in there)
        if states == self._states and not (appeared or vanished or problems):
            return None
        self._states = states
        names = tuple(self._ports)
        return PortsReport(names, appeared, vanished, tuple(problems), states, pulled)

    def _state_of(self, name: str) -> PortState:
        profile = self._profile_for(name)
        _, problem = self._busy.get(name, (0, ""))
        is_enabled, is_ignored = name not in self._disabled, profile.ignores(name)
        is_wanted = is_enabled and not is_ignored
        return PortState(
            name,
            name in self._ports,
            is_enabled,
            profile.name,
            problem if is_wanted else "",
            is_ignored,
        )


def _no_midi() -> NoMidiError:
    return NoMidiError(
        "This computer's MIDI system cannot be reached.",
        "Play on the on-screen keyboard, or start the MIDI system (ALSA or JACK); "
        "it is found by itself.",
    )


def _busy(name: str) -> PortBusyError:
    return PortBusyError(
        f"Another program, perhaps your DAW, holds the MIDI input {name}.",
        "Switch it off there or close that program; it is tried again every few seconds.",
    )
