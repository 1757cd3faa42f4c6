"""A MIDI system by hand, in rtmidi's place."""

import pytest
import rtmidi

from musicassist.midi import clients, system


class Machine:
    def __init__(self):
        self.api = rtmidi.API_UNIX_JACK
        self.names = []
        self.outputs = []
        self.busy = set()
        self.is_up = True
        self.open = {}
        self.sent = []
        self.offered = []
        self.clients = []
        self.n_made = 0
        self.n_refused_clients = 0
        self.line_is_cut = False

    @property
    def n_clients(self):
        return len(self.clients)

    def get_compiled_api(self):
        return [
            rtmidi.API_RTMIDI_DUMMY,
            rtmidi.API_LINUX_ALSA,
            rtmidi.API_UNIX_JACK,
            rtmidi.API_WINDOWS_MM,
            rtmidi.API_MACOSX_CORE,
        ]

    def make_input(self, rtapi, name):
        return self._make(rtapi, Client, self)

    def make_output(self, rtapi, name):
        return self._make(rtapi, OutClient, self)

    def _make(self, api, kind, *args):
        if api != self.api or not self.is_up:
            raise rtmidi.SystemError("no such system")
        if self.n_made >= 1 and self.n_refused_clients:
            self.n_refused_clients -= 1
            raise rtmidi.SystemError("the server has just gone")
        assert not any(client.is_dead for client in self.clients), "this would crash the process"
        self.n_made += 1
        self.clients.append(kind(*args))
        return self.clients[-1]

    def replug(self, name):
        """Pull a port and plug it in again at once: it is there, and nobody listens to it."""
        del self.open[name]

    def die(self):
        """End as a JACK server does: nothing is said, and clients go on naming the ports."""
        self.is_up = False
        self.line_is_cut = True
        for client in self.clients:
            client.die()


class AnyClient:
    def __init__(self, machine):
        self.machine = machine
        self.is_dead = False
        self._last_names = []

    def die(self):
        self._last_names = self.get_ports()
        self.is_dead = True

    def delete(self):
        self.machine.clients.remove(self)
        self.close_port()


class Client(AnyClient):
    callback = None

    def get_ports(self):
        return self._last_names if self.is_dead else list(self.machine.names)

    def ignore_types(self, **_):
        pass

    def set_callback(self, callback):
        self.callback = callback

    def cancel_callback(self):
        self.callback = None

    def open_port(self, index, name):
        port = self.machine.names[index]
        if port in self.machine.busy:
            raise rtmidi.SystemError("already in use")
        self.machine.open[port] = self

    def close_port(self):
        assert self.callback is None, "a callback may still run"
        self.machine.open = {n: c for n, c in self.machine.open.items() if c is not self}


class OutClient(AnyClient):
    port = None

    def get_ports(self):
        return self._last_names if self.is_dead else list(self.machine.outputs)

    def open_port(self, index, name):
        if self.machine.outputs[index] in self.machine.busy:
            raise rtmidi.SystemError("already in use")
        self.port = self.machine.outputs[index]

    def open_virtual_port(self, name):
        self.machine.offered.append(name)
        self.port = name

    def close_port(self):
        self.port = None

    def send_message(self, message):
        assert self.port is not None
        if self.port in self.machine.busy:
            raise rtmidi.SystemError("it has gone")
        self.machine.sent.append((self.port, *message))


class Graph:
    def __init__(self, machine):
        self.machine = machine

    def listeners_of(self, port):
        client = self.machine.open.get(port)
        return frozenset() if client is None else frozenset({f"MusicAssist in-{id(client)}:in"})

    def delete(self):
        pass


class Line:
    def __init__(self, machine):
        machine.line_is_cut = False
        self.machine = machine

    def is_cut(self):
        return self.machine.line_is_cut


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(system.rtmidi, "MidiIn", machine.make_input)
    monkeypatch.setattr(system.rtmidi, "MidiOut", machine.make_output)
    monkeypatch.setattr(system.rtmidi, "get_compiled_api", machine.get_compiled_api)
    monkeypatch.setattr(system, "_LifeLine", lambda _sockets: Line(machine))
    monkeypatch.setattr(system, "JackGraph", lambda: Graph(machine))
    monkeypatch.setattr(clients, "_HAND_OVER_S", 0)
    return machine
