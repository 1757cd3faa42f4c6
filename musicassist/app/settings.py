"""What the user has set up, and the file that remembers it between starts."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.errors import MusicAssistError
from musicassist.storage import settings as storage
from musicassist.storage.settings import Settings

_SAVE_AFTER_MS: Final = 400  # so that a fader on its way is written once


class SettingsService(QObject):
    """Holds the settings, tells of every change and writes them a moment later.

    `changed` carries the new `Settings`, `failed` every error of writing; what was wrong when they
    were read is in `problems`, because nobody listens yet at the program's start.

    Args:
        path: The file they are remembered in; None remembers nothing.
        parent: Its Qt owner.

    Thread: GUI; the file is about a kilobyte.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._settings = Settings()
        self._problems: tuple[MusicAssistError, ...] = ()
        if path is not None:
            self._settings, self._problems = storage.load_settings(path)
        self._save_later = QTimer(self)
        self._save_later.setSingleShot(True)
        self._save_later.setInterval(_SAVE_AFTER_MS)
        self._save_later.timeout.connect(self.save)

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    @property
    def problems(self) -> tuple[MusicAssistError, ...]:
        """What was wrong with the file when it was read."""
        return self._problems

    def change(self, **fields: Any) -> None:
        """Change some of the settings; values that are the same change nothing.

        Raises:
            TypeError: There is no setting of that name.
        """
        settings = replace(self._settings, **fields)
        if settings == self._settings:
            return
        self._settings = settings
        if self._path is not None:
            self._save_later.start()
        self.changed.emit(settings)

    def save(self) -> None:
        """Write the settings now."""
        self._save_later.stop()
        if self._path is None:
            return
        try:
            storage.save_settings(self._path, self._settings)
        except MusicAssistError as error:
            self.failed.emit(error)

    def shut_down(self) -> None:
        """Write what has not been written yet."""
        if self._save_later.isActive():
            self.save()
