"""How the window looks."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from musicassist.ui.shortcuts import COMMANDS
from musicassist.ui.theme import DARK, LIGHT, SMALL_PX, font, scaled
from musicassist.ui.view_menu import next_text_percent
from tests.ui.conftest import Desk


def choose(desk: Desk, words: str) -> QAction:
    menu = desk.window.view_menu
    actions = {
        action.text(): action for part in menu.findChildren(QMenu) for action in part.actions()
    }
    actions[words].trigger()
    return actions[words]


def test_the_theme_is_chosen_and_remembered(desk: Desk) -> None:
    light = choose(desk, "Light")
    assert desk.window.theme is LIGHT
    assert desk.services.settings.settings.theme == "light"
    assert light.isChecked()
    choose(desk, "Dark")
    assert desk.window.theme is DARK
    assert not light.isChecked()


def test_text_grows_everywhere(desk: Desk) -> None:
    choose(desk, "200 %")
    assert font().pixelSize() == 2 * SMALL_PX
    assert scaled(10) == 20
    assert desk.window.solo_panel.go.fontInfo().pixelSize() >= 26
    desk.window.commands["text_smaller"].trigger()
    assert desk.services.settings.settings.text_percent == 175
    choose(desk, "100 %")
    assert font().pixelSize() == SMALL_PX


@pytest.mark.parametrize(
    ("percent", "step", "then"), [(100, 1, 125), (200, 1, 200), (110, -1, 100), (100, -1, 100)]
)
def test_sizes_go_step_by_step(percent: int, step: int, then: int) -> None:
    assert next_text_percent(percent, step) == then


def test_middle_c_is_named_as_wished(desk: Desk) -> None:
    choose(desk, "C4, as in scores")
    assert desk.services.settings.settings.middle_c_octave == 4
    assert desk.window.keyboard._middle_c_octave == 4
    assert desk.window.timeline.roll._painter.middle_c_octave == 4


def test_the_menu_shows_the_keys_of_commands(desk: Desk) -> None:
    menu = desk.window.view_menu
    shown = {action.text(): action.shortcut().toString() for action in menu.actions()}
    assert shown[COMMANDS["shortcuts"].title] == "Ctrl+/"
