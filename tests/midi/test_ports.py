import pytest
import rtmidi

from musicassist.errors import NoMidiError, PortBusyError
from musicassist.midi import ports
from musicassist.midi.ports import DOUBT_NS, POLL_NS, InputPorts
from musicassist.music.take import RawEvent


class Machine:
    """A MIDI system by hand, in rtmidi's place."""

    def __init__(self):
        self.names = []
        self.busy = set()
        self.is_up = True
        self.open = {}
        self.n_clients = 0
        self.refused_clients = 0

    def get_compiled_api(self):
        return [rtmidi.API_LINUX_ALSA, rtmidi.API_UNIX_JACK]

    def MidiIn(self, rtapi, name):
        if rtapi == rtmidi.API_LINUX_ALSA or not self.is_up:
            raise rtmidi.SystemError("no such system")
        if self.n_clients and self.refused_clients:
            self.refused_clients -= 1
            raise rtmidi.SystemError("the server has just gone")
        self.n_clients += 1
        return Client(self)


class Client:
    def __init__(self, machine):
        self.machine = machine
        self.callback = None

    def get_ports(self):
        return list(self.machine.names) if self.machine.is_up else []

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
        self.machine.open = {n: c for n, c in self.machine.open.items() if c is not self}

    def delete(self):
        self.machine.n_clients -= 1


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(ports.rtmidi, "MidiIn", machine.MidiIn)
    monkeypatch.setattr(ports.rtmidi, "get_compiled_api", machine.get_compiled_api)
    return machine


def test_all_ports_but_our_own_are_opened_by_name(machine):
    machine.names = ["V49:V49 MIDI 1", "MusicAssist:out", "Pads:1"]
    inputs = InputPorts(lambda *_: None)
    report = inputs.poll(0)
    assert report.names == report.appeared == ("V49:V49 MIDI 1", "Pads:1")
    assert set(machine.open) == {"V49:V49 MIDI 1", "Pads:1"}
    inputs.close()
    assert machine.open == {}
    assert machine.n_clients == 0


def test_a_message_arrives_stamped_with_its_port(machine):
    got = []
    machine.names = ["V49"]
    inputs = InputPorts(lambda source, event: got.append((source, event)))
    inputs.poll(0)
    machine.open["V49"].callback(([0x90, 60, 100], 0.0), None)
    [(source, event)] = got
    assert source == "V49"
    assert event == RawEvent(event.time_ns, 0x90, 60, 100)
    inputs.close()


def test_names_are_asked_for_once_a_second(machine):
    inputs = InputPorts(lambda *_: None)
    inputs.poll(0)
    machine.names = ["V49"]
    assert inputs.poll(POLL_NS - 1) is None
    assert inputs.poll(POLL_NS).appeared == ("V49",)
    assert inputs.poll(2 * POLL_NS) is None
    inputs.close()


def test_a_port_that_vanishes_is_closed_and_opened_again_when_it_is_back(machine):
    machine.names = ["V49", "Pads"]
    inputs = InputPorts(lambda *_: None)
    inputs.poll(0)
    machine.names = ["Pads"]
    report = inputs.poll(POLL_NS)
    assert (report.vanished, report.names) == (("V49",), ("Pads",))
    assert set(machine.open) == {"Pads"}
    machine.names = ["New", "Pads", "V49"]  # in another order, under another number
    assert inputs.poll(2 * POLL_NS).appeared == ("New", "V49")
    assert set(machine.open) == {"New", "Pads", "V49"}
    inputs.close()


def test_a_port_another_program_holds_is_told_of_once(machine):
    machine.names, machine.busy = ["V49"], {"V49"}
    inputs = InputPorts(lambda *_: None)
    [problem] = inputs.poll(0).problems
    assert isinstance(problem, PortBusyError)
    assert "V49" in problem.what
    assert inputs.poll(POLL_NS) is None
    inputs.close()
    assert machine.n_clients == 0


def test_without_a_midi_system_there_is_one_sentence_and_it_is_found_later(machine):
    machine.is_up = False
    inputs = InputPorts(lambda *_: None)
    [problem] = inputs.poll(0).problems
    assert isinstance(problem, NoMidiError)
    assert inputs.poll(10 * POLL_NS) is None
    machine.is_up, machine.names = True, ["V49"]
    assert inputs.poll(20 * POLL_NS).appeared == ("V49",)
    inputs.close()


def test_a_midi_system_that_dies_and_returns_is_found_again(machine):
    machine.names = ["V49"]
    inputs = InputPorts(lambda *_: None)
    inputs.poll(0)
    machine.is_up = False
    assert inputs.poll(POLL_NS).vanished == ("V49",)
    assert machine.n_clients == 0
    [problem] = inputs.poll(10 * POLL_NS).problems
    assert isinstance(problem, NoMidiError)
    machine.is_up = True
    assert inputs.poll(20 * POLL_NS).appeared == ("V49",)
    inputs.close()


def test_a_midi_system_that_goes_while_a_port_is_opened_is_no_crash(machine):
    machine.names, machine.refused_clients = ["V49"], 1
    inputs = InputPorts(lambda *_: None)
    [problem] = inputs.poll(0).problems
    assert isinstance(problem, NoMidiError)
    assert machine.n_clients == 1
    inputs.close()


def test_a_jack_server_that_was_empty_when_it_died_is_found_again(machine, monkeypatch):
    clients = []
    make = machine.MidiIn

    def MidiIn(rtapi, name):
        clients.append(make(rtapi, name))
        return clients[-1]

    monkeypatch.setattr(ports.rtmidi, "MidiIn", MidiIn)
    inputs = InputPorts(lambda *_: None)
    assert inputs.poll(0) is None
    clients[0].get_ports = lambda: []  # its server has died; another one is there now
    machine.names = ["V49"]
    assert inputs.poll(POLL_NS) is None
    now_ns = POLL_NS
    report = None
    while report is None and now_ns < 2 * DOUBT_NS:
        now_ns += POLL_NS
        report = inputs.poll(now_ns)
    assert report.appeared == ("V49",)
    inputs.close()
    assert machine.n_clients == 0
