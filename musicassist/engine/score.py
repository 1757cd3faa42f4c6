"""A clip ready to be played: its messages on frames, and what can be asked of any place in it."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from musicassist.audio.schedule import FrameLine, TimedMessage, schedule_clip
from musicassist.engine.resting import ControlKey, control_key
from musicassist.engine.transport import ClickTrack
from musicassist.music.clip import Clip
from musicassist.music.take import NOTE_OFF, NOTE_ON
from musicassist.music.timebase import Timebase


class _Times(NamedTuple):
    """The strikes and ends of one key, or the movements of one control, by frame."""

    frames: list[int]
    messages: list[TimedMessage]


class Score:
    """What is played, laid out so that the audio callback only ever searches.

    Args:
        clip: The music.
        timebase: Its tempo and metre.
        sample_rate_hz: Frames a second.

    Attributes:
        timebase: As given.
        line: The tempo map on frames.
        clicks: Where the metronome clicks.
        messages: Everything to be played, in order.
        length_frames: Length of the clip.
        length_ticks: The same on the time line.

    Thread: made by the main loop; never changes.
    Realtime: yes, once made.
    """

    def __init__(self, clip: Clip, timebase: Timebase, sample_rate_hz: int) -> None:
        schedule = schedule_clip(clip, timebase, sample_rate_hz)
        self.timebase = timebase
        self.line = FrameLine(timebase, sample_rate_hz)
        self.clicks = ClickTrack(timebase, self.line, sample_rate_hz)
        self.messages = schedule.messages
        self.length_frames = schedule.length_frames
        self.length_ticks = clip.length_ticks
        self._frames = [message.frame for message in schedule.messages]
        self._keys: dict[tuple[int, int], _Times] = {}
        self._controls: dict[ControlKey, _Times] = {}
        for message in schedule.messages:
            if message.status & 0xF0 in (NOTE_ON, NOTE_OFF):
                place = (message.status & 0x0F, message.data1)
                times = self._keys.setdefault(place, _Times([], []))
            else:
                times = self._controls.setdefault(
                    control_key(message.status, message.data1), _Times([], [])
                )
            times.frames.append(message.frame)
            times.messages.append(message)

    def index_at(self, frame: int) -> int:
        """Return the index of the first message at or after a frame."""
        return bisect_left(self._frames, frame)

    def holds(self, channel: int, pitch: int, frame: int) -> bool:
        """Return whether a note sounds across a frame."""
        times = self._keys.get((channel, pitch))
        if times is None:
            return False
        # Ends stand before strikes at one frame, so the last one says what holds from there on.
        index = bisect_right(times.frames, frame) - 1
        return index >= 0 and times.messages[index].status & 0xF0 == NOTE_ON

    def controls_at(self, frame: int) -> dict[ControlKey, TimedMessage]:
        """Return how every control stands just before a frame, as messages at frame 0."""
        standing: dict[ControlKey, TimedMessage] = {}
        for key, times in self._controls.items():
            index = bisect_left(times.frames, frame) - 1
            if index >= 0:
                standing[key] = times.messages[index]._replace(frame=0)
        return standing
