"""The MIDI system of this machine: found, watched, and let go of when it dies."""

import contextlib
import os
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import rtmidi

from musicassist.errors import NoMidiError
from musicassist.midi.clients import InputClient, OnMessage, OutputClient, Place
from musicassist.midi.jack_graph import JackGraph
from musicassist.midi.names import CLIENT_NAME, is_ours, lasting_names

RETRY_NS: Final = 2_000_000_000
N_SPARE_INPUTS: Final = 3

_NAMES: Final = {
    rtmidi.API_LINUX_ALSA: "ALSA",
    rtmidi.API_UNIX_JACK: "JACK",
    rtmidi.API_MACOSX_CORE: "CoreMIDI",
    rtmidi.API_WINDOWS_MM: "Windows MM",
}
_DESCRIPTORS: Final = Path("/proc/self/fd")
_N_OUTPUTS: Final = 2  # the one chosen, and the lights of a controller


class MidiSystem:
    """The MIDI system of this machine, with every client that was made of it.

    Clients are made early and lent out. Making one takes 12 ms and more with JACK, during which no
    Python runs in this process; and JACK waits for the process's other clients meanwhile, so that
    with sound or MIDI callbacks of ours in Python both stand still for seconds. Opening a port on
    a client that is there takes 2 ms and waits for nobody. Therefore, with JACK, all clients are
    made when the system is found, which must be before the sound starts: one for every input there
    is, and `N_SPARE_INPUTS` more.

    One object per process: when the system dies, as a JACK server can, all clients must go before
    a new one is made, or the process crashes. Whoever was lent a client therefore looks at
    `generation`, which grows when all have gone.

    Thread: the main loop.
    Source: measured with jackd 1.9.21 and python-rtmidi 1.5.8; it keeps the interpreter's lock.
    """

    def __init__(self) -> None:
        # A MIDI program that starts a JACK server of its own would take the sound card.
        os.environ.setdefault("JACK_NO_START_SERVER", "1")
        self.generation = 0
        self._api: int | None = None
        self._probe: InputClient | None = None
        self._output_probe: OutputClient | None = None
        self._free_inputs: list[InputClient] = []
        self._free_outputs: list[OutputClient] = []
        self._clients: list[InputClient | OutputClient] = []
        self._line = _LifeLine(frozenset())
        self._graph: JackGraph | None = None
        self._wires: dict[InputClient, tuple[str, frozenset[str]]] = {}
        self._next_try_ns = 0
        self.find()

    @property
    def name(self) -> str:
        """ALSA, JACK, CoreMIDI or Windows MM; empty when there is none."""
        return "" if self._api is None else _NAMES[self._api]

    @property
    def can_be_virtual(self) -> bool:
        """Whether programs may offer ports of their own here."""
        return self._api not in (None, rtmidi.API_WINDOWS_MM)

    def look(self, now_ns: int) -> bool:
        """Return whether the system is there; find it, or let go of it when it has died.

        Costs some microseconds while it is there, and is tried every `RETRY_NS` while it is not.
        """
        if self._probe is not None and self._line.is_cut():
            self.let_go()
            self._next_try_ns = now_ns
        if self._probe is None and now_ns >= self._next_try_ns:
            self._next_try_ns = now_ns + RETRY_NS
            self.find()
        return self._probe is not None

    def find(self) -> None:
        """Find a MIDI system that answers; rtmidi's own choice fails where ALSA is missing."""
        for api in rtmidi.get_compiled_api():
            if api not in _NAMES:  # rtmidi's dummy, say
                continue
            before = _sockets()
            self._api = api
            try:
                self._probe = self._make_input()
                self._line = _LifeLine(_sockets() - before if self._is_jack else frozenset())
                self._make_clients(self._probe)
                return
            except NoMidiError:  # it is not there, or went at this very moment
                self._drop_clients()

    def inputs(self) -> dict[str, Place]:
        """Return all inputs but our own by their lasting names."""
        names = [] if self._probe is None else self._probe.ports()
        return self._by_lasting_name([name for name in names if not is_ours(name)])

    def outputs(self) -> dict[str, Place]:
        """Return all outputs but our own by their lasting names."""
        names = [] if self._output_probe is None else self._output_probe.ports()
        # Where there are no virtual ports, one of our name was made by the user, to be used.
        return self._by_lasting_name(
            [name for name in names if not (self.can_be_virtual and is_ours(name))]
        )

    def lend_input(self) -> InputClient:
        """Return a client to listen with.

        Raises:
            NoMidiError: The system has gone, or can give no more.
        """
        if not self._free_inputs:
            self._check_may_make()
            return self._make_input()
        return self._free_inputs.pop()

    def connect(self, client: InputClient, place: Place, on_message: OnMessage) -> bool:
        """Listen to the port at a place; return False if it has gone.

        Raises:
            rtmidi.RtMidiError: It is there, and cannot be opened.
        """
        before = self._listeners_of(place[0])
        if not client.open(place, on_message):
            return False
        self._wires[client] = (place[0], self._listeners_of(place[0]) - before)
        return True

    def is_parted(self, client: InputClient) -> bool:
        """Return whether a client hears nothing more of the port it was connected to.

        With JACK a port that went and came back between two looks has the name it had, but lost
        its connections. A client that leaves without a farewell is kept for five seconds, in which
        nobody else is let in: then this happens however long it was away.
        """
        source, ours = self._wires.get(client, ("", frozenset()))
        return bool(ours) and not ours & self._listeners_of(source)

    def lend_output(self, virtual_name: str = "") -> OutputClient:
        """Return a client to send with.

        Args:
            virtual_name: Of the port it is to offer; empty for none.

        Raises:
            NoMidiError: The system has gone, or can give no more.
        """
        client = next((c for c in self._free_outputs if c.virtual_name == virtual_name), None)
        if client is None and virtual_name:
            client = next((c for c in self._free_outputs if not c.virtual_name), None)
        if client is None:
            self._check_may_make()
            return self._make_output()
        self._free_outputs.remove(client)
        return client

    def take_back(self, client: InputClient | OutputClient) -> None:
        """Take a client back, its port closed."""
        if client not in self._clients:  # let go of meanwhile
            return
        client.close_port()
        if isinstance(client, InputClient):
            self._wires.pop(client, None)
            self._free_inputs.append(client)
        elif client.virtual_name and not self._is_jack:
            self._clients.remove(client)
            client.delete()
        else:  # with JACK a port once offered stays, since a new client cannot be had
            self._free_outputs.append(client)

    def let_go(self) -> None:
        """Let go of all clients."""
        self.generation += 1
        self._drop_clients()

    def _drop_clients(self) -> None:
        while self._clients:
            self._clients.pop().delete()
        if self._graph is not None:
            self._graph.delete()
        self._graph = None
        self._wires.clear()
        self._free_inputs.clear()
        self._free_outputs.clear()
        self._probe = self._output_probe = self._api = None

    @property
    def _is_jack(self) -> bool:
        return bool(self._api == rtmidi.API_UNIX_JACK)

    def _make_clients(self, probe: InputClient) -> None:
        self._output_probe = self._make_output()
        self._free_outputs.append(self._output_probe)
        self._free_inputs.append(probe)  # asking for names needs no port
        if not self._is_jack:
            return
        self._free_outputs += [self._make_output() for _ in range(_N_OUTPUTS - 1)]
        n_inputs = len(self.inputs()) + N_SPARE_INPUTS
        self._free_inputs += [self._make_input() for _ in range(n_inputs - 1)]
        with suppress(OSError):  # then a port that comes back between two looks goes unnoticed
            self._graph = JackGraph()

    def _listeners_of(self, port: str) -> frozenset[str]:
        return frozenset() if self._graph is None else self._graph.listeners_of(port)

    def _check_may_make(self) -> None:
        if self._is_jack:
            raise NoMidiError(
                "JACK gives this program no further MIDI port while it runs.",
                "Close the program and start it again; then all ports are opened.",
            )

    def _make_input(self) -> InputClient:
        client = InputClient(self._make(rtmidi.MidiIn, f"{CLIENT_NAME} in"))
        self._clients.append(client)
        return client

    def _make_output(self) -> OutputClient:
        client = OutputClient(self._make(rtmidi.MidiOut, CLIENT_NAME))
        self._clients.append(client)
        return client

    def _make(self, kind: Callable[..., Any], name: str) -> Any:
        try:
            if self._api is not None:
                with _silenced_stderr():
                    return kind(rtapi=self._api, name=name)
        except rtmidi.RtMidiError:
            pass  # it went away a moment ago; `look` will notice
        raise NoMidiError("The MIDI system has gone.", "It is looked for until it is back.")

    def _by_lasting_name(self, names: list[str]) -> dict[str, Place]:
        lasting = lasting_names(names, has_places=self._api == rtmidi.API_WINDOWS_MM)
        places = [(name, names[:number].count(name)) for number, name in enumerate(names)]
        return dict(zip(lasting, places, strict=True))


