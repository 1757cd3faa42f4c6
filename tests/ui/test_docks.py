"""Panels that move, hide and come back."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton

from musicassist.app.bootstrap import Services
from musicassist.ui.docks import (
    layout_of,
    place_of,
    restore_layout,
    restore_place,
    size_on_screen,
)
from musicassist.ui.main_window import MainWindow
from tests.ui.conftest import Desk

PANELS = ("solo", "timing", "help", "takes", "devices", "keyboard")


def test_all_panels_but_the_devices_are_there_at_first(desk: Desk) -> None:
    seen = {dock.name for dock in desk.window.docks.panels if dock.is_seen}
    assert seen == set(PANELS) - {"devices"}


@pytest.mark.parametrize("name", ["solo", "timing", "takes"])
def test_a_panel_is_put_away_by_its_cross_and_comes_back_from_the_menu(
    desk: Desk, name: str
) -> None:
    dock = desk.window.docks[name]
    cross = desk.window.findChild(QAbstractButton, f"hide_panel_button_{name}")
    assert cross is not None
    cross.click()
    assert not dock.isVisible()
    dock.toggleViewAction().trigger()
    desk.qtbot.waitUntil(lambda: dock.is_seen)


def test_what_was_moved_and_hidden_is_so_again(desk: Desk) -> None:
    window = desk.window
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["timing"])
    window.docks["keyboard"].close()
    layout = layout_of(window)
    window.docks.reset()
    assert window.docks["keyboard"].isVisible()
    assert restore_layout(window, layout)
    assert not window.docks["keyboard"].isVisible()
    assert window.dockWidgetArea(window.docks["timing"]) == Qt.DockWidgetArea.RightDockWidgetArea


def test_panels_come_back_to_where_they_came(desk: Desk) -> None:
    window = desk.window
    window.docks["takes"].setFloating(True)
    window.docks["help"].close()
    desk.window.commands["reset_layout"].trigger()
    assert not window.docks["takes"].isFloating()
    assert window.docks["help"].isVisible()
    assert window.dockWidgetArea(window.docks["takes"]) == Qt.DockWidgetArea.RightDockWidgetArea


def test_a_layout_that_cannot_be_read_changes_nothing(desk: Desk) -> None:
    for nonsense in ("", "nonsense", "\ud800", "AAAA"):
        assert not restore_layout(desk.window, nonsense)
        assert not restore_place(desk.window, nonsense)
    assert desk.window.docks["takes"].isVisible()


def test_the_layout_is_remembered_when_the_window_closes(desk: Desk) -> None:
    services: Services = desk.services
    desk.window.docks["help"].close()
    desk.window.close()
    settings = services.settings.settings
    assert settings.window_layout
    assert settings.window_place == place_of(desk.window)
    again = MainWindow(services)
    try:
        again.show()
        desk.qtbot.waitExposed(again)
        assert not again.docks["help"].isVisible()
        assert again.docks["takes"].isVisible()
    finally:
        again.close()


def test_what_the_devices_need_of_room_is_given_back(desk: Desk) -> None:
    window = desk.window
    window.resize(1440, 900)
    desk.qtbot.wait(20)
    before = window.docks["takes"].width()
    window.show_devices(is_shown=True)
    desk.qtbot.waitUntil(lambda: window.docks["devices"].is_seen)
    window.show_devices(is_shown=False)
    desk.qtbot.waitUntil(lambda: window.docks["takes"].is_seen)
    desk.qtbot.waitUntil(lambda: abs(window.docks["takes"].width() - before) <= 2)


def test_a_window_comes_no_larger_than_the_screen_but_never_too_small() -> None:
    room = QGuiApplication.primaryScreen().availableSize()
    size = size_on_screen((9000, 9000), (300, 200))
    assert size.width() <= room.width()
    assert size.height() < room.height()
    assert size_on_screen((9000, 9000), (8000, 7000)) == QSize(8000, 7000)
    assert size_on_screen((400, 300), (300, 200)) == QSize(400, 300)
