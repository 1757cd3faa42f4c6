"""Blues-rock practice solos: call and answer on the minor pentatonic, with room to breathe.

The facts of the style: the blue note between fourth and fifth, the major third over the major
chord, sixth and flat seventh of the mixolydian, short licks of three and four notes that go round
in a box, shuffled or straight eighths and triplets, and rests as long as what was said.
"""

from typing import Final

import numpy as np

from musicassist.corpus.practice_cells import (
    BAR,
    BEAT,
    EIGHTH,
    SIXTEENTH,
    TRIPLET,
    Cell,
    Compass,
    Ground,
    GroundAt,
    Motif,
    Sounding,
    after,
    bounded,
    evenly,
    filling,
    laid_over,
    length_of,
    monophonic,
    varied,
    within_reach,
)
from musicassist.corpus.practice_plan import Harmony, Sketch, Span, landing, phrase_spans

COMPASS: Final = Compass(52, 86)

_TWELVE_BARS: Final = (
    ((0, "7", 4), (5, "7", 2), (0, "7", 2), (7, "7", 1), (5, "7", 1), (0, "7", 2)),
    (
        *((0, "7", 1), (5, "7", 1), (0, "7", 2), (5, "7", 2), (0, "7", 2)),
        *((7, "7", 1), (5, "7", 1), (0, "7", 1), (7, "7", 1)),
    ),
    ((0, "m7", 4), (5, "m7", 2), (0, "m7", 2), (8, "7", 1), (7, "7", 1), (0, "m7", 2)),
)
_FOURS: Final = (
    ((0, "", 1), (10, "", 1), (5, "", 2)),
    ((0, "", 2), (10, "", 1), (5, "", 1)),
    ((0, "m", 2), (10, "", 2)),
    ((0, "m", 1), (10, "", 1), (8, "", 1), (10, "", 1)),
    ((0, "m7", 2), (5, "7", 2)),
    ((0, "5", 2), (3, "5", 1), (5, "5", 1)),
    ((0, "7", 4),),
)
_SCALES: Final = {
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "major pentatonic": (0, 2, 4, 7, 9),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
}
_MINOR_COLOURS: Final = ("minor pentatonic", "minor pentatonic", "blues", "dorian")
_MAJOR_COLOURS: Final = ("minor pentatonic", "blues", "blues", "major pentatonic", "mixolydian")
_STARTS: Final = (0, 0, EIGHTH, EIGHTH, BEAT, -EIGHTH)  # not everything starts on one

# What a beat may hold: (onset, length) in steps; an empty one is a rest.
_Beat = tuple[tuple[int, int], ...]
_STRAIGHT: Final[tuple[_Beat, ...]] = (
    ((0, EIGHTH), (EIGHTH, EIGHTH)),
    ((0, EIGHTH), (EIGHTH, EIGHTH)),
    ((0, BEAT),),
    ((EIGHTH, EIGHTH),),
    ((0, SIXTEENTH), (SIXTEENTH, SIXTEENTH), (EIGHTH, EIGHTH)),
    ((0, EIGHTH), (EIGHTH, SIXTEENTH), (EIGHTH + SIXTEENTH, SIXTEENTH)),
    ((0, EIGHTH + SIXTEENTH), (EIGHTH + SIXTEENTH, SIXTEENTH)),
)
_SHUFFLED: Final[tuple[_Beat, ...]] = (
    ((0, EIGHTH), (EIGHTH, EIGHTH)),
    ((0, EIGHTH), (EIGHTH, EIGHTH)),
    ((0, BEAT),),
    ((EIGHTH, EIGHTH),),
    ((0, TRIPLET), (TRIPLET, TRIPLET), (2 * TRIPLET, TRIPLET)),
    ((TRIPLET, TRIPLET), (2 * TRIPLET, TRIPLET)),
)
# Licks that go round, in steps of the scale.
_BOXES: Final = (
    (2, 1, 0),
    (0, 2, 1),
    (3, 2, 0),
    (2, 3, 2, 0),
    (3, 1, 2, 0),
    (0, 1, 2, 1),
    (2, 0, 1, -1),
    (4, 3, 2, 3, 2, 0),
    (1, 2, 1, 0, -1, 0),
)


