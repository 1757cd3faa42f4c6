"""How long the user waits: for `continue` from a cold start, and for the window.

Usage: python benchmarks/start_up.py [--repeats 10]

Each is timed as a process of its own, from the command to the result, in turn with a peer that does
the least that could be: importing numpy and onnxruntime, and showing an empty PySide6 window. The
window works on a session file and an engine, as it does for a user, but on no devices. Python's
compiled files are kept from one run to the next, as an installed program's are, and the first
round is not counted. Drawn is when a window is first asked to paint itself. Beside that stands the
processor time of its own process, which other programs lengthen less. The window needs a screen,
or QT_QPA_PLATFORM=offscreen.
"""

import argparse
import os
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
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        print("painted", time.process_time(), flush=True)
app = QApplication(sys.argv)
window = Window()
window.show()
app.exec()
"""
WINDOW = """
import sys, time
from pathlib import Path
from musicassist.ui.start import run_window
run_window(
    fake_devices=True,
    soundfont=None,
    session_file=Path(sys.argv[1]),
    on_painted=lambda: print("painted", time.process_time(), flush=True),
    on_ready=lambda: print("ready", time.process_time(), flush=True),
)
"""
NAMES = (
    "import numpy, onnxruntime",
    "continue: 4 takes of 8 bars",
    "empty PySide6 window, drawn",
    "our window, drawn",
    "our window, drawn, engine ready",
    "empty window, processor time",
    "our window, processor time",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        rounds = [_round(Path(folder)) for _ in range(repeats + 1)][1:]
    medians_s = {name: statistics.median(each[name] for each in rounds) for name in NAMES}
    ratios = [each[NAMES[3]] / each[NAMES[2]] for each in rounds]
    work = [each[NAMES[6]] / each[NAMES[5]] for each in rounds]
    print(f"| median of {repeats} | s |\n|---|---|")
    for name, duration_s in medians_s.items():
        print(f"| {name} | {duration_s:.2f} |")
    print(f"\nOur window takes {statistics.median(ratios):.1f} times as long as an empty one,")
    print(f"and {statistics.median(work):.1f} times its processor time.")


def _round(folder: Path) -> dict[str, float]:
    """Time everything once, one after the other; return seconds by name."""
    phrase = folder / "phrase.mid"
    notes = tuple(Note(i * 480, 400, pitch, 90) for i, pitch in enumerate((65, 68, 72, 70) * 2))
    phrase.write_bytes(solo_bytes(Clip(notes, 3840), Timebase(), Key.parse("Fm"), "Phrase"))
    words = ["continue", str(phrase), "--bars", "8", "--takes", "4", "--out", str(folder / "out")]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    window = [WINDOW, str(folder / "Start.musicassist")]
    empty = _until(["painted"], [LEAST_WINDOW], environment)
    ours = _until(["painted", "ready"], window, environment)
    return {
        NAMES[0]: _whole(["-c", LEAST_RUN], environment),
        NAMES[1]: _whole(["-m", "musicassist", *words], environment),
        NAMES[2]: empty[0][0],
        NAMES[3]: ours[0][0],
        NAMES[4]: ours[1][0],
        NAMES[5]: empty[0][1],
        NAMES[6]: ours[0][1],
    }


def _whole(words: list[str], environment: dict[str, str]) -> float:
    """Return how many seconds a Python process takes from start to end."""
    start_s = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True, env=environment)
    return time.perf_counter() - start_s


def _until(
    said: list[str], script: list[str], environment: dict[str, str]
) -> list[tuple[float, float]]:
    """Return after how many seconds a script has said each word, in whatever order.

    Beside the seconds that went by stand those for which its own process worked, which it says.
    """
    start_s = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", *script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    )
    assert process.stdout is not None
    heard_s: dict[str, tuple[float, float]] = {}
    while set(said) - set(heard_s):
        line = process.stdout.readline()
        assert line, "the script has ended early"
        word, worked_s = line.split()
        heard_s[word] = time.perf_counter() - start_s, float(worked_s)
    process.terminate()
    process.wait(10)
    return [heard_s[word] for word in said]


if __name__ == "__main__":
    main()
