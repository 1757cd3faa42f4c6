"""Telling what was done together with the way back."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from musicassist.app.document import Document
from musicassist.app.notices import Notices


class StepNotices(QObject):
    """Says what a step did and offers to undo it, if it was one, and while it is the last one.

    Args:
        document: Whose steps.
        notices: Where the user is told.
        parent: Its Qt owner.

    Thread: GUI.
    """

    def __init__(self, document: Document, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._notices = notices
        self._n_steps = 0
        self._offered: Callable[[], None] | None = None
        document.step_taken.connect(self._on_document_step_taken)
        document.opened.connect(self._on_document_step_taken)

    def take(self, step: Callable[[], object], say: Callable[[], str]) -> None:
        """Take a step, then say what it did; what to say is asked afterwards."""
        before = self._n_steps
        step()
        if self._n_steps == before:
            self._notices.tell(say())
            return

        def undo() -> None:
            if self._offered is undo:
                self._document.undo()

        self._offered = undo
        self._notices.tell(say(), action_name="Undo", action=undo)

    def _on_document_step_taken(self, _step: object) -> None:
        self._n_steps += 1
        if self._offered is not None:
            self._notices.withdraw(self._offered)  # it would take back something else now
            self._offered = None
