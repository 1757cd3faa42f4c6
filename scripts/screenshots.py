"""Draws the reference pictures of the window, without a screen, into a folder.

Usage: python scripts/screenshots.py FOLDER [NAME ...]
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import find_choices
from musicassist.engine.protocol import (
    InputPortsChanged,
    KeyMoved,
    PhraseCaptured,
)
from musicassist.errors import NoAudioError
from musicassist.music.session import Session
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.paths import models_folder
from musicassist.ui.main_window import FIRST_SIZE_PX, LEAST_SIZE_PX, MainWindow
from musicassist.ui.theme import LIGHT


def main(arguments: list[str]) -> int:
    """Draw the pictures named, or all of them."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    names = arguments[1:] or list(_PICTURES)
    if len(names) > 1:
        # A process each: a scale can only be chosen before Qt starts.
        for name in names:
            scale = "2" if name.endswith("_2x") else "1"
            command = [sys.executable, __file__, str(folder), name]
            subprocess.run(command, check=True, env=os.environ | {"QT_SCALE_FACTOR": scale})
        return 0
    (name,) = names
    app = QApplication([])
    app.setStyle("Fusion")
    engine = ScriptedEngine()
    choices, problems = find_choices(models_folder())
    session = Session() if name == "empty" else demo_session()
    services = connect_services(engine, session, choices, problems)
    window = MainWindow(services)
    window.resize(*LEAST_SIZE_PX if "least" in name else FIRST_SIZE_PX)
    window.show()
    engine.start()
    engine.say(InputPortsChanged(("V49",)))
    _PICTURES[name](engine, services, window)
    _wait(260)  # lights of ports go out
    window.grab().save(str(folder / f"{name}.png"))
    window.close()
    return 0


def _first_start(_engine: ScriptedEngine, _services: Services, _window: MainWindow) -> None:
    """Change nothing."""


def _captured(engine: ScriptedEngine, _services: Services, _window: MainWindow) -> None:
    engine.say(PhraseCaptured(_played_take()))
    engine.say(KeyMoved(67, is_down=True, is_playback=False, source="V49"))


def _takes(engine: ScriptedEngine, services: Services, _window: MainWindow) -> None:
    services.document.change_wishes(seed=4711)
    loop = QEventLoop()
    services.soloist.solos_made.connect(loop.quit)
    QTimer.singleShot(5000, loop.quit)
    services.workbench.continue_phrase()
    loop.exec()
    start_ticks = services.document.arrangement.solo_start_ticks
    engine.move_playhead(start_ticks + 480 * 9.3)
    engine.say(KeyMoved(65, is_down=True, is_playback=True))
    engine.say(KeyMoved(60, is_down=True, is_playback=False, source="V49"))


def _wrong_chord(_engine: ScriptedEngine, _services: Services, window: MainWindow) -> None:
    strip = window.timeline.chords
    strip.edit()
    strip.field.setText("Fm | H7")
    strip.take()


def _error(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    services.player.stop()
    services.notices.show_error(
        NoAudioError(
            "No audio device was found.", "Connect one, or start the sound server, then restart."
        ),
        action_name="Restart",
        action=engine.restart,
    )


def _light(engine: ScriptedEngine, services: Services, window: MainWindow) -> None:
    _takes(engine, services, window)
    window.show_theme(LIGHT)


_PICTURES: Final[dict[str, Callable[[ScriptedEngine, Services, MainWindow], None]]] = {
    "empty": _first_start,
    "first_start": _first_start,
    "captured": _captured,
    "takes": _takes,
    "takes_least": _takes,
    "takes_2x": _takes,
    "wrong_chord": _wrong_chord,
    "error": _error,
    "error_least": _error,
    "light": _light,
    "light_least": _light,
}


def _played_take() -> Take:
    """Return two bars as somebody might play them at the demo's tempo."""
    events = []
    beat_ns = 625_000_000
    for index, pitch in enumerate((65, 68, 72, 70, 68, 67, 65, 63, 65, 60)):
        start_ns = index * beat_ns * 3 // 4 + (index * 37 % 11) * 2_000_000
        events.append(RawEvent(start_ns, NOTE_ON, pitch, 70 + index * 29 % 50))
        events.append(RawEvent(start_ns + beat_ns * 5 // 8, NOTE_OFF, pitch, 0))
    return Take(tuple(events), "V49")


def _wait(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
