"""Panels that move, hide and come back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from musicassist.app.bootstrap import Services
from musicassist.ui.docks import layout_of, place_of, restore_layout, restore_place
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
