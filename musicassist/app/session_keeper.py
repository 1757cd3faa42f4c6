"""The session is always saved: every change goes to its file, with nobody asking."""

import threading
import time
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.inbox import Inbox
from musicassist.errors import MusicAssistError
from musicassist.music.session import Session
from musicassist.storage.claim import Claim
from musicassist.storage.session_file import SessionFile

RETRY_S: Final = 1.0
_APART_S: Final = 0.05  # from one save to the next, so that a slider does not keep the disk busy
_LEAVE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Saved:
    number: int
    session: Session


class SessionKeeper(QObject):
    """Saves the session on a thread of its own; of several changes the newest is enough.

    `kept` carries each `Session` that is on the disk now. `failed` carries an error when saving
    fails, and again with every change while it does; `resumed` comes when it works again.

    Args:
        claim: The file; None keeps nothing.
        parent: Its Qt owner.

    Thread: GUI.
    """

    kept = Signal(object)
    failed = Signal(object)
    resumed = Signal()

    def __init__(self, claim: Claim | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._claim = claim
        self._file: SessionFile | None = None
        self._thread: threading.Thread | None = None
        self._session: Session | None = None
        self._problems: list[MusicAssistError] = []
        self._newest: _Saved | None = None  # once it is; until then it waits here
        self._n_asked = 0
        self._error: MusicAssistError | None = None
        self._is_remembered = False
        self._is_leaving = False
        self._changed = threading.Condition()
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)
        if claim is not None:
            self._open(claim)

    @property
    def session(self) -> Session | None:
        """The session as it was left the last time; None if there was none."""
        return self._session

    @property
    def problems(self) -> tuple[MusicAssistError, ...]:
        """What went wrong at the start; nobody listens to signals yet."""
        return tuple(self._problems)

    @property
    def news(self) -> str:
        """What the user should know about the file, a sentence; empty for nothing."""
        return self._claim.news if self._claim is not None else ""

    def keep(self, session: Session) -> None:
        """Have a session saved, soon and whatever happens."""
        if self._thread is None:
            return
        if self._error is not None:
            self.failed.emit(self._error)
        self._n_asked += 1
        self._inbox.open()
        with self._changed:
            self._newest = _Saved(self._n_asked, session)
            self._changed.notify()

    def shut_down(self) -> None:
        """Save what is to be saved and let go of the file; takes 2 s at most."""
        if self._thread is not None:
            with self._changed:
                self._is_leaving = True
                self._changed.notify()
            self._thread.join(_LEAVE_S)
            self._thread = None
        self._inbox.drain()
        self._inbox.close()
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def _open(self, claim: Claim) -> None:
        if claim.problem is not None:
            self._problems.append(claim.problem)
        try:
            self._file = SessionFile(claim.path)
            self._session = self._file.load_session()
        except MusicAssistError as problem:
            self._problems.append(problem)
        if self._file is not None:
            self._thread = threading.Thread(
                target=self._work, args=(self._file,), name="session keeper", daemon=True
            )
            self._thread.start()

    def _work(self, file: SessionFile) -> None:
        """Save until told to leave.

        Thread: the keeper's.
        """
        while (newest := self._next()) is not None:
            try:
                file.save_session(newest.session)
            except MusicAssistError as error:
                self._inbox.put(error)
                if not self._wait_for_another_try(newest):
                    break
            else:
                self._inbox.put(newest)
                time.sleep(_APART_S)
        file.close()

    def _next(self) -> _Saved | None:
        """Wait for what is to be saved; None to leave.

        Thread: the keeper's.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._is_leaving)
            newest, self._newest = self._newest, None
            return newest

    def _wait_for_another_try(self, newest: _Saved) -> bool:
        """Put a session back, unless there is a newer one; return whether to go on.

        Thread: the keeper's.
        """
        with self._changed:
            if self._newest is None:
                self._newest = newest
            self._changed.wait_for(lambda: self._is_leaving, RETRY_S)
            return not self._is_leaving

    def _on_inbox_arrived(self, item: object) -> None:
        if isinstance(item, MusicAssistError):
            if self._error is None:
                self.failed.emit(item)
            self._error = item
        elif isinstance(item, _Saved):
            if self._error is not None:
                self._error = None
                self.resumed.emit()
            if self._claim is not None and not self._is_remembered:
                self._is_remembered = True
                self._claim.remember()
            if item.number == self._n_asked:
                self._inbox.close()  # nothing more is on its way
            self.kept.emit(item.session)
