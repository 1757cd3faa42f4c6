"""A clip laid out on the frames of an audio stream."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND, ControlPoint
from musicassist.music.take import (
    CHANNEL_PRESSURE_MESSAGE,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PITCH_BEND_MESSAGE,
)
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_OFF, _CONTROL, _ON = range(3)  # at one frame, notes end before controls move before notes start
_RELEASE_VELOCITY: Final = 64


class TimedMessage(NamedTuple):
    """One MIDI message at a frame counted from tick 0 of its clip."""

    frame: int
    status: int
    data1: int
    data2: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """All messages of a clip, in the order they are played.

    Attributes:
        messages: Every note-on has its note-off, at the end of the clip at the latest.
        length_frames: Length of the clip; every frame in `messages` is 0 to this.
    """

    messages: tuple[TimedMessage, ...]
    length_frames: int


class FrameLine:
    """Where ticks lie on frames.

    Args:
        timebase: The tempo map.
        sample_rate_hz: Frames a second.

    Thread: any; never changes.
    Realtime: yes.
    """

    def __init__(self, timebase: Timebase, sample_rate_hz: int) -> None:
        self._timebase = timebase
        self._rate_hz = sample_rate_hz

    def frame_at(self, ticks: float) -> int:
        """Return the frame at which a place is heard."""
        return round(self._timebase.seconds_at(ticks) * self._rate_hz)

    def ticks_at(self, frame: float) -> float:
        """Return the place that is heard at a frame; not rounded."""
        return self._timebase.ticks_at(frame / self._rate_hz)

    def tick_frames_at(self, ticks: float) -> float:
        """Return how many frames a tick lasts at a place."""
        beat_us = self._timebase.tempo_at(ticks).beat_us
        return beat_us * self._rate_hz / (TICKS_PER_BEAT * 1e6)


def schedule_clip(clip: Clip, timebase: Timebase, sample_rate_hz: int) -> Schedule:
    """Lay a clip out on frames; overlapping notes of one pitch are cut, as in an export."""
    line = FrameLine(timebase, sample_rate_hz)
    entries: list[tuple[int, int, int, int, int]] = []

    def frame(ticks: int) -> int:
        return line.frame_at(min(ticks, clip.length_ticks))

    for note in without_overlaps(clip.notes):
        on, off = NOTE_ON | note.channel, NOTE_OFF | note.channel
        start = frame(note.onset_ticks)
        # At extreme tempos a note is shorter than a frame; its end must still come second.
        end = max(start + 1, frame(note.end_ticks))
        entries.append((start, _ON, on, note.pitch, note.velocity))
        entries.append((end, _OFF, off, note.pitch, _RELEASE_VELOCITY))
    entries += (
        (frame(point.onset_ticks), _CONTROL, *_control_bytes(point))
        for point in clip.controls
        if point.onset_ticks < clip.length_ticks
    )
    entries.sort(key=lambda entry: entry[:2])
    messages = tuple(TimedMessage(at, *message) for at, _order, *message in entries)
    length_frames = max(frame(clip.length_ticks), messages[-1].frame if messages else 0)
    return Schedule(messages, length_frames)


def _control_bytes(point: ControlPoint) -> tuple[int, int, int]:
    if point.controller == PITCH_BEND:
        return PITCH_BEND_MESSAGE | point.channel, point.value & 0x7F, point.value >> 7
    if point.controller == CHANNEL_PRESSURE:
        return CHANNEL_PRESSURE_MESSAGE | point.channel, point.value, 0
    return CONTROL_CHANGE | point.channel, point.controller, point.value
