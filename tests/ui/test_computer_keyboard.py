"""Letters that play."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from musicassist.engine.protocol import PressKey, ReleaseKey
from tests.ui.conftest import Desk


@pytest.fixture
def playing(desk: Desk) -> Desk:
    desk.window.commands["computer_keyboard"].trigger()
    desk.engine.sent.clear()
    return desk


def test_letters_play_while_it_is_on(playing: Desk) -> None:
    QTest.keyPress(playing.window, Qt.Key.Key_A)
    QTest.keyPress(playing.window, Qt.Key.Key_W)
    QTest.keyRelease(playing.window, Qt.Key.Key_A)
    assert playing.engine.sent == [PressKey(60, 90), PressKey(61, 90), ReleaseKey(60)]
    QTest.keyRelease(playing.window, Qt.Key.Key_W)


def test_letters_are_shortcuts_while_it_is_off(desk: Desk) -> None:
    was_on = desk.services.settings.settings.is_metronome_on
    QTest.keyClick(desk.window, Qt.Key.Key_O)
    assert desk.services.settings.settings.is_metronome_on != was_on
    assert not any(isinstance(each, PressKey) for each in desk.engine.sent)


def test_letters_that_play_are_no_shortcuts(playing: Desk) -> None:
    was_on = playing.services.settings.settings.is_metronome_on
    QTest.keyClick(playing.window, Qt.Key.Key_O)
    assert playing.services.settings.settings.is_metronome_on == was_on
    QTest.keyClick(playing.window, Qt.Key.Key_Space)
    assert playing.services.player.is_playing


def test_z_and_x_change_the_octave_and_c_and_v_the_velocity(playing: Desk) -> None:
    for key in (Qt.Key.Key_Z, Qt.Key.Key_V):
        QTest.keyClick(playing.window, key)
    QTest.keyClick(playing.window, Qt.Key.Key_A)
    assert playing.engine.sent == [PressKey(48, 110), ReleaseKey(48)]
    for _ in range(20):
        QTest.keyClick(playing.window, Qt.Key.Key_X)
        QTest.keyClick(playing.window, Qt.Key.Key_P)
    pitches = [each.pitch for each in playing.engine.sent if isinstance(each, PressKey)]
    assert max(pitches) <= 127


def test_the_keys_say_which_letter_plays_them(playing: Desk) -> None:
    keyboard = playing.window.keyboard
    assert (keyboard._letters[60], keyboard._letters[61]) == ("A", "W")
    QTest.keyClick(playing.window, Qt.Key.Key_X)
    assert keyboard._letters[72] == "A"
    assert 60 not in keyboard._letters
    QTest.keyClick(playing.window, Qt.Key.Key_M)
    assert keyboard._letters == {}


def test_where_text_is_typed_letters_are_letters(playing: Desk) -> None:
    strip = playing.window.timeline.chords
    strip.edit()
    strip.field.clear()
    QTest.keyClicks(strip.field, "a")
    assert strip.field.text() == "a"
    assert playing.engine.sent == []
    strip.field.clear()


def test_keys_held_are_let_go_when_it_is_switched_off_or_the_program_loses_them(
    playing: Desk,
) -> None:
    QTest.keyPress(playing.window, Qt.Key.Key_S)
    QApplication.sendEvent(playing.window, QEvent(QEvent.Type.ApplicationDeactivate))
    assert playing.engine.sent == [PressKey(62, 90), ReleaseKey(62)]
    QTest.keyPress(playing.window, Qt.Key.Key_D)
    QTest.keyClick(playing.window, Qt.Key.Key_M)
    assert playing.engine.sent[-1] == ReleaseKey(64)
