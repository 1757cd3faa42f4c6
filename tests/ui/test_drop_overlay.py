"""Files dropped on the window: real drag events on the real window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit

from musicassist.storage.session_file import SessionFile
from musicassist.ui.drop_overlay import DropOverlay
from tests.corpus.conftest import write_lead_sheet
from tests.ui.conftest import Desk

PATIENCE_MS = 20_000


class Drag:
    """Files that hang over the window."""

    def __init__(self, desk: Desk, *paths: Path) -> None:
        self._window = desk.window
        self._mime = QMimeData()
        self._mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    def enter(self) -> bool:
        return self._enter(self._window, QPoint(500, 300))

    def enter_from_outside(self, place: QPoint) -> bool:
        """Come to a place the way that files do: the desktop tells the window's frame."""
        return self._enter(self._window.windowHandle(), place)

    def _enter(self, receiver: QObject, place: QPoint) -> bool:
        event = QDragEnterEvent(
            place,
            Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
            self._mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        QCoreApplication.sendEvent(receiver, event)
        return event.isAccepted() and event.dropAction() is Qt.DropAction.CopyAction

    def leave(self) -> None:
        QCoreApplication.sendEvent(self._window, QDragLeaveEvent())

    def drop(self) -> None:
        event = QDropEvent(
            QPointF(500, 300),
            Qt.DropAction.CopyAction,
            self._mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.sendEvent(self._window, event)


@pytest.fixture
def overlay(desk: Desk) -> DropOverlay:
    found = desk.window.findChild(DropOverlay, "drop_overlay")
    assert found is not None
    return found


def test_a_dropped_midi_file_becomes_the_phrase(
    desk: Desk, overlay: DropOverlay, tmp_path: Path
) -> None:
    desk.continue_phrase()
    session = desk.services.document.session
    path = tmp_path / "phrase.mid"
    desk.services.exports.save_as(session, session.solos[0], path)
    drag = Drag(desk, path)
    assert drag.enter()
    assert overlay.isVisible()
    assert overlay.geometry() == desk.window.rect()
    assert (overlay.words, overlay.detail) == ("Drop to continue it", "phrase.mid")
    with desk.qtbot.waitSignal(desk.services.document.step_taken, timeout=PATIENCE_MS):
        drag.drop()
    assert not overlay.isVisible()
    primer = desk.services.document.session.primer
    assert primer is not None
    drawn = session.timed(session.solos[0].solo.clip)
    assert [note.pitch for note in primer.notes] == [note.pitch for note in drawn.notes]
    assert primer.name == "phrase"
    assert desk.services.document.undo_name == "Open phrase.mid"


def test_a_dropped_score_brings_its_chords(desk: Desk, tmp_path: Path) -> None:
    write_lead_sheet(tmp_path / "tune.musicxml")
    drag = Drag(desk, tmp_path / "tune.musicxml")
    assert drag.enter()
    with desk.qtbot.waitSignal(desk.services.document.step_taken, timeout=PATIENCE_MS):
        drag.drop()
    assert desk.services.document.session.progression_text.startswith("F7")


def test_a_file_of_another_kind_is_told_before_and_after_the_drop(
    desk: Desk, overlay: DropOverlay, tmp_path: Path
) -> None:
    before = desk.services.document.session
    drag = Drag(desk, tmp_path / "song.wav")
    assert drag.enter()
    assert overlay.words == "This cannot be opened"
    drag.drop()
    assert "song.wav is no MIDI" in desk.window.notices.text.whole_text
    assert desk.services.document.session is before


def test_what_leaves_again_changes_nothing(
    desk: Desk, overlay: DropOverlay, tmp_path: Path
) -> None:
    drag = Drag(desk, tmp_path / "song.mid")
    drag.enter()
    drag.leave()
    assert not overlay.isVisible()


def test_a_session_file_says_so(desk: Desk, overlay: DropOverlay, tmp_path: Path) -> None:
    path = tmp_path / "Mine.musicassist"
    SessionFile(path).close()
    drag = Drag(desk, path)
    drag.enter()
    assert overlay.words == "Drop to open this session"
    drag.drop()
    assert "Nothing is being kept" in desk.window.notices.text.whole_text


def test_text_and_links_are_not_taken(desk: Desk, overlay: DropOverlay) -> None:
    drag = Drag(desk)
    drag._mime.setUrls([QUrl("https://example.org/song.mid")])
    drag._mime.setText("song.mid")
    assert not drag.enter()
    assert not overlay.isVisible()


def test_no_field_swallows_a_file(desk: Desk, overlay: DropOverlay, tmp_path: Path) -> None:
    fields = desk.window.findChildren(QLineEdit)
    field = desk.window.takes.search
    place = field.mapTo(desk.window, field.rect().center())
    assert Drag(desk, tmp_path / "song.mid").enter_from_outside(place)
    assert overlay.isVisible()
    assert not [field.objectName() for field in fields if field.acceptDrops()]
