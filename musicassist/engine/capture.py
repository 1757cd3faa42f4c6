"""Capture that is always on: it keeps what is played, and knows when a phrase is over."""

from collections import deque
from typing import Final

from musicassist.music.note import BEND_CENTRE, SUSTAIN
from musicassist.music.take import (
    CONTROL_CHANGE,
    NOTE_OFF,
    PITCH_BEND_MESSAGE,
    RawEvent,
    Take,
)

PAD_CHANNEL: Final = 9
REST_NS: Final = 1_200_000_000
LONGEST_PEDAL_REST_NS: Final = 8_000_000_000
KEPT_NS: Final = 3_600_000_000_000
MOST_EVENTS: Final = 500_000

_FIRST_CHANNEL_MODE: Final = 120
_PEDAL_IS_DOWN: Final = 64


class Capture:
    """Gathers what arrives into phrases.

    A phrase begins with a note and is over when nothing has been struck, released or held for
    `REST_NS`; a pressed pedal counts as held, but not for longer than `LONGEST_PEDAL_REST_NS`, or
    a pedal plugged in the wrong way round would keep any phrase from ending. Controllers moved
    before the first note belong to the phrase as they stood then. Pads are no melody.

    At most the last hour and `MOST_EVENTS` events are kept.

    Thread: the main loop.
    """

    def __init__(self) -> None:
        self._phrase: deque[RawEvent] = deque()
        self._phrase_source = ""
        self._waiting_controls: dict[tuple[int, int], RawEvent] = {}
        self._down: dict[tuple[str, int, int], RawEvent] = {}  # of the phrase being played
        self._pedals_down: set[tuple[str, int]] = set()
        self._last_moved_ns = 0
        self._takes: deque[Take] = deque()
        self._n_kept_events = 0

    @property
    def takes(self) -> tuple[Take, ...]:
        """The phrases of the last hour, oldest first."""
        return tuple(self._takes)

    def add(self, event: RawEvent, source: str) -> None:
        """Take in an event.

        Args:
            event: What arrived; events of several ports may be a little out of order.
            source: Name of the port.
        """
        if event.channel == PAD_CHANNEL or _is_channel_mode(event):
            return
        place = (source, event.channel, event.data1)
        if event.is_note_on:
            if not self._phrase:
                self._begin(event, source)
            self._down[place] = event
            self._append(event)
        elif event.is_note_off:
            if self._down.pop(place, None) is not None:
                self._append(event)
        else:
            self._add_control(event, source)

    def check(self, now_ns: int) -> Take | None:
        """Return the phrase that has just come to rest, once, or None."""
        if not self._phrase or self._down:
            return None
        rest_ns = LONGEST_PEDAL_REST_NS if self._pedals_down else REST_NS
        if now_ns - self._last_moved_ns < rest_ns:
            return None
        return self._finish(tuple(self._phrase), now_ns)

    def grab(self, now_ns: int) -> Take | None:
        """Return what is being played, held notes ended now, or else the last phrase, or None."""
        if not self._phrase:
            return self._takes[-1] if self._takes else None
        now_ns = max(now_ns, self._phrase[-1].time_ns)
        ends = tuple(
            RawEvent(now_ns, NOTE_OFF | event.channel, event.data1, 64)
            for event in self._down.values()
        )
        # The keys still down belong to the phrase that was grabbed: their ends are no new music.
        self._down.clear()
        return self._finish((*self._phrase, *ends), now_ns)

    def forget_held(self) -> None:
        """Regard every key and pedal as released."""
        self._down.clear()
        self._pedals_down.clear()

    def _begin(self, event: RawEvent, source: str) -> None:
        self._phrase_source = source
        controls = sorted(self._waiting_controls.values(), key=_time_ns)
        self._phrase.extend(
            each for each in controls if each.time_ns <= event.time_ns and not _is_at_rest(each)
        )

    def _add_control(self, event: RawEvent, source: str) -> None:
        is_pedal = event.kind == CONTROL_CHANGE and event.data1 == SUSTAIN
        if is_pedal and event.data2 >= _PEDAL_IS_DOWN:
            self._pedals_down.add((source, event.channel))
        elif is_pedal:
            self._pedals_down.discard((source, event.channel))
        number = event.data1 if event.kind == CONTROL_CHANGE else -1
        self._waiting_controls[event.status, number] = event
        if self._phrase:
            self._append(event, is_movement=is_pedal)

    def _append(self, event: RawEvent, is_movement: bool = True) -> None:
        if self._phrase and event.time_ns < self._phrase[-1].time_ns:
            # Two ports' threads may hand over in the other order; a take runs forward in time.
            event = RawEvent(self._phrase[-1].time_ns, event.status, event.data1, event.data2)
        self._phrase.append(event)
        if is_movement:
            self._last_moved_ns = event.time_ns
        while len(self._phrase) > MOST_EVENTS or event.time_ns - self._phrase[0].time_ns > KEPT_NS:
            self._phrase.popleft()

    def _finish(self, events: tuple[RawEvent, ...], now_ns: int) -> Take:
        take = Take(events, self._phrase_source)
        self._phrase.clear()
        self._takes.append(take)
        self._n_kept_events += len(events)
        while len(self._takes) > 1 and (
            self._n_kept_events > MOST_EVENTS
            or now_ns - self._takes[0].events[-1].time_ns > KEPT_NS
        ):
            self._n_kept_events -= len(self._takes.popleft().events)
        return take


def _is_channel_mode(event: RawEvent) -> bool:
    return event.kind == CONTROL_CHANGE and event.data1 >= _FIRST_CHANNEL_MODE


def _is_at_rest(control: RawEvent) -> bool:
    if control.kind == PITCH_BEND_MESSAGE:
        return control.data1 | control.data2 << 7 == BEND_CENTRE
    return (control.data2 if control.kind == CONTROL_CHANGE else control.data1) == 0


def _time_ns(event: RawEvent) -> int:
    return event.time_ns
