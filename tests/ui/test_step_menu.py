"""Several steps at once."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from tests.ui.conftest import Desk


def steps_of(desk: Desk, name: str) -> QMenu:
    button = getattr(desk.window.transport, name)
    button.customContextMenuRequested.emit(QPoint(3, 3))
    menus = button.findChildren(QMenu, f"{name}_button_steps")
    return next(menu for menu in menus if menu.isVisible())


def test_several_steps_are_taken_back_and_done_again(desk: Desk) -> None:
    document = desk.services.document
    first = document.session
    for bpm in (100, 110, 120):
        document.set_tempo(bpm)
        document.set_meter(bpm // 10 - 7, 4)
    last = document.session
    menu = steps_of(desk, "undo")
    names = [action.text() for action in menu.actions()]
    assert names == ["Change metre", "Change tempo"] * 3
    menu.actions()[-1].trigger()
    menu.close()
    assert document.session == first
    assert "Undone: Change tempo and 5 more." in desk.window.notices.text.whole_text
    menu = steps_of(desk, "redo")
    assert len(menu.actions()) == 6
    menu.actions()[-1].trigger()
    menu.close()
    assert document.session == last


def test_without_steps_nothing_is_offered(desk: Desk) -> None:
    desk.window.transport.redo.customContextMenuRequested.emit(QPoint(3, 3))
    assert desk.window.findChild(QMenu, "redo_button_steps") is None
