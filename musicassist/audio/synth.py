"""What every sound source can do."""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND
from musicassist.music.take import (
    CHANNEL_PRESSURE_MESSAGE,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PITCH_BEND_MESSAGE,
)

Frames = NDArray[np.float32]
"""Sound: float32 of shape (n_frames, 2), left and right, full scale at 1."""

N_LANES: Final = 2
N_CHANNELS: Final = 16 * N_LANES
"""MIDI's sixteen channels twice: 0-15 for playback and, each 16 higher, for live playing.

A pedal or a note-off of one lane thus never touches what the other sounds.
"""

ALL_SOUND_OFF: Final = 120
RESET_CONTROLLERS: Final = 121
ALL_NOTES_OFF: Final = 123


class Synth(Protocol):
    """Turns notes into sound.

    Thread: after construction, one thread (the audio callback) calls everything.
    Realtime: no method waits, locks or writes files.
    """

    @property
    def description(self) -> str:
        """What makes the sound, in words to show."""
        ...

    @property
    def n_sounding(self) -> int:
        """How many voices sound, released ones that still ring included."""
        ...

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a note: channel 0-31, pitch 0-127, velocity 1-127."""
        ...

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a note; under a pressed pedal it rings on."""
        ...

    def control(self, channel: int, controller: int, value: int) -> None:
        """Move a control change 0-127, `PITCH_BEND` or `CHANNEL_PRESSURE`."""
        ...

    def all_off(self) -> None:
        """Silence everything within a few milliseconds and put all controls at rest."""
        ...

    def render(self, n_frames: int) -> Frames:
        """Return the next stretch of sound; valid until the next call."""
        ...


def send_message(synth: Synth, lane: int, status: int, data1: int, data2: int) -> None:
    """Give a synth one MIDI channel message.

    Args:
        synth: Who is to play it.
        lane: 0 for playback, 1 for live playing.
        status: 0x80-0xEF.
        data1: First data byte.
        data2: Second data byte.

    Realtime: yes.
    """
    kind, channel = status & 0xF0, (status & 0x0F) + 16 * lane
    if kind == NOTE_ON and data2 > 0:
        synth.note_on(channel, data1, data2)
    elif kind in (NOTE_ON, NOTE_OFF):
        synth.note_off(channel, data1)
    elif kind == CONTROL_CHANGE:
        synth.control(channel, data1, data2)
    elif kind == PITCH_BEND_MESSAGE:
        synth.control(channel, PITCH_BEND, data1 | data2 << 7)
    elif kind == CHANNEL_PRESSURE_MESSAGE:
        synth.control(channel, CHANNEL_PRESSURE, data1)
