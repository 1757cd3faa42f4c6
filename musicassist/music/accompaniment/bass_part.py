"""The bass: roots and fifths as a feel has them, or a line that walks into the next chord."""

from collections.abc import Sequence
from random import Random
from typing import Final

from musicassist.music.accompaniment.feel import Feel
from musicassist.music.accompaniment.layout import BarPlace
from musicassist.music.accompaniment.strikes import (
    ANTICIPATED,
    Region,
    Strike,
    kept_within,
    strikes_over,
)
from musicassist.music.accompaniment.touch import Hands
from musicassist.music.chords import ChordSymbol
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

LOWEST_PITCH: Final = 28  # E1, the lowest string
HIGHEST_PITCH: Final = 52
_HIGHEST_ROOT: Final = 43
_MIDDLE_ROOT: Final = 36
_DOWNBEAT, _PULSE, _BETWEEN = 98.0, 88.0, 78.0
_HANDS: Final = 2
_DEGREES: Final = {"3": (3, 4, 5, 2), "5": (7, 6, 8), "7": (10, 11, 9), "8": (12,)}
_FURTHEST_STEP: Final = 9
_OTHER_SIDE: Final = 0.25  # how often a line comes from the other side
_WALKS, _LEADS = "w", "a"


def bass_notes(
    feel: Feel,
    regions: Sequence[Region],
    bars: Sequence[BarPlace],
    timebase: Timebase,
    length_ticks: int,
    seed: int,
    channel: int,
) -> tuple[Note, ...]:
    """Return what the bass plays; arguments as in `drum_part.drum_notes`."""
    strikes = strikes_over(
        regions,
        bars,
        lambda place: feel.patterns_for(place.metre).bass,
        feel.swing,
        patience_ticks=0,
    )
    if not strikes:
        return ()
    pitches = _pitches(strikes, regions, Random(seed))
    hands = Hands(feel.touch, timebase, length_ticks, seed, _HANDS)
    onsets = hands.moved([strike.onset_ticks for strike in strikes], ["bass"] * len(strikes))
    strength = feel.strength.get("bass", 1.0)
    velocities = hands.struck([strength * _velocity(strike) for strike in strikes])
    ends = [
        min(s.end_ticks, later)
        for s, later in zip(strikes, [*onsets[1:], length_ticks], strict=True)
    ]
    notes = []
    for strike, onset, end, pitch, velocity in zip(
        strikes, onsets, ends, pitches, velocities, strict=True
    ):
        onset = kept_within(onset, end, strike, regions)
        notes.append(Note(onset, max(1, end - onset), pitch, velocity, channel))
    return tuple(notes)


def _velocity(strike: Strike) -> float:
    pulse, is_on_pulse = strike.place_in_bar
    if not is_on_pulse:
        return _PULSE if strike.sign == ANTICIPATED else _BETWEEN
    return _PULSE if pulse else _DOWNBEAT


def _pitches(strikes: Sequence[Strike], regions: Sequence[Region], chance: Random) -> list[int]:
    """Return a pitch for every stroke."""
    pitches: list[int] = []
    root = before = _MIDDLE_ROOT
    planned: int | None = None  # what the stroke before has led into
    region = -1
    for index, strike in enumerate(strikes):
        chord = regions[strike.region].chord
        is_new = strike.region != region
        if is_new:
            root = planned if planned is not None else root_near(chord, root)
            region = strike.region
            pitch = root
        elif planned is not None:
            pitch = planned
        else:
            pitch = _of_chord(strike, chord, root, before, chance)
        is_resolved = is_new or planned is not None
        planned = None
        later = strikes[index + 1] if index + 1 < len(strikes) else None
        if later is not None and strike.sign in (_WALKS, _LEADS) and not is_resolved:
            goal = _goal(strike, later, regions, root)
            if goal is not None and later.onset_ticks == strike.end_ticks:
                pitch, planned = _leading(goal, before, chance), goal
        pitches.append(pitch)
        before = pitch
    return pitches


def _goal(strike: Strike, later: Strike, regions: Sequence[Region], root: int) -> int | None:
    """Return the root the next stroke brings, if that is worth leading into."""
    if later.region != strike.region:
        return root_near(regions[later.region].chord, root)
    if later.sign == _WALKS and later.place_in_bar == (0, True):
        return root
    return None


def root_near(chord: ChordSymbol, before: int) -> int:
    """Return the chord's lowest note, in the octave nearest to a pitch and to the middle."""
    lowest = chord.root if chord.bass is None else chord.bass
    assert lowest is not None
    first = LOWEST_PITCH + (lowest - LOWEST_PITCH) % 12
    choices = range(first, _HIGHEST_ROOT + 1, 12)
    return min(choices, key=lambda each: (abs(each - before) + abs(each - _MIDDLE_ROOT) / 2, each))


def _of_chord(strike: Strike, chord: ChordSymbol, root: int, before: int, chance: Random) -> int:
    """Return a note of the chord for a stroke within it."""
    if strike.sign == _WALKS:
        return _walked(chord, root, before, chance)
    wanted = _DEGREES.get("5" if strike.sign == _LEADS else strike.sign)
    if wanted is None or chord.root is None:
        return root
    if wanted == _DEGREES["8"]:
        return root + 12 if root + 12 <= HIGHEST_PITCH else root
    interval = next((each for each in wanted if each in chord.intervals), None)
    if interval is None:
        return root
    pitch_class = (chord.root + interval) % 12
    above = root + (pitch_class - root) % 12
    if (
        strike.sign in ("5", _LEADS)
        and above - 12 >= LOWEST_PITCH
        and above - root > _FURTHEST_STEP
    ):
        return above - 12
    return above if above <= HIGHEST_PITCH else above - 12


def _walked(chord: ChordSymbol, root: int, before: int, chance: Random) -> int:
    """Return a chord tone near the one before, but not the same."""
    classes = chord.pitch_classes
    near = [
        pitch
        for pitch in range(LOWEST_PITCH, HIGHEST_PITCH + 1)
        if pitch % 12 in classes and 0 < abs(pitch - before) <= _FURTHEST_STEP
    ]
    if not near:
        return root
    near.sort(key=lambda each: (abs(abs(each - before) - 4), each))
    return chance.choice(near[:3])


def _leading(goal: int, before: int, chance: Random) -> int:
    """Return a semitone above or below a goal, from where the line comes."""
    sides = [goal - 1, goal + 1]
    sides.sort(key=lambda each: (each == before, abs(each - before)))
    first = sides[0] if sides[0] >= LOWEST_PITCH else sides[1]
    second = sides[1] if sides[1] >= LOWEST_PITCH else sides[0]
    return second if second != before and chance.random() < _OTHER_SIDE else first
