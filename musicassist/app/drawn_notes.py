"""Which drawn note is which raw one: what is seen is drawn to the grid, what is edited is not."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from musicassist.app.arrangement import Arrangement, answer_start_ticks
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.session import Session

PRIMER: Final = "primer"
SOLO: Final = "solo"


@dataclass(frozen=True, slots=True, order=True)
class NoteRef:
    """One note of what is drawn.

    Attributes:
        part: `PRIMER`, or `SOLO` for the selected one.
        index: Its place in the raw clip's notes.
    """

    part: str
    index: int


@dataclass(frozen=True, slots=True)
class DrawnNote:
    """A note as it is drawn.

    Attributes:
        ref: Which note it is.
        note: As it is drawn and heard, in the ticks of its own part.
        onset_ticks: Where it starts on the time line.
        end_ticks: Where it ends on the time line, or is cut by the end of its part.
    """

    ref: NoteRef
    note: Note
    onset_ticks: int
    end_ticks: int


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """The phrase or the selected solo, raw and as it is drawn.

    Attributes:
        name: `PRIMER` or `SOLO`.
        raw: What edits change.
        clip: What is drawn and heard.
        indices: For each note of `clip` its index in `raw`.
        start_ticks: Where `clip` begins on the time line.
        raw_start_ticks: Where `raw` begins; before `start_ticks`, below 0, if its start is cut.
        longest_ticks: The longest note of `clip`.
        places: For the index of a raw note its place in `clip`, where that is another; a note that
            is not drawn has none. None where all places are the indices.
    """

    name: str
    raw: Clip
    clip: Clip
    indices: Sequence[int]
    start_ticks: int
    raw_start_ticks: int
    longest_ticks: int
    places: Mapping[int, int] | None = field(repr=False)

    @property
    def end_ticks(self) -> int:
        """Where it ends on the time line."""
        return self.start_ticks + self.clip.length_ticks

    def place_of(self, index: int) -> int | None:
        """Return where in `clip` a raw note is; None if it is not drawn."""
        if self.places is not None:
            return self.places.get(index)
        return index if 0 <= index < len(self.indices) else None

    def n_before(self, onset_ticks: int, pitch: int, *, or_there: bool = False) -> int:
        """Return how many notes come before a place of the time line and a pitch.

        Args:
            onset_ticks: Where on the time line.
            pitch: Which of those that start there come before: the lower ones.
            or_there: Count those of just that place and pitch too.
        """
        bisect = bisect_right if or_there else bisect_left
        return bisect(self.clip.notes, (onset_ticks - self.start_ticks, pitch), key=_order)

    def drawn(self, place: int) -> DrawnNote:
        """Return the note at a place in `clip`."""
        note = self.clip.notes[place]
        return DrawnNote(
            NoteRef(self.name, self.indices[place]),
            note,
            self.start_ticks + note.onset_ticks,
            min(self.start_ticks + note.end_ticks, self.end_ticks),
        )

    def places_between(self, first_ticks: float, last_ticks: float) -> range:
        """Return the places in `clip` of the notes that start between two ticks of the time line.

        Found without looking at the others; ask `longest_ticks` earlier for all that sound.
        """
        notes = self.clip.notes
        first = bisect_left(notes, first_ticks - self.start_ticks, key=_onset)
        last = bisect_right(notes, last_ticks - self.start_ticks, lo=first, key=_onset)
        return range(first, last)

    def sounding_between(self, first_ticks: float, last_ticks: float) -> Iterator[DrawnNote]:
        """Return the notes that sound anywhere between two ticks of the time line."""
        for place in self.places_between(first_ticks - self.longest_ticks, last_ticks):
            drawn = self.drawn(place)
            if drawn.end_ticks > first_ticks and drawn.onset_ticks < last_ticks:
                yield drawn


def drawn_parts(session: Session, arrangement: Arrangement) -> tuple[DrawnPart, ...]:
    """Return what there is to draw and to edit of a session, the phrase before the solo.

    Args:
        session: What is worked on.
        arrangement: The same laid out.
    """
    parts = []
    if session.primer is not None and arrangement.primer is not None:
        parts.append(
            _part(PRIMER, session.primer, arrangement.primer, arrangement.primer_indices, 0, 0)
        )
    selected = session.selected_solo
    if selected is not None and arrangement.solo is not None:
        raw_start_ticks = answer_start_ticks(session) - selected.solo.pickup_ticks
        parts.append(
            _part(
                SOLO,
                selected.solo.clip,
                arrangement.solo,
                arrangement.solo_indices,
                arrangement.solo_start_ticks,
                raw_start_ticks,
            )
        )
    return tuple(parts)


def with_clip(session: Session, part: str, clip: Clip) -> Session:
    """Return a session whose phrase or selected solo has become another clip.

    A phrase that has been edited is no longer what was performed; one that is the same stays it.
    """
    if part == PRIMER:
        if clip == session.primer:
            return session
        return replace(session, primer=clip, primer_take=None)
    selected = session.selected_solo
    if selected is None or clip == selected.solo.clip:
        return session
    solos = (each.edited(clip) if each is selected else each for each in session.solos)
    return replace(session, solos=tuple(solos))


def _part(
    name: str,
    raw: Clip,
    clip: Clip,
    indices: Sequence[int],
    start_ticks: int,
    raw_start_ticks: int,
) -> DrawnPart:
    return DrawnPart(
        name,
        raw,
        clip,
        indices,
        start_ticks,
        raw_start_ticks,
        max((note.duration_ticks for note in clip.notes), default=0),
        None
        if isinstance(indices, range) and indices == range(len(raw.notes))
        else {index: place for place, index in enumerate(indices)},
    )


def _order(note: Note) -> tuple[int, int]:
    return note.onset_ticks, note.pitch


def _onset(note: Note) -> int:
    return note.onset_ticks
