"""Neo-classical practice solos: singing minor melodies that break into runs, sweeps and sequences.

The facts of the style: harmonic minor over the dominant, diminished arpeggios over its ninth,
three- and four-note sequences, pedal points, sixteenths that grow into sextuplets, and a held note
of the chord at the end of every phrase.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from musicassist.corpus.practice_cells import (
    BEAT,
    EIGHTH,
    SEXTUPLET,
    SIXTEENTH,
    TRIPLET,
    Cell,
    Compass,
    Ground,
    Motif,
    Sounding,
    after,
    bounded,
    evenly,
    filling,
    laid_over,
    monophonic,
    varied,
    within_reach,
)
from musicassist.corpus.practice_plan import Harmony, Sketch, Span, landing, phrase_spans

COMPASS: Final = Compass(52, 91)

# Roots above the tonic, kinds, and how many bars each lasts.
_PROGRESSIONS: Final = (
    ((0, "m", 1), (5, "m", 1), (7, "7", 1), (0, "m", 1)),
    ((0, "m", 2), (8, "", 1), (7, "7b9", 1)),
    ((0, "m", 1), (10, "", 1), (8, "", 1), (7, "7", 1)),
    ((0, "m", 1), (8, "", 1), (5, "m", 1), (7, "7b9", 1)),
    (
        *((0, "m", 1), (5, "m", 1), (10, "", 1), (3, "", 1)),
        *((8, "", 1), (2, "m7b5", 1), (7, "7b9", 1), (0, "m", 1)),
    ),
    ((0, "m", 2), (7, "7b9", 2), (7, "7b9", 2), (0, "m", 2)),
    ((0, "m", 1), (1, "", 1), (7, "7", 1), (0, "m", 1)),
    ((0, "m", 2), (11, "dim7", 2)),
    ((0, "m", 1), (3, "", 1), (10, "", 1), (5, "m", 1)),
)
_NATURAL: Final = (0, 2, 3, 5, 7, 8, 10)
_HARMONIC: Final = (0, 2, 3, 5, 7, 8, 11)
_LEADING: Final = frozenset({7, 11, 2})  # over these roots the seventh is raised

_STARTS: Final = (0, 0, 0, -EIGHTH, SIXTEENTH, EIGHTH)  # not everything starts on one

_SINGING: Final = (
    (BEAT, BEAT, 2 * BEAT),
    (BEAT + EIGHTH, EIGHTH, 2 * BEAT),
    (EIGHTH, EIGHTH, BEAT, EIGHTH, EIGHTH, BEAT),
    (2 * BEAT, TRIPLET, TRIPLET, TRIPLET, BEAT),
    (3 * BEAT, EIGHTH, EIGHTH),
    (EIGHTH, SIXTEENTH, SIXTEENTH, BEAT, BEAT, BEAT),
    (BEAT, EIGHTH, EIGHTH, BEAT + EIGHTH, EIGHTH),
)


def sketch(number: int, rng: np.random.Generator) -> Sketch:
    """Return one solo of 16 to 32 bars.

    Args:
        number: Which of many: tonics and progressions come in turn.
        rng: Draws everything else.
    """
    tonic = number % 12
    progression = _PROGRESSIONS[(number // 12 + number) % len(_PROGRESSIONS)]
    n_bars = int(rng.choice((16, 16, 24, 32)))
    harmony = Harmony.of(tonic, progression, n_bars)
    is_harmonic = bool(rng.random() < 0.6)

    def ground_at(step: int) -> Ground:
        root, chord = harmony.at(step)
        raised = is_harmonic or (root - tonic) % 12 in _LEADING
        scale = {(tonic + each) % 12 for each in (_HARMONIC if raised else _NATURAL)}
        if (root - tonic) % 12 == 10:  # the subtonic chord holds the plain seventh
            scale = {(tonic + each) % 12 for each in _NATURAL}
        return Ground(root, chord, frozenset(scale))

    notes: list[Sounding] = []
    ideas: list[Motif] = []
    for index, span in enumerate(phrase_spans(n_bars, rng)):
        ideas.append(_idea_for(index, ideas, span, rng))
        start = span.start + int(rng.choice(_STARTS)) * (index > 0)
        anchor = COMPASS.low + 10 + round(16 * span.energy + rng.normal(0, 2))
        played = laid_over(ideas[-1], start, anchor, ground_at, COMPASS)
        notes += landing(played, span, ground_at, COMPASS, rng)
    mode = "harmonic minor" if is_harmonic else "minor"
    lateness = float(rng.normal(-0.5, 1))
    return Sketch(
        tuple(within_reach(monophonic(notes))), harmony, mode, swing=0.5, lateness=lateness
    )


def _idea_for(index: int, ideas: list[Motif], span: Span, rng: np.random.Generator) -> Motif:
    """Return the next phrase's idea: a question, its answer, or the first theme come back."""
    if index > 0 and span.is_answer and rng.random() < 0.75:
        return filling(varied(ideas[-1], rng, 0.5), span.length, rng)
    if index >= 4 and rng.random() < 0.2:
        return filling(varied(ideas[0], rng, 0.7), span.length, rng)
    if rng.random() < 0.75 - span.energy:
        return filling(_singing(rng), span.length, rng)
    return _storm(span, rng)


