"""Sessions as things a user has many of: new ones, others, copies; one is open at a time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from musicassist.app.document import Document
from musicassist.app.notices import Notices
from musicassist.app.player import Engine, Player
from musicassist.app.session_keeper import OpenSession, SessionKeeper, open_session
from musicassist.app.soloist_service import SoloistService
from musicassist.app.step_notices import StepNotices
from musicassist.app.templates import Template
from musicassist.engine.protocol import KeepingIn, LetGo
from musicassist.errors import MusicAssistError, SessionFileError
from musicassist.music.session import Session
from musicassist.storage import library
from musicassist.storage.claim import Claim
from musicassist.storage.library import SessionCard

NEW_NAME: Final = "New idea"
_LONGEST_NAME: Final = 120
_ENGINE_PATIENCE_MS: Final = 1_500  # what an engine that hangs holds back is found the next time

Then = Callable[[Path], None]
"""What is done with a file that nothing has open any more."""


@dataclass(frozen=True, slots=True)
class _Switch:
    """A session that is about to be shown.

    Attributes:
        opened: The session.
        told: What the user is told then.
        then: What is done with the file before.
    """

    opened: OpenSession
    told: str
    then: Then | None


@dataclass(slots=True)
class _Leaving:
    """A file that was worked on before, as long as the engine has it open."""

    claim: Claim
    name: str
    then: Then | None


class Sessions(QObject):
    """Opens another session in the running window; nothing of the one before is lost.

    What is under way goes to the session it was played in: playing stops, the engine hands over
    what it has and goes on in the other file, the session before is saved, then the other one is
    shown. Only when the engine has let go of the file before may others have it.

    Args:
        engine: What keeps what is played.
        document: What is worked on.
        player: What is heard.
        soloist: What may be working on a solo.
        keeper: What saves the session.
        notices: Where the user is told.
        steps: Tells what was done, with the way back.
        parent: Its Qt owner.

    Thread: GUI.
    """

    def __init__(
        self,
        engine: Engine,
        document: Document,
        player: Player,
        soloist: SoloistService,
        keeper: SessionKeeper,
        notices: Notices,
        steps: StepNotices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._player = player
        self._soloist = soloist
        self._keeper = keeper
        self._notices = notices
        self._steps = steps
        self._switch: _Switch | None = None
        self._leaving: dict[Path, _Leaving] = {}
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_ENGINE_PATIENCE_MS)
        self._patience.timeout.connect(self._show)
        engine.event_arrived.connect(self._on_engine_event_arrived)
        engine.gone.connect(self._on_engine_gone)

    @property
    def path(self) -> Path | None:
        """The file of the session that is open; None where nothing is kept."""
        return self._keeper.path

    @property
    def reason_for_one(self) -> str:
        """Why no other session can be opened here, a sentence; empty where one can."""
        return "" if self.path is not None else "Nothing is being kept in this window."

    def recent(self) -> list[SessionCard]:
        """Return the other sessions there are, newest first; reads a little of each file."""
        return library.recent_sessions(but=self.path)

    def rename(self, name: str) -> None:
        """Call the session something else; its file follows when it is closed."""
        name = "".join(sign for sign in name if sign.isprintable()).strip()[:_LONGEST_NAME]
        if name:
            session = replace(self._document.session, name=name)
            self._document.do("Rename the session", session)

    def start_new(self) -> None:
        """Begin with an empty session of its own; the one before stays in its file.

        Where nothing is kept it is a step that undo takes back.
        """
        if self.path is None:
            self._soloist.cancel()
            self._player.stop()
            empty = replace(self._empty(), timebase=self._document.session.timebase)
            self._steps.take(
                lambda: self._document.do("Start a new idea", empty), lambda: "A new idea."
            )
            return
        session = replace(self._empty(), name=_unused(NEW_NAME))
        self._make(session, f"{session.name}: play something.")

    def start_from(self, template: Template) -> None:
        """Begin with a session that is as a template says."""
        session = template.session_like(self._empty())
        session = replace(session, name=_unused(template.title))
        self._make(session, f"{session.name}: play along, or play a phrase and continue it.")

    def duplicate(self) -> None:
        """Go on in a copy; what there was stays as it is."""
        session = self._document.session
        copy = replace(session, name=_unused(f"{session.name.strip()} copy"))
        self._make(copy, f"You work on a copy now; {session.name} stays as it was.")

    def open(self, path: Path) -> None:
        """Go on with the session of a file."""
        if not self._can_switch():
            return
        path = _real(path)
        if path == self.path:
            self._notices.tell(f"{self._document.session.name} is open already.")
        elif path in self._leaving:  # the engine has it open, but not for long
            self._leaving[path].then = self.open
        elif not path.is_file():
            library.forget(path)
            self._notices.show_error(
                SessionFileError(f"{path.name} is no longer there.", "It may have been moved.")
            )
        else:
            self._try(lambda: open_session(path), "{} is open.")

    def remove(self) -> None:
        """Put the session away and go on with the newest of the others, or with a new one."""
        path = self.path
        if path is None or not self._can_switch():
            return
        name = self._document.session.name

        def put_away(path: Path) -> None:
            try:
                away = library.put_away(path)
            except MusicAssistError as error:
                self._notices.show_error(error)
                return
            self._notices.tell(
                f"{name} was removed.", action_name="Undo", action=lambda: self._bring_back(away)
            )

        for card in self.recent():
            if not card.problem:
                with suppress(MusicAssistError):  # it may be open in another window
                    self._begin(_Switch(open_session(card.path), "", put_away))
                    return
        session = replace(self._empty(), name=_unused(NEW_NAME))
        self._try(lambda: open_session(library.new_path(session.name), session), "", put_away)

    def shut_down(self) -> None:
        """Let go of all files but the one that is open; the engine has left before."""
        self._patience.stop()
        switch, self._switch = self._switch, None
        if switch is not None:
            switch.opened.close()
        self._let_go_of_all()

    def _bring_back(self, away: Path) -> None:
        try:
            path = library.bring_back(away)
        except MusicAssistError as error:
            self._notices.show_error(error)
            return
        self.open(path)

    def _empty(self) -> Session:
        """Return an empty session that is wished for, mixed and accompanied as the open one."""
        session = self._document.session
        return Session(
            timing=session.timing,
            wishes=session.wishes,
            backing=session.backing,
            mix=session.mix,
        )

    def _make(self, session: Session, told: str) -> None:
        if self._can_switch():
            self._try(lambda: open_session(library.new_path(session.name), session), told)

    def _can_switch(self) -> bool:
        if self.reason_for_one:
            hint = "Start the program again without --session or --fake-devices."
            self._notices.show_error(SessionFileError(self.reason_for_one, hint))
            return False
        return self._switch is None  # one at a time: it takes a moment

    def _try(self, opening: Callable[[], OpenSession], told: str, then: Then | None = None) -> None:
        try:
            opened = opening()
        except MusicAssistError as error:
            self._notices.show_error(error)
            return
        self._begin(_Switch(opened, told.format(opened.session.name), then))

    def _begin(self, switch: _Switch) -> None:
        """Stop, and let the engine hand over what is under way."""
        self._soloist.cancel()
        self._player.stop()
        self._keeper.keep(self._document.session)  # the demo has not been saved until something is
        if (problem := self._keeper.settle()) is not None:
            switch.opened.close()
            self._notices.show_error(problem)
            return
        self._switch = switch
        is_answered = self._engine.is_running
        if is_answered:
            self._patience.start()
        self._engine.keep_in(switch.opened.claim.path)
        if not is_answered:
            self._show()

    def _show(self) -> None:
        """Show the session that was asked for: everything of the one before has come."""
        self._patience.stop()
        switch, self._switch = self._switch, None
        before = self.path
        if switch is None or before is None:
            return
        opened = switch.opened
        if (problem := self._keeper.settle()) is not None:
            self._engine.keep_in(before)
            opened.close()
            self._notices.show_error(problem)
            return
        self._soloist.cancel()  # what was begun meanwhile belongs to the session before, too
        if self._player.is_playing:
            self._player.stop()
        name = self._document.session.name
        claim = self._keeper.go_on_in(opened)
        if claim is not None:
            self._leaving[claim.path] = _Leaving(claim, name, switch.then)
        self._document.open(opened.session)
        if switch.told:
            self._notices.tell(switch.told)
        if opened.claim.problem is not None:
            self._notices.show_error(opened.claim.problem)
        if self._engine.is_running:
            self._engine.send(LetGo(str(before)))
        else:
            self._let_go_of_all()

    def _let_go(self, path: Path) -> None:
        leaving = self._leaving.pop(path)
        claim = leaving.claim.renamed_after(leaving.name)
        claim.release()
        if leaving.then is not None:
            leaving.then(claim.path)

    def _let_go_of_all(self) -> None:
        for path in tuple(self._leaving):
            self._let_go(path)

    def _on_engine_event_arrived(self, event: object) -> None:
        if not isinstance(event, KeepingIn):
            return
        if self._switch is not None and event.session_file == str(self._switch.opened.claim.path):
            self._show()
        held = {event.session_file, *event.still_open}
        for path in tuple(self._leaving):
            if str(path) not in held:
                self._let_go(path)

    def _on_engine_gone(self) -> None:
        if self._switch is not None:
            self._show()
        self._let_go_of_all()


def _unused(name: str) -> str:
    """Return a name that no session's file has yet."""
    used = {each.casefold() for each in library.names_in_use()}
    number, unused = 1, name
    while library.safe_stem(unused).casefold() in used:
        number += 1
        unused = f"{name} {number}"
    return unused


def _real(path: Path) -> Path:
    with suppress(OSError, ValueError, RuntimeError):
        return path.resolve()
    return path
