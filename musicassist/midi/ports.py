"""Real MIDI inputs through rtmidi: all of them, as they come and go."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import rtmidi

from musicassist.errors import DeviceError, NoMidiError, PortBusyError
from musicassist.midi.inputs import OnEvent, PortsReport
from musicassist.midi.messages import MessageReader

CLIENT_NAME: Final = "MusicAssist"
POLL_NS: Final = 1_000_000_000
RETRY_NS: Final = 3_000_000_000
DOUBT_NS: Final = 10_000_000_000

_PortInfo = tuple[list[int], float]


class InputPort:
    """One open MIDI input.

    Args:
        api: rtmidi's number of the MIDI system.
        name: Name of the port to listen to; ports are never known by number, which changes.
        on_event: Told of every channel message.

    Raises:
        NoMidiError: The port has gone.
        PortBusyError: Another program holds it.

    Thread: made and closed by the main loop; messages arrive on a thread of rtmidi's.
    """

    def __init__(self, api: int, name: str, on_event: OnEvent) -> None:
        self.name = name
        self._on_event = on_event
        self._reader = MessageReader()
        try:
            self._midi_in = rtmidi.MidiIn(rtapi=api, name=CLIENT_NAME)
        except rtmidi.RtMidiError as problem:  # the MIDI system went away a moment ago
            raise self._has_gone() from problem
        try:
            self._open()
        except DeviceError:
            self._midi_in.delete()
            raise

    def _open(self) -> None:
        names = _ports_of(self._midi_in)
        if self.name not in names:
            raise self._has_gone()
        # SysEx, clock and active sensing are dropped in C, before they cost anything here.
        self._midi_in.ignore_types(sysex=True, timing=True, active_sense=True)
        self._midi_in.set_callback(self._on_rtmidi_message)
        try:
            self._midi_in.open_port(names.index(self.name), name="in")
        except (rtmidi.RtMidiError, ValueError) as problem:
            raise PortBusyError(
                f"Another program, perhaps your DAW, holds the MIDI input {self.name}.",
                "Switch it off there or close that program; it is tried again when plugged in.",
            ) from problem

    def _has_gone(self) -> NoMidiError:
        return NoMidiError(
            f"The MIDI input {self.name} has gone.", "Plug it in again; it is found by itself."
        )

    def _on_rtmidi_message(self, message: _PortInfo, _data: object = None) -> None:
        """Stamp a message and hand it on.

        Thread: rtmidi's.
        Realtime: no locks, no waiting.
        """
        time_ns = time.perf_counter_ns()
        for event in self._reader.feed(message[0], time_ns):
            self._on_event(self.name, event)

    def close(self) -> None:
        """Let go of the port."""
        # The callback goes first: rtmidi may otherwise call into an object half taken down.
        self._midi_in.cancel_callback()
        self._midi_in.close_port()
        self._midi_in.delete()


class InputPorts:
    """All MIDI inputs of this machine, opened as they appear.

    One probe is kept for as long as it works, since making a client costs a third of a second
    with JACK and leaks elsewhere. When all ports vanish at once the MIDI system itself may have
    gone, so the probe is then made anew, after everything else is closed; and so it is every
    `DOUBT_NS` while JACK shows no port, since a probe of a dead JACK server says just that.

    Args:
        on_event: Told of every channel message, on rtmidi's threads.

    Thread: one thread calls all methods.
    """

    def __init__(self, on_event: OnEvent) -> None:
        # A MIDI program that starts a JACK server of its own would take the sound card.
        os.environ.setdefault("JACK_NO_START_SERVER", "1")
        self._on_event = on_event
        self._probe: Any = None
        self._api = 0
        self._ports: dict[str, InputPort] = {}
        self._refused: set[str] = set()
        self._is_missing_reported = False
        self._next_look_ns = 0
        self._doubted_from_ns = 0

    def poll(self, now_ns: int) -> PortsReport | None:
        """Look for ports that came or went, once a second."""
        if now_ns < self._next_look_ns:
            return None
        self._next_look_ns = now_ns + POLL_NS
        problems: list[DeviceError] = []
        if self._probe is None and not self._make_probe(now_ns):
            self._next_look_ns = now_ns + RETRY_NS
            if self._is_missing_reported:
                return None
            self._is_missing_reported = True
            problems.append(
                NoMidiError(
                    "This computer's MIDI system cannot be reached.",
                    "Play on the on-screen keyboard, or start the MIDI system (ALSA or JACK).",
                )
            )
            return PortsReport((), problems=tuple(problems))
        names = self._find_names()
        vanished = tuple(name for name in self._ports if name not in names)
        for name in vanished:
            self._ports.pop(name).close()
        self._refused &= set(names)
        appeared = tuple(name for name in names if self._try_to_open(name, problems))
        if (vanished and not self._ports) or self._is_doubtful(names, now_ns):
            self._drop_probe()
        if not (vanished or appeared or problems):
            return None
        return PortsReport(tuple(self._ports), appeared, vanished, tuple(problems))

    def close(self) -> None:
        """Let go of all ports and of the MIDI system."""
        while self._ports:
            self._ports.popitem()[1].close()
        self._drop_probe()

    def _make_probe(self, now_ns: int) -> bool:
        """Find a MIDI system that answers; rtmidi's own choice fails where ALSA is missing."""
        for api in rtmidi.get_compiled_api():
            with _silenced_stderr(), suppress(rtmidi.RtMidiError):
                self._probe = rtmidi.MidiIn(rtapi=api, name=f"{CLIENT_NAME} probe")
                self._api = api
                self._doubted_from_ns = now_ns + DOUBT_NS
                self._is_missing_reported = False
                return True
        return False

    def _is_doubtful(self, names: list[str], now_ns: int) -> bool:
        """Return whether the probe may be one of a JACK server that has died: it finds nothing."""
        if names or self._api != rtmidi.API_UNIX_JACK:
            self._doubted_from_ns = now_ns + DOUBT_NS
        return now_ns >= self._doubted_from_ns

    def _drop_probe(self) -> None:
        if self._probe is not None:
            self._probe.delete()
            self._probe = None

    def _find_names(self) -> list[str]:
        names = _ports_of(self._probe)
        return [name for name in names if not name.startswith(CLIENT_NAME)]

    def _try_to_open(self, name: str, problems: list[DeviceError]) -> bool:
        if name in self._ports or name in self._refused:
            return False
        try:
            self._ports[name] = InputPort(self._api, name, self._on_event)
        except DeviceError as problem:
            self._refused.add(name)
            problems.append(problem)
            return False
        return True


def _ports_of(midi_in: Any) -> list[str]:
    try:
        names: list[str] = midi_in.get_ports()
    except rtmidi.RtMidiError:
        return []
    return names


@contextmanager
def _silenced_stderr() -> Iterator[None]:
    """Keep ALSA and JACK from writing to the terminal that they are not there."""
    kept_fd = os.dup(2)
    nowhere_fd = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere_fd, 2)
    os.close(nowhere_fd)
    try:
        yield
    finally:
        os.dup2(kept_fd, 2)
        os.close(kept_fd)
