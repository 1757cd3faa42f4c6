"""The bar at the top."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from musicassist.engine.protocol import EngineReady, InputPortsChanged, KeyMoved
from musicassist.ui.transport_bar import PortLight, PortLights, short_port_name
from tests.ui.conftest import Desk


def test_a_tempo_is_typed(desk: Desk) -> None:
    field = desk.window.transport.tempo
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "120.5")
    assert desk.services.document.session.timebase.tempos[0].bpm < 100
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert round(desk.services.document.session.timebase.tempos[0].bpm, 1) == 120.5


def test_another_metre_counts_everything_anew(desk: Desk) -> None:
    desk.window.transport.meter.setCurrentText("6/8")
    meter = desk.services.document.session.timebase.meters[0]
    assert (meter.numerator, meter.denominator) == (6, 8)
    desk.services.document.undo()
    assert desk.window.transport.meter.currentText() == "4/4"


def test_a_key_is_typed_or_left_to_be_found(desk: Desk) -> None:
    field = desk.window.transport.key
    editor = field.lineEdit()
    assert editor is not None
    for typed, name in (("Bb major", "Bb major"), ("d dorian", "D dorian")):
        editor.setText(typed)
        editor.editingFinished.emit()
        key = desk.services.document.session.key
        assert key is not None
        assert key.name.replace("♭", "b") == name
    editor.setText("")
    editor.editingFinished.emit()
    assert desk.services.document.session.key is None
    assert field.currentText() == "Auto"


def test_choosing_a_key_gives_space_back_to_the_window(desk: Desk) -> None:
    field = desk.window.transport.key
    field.setFocus()
    field.setCurrentText("C minor")
    field.activated.emit(field.findText("C minor"))
    assert not field.hasFocus()


def test_undo_is_the_windows_in_a_number_field(desk: Desk) -> None:
    before = desk.services.document.session
    desk.services.document.change_wishes(n_bars=5)
    field = desk.window.solo_panel.bars
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.services.document.session == before


def test_a_key_nobody_knows_is_one_sentence_and_changes_nothing(desk: Desk) -> None:
    editor = desk.window.transport.key.lineEdit()
    assert editor is not None
    before = desk.services.document.session
    editor.setText("X minor")
    editor.editingFinished.emit()
    assert desk.services.document.session is before
    assert "X minor" in desk.window.notices.text.whole_text
    assert desk.window.transport.key.currentText() == "F minor"


def test_every_port_has_a_light_and_its_name(desk: Desk) -> None:
    ports = desk.window.transport.ports
    desk.engine.say(InputPortsChanged(("V49", "MIDIIN2 (V49)", "Third")))
    desk.qtbot.waitUntil(lambda: any(light.isVisible() for light in lights_of(ports)))
    lights = [light for light in lights_of(ports) if light.isVisible()]
    assert [light.words.whole_text for light in lights] == ["V49", "MIDIIN2 (V49)"]
    assert "Third" in ports.toolTip()
    desk.engine.say(KeyMoved(60, is_down=True, is_playback=False, source="V49"))
    assert [light._is_lit for light in lights] == [True, False]
    desk.qtbot.waitUntil(lambda: not lights[0]._is_lit)
    desk.engine.say(InputPortsChanged(()))
    assert "No keyboard" in ports.toolTip()


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


def test_missing_sound_is_said_where_the_latency_stands(desk: Desk) -> None:
    latency = desk.window.transport.latency
    assert latency.text() == "7 ms"
    desk.engine.say(EngineReady("", 0, 0.0, "Built-in sounds"))
    assert latency.text() == "No sound"


def test_undo_says_what_it_takes_back(desk: Desk) -> None:
    assert not desk.window.transport.undo.isEnabled()
    desk.services.document.change_timing(strength=0.5)
    assert desk.window.transport.undo.isEnabled()
    assert "Change timing" in desk.window.transport.undo.toolTip()
    desk.window.transport.undo.click()
    assert "Change timing" in desk.window.transport.redo.toolTip()
    assert desk.window.notices.text.whole_text == "Undone: Change timing."


def lights_of(ports: PortLights) -> list[PortLight]:
    return ports.findChildren(PortLight)
