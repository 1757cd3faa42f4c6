"""A session: everything a user works on, as one value."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from musicassist.music.backing import Backing
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip, surviving
from musicassist.music.keys import Key
from musicassist.music.manner import Manner
from musicassist.music.mix import Mix
from musicassist.music.note import Note
from musicassist.music.quantize import GRIDS, Grid, quantized_notes
from musicassist.music.solo import Solo, moved_later
from musicassist.music.take import Take
from musicassist.music.timebase import Timebase

HIGHEST_SEED: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Timing:
    """How far everything heard, drawn and exported is drawn to a grid.

    Attributes:
        grid_name: A name in `quantize.GRIDS`.
        strength: 0 (as played) to 1 (on the grid).

    Raises:
        ValueError: There is no such grid, or the strength is out of range.
    """

    grid_name: str = "1/16"
    strength: float = 0.0

    def __post_init__(self) -> None:
        if self.grid_name not in GRIDS or not 0 <= self.strength <= 1:
            raise ValueError(f"a known grid and a strength of 0-1: {self}")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the next takes shall be like.

    Attributes:
        n_bars: Whole bars to answer.
        n_takes: How many answers.
        seed: 0 to `HIGHEST_SEED`.
        surprise: 0 (the likeliest) over .5 (as learned) to 1 (wild).
        is_key_locked: Whether only notes of the key and the chords may be played.
        model_id: Which model plays; empty for the first there is.
        character_id: The character the wishes started from; empty for none, which plays as the
            primer suggests.
        manner: How to play; what is None is left to the soloist.
        has_pickup: Whether the answer may begin before its first bar line.
        furthest_leap: Widest step from one note to the next in semitones, 1-48.
        lowest_pitch: Lowest MIDI pitch allowed.
        highest_pitch: Highest MIDI pitch allowed, at least an octave above.

    Raises:
        ValueError: The leap or the range is impossible.
    """

    n_bars: int = 8
    n_takes: int = 4
    seed: int = 4711
    surprise: float = 0.5
    is_key_locked: bool = True
    model_id: str = ""
    character_id: str = ""
    manner: Manner = field(default_factory=Manner)
    has_pickup: bool = False
    furthest_leap: int = 16
    lowest_pitch: int = 36
    highest_pitch: int = 96

    def __post_init__(self) -> None:
        if not 0 <= self.lowest_pitch <= self.highest_pitch - 12 <= 115:
            raise ValueError(f"a range is at least an octave within 0-127: {self}")
        if not 1 <= self.furthest_leap <= 48:
            raise ValueError(f"a leap is 1-48 semitones: {self}")


