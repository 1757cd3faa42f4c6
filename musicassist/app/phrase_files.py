"""Phrases from elsewhere: files that are dropped or opened, and the demo."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from musicassist.app.demo import demo_session
from musicassist.app.document import Document, steady_timebase_of
from musicassist.app.inbox import Inbox
from musicassist.app.music_file import MusicFile, is_music, not_music, read_music
from musicassist.app.notices import Notices
from musicassist.app.sessions import Sessions
from musicassist.app.soloist_service import SoloistService
from musicassist.app.step_notices import StepNotices
from musicassist.errors import InputError, MusicAssistError, UserCancelled
from musicassist.storage.database import SUFFIX

LONGEST_READ_S: Final = 8.0
_TELL_AFTER_MS: Final = 300
_LEAVE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of reading a file.

    Attributes:
        number: Which reading it was.
        path: The file.
        result: What is in it, or what is wrong with it.
    """

    number: int
    path: Path
    result: MusicFile | MusicAssistError


class PhraseFiles(QObject):
    """Takes melody, chords, tempo, metre and key of a file as what to continue: one step.

    A file is read on a thread, so that a large one holds nothing up, and no longer than
    `LONGEST_READ_S`. Of several the newest counts.

    Args:
        document: Whose phrase it becomes.
        sessions: Opens a file that is a session.
        soloist: What may be answering the phrase before.
        steps: Tells what was done, with the way back.
        notices: Where the user is told.
        parent: Its Qt owner.

    Thread: GUI.
    """

    def __init__(
        self,
        document: Document,
        sessions: Sessions,
        soloist: SoloistService,
        steps: StepNotices,
        notices: Notices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._sessions = sessions
        self._soloist = soloist
        self._steps = steps
        self._notices = notices
        self._number = 0  # of the reading that somebody waits for
        self._aside = ""  # what else is told with it
        self._threads: list[threading.Thread] = []
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)
        self._tell_soon = QTimer(self)
        self._tell_soon.setSingleShot(True)
        self._tell_soon.setInterval(_TELL_AFTER_MS)
        self._tell_soon.timeout.connect(self._tell_reading)
        self._path = Path()
        document.opened.connect(self.cancel)

    def open_first(self, paths: Sequence[Path]) -> None:
        """Open the first file of several that can be opened: a session, or a phrase.

        Args:
            paths: At least one; others are told of and left.
        """
        usable = [path for path in paths if is_music(path) or path.suffix.lower() == SUFFIX]
        if not usable:
            self._notices.show_error(not_music(paths[0]))
            return
        first = usable[0]
        aside = f" The other {_files(len(paths) - 1)} were left." if len(paths) > 2 else ""
        aside = " The other file was left." if len(paths) == 2 else aside
        if first.suffix.lower() == SUFFIX:
            self._sessions.open(first)
        else:
            self.open(first, aside)

    def open(self, path: Path, aside: str = "") -> None:
        """Read a phrase from a file and take it.

        Args:
            path: A MIDI or MusicXML file.
            aside: A sentence that is told with it, after a space.
        """
        self._number += 1
        self._path, self._aside = path, aside
        self._inbox.open()
        self._tell_soon.start()
        self._threads = [each for each in self._threads if each.is_alive()]
        thread = threading.Thread(
            target=self._read, args=(self._number, path), name="file reader", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def cancel(self) -> None:
        """Take nothing of what is being read."""
        self._number += 1
        self._tell_soon.stop()
        self._inbox.close()

    def load_demo(self) -> None:
        """Bring the demo phrase and its chords."""
        demo = demo_session()
        session = replace(
            self._document.session,
            timebase=demo.timebase,
            key=demo.key,
            progression_text=demo.progression_text,
            progression=demo.progression,
            primer=demo.primer,
            primer_take=None,
            selected_number=None,
        )
        self._soloist.cancel()
        self._document.do("Load the demo", session)

    def shut_down(self) -> None:
        """End what is being read; takes 1 s at most."""
        self.cancel()
        for thread in self._threads:
            thread.join(_LEAVE_S)

    def _read(self, number: int, path: Path) -> None:
        """Read a file while somebody waits for it.

        Thread: one of its own.
        """
        deadline_s = time.monotonic() + LONGEST_READ_S

        def should_stop() -> bool:
            return number != self._number or time.monotonic() > deadline_s

        result: MusicFile | MusicAssistError
        try:
            result = read_music(path, should_stop)
        except MusicAssistError as error:
            result = error
        except UserCancelled:
            result = InputError(
                f"{path.name} takes too long to read.", "Export the part you need by itself."
            )
        self._inbox.put(_Read(number, path, result))

    def _tell_reading(self) -> None:
        self._notices.tell(
            f"Reading {self._path.name} …", action_name="Stop", action=self._stop_reading
        )

    def _stop_reading(self) -> None:
        self.cancel()
        self._notices.tell(f"{self._path.name} was not opened.")

    def _on_inbox_arrived(self, item: object) -> None:
        if not isinstance(item, _Read) or item.number != self._number:
            return
        self._tell_soon.stop()
        self._inbox.close()
        if isinstance(item.result, MusicAssistError):
            self._notices.show_error(item.result)
        else:
            self._take(item.path, item.result)

    def _take(self, path: Path, music: MusicFile) -> None:
        session = self._document.session
        timebase = steady_timebase_of(music.timebase)
        if not music.has_tempo:
            timebase = replace(timebase, tempos=session.timebase.tempos[:1])
        session = replace(
            session,
            timebase=timebase,
            key=music.key,
            progression_text=music.progression_text,
            progression=music.progression,
            primer=music.phrase,
            primer_take=None,
            selected_number=None,
        )
        self._soloist.cancel()
        text = f"{path.name} is the phrase now."
        if music.progression is not None:
            text = f"{path.name} is the phrase now, with its chords."
        if music.problems:
            text = f"Opened {path.name}. {music.problems[0]}"
        text += self._aside
        self._steps.take(lambda: self._document.do(f"Open {path.name}", session), lambda: text)


def _files(n_files: int) -> str:
    return "file" if n_files == 1 else f"{n_files} files"
