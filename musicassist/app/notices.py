"""The one bridge between what happens and the quiet line that says so."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from musicassist.errors import MusicAssistError


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user.

    Attributes:
        text: What happened; plain text, may hold foreign names.
        hint: What to do; may be empty.
        is_error: Whether something went wrong.
        action_name: Label of the one thing that can be done about it; empty for none.
        action: Does it.
    """

    text: str
    hint: str = ""
    is_error: bool = False
    action_name: str = ""
    action: Callable[[], None] | None = None


class Notices(QObject):
    """Shows every notice once; services report here, one widget listens."""

    posted = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_error = ("", "")

    def tell(
        self, text: str, *, action_name: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Say what was done."""
        self._last_error = ("", "")
        self.posted.emit(Notice(text, action_name=action_name, action=action))

    def show_error(
        self,
        error: MusicAssistError,
        *,
        action_name: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        """Say what went wrong; the same trouble again, with nothing in between, is not repeated."""
        if (error.what, error.hint) == self._last_error:
            return
        self._last_error = (error.what, error.hint)
        self.posted.emit(Notice(error.what, error.hint, True, action_name, action))

    def clear(self) -> None:
        """Take the line away: the user has read it."""
        self._last_error = ("", "")
        self.cleared.emit()
