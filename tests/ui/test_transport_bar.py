"""The bar at the top."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from musicassist.engine.protocol import PlayClip
from musicassist.music.session import Session
from tests.ui.conftest import Desk, MakeDesk


def test_a_tempo_is_typed(desk: Desk) -> None:
    field = desk.window.transport.tempo.field
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


def test_undo_says_what_it_takes_back(desk: Desk) -> None:
    assert not desk.window.transport.undo.isEnabled()
    desk.services.document.change_timing(strength=0.5)
    assert desk.window.transport.undo.isEnabled()
    assert "Change timing" in desk.window.transport.undo.toolTip()
    desk.window.transport.undo.click()
    assert "Change timing" in desk.window.transport.redo.toolTip()
    assert desk.window.notices.text.whole_text == "Undone: Change timing."


def test_record_counts_in_and_shows_the_bars_before_the_start(desk: Desk) -> None:
    bar = desk.window.transport
    bar.record.click()
    command = desk.engine.sent[-1]
    assert isinstance(command, PlayClip)
    assert (command.is_recording, command.count_in_bars) == (True, 1)
    assert bar.record.isChecked()
    desk.engine.move_playhead(-1920 + 480.0 * 2, is_counting_in=True)
    assert bar.position.text() == "\u22121.3.1"
    assert desk.window.timeline.roll.count_down.n_left == 2
    assert desk.window.timeline.roll.count_down.isVisible()
    desk.engine.move_playhead(500.0)
    assert bar.position.text() == "1.2.1"
    assert not desk.window.timeline.roll.count_down.isVisible()
    QTest.keyClick(desk.window, Qt.Key.Key_Space)
    assert not bar.record.isChecked()


@pytest.mark.parametrize("key", [Qt.Key.Key_F9, Qt.Key.Key_R])
def test_keys_record(desk: Desk, key: Qt.Key) -> None:
    QTest.keyClick(desk.window, key)
    assert desk.services.player.is_recording
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not desk.services.player.is_recording


def test_the_count_in_is_chosen_and_remembered(desk: Desk) -> None:
    assert options(desk)["1 bar"].isChecked()
    option(desk, "4 bars")
    assert options(desk)["4 bars"].isChecked()
    assert not options(desk)["1 bar"].isChecked()
    assert desk.services.settings.settings.count_in_bars == 4
    desk.window.transport.record.click()
    command = desk.engine.sent[-1]
    assert isinstance(command, PlayClip)
    assert command.count_in_bars == 4


def test_the_metronome_has_a_button_a_key_and_an_accent(desk: Desk) -> None:
    bar, settings = desk.window.transport, desk.services.settings
    bar.metronome.click()
    assert settings.settings.is_metronome_on
    QTest.keyClick(desk.window, Qt.Key.Key_O)
    assert not settings.settings.is_metronome_on
    assert not bar.metronome.isChecked()
    option(desk, "Accent the first count")
    assert not settings.settings.is_accented


def test_recording_adds_or_replaces_by_choice(desk: Desk) -> None:
    assert desk.services.player.is_overdubbing
    option(desk, "Replaces what was there")
    assert not desk.services.player.is_overdubbing
    option(desk, "Adds to it (overdub)")
    assert desk.services.player.is_overdubbing


def test_the_click_alone_can_be_played(make_desk: MakeDesk) -> None:
    desk = make_desk(Session())
    bar = desk.window.transport
    assert not bar.play.isEnabled()
    bar.metronome.click()
    assert bar.play.isEnabled()


def test_shift_space_goes_on_where_it_stopped(desk: Desk) -> None:
    desk.services.player.play()
    desk.engine.move_playhead(3000.0)
    desk.services.player.stop()
    QTest.keyClick(desk.window, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    command = desk.engine.sent[-1]
    assert isinstance(command, PlayClip)
    assert command.start_ticks == 3000


def test_devices_are_wanted_by_button_and_key(qtbot: QtBot, desk: Desk) -> None:
    bar = desk.window.transport
    control = Qt.KeyboardModifier.ControlModifier
    for want in (
        bar.devices.click,
        lambda: QTest.keyClick(desk.window, Qt.Key.Key_Comma, control),
    ):
        with qtbot.waitSignal(bar.devices_wanted, timeout=500):
            want()


def options(desk: Desk) -> dict[str, QAction]:
    menu = desk.window.transport.findChild(QMenu, "click_options_menu")
    assert menu is not None
    return {action.text(): action for action in menu.actions()}


def option(desk: Desk, text: str) -> None:
    options(desk)[text].trigger()
