"""The name at the top left, and the sessions behind it: a window that keeps what is done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import connect_services
from musicassist.app.demo import demo_session
from musicassist.app.engine_client import EngineOptions
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.session_keeper import Keeping, SessionKeeper
from musicassist.app.soloist_service import ECHO
from musicassist.errors import SessionFileError
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session
from musicassist.storage import claim as claim_module
from musicassist.storage import library
from musicassist.storage.claim import claim_session
from musicassist.storage.library import SessionCard
from musicassist.storage.session_file import SessionFile
from musicassist.ui.main_window import FIRST_SIZE_PX, MainWindow
from musicassist.ui.session_title import SessionTitle
from musicassist.ui.sessions_menu import SessionsMenu, facts_of
from tests.ui.conftest import Desk

PATIENCE_MS = 20_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "sessions"
    for module in (library, claim_module):
        monkeypatch.setattr(module, "sessions_folder", lambda: place)
    return place


@pytest.fixture
def kept_desk(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[Desk]:
    qapp.setStyle("Fusion")
    keeper = SessionKeeper(claim_session())
    engine = ScriptedEngine()
    engine.options = EngineOptions(session_file=keeper.path)
    services = connect_services(engine, demo_session(), (ECHO,), keeper=keeper)
    window = MainWindow(services)
    window.resize(*FIRST_SIZE_PX)
    window.show()
    qtbot.waitExposed(window)
    engine.start()
    yield Desk(engine, services, window, qtbot)
    window.close()
    shiboken6.delete(window)


def title_of(desk: Desk) -> SessionTitle:
    return desk.window.transport.title


def menu_of(desk: Desk) -> SessionsMenu:
    menu = desk.window.findChild(SessionsMenu, "sessions_menu")
    assert menu is not None
    menu.refresh()
    return menu


def item(menu: QMenu, words: str) -> QAction:
    return next(each for each in menu.actions() if each.text().startswith(words))


def test_the_name_is_typed_in_place_and_is_one_step(kept_desk: Desk) -> None:
    title = title_of(kept_desk)
    QTest.mouseClick(title.name, Qt.MouseButton.LeftButton)
    assert title.field.hasFocus()
    assert title.field.selectedText() == "First idea"
    QTest.keyClicks(title.field, "Evening & tea")
    QTest.keyClick(title.field, Qt.Key.Key_Return)
    assert kept_desk.services.document.session.name == "Evening & tea"
    assert kept_desk.services.document.undo_name == "Rename the session"
    assert title.name.whole == "Evening & tea"
    assert not title.field.isVisible()
    assert title.name.hasFocus()
    assert kept_desk.window.windowTitle() == "Evening & tea \u2013 MusicAssist"
    kept_desk.services.document.undo()
    assert title.name.whole == "First idea"


def test_escape_gives_up_and_leaving_takes(kept_desk: Desk) -> None:
    title = title_of(kept_desk)
    title.name.setFocus()
    QTest.keyClick(title.name, Qt.Key.Key_F2)
    QTest.keyClicks(title.field, "Not this")
    QTest.keyClick(title.field, Qt.Key.Key_Escape)
    assert kept_desk.services.document.session.name == "First idea"
    title.edit()
    QTest.keyClicks(title.field, "This r o T 1")  # letters and Space are text here, no commands
    kept_desk.window.timeline.roll.setFocus()
    assert kept_desk.services.document.session.name == "This r o T 1"
    assert not kept_desk.services.player.is_playing
    title.edit()
    title.field.clear()
    QTest.keyClick(title.field, Qt.Key.Key_Return)
    assert kept_desk.services.document.session.name == "This r o T 1"


def test_it_is_named_and_can_be_renamed_where_there_is_little_room(desk: Desk) -> None:
    title = title_of(desk)
    assert desk.window.width() == 1100
    assert title.name.text() == "First idea"
    assert not title.state.isVisible()
    assert title.menu_button.isVisible()
    assert "First idea" in title.menu_button.toolTip()
    desk.window.commands["rename_session"].trigger()
    assert title.field.isVisible()
    assert desk.window.rect().contains(
        title.field.geometry().translated(title.field.parentWidget().pos())
    )
    QTest.keyClicks(title.field, "Small")
    QTest.keyClick(title.field, Qt.Key.Key_Return)
    assert desk.services.document.session.name == "Small"


def test_saved_is_said_and_why_not(kept_desk: Desk) -> None:
    title = title_of(kept_desk)
    assert title.state.whole_text == "saved"
    title.show_keeping(Keeping.FAILING, SessionFileError("The disk is full.", "Make room."))
    assert title.state.whole_text == "not saved"
    assert "The disk is full. Make room." in title.state.toolTip()
    assert title.state.property("role") == "error"
    title.show_keeping(Keeping.SAVING)
    kept_desk.qtbot.waitUntil(lambda: title.state.whole_text == "saving\u2026", timeout=PATIENCE_MS)
    title.show_keeping(Keeping.SAVED)
    assert title.state.whole_text == "saved"


def test_a_window_that_keeps_nothing_says_so(desk: Desk) -> None:
    assert title_of(desk).state.whole_text == "unsaved"
    menu = menu_of(desk)
    for words in ("Go on in a copy", "Remove", "Show its folder", "Open recent", "New from"):
        assert not item(menu, words).isEnabled()
        assert "Nothing is being kept" in item(menu, words).toolTip()


def test_new_sessions_and_recent_ones_from_the_menu(kept_desk: Desk) -> None:
    services = kept_desk.services
    kept_desk.continue_phrase()
    menu = menu_of(kept_desk)
    assert not item(menu, "Open recent").isEnabled()
    item(menu, "New session").trigger()
    assert services.document.session.name == "New idea"
    menu = menu_of(kept_desk)
    (first,) = menu.recent.actions()
    assert first.text().startswith("First idea\t")
    assert first.text().endswith("\u00b7 4 takes")
    first.trigger()
    assert services.document.session.name == "First idea"
    assert len(services.document.session.solos) == 4
    assert title_of(kept_desk).name.whole == "First idea"
    item(menu_of(kept_desk).templates, "Ballad").trigger()
    assert services.document.session.name == "Ballad in three"
    assert kept_desk.window.transport.meter.currentText() == "3/4"
    item(menu_of(kept_desk), "Go on in a copy").trigger()
    assert services.document.session.name == "Ballad in three copy"
    item(menu_of(kept_desk), "Remove").trigger()
    assert services.document.session.name == "Ballad in three"
    assert kept_desk.window.notices.action.text() == "Undo"
    kept_desk.window.notices.action.click()
    assert services.document.session.name == "Ballad in three copy"


def test_a_session_that_has_gone_is_grey_with_its_reason(kept_desk: Desk, tmp_path: Path) -> None:
    gone = tmp_path / "elsewhere" / "Gone.musicassist"
    SessionFile(gone).close()
    library.remember(gone)
    gone.unlink()
    (action,) = menu_of(kept_desk).recent.actions()
    assert not action.isEnabled()
    assert action.text() == "Gone\tit is no longer there"


def test_keys_open_new_and_other_files(kept_desk: Desk, folder: Path) -> None:
    window = kept_desk.window
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert kept_desk.services.document.session.name == "New idea"
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(QFileDialog, "open_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(folder / "First idea.musicassist"))
    dialog.close()
    assert kept_desk.services.document.session.name == "First idea"


def test_the_chevron_opens_the_menu_with_keys(
    kept_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[object] = []
    monkeypatch.setattr(SessionsMenu, "popup", lambda _menu, at: shown.append(at))
    title = title_of(kept_desk)
    title.menu_button.setFocus()
    QTest.keyClick(title.menu_button, Qt.Key.Key_Return)
    kept_desk.window.commands["sessions"].trigger()
    assert len(shown) == 2


def test_the_folder_is_shown(kept_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    kept_desk.window.commands["show_session_file"].trigger()
    path = kept_desk.services.sessions.path
    assert path is not None
    assert [Path(url.toLocalFile()) for url in shown] == [path.parent]


NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "n_takes", "words"),
    [
        (datetime(2026, 11, 21, 9, 5, tzinfo=UTC), 0, "09:05 \u00b7 no takes"),
        (datetime(2026, 11, 20, 23, 59, tzinfo=UTC), 1, "yesterday \u00b7 1 take"),
        (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), 4, "2 Mar \u00b7 4 takes"),
        (datetime(2025, 12, 31, 1, 0, tzinfo=UTC), 4, "31 Dec 2025 \u00b7 4 takes"),
        (None, 2, "2 takes"),
    ],
)
def test_a_list_says_when_and_how_many(moment: datetime | None, n_takes: int, words: str) -> None:
    assert facts_of(SessionCard(Path("x"), "x", moment, n_takes), NOW) == words


def test_names_of_strangers_are_plain_text_in_the_menu(kept_desk: Desk) -> None:
    kept_desk.services.sessions.rename("<b>R&B</b> " + "x" * 60)
    kept_desk.services.sessions.start_new()
    (action,) = menu_of(kept_desk).recent.actions()
    name = action.text().partition("\t")[0]
    assert name.startswith("<b>R&&B</b>")
    assert len(name) < 45


def large_session(n_notes: int = 5_000) -> Session:
    notes = tuple(Note(i * 120, 100, 48 + i * 7 % 36, 40 + i % 80) for i in range(n_notes))
    return Session(name="Large", primer=Clip(notes, n_notes * 120))


def test_a_large_session_is_shown_whole(kept_desk: Desk, folder: Path) -> None:
    path = folder / "Large.musicassist"
    file = SessionFile(path)
    file.save_session(large_session())
    file.close()
    kept_desk.services.sessions.open(path)
    primer = kept_desk.services.document.session.primer
    assert primer is not None
    assert len(primer.notes) == 5_000
    assert kept_desk.window.timeline.axis.length_ticks >= 5_000 * 120
