"""The lights of MIDI inputs."""

import pytest

from musicassist.engine.protocol import InputPort, InputPortsChanged, PortSpoke
from musicassist.ui.port_lights import PortLight, PortLights, short_port_name
from tests.ui.conftest import Desk


def lights_of(ports: PortLights) -> list[PortLight]:
    return [light for light in ports.findChildren(PortLight) if light.isVisible()]


def test_every_port_has_a_light_and_its_name(desk: Desk) -> None:
    ports = desk.window.transport.ports
    names = ("V49", "MIDIIN2 (V49)", "Third")
    desk.engine.say(InputPortsChanged(tuple(InputPort(name) for name in names)))
    desk.qtbot.waitUntil(lambda: len(lights_of(ports)) == 3)
    first, second, third = lights_of(ports)
    assert [light.words.whole_text for light in (first, second, third)] == list(names)
    assert "Third" in ports.toolTip()
    desk.engine.say(PortSpoke("V49"))
    assert (first.is_lit, second.is_lit) == (True, False)
    desk.qtbot.waitUntil(lambda: not first.is_lit)
    desk.engine.say(InputPortsChanged(()))
    assert "No keyboard" in ports.toolTip()


@pytest.mark.parametrize("width_px", [1100, 1440, 1920])
def test_no_name_is_cut_off_and_no_light_left_out(desk: Desk, width_px: int) -> None:
    desk.window.resize(width_px, 700)
    ports = desk.window.transport.ports
    busy = InputPort("Keystep", is_open=False, problem="Another program has it open.")
    names = ("Pads", "MIDIIN2 (V49)", "V49")
    desk.engine.say(InputPortsChanged((*(InputPort(name) for name in names), busy)))
    desk.qtbot.waitUntil(lambda: len(lights_of(ports)) == 4)
    desk.qtbot.waitUntil(lambda: ports.width() >= ports.minimumSizeHint().width())
    for light in lights_of(ports):
        desk.qtbot.waitUntil(lambda light=light: light.width() >= light.bare_px)
        assert not light.words.isVisible() or light.words.text() == light.words.whole_text
    are_named = [light.words.isVisible() for light in lights_of(ports)]
    assert all(are_named) is (width_px > 1100)
    assert desk.window.width() == width_px


def test_a_port_that_is_switched_off_is_not_shown(desk: Desk) -> None:
    ports = desk.window.transport.ports
    off = InputPort("V49", is_open=False, is_enabled=False)
    desk.engine.say(InputPortsChanged((off, InputPort("Keystep"))))
    desk.qtbot.waitUntil(lambda: len(lights_of(ports)) == 1)
    assert lights_of(ports)[0].words.whole_text == "Keystep"
    assert "1 switched off" in ports.toolTip()


def test_a_port_in_trouble_comes_first_and_says_why(desk: Desk) -> None:
    ports = desk.window.transport.ports
    busy = InputPort("Keystep", is_open=False, problem="Another program has it open.")
    desk.engine.say(InputPortsChanged((InputPort("V49"), InputPort("Pads"), busy)))
    desk.qtbot.waitUntil(lambda: len(lights_of(ports)) == 3)
    first = lights_of(ports)[0]
    assert first.words.whole_text == "Keystep"
    assert first.toolTip() == "Another program has it open."
    assert "Keystep: Another program has it open." in ports.toolTip()
    assert "Listening to V49, Pads." in ports.toolTip()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("V49", "V49"),
        ("MIDIIN2 (V49)", "MIDIIN2 (V49)"),
        ("V49:V49 MIDI 1 20:0", "V49 MIDI 1"),
        ("RtMidiOut Client:V49", "V49"),
        ("20:0", "0"),
        ("odd:", "odd:"),
    ],
)
def test_ports_are_called_what_tells_them_apart(name: str, shown: str) -> None:
    assert short_port_name(name) == shown
