"""How long a session takes from bytes on the disk to the window that shows it.

Usage: python benchmarks/window/open_session.py [--notes 5000] [--rounds 10]

Goal at 5,000 notes: 0.3 s.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from rig import bench, long_session

from musicassist.music.session import Session
from musicassist.storage.session_file import SessionFile


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    session = long_session(arguments.notes)
    made = bench(Session())
    read_s, shown_s = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.rounds):
            path = Path(folder) / f"{number}.session"
            file = SessionFile(path)
            file.save_session(replace(session, name=f"Long {number}"))
            file.close()
            start_s = time.perf_counter()
            file = SessionFile(path)
            loaded = file.load_session()
            file.close()
            between_s = time.perf_counter()
            assert loaded is not None
            made.services.document.replace_session(loaded, "Open")
            made.window.repaint()
            made.app.processEvents()
            read_s.append(between_s - start_s)
            shown_s.append(time.perf_counter() - between_s)
    made.close()
    print(f"| {arguments.notes:,} notes, median (worst) of {arguments.rounds} | ms |\n|---|---|")
    whole_s = [sum(pair) for pair in zip(read_s, shown_s, strict=True)]
    for name, values in (("read", read_s), ("shown", shown_s), ("together", whole_s)):
        print(f"| {name} | {1000 * statistics.median(values):.0f} ({1000 * max(values):.0f}) |")


if __name__ == "__main__":
    main()
