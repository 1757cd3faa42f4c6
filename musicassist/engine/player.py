"""Playback of one clip: which messages fall into the next block, and at which frame of it."""

from bisect import bisect_left

from musicassist.audio.schedule import Schedule, TimedMessage
from musicassist.music.note import SUSTAIN
from musicassist.music.take import (
    CHANNEL_PRESSURE_MESSAGE,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PITCH_BEND_MESSAGE,
)

_CONTROL_KINDS = (CONTROL_CHANGE, CHANNEL_PRESSURE_MESSAGE, PITCH_BEND_MESSAGE)


class Player:
    """Plays a schedule from a frame on, once or in a loop.

    Positions are whole frames counted from the clip's start, so that playback is exact to the
    frame and nothing drifts. Whatever the player has struck or moved, it ends or puts back: at
    the end, at every turn of the loop, and when stopped.

    Args:
        schedule: What to play.
        start_frame: Where to begin. Controllers are set as they would stand there; notes that
            began earlier are left out.
        is_looping: Whether to go on at 0 when the end is reached; an empty clip never loops.

    Attributes:
        frame: The next frame to be played.
        is_playing: Whether there is more to come.

    Thread: made by the main loop, then used by the audio callback alone.
    Realtime: yes.
    """

    def __init__(self, schedule: Schedule, start_frame: int = 0, is_looping: bool = False) -> None:
        self._schedule = schedule
        self._is_looping = is_looping and schedule.length_frames > 0
        self._start_frame = min(max(0, start_frame), schedule.length_frames)
        self._has_turned = False
        self.frame = self._start_frame
        self.is_playing = True
        self._next = bisect_left(schedule.messages, self.frame, key=_frame)
        self._sounding: set[tuple[int, int]] = set()
        self._moved: set[tuple[int, int]] = set()
        self._chased = _controls_before(schedule, self._next)

    def advance(self, n_frames: int) -> list[TimedMessage]:
        """Return the messages of the next block, their frames counted from its start."""
        played: list[TimedMessage] = []
        if not self.is_playing:
            return played
        self._follow(self._chased, 0, played)
        self._chased = []
        filled = 0
        while True:
            length = self._schedule.length_frames
            step = min(n_frames - filled, length - self.frame)
            end = self.frame + step
            # What stands on the clip's last line belongs to the end, not to the next block.
            upper = end + 1 if end == length else end
            last = bisect_left(self._schedule.messages, upper, lo=self._next, key=_frame)
            self._follow(self._schedule.messages[self._next : last], filled - self.frame, played)
            self._next, self.frame = last, end
            filled += step
            if self.frame < length:
                return played
            played += self._silence(filled)
            if not self._is_looping:
                self.is_playing = False
                return played
            self.frame = self._next = 0
            self._has_turned = True
            if filled == n_frames:
                return played

    def stop(self) -> list[TimedMessage]:
        """End playback; return what ends every note and frees every control, at frame 0."""
        self.is_playing = False
        return self._silence(0)

    def heard_frame(self, frame: int, n_elapsed_frames: float) -> float:
        """Return where the playhead stands some frames after (or, if negative, before) a frame."""
        place = frame + n_elapsed_frames
        length = self._schedule.length_frames
        if not self._has_turned:
            place = max(place, self._start_frame)
        return place % length if self._is_looping else min(max(0.0, place), length)

    def _follow(
        self,
        messages: list[TimedMessage] | tuple[TimedMessage, ...],
        shift: int,
        played: list[TimedMessage],
    ) -> None:
        for message in messages:
            kind, channel = message.status & 0xF0, message.status & 0x0F
            if kind == NOTE_ON:
                self._sounding.add((channel, message.data1))
            elif kind == NOTE_OFF:
                self._sounding.discard((channel, message.data1))
            else:
                self._moved.add((message.status, _controller(message)))
            played.append(message._replace(frame=message.frame + shift))

    def _silence(self, frame: int) -> list[TimedMessage]:
        ends = [
            TimedMessage(frame, NOTE_OFF | channel, pitch, 64)
            for channel, pitch in sorted(self._sounding)
        ]
        for status, controller in sorted(self._moved):
            if status & 0xF0 == PITCH_BEND_MESSAGE:
                ends.append(TimedMessage(frame, status, 0, 64))
            elif status & 0xF0 == CHANNEL_PRESSURE_MESSAGE:
                ends.append(TimedMessage(frame, status, 0, 0))
            elif controller in (1, SUSTAIN):
                ends.append(TimedMessage(frame, status, controller, 0))
        self._sounding.clear()
        self._moved.clear()
        return ends


def _frame(message: TimedMessage) -> int:
    return message.frame


def _controller(message: TimedMessage) -> int:
    return message.data1 if message.status & 0xF0 == CONTROL_CHANGE else -1


def _controls_before(schedule: Schedule, index: int) -> list[TimedMessage]:
    """Return the last movement of every controller before a place, as if at frame 0."""
    last: dict[tuple[int, int], TimedMessage] = {}
    for message in schedule.messages[:index]:
        if message.status & 0xF0 in _CONTROL_KINDS:
            last[message.status, _controller(message)] = message._replace(frame=0)
    return list(last.values())