@dataclass(frozen=True, slots=True)
class NumberedSolo:
    """A solo and the number it keeps for good: `Solo 3` stays `Solo 3` when `Solo 2` goes.

    Attributes:
        number: From 1.
        solo: As it is drawn, heard and exported.
        made_clip: What the machine made, once the solo's notes have been edited; None before.
    """

    number: int
    solo: Solo
    made_clip: Clip | None = None

    @property
    def is_edited(self) -> bool:
        """Whether its notes are other ones than the machine made."""
        return self.made_clip is not None and self.made_clip != self.solo.clip

    def edited(self, clip: Clip) -> "NumberedSolo":
        """Return the same solo with other notes; what the machine made is kept."""
        made_clip = self.solo.clip if self.made_clip is None else self.made_clip
        return replace(
            self,
            solo=replace(self.solo, clip=clip),
            made_clip=made_clip if made_clip != clip else None,
        )

    @property
    def as_made(self) -> "NumberedSolo":
        """The same solo with the notes the machine made."""
        if self.made_clip is None:
            return self
        return replace(self, solo=replace(self.solo, clip=self.made_clip), made_clip=None)

    @property
    def name(self) -> str:
        """What the user sees."""
        return f"Solo {self.number}"


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a user works on.

    Attributes:
        name: What the user calls it.
        timebase: Tempo and metre of everything in it.
        key: The key to play in; None lets the soloist find it.
        progression_text: The chords as typed; empty for none.
        progression: The same, understood; None for none.
        primer: The phrase to continue, as played; None before there is one.
        primer_take: The performance the phrase was made of, unless it came from elsewhere.
        solos: As they are shown: the newest answer first, and its best take first.
        selected_number: The solo that is drawn and heard after the primer; None for none.
        last_number: The highest number a solo has had, so that none is given twice.
        timing: How far notes are drawn to the grid; the raw notes stay as they are.
        wishes: What the next takes shall be like.
        backing: What accompanies phrase and solo.
        mix: How loud its parts are.
    """

    name: str = "First idea"
    timebase: Timebase = field(default_factory=Timebase)
    key: Key | None = None
    progression_text: str = ""
    progression: Progression | None = None
    primer: Clip | None = None
    primer_take: Take | None = None
    solos: tuple[NumberedSolo, ...] = ()
    selected_number: int | None = None
    last_number: int = 0
    timing: Timing = field(default_factory=Timing)
    wishes: Wishes = field(default_factory=Wishes)
    backing: Backing = field(default_factory=Backing)
    mix: Mix = field(default_factory=Mix)

    @property
    def selected_solo(self) -> NumberedSolo | None:
        """The solo that is drawn and heard after the primer."""
        return self.solo_numbered(self.selected_number)

    def solo_numbered(self, number: int | None) -> NumberedSolo | None:
        """Return the solo of that number, or None."""
        return next((each for each in self.solos if each.number == number), None)

    def with_new_solos(self, solos: tuple[Solo, ...]) -> "Session":
        """Return the session with some answers more, the first of them selected."""
        first = self.last_number + 1
        numbered = tuple(NumberedSolo(first + index, solo) for index, solo in enumerate(solos))
        return replace(
            self,
            solos=numbered + self.solos,
            selected_number=first if numbered else self.selected_number,
            last_number=self.last_number + len(numbered),
        )

    def without_solo(self, number: int) -> "Session":
        """Return the session without one solo; a neighbour is selected if that one was."""
        kept = tuple(each for each in self.solos if each.number != number)
        selected = self.selected_number
        if selected == number:
            place = next(i for i, each in enumerate(self.solos) if each.number == number)
            selected = kept[min(place, len(kept) - 1)].number if kept else None
        return replace(self, solos=kept, selected_number=selected)

    def timed(self, clip: Clip) -> Clip:
        """Return a clip drawn to the grid as `timing` says, as long as the whole bars it fills."""
        return self.timed_with_indices(clip)[0]

    def timed_with_indices(self, clip: Clip) -> tuple[Clip, Sequence[int]]:
        """Return a clip as `timed` does, and for each of its notes the raw one's index."""
        length_ticks = self.timebase.next_bar_line_ticks(clip.length_ticks)
        if not self.timing.strength:
            is_whole = length_ticks == clip.length_ticks
            drawn = clip if is_whole else replace(clip, length_ticks=length_ticks)
            return drawn, range(len(clip.notes))
        pairs = quantized_notes(clip, self._grid, strength=self.timing.strength)
        notes = tuple(note for _, note in pairs)
        return replace(clip, notes=notes, length_ticks=length_ticks), _indices(pairs)

    def timed_solo(self, solo: Solo) -> Clip:
        """Return a solo's clip drawn to the grid, as long as its pickup and whole bars.

        The lines of the grid are counted from the answer's first bar line; no note is drawn to
        before the clip's start.
        """
        return self.timed_solo_with_indices(solo)[0]

    def timed_solo_with_indices(self, solo: Solo) -> tuple[Clip, Sequence[int]]:
        """Return a clip as `timed_solo` does, and for each of its notes the raw one's index."""
        pickup_ticks = solo.pickup_ticks
        if not pickup_ticks:
            return self.timed_with_indices(solo.clip)
        rest_ticks = -pickup_ticks % (2 * self._grid.step_ticks)  # two steps make a swung pair
        drawn = quantized_notes(
            moved_later(solo.clip, rest_ticks), self._grid, strength=self.timing.strength
        )
        pairs = surviving(
            tuple(
                replace(note, onset_ticks=max(0, note.onset_ticks - rest_ticks))
                for _, note in drawn
            )
        )
        notes = tuple(note for _, note in pairs)
        indices = tuple(drawn[each][0] for each, _ in pairs)
        bars_ticks = self.timebase.next_bar_line_ticks(solo.bars_ticks)
        return replace(solo.clip, notes=notes, length_ticks=pickup_ticks + bars_ticks), indices

    @property
    def _grid(self) -> Grid:
        return GRIDS[self.timing.grid_name]


def _indices(pairs: Sequence[tuple[int, Note]]) -> Sequence[int]:
    return tuple(index for index, _ in pairs)
