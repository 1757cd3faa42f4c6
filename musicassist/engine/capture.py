"""Capture that is always on: it keeps what is played, and knows when a phrase is over."""

from collections import deque
from typing import Final

from musicassist.engine.phrases import Played, cut, last_phrase_index, release, take_of
from musicassist.engine.resting import ControlKey, control_key, is_at_rest
from musicassist.music.clip import PEDAL_DOWN
from musicassist.music.note import SUSTAIN
from musicassist.music.take import CONTROL_CHANGE, RawEvent, Take

PAD_CHANNEL: Final = 9
REST_NS: Final = 1_200_000_000
LONGEST_PEDAL_REST_NS: Final = 8_000_000_000
KEPT_NS: Final = 3_600_000_000_000
MOST_EVENTS: Final = 500_000

_FIRST_CHANNEL_MODE: Final = 120
_PROGRAM_CHANGE: Final = 0xC0


class Capture:
    """Gathers what arrives into phrases.

    A phrase begins with a note and is over when nothing has been struck, released or held for
    `REST_NS`; a pressed pedal counts as held, but not for longer than `LONGEST_PEDAL_REST_NS`, or
    a pedal plugged in the wrong way round would keep any phrase from ending. Someone who plays on
    and on without such a rest does not want all of it: `phrases.last_phrase_index` says where the
    last phrase begins, and what came before is a phrase of its own. Controllers moved before the
    first note belong to the phrase as they stood then. Pads are no melody.

    Of a phrase that never ends the last hour and `MOST_EVENTS` events are kept here; of phrases
    handed out only the last one, since the session file keeps them all.

    Thread: the main loop.
    """

    def __init__(self) -> None:
        self._phrase: deque[Played] = deque()
        self._waiting_controls: dict[ControlKey, Played] = {}
        self._down: dict[tuple[str, int, int], RawEvent] = {}  # of the phrase being played
        self._pedals_down: set[tuple[str, int]] = set()
        self._last_moved_ns = 0
        self._last: Take | None = None

    @property
    def is_gathering(self) -> bool:
        """Whether a phrase has begun and is not over."""
        return bool(self._phrase)

    def add(self, event: RawEvent, source: str, place_ticks: float | None = None) -> None:
        """Take in an event.

        Args:
            event: What arrived; events of several ports may be a little out of order.
            source: Name of the port.
            place_ticks: Where the player heard it on the time line, turns of a loop unrolled;
                None while the transport stands.
        """
        if event.channel == PAD_CHANNEL or _is_no_music(event):
            return
        played = Played(event, source, place_ticks)
        if event.is_note_on:
            if not self._phrase:
                self._begin(event)
            self._down[played.key] = event
            self._append(played)
        elif event.is_note_off:
            if self._down.pop(played.key, None) is not None:
                self._append(played)
        else:
            self._add_control(played)

    def check(self, now_ns: int) -> tuple[Take, ...]:
        """Return the phrase that has just come to rest, once, the last one last; none mostly."""
        if not self._phrase or self._down:
            return ()
        rest_ns = LONGEST_PEDAL_REST_NS if self._pedals_down else REST_NS
        if now_ns - self._last_moved_ns < rest_ns:
            return ()
        return self._finish(list(self._phrase))

    def grab(self, now_ns: int, place_ticks: float | None = None) -> tuple[Take, ...]:
        """Return what is being played, held notes ended now, or else the last phrase again.

        Args:
            now_ns: The moment of grabbing.
            place_ticks: What is heard then, as in `add`.

        Returns:
            What was grabbed stands last; a phrase before it has not been handed out before. Nothing
            when nothing has been played.
        """
        if not self._phrase:
            return () if self._last is None else (self._last,)
        now_ns = max(now_ns, self._phrase[-1].event.time_ns)
        ends = [
            Played(release(event, now_ns), source, place_ticks)
            for (source, *_), event in self._down.items()
        ]
        # The keys still down belong to the phrase that was grabbed: their ends are no new music.
        self._down.clear()
        return self._finish([*self._phrase, *ends])

    def forget_held(self) -> None:
        """Regard every key and pedal as released."""
        self._down.clear()
        self._pedals_down.clear()

    def _begin(self, event: RawEvent) -> None:
        controls = sorted(self._waiting_controls.values(), key=lambda each: each.event.time_ns)
        self._phrase.extend(
            each
            for each in controls
            if each.event.time_ns <= event.time_ns and not is_at_rest(each.event)
        )

    def _add_control(self, played: Played) -> None:
        event = played.event
        is_pedal = event.kind == CONTROL_CHANGE and event.data1 == SUSTAIN
        if is_pedal and event.data2 >= PEDAL_DOWN:
            self._pedals_down.add((played.source, event.channel))
        elif is_pedal:
            self._pedals_down.discard((played.source, event.channel))
        self._waiting_controls[control_key(event.status, event.data1)] = played
        if self._phrase:
            self._append(played, is_movement=is_pedal)

    def _append(self, played: Played, is_movement: bool = True) -> None:
        event = played.event
        if self._phrase and event.time_ns < self._phrase[-1].event.time_ns:
            # Two ports' threads may hand over in the other order; a take runs forward in time.
            last_ns = self._phrase[-1].event.time_ns
            event = RawEvent(last_ns, event.status, event.data1, event.data2)
            played = played._replace(event=event)
        self._phrase.append(played)
        if is_movement:
            self._last_moved_ns = event.time_ns
        while (
            len(self._phrase) > MOST_EVENTS
            or event.time_ns - self._phrase[0].event.time_ns > KEPT_NS
        ):
            self._phrase.popleft()

    def _finish(self, played: list[Played]) -> tuple[Take, ...]:
        self._phrase.clear()
        index = last_phrase_index(played)
        parts = cut(played, index) if index else (played,)
        takes = tuple(take_of(part, _source_of(part)) for part in parts)
        self._last = takes[-1]
        return takes


def _source_of(played: list[Played]) -> str:
    """Return the port that struck the first note."""
    return next((each.source for each in played if each.event.is_note_on), played[0].source)


def _is_no_music(event: RawEvent) -> bool:
    is_mode = event.kind == CONTROL_CHANGE and event.data1 >= _FIRST_CHANNEL_MODE
    return is_mode or event.kind == _PROGRAM_CHANGE
