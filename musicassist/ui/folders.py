"""Dialogs for files begin where the last one ended."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from musicassist.app.settings import SettingsService


def open_where_last(dialog: QFileDialog, settings: SettingsService) -> None:
    """Let a dialog begin in the folder of the last one, or at home, and remember where it ends."""
    last = Path(settings.settings.folder) if settings.settings.folder else Path.home()
    dialog.setDirectory(str(last if last.is_dir() else Path.home()))
    dialog.fileSelected.connect(lambda name: settings.change(folder=str(Path(name).parent)))