_Socket = tuple[int, int]  # descriptor and inode


class _LifeLine:
    """The sockets between a client and its server: when one breaks, the server has died.

    rtmidi does not tell; it goes on naming the ports there were.

    Args:
        sockets: Those that appeared when the client was made.
    """

    def __init__(self, sockets: "frozenset[_Socket] | tuple[()]") -> None:
        self._sockets = [each for each in sockets if _leads_to_midi_server(each[0])]

    def is_cut(self) -> bool:
        """Return whether the server has died."""
        if not self._sockets:
            return False
        poll = select.poll()
        for descriptor, inode in self._sockets:
            if _inode(descriptor) != inode:  # closed, perhaps used again for something else
                return True
            poll.register(descriptor, 0)  # hang-up and errors are told of in any case
        return bool(poll.poll(0))


def _sockets() -> frozenset[_Socket]:
    """Return the sockets of this process; none where the system does not say (it has no JACK)."""
    if not _DESCRIPTORS.is_dir():
        return frozenset()
    found = []
    for path in _DESCRIPTORS.iterdir():
        with suppress(OSError):  # closed meanwhile
            if str(path.readlink()).startswith("socket:"):
                found.append((int(path.name), _inode(int(path.name))))
    return frozenset(found)


def _inode(descriptor: int) -> int:
    try:
        return os.fstat(descriptor).st_ino
    except OSError:
        return -1


def _leads_to_midi_server(descriptor: int) -> bool:
    """Return whether a socket was connected to JACK, or to PipeWire in its place."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as copy:
            peer = copy.getpeername()
    except OSError:  # not connected, or closed meanwhile
        return False
    name = os.fsdecode(peer) if isinstance(peer, str | bytes) else ""
    return "jack" in name or "pipewire" in name


@contextmanager
def _silenced_stderr() -> Iterator[None]:
    """Keep ALSA and JACK from writing to the terminal that they are not there."""
    with contextlib.ExitStack() as stack:
        try:
            kept_fd = os.dup(2)
        except OSError:  # there is no stderr to keep quiet
            yield
            return
        stack.callback(os.close, kept_fd)
        nowhere_fd = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere_fd, 2)
        os.close(nowhere_fd)
        stack.callback(os.dup2, kept_fd, 2)
        yield
