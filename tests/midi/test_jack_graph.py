"""Connections as a real JACK server tells them."""

import sys

import pytest
import rtmidi

from musicassist.midi.jack_graph import JackGraph


@pytest.mark.rig
def test_our_listeners_are_told_and_nobody_elses():
    keys = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="Graph Keys")
    keys.open_virtual_port("out")
    graph = JackGraph()
    assert graph.listeners_of("Graph Keys:out") == graph.listeners_of("no such port") == frozenset()
    clients = []
    for name in ("Another Program", "MusicAssist in"):
        clients.append(rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name=name))
        clients[-1].open_port(clients[-1].get_ports().index("Graph Keys:out"), name="in")
    [listener] = graph.listeners_of("Graph Keys:out")
    assert listener.startswith("MusicAssist in")
    keys.delete()
    keys = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="Graph Keys")
    keys.open_virtual_port("out")
    assert graph.listeners_of("Graph Keys:out") == frozenset()
    graph.delete()
    graph.delete()  # once more does nothing
    for client in (*clients, keys):
        client.delete()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="JACK is met on Linux only")
def test_without_a_server_there_is_no_graph(monkeypatch, capfd):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-started-this")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    with pytest.raises(OSError, match="JACK"):
        JackGraph()
    capfd.readouterr()  # what JACK says about it
