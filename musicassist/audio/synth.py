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

Sounds = tuple[tuple[int, str], ...]
"""Programs to choose from, each with its name."""

N_LANES: Final = 2
N_CHANNELS: Final = 16 * N_LANES
"""MIDI's sixteen channels twice: 0-15 for playback and, each 16 higher, for live playing.

A pedal or a note-off of one lane thus never touches what the other sounds.
"""
DRUM_CHANNEL: Final = 9

ELECTRIC_PIANO_PROGRAM: Final = 4  # of General MIDI, from 0, as all programs here
LEAD_GUITAR_PROGRAM: Final = 29

VOLUME: Final = 7
PAN: Final = 10
EXPRESSION: Final = 11
ALL_SOUND_OFF: Final = 120
RESET_CONTROLLERS: Final = 121
ALL_NOTES_OFF: Final = 123

RESTING_VOLUME: Final = 100
RESTING_PAN: Final = 64
RESTING_EXPRESSION: Final = 127

_PROGRAM_CHANGE: Final = 0xC0


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
    def sounds(self) -> Sounds:
        """What `select_program` has to offer, in the order of programs; drum kits left out.

        Thread: any.
        """
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
        """Move a control change 0-127, `PITCH_BEND` or `CHANNEL_PRESSURE`.

        `RESET_CONTROLLERS` puts volume, pan and expression at rest too; gains and programs stay.
        """
        ...

    def select_program(self, channel: int, program: int) -> None:
        """Give a channel another sound, heard from its next note on.

        Args:
            channel: 0-31; on drum channels the program chooses a kit, where there are several.
            program: Of General MIDI, 0-127; one that is missing plays its nearest kin.
        """
        ...

    def set_channel_gain(self, channel: int, gain: float) -> None:
        """Set how loud a channel is, 0-1, on top of its own volume and expression controls."""
        ...

    def all_off(self) -> None:
        """Silence everything within a few milliseconds and put all controls at rest.

        Gains and programs stay.
        """
        ...

    def render(self, n_frames: int) -> Frames:
        """Return the next stretch of sound; valid until the next call."""
        ...


def controlled_gain(volume: int, expression: int) -> float:
    """Return the amplitude a channel's volume and expression controls ask for.

    Both at rest give 1.

    Source: General MIDI Level 2, 40 dB for a tenth of the way.
    """
    return (volume / RESTING_VOLUME * expression / RESTING_EXPRESSION) ** 2


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
    elif kind == _PROGRAM_CHANGE:
        synth.select_program(channel, data1)
