"""Any SoundFont as a synth, through tinysoundfont (an optional extra)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.audio.synth import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    N_CHANNELS,
    Frames,
)
from musicassist.errors import SoundFontError
from musicassist.music.note import BEND_CENTRE, CHANNEL_PRESSURE, PITCH_BEND, SUSTAIN

_DRUM_CHANNEL: Final = 9
_GAIN_DB: Final = -9.0  # room for 16 voices before the limiter has to work
_HEADER_BYTES: Final = 12
_BUFFER_FRAMES: Final = 4096
_INAUDIBLE: Final = 1e-4  # -80 dB


class SoundFontSynth:
    """Plays a SoundFont with General MIDI programs.

    Args:
        path: The .sf2 file.
        sample_rate_hz: Frames a second.
        programs: Program 0-127 of MIDI channels 0-15, for playback and live playing alike.
        other_program: Program of all other channels; channel 9 is drums.

    Raises:
        SoundFontError: The file or tinysoundfont is missing, or it is no SoundFont.

    Thread: after construction, one thread calls everything.
    Realtime: yes; the work is C code.
    """

    def __init__(
        self, path: str, sample_rate_hz: int, programs: Mapping[int, int], other_program: int = 0
    ) -> None:
        self._name = Path(path).name
        data = _read_soundfont(path)
        self._synth = _tinysoundfont().Synth(gain=_GAIN_DB, samplerate=sample_rate_hz)
        try:
            font = self._synth.sfload(data)
            for channel in range(N_CHANNELS):
                program = programs.get(channel % 16, other_program)
                self._select(font, channel, program)
        except (RuntimeError, ValueError) as problem:
            raise _not_a_soundfont(path) from problem
        self._out = np.zeros((_BUFFER_FRAMES, 2), np.float32)
        self._held: set[tuple[int, int]] = set()
        self._is_ringing = False

    def _select(self, font: int, channel: int, program: int) -> None:
        if channel % 16 == _DRUM_CHANNEL:
            try:
                self._synth.program_select(channel, font, 128, 0, True)
            except RuntimeError:
                self._synth.program_select(channel, font, 0, 0, True)
            return
        try:
            self._synth.program_select(channel, font, 0, program)
        except RuntimeError:
            self._synth.program_select(channel, font, 0, 0)

    @property
    def description(self) -> str:
        """Name of the file."""
        return f"SoundFont {self._name}"

    @property
    def n_sounding(self) -> int:
        """How many keys are down, and one more while anything can be heard.

        The library does not tell how many voices it plays.
        """
        return len(self._held) + self._is_ringing

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a note."""
        self._held.add((channel, pitch))
        self._synth.noteon(channel, pitch, velocity)

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a note; under a pressed pedal it rings on."""
        self._held.discard((channel, pitch))
        self._synth.noteoff(channel, pitch)

    def control(self, channel: int, controller: int, value: int) -> None:
        """Move a control change or the pitch wheel; pressure is not played."""
        if controller == PITCH_BEND:
            self._synth.pitchbend(channel, value)
        elif controller != CHANNEL_PRESSURE:
            self._synth.control_change(channel, controller, value)
        if controller in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            self._held = {place for place in self._held if place[0] != channel}

    def all_off(self) -> None:
        """Silence everything and put all controls at rest."""
        for channel in range(N_CHANNELS):
            for controller in (SUSTAIN, ALL_NOTES_OFF, ALL_SOUND_OFF):
                self._synth.control_change(channel, controller, 0)
            self._synth.pitchbend(channel, BEND_CENTRE)
        self._held.clear()

    def render(self, n_frames: int) -> Frames:
        """Return the next stretch of sound; valid until the next call."""
        if n_frames > len(self._out):
            self._out = np.zeros((n_frames, 2), np.float32)
        out = self._out[:n_frames]
        if n_frames:
            self._synth.generate_simple(n_frames, out.data.cast("B"))
            self._is_ringing = bool(out.max() > _INAUDIBLE or out.min() < -_INAUDIBLE)
        return out


def _tinysoundfont() -> Any:
    """Return the library.

    Raises:
        SoundFontError: It is not installed.
    """
    try:
        import tinysoundfont
    except ImportError as problem:
        raise SoundFontError(
            "SoundFonts cannot be played: the SoundFont player is not installed.",
            "Install MusicAssist with its soundfont extra; the built-in sounds play meanwhile.",
        ) from problem
    return tinysoundfont


def _read_soundfont(path: str) -> bytes:
    """Return the file's content after a look at its header.

    Source: SoundFont Technical Specification 2.04, section 4: RIFF form "sfbk".
    """
    try:
        data = Path(path).read_bytes()
    except OSError as problem:
        raise SoundFontError(
            f"The SoundFont {path} cannot be read.",
            "Choose another file; the built-in sounds play meanwhile.",
        ) from problem
    if data[:4] != b"RIFF" or data[8:_HEADER_BYTES] != b"sfbk":
        raise _not_a_soundfont(path)
    return data


def _not_a_soundfont(path: str) -> SoundFontError:
    return SoundFontError(
        f"{path} is not a SoundFont.",
        "Choose an .sf2 file; the built-in sounds play meanwhile.",
    )
