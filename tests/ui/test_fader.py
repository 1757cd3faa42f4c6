"""A fader: places and decibels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from musicassist.ui.fader import Fader, db_at, db_in_words, position_of


@given(st.integers(0, 200))
def test_a_place_is_found_again_by_its_volume(position: int) -> None:
    assert position_of(db_at(position)) == position


@given(st.integers(0, 199))
def test_further_up_is_louder(position: int) -> None:
    assert db_at(position) < db_at(position + 1)


@pytest.mark.parametrize(
    ("volume_db", "position"), [(0.0, 200), (12.0, 200), (-12.0, 100), (-60.0, 0), (-90.0, 0)]
)
def test_volumes_have_their_places(volume_db: float, position: int) -> None:
    assert position_of(volume_db) == position


@pytest.mark.parametrize(
    ("volume_db", "words"),
    [(0.0, "0.0 dB"), (-0.04, "0.0 dB"), (-6.0, "\N{MINUS SIGN}6.0 dB"), (-60.0, "silent")],
)
def test_volumes_are_read_in_decibels(volume_db: float, words: str) -> None:
    assert db_in_words(volume_db) == words


@pytest.fixture
def fader(qtbot: QtBot) -> Fader:
    made = Fader(-6.0, "machine")
    qtbot.addWidget(made)
    return made


def test_showing_a_volume_tells_nothing(qtbot: QtBot, fader: Fader) -> None:
    with qtbot.assertNotEmitted(fader.volume_set):
        fader.show_volume(-9.0, is_heard=False)
    assert fader.accessibleDescription() == "\N{MINUS SIGN}9.0 dB"


def test_moving_it_says_how_loud(qtbot: QtBot, fader: Fader) -> None:
    fader.show_volume(-12.0)
    with qtbot.waitSignal(fader.volume_set) as told:
        qtbot.keyClick(fader, Qt.Key.Key_End)
    assert told.args == [0.0]
    assert fader.accessibleDescription() == "0.0 dB"


def test_a_double_click_brings_it_as_it_came(qtbot: QtBot, fader: Fader) -> None:
    fader.show_volume(-30.0)
    qtbot.mouseDClick(fader, Qt.MouseButton.LeftButton)
    assert fader.volume_db == -6.0


def test_a_volume_between_two_places_is_not_moved_by_being_shown(fader: Fader) -> None:
    fader.show_volume(-3.33)
    assert fader.value() == position_of(-3.33)
    assert fader.accessibleDescription() == "\N{MINUS SIGN}3.3 dB"
