"""How long the user waits: for `continue` from a cold start, and for the window.

Usage: python benchmarks/start_up.py [--repeats 5]

Each is timed as a process of its own, from the command to the result, beside a peer that does the
least that could be: importing numpy and onnxruntime, and showing an empty PySide6 window. The
window needs a screen, or QT_QPA_PLATFORM=offscreen.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from musicassist.files.smf_write import solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

LEAST_RUN = "import numpy, onnxruntime"
LEAST_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, QApplication.quit)
app = QApplication(sys.argv)
window = Window()
window.show()
app.exec()
"""
WINDOW = """
from PySide6.QtWidgets import QApplication
from musicassist.ui.start import run_window
run_window(fake_devices=True, soundfont=None, on_ready=READY)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        phrase = Path(folder) / "phrase.mid"
        notes = tuple(Note(i * 480, 400, pitch, 90) for i, pitch in enumerate((65, 68, 72, 70) * 2))
        phrase.write_bytes(solo_bytes(Clip(notes, 3840), Timebase(), Key.parse("Fm"), "Phrase"))
        words = ["continue", str(phrase), "--bars", "8", "--takes", "4", "--out", folder + "/out"]
        rows = [
            ("import numpy, onnxruntime", seconds(["-c", LEAST_RUN], repeats)),
            ("continue: 4 takes of 8 bars", seconds(["-m", "musicassist", *words], repeats)),
            ("empty PySide6 window, drawn", seconds(["-c", LEAST_WINDOW], repeats)),
            ("our window, drawn, engine ready", seconds_to_ready(repeats)),
        ]
    print(f"| median of {repeats} | s |\n|---|---|")
    for name, duration_s in rows:
        print(f"| {name} | {duration_s:.2f} |")


def seconds(words: list[str], repeats: int) -> float:
    """Return the median time a Python process takes."""
    durations_s = []
    for _ in range(repeats):
        start_s = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True)
        durations_s.append(time.perf_counter() - start_s)
    return statistics.median(durations_s)


def seconds_to_ready(repeats: int) -> float:
    """Return the median time until the window says it is drawn and the engine plays."""
    script = WINDOW.replace("READY", "lambda: print('ready', flush=True)")
    durations_s = []
    for _ in range(repeats):
        start_s = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        durations_s.append(time.perf_counter() - start_s)
        process.terminate()
        process.wait(10)
    return statistics.median(durations_s)


if __name__ == "__main__":
    main()
