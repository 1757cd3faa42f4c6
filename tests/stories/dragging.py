"""A drag with the screen's real pointer, from the window onto another program."""

import json
import subprocess

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from musicassist.ui.main_window import MainWindow
from tests.stories.conftest import Helper, control


def drag_out(qtbot: QtBot, window: MainWindow, number: int) -> dict[str, list[str]]:
    """Drag a take with the real pointer onto another program, and return what that was given."""
    window.move(0, 0)
    target = Helper("drop_target.py", "1500", "700")
    try:
        assert target.hear() == "ready"
        handle = control(window, f"drag_handle_{number}")
        qtbot.waitUntil(lambda: handle.isVisible(), timeout=5_000)
        start = handle.mapToGlobal(QPoint(handle.width() // 2, handle.height() // 2))
        pointer = Pointer(start)
        places = [start, *(start + QPoint(6 * i, -2 * i) for i in range(1, 5))]
        end = QPoint(1600, 760)
        places += [start + (end - start) * i / 24 for i in range(1, 25)]
        places += [end + QPoint(2, 1), end + QPoint(3, 2)]
        process = pointer.drag_along(places)
        # The drag runs a loop of its own inside Qt; the other program's answer ends the wait.
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        answer: dict[str, list[str]] = json.loads(target.hear())
        return answer
    finally:
        target.end()


class Pointer:
    """The screen's real pointer, moved by a process of its own as a hand would."""

    def __init__(self, start: QPoint) -> None:
        self._start = start

    def drag_along(self, places: list[QPoint]) -> subprocess.Popen[bytes]:
        words = ["xdotool", "mousemove", str(self._start.x()), str(self._start.y())]
        words += ["sleep", "0.3", "mousedown", "1", "sleep", "0.2"]
        for place in places:
            words += ["mousemove", str(place.x()), str(place.y()), "sleep", "0.04"]
        words += ["sleep", "0.5", "mouseup", "1", "sleep", "0.5"]
        return subprocess.Popen(words)
