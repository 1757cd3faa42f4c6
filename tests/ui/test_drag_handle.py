"""Dragging a solo out of the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from musicassist.ui.drag_handle import DragHandle, mime_data_of
from tests.ui.conftest import Desk


def test_a_drag_offers_the_address_and_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "Solo 03 Fm 96bpm 8bars.mid"
    path.write_bytes(b"MThd...")
    mime = mime_data_of(path)
    assert [Path(url.toLocalFile()) for url in mime.urls()] == [path]
    assert mime.hasFormat("text/uri-list")
    assert bytes(mime.data("audio/midi").data()) == b"MThd..."


def test_pulling_the_handle_starts_a_drag_that_may_only_copy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.continue_phrase()
    started: list[tuple[Path, tuple[object, ...], bool]] = []

    def remember(drag: QDrag, *actions: object) -> Qt.DropAction:
        path = Path(drag.mimeData().urls()[0].toLocalFile())
        started.append((path, actions, drag.pixmap().isNull()))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", remember)
    handle = desk.window.findChild(DragHandle, "drag_handle_2")
    assert handle is not None
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    far = 20 + QApplication.startDragDistance() + 1
    for x in (22, far):
        QTest.mouseMove(handle, QPoint(x, 10))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(far, 10))
    ((path, actions, has_no_picture),) = started
    assert path.name == "Solo 02 Fm 96bpm 8bars.mid"
    assert path.read_bytes().startswith(b"MThd")
    assert set(actions) == {Qt.DropAction.CopyAction}
    assert not has_no_picture


def test_a_click_on_the_handle_says_how_to_drag(desk: Desk) -> None:
    desk.continue_phrase()
    handle = desk.window.findChild(DragHandle, "drag_handle_1")
    assert handle is not None
    handle.click()
    assert "drag it onto a track" in desk.window.notices.text.whole_text


def test_a_file_that_cannot_be_written_starts_no_drag(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDrag, "exec", lambda *_: pytest.fail("there is nothing to drag"))
    handle = DragHandle(lambda: None, lambda: pytest.fail("nothing to picture"))
    assert handle.drag() == Qt.DropAction.IgnoreAction
