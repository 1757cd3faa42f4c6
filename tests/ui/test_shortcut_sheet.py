"""The sheet of all shortcuts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from musicassist.ui.shortcut_sheet import ShortcutSheet
from musicassist.ui.shortcuts import COMMANDS
from tests.ui.conftest import Desk


@pytest.fixture
def sheet(desk: Desk) -> ShortcutSheet:
    desk.window.commands["shortcuts"].trigger()
    found = desk.window.findChild(ShortcutSheet)
    assert found is not None
    desk.qtbot.waitExposed(found)
    return found


def test_every_command_stands_there_with_its_keys(sheet: ShortcutSheet) -> None:
    for name in COMMANDS:
        assert sheet.row(name).isVisibleTo(sheet)
    assert "f9" in sheet.row("record").words
    assert sheet.row("record").keys.accessibleDescription() == "F9   R"


def test_a_word_or_a_key_finds_commands(desk: Desk, sheet: ShortcutSheet) -> None:
    desk.qtbot.keyClicks(sheet.search, "tempo")
    assert sheet.row("tap").isVisible()
    assert not sheet.row("loop").isVisible()
    sheet.search.setText("ctrl+l")
    assert sheet.row("loop").isVisible()
    sheet.search.setText("no such thing")
    assert sheet._nothing.isVisible()


def test_a_key_pressed_in_a_row_does_that_from_now_on(desk: Desk, sheet: ShortcutSheet) -> None:
    field = sheet.row("loop").keys
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_F5)
    assert desk.window.keymap.keys_of("loop") == ("F5",)
    assert "Loop" in sheet.news.text()
    was_looping = desk.services.player.state.is_looping
    sheet.close()
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    QApplication.processEvents()
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert desk.services.player.state.is_looping != was_looping
    assert desk.services.settings.settings.keys == {"loop": ("F5",)}


def test_the_one_that_loses_its_key_is_named(desk: Desk, sheet: ShortcutSheet) -> None:
    field = sheet.row("loop").keys
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_O)
    assert "“Metronome” had it before" in sheet.news.text()
    assert desk.window.keymap.keys_of("metronome") == ()
    sheet.reset.click()
    assert desk.window.keymap.own == {}
    assert not sheet.reset.isEnabled()


def test_one_command_gets_its_own_key_back(desk: Desk, sheet: ShortcutSheet) -> None:
    field = sheet.row("loop").keys
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_F5)
    undo = sheet.row("loop").undo
    assert undo.isVisible()
    undo.click()
    assert desk.window.keymap.keys_of("loop") == ("Ctrl+L",)
    assert not undo.isVisible()
