"""Prints how drummers play, by style: what stands in `resources/feels` as numbers.

For every style: how often each drum is struck on each sixteenth of a bar and how hard, how far
strokes are off the grid, how far the drummer's time wanders, and how much of a stroke's deviation
the next one shares. Only performances to a click in 4/4 are read; fills are left out.

Source of the data: Groove MIDI Dataset, Gillick, Roberts, Engel, Eck and Bamman (2019), CC BY 4.0.

Usage: python scripts/learn_grooves.py FOLDER [STYLE ...]
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from musicassist.errors import MusicAssistError
from musicassist.files.smf_read import read_midi
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT

# The keys of the drum kit the data was recorded on, as the data set's page lists them.
_DRUMS: Final = {
    "kick": (36,),
    "snare": (38, 40, 37),
    "hat": (42, 22, 44),
    "open": (46, 26),
    "ride": (51, 53, 59),
    "tom": (43, 45, 47, 48, 50, 58),
    "crash": (49, 52, 55, 57),
}
_STEP_TICKS: Final = TICKS_PER_BEAT // 4
_STEPS: Final = 16
_FEWEST_STROKES: Final = 40


class Stroke(NamedTuple):
    """One stroke, its place counted in sixteenths."""

    drum: str
    step: int
    off_ms: float
    velocity: int


def main(arguments: list[str]) -> int:
    """Print the figures of the styles named, or of all."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    folder, wanted = Path(arguments[0]), set(arguments[1:])
    styles: dict[str, list[list[Stroke]]] = defaultdict(list)
    with (folder / "info.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            style = row["style"].split("/")[0] if row["style"] not in wanted else row["style"]
            is_read = row["beat_type"] == "beat" and row["time_signature"] == "4-4"
            if not is_read or (wanted and style not in wanted):
                continue
            try:
                styles[style].append(_strokes(folder / row["midi_filename"], float(row["bpm"])))
            except MusicAssistError as problem:
                print(f"{row['midi_filename']}: {problem.what}")
    for style, performances in sorted(styles.items()):
        print("\n".join(_told(style, performances)))
    return 0


def _strokes(path: Path, bpm: float) -> list[Stroke]:
    """Return a performance's strokes in order; a sixteenth is the nearest one."""
    names = {pitch: drum for drum, pitches in _DRUMS.items() for pitch in pitches}
    tick_ms = 60_000 / bpm / TICKS_PER_BEAT
    notes: Iterable[Note] = (note for track in read_midi(path).tracks for note in track.clip.notes)
    strokes = []
    for note in sorted(notes):
        if drum := names.get(note.pitch):
            step = round(note.onset_ticks / _STEP_TICKS)
            off_ms = (note.onset_ticks - step * _STEP_TICKS) * tick_ms
            strokes.append(Stroke(drum, step, off_ms, note.velocity))
    return strokes


def _told(style: str, performances: list[list[Stroke]]) -> Iterable[str]:
    strokes = [stroke for each in performances for stroke in each]
    n_bars = sum(each[-1].step // _STEPS + 1 for each in performances if each)
    yield f"\n{style}: {len(performances)} performances, {n_bars} bars, {len(strokes)} strokes"
    for drum in _DRUMS:
        own = [stroke for stroke in strokes if stroke.drum == drum]
        if len(own) < _FEWEST_STROKES:
            continue
        on_step = [[s for s in own if s.step % _STEPS == step] for step in range(_STEPS)]
        often = " ".join(f"{100 * len(each) / n_bars:3.0f}" for each in on_step)
        hard = " ".join(
            f"{np.mean([s.velocity for s in each]):3.0f}" if len(each) > 9 else "  -"
            for each in on_step
        )
        straight = [s.off_ms for s in own if s.step % 2 == 0]
        ghosts = 100 * np.mean([s.velocity < 50 for s in own])
        yield f"  {drum:6} in %  {often}"
        yield (
            f"         hard  {hard}   late {np.median(straight):+.1f} ms, "
            f"spread {np.std(straight):.1f} ms, soft {ghosts:.0f} %"
        )
    yield _wandering(performances)


def _wandering(performances: list[list[Stroke]]) -> str:
    """Say how much of the deviation is common to a beat, and how much a beat hands on."""
    common, single, steps = [], [], []
    for strokes in performances:
        beats: dict[int, list[float]] = defaultdict(list)
        for stroke in strokes:
            if stroke.step % 2 == 0:
                beats[stroke.step // 4].append(stroke.off_ms)
        means = {beat: float(np.mean(offs)) for beat, offs in beats.items() if len(offs) > 1}
        if len(means) < 8:
            continue
        centre = float(np.mean(list(means.values())))
        common += [mean - centre for mean in means.values()]
        single += [off - means[b] for b, offs in beats.items() if b in means for off in offs]
        steps += [(means[b] - centre, means[b + 1] - centre) for b in means if b + 1 in means]
    kept = np.corrcoef(np.array(steps).T)[0, 1] if len(steps) > 2 else float("nan")
    return (
        f"  time: common to a beat {np.std(common):.1f} ms, "
        f"single strokes {np.std(single):.1f} ms, "
        f"a beat hands on {kept:.2f}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
