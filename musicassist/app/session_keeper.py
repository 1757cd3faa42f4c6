"""The session is always saved: every change goes to its file, with nobody asking."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.inbox import Inbox
from musicassist.errors import MusicAssistError, SessionFileError
from musicassist.music.session import Session
from musicassist.storage.claim import Claim, claim_file
from musicassist.storage.session_file import SessionFile

RETRY_S: Final = 1.0
_APART_S: Final = 0.05  # from one save to the next, so that a slider does not keep the disk busy
_LEAVE_S: Final = 2.0


class Keeping(Enum):
    """How it stands with what is worked on."""

    NOWHERE = auto()  # there is no file
    SAVED = auto()
    SAVING = auto()
    FAILING = auto()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session whose file is this window's.

    Attributes:
        claim: The file's.
        file: The file, open.
        session: What stands in it.
    """

    claim: Claim
    file: SessionFile
    session: Session

    def close(self) -> None:
        """Let go of it again."""
        self.file.close()
        self.claim.release()


def open_session(path: Path, new: Session | None = None) -> OpenSession:
    """Claim and read a session's file.

    Args:
        path: The file.
        new: What to put into it first; None takes what is there.

    Raises:
        SessionFileError: Another window has it, or it cannot be used.
    """
    claim = claim_file(path)
    file: SessionFile | None = None
    try:
        file = SessionFile(claim.path)
        if new is not None:
            file.save_session(new)
        session = new or file.load_session() or Session(name=claim.path.stem)
    except BaseException:
        if file is not None:
            file.close()
        claim.release()
        raise
    return OpenSession(claim, file, session)


class SessionKeeper(QObject):
    """Saves the session on a thread of its own; of several changes the newest is enough.

    `kept` carries each `Session` that is on the disk now. `failed` carries an error when saving
    fails, and again with every change while it does; `resumed` comes when it works again.
    `state_changed` carries the `Keeping` when it is another.

    Args:
        claim: The file; None keeps nothing.
        parent: Its Qt owner.

    Thread: GUI.
    """

    kept = Signal(object)
    failed = Signal(object)
    resumed = Signal()
    state_changed = Signal(object)

    def __init__(self, claim: Claim | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._claim = claim
        self._saver: _Saver | None = None
        self._session: Session | None = None
        self._problems: list[MusicAssistError] = []
        self._n_asked = 0
        self._asked: Session | None = None  # what was asked for last
        self._error: MusicAssistError | None = None
        self._state = Keeping.NOWHERE
        self._is_remembered = False
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)
        if claim is not None:
            self._open(claim)

    @property
    def session(self) -> Session | None:
        """The session as it was left the last time; None if there was none."""
        return self._session

    @property
    def path(self) -> Path | None:
        """The file; None for none."""
        return self._claim.path if self._claim is not None and self._saver is not None else None

    @property
    def state(self) -> Keeping:
        """How it stands with what is worked on."""
        return self._state

    @property
    def error(self) -> MusicAssistError | None:
        """Why nothing can be saved now; None while it can."""
        return self._error

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
        if self._saver is None or session is self._asked:
            return
        if self._error is not None:
            self.failed.emit(self._error)
        self._n_asked += 1
        self._asked = session
        self._inbox.open()
        self._saver.save(_Saved(self._n_asked, session))
        if self._error is None:
            self._change_state(Keeping.SAVING)

    def settle(self) -> MusicAssistError | None:
        """Wait until all is saved, 2 s at most; return why it is not."""
        if self._saver is None:
            return None
        is_saved = self._error is None and self._saver.wait_until_saved(_LEAVE_S)
        self._inbox.drain()
        if is_saved and self._error is None:
            return None
        return self._error or SessionFileError("The session is not saved yet.", "Try again.")

    def go_on_in(self, opened: OpenSession) -> Claim | None:
        """Save to another file from now on; what is under way is saved where it belongs first.

        Returns:
            The claim on the file before, to be released when nothing has it open any more.
        """
        self._leave_file()
        before, self._claim = self._claim, opened.claim
        self._error = None
        self._start(opened.file)
        self._asked = self._session = opened.session
        self._remember()
        return before

    def shut_down(self) -> None:
        """Save what is to be saved and let go of the file; takes 2 s at most."""
        self._leave_file()
        if self._claim is not None:
            claim = self._claim
            if self._asked is not None:
                claim = claim.renamed_after(self._asked.name)
            claim.release()
            self._claim = None

    def _open(self, claim: Claim) -> None:
        if claim.problem is not None:
            self._problems.append(claim.problem)
        try:
            file = SessionFile(claim.path)
            self._start(file)
            self._asked = self._session = file.load_session()
        except MusicAssistError as problem:
            self._problems.append(problem)

    def _start(self, file: SessionFile) -> None:
        self._saver = _Saver(file, self._inbox.put)
        self._change_state(Keeping.SAVED)

    def _leave_file(self) -> None:
        if self._saver is not None:
            self._saver.leave()
            self._saver = None
        self._inbox.drain()
        self._inbox.close()

    def _remember(self) -> None:
        self._is_remembered = True
        if self._claim is not None:
            self._claim.remember()

    def _change_state(self, state: Keeping) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _on_inbox_arrived(self, item: object) -> None:
        if isinstance(item, MusicAssistError):
            if self._error is None:
                self.failed.emit(item)
            self._error = item
            self._change_state(Keeping.FAILING)
        elif isinstance(item, _Saved):
            if self._error is not None:
                self._error = None
                self.resumed.emit()
            if not self._is_remembered:
                self._remember()
            if item.number == self._n_asked:
                self._inbox.close()  # nothing more is on its way
                self._change_state(Keeping.SAVED)
            self.kept.emit(item.session)


