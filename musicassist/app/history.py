"""Undo and redo as a list of values."""

from collections.abc import Sequence
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
        self._merge_key = ""

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

    @property
    def undo_names(self) -> Sequence[str]:
        """What undo would take back, one after the other."""
        return [step.name for step in reversed(self._done)]

    @property
    def redo_names(self) -> Sequence[str]:
        """What redo would do again, one after the other."""
        return [step.name for step in reversed(self._undone)]

    def do(self, name: str, session: Session, *, merge_key: str = "") -> None:
        """Enter a new state.

        Args:
            name: What was done, as shown beside undo.
            session: The state it led to.
            merge_key: Another step of the same key right after this one continues it, as the many
                movements of one slider do; empty for a step of its own.
        """
        before = self._session
        is_continued = bool(merge_key and self._merge_key == merge_key and self._done)
        if is_continued:
            before = self._done.pop().before
        self._undone.clear()
        self._session = session
        self._merge_key = merge_key
        if is_continued and session == before:
            self._merge_key = ""  # a slider pulled back to where it was: nothing to undo
        else:
            self._done.append(_Step(name, before, session))

    def amend(self, session: Session) -> None:
        """Change the state now without a step of its own, for what nobody wants to undo."""
        self._session = session
        self._merge_key = ""

    def undo(self) -> str:
        """Return to the state before the last step; its name, or nothing if there is none."""
        if not self._done:
            return ""
        step = self._done.pop()
        self._undone.append(_Step(step.name, step.before, self._session))
        self._session = step.before
        self._merge_key = ""
        return step.name

    def redo(self) -> str:
        """Do the step taken back last again; its name, or nothing if there is none."""
        if not self._undone:
            return ""
        step = self._undone.pop()
        self._done.append(_Step(step.name, self._session, step.after))
        self._session = step.after
        self._merge_key = ""
        return step.name
