"""Playing the keyboard on screen."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from musicassist.music.keys import is_black, pitch_name
from musicassist.ui.keyboard_strip import HIGHEST_PITCH, LOWEST_PITCH, KeyboardStrip


@pytest.fixture
def keyboard(qtbot: QtBot) -> Iterator[KeyboardStrip]:
    strip = KeyboardStrip()
    strip.resize(800, 120)
    qtbot.addWidget(strip)
    strip.show()
    yield strip
    strip.close()


def heard(keyboard: KeyboardStrip) -> list[tuple[str, int]]:
    moves: list[tuple[str, int]] = []
    keyboard.key_pressed.connect(lambda pitch, _velocity: moves.append(("down", pitch)))
    keyboard.key_released.connect(lambda pitch: moves.append(("up", pitch)))
    return moves


def middle_of(keyboard: KeyboardStrip, pitch: int) -> QPoint:
    key = keyboard._rect_of(pitch)
    y = key.center().y() if is_black(pitch) else key.bottom() - 4
    return QPoint(round(key.center().x()), round(y))


def test_it_has_the_49_keys_of_a_v49() -> None:
    assert HIGHEST_PITCH - LOWEST_PITCH + 1 == 49
    assert (pitch_name(LOWEST_PITCH), pitch_name(60), pitch_name(HIGHEST_PITCH)) == (
        "C1",
        "C3",
        "C5",
    )


@pytest.mark.parametrize("pitch", [36, 37, 60, 61, 66, 84])
def test_every_key_is_where_it_is_drawn(keyboard: KeyboardStrip, pitch: int) -> None:
    assert keyboard.pitch_at(middle_of(keyboard, pitch).toPointF()) == pitch


def test_a_click_plays_and_ends_a_note(keyboard: KeyboardStrip) -> None:
    moves = heard(keyboard)
    QTest.mouseClick(keyboard, Qt.MouseButton.LeftButton, pos=middle_of(keyboard, 61))
    assert moves == [("down", 61), ("up", 61)]


def test_sliding_ends_one_note_and_plays_the_next(keyboard: KeyboardStrip) -> None:
    moves = heard(keyboard)
    QTest.mousePress(keyboard, Qt.MouseButton.LeftButton, pos=middle_of(keyboard, 60))
    QTest.mouseMove(keyboard, middle_of(keyboard, 62))
    QTest.mouseRelease(keyboard, Qt.MouseButton.LeftButton, pos=middle_of(keyboard, 62))
    assert moves == [("down", 60), ("up", 60), ("down", 62), ("up", 62)]


def test_lower_on_a_key_is_louder(qtbot: QtBot, keyboard: KeyboardStrip) -> None:
    velocities: list[int] = []
    keyboard.key_pressed.connect(lambda _pitch, velocity: velocities.append(velocity))
    low = middle_of(keyboard, 60)
    for y in (low.y() - 20, low.y()):
        QTest.mouseClick(keyboard, Qt.MouseButton.LeftButton, pos=QPoint(low.x(), y))
    assert velocities == sorted(velocities)
    assert len(set(velocities)) == 2


def test_arrows_choose_a_key_and_enter_holds_it(keyboard: KeyboardStrip) -> None:
    moves = heard(keyboard)
    keyboard.setFocus()
    QTest.keyClick(keyboard, Qt.Key.Key_Right)
    QTest.keyPress(keyboard, Qt.Key.Key_Return)
    QTest.keyRelease(keyboard, Qt.Key.Key_Return)
    assert moves == [("down", 61), ("up", 61)]


def test_no_note_hangs_when_the_focus_leaves(keyboard: KeyboardStrip) -> None:
    moves = heard(keyboard)
    keyboard.setFocus()
    QTest.keyPress(keyboard, Qt.Key.Key_Return)
    keyboard.clearFocus()
    assert moves == [("down", 60), ("up", 60)]
