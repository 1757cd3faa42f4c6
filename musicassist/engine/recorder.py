"""Recording to the transport: what is played becomes takes, one a pass."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from musicassist.engine.playhead import HeardPlace
from musicassist.engine.protocol import TakeRecorded
from musicassist.engine.resting import RELEASE_VELOCITY, ControlKey, control_key, is_at_rest
from musicassist.music.take import EARLY_TICKS, NOTE_OFF, RawEvent, Take
from musicassist.music.timebase import TICKS_PER_BEAT

EARLY_START_TICKS: Final = TICKS_PER_BEAT // 4  # after a count-in people come in early
RECENT_TICKS: Final = 4 * TICKS_PER_BEAT

_Key = tuple[str, int, int]


class _Placed(NamedTuple):
    event: RawEvent
    source: str
    place: HeardPlace

    @property
    def key(self) -> _Key:
        return self.source, self.event.channel, self.event.data1


@dataclass(slots=True)
class _Pass:
    """What has been recorded since the recording began or the loop last turned.

    Attributes:
        start_ticks: Where it began.
        n_turns: How often the loop had turned by then.
        player_number: Of the first player it is played to.
        number: Of the recording, from 0.
        opening: How controls stood that were not at rest when it began.
        start_ns: When it began; None when that is the first event's moment.
        notes_from_ticks: A note struck earlier is none of it.
        events: What was played, with its places.
        down: The keys struck in it and still down.
    """

    start_ticks: float
    n_turns: int
    player_number: int
    number: int
    opening: dict[ControlKey, RawEvent]
    start_ns: int | None = None
    notes_from_ticks: float = 0.0
    events: list[tuple[RawEvent, float]] = field(default_factory=list)
    down: dict[_Key, tuple[RawEvent, float]] = field(default_factory=dict)
    source: str = ""


class Recorder:
    """Gathers what is played to the transport into passes.

    A pass begins where recording begins and at every turn of the loop, and ends at the turn or
    where recording ends. A note held over the end is ended there. What people play a little early
    is not lost: at the start of a recording that is up to a sixteenth, and while punching in or
    at a turn a note struck up to `EARLY_TICKS` before and held over it; such a note stands just
    before the start of its pass. Pedals and wheels that are not at rest when a pass begins are
    the first events of it.

    Thread: the main loop.
    """

    def __init__(self) -> None:
        self._pass: _Pass | None = None
        self._ahead: list[_Placed] = []  # played after a turn that has not been told yet
        self._recent: deque[_Placed] = deque()
        self._controls: dict[ControlKey, RawEvent] = {}

    @property
    def is_on(self) -> bool:
        """Whether what is played is recorded."""
        return self._pass is not None

    @property
    def player_number(self) -> int:
        """Of the first player that is recorded to; -1 when recording is off."""
        return -1 if self._pass is None else self._pass.player_number

    def start(self, start_ticks: float, player_number: int) -> None:
        """Record from a place on that a player has still to reach."""
        self._ahead.clear()
        self._recent.clear()
        self._pass = _Pass(start_ticks, 0, player_number, 0, dict(self._controls))
        self._pass.notes_from_ticks = start_ticks - EARLY_START_TICKS

    def punch_in(self, place: HeardPlace, now_ns: int) -> None:
        """Record from the place on that is heard now."""
        self._ahead.clear()
        number = place.player.number
        self._pass = _Pass(place.ticks, place.n_turns, number, 0, dict(self._controls), now_ns)
        self._pass.notes_from_ticks = place.ticks - EARLY_TICKS
        held: dict[_Key, _Placed] = {}
        for each in self._recent:
            held.pop(each.key, None)
            if each.event.is_note_on:
                held[each.key] = each
        for each in held.values():
            early_ticks = place.unrolled_ticks - each.place.unrolled_ticks
            if early_ticks <= EARLY_TICKS:
                self._keep(self._pass, each.event, each.source, place.ticks - early_ticks)

    def add(self, event: RawEvent, source: str, place: HeardPlace | None) -> None:
        """Take in an event.

        Args:
            event: What sounds of what was played.
            source: Name of the port.
            place: Where it was heard; None when the transport stood.
        """
        is_note = event.is_note_on or event.is_note_off
        if place is not None:
            placed = _Placed(event, source, place)
            self._remember(placed)
            if self._pass is not None:
                self._record(self._pass, placed, is_note)
        elif self._pass is not None and not is_note:
            _stand(self._pass.opening, event)
        if not is_note:
            _stand(self._controls, event)

    def turn(self, end_ticks: float, start_ticks: float, at_ns: int) -> TakeRecorded | None:
        """End a pass where the loop turns and begin the next; return the one ended if any.

        Call it when all that was played before the turn has been added.
        """
        ended = self._pass
        if ended is None:
            return None
        n_turns, number = ended.n_turns + 1, ended.player_number
        begun = _Pass(start_ticks, n_turns, number, ended.number + 1, dict(self._controls), at_ns)
        begun.notes_from_ticks = start_ticks - EARLY_TICKS
        for key, (event, ticks) in list(ended.down.items()):
            if end_ticks - ticks <= EARLY_TICKS:
                ended.events.remove((event, ticks))
                del ended.down[key]
                self._keep(begun, event, key[0], start_ticks - (end_ticks - ticks))
        recorded = _finished(ended, end_ticks, at_ns)
        self._pass, ahead, self._ahead = begun, self._ahead, []
        for placed in ahead:
            is_note = placed.event.is_note_on or placed.event.is_note_off
            self._record(begun, placed, is_note)
        return recorded

    def stop(self, end_ticks: float, at_ns: int) -> TakeRecorded | None:
        """End recording; return the last pass if anything was played in it."""
        ended, self._pass = self._pass, None
        self._ahead.clear()
        return None if ended is None else _finished(ended, end_ticks, at_ns)

    def forget_held(self) -> None:
        """Regard every pedal and wheel as at rest."""
        self._controls.clear()

    def _record(self, recorded: _Pass, placed: _Placed, is_note: bool) -> None:
        event, source, place = placed
        if place.player.number < recorded.player_number:
            return  # played to what was heard before
        if place.n_turns > recorded.n_turns:
            self._ahead.append(placed)
        elif place.n_turns == recorded.n_turns and place.ticks >= recorded.notes_from_ticks:
            self._keep(recorded, event, source, place.ticks)
        elif not is_note:
            _stand(recorded.opening, event)

    def _keep(self, recorded: _Pass, event: RawEvent, source: str, ticks: float) -> None:
        key = (source, event.channel, event.data1)
        if event.is_note_on:
            recorded.source = recorded.source or source
            recorded.down[key] = (event, ticks)
        elif event.is_note_off and recorded.down.pop(key, None) is None:
            return  # of a note that is not in this pass
        recorded.events.append((event, ticks))

    def _remember(self, placed: _Placed) -> None:
        self._recent.append(placed)
        newest_ticks = placed.place.unrolled_ticks
        while abs(newest_ticks - self._recent[0].place.unrolled_ticks) > RECENT_TICKS:
            self._recent.popleft()


def _stand(controls: dict[ControlKey, RawEvent], event: RawEvent) -> None:
    """Take note of how a control stands that was moved."""
    key = control_key(event.status, event.data1)
    if is_at_rest(event):
        controls.pop(key, None)
    else:
        controls[key] = event


def _finished(ended: _Pass, end_ticks: float, end_ns: int) -> TakeRecorded | None:
    """Return a pass as a take, every note of it ended; None when no note was struck in it."""
    if not any(event.is_note_on for event, _ in ended.events):
        return None
    first_ns = min(event.time_ns for event, _ in ended.events)
    start_ns = first_ns if ended.start_ns is None else ended.start_ns
    opening = [
        (RawEvent(start_ns, event.status, event.data1, event.data2), ended.start_ticks)
        for event in ended.opening.values()
    ]
    end_ns = max(end_ns, *(event.time_ns for event, _ in ended.events))
    ends = [
        (RawEvent(end_ns, NOTE_OFF | event.channel, event.data1, RELEASE_VELOCITY), end_ticks)
        for event, _ in ended.down.values()
    ]
    played = sorted([*opening, *ended.events, *ends], key=lambda each: each[0].time_ns)
    take = Take(
        tuple(event for event, _ in played), ended.source, tuple(ticks for _, ticks in played)
    )
    return TakeRecorded(take, ended.number, ended.start_ticks, end_ticks)
