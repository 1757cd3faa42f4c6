"""Practice solos of our own making, for styles nobody has given openly licensed solos of.

Each is written by rules (`practice_shred.py`, `practice_rock.py`) out of cells that come back
varied (`practice_cells.py`) along a plan (`practice_plan.py`), and then played: late or early by
hundredths of a beat, each note leaning on the one before. From one seed they are always the same.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from musicassist.corpus import practice_rock, practice_shred
from musicassist.corpus.piece import Piece
from musicassist.corpus.practice_cells import BEAT, EIGHTH, Sounding
from musicassist.corpus.practice_plan import Sketch
from musicassist.generation.encoding import (
    FURTHEST_MICRO,
    LENGTHS,
    TICKS_PER_MICRO,
    Ints,
    Line,
    Setting,
)
from musicassist.music.manner import STYLES
from musicassist.music.timebase import TICKS_PER_BEAT

PRACTICE_STYLES: Final[dict[str, Callable[[int, np.random.Generator], Sketch]]] = {
    "shred": practice_shred.sketch,
    "rock": practice_rock.sketch,
}
_MICROS_A_BEAT: Final = TICKS_PER_BEAT // TICKS_PER_MICRO
_FURTHEST: Final = FURTHEST_MICRO - 2
_LEANING: Final = 0.85  # how much of a note's earliness the next one keeps
_WAVERING: Final = 1.2  # 1/96 beats, standard deviation of what is new with each note
_RUSHING: Final = 0.15  # 1/96 beats earlier with each note of a run


def practice_pieces(style: str, n_pieces: int, seed: int) -> Iterator[Piece]:
    """Yield practice solos, each a tune of its own.

    Args:
        style: One of `PRACTICE_STYLES`.
        n_pieces: How many, 0 or more; the first ones are the same however many are asked for.
        seed: 0 or more; the same one gives the same solos.

    Raises:
        ValueError: There is no such style.
    """
    if style not in PRACTICE_STYLES:
        raise ValueError(f"no practice solos in this style: {style}")
    for number in range(n_pieces):
        rng = np.random.Generator(np.random.PCG64([seed, STYLES.index(style), number]))
        sketch = PRACTICE_STYLES[style](number, rng)
        name = f"{style} practice {number + 1}"
        yield _played(name, sketch, STYLES.index(style), rng)


def _played(name: str, sketch: Sketch, style_index: int, rng: np.random.Generator) -> Piece:
    notes = sketch.notes
    onsets = np.array([note.onset for note in notes], np.int64)
    gaps = np.append(np.diff(onsets), notes[-1].length)
    touch = rng.uniform(0.75, 1.0)  # from picked to legato
    lengths = np.array([note.length for note in notes]) * np.where(gaps >= BEAT, 1.0, touch)
    line = Line(
        onsets,
        np.array([note.pitch for note in notes], np.int64),
        np.searchsorted(LENGTHS, np.maximum(lengths, 1.0), side="right") - 1,  # none too long
        FURTHEST_MICRO + _feel(notes, sketch, rng),
    )
    setting = Setting.of(sketch.harmony.progression(), sketch.key, 4.0, 0, style_index)
    ends = np.array([note.ends_phrase for note in notes])
    return Piece(name, name, line, setting, phrase_ends=ends)


def _feel(notes: tuple[Sounding, ...], sketch: Sketch, rng: np.random.Generator) -> Ints:
    """Return how late each note is, 1/96 beats: swing, and a hand that wavers slowly."""
    swung = (sketch.swing - 0.5) * _MICROS_A_BEAT
    late = np.zeros(len(notes))
    wavering, rushed = 0.0, 0.0
    for index, note in enumerate(notes):
        wavering = _LEANING * wavering + rng.normal(0, _WAVERING)
        is_run = index > 0 and note.onset - notes[index - 1].onset < EIGHTH
        rushed = max(-3.0, rushed - _RUSHING) if is_run else 0.0
        is_second_eighth = note.onset % BEAT == EIGHTH and note.length >= EIGHTH
        late[index] = sketch.lateness + wavering + rushed + swung * is_second_eighth
    return np.clip(np.rint(late), -_FURTHEST, _FURTHEST).astype(np.int64)
