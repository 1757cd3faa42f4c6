"""What keeps the machine busy meanwhile: a window that draws all the time, a model that trains."""

import contextlib
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rigged import line_of, process

from musicassist.files.smf_write import solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

CONDITIONS = ("idle", "window", "train")

# A whole window on fake devices, with an engine of its own: it plays, and is painted anew 60 times
# a second, all of it.
WINDOW = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from musicassist.ui.start import run_window
kept = []
def ready():
    window = next(each for each in QApplication.topLevelWidgets() if each.isVisible())
    def draw():
        window.update()
        for child in window.findChildren(QWidget):
            child.update()
    timer = QTimer()
    timer.timeout.connect(draw)
    timer.start(16)
    kept.append(timer)
    play = QTimer()
    play.timeout.connect(lambda: QTest.keyClick(window, Qt.Key.Key_Space))
    play.start(4000)
    kept.append(play)
    print("drawing", flush=True)
    def leave():
        sys.stdin.read()
        import os, signal
        os.kill(os.getpid(), signal.SIGTERM)
    threading.Thread(target=leave, daemon=True).start()
sys.exit(run_window(fake_devices=True, soundfont=None, on_ready=ready))
"""


@contextlib.contextmanager
def load(condition: str) -> Iterator[None]:
    """Keep the machine as busy as a condition says."""
    if condition == "window":
        with process([sys.executable, "-c", WINDOW]) as window:
            while line_of(window) != "drawing":
                pass
            yield
    elif condition == "train":
        with tempfile.TemporaryDirectory() as folder, _training(Path(folder)):
            yield
    else:
        yield


@contextlib.contextmanager
def _training(folder: Path) -> Iterator[None]:
    """Train a model on a corpus of our own making until it is no longer wanted."""
    chance = random.Random(1)
    for number in range(4):
        notes = tuple(
            Note(240 * i, 200, chance.choice((60, 62, 63, 65, 67, 68, 70, 72)), 90)
            for i in range(800)
        )
        data = solo_bytes(Clip(notes, 240 * 800), Timebase(), Key.parse("Cm"), "Study")
        (folder / f"study {number}.mid").write_bytes(data)
    words = [sys.executable, "-m", "musicassist", "train", "--recipe", "classic"]
    words += [str(path) for path in sorted(folder.glob("*.mid"))]
    words += ["--out", str(folder / "model"), "--epochs", "100000", "--patience", "100000"]
    with process([*words, "--licence", "own", "--json"]) as trainer:
        while "epoch" not in line_of(trainer):
            pass
        assert trainer.stdout is not None
        try:
            yield
        finally:
            trainer.terminate()
