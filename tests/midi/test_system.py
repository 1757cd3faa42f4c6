import os
import socket
import sys

import pytest
import rtmidi

from musicassist.errors import NoMidiError
from musicassist.midi import system
from musicassist.midi.system import RETRY_NS, MidiSystem

has_sockets_of_jack = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="JACK is met on Linux only"
)


@pytest.fixture
def line(tmp_path):
    """Return a connection to a server called JACK, as the client and the server hold it."""
    path = str(tmp_path / "jack_test_0")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        client = socket.socket(socket.AF_UNIX)
        before = system._sockets()
        client.connect(path)
        server, _ = listening.accept()
        yield client, server, before
        client.close()
        server.close()


def as_held(client):
    return frozenset({(client.fileno(), os.fstat(client.fileno()).st_ino)})


@has_sockets_of_jack
def test_a_server_that_dies_is_noticed_at_its_socket(line):
    client, server, _ = line
    life_line = system._LifeLine(as_held(client))
    assert not life_line.is_cut()
    server.close()
    assert life_line.is_cut()


@has_sockets_of_jack
def test_a_socket_closed_and_used_again_is_a_cut_line(line):
    client, _, _ = line
    life_line = system._LifeLine(as_held(client))
    number = client.fileno()
    client.close()
    with socket.socket(socket.AF_UNIX) as other:
        if other.fileno() != number:
            os.dup2(other.fileno(), number)
        assert life_line.is_cut()
        if other.fileno() != number:
            os.close(number)


@has_sockets_of_jack
def test_sockets_that_lead_elsewhere_are_not_watched():
    one, other = socket.socketpair()
    assert as_held(one) <= system._sockets()
    life_line = system._LifeLine(as_held(one))
    other.close()
    assert not life_line.is_cut()
    one.close()


def test_the_first_system_that_answers_is_taken(machine):
    machine.api = rtmidi.API_LINUX_ALSA
    midi = MidiSystem()
    assert (midi.name, midi.can_be_virtual) == ("ALSA", True)
    midi.let_go()
    assert (midi.name, midi.can_be_virtual) == ("", False)


def test_a_system_that_is_not_there_is_looked_for_every_two_seconds(machine):
    machine.is_up = False
    midi = MidiSystem()
    assert not midi.look(0)
    machine.is_up = True
    assert not midi.look(RETRY_NS - 1)
    assert midi.look(RETRY_NS)
    midi.let_go()


def test_without_a_system_nothing_can_be_lent(machine):
    machine.is_up = False
    midi = MidiSystem()
    assert midi.inputs() == midi.outputs() == {}
    with pytest.raises(NoMidiError):
        midi.lend_input()
    with pytest.raises(NoMidiError):
        midi.lend_output()


def test_a_client_that_was_let_go_of_does_nothing_more(machine):
    midi = MidiSystem()
    listening, sending = midi.lend_input(), midi.lend_output()
    generation = midi.generation
    midi.let_go()
    assert midi.generation > generation
    assert listening.ports() == sending.ports() == []
    assert not listening.open(("V49", 0), lambda *_: None)
    assert not sending.open(("Synth", 0))
    assert not sending.offer("MusicAssist")
    assert not sending.send((0x90, 60, 90))
    midi.take_back(listening)
    midi.take_back(sending)
    assert machine.n_clients == 0


def test_ports_of_one_name_are_opened_each_for_itself(machine):
    machine.api = rtmidi.API_MACOSX_CORE
    machine.names = ["V49", "Pads", "V49"]
    midi = MidiSystem()
    assert midi.inputs() == {"V49": ("V49", 0), "Pads": ("Pads", 0), "V49 (2)": ("V49", 1)}
    opened = []
    client = midi.lend_input()
    client._midi_in.open_port = lambda number, name: opened.append(number)
    assert client.open(("V49", 1), lambda *_: None)
    assert opened == [2]
    machine.names = ["V49"]
    assert not client.open(("V49", 1), lambda *_: None)
    midi.let_go()
