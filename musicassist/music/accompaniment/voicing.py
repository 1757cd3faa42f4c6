"""Which notes a chord instrument takes for a chord: near to those before, in a range."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise, product
from typing import Final

from musicassist.music.accompaniment.feel import Voicing
from musicassist.music.chords import ChordSymbol

Pitches = tuple[int, ...]

_MOST_NOTES: Final = {"full": 4, "triad": 3, "shell": 4, "power": 3}
_THIRDS: Final = (3, 4)
_SUSPENSIONS: Final = (5, 2, 14, 17)
_SEVENTHS: Final = (10, 11, 9)
_COLOURS: Final = (13, 15, 18, 20, 21, 14, 17)  # altered ones, then a thirteenth before a ninth
_FIFTHS: Final = (6, 8, 7)
_LOWEST_POWER: Final = 40  # E2, a guitar's lowest string


@lru_cache(maxsize=4096)
def voiced(
    chord: ChordSymbol, before: Pitches, voicing: Voicing, lowest: int, highest: int
) -> Pitches:
    """Return the pitches for a chord, upwards; none for "no chord".

    Args:
        chord: The chord; only its own notes are taken.
        before: The pitches of the chord before; none at the start.
        voicing: How it is laid out.
        lowest: Lowest pitch to take.
        highest: Highest; at least an octave above.
    """
    if chord.root is None:
        return ()
    if voicing == "power":
        return _power(chord)
    classes = _chosen_classes(chord, voicing)
    layouts = _layouts(classes, lowest, highest)
    middle = (lowest + highest) / 2
    return min(layouts, key=lambda each: (_cost(each, before, middle), each))


def _chosen_classes(chord: ChordSymbol, voicing: Voicing) -> tuple[int, ...]:
    """Return the pitch classes that matter most: third, seventh, colours, then fifth, root."""
    assert chord.root is not None
    there = chord.intervals
    third = [each for each in (*_THIRDS, *_SUSPENSIONS) if each in there][:1]
    seventh = [each for each in _SEVENTHS if each in there][:1]
    colours = [each for each in _COLOURS if each in there and each not in third]
    fifths = [each for each in _FIFTHS if each in there]
    order: list[int] = [*third, *seventh]
    if voicing == "triad":
        order = [*third, 0, *fifths[:1], *seventh]
    elif voicing == "shell" and seventh:
        order += [*colours[:1], *fifths, 0] if colours else [*fifths]
    else:
        order += [*colours[:1], 0, *fifths] if seventh else [0, *fifths, *colours]
    rest = [0, *there]
    classes: dict[int, None] = {}
    for interval in (*order, *rest):
        is_wanted = interval in order or len(classes) < 2
        if is_wanted and len(classes) < _MOST_NOTES[voicing]:
            classes[(chord.root + interval) % 12] = None
    return tuple(classes)


@lru_cache(maxsize=1024)
def _layouts(classes: tuple[int, ...], lowest: int, highest: int) -> tuple[Pitches, ...]:
    """Return every close way to lay pitch classes out within a range, wide ones left out."""
    choices = [range(lowest + (each - lowest) % 12, highest + 1, 12) for each in classes]
    layouts = {tuple(sorted(pitches)) for pitches in product(*choices)}
    close = [each for each in layouts if each[-1] - each[0] <= 16 and _is_clear(each)]
    return tuple(sorted(close or layouts))


def _is_clear(pitches: Pitches) -> bool:
    """Whether no two semitones stand in a row and none is at the top."""
    gaps = [high - low for low, high in pairwise(pitches)]
    return not gaps or (gaps[-1] > 1 and gaps.count(1) < 2)


def _cost(pitches: Pitches, before: Pitches, middle: float) -> float:
    """Return how far the hands go, and how far the chord is from the middle of its range."""
    centre = sum(pitches) / len(pitches)
    away = abs(centre - middle)
    if not before:
        return away
    moves = sum(_nearest(pitch, before) for pitch in pitches)
    moves += sum(_nearest(pitch, pitches) for pitch in before)
    top = abs(pitches[-1] - before[-1])
    return moves + top + 0.3 * away


def _nearest(pitch: int, others: Iterable[int]) -> int:
    return min(abs(pitch - other) for other in others)


def _power(chord: ChordSymbol) -> Pitches:
    """Return root, fifth and octave on the low strings; without a fifth the octave alone."""
    assert chord.root is not None
    root = _LOWEST_POWER + (chord.root - _LOWEST_POWER) % 12
    fifth = next((each for each in (7, 6, 8) if each in chord.intervals), None)
    return (root, root + 12) if fifth is None else (root, root + fifth, root + 12)
