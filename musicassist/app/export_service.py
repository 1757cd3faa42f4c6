"""Solos as files: for dragging out and for Save As."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import solo_start_ticks
from musicassist.errors import MusicAssistError, OutputError
from musicassist.files.export import DragFolder, solo_file_name, unique_path, write_solo_file
from musicassist.music.clip import Clip
from musicassist.music.keys import Key, estimate_key
from musicassist.music.session import NumberedSolo, Session

MIDI_MIME: Final = "audio/midi"


class ExportService(QObject):
    """Writes what is heard of a solo, drawn to the grid, as a MIDI file.

    `failed` carries every error; the methods then return None, and nothing is dragged or claimed.

    Thread: GUI; a solo is a few kilobytes.
    """

    failed = Signal(object)
    saved = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drag_folder: DragFolder | None = None

    def file_name(self, session: Session, solo: NumberedSolo) -> str:
        """Return the name a solo's file gets."""
        clip = session.timed(solo.solo.clip)
        n_bars = session.timebase.bar_at(clip.length_ticks)
        return solo_file_name(solo.number, _key_of(session, clip), session.timebase, n_bars)

    def drag_file(self, session: Session, solo: NumberedSolo) -> Path | None:
        """Write a solo's file for one drag; it stays until the program ends."""
        try:
            if self._drag_folder is None:
                self._drag_folder = DragFolder()
            path = self._drag_folder.path_for(self.file_name(session, solo))
            self._write(path, session, solo)
        except MusicAssistError as error:
            self.failed.emit(error)
            return None
        return path

    def save_as(self, session: Session, solo: NumberedSolo, path: Path) -> Path | None:
        """Write a solo's file where the user wants it."""
        try:
            if path.suffix.lower() not in (".mid", ".midi"):
                # Nobody was asked about the longer name, so nothing of that name is replaced.
                path = unique_path(path.parent, f"{path.name}.mid")
            self._write(path, session, solo)
        except MusicAssistError as error:
            self.failed.emit(error)
            return None
        self.saved.emit(path.name)
        return path

    def shut_down(self) -> None:
        """Remove the files of this run's drags."""
        if self._drag_folder is not None:
            self._drag_folder.close()
            self._drag_folder = None

    def _write(self, path: Path, session: Session, solo: NumberedSolo) -> None:
        clip = session.timed(solo.solo.clip)
        if not clip.notes:
            raise OutputError(f"{solo.name} holds no notes.", "Make another with Continue.")
        timebase = session.timebase.from_ticks(solo_start_ticks(session))
        write_solo_file(path, clip, timebase, _key_of(session, clip), solo.name)


def _key_of(session: Session, clip: Clip) -> Key:
    if session.key is not None:
        return session.key
    return estimate_key(session.primer.notes if session.primer is not None else clip.notes)
