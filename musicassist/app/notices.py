"""The one bridge between what happens and the quiet line that says so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from musicassist.errors import MusicAssistError

_TOLD_MS: Final = 6_000  # how long news stand over an error


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user.

    Attributes:
        text: What happened; plain text, may hold foreign names.
        hint: What to do; may be empty.
        is_error: Whether something went wrong.
        action_name: Label of the one thing that can be done about it; empty for none.
        action: Does it.
        n_waiting: How many errors stand behind this one.
        about: What an error is about, such as a port, so that it can be settled; empty for none.
    """

    text: str
    hint: str = ""
    is_error: bool = False
    action_name: str = ""
    action: Callable[[], None] | None = None
    n_waiting: int = 0
    about: str = ""


class Notices(QObject):
    """Shows every notice; services report here, one widget listens.

    An error stays until the user takes it away: what is told meanwhile stands over it for a while,
    and of several errors the older ones come back when the newer are gone.
    """

    posted = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unread: list[Notice] = []
        self._is_error_shown = False
        self._told: Notice | None = None
        self._bring_back = QTimer(self)
        self._bring_back.setSingleShot(True)
        self._bring_back.setInterval(_TOLD_MS)
        self._bring_back.timeout.connect(self._show_error)

    def withdraw(self, action: Callable[[], None]) -> None:
        """Leave what is told, but no longer offer what can be done about it."""
        if self._told is not None and self._told.action is action:
            self._post(replace(self._told, action_name="", action=None))

    def tell(
        self, text: str, *, action_name: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Say what was done."""
        self._is_error_shown = False
        if self._unread:
            self._bring_back.start()
        self._post(Notice(text, action_name=action_name, action=action))

    def show_error(
        self,
        error: MusicAssistError,
        *,
        action_name: str = "",
        action: Callable[[], None] | None = None,
        about: str = "",
    ) -> None:
        """Say what went wrong; trouble that already stands there is not said twice."""
        same = [each for each in self._unread if (each.text, each.hint) == (error.what, error.hint)]
        if same and same[0] is self._unread[-1] and self._is_error_shown:
            return
        self._unread = [each for each in self._unread if each not in same]
        self._unread.append(Notice(error.what, error.hint, True, action_name, action, about=about))
        self._show_error()

    def settle(self, about: str) -> bool:
        """Take back what went wrong with something that works again; return whether there was."""
        kept = [each for each in self._unread if each.about != about]
        if len(kept) == len(self._unread):
            return False
        was_shown = self._is_error_shown and self._unread[-1] not in kept
        self._unread = kept
        if was_shown and kept:
            self._show_error()
        elif was_shown:
            self.clear()
        return True

    def dismiss(self) -> None:
        """Take away what is shown: the user has read it; what waits behind it comes back."""
        if self._is_error_shown:
            self._unread.pop()
        if self._unread:
            self._show_error()
        else:
            self.clear()

    def clear(self) -> None:
        """Take everything away."""
        self._unread = []
        self._is_error_shown = False
        self._bring_back.stop()
        self._told = None
        self.cleared.emit()

    def _show_error(self) -> None:
        self._bring_back.stop()
        self._is_error_shown = True
        self._post(replace(self._unread[-1], n_waiting=len(self._unread) - 1))

    def _post(self, notice: Notice) -> None:
        self._told = notice
        self.posted.emit(notice)
