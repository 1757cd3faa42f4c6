"""A clip: notes that belong together, as edited, generated and exported."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

from musicassist.music.note import SUSTAIN, ControlPoint, Note

note_order: Final = attrgetter("onset_ticks", "pitch", "channel")  # of the notes of a clip

PEDAL_DOWN: Final = 64  # a sustain value from here on is a pressed pedal


@dataclass(frozen=True, slots=True)
class Clip:
    """Notes and controller points on a time line of a fixed length.

    Notes and points are kept sorted, whatever order they are given in. A note may not start at or
    after the end; one that rings past it is allowed here and cut on export.

    Attributes:
        notes: In order of onset, then pitch.
        length_ticks: Length of the clip, at least 0; usually whole bars.
        controls: Pedal, wheels and pressure, in order of onset.
        name: What the user calls it; any text.

    Raises:
        ValueError: The length is negative, or a note starts at or after it.
    """

    notes: tuple[Note, ...] = ()
    length_ticks: int = 0
    controls: tuple[ControlPoint, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(sorted(self.notes, key=note_order)))
        object.__setattr__(self, "controls", tuple(sorted(self.controls, key=_onset)))
        if self.length_ticks < 0:
            raise ValueError(f"a clip cannot be {self.length_ticks} ticks long")
        if self.notes and self.notes[-1].onset_ticks >= self.length_ticks:
            raise ValueError("a note starts at or after the end of its clip")

    @property
    def end_of_notes_ticks(self) -> int:
        """The tick at which the last sounding note ends; 0 when there are none."""
        return max((note.end_ticks for note in self.notes), default=0)

    def with_notes(self, notes: Iterable[Note]) -> "Clip":
        """Return the same clip with other notes."""
        return replace(self, notes=tuple(notes))

    def between(self, start_ticks: int, end_ticks: int) -> "Clip":
        """Return what starts in [start, end), moved so that `start` becomes 0, cut at the end.

        Controllers keep the value they had at the start, and a pedal still down is let up last.
        """
        if not 0 <= start_ticks <= end_ticks:
            raise ValueError(f"a range runs forward from 0 or later: {start_ticks}-{end_ticks}")
        notes = (
            replace(
                note,
                onset_ticks=note.onset_ticks - start_ticks,
                duration_ticks=min(note.end_ticks, end_ticks) - note.onset_ticks,
            )
            for note in self.notes
            if start_ticks <= note.onset_ticks < end_ticks
        )
        return replace(
            self,
            notes=tuple(notes),
            controls=controls_within(self.controls, start_ticks, end_ticks),
            length_ticks=end_ticks - start_ticks,
        )

    def followed_by(self, other: "Clip") -> "Clip":
        """Return this clip with another after its end, under this one's name."""
        shift = self.length_ticks
        return replace(
            self,
            notes=self.notes
            + tuple(replace(note, onset_ticks=note.onset_ticks + shift) for note in other.notes),
            controls=self.controls
            + tuple(replace(p, onset_ticks=p.onset_ticks + shift) for p in other.controls),
            length_ticks=shift + other.length_ticks,
        )


def controls_within(
    points: Iterable[ControlPoint], start_ticks: int, end_ticks: int
) -> tuple[ControlPoint, ...]:
    """Return controller movements in [start, end), moved so that `start` becomes 0.

    What a controller was set to before is set again at 0, and a sustain pedal that is still down
    is let up at the last tick: cut music must neither lose its pedal nor ring for ever.
    """
    if start_ticks >= end_ticks:
        return ()
    before: dict[tuple[int, int], ControlPoint] = {}
    inside: list[ControlPoint] = []
    last: dict[tuple[int, int], ControlPoint] = {}
    for point in sorted(points, key=_onset):
        if point.onset_ticks >= end_ticks:
            break
        place = (point.channel, point.controller)
        moved = replace(point, onset_ticks=max(0, point.onset_ticks - start_ticks))
        last[place] = moved
        if point.onset_ticks < start_ticks:
            before[place] = moved
        else:
            if point.onset_ticks == start_ticks:
                before.pop(place, None)
            inside.append(moved)
    let_up = (
        replace(point, onset_ticks=end_ticks - start_ticks - 1, value=0)
        for point in last.values()
        if point.controller == SUSTAIN and point.value >= PEDAL_DOWN
    )
    return (*before.values(), *inside, *let_up)


def without_overlaps(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Cut notes of one pitch and channel that ring into the next; of two at one onset keep one.

    The longer of two notes at the same onset, pitch and channel is kept, so that nothing a
    listener hears is lost and every note-on has a note-off of its own.
    """
    return tuple(note for _, note in surviving(tuple(notes)))


def surviving(notes: Sequence[Note], favoured: Collection[int] = ()) -> list[tuple[int, Note]]:
    """Return what stays of some notes when none may overlap another, as `without_overlaps` says.

    Args:
        notes: In any order.
        favoured: Indices of notes that stay where another one has the same onset, pitch and
            channel, even if the other is longer.

    Returns:
        Each note that stays, cut where it has to be, after its index in `notes`; in order of
        onset, pitch and channel.
    """
    kept: list[tuple[int, Note]] = []
    last_at: dict[tuple[int, int], int] = {}
    for index in sorted(range(len(notes)), key=lambda each: note_order(notes[each])):
        note = notes[index]
        place = (note.channel, note.pitch)
        last = last_at.get(place)
        if last is not None:
            earlier_index, earlier = kept[last]
            gap_ticks = note.onset_ticks - earlier.onset_ticks
            if not gap_ticks:
                claims = (index in favoured, note.duration_ticks)
                if claims > (earlier_index in favoured, earlier.duration_ticks):
                    kept[last] = (index, note)
                continue
            if earlier.duration_ticks > gap_ticks:
                kept[last] = (earlier_index, replace(earlier, duration_ticks=gap_ticks))
        last_at[place] = len(kept)
        kept.append((index, note))
    return kept


def _onset(point: ControlPoint) -> int:
    return point.onset_ticks
