"""What every port holds down, so that it can be let go when the port will never say so itself."""

from collections.abc import Iterator

from musicassist.engine.resting import AT_REST, NO_CONTROLLER, RELEASE_VELOCITY
from musicassist.music.take import CONTROL_CHANGE, NOTE_OFF, RawEvent


class HeldControls:
    """Keeps which keys, pads, pedals and wheels of every port are not at rest.

    `Capture` cannot tell: it forgets the keys of a phrase that was grabbed, and knows no pads.

    Thread: the main loop.
    """

    def __init__(self) -> None:
        self._keys: dict[tuple[str, int, int], None] = {}
        self._controls: dict[tuple[str, int, int, int], None] = {}

    def add(self, event: RawEvent, source: str) -> None:
        """Take note of an event of a port."""
        if event.is_note_on:
            self._keys[source, event.channel, event.data1] = None
        elif event.is_note_off:
            self._keys.pop((source, event.channel, event.data1), None)
        else:
            controller = event.data1 if event.kind == CONTROL_CHANGE else NO_CONTROLLER
            rest = AT_REST.get((event.kind, controller))
            place = (source, event.channel, event.kind, controller)
            if rest is not None and (event.data1, event.data2) != rest:
                self._controls[place] = None
            else:
                self._controls.pop(place, None)

    def releases(self, source: str, now_ns: int) -> tuple[RawEvent, ...]:
        """Return the events that let go of everything a port holds."""
        return tuple(self._releases(source, now_ns))

    def _releases(self, source: str, now_ns: int) -> Iterator[RawEvent]:
        for port, channel, pitch in self._keys:
            if port == source:
                yield RawEvent(now_ns, NOTE_OFF | channel, pitch, RELEASE_VELOCITY)
        for port, channel, kind, controller in self._controls:
            if port == source:
                yield RawEvent(now_ns, kind | channel, *AT_REST[kind, controller])

    def forget(self) -> tuple[tuple[str, int], ...]:
        """Regard everything as released; return port and pitch of every key that was down."""
        keys = tuple((source, pitch) for source, _, pitch in self._keys)
        self._keys.clear()
        self._controls.clear()
        return keys
