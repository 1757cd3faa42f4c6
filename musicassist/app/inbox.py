"""The one door from other threads to the GUI thread."""

from collections import deque
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_DRAIN_EVERY_MS: Final = 8
_MOST_AT_ONCE: Final = 500  # so that a flood leaves the window time to draw


class Inbox(QObject):
    """Takes things from any thread and hands them out on the GUI thread, in order.

    Drivers and workers must not emit Qt signals: that has crashed Qt since 6.8. They append to a
    deque, which is thread-safe, and a timer empties it.
    """

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[object] = deque()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_DRAIN_EVERY_MS)
        self._timer.timeout.connect(self.drain)

    def put(self, item: object) -> None:
        """Leave something to be handed out.

        Thread: any.
        """
        self._waiting.append(item)

    def open(self) -> None:
        """Start handing out.

        Thread: GUI.
        """
        self._timer.start()

    def close(self) -> None:
        """Stop handing out; what waits is dropped.

        Thread: GUI.
        """
        self._timer.stop()
        self._waiting.clear()

    def drain(self) -> bool:
        """Hand out what waits now, as much as fits into one go; return whether more waits.

        Thread: GUI.
        """
        for _ in range(min(len(self._waiting), _MOST_AT_ONCE)):
            if not self._waiting:  # a receiver closed the inbox
                break
            self.arrived.emit(self._waiting.popleft())
        return bool(self._waiting)
