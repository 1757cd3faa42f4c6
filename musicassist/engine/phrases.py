"""Where a phrase begins in a long stretch of playing, and where its events lie in the music."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from musicassist.engine.resting import RELEASE_VELOCITY, control_key, is_at_rest
from musicassist.music.take import NOTE_OFF, RawEvent, Take

LONGEST_PHRASE_NS: Final = 60_000_000_000
SHORTEST_CUT_NS: Final = 8_000_000_000

_USUAL_TICKS_A_NS: Final = 960e-9  # at 120 bpm


class Played(NamedTuple):
    """Something that was played.

    Attributes:
        event: What.
        source: Name of the port it came from.
        place_ticks: Where the player heard it on the time line, turns of a loop unrolled; None
            while the transport stood.
    """

    event: RawEvent
    source: str
    place_ticks: float | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """Which key of which port, if it is a note."""
        return self.source, self.event.channel, self.event.data1


def last_phrase_index(played: Sequence[Played]) -> int:
    """Return the index at which the last phrase begins: 0, or a note that was struck after a rest.

    What is no longer than `LONGEST_PHRASE_NS` is one phrase. Of something longer the last phrase
    begins after the longest rest among those that leave it between `SHORTEST_CUT_NS` and
    `LONGEST_PHRASE_NS` long. A rest is a time in which no key is down; where there is none, the
    note that is struck longest after the one before begins the phrase.
    """
    end_ns = played[-1].event.time_ns
    strikes = [index for index, each in enumerate(played) if each.event.is_note_on]
    if not strikes or end_ns - played[strikes[0]].event.time_ns <= LONGEST_PHRASE_NS:
        return 0
    best, best_rest_ns = 0, (-1, -1)
    down: set[tuple[str, int, int]] = set()
    released_ns = struck_ns = played[strikes[0]].event.time_ns
    for index, each in enumerate(played):
        now_ns = each.event.time_ns
        if each.event.is_note_off:
            down.discard(each.key)
            released_ns = now_ns
        elif each.event.is_note_on:
            rest_ns = (0 if down else now_ns - released_ns, now_ns - struck_ns)
            is_near = SHORTEST_CUT_NS <= end_ns - now_ns <= LONGEST_PHRASE_NS
            if is_near and index > strikes[0] and rest_ns > best_rest_ns:
                best, best_rest_ns = index, rest_ns
            down.add(each.key)
            struck_ns = now_ns
    return best


def cut(played: Sequence[Played], index: int) -> tuple[list[Played], list[Played]]:
    """Cut a stretch of playing in two before a note.

    Keys held over the cut are ended there, and controls that stand off their rest there begin the
    second part.
    """
    before, after = list(played[:index]), list(played[index:])
    down: dict[tuple[str, int, int], Played] = {}
    controls: dict[tuple[str, int, int], Played] = {}
    for each in before:
        if each.event.is_note_on:
            down[each.key] = each
        elif each.event.is_note_off:
            down.pop(each.key, None)
        else:
            place = (each.source, *control_key(each.event.status, each.event.data1))
            controls.pop(place, None)
            if not is_at_rest(each.event):
                controls[place] = each
    at = after[0]
    before += [at._replace(event=release(held.event, at.event.time_ns)) for held in down.values()]
    kept: list[Played] = []
    for each in after:
        if each.event.is_note_off and down.pop(each.key, None) is not None:
            continue
        if each.event.is_note_on:
            down.pop(each.key, None)
        kept.append(each)
    return before, [*sorted(controls.values(), key=_time_ns), *kept]


def release(struck: RawEvent, time_ns: int) -> RawEvent:
    """Return the event that ends a note."""
    return RawEvent(time_ns, NOTE_OFF | struck.channel, struck.data1, RELEASE_VELOCITY)


def take_of(played: Sequence[Played], source: str) -> Take:
    """Return what was played as a take, with places if all of it was played to the transport."""
    return Take(tuple(each.event for each in played), source, _places_ticks(played))


def _places_ticks(played: Sequence[Played]) -> tuple[float, ...]:
    """Return the place of every event; none when a note has none or the music jumped back.

    A key released after the transport has stopped is placed as if it had run on.
    """
    notes_ticks = [each.place_ticks for each in played if each.event.is_note_on]
    known_ticks = [place for place in notes_ticks if place is not None]
    if not known_ticks or len(known_ticks) < len(notes_ticks):
        return ()
    if any(later < earlier for earlier, later in pairwise(known_ticks)):
        return ()
    placed = [each for each in played if each.place_ticks is not None]
    elapsed_ns = placed[-1].event.time_ns - placed[0].event.time_ns
    moved_ticks = (placed[-1].place_ticks or 0.0) - (placed[0].place_ticks or 0.0)
    ticks_a_ns = moved_ticks / elapsed_ns if elapsed_ns and moved_ticks else _USUAL_TICKS_A_NS
    places_ticks: list[float] = []
    last_ticks, last_ns = known_ticks[0], 0
    for each in played:
        if each.place_ticks is not None:
            last_ticks, last_ns = each.place_ticks, each.event.time_ns
            places_ticks.append(last_ticks)
        elif last_ns:
            places_ticks.append(last_ticks + (each.event.time_ns - last_ns) * ticks_a_ns)
        else:
            places_ticks.append(last_ticks)
    return tuple(places_ticks)


def _time_ns(played: Played) -> int:
    return played.event.time_ns
