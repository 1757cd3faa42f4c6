"""Undo and redo as a list of values."""

from dataclasses import dataclass

from musicassist.music.session import Session


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    before: Session
    after: Session


class History:
    """Every state a session has been in, and which one it is in now; unlimited.

    Args:
        session: The first state.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._can_merge = False

    @property
    def session(self) -> Session:
        """The state now."""
        return self._session

    @property
    def undo_name(self) -> str:
        """What undo would take back; empty when there is nothing."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """What redo would do again; empty when there is nothing."""
        return self._undone[-1].name if self._undone else ""

    def do(self, name: str, session: Session, *, can_merge: bool = False) -> None:
        """Enter a new state.

        Args:
            name: What was done, as shown beside undo.
            session: The state it led to.
            can_merge: Whether another step of the same name right after this one continues it, as
                the many movements of one slider do.
        """
        before = self._session
        if can_merge and self._can_merge and self._done and self._done[-1].name == name:
            before = self._done.pop().before
        self._done.append(_Step(name, before, session))
        self._undone.clear()
        self._session = session
        self._can_merge = can_merge

    def amend(self, session: Session) -> None:
        """Change the state now without a step of its own, for what nobody wants to undo."""
        self._session = session
        self._can_merge = False

    def undo(self) -> str:
        """Return to the state before the last step; its name, or nothing if there is none."""
        if not self._done:
            return ""
        step = self._done.pop()
        self._undone.append(_Step(step.name, step.before, self._session))
        self._session = step.before
        self._can_merge = False
        return step.name

    def redo(self) -> str:
        """Do the step taken back last again; its name, or nothing if there is none."""
        if not self._undone:
            return ""
        step = self._undone.pop()
        self._done.append(_Step(step.name, self._session, step.after))
        self._session = step.after
        self._can_merge = False
        return step.name
