"""A take: what was played, exactly as it arrived. Never edited; a clip is made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from musicassist.music.clip import Clip, controls_within, without_overlaps
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND, ControlPoint, Note
from musicassist.music.phrase import whole_bars_ticks
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
CONTROL_CHANGE: Final = 0xB0
CHANNEL_PRESSURE_MESSAGE: Final = 0xD0
PITCH_BEND_MESSAGE: Final = 0xE0

EARLY_TICKS: Final = TICKS_PER_BEAT // 8  # nobody hits the beat exactly


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One channel message and the moment it arrived.

    Attributes:
        time_ns: On the monotonic clock of the process that stamped it.
        status: 0x80-0xEF: kind and channel.
        data1: First data byte, 0-127.
        data2: Second data byte, 0-127; 0 for messages with one.
    """

    time_ns: int
    status: int
    data1: int
    data2: int = 0

    @property
    def kind(self) -> int:
        """The message kind: `NOTE_ON`, `CONTROL_CHANGE`, ..."""
        return self.status & 0xF0

    @property
    def channel(self) -> int:
        """MIDI channel 0-15."""
        return self.status & 0x0F

    @property
    def is_note_on(self) -> bool:
        """Whether this starts a note (a note-on with velocity 0 ends one)."""
        return self.kind == NOTE_ON and self.data2 > 0

    @property
    def is_note_off(self) -> bool:
        """Whether this ends a note."""
        return self.kind == NOTE_OFF or (self.kind == NOTE_ON and self.data2 == 0)


@dataclass(frozen=True, slots=True)
class Take:
    """A raw performance.

    Attributes:
        events: As they arrived, in order of time.
        source: Name of the port or control they came from; may be foreign text.
        places_ticks: Where on the time line the player heard each event, one an event; turns of
            a loop are unrolled. Empty when it was played without the transport running.

    Raises:
        ValueError: The events run backwards, or not every one has its place.
    """

    events: tuple[RawEvent, ...] = ()
    source: str = ""
    places_ticks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if any(later.time_ns < earlier.time_ns for earlier, later in pairwise(self.events)):
            raise ValueError("a take runs forward in time")
        if self.places_ticks and len(self.places_ticks) != len(self.events):
            raise ValueError("either every event of a take has its place, or none")

    @property
    def n_notes(self) -> int:
        """How many notes were struck."""
        return sum(event.is_note_on for event in self.events)


def clip_from_take(
    take: Take, timebase: Timebase, *, name: str = "", start_ticks: int | None = None
) -> Clip:
    """Lay a raw performance on the musical time line.

    A note still held when the take ends is ended there, a note struck again while held is ended by
    the new one, and a pedal still down at the end is let up there. The clip is as long as the whole
    bars that hold its notes.

    Args:
        take: What was played.
        timebase: The tempo it is heard in.
        name: Name of the clip.
        start_ticks: What place on the time line becomes tick 0. None: of a take that was played
            to the transport the bar line it begins at, of any other the first note.
    """
    first = next((index for index, each in enumerate(take.events) if each.is_note_on), None)
    if first is None:
        return Clip(name=name)
    if take.places_ticks:
        places_ticks: Sequence[float] = take.places_ticks
        if start_ticks is None:
            start_ticks = _bar_line_before(places_ticks[first], timebase)
    else:
        first_ns = take.events[first].time_ns
        # What came before the first note belongs to its start: the pedal, say.
        seconds = [max(0, event.time_ns - first_ns) / 1e9 for event in take.events]
        places_ticks = [timebase.ticks_at(each) for each in seconds]
    onsets_ticks = [max(0, round(place) - (start_ticks or 0)) for place in places_ticks]

    notes: list[Note] = []
    controls: list[ControlPoint] = []
    held: dict[tuple[int, int], tuple[RawEvent, int]] = {}

    def end_note(struck: RawEvent, onset_ticks: int, end_ticks: int) -> None:
        duration_ticks = max(1, end_ticks - onset_ticks)
        notes.append(Note(onset_ticks, duration_ticks, struck.data1, struck.data2, struck.channel))

    for event, at_ticks in zip(take.events, onsets_ticks, strict=True):
        place = (event.channel, event.data1)
        if event.is_note_on or event.is_note_off:
            if place in held:
                end_note(*held.pop(place), at_ticks)
            if event.is_note_on:
                held[place] = (event, at_ticks)
        elif (point := _control_point(event, at_ticks)) is not None:
            controls.append(point)
    for struck, onset_ticks in held.values():
        end_note(struck, onset_ticks, onsets_ticks[-1])

    played = without_overlaps(notes)
    length_ticks = whole_bars_ticks(played, timebase)
    return Clip(played, length_ticks, controls_within(controls, 0, length_ticks), name)


def _bar_line_before(first_ticks: float, timebase: Timebase) -> int:
    """Return the bar line a phrase begins at; a first note just before a line means the line."""
    return timebase.bar_start_ticks(timebase.bar_at(max(0.0, first_ticks + EARLY_TICKS)))


def _control_point(event: RawEvent, onset_ticks: int) -> ControlPoint | None:
    """Return the controller movement a message is, or None for other messages."""
    if event.kind == CONTROL_CHANGE:
        return ControlPoint(onset_ticks, event.data1, event.data2, event.channel)
    if event.kind == PITCH_BEND_MESSAGE:
        value = event.data1 | event.data2 << 7
        return ControlPoint(onset_ticks, PITCH_BEND, value, event.channel)
    if event.kind == CHANNEL_PRESSURE_MESSAGE:
        return ControlPoint(onset_ticks, CHANNEL_PRESSURE, event.data1, event.channel)
    return None
