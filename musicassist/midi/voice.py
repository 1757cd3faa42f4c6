"""What the keys of a port become: velocity curve, octave and transposition."""

from typing import Final

from musicassist.midi.controllers import Part, Translated
from musicassist.music.playing import InputSettings
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent

_POLY_PRESSURE_MESSAGE: Final = 0xA0
_RELEASE_VELOCITY: Final = 64

_Key = tuple[int, int]  # channel, pitch


class PortVoice:
    """Plays the keys of one port as its settings say.

    Remembers what every held key became, so that a key let go ends what it began, whatever the
    settings are by then. Pads keep their notes. A key that was not seen going down ends nothing,
    and a pitch that two keys hold sounds until the second is let go.

    Args:
        settings: Of the port; may be set at any time, and hold for keys struck from then on.

    Thread: one thread at a time: the one the port's events arrive on.
    Realtime: no locks, no waiting.
    """

    def __init__(self, settings: InputSettings) -> None:
        self._became: dict[_Key, int] = {}
        self._n_holding: dict[_Key, int] = {}
        self.settings = settings

    @property
    def settings(self) -> InputSettings:
        """How the port is played."""
        return self._settings

    @settings.setter
    def settings(self, settings: InputSettings) -> None:
        curve = settings.velocity_curve
        velocities = (0, *(curve.apply(struck) for struck in range(1, 128)))
        self._settings, self._shift_and_curve = settings, (settings.shift, velocities)

    def play(self, translated: Translated) -> tuple[RawEvent, ...]:
        """Return what is heard of an event: none, one, or an end and a new beginning.

        Controls of ours and what is not for us are not heard.
        """
        event = translated.event
        if translated.part is Part.PAD:
            return (self._struck(event, event.data1),)
        if translated.part is Part.KEY:
            return self._play_key(event)
        if translated.part is not Part.PERFORMANCE:
            return ()
        if event.kind == _POLY_PRESSURE_MESSAGE:
            pitch = self._became.get((event.channel, event.data1))
            return () if pitch is None else (self._struck(event, pitch),)
        return (event,)

    def forget_held(self) -> None:
        """Regard every key as let go."""
        self._became.clear()
        self._n_holding.clear()

    def _play_key(self, event: RawEvent) -> tuple[RawEvent, ...]:
        ends = self._let_go(event)
        if not event.is_note_on:
            return ends
        pitch = event.data1 + self._shift_and_curve[0]
        if not 0 <= pitch <= 127:
            return ends
        self._became[event.channel, event.data1] = pitch
        place = (event.channel, pitch)
        self._n_holding[place] = self._n_holding.get(place, 0) + 1
        return (*ends, self._struck(event, pitch))

    def _let_go(self, event: RawEvent) -> tuple[RawEvent, ...]:
        """Return the end of what a key began, if nothing else holds it."""
        pitch = self._became.pop((event.channel, event.data1), None)
        if pitch is None:
            return ()
        place = (event.channel, pitch)
        n_left = self._n_holding.pop(place, 1) - 1
        if n_left:
            self._n_holding[place] = n_left
            return ()
        if event.is_note_off:
            return (RawEvent(event.time_ns, event.status, pitch, event.data2),)
        return (RawEvent(event.time_ns, NOTE_OFF | event.channel, pitch, _RELEASE_VELOCITY),)

    def _struck(self, event: RawEvent, pitch: int) -> RawEvent:
        velocity = event.data2
        if event.kind == NOTE_ON:
            velocity = self._shift_and_curve[1][velocity]
        return RawEvent(event.time_ns, event.status, pitch, velocity)
