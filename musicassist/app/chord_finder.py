"""Finds key and chords under a phrase without holding the window up."""

from PySide6.QtCore import QObject, Signal

from musicassist.app.soloist_service import SoloistService
from musicassist.generation.soloist import Harmony, SoloRequest


class ChordFinder(QObject):
    """Asks the soloist's ear for the harmony of a request; the newest request wins.

    `found(harmony)` comes for the newest request only.

    Args:
        soloist: Whose ear.
        name: What tells it from other finders.
        parent: Its Qt owner.

    Thread: GUI.
    """

    found = Signal(object)

    def __init__(self, soloist: SoloistService, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._soloist = soloist
        self._name = name
        self._request_id: int | None = None
        soloist.heard.connect(self._on_soloist_heard)

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked for."""
        return self._request_id is not None

    def find(self, request: SoloRequest) -> None:
        """Look for key and chords; what was asked for before is dropped."""
        self._request_id = self._soloist.hear(self._name, request)

    def cancel(self) -> None:
        """Drop what was asked for."""
        self._request_id = None
        self._soloist.stop_hearing(self._name)

    def _on_soloist_heard(self, request_id: int, harmony: Harmony | None) -> None:
        if request_id == self._request_id:
            self._request_id = None
            if harmony is not None:
                self.found.emit(harmony)
