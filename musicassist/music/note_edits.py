"""Editing the notes of a clip: every edit is a new clip, and which of its notes were worked on.

An edit keeps what a clip promises: no note starts outside it, none is shorter than a tick, and
none overlaps another one of its pitch and channel. Where one would, the earlier is cut, and of two
at one place the one that was worked on stays.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

from musicassist.music.clip import Clip, note_order, surviving
from musicassist.music.note import HIGHEST_DATA, Note
from musicassist.music.quantize import Grid, quantized_notes

SHORTEST_TICKS: Final = 15  # a 1/128: no drag makes a note shorter


@dataclass(frozen=True, slots=True)
class Edit:
    """A clip as an edit left it.

    Attributes:
        clip: The whole clip.
        chosen: Indices in it of the notes that were worked on.
    """

    clip: Clip
    chosen: frozenset[int]


@dataclass(frozen=True, slots=True)
class Room:
    """How far notes can move together without one of them leaving clip or keyboard.

    Attributes:
        earlier_ticks: At least 0.
        later_ticks: At least 0.
        down_semitones: At least 0.
        up_semitones: At least 0.
    """

    earlier_ticks: int
    later_ticks: int
    down_semitones: int
    up_semitones: int

    def within(self, other: "Room") -> "Room":
        """Return the room that two groups have together."""
        return Room(
            min(self.earlier_ticks, other.earlier_ticks),
            min(self.later_ticks, other.later_ticks),
            min(self.down_semitones, other.down_semitones),
            min(self.up_semitones, other.up_semitones),
        )

    def kept(self, d_ticks: int, d_semitones: int) -> tuple[int, int]:
        """Return as much of a movement as there is room for."""
        return (
            min(max(d_ticks, -self.earlier_ticks), self.later_ticks),
            min(max(d_semitones, -self.down_semitones), self.up_semitones),
        )


def room_of(clip: Clip, chosen: Collection[int]) -> Room:
    """Return how far some notes of a clip, at least one, can move together."""
    notes = [clip.notes[index] for index in chosen]
    onsets = [note.onset_ticks for note in notes]
    pitches = [note.pitch for note in notes]
    return Room(
        min(onsets),
        clip.length_ticks - 1 - max(onsets),
        min(pitches),
        HIGHEST_DATA - max(pitches),
    )


def moved(
    clip: Clip, chosen: Collection[int], d_ticks: int, d_semitones: int, *, copies: bool = False
) -> Edit:
    """Return a clip with some notes, or copies of them, moved together as far as there is room.

    Args:
        clip: What to edit.
        chosen: Indices of the notes.
        d_ticks: How much later.
        d_semitones: How much higher.
        copies: Whether the notes stay where they are and copies of them move.
    """
    if not chosen:
        return Edit(clip, frozenset())
    d_ticks, d_semitones = room_of(clip, chosen).kept(d_ticks, d_semitones)
    if not d_ticks and not d_semitones:
        return Edit(clip, frozenset(chosen))
    worked_on = [
        replace(note, onset_ticks=note.onset_ticks + d_ticks, pitch=note.pitch + d_semitones)
        for note in _notes(clip, chosen)
    ]
    return _settled(clip, clip.notes if copies else _others(clip, chosen), worked_on)


def stretched(clip: Clip, chosen: Collection[int], d_ticks: int) -> Edit:
    """Return a clip with the ends of some notes moved; none gets shorter than `SHORTEST_TICKS`."""
    worked_on = [
        replace(
            note,
            duration_ticks=max(
                min(SHORTEST_TICKS, note.duration_ticks), note.duration_ticks + d_ticks
            ),
        )
        for note in _notes(clip, chosen)
    ]
    return _settled(clip, _others(clip, chosen), worked_on)


def start_stretched(clip: Clip, chosen: Collection[int], d_ticks: int) -> Edit:
    """Return a clip with some notes starting later, or earlier, and ending where they did."""
    worked_on = []
    for note in _notes(clip, chosen):
        latest_ticks = max(note.onset_ticks, note.end_ticks - SHORTEST_TICKS)
        onset_ticks = min(
            max(0, note.onset_ticks + d_ticks), latest_ticks, max(0, clip.length_ticks - 1)
        )
        worked_on.append(
            replace(note, onset_ticks=onset_ticks, duration_ticks=note.end_ticks - onset_ticks)
        )
    return _settled(clip, _others(clip, chosen), worked_on)


def with_length(clip: Clip, chosen: Collection[int], duration_ticks: int) -> Edit:
    """Return a clip with some notes made one length, at least a tick."""
    worked_on = [
        replace(note, duration_ticks=max(1, duration_ticks)) for note in _notes(clip, chosen)
    ]
    return _settled(clip, _others(clip, chosen), worked_on)


def added(clip: Clip, notes: Iterable[Note]) -> Edit:
    """Return a clip with some notes more; those that would start after its end are left out."""
    return _settled(clip, clip.notes, [each for each in notes if _is_in(clip, each)])


def erased(clip: Clip, chosen: Collection[int]) -> Edit:
    """Return a clip without some of its notes."""
    return Edit(clip.with_notes(_others(clip, chosen)), frozenset())


def split(clip: Clip, places_ticks: Mapping[int, int]) -> Edit:
    """Return a clip with some notes cut in two.

    Args:
        clip: What to edit.
        places_ticks: Where each of them is cut, by its index; one that does not sound there, or
            cannot be cut because the clip ends before, stays whole.
    """
    worked_on = []
    for index in sorted(places_ticks):
        note, at_ticks = clip.notes[index], places_ticks[index]
        if not note.onset_ticks < at_ticks < min(note.end_ticks, clip.length_ticks):
            worked_on.append(note)
            continue
        worked_on.append(replace(note, duration_ticks=at_ticks - note.onset_ticks))
        worked_on.append(
            replace(note, onset_ticks=at_ticks, duration_ticks=note.end_ticks - at_ticks)
        )
    return _settled(clip, _others(clip, places_ticks), worked_on)


def joined(clip: Clip, chosen: Collection[int]) -> Edit:
    """Return a clip with the chosen notes of each pitch made one, as loud as their first.

    A note of that pitch between them that was not chosen keeps its place; the joined note is cut
    there.
    """
    together: dict[tuple[int, int], Note] = {}
    for note in _notes(clip, chosen):
        place = (note.channel, note.pitch)
        first = together.get(place, note)
        end_ticks = max(first.end_ticks, note.end_ticks)
        together[place] = replace(first, duration_ticks=end_ticks - first.onset_ticks)
    return _settled(clip, _others(clip, chosen), list(together.values()))


def with_velocities(clip: Clip, velocities: Mapping[int, int]) -> Edit:
    """Return a clip with some notes struck as hard as is said, kept to 1-127.

    Args:
        clip: What to edit.
        velocities: The velocity of each note to be changed, by its index.
    """
    notes = list(clip.notes)
    for index, velocity in velocities.items():
        notes[index] = replace(notes[index], velocity=min(max(1, velocity), HIGHEST_DATA))
    return Edit(clip.with_notes(notes), frozenset(velocities))


def on_grid(clip: Clip, chosen: Collection[int], grid: Grid, rest_ticks: int = 0) -> Edit:
    """Return a clip with the onsets of some notes drawn to the nearest lines of a grid.

    Args:
        clip: What to edit.
        chosen: Indices of the notes.
        grid: Where the lines are.
        rest_ticks: How long before the clip's start the first line is.
    """
    later = (
        replace(note, onset_ticks=note.onset_ticks + rest_ticks) for note in _notes(clip, chosen)
    )
    alone = Clip(tuple(later), clip.length_ticks + rest_ticks)
    worked_on = [
        replace(note, onset_ticks=max(0, note.onset_ticks - rest_ticks))
        for _, note in quantized_notes(alone, grid)
    ]
    return _settled(clip, _others(clip, chosen), worked_on)


def _notes(clip: Clip, chosen: Collection[int]) -> list[Note]:
    return [clip.notes[index] for index in sorted(chosen)]


def _others(clip: Clip, chosen: Collection[int]) -> list[Note]:
    """Return the notes that are not chosen."""
    chosen = chosen if isinstance(chosen, frozenset | set | Mapping) else frozenset(chosen)
    return [note for index, note in enumerate(clip.notes) if index not in chosen]


def _is_in(clip: Clip, note: Note) -> bool:
    return note.onset_ticks < clip.length_ticks


def _settled(clip: Clip, others: Collection[Note], worked_on: list[Note]) -> Edit:
    """Return a clip of two kinds of notes that do not overlap; pitches not worked on stay."""
    places = {(note.channel, note.pitch) for note in worked_on}
    beside = [note for note in others if (note.channel, note.pitch) in places]
    pairs = surviving([*worked_on, *beside], range(len(worked_on)))
    marked = [(note, False) for note in others if (note.channel, note.pitch) not in places]
    marked += [(note, index < len(worked_on)) for index, note in pairs]
    marked.sort(key=lambda each: note_order(each[0]))
    return Edit(
        clip.with_notes(map(itemgetter(0), marked)),
        frozenset(index for index, (_, is_worked_on) in enumerate(marked) if is_worked_on),
    )