def _singing(rng: np.random.Generator) -> Motif:
    """Return a melody of long notes, a bar and a bit, that may break into a short run."""
    rhythm = _SINGING[int(rng.integers(len(_SINGING)))]
    offset, at, cells = int(rng.integers(-1, 3)), 0, []
    for length in rhythm:
        cells.append(Cell(at, length, offset))
        at += length
        offset = bounded(offset + int(rng.choice((-2, -1, -1, 1, 1, 2, 3))))
    motif = tuple(cells)
    if rng.random() < 0.6:
        step = int(rng.choice((SIXTEENTH, TRIPLET, SEXTUPLET)))
        direction = int(rng.choice((-1, 1)))
        n_notes = 2 * BEAT // step
        motif = after(motif, evenly([offset + direction * each for each in range(n_notes)], step))
    return motif


def _storm(span: Span, rng: np.random.Generator) -> Motif:
    """Return fast notes nearly to the end of a space, one figure after another."""
    n_beats = span.length // BEAT - int(rng.choice((1, 2, 2, 3)))
    motif: Motif = ()
    offset = 0
    while n_beats > 0:
        beats = min(n_beats, int(rng.choice((1, 2, 2, 3, 4))))
        figure = _figure(span.energy, beats * BEAT, offset, rng)
        motif = after(motif, figure)
        offset = 0 if figure[-1].is_chordal else bounded(figure[-1].offset, -7, 10)
        n_beats -= beats
    return motif


def _figure(energy: float, length: int, offset: int, rng: np.random.Generator) -> Motif:
    """Return one figure in even notes, the faster the more energy."""
    steps = (EIGHTH, TRIPLET, SIXTEENTH, SEXTUPLET)
    odds = np.array((0.12, 0.25, 0.45, max(0.02, energy - 0.55)))
    step = int(rng.choice(steps, p=odds / odds.sum()))
    names = tuple(_CONTOURS)
    name = names[int(rng.choice(len(names), p=_CONTOUR_ODDS))]
    direction = 1 if rng.random() < 0.5 + 0.15 * (1 if offset <= 0 else -1) else -1
    contour = _CONTOURS[name](length // step, direction)
    is_chordal = name in ("sweep", "broken chord")
    start = 0 if is_chordal else offset
    return evenly([start + each for each in contour], step, is_chordal=is_chordal)


def _run(n_notes: int, direction: int) -> list[int]:
    """Up (or down) the scale with a turn back at each end of seven."""
    wave = [*range(8), *range(6, 1, -1)]
    return [direction * (wave[each % 13] + each // 13 * 2) for each in range(n_notes)]


def _threes(n_notes: int, direction: int) -> list[int]:
    return [direction * (each // 3 + each % 3) for each in range(n_notes)]


def _fours(n_notes: int, direction: int) -> list[int]:
    return [direction * (each // 4 + each % 4) for each in range(n_notes)]


def _fours_back(n_notes: int, direction: int) -> list[int]:
    return [direction * (each // 4 + (0, 2, 1, 0)[each % 4]) for each in range(n_notes)]


def _thirds(n_notes: int, direction: int) -> list[int]:
    return [direction * (each // 2 + 2 * (each % 2)) for each in range(n_notes)]


def _pedal(n_notes: int, direction: int) -> list[int]:
    """A note struck again and again under (or over) a melody that moves by step."""
    melody = (7, 6, 5, 6, 4, 5, 3, 4, 2, 3, 1, 2)
    return [
        0 if each % 2 else direction * melody[each // 2 % len(melody)] for each in range(n_notes)
    ]


def _turns(n_notes: int, direction: int) -> list[int]:
    return [direction * (each // 4 + (0, 1, 0, -1)[each % 4]) for each in range(n_notes)]


def _sweep(n_notes: int, direction: int) -> list[int]:
    wave = (0, 1, 2, 3, 4, 5, 4, 3, 2, 1)
    return [direction * wave[each % len(wave)] for each in range(n_notes)]


def _broken_chord(n_notes: int, direction: int) -> list[int]:
    return [direction * (each // 3 + (0, 2, 1)[each % 3]) for each in range(n_notes)]


_CONTOURS: Final[dict[str, Callable[[int, int], list[int]]]] = {
    "run": _run,
    "threes": _threes,
    "fours": _fours,
    "fours back": _fours_back,
    "thirds": _thirds,
    "pedal": _pedal,
    "turns": _turns,
    "sweep": _sweep,
    "broken chord": _broken_chord,
}
_CONTOUR_ODDS: Final = (0.16, 0.13, 0.15, 0.08, 0.08, 0.12, 0.08, 0.14, 0.06)
