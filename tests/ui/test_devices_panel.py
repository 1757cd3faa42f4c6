"""Keyboards, controls, sound, MIDI out and health, as the user finds and changes them."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from musicassist.app.engine_client import EngineOptions
from musicassist.engine.protocol import (
    ChooseMidiOutput,
    ChooseSound,
    ConfigureInputs,
    ControlLearned,
    ControlUse,
    EngineReady,
    InputPort,
    InputPortsChanged,
    OutputPortsChanged,
    PortSpoke,
    SetRoom,
    SetVolume,
    Sound,
    SoundHealth,
)
from musicassist.midi.controllers import ACTIONS
from musicassist.music.playing import InputSettings, VelocityCurve
from musicassist.ui.controls import ComboBox, Slider
from musicassist.ui.devices_panel import DevicesPanel
from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.velocity_curve_view import VelocityCurveView
from tests.ui.conftest import Desk

V49 = "V49:V49 MIDI 1"
SPITEFUL = "<img src='x'>:\n<b>in</b>"


def choose(field: ComboBox, words: str) -> None:
    """Choose from a list as the user does."""
    index = field.findText(words)
    assert index >= 0, [field.itemText(each) for each in range(field.count())]
    field.setCurrentIndex(index)
    field.activated.emit(index)


def words_of(field: ComboBox) -> list[str]:
    return [field.itemText(index) for index in range(field.count())]


def test_the_button_shows_the_devices_in_the_place_of_the_takes(desk: Desk) -> None:
    window = desk.window
    assert not window.devices.isVisible()
    window.transport.devices.click()
    assert window.devices.isVisible()
    desk.qtbot.waitUntil(lambda: not window.docks["takes"].is_seen)
    assert window.transport.devices.isChecked()
    assert window.focusWidget() is window.devices.tabs.buttons[0]
    close = window.findChild(QAbstractButton, "hide_panel_button_devices")
    assert close is not None
    close.click()
    assert not window.devices.isVisible()
    desk.qtbot.waitUntil(lambda: window.docks["takes"].is_seen)
    assert not window.transport.devices.isChecked()


def test_arrow_keys_go_along_the_parts(desk: Desk, panel: DevicesPanel) -> None:
    desk.qtbot.keyClick(panel.tabs.current, Qt.Key.Key_Right)
    desk.qtbot.keyClick(panel.tabs.current, Qt.Key.Key_Right)
    assert panel.sound.isVisible()
    assert panel.tabs.current.hasFocus()
    desk.qtbot.keyClick(panel.tabs.current, Qt.Key.Key_Left)
    assert panel.learn.isVisible()


def test_a_click_on_a_readout_opens_what_it_tells_of(desk: Desk) -> None:
    bar, panel = desk.window.transport, desk.window.devices
    left = Qt.MouseButton.LeftButton
    desk.qtbot.mouseClick(bar.latency, left)
    assert panel.sound.isVisible()
    assert panel.tabs.current.hasFocus()
    desk.window.show_devices(is_shown=False)
    desk.qtbot.mouseClick(bar.ports, left)
    assert panel.keyboards.isVisible()
    desk.qtbot.mouseClick(bar.latency, left)
    assert panel.sound.isVisible()  # what was clicked, not put away
    desk.qtbot.mouseClick(bar.latency, left)
    assert not panel.isVisible()


def test_without_a_keyboard_it_says_what_to_do(panel: DevicesPanel) -> None:
    assert panel.keyboards.words.text() == (
        "No keyboard is connected. Plug one in: it is found by itself."
    )


def test_keyboards_come_and_go(desk: Desk, panel: DevicesPanel) -> None:
    port = InputPort(V49, controller="Alesis V49")
    desk.engine.say(InputPortsChanged((port, InputPort("Other"))))
    card = panel.keyboards.cards[V49]
    assert card.words.whole_text == "V49 MIDI 1"
    assert card.profile.whole_text == "Alesis V49"
    assert card.switch.isChecked()
    desk.engine.say(InputPortsChanged((port,)))
    assert list(panel.keyboards.cards) == [V49]
    assert panel.keyboards.cards[V49] is card


def test_foreign_names_are_shown_as_they_are(desk: Desk, panel: DevicesPanel) -> None:
    desk.engine.say(
        EngineReady(SPITEFUL, 48_000, 7.0, SPITEFUL, (Sound(4, SPITEFUL),), 0, (SPITEFUL,), True)
    )
    uses = (ControlUse("play_stop", SPITEFUL, is_learnt=True),)
    desk.engine.say(InputPortsChanged((InputPort(SPITEFUL, controls=uses, problem=SPITEFUL),)))
    desk.engine.say(OutputPortsChanged((SPITEFUL,), SPITEFUL))
    desk.services.settings.change(midi_output=SPITEFUL, audio_device=SPITEFUL)
    desk.engine.say(ControlLearned("play_stop", SPITEFUL, SPITEFUL))
    for each in panel.findChildren(QLabel):
        assert each.textFormat() == Qt.TextFormat.PlainText
    for widget in panel.findChildren(QWidget):
        assert "<" not in widget.toolTip()
    for button in panel.findChildren(QAbstractButton):
        assert "<" not in button.text()
    assert panel.health.device.whole_text == "<img src='x'>: <b>in</b>"


def test_a_keyboard_that_is_switched_off_folds(desk: Desk, panel: DevicesPanel) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    card = panel.keyboards.cards[V49]
    card.switch.click()
    wanted = InputSettings(V49, is_enabled=False)
    assert desk.services.settings.settings.inputs == (wanted,)
    assert desk.engine.sent[-1] == ConfigureInputs((wanted,))
    assert not card.details.isVisibleTo(card)
    card.switch.click()
    assert desk.services.settings.settings.inputs == ()
    assert card.details.isVisibleTo(card)


def test_a_port_in_trouble_says_why(desk: Desk, panel: DevicesPanel) -> None:
    why = "Another program, perhaps your DAW, holds it."
    desk.engine.say(InputPortsChanged((InputPort(V49, is_open=False, problem=why),)))
    card = panel.keyboards.cards[V49]
    assert card.problem.isVisibleTo(card)
    assert card.problem.text() == why
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    assert not card.problem.isVisibleTo(card)


def test_a_light_shows_what_arrives(desk: Desk, panel: DevicesPanel) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49), InputPort("Other"))))
    desk.engine.say(PortSpoke(V49))
    light = panel.keyboards.cards[V49].light
    assert light.is_lit
    assert not panel.keyboards.cards["Other"].light.is_lit
    desk.qtbot.waitUntil(lambda: not light.is_lit, timeout=10_000)


def test_touch_octave_and_transposition_are_kept_for_a_keyboard(
    desk: Desk, panel: DevicesPanel
) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    card = panel.keyboards.cards[V49]
    choose(card.touch, "Hard")
    card.octave.setValue(-1)
    card.transpose.setValue(3)
    hard = VelocityCurve("hard")
    wanted = InputSettings(V49, velocity_curve=hard, octave=-1, transpose=3)
    assert desk.services.settings.settings.inputs == (wanted,)
    assert desk.engine.sent[-1] == ConfigureInputs((wanted,))
    assert card.view.curve == hard


def test_what_is_typed_is_not_overwritten_by_what_the_engine_reports(
    desk: Desk, panel: DevicesPanel
) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    transpose = panel.keyboards.cards[V49].transpose
    transpose.setFocus()
    transpose.selectAll()
    desk.qtbot.keyClicks(transpose, "1")
    desk.engine.say(SoundHealth(0, 0.2, 7.0))
    desk.qtbot.keyClicks(transpose, "2")
    desk.qtbot.keyClick(transpose, Qt.Key.Key_Return)
    assert desk.services.devices.input_settings(V49).transpose == 12


def test_an_own_curve_begins_as_the_one_before_and_is_found_again(
    desk: Desk, panel: DevicesPanel
) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    card = panel.keyboards.cards[V49]
    choose(card.touch, "Soft")
    choose(card.touch, "Own")
    soft = VelocityCurve("soft")
    own = desk.services.devices.input_settings(V49).velocity_curve
    assert own.points == tuple((each, soft.apply(each)) for each in (1, 32, 64, 96, 127))
    desk.qtbot.keyClick(card.view, Qt.Key.Key_Up)
    drawn = desk.services.devices.input_settings(V49).velocity_curve
    assert drawn.points[2] == (64, soft.apply(64) + 1)
    choose(card.touch, "Linear")
    choose(card.touch, "Own")
    assert desk.services.devices.input_settings(V49).velocity_curve == drawn


def test_drawing_on_a_curve_chooses_own(desk: Desk, panel: DevicesPanel) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    card = panel.keyboards.cards[V49]
    desk.qtbot.keyClick(card.view, Qt.Key.Key_Down)
    assert card.touch.currentText() == "Own"
    assert desk.services.devices.input_settings(V49).velocity_curve.kind == "own"


def test_another_output_starts_another_engine(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    assert words_of(panel.sound.device) == ["The system's choice", "Speakers", "HDMI"]
    with desk.qtbot.waitSignal(desk.services.devices.restarting, timeout=10_000):
        choose(panel.sound.device, "HDMI")
    assert desk.engine.options == EngineOptions(audio_device="HDMI")
    assert desk.services.settings.settings.audio_device == "HDMI"


def test_an_output_that_is_not_there_stays_the_choice(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    desk.services.settings.change(audio_device="Scarlett")
    assert panel.sound.device.currentText() == "Scarlett (not found)"


def test_a_buffer_says_how_long_it_is(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    assert "128 frames, 2.7 ms" in words_of(panel.sound.block)
    choose(panel.sound.block, "128 frames, 2.7 ms")
    assert desk.services.settings.settings.block_frames == 128
    desk.services.settings.change(block_frames=300)
    assert panel.sound.block.currentText() == "300 frames, 6.2 ms"
    assert panel.sound.means.text() == "Speakers: 7 ms from key to sound, at 48 kHz."


def test_soundfonts_of_this_machine_are_offered(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    assert words_of(panel.sound.soundfont)[:2] == ["Built-in sounds", "Grand.sf2"]
    choose(panel.sound.soundfont, "Grand.sf2")
    assert Path(desk.services.settings.settings.soundfont) == Path("fonts/Grand.sf2")


def test_any_soundfont_can_be_opened_while_sound_runs(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    field = panel.sound.soundfont
    choose(field, field.itemText(field.count() - 1))
    dialog = panel.sound.findChild(QFileDialog, "soundfont_dialog")
    assert dialog is not None
    assert not dialog.isModal()
    dialog.fileSelected.emit("elsewhere/My.sf3")
    dialog.close()
    assert desk.services.settings.settings.soundfont == "elsewhere/My.sf3"
    assert field.currentText() == "My.sf3"


def test_sounds_are_chosen_by_name(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    choose(panel.sound.player_sound, "Overdriven guitar")
    choose(panel.sound.solo_sound, "Electric piano")
    assert desk.engine.sent == [ChooseSound(0, 29), ChooseSound(1, 4)]
    desk.services.document.undo()
    assert desk.engine.sent[-1] == ChooseSound(1, 29)
    assert panel.sound.solo_sound.currentText() == "Overdriven guitar"


def test_a_sound_this_set_has_not_is_shown_by_number(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    desk.services.mixer.choose_sound("phrase", 80)
    assert panel.sound.player_sound.currentText() == "Program 81, or what is nearest"


def test_a_set_without_choice_says_so(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    desk.engine.say(EngineReady("Speakers", 48_000, 7.0, "Plain"))
    assert not panel.sound.player_sound.isEnabled()
    assert panel.sound.player_sound.toolTip() == "This sound set offers no choice."


def test_the_volume_of_all_reaches_the_engine(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Sound")
    panel.sound.volume.setValue(100)
    volumes = [(each.part, each.volume_db) for each in desk.engine.sent if type(each) is SetVolume]
    assert volumes == [("all", -12.0)]
    assert desk.services.settings.settings.volume_db == -12.0
    assert panel.sound.volume_words.text() == "\N{MINUS SIGN}12.0 dB"


def test_a_room_is_chosen_by_what_it_sounds_like(desk: Desk, panel: DevicesPanel) -> None:
    page = panel.sound
    assert (page.room.value(), page.room_words.text()) == (15, "a room")
    for value, words in ((0, "dry"), (26, "a hall"), (100, "a cathedral")):
        page.room.setValue(value)
        assert desk.engine.sent[-1] == SetRoom(value / 100)
        assert page.room_words.text() == words


def test_a_midi_output_is_chosen(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("MIDI out")
    desk.engine.say(OutputPortsChanged(("Synth",), "", can_be_virtual=True))
    desk.engine.sent.clear()
    page = panel.midi_out
    assert not page.live.isEnabled()
    assert page.live.toolTip() == "Choose where to first."
    choose(page.port, "Synth")
    assert page.live.isEnabled()
    page.live.click()
    assert desk.engine.sent == [ChooseMidiOutput("Synth"), ChooseMidiOutput("Synth", False, True)]
    assert page.connection.whole_text.startswith("Waiting")
    desk.engine.say(OutputPortsChanged(("Synth",), "Synth", can_be_virtual=True))
    assert page.connection.whole_text == "Sending to Synth."


def test_a_port_of_our_own_is_offered_where_the_system_has_them(
    desk: Desk, panel: DevicesPanel
) -> None:
    panel.show_page("MIDI out")
    desk.engine.say(OutputPortsChanged((), can_be_virtual=True))
    choose(panel.midi_out.port, "A port of its own: MusicAssist")
    assert desk.engine.sent[-1] == ChooseMidiOutput("MusicAssist", is_virtual=True)
    assert "MusicAssist" in panel.midi_out.words.text()


def test_where_the_system_has_none_it_says_what_to_install(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("MIDI out")
    desk.engine.say(OutputPortsChanged(("Synth",)))
    assert words_of(panel.midi_out.port) == ["Nothing", "Synth"]
    assert "loopMIDI" in panel.midi_out.words.text()


def test_an_output_that_went_stays_the_choice(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("MIDI out")
    desk.services.settings.change(midi_output="Synth")
    assert panel.midi_out.port.currentText() == "Synth (not found)"


def test_what_changes_while_it_is_hidden_is_there_when_it_is_shown(
    desk: Desk, panel: DevicesPanel
) -> None:
    desk.window.show_devices(is_shown=False)
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    assert panel.keyboards.cards == {}
    desk.window.show_devices(is_shown=True)
    assert list(panel.keyboards.cards) == [V49]


KINDS = (QAbstractButton, QComboBox, QAbstractSpinBox, Slider, VelocityCurveView)


def test_every_control_has_its_names_and_can_be_reached_by_key(
    desk: Desk, panel: DevicesPanel
) -> None:
    use = ControlUse("panic", "CC 30", is_learnt=True)
    desk.engine.say(InputPortsChanged((InputPort(V49, controls=(use,)), InputPort("Other"))))
    desk.engine.say(SoundHealth(9, 0.25, 6.5))
    names: set[str] = set()
    for tab in panel.tabs.buttons:
        tab.setChecked(True)
        desk.qtbot.waitUntil(lambda: panel.keyboards.cards[V49].isVisibleTo(panel.keyboards))
        controls = [
            widget
            for widget in panel.findChildren(QWidget)
            if isinstance(widget, KINDS) and widget.isVisibleTo(panel)
        ]
        for widget in controls:
            name = widget.objectName()
            assert hint_name_of(widget) in HINTS, name
            assert widget.accessibleName(), name
            assert widget.toolTip(), name
            if hint_name_of(widget) != "devices_tab":  # the arrow keys go along these
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, name
            names.add(name)
        assert len({widget.objectName() for widget in controls}) == len(controls)
    n_cards, n_actions = 2, len(ACTIONS)
    n_forget, n_sound, n_midi_out, n_health, n_head = 1, 7, 2, 1, 5
    n_parts = 5 * n_cards + n_actions + n_forget + n_sound
    assert len(names) == n_parts + n_midi_out + n_health + n_head


def test_a_keyboard_card_is_drawn(qtbot: QtBot, desk: Desk, panel: DevicesPanel) -> None:
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    card = panel.keyboards.cards[V49]
    qtbot.waitUntil(lambda: card.light.width() > 0)
    image = card.light.grab().toImage()
    theme = desk.window.theme
    assert image.pixelColor(6, image.height() // 2).name() == theme.sounding
    desk.engine.say(PortSpoke(V49))
    image = card.light.grab().toImage()
    assert image.pixelColor(6, image.height() // 2).name() == theme.person
