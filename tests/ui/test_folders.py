"""Where dialogs begin."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from tests.ui.conftest import Desk


def test_a_dialog_begins_where_the_last_one_ended(desk: Desk, tmp_path: Path) -> None:
    desk.window.commands["open_file"].trigger()
    dialog = desk.window.findChild(QFileDialog, "open_dialog")
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == Path.home()
    dialog.fileSelected.emit(str(tmp_path / "song.mid"))
    dialog.close()
    desk.continue_phrase()
    desk.window.save_selected()
    dialog = desk.window.findChild(QFileDialog, "save_dialog")
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.reject()


def test_a_folder_that_is_gone_is_not_begun_in(desk: Desk, tmp_path: Path) -> None:
    desk.services.settings.change(folder=str(tmp_path / "gone"))
    desk.window.commands["open_file"].trigger()
    dialog = desk.window.findChild(QFileDialog, "open_dialog")
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == Path.home()
    dialog.close()