@dataclass(frozen=True, slots=True)
class _Saved:
    number: int
    session: Session


class _Saver:
    """Saves into one file until it is left.

    Args:
        file: The file; it is closed in the end.
        put: Told of every `_Saved`, and of what went wrong.

    Thread: GUI, but for what says otherwise; the work is done on a thread of its own.
    """

    def __init__(self, file: SessionFile, put: Callable[[object], None]) -> None:
        self._file = file
        self._put = put
        self._newest: _Saved | None = None  # once it is; until then it waits here
        self._is_saving = False
        self._is_leaving = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="session keeper", daemon=True)
        self._thread.start()

    def save(self, newest: _Saved) -> None:
        """Save that next, and nothing that waits."""
        with self._changed:
            self._newest = newest
            self._changed.notify_all()

    def wait_until_saved(self, timeout_s: float) -> bool:
        """Wait until nothing is left to be saved; return whether that is so."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._newest is None and not self._is_saving, timeout_s
            )

    def leave(self) -> None:
        """Save what waits and let go of the file; takes 2 s at most."""
        with self._changed:
            self._is_leaving = True
            self._changed.notify_all()
        self._thread.join(_LEAVE_S)

    def _work(self) -> None:
        """Save until told to leave.

        Thread: the keeper's.
        """
        while (newest := self._next()) is not None:
            try:
                self._file.save_session(newest.session)
            except MusicAssistError as error:
                self._put(error)
                if not self._wait_for_another_try(newest):
                    break
            else:
                self._put(newest)
                self._rest()
        self._file.close()

    def _next(self) -> _Saved | None:
        """Wait for what is to be saved; None to leave.

        Thread: the keeper's.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._is_leaving)
            newest, self._newest = self._newest, None
            self._is_saving = newest is not None
            return newest

    def _rest(self) -> None:
        """Leave the disk alone for a moment, unless it is left for good.

        Thread: the keeper's.
        """
        with self._changed:
            self._is_saving = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_leaving, _APART_S)

    def _wait_for_another_try(self, newest: _Saved) -> bool:
        """Put a session back, unless there is a newer one; return whether to go on.

        Thread: the keeper's.
        """
        with self._changed:
            self._is_saving = False
            if self._newest is None:
                self._newest = newest
            self._changed.wait_for(lambda: self._is_leaving, RETRY_S)
            return not self._is_leaving
