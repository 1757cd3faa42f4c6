"""Edits of a progression: every one takes a value and returns a new one.

Between edits a progression is kept plain: it says something at tick 0, even if that is "no chord",
and it is whole bars long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from musicassist.music.chord_recognition import transposed
from musicassist.music.chord_text import written_chord
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.keys import Key
from musicassist.music.timebase import Timebase

NO_CHORD: Final = ChordSymbol(None, text="NC")

Change = tuple[int, ChordSymbol]


@dataclass(frozen=True, slots=True)
class Cell:
    """A chord and how long it stands.

    Attributes:
        start_ticks: Where it begins.
        end_ticks: Where the next begins, or the end.
        chord: The chord.
    """

    start_ticks: int
    end_ticks: int
    chord: ChordSymbol


def cells_of(progression: Progression) -> tuple[Cell, ...]:
    """Return the chords with their ends, none before the first change."""
    onsets = [onset_ticks for onset_ticks, _ in progression.changes]
    ends = [*onsets[1:], progression.length_ticks]
    return tuple(
        Cell(start_ticks, end_ticks, chord)
        for (start_ticks, chord), end_ticks in zip(progression.changes, ends, strict=True)
    )


def plain(progression: Progression, timebase: Timebase) -> Progression:
    """Return a progression that says something from its first tick and is whole bars long."""
    length_ticks = timebase.next_bar_line_ticks(progression.length_ticks)
    changes = tuple((onset_ticks, written_chord(each)) for onset_ticks, each in progression.changes)
    if length_ticks and (not changes or changes[0][0] > 0):
        changes = ((0, NO_CHORD), *changes)
    return Progression(changes, length_ticks)


def reaching(
    progression: Progression, timebase: Timebase, end_ticks: int, whole_ticks: int = 0
) -> Progression:
    """Return a progression long enough to be edited up to a place, its repeats written out.

    It grows by whole rounds, so that what follows stays what it was, but no further than the whole
    that is seen, if that reaches the place.

    Args:
        progression: What is repeated; nothing becomes "no chord".
        timebase: Where bars lie.
        end_ticks: What it has to reach.
        whole_ticks: Where all that is seen ends.
    """
    if end_ticks <= progression.length_ticks:
        return plain(progression, timebase)
    end_ticks = timebase.next_bar_line_ticks(end_ticks)
    if not progression.length_ticks:
        return Progression(((0, NO_CHORD),), end_ticks)
    n_rounds = -(-end_ticks // progression.length_ticks)
    length_ticks = n_rounds * progression.length_ticks
    if end_ticks <= timebase.next_bar_line_ticks(whole_ticks) < length_ticks:
        length_ticks = timebase.next_bar_line_ticks(whole_ticks)
    return plain(progression.looped_to(length_ticks), timebase)


def with_chord(
    progression: Progression, start_ticks: int, end_ticks: int, chord: ChordSymbol
) -> Progression:
    """Return it with one chord over a range; what follows the range goes on as it did."""
    return with_part(progression, start_ticks, Progression(((0, chord),), end_ticks - start_ticks))


def with_part(progression: Progression, start_ticks: int, part: Progression) -> Progression:
    """Return it with other chords over a range, from where they are put to as long as they are.

    Args:
        progression: At least as long as the range reaches.
        start_ticks: Where the part goes.
        part: What is put there; where it says nothing, "no chord" stands.
    """
    end_ticks = start_ticks + part.length_ticks
    after = progression.chord_at(end_ticks) if end_ticks < progression.length_ticks else None
    changes = dict(_outside(progression.changes, start_ticks, end_ticks))
    if part.length_ticks:
        changes[start_ticks] = NO_CHORD
    changes |= {start_ticks + onset_ticks: chord for onset_ticks, chord in part.changes}
    if after is not None:
        changes.setdefault(end_ticks, after)
    return _of(changes.items(), progression.length_ticks)


def part_of(progression: Progression, start_ticks: int, end_ticks: int) -> Progression:
    """Return the chords of a range, from a tick 0 of their own; repeats are written out."""
    whole = progression.looped_to(max(end_ticks, progression.length_ticks))
    first = whole.chord_at(start_ticks) or NO_CHORD
    changes = {
        onset_ticks - start_ticks: chord
        for onset_ticks, chord in whole.changes
        if start_ticks <= onset_ticks < end_ticks
    }
    return _of(({0: first} | changes).items(), end_ticks - start_ticks)


def without_chords(progression: Progression, start_ticks: int, end_ticks: int) -> Progression:
    """Return it with a range taken over by the chord before it; at the start by "no chord"."""
    before = progression.chord_at(start_ticks - 1) if start_ticks > 0 else None
    if before is None:
        return with_chord(progression, start_ticks, end_ticks, NO_CHORD)
    after = progression.chord_at(end_ticks) if end_ticks < progression.length_ticks else None
    changes = dict(_outside(progression.changes, start_ticks, end_ticks))
    if after is not None:
        changes.setdefault(end_ticks, after)
    return _of(changes.items(), progression.length_ticks)


def without_time(progression: Progression, start_ticks: int, end_ticks: int) -> Progression:
    """Return it with a range cut out; what follows moves up."""
    shift_ticks = end_ticks - start_ticks
    after = progression.chord_at(end_ticks) if end_ticks < progression.length_ticks else None
    changes = {
        onset_ticks: chord
        for onset_ticks, chord in progression.changes
        if onset_ticks < start_ticks
    }
    if after is not None:
        changes[start_ticks] = after
    changes |= {
        onset_ticks - shift_ticks: chord
        for onset_ticks, chord in progression.changes
        if onset_ticks >= end_ticks
    }
    return _of(changes.items(), progression.length_ticks - shift_ticks)


def with_change_moved(
    progression: Progression, from_ticks: int, to_ticks: int, least_ticks: int
) -> Progression:
    """Return it with one change at another place, between its neighbours.

    Args:
        progression: Must have a change there, not at tick 0, which stays where it is.
        from_ticks: Where the change is.
        to_ticks: Where it shall be.
        least_ticks: How near it may come to its neighbours.
    """
    onsets = [*(onset_ticks for onset_ticks, _ in progression.changes), progression.length_ticks]
    index = onsets.index(from_ticks)
    lowest, highest = onsets[index - 1] + least_ticks, onsets[index + 1] - least_ticks
    if index == 0 or lowest > highest:
        return progression
    changes = list(progression.changes)
    changes[index] = (min(max(to_ticks, lowest), highest), changes[index][1])
    return Progression(tuple(changes), progression.length_ticks)


def with_length(progression: Progression, length_ticks: int) -> Progression:
    """Return it cut off, or its last chord held on, to a length above 0."""
    changes = [change for change in progression.changes if change[0] < length_ticks]
    return Progression(tuple(changes), length_ticks)


def moved_by(
    progression: Progression, semitones: int, key: Key, start_ticks: int, end_ticks: int
) -> Progression:
    """Return it with the chords that begin in a range transposed, spelled as a key writes them."""
    return Progression(
        tuple(
            (
                onset_ticks,
                transposed(chord, semitones, key)
                if start_ticks <= onset_ticks < end_ticks
                else chord,
            )
            for onset_ticks, chord in progression.changes
        ),
        progression.length_ticks,
    )


def without_repeats(progression: Progression) -> Progression:
    """Return it without changes to the chord that stands already."""
    changes = list(progression.changes[:1])
    changes += [later for before, later in pairwise(progression.changes) if later[1] != before[1]]
    return Progression(tuple(changes), progression.length_ticks)


def first_difference(
    before: Progression | None, after: Progression | None, start_ticks: int, end_ticks: int
) -> int | None:
    """Return the first place in a range at which two progressions, repeated, sound unlike.

    Returns:
        The tick, or None where they are alike throughout.
    """
    both = [
        (each or Progression()).looped_to(end_ticks) if end_ticks > 0 else Progression()
        for each in (before, after)
    ]
    places = {start_ticks} | {onset_ticks for each in both for onset_ticks, _ in each.changes}
    for place in sorted(place for place in places if start_ticks <= place < end_ticks):
        sounds = [
            None if chord is None else (chord.root, chord.intervals, chord.bass)
            for chord in (each.chord_at(place) for each in both)
        ]
        if sounds[0] != sounds[1]:
            return place
    return None


def _outside(changes: Iterable[Change], start_ticks: int, end_ticks: int) -> list[Change]:
    return [change for change in changes if not start_ticks <= change[0] < end_ticks]


def _of(changes: Iterable[Change], length_ticks: int) -> Progression:
    return Progression(tuple(sorted(changes, key=lambda change: change[0])), length_ticks)
