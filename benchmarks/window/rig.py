"""A real window around a scripted engine, and music of any length to put into it."""

import gc
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import find_choices
from musicassist.engine.protocol import EngineReady, Sound
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import MOD_WHEEL, ControlPoint, Note
from musicassist.music.session import NumberedSolo, Session
from musicassist.music.solo import Solo
from musicassist.music.timebase import Timebase
from musicassist.paths import models_folder
from musicassist.ui.main_window import MainWindow

BAR_TICKS = 1920
STEP_TICKS = 60  # eight notes a beat, as fast as anybody plays
SIZE_PX = (1440, 900)


@dataclass
class Bench:
    """A window that is shown, and all that it stands on."""

    app: QApplication
    engine: ScriptedEngine
    services: Services
    window: MainWindow

    def close(self) -> None:
        self.window.close()


def bench(session: Session) -> Bench:
    """Open a window with a session; the engine does nothing but what it is told."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    engine = ScriptedEngine()
    choices, problems = find_choices(models_folder())
    services = connect_services(engine, session, choices, problems)
    window = MainWindow(services)
    window.resize(*SIZE_PX)
    window.show()
    engine.start()
    engine.say(EngineReady("Speakers", 48_000, 7.0, "Sounds", (Sound(4, "Piano"),), 256, ("A",)))
    services.start()
    gc.freeze()  # as the program does once it is drawn
    app.processEvents()
    return Bench(app, engine, services, window)


def long_session(n_notes: int, n_solos: int = 4) -> Session:
    """Return a session of so many notes: half of them in the phrase, the rest shared by solos."""
    n_phrase = n_notes // 2
    phrase = _clip(n_phrase, 48)
    solos = tuple(
        NumberedSolo(
            number, Solo(_clip((n_notes - n_phrase) // n_solos, 60), "solo", number, phrase)
        )
        for number in range(1, n_solos + 1)
    )
    chords = "Fm | Db | Eb7 | C7"
    return Session(
        name="Long",
        key=Key.parse("Fm"),
        progression_text=chords,
        progression=parse_progression(chords, Timebase()),
        primer=phrase,
        solos=solos,
        selected_number=1,
        last_number=n_solos,
    )


def _clip(n_notes: int, lowest: int) -> Clip:
    notes = tuple(
        Note(index * STEP_TICKS, 55, lowest + index * 7 % 24, 40 + index * 13 % 80)
        for index in range(n_notes)
    )
    length_ticks = -(-(n_notes * STEP_TICKS) // BAR_TICKS) * BAR_TICKS
    points = tuple(
        ControlPoint(index * 240, MOD_WHEEL, index * 5 % 128) for index in range(n_notes // 8)
    )
    return Clip(notes, max(BAR_TICKS, length_ticks), points)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def row_of(values_ms: Sequence[float]) -> str:
    """Return p50, p95 and the worst as cells of a table."""
    return (
        f"{statistics.median(values_ms):.1f} | {quantile(values_ms, 0.95):.1f} | "
        f"{max(values_ms):.1f} | {sum(value > 33 for value in values_ms)}"
    )
