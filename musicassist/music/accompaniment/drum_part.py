"""The drums: patterns, ghost notes, a fill where a phrase ends, a crash where the next begins."""

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from musicassist.music.accompaniment.feel import DRUM_PITCHES, Bar, Feel
from musicassist.music.accompaniment.layout import BarPlace, Pulse, Step, pulses_of, steps_of
from musicassist.music.accompaniment.touch import Hands
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

# Source: Groove MIDI Dataset (Gillick and others 2019), scripts/learn_grooves.py: mean strength of
# backbeats, of strokes on the beat, between beats, and of what snares whisper.
_VELOCITIES: Final = {"X": 108.0, "x": 84.0, "o": 68.0, "g": 42.0}
_CRASH_VELOCITY: Final = 96.0
_STROKE_TICKS: Final = 40  # a drum rings as long as it does
_CRASH: Final = "crash"
_HANDS: Final = 0
_CYMBALS_OF_TIME: Final = ("hat", "ride", "open_hat", "bell")  # a crash stands for their stroke


class _Stroke(NamedTuple):
    onset_ticks: int
    drum: str
    velocity: float


class _Written:
    """What is written for the metres of a piece, each laid out once."""

    def __init__(self, feel: Feel) -> None:
        self._feel = feel
        self._laid: dict[tuple[int, int, Bar], tuple[Step, ...]] = {}

    def steps(self, bar: Bar, place: BarPlace) -> tuple[Step, ...]:
        key = (place.numerator, place.denominator, bar)
        if key not in self._laid:
            pulses = pulses_of(place.numerator, place.denominator)
            steps = steps_of(bar, pulses, self._feel.swing)
            self._laid[key] = tuple(step for step in steps if step.sign != ".")
        return self._laid[key]


def drum_notes(
    feel: Feel,
    bars: Sequence[BarPlace],
    timebase: Timebase,
    length_ticks: int,
    seed: int,
    channel: int,
) -> tuple[Note, ...]:
    """Return what the drums play.

    Args:
        feel: How.
        bars: The bars of the piece.
        timebase: Its tempo.
        length_ticks: Its end.
        seed: Same seed, same drummer.
        channel: MIDI channel of the notes.
    """
    written = _Written(feel)
    strokes: list[_Stroke] = []
    has_filled = False
    for place in bars:
        has_crash = has_filled and place.begins_phrase
        fill_ticks = place.end_ticks
        fill = _fill_of(feel, place, seed)
        if fill is not None:
            bar, n_pulses = fill
            pulses = pulses_of(place.numerator, place.denominator)
            fill_ticks = place.start_ticks + _last(pulses, n_pulses)
            for drum, cells in bar:
                strokes += _strokes(drum, written.steps(cells, place), place, fill_ticks, None)
        has_filled = fill is not None
        for drum, variants in feel.patterns_for(place.metre).drums:
            if variants:
                steps = written.steps(variants[place.number % len(variants)], place)
                without = 0 if has_crash and drum in _CYMBALS_OF_TIME else None
                strokes += _strokes(drum, steps, place, place.start_ticks, fill_ticks, without)
        if has_crash:
            strokes.append(_Stroke(place.start_ticks, _CRASH, _CRASH_VELOCITY))
    return _played(strokes, feel, timebase, length_ticks, seed, channel)


def _fill_of(
    feel: Feel, place: BarPlace, seed: int
) -> tuple[tuple[tuple[str, Bar], ...], int] | None:
    """Return a fill and over how many pulses it goes, or None where none is due."""
    n_pulses = len(pulses_of(place.numerator, place.denominator))
    if not feel.fills or not place.ends_phrase or n_pulses < 2 or place.number == 0:
        return None
    chance = Random(f"{seed} {place.start_ticks}")
    length = 2 if place.ends_long_phrase and n_pulses > 2 else 1
    return chance.choice(feel.fills), length


def _last(pulses: tuple[Pulse, ...], n_pulses: int) -> int:
    return pulses[-n_pulses].offset_ticks


def _strokes(
    drum: str,
    steps: Sequence[Step],
    place: BarPlace,
    from_ticks: int,
    until_ticks: int | None,
    without: int | None = None,
) -> list[_Stroke]:
    """Return the strokes of a drum in a part of a bar, without the one at an offset."""
    start = place.start_ticks
    end = place.end_ticks if until_ticks is None else min(until_ticks, place.end_ticks)
    return [
        _Stroke(start + step.offset_ticks, drum, _VELOCITIES[step.sign])
        for step in steps
        if from_ticks <= start + step.offset_ticks < end and step.offset_ticks != without
    ]


def _played(
    strokes: list[_Stroke],
    feel: Feel,
    timebase: Timebase,
    length_ticks: int,
    seed: int,
    channel: int,
) -> tuple[Note, ...]:
    if not strokes:
        return ()
    strokes.sort()
    hands = Hands(feel.touch, timebase, length_ticks, seed, _HANDS)
    written = [stroke.onset_ticks for stroke in strokes]
    onsets = hands.moved(written, [stroke.drum for stroke in strokes])
    strength = feel.strength.get("drums", 1.0)
    velocities = hands.struck([strength * stroke.velocity for stroke in strokes])
    rooms = rooms_of(written, length_ticks)
    return tuple(
        Note(
            min(onset, length_ticks - 1),
            max(1, min(_STROKE_TICKS, room // 3, length_ticks - onset)),
            DRUM_PITCHES[stroke.drum],
            velocity,
            channel,
        )
        for stroke, onset, room, velocity in zip(strokes, onsets, rooms, velocities, strict=True)
    )


def rooms_of(onsets_ticks: Sequence[int], end_ticks: int) -> list[int]:
    """Return how far it is from each to the next that is later, or to the end."""
    rooms: list[int] = []
    later, last = end_ticks, end_ticks
    for onset in reversed(onsets_ticks):
        if onset != last:
            later, last = last, onset
        rooms.append(later - onset)
    return rooms[::-1]
