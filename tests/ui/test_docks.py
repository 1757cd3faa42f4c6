"""Panels that move, hide and come back."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
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


def left_tops(desk: Desk) -> list[int]:
    return [desk.window.docks[name].y() for name in ("solo", "timing", "help")]


def test_timing_keeps_what_it_needs_and_the_rest_goes_to_whom_it_serves(desk: Desk) -> None:
    docks = desk.window.docks
    desk.window.resize(1440, 1000)
    desk.qtbot.waitUntil(lambda: docks["solo"].height() == docks["solo"].needed_px)
    assert docks["timing"].height() == docks["timing"].needed_px
    roomy_px = docks["help"].height()
    desk.window.resize(1440, 700)
    needed_px = docks["timing"].needed_px
    desk.qtbot.waitUntil(
        lambda: docks["help"].height() < roomy_px and docks["timing"].height() == needed_px
    )
    assert docks["solo"].height() < docks["solo"].needed_px


def test_more_wishes_get_their_room_where_there_is_some(desk: Desk) -> None:
    docks = desk.window.docks
    desk.window.resize(1440, 1200)
    desk.qtbot.waitUntil(lambda: docks["solo"].height() == docks["solo"].needed_px)
    folded_px = docks["solo"].height()
    desk.window.solo_panel.unfold(is_unfolded=True)
    desk.qtbot.waitUntil(lambda: docks["solo"].height() > folded_px)


def test_left_panels_are_tabs_while_text_is_large_and_come_apart_again(desk: Desk) -> None:
    settings, docks = desk.services.settings, desk.window.docks
    assert len(set(left_tops(desk))) == 3
    settings.change(text_percent=200)
    desk.qtbot.waitUntil(lambda: not docks["timing"].is_seen)
    assert docks["solo"].is_seen
    settings.change(text_percent=100)
    desk.qtbot.waitUntil(lambda: docks["timing"].is_seen and len(set(left_tops(desk))) == 3)


def test_room_that_somebody_has_shared_stays_so(desk: Desk) -> None:
    window = desk.window
    between = window.docks["timing"].geometry().top() - 2
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(80, between))
    QTest.mouseMove(window, QPoint(80, between - 40))
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, pos=QPoint(80, between - 40))
    shared_px = window.docks["timing"].height()
    window.resize(1440, 700)
    desk.qtbot.wait(5)
    assert window.docks["timing"].height() == shared_px


@pytest.mark.parametrize("is_dragged", [False, True])
def test_panels_keep_their_room_from_start_to_start(desk: Desk, is_dragged: bool) -> None:
    services = desk.services
    desk.window.resize(1366, 728)
    desk.window.showMaximized()
    desk.qtbot.wait(20)
    if is_dragged:
        docks = [desk.window.docks["solo"], desk.window.docks["timing"]]
        QTest.mouseClick(desk.window, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
        desk.window.resizeDocks(docks, [300, 200], Qt.Orientation.Vertical)
    desk.qtbot.wait(20)
    desk.window.close()
    starts = []
    for _ in range(4):  # the offscreen platform needs the first to settle on a size
        again = MainWindow(services)
        try:
            again.show()
            desk.qtbot.waitExposed(again)
            desk.qtbot.wait(20)
            starts.append([(each.width(), each.height()) for each in again.docks.panels])
        finally:
            again.close()
    assert starts[1] == starts[2] == starts[3]
    assert services.settings.settings.is_window_room_shared != is_dragged