def sketch(number: int, rng: np.random.Generator) -> Sketch:
    """Return one solo of 16 to 32 bars, a blues of two choruses or fours over a riff.

    Args:
        number: Which of many: tonics and progressions come in turn.
        rng: Draws everything else.
    """
    tonic = number % 12
    is_blues = number // 12 % 2 == 0
    forms = _TWELVE_BARS if is_blues else _FOURS
    progression = forms[int(rng.integers(len(forms)))]
    n_bars = 24 if is_blues else int(rng.choice((16, 16, 24, 32)))
    harmony = Harmony.of(tonic, progression, n_bars)
    is_minor = progression[0][1].startswith("m")
    is_shuffled = bool(rng.random() < (0.7 if is_blues else 0.3))
    notes: list[Sounding] = []
    ideas: list[Motif] = []
    ground_at = _ground(tonic, harmony, _SCALES["blues"])
    for index, span in enumerate(phrase_spans(n_bars, rng)):
        if index == 0 or not span.is_answer:
            colours = _MINOR_COLOURS if is_minor or span.energy > 0.85 else _MAJOR_COLOURS
            ground_at = _ground(tonic, harmony, _SCALES[str(rng.choice(colours))])
        ideas.append(_idea_for(index, ideas, span, is_shuffled, rng))
        start = span.start + int(rng.choice(_STARTS)) * (index > 0)
        anchor = COMPASS.low + 9 + round(14 * span.energy + rng.normal(0, 2))
        played = laid_over(ideas[-1], start, anchor, ground_at, COMPASS)
        notes += landing(played, span, ground_at, COMPASS, rng)
    mode_of_fours = "minor" if is_minor else "mixolydian"
    swing = rng.uniform(0.6, 0.68) if is_shuffled else rng.uniform(0.5, 0.54)
    mode = "blues" if is_blues else mode_of_fours
    lateness = float(rng.normal(2.0, 1.5))
    return Sketch(tuple(within_reach(monophonic(notes))), harmony, mode, float(swing), lateness)


def _ground(tonic: int, harmony: Harmony, scale: tuple[int, ...]) -> GroundAt:
    """Return the harmony at a step with a scale of the tonic, whatever the chord."""
    pitch_classes = frozenset((tonic + each) % 12 for each in scale)

    def ground_at(step: int) -> Ground:
        root, chord = harmony.at(step)
        return Ground(root, chord, pitch_classes)

    return ground_at


def _idea_for(
    index: int, ideas: list[Motif], span: Span, is_shuffled: bool, rng: np.random.Generator
) -> Motif:
    """Return what the next phrase says: the one before again, as a blues does, or new."""
    if index > 0 and rng.random() < (0.65 if span.is_answer else 0.35):
        return filling(varied(ideas[-1], rng, 0.5), span.length, rng)
    if index >= 3 and rng.random() < 0.25:
        return filling(varied(ideas[0], rng, 0.6), span.length, rng)
    lick = _melody(span.energy, is_shuffled, rng)
    if span.length > 2 * BAR and span.energy > 0.5:
        circling = _round_and_round(span.energy, is_shuffled, rng)
        return after(lick, circling, -(-length_of(lick) // BEAT) * BEAT)
    if span.length >= 2 * BAR and rng.random() < 0.3 * span.energy:
        return _round_and_round(span.energy, is_shuffled, rng)
    return filling(lick, span.length, rng) if span.length > 2 * BAR else lick


def _melody(energy: float, is_shuffled: bool, rng: np.random.Generator) -> Motif:
    """Return a lick of three to six beats: a few kinds of beat, and a contour that leans down."""
    beats = _SHUFFLED if is_shuffled else _STRAIGHT
    kinds = [beats[int(rng.integers(len(beats)))] for _ in range(2 + (rng.random() < energy))]
    n_beats = int(rng.integers(3, 7))
    offset = int(rng.integers(0, 5))
    drift = int(rng.choice((-1, -1, 1)))
    cells: list[Cell] = []
    for beat in range(n_beats):
        for onset, length in kinds[int(rng.integers(len(kinds)))]:
            cells.append(Cell(beat * BEAT + onset, length, offset))
            move = int(rng.choice((0, 1, 1, 1, 2, 3), p=(0.16, 0.2, 0.2, 0.14, 0.2, 0.1)))
            offset += move * (drift if rng.random() < 0.65 else -drift)
            offset = bounded(offset)
    return tuple(cells)


def _round_and_round(energy: float, is_shuffled: bool, rng: np.random.Generator) -> Motif:
    """Return a box lick played over and over, a bar to a bar and a half, the last time changed."""
    box = _BOXES[int(rng.integers(len(_BOXES)))]
    in_threes = is_shuffled or (len(box) % 3 == 0 and rng.random() < 0.6)
    step = TRIPLET if in_threes else SIXTEENTH if energy >= 0.7 else EIGHTH
    n_notes = int(rng.choice((4, 5, 6))) * BEAT // step
    contour = [box[index % len(box)] for index in range(n_notes)]
    turn = n_notes - n_notes // 4
    lift = int(rng.choice((-2, -1, 1, 2)))
    return evenly([each + lift * (index >= turn) for index, each in enumerate(contour)], step)
