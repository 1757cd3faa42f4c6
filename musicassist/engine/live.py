"""What people play, on its way into the synth: several keyboards share one sound."""

from musicassist.audio.synth import Synth, send_message
from musicassist.music.clip import PEDAL_DOWN
from musicassist.music.note import SUSTAIN
from musicassist.music.take import CONTROL_CHANGE, RawEvent

LIVE_LANE = 1


class LiveLane:
    """Plays the live lane of a synth.

    A key or a pedal held on two keyboards is let go when the last of them lets go.

    Args:
        synth: What makes the sound.

    Thread: the audio callback.
    Realtime: yes.
    """

    def __init__(self, synth: Synth) -> None:
        self._synth = synth
        self._holders: dict[tuple[int, int], set[str]] = {}

    def play(self, source: str, event: RawEvent) -> None:
        """Sound what a keyboard sent.

        Args:
            source: Name of its port.
            event: On the channel it is to be heard on.
        """
        if event.kind == CONTROL_CHANGE and event.data1 == SUSTAIN:
            key, is_held = (event.channel, -1), event.data2 >= PEDAL_DOWN
        elif event.is_note_on or event.is_note_off:
            key, is_held = (event.channel, event.data1), event.is_note_on
        else:
            self._send(event)
            return
        holders = self._holders.setdefault(key, set())
        if is_held:
            holders.add(source)
        else:
            holders.discard(source)
        if is_held or not holders:
            self._send(event)

    def forget(self) -> None:
        """Regard everything as let go."""
        self._holders.clear()

    def _send(self, event: RawEvent) -> None:
        send_message(self._synth, LIVE_LANE, event.status, event.data1, event.data2)
