"""Solos as files: for dragging out and for Save As."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import answer_start_ticks
from musicassist.errors import KeySpellingError, MusicAssistError, OutputError
from musicassist.music.clip import Clip
from musicassist.music.keys import Key, estimate_key
from musicassist.music.session import NumberedSolo, Session
from musicassist.music.solo import on_bar_lines
from musicassist.music.timebase import Timebase

if TYPE_CHECKING:
    from musicassist.files.export import DragFolder

MIDI_MIME: Final = "audio/midi"


class ExportService(QObject):
    """Writes what is heard of a solo, drawn to the grid, as a MIDI file.

    A file goes from bar line to bar line: a pickup gets a bar of its own before the others.

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
        from musicassist.files.export import solo_file_name  # late, here and below: never at start

        clip, timebase = _as_exported(session, solo)
        n_bars = timebase.bar_at(clip.length_ticks)
        key = _key_of(session, solo, clip)
        return solo_file_name(solo.number, key, session.timebase, n_bars, solo.title)

    def drag_file(self, session: Session, solo: NumberedSolo) -> Path | None:
        """Write a solo's file for one drag; it stays until the program ends."""
        try:
            if self._drag_folder is None:
                from musicassist.files.export import DragFolder

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
                from musicassist.files.export import unique_path

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
        from musicassist.files.export import write_solo_file

        clip, timebase = _as_exported(session, solo)
        if not clip.notes:
            raise OutputError(f"{solo.name} holds no notes.", "Make another with Continue.")
        write_solo_file(path, clip, timebase, _key_of(session, solo, clip), solo.name)


def _as_exported(session: Session, solo: NumberedSolo) -> tuple[Clip, Timebase]:
    """Return what stands in a solo's file, from bar line to bar line, and its timebase."""
    clip = session.timed_solo(solo.solo)
    start_ticks = answer_start_ticks(session)
    return on_bar_lines(clip, solo.solo.pickup_ticks, session.timebase, start_ticks)


def _key_of(session: Session, solo: NumberedSolo, clip: Clip) -> Key:
    """Return the session's key, or the one the solo was played in."""
    if session.key is not None:
        return session.key
    try:
        return Key.parse(str(solo.solo.settings.get("key", "")))
    except KeySpellingError:
        return estimate_key(session.primer.notes if session.primer is not None else clip.notes)
