"""Finds key and chords under a phrase without holding the window up."""

import logging
import threading

from PySide6.QtCore import QObject, Signal

from musicassist.app.inbox import Inbox
from musicassist.generation.primer_harmony import Harmony
from musicassist.generation.soloist import SoloRequest

_LEAVE_S = 1.0


class ChordFinder(QObject):
    """Asks the soloist's ear for the harmony of a request; the newest request wins.

    A melody of 32 bars takes it 13 ms, with chords under it 40, which is too long for the window's
    own thread.

    `found(harmony)` comes for the newest request only.

    Args:
        parent: Its Qt owner.

    Thread: GUI; the work is done on a thread of its own, one at a time.
    """

    found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: SoloRequest | None = None
        self._worked_on: SoloRequest | None = None
        self._thread: threading.Thread | None = None
        self._inbox = Inbox(self)
        self._inbox.arrived.connect(self._on_inbox_arrived)

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked for."""
        return self._thread is not None

    def find(self, request: SoloRequest) -> None:
        """Look for key and chords; what was asked for before is dropped."""
        self._wanted = request
        if self._thread is None:
            self._begin(request)

    def cancel(self) -> None:
        """Drop what was asked for."""
        self._wanted = None

    def shut_down(self) -> None:
        """End the thread."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(_LEAVE_S)
            self._thread = None
        self._inbox.close()

    def _begin(self, request: SoloRequest) -> None:
        self._worked_on = request
        self._inbox.open()
        self._thread = threading.Thread(
            target=self._work, args=(request,), name="chord finder", daemon=True
        )
        self._thread.start()

    def _work(self, request: SoloRequest) -> None:
        """Find one harmony.

        Thread: its own.
        """
        try:
            from musicassist.generation.solo import harmony_for  # late: it brings the network

            self._inbox.put(harmony_for(request))
        except Exception:
            logging.getLogger(__name__).exception("no chords could be found")
            self._inbox.put(None)

    def _on_inbox_arrived(self, harmony: Harmony | None) -> None:
        if self._thread is not None:
            self._thread.join(_LEAVE_S)
            self._thread = None
        self._inbox.close()
        wanted = self._wanted
        if wanted is None:
            return
        if wanted is not self._worked_on:
            self._begin(wanted)
            return
        self._wanted = None
        if harmony is not None:
            self.found.emit(harmony)
