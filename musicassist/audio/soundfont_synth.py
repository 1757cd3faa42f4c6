"""Any SoundFont as a synth, through tinysoundfont."""

from collections.abc import Mapping
from math import pi, sin
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.audio.soundfont_file import read_soundfont
from musicassist.audio.synth import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    DRUM_CHANNEL,
    EXPRESSION,
    N_CHANNELS,
    PAN,
    RESET_CONTROLLERS,
    RESTING_EXPRESSION,
    RESTING_PAN,
    RESTING_VOLUME,
    VOLUME,
    Frames,
    Sounds,
    controlled_gain,
)
from musicassist.errors import SoundFontError
from musicassist.music.note import BEND_CENTRE, CHANNEL_PRESSURE, MOD_WHEEL, PITCH_BEND, SUSTAIN

MOST_VOICES: Final = 512

_DRUM_BANK: Final = 128
_GAIN_DB: Final = -9.0  # room for 16 voices before the limiter has to work
_BUFFER_FRAMES: Final = 4096
_TAIL_FRAMES: Final = 256
_STEP_FRAMES: Final = 64  # as often as the library moves its own envelopes
_GAIN_STEP: Final = 0.1  # from silent to full in ten steps, some 13 ms: quick, and no click
_VIBRATO_HZ: Final = 5.4
_MOD_WHEEL_SEMITONES: Final = 0.5  # source: SoundFont specification 2.04, section 8.4.6

# What this class sees to itself, because the library would not (vibrato), not quite (the volume
# curve, a pedal whose notes can be counted), or would undo what the user set (banks).
_KEPT_FROM_LIBRARY: Final = frozenset({0, 32, 39, 42, 43})


class SoundFontSynth:
    """Plays a SoundFont with General MIDI programs.

    The library ignores the file's modulators, so the mod wheel is played here, by bending all
    notes of a channel to and fro.

    Args:
        path: The .sf2 file.
        sample_rate_hz: Frames a second.
        programs: Program 0-127 of MIDI channels 0-15, for playback and live playing alike.
        other_program: Program of all other channels; channel 9 is drums.
        name: What to call it; by default the file's name.
        sounds: What to offer; by default the first bank of the file.

    Raises:
        SoundFontError: The file or tinysoundfont is missing, or it is no SoundFont.

    Thread: after construction, one thread calls everything.
    Realtime: yes; the work is C code.
    """

    def __init__(
        self,
        path: str,
        sample_rate_hz: int,
        programs: Mapping[int, int],
        other_program: int = 0,
        *,
        name: str = "",
        sounds: Sounds = (),
    ) -> None:
        library = _tinysoundfont()
        file = read_soundfont(Path(path))
        self._name = name or f"SoundFont {Path(path).name}"
        self._sounds = sounds or tuple(
            (preset.program, preset.name) for preset in file.presets if preset.bank == 0
        )
        self._has_program = frozenset(p.program for p in file.presets if p.bank == 0)
        self._rate = sample_rate_hz
        try:
            self._font: Any = library.SoundFont(file.data)
        except (RuntimeError, ValueError) as problem:
            raise SoundFontError(
                f"The SoundFont player does not understand {path}.",
                "Choose another .sf2 file; the built-in sounds play meanwhile.",
            ) from problem
        self._font.set_output(library.OutputMode.StereoInterleaved, sample_rate_hz, _GAIN_DB)
        self._font.set_max_voices(MOST_VOICES)
        self._volume = [RESTING_VOLUME] * N_CHANNELS
        self._expression = [RESTING_EXPRESSION] * N_CHANNELS
        self._channel_gain = [1.0] * N_CHANNELS
        self._gain = [1.0] * N_CHANNELS  # what the library has; follows what is wanted
        self._wanted_gain = [1.0] * N_CHANNELS
        self._moving: set[int] = set()
        self._mod_semitones = [0.0] * N_CHANNELS
        self._vibrating: set[int] = set()
        self._pedal = [False] * N_CHANNELS
        self._down: set[tuple[int, int]] = set()
        self._on_pedal: set[tuple[int, int]] = set()
        self._is_ringing = False
        self._n_frames = 0
        self._out = np.zeros((_BUFFER_FRAMES, 2), np.float32)
        for channel in range(N_CHANNELS):
            self.select_program(channel, programs.get(channel % 16, other_program))

    @property
    def description(self) -> str:
        """Name of the file or of the set."""
        return self._name

    @property
    def sounds(self) -> Sounds:
        """What the file offers in its first bank, or what it was told to offer."""
        return self._sounds

    @property
    def n_sounding(self) -> int:
        """How many notes are held by key or pedal; 1 when none is, but something still rings.

        The library does not tell how many voices it plays, but it adds each to silence: as long
        as one is left, a block does not end in zeros.
        """
        return len(self._down) + len(self._on_pedal) or int(self._is_ringing)

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a note; one that still sounds on this key is released."""
        place = (channel, pitch)
        if place in self._down or place in self._on_pedal:
            # The library would want as many releases as there were strikes.
            self._on_pedal.discard(place)
            self._font.channel_note_off(channel, pitch)
        self._down.add(place)
        self._is_ringing = True
        # Half a step more: the library rounds down, and 100 / 127 * 127 may be 99.99.
        self._font.channel_note_on(channel, pitch, min(1.0, (velocity + 0.01) / 127))

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a note; under a pressed pedal it rings on."""
        place = (channel, pitch)
        if place not in self._down:
            return
        self._down.discard(place)
        if self._pedal[channel]:
            self._on_pedal.add(place)
        else:
            self._font.channel_note_off(channel, pitch)

    def control(self, channel: int, controller: int, value: int) -> None:
        """Move a control change or the pitch wheel; pressure is not played."""
        if controller == PITCH_BEND:
            self._font.channel_set_pitch_wheel(channel, value)
        elif controller == MOD_WHEEL:
            self._mod_semitones[channel] = _MOD_WHEEL_SEMITONES * value / 127
            self._vibrating.add(channel)
        elif controller == VOLUME:
            self._volume[channel] = value
            self._aim(channel)
        elif controller == EXPRESSION:
            self._expression[channel] = value
            self._aim(channel)
        elif controller == PAN:
            self._font.channel_set_pan(channel, max(0.0, (value - 1) / 126))
        elif controller == SUSTAIN:
            self._move_pedal(channel, value >= 64)
        elif controller == RESET_CONTROLLERS:
            self._reset(channel)
        elif controller in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            self._font.channel_midi_control(channel, controller, 0)
            self._down = {place for place in self._down if place[0] != channel}
            self._on_pedal = {place for place in self._on_pedal if place[0] != channel}
        elif controller != CHANNEL_PRESSURE and controller not in _KEPT_FROM_LIBRARY:
            self._font.channel_midi_control(channel, controller, value)

    def _move_pedal(self, channel: int, is_pressed: bool) -> None:
        self._pedal[channel] = is_pressed
        if not is_pressed:
            for place in [place for place in self._on_pedal if place[0] == channel]:
                self._on_pedal.discard(place)
                self._font.channel_note_off(*place)

    def _reset(self, channel: int) -> None:
        self._move_pedal(channel, False)
        self._font.channel_set_pitch_wheel(channel, BEND_CENTRE)
        self._font.channel_set_pitch_range(channel, 2.0)
        self._font.channel_set_tuning(channel, 0.0)
        self._mod_semitones[channel] = 0.0
        self._vibrating.discard(channel)
        self._volume[channel], self._expression[channel] = RESTING_VOLUME, RESTING_EXPRESSION
        self._aim(channel)
        self.control(channel, PAN, RESTING_PAN)

    def select_program(self, channel: int, program: int) -> None:
        """Give a channel another sound, heard from its next note on."""
        is_drums = channel % 16 == DRUM_CHANNEL
        try:
            self._font.channel_set_bank(channel, _DRUM_BANK if is_drums else 0)
            self._font.channel_set_preset_number(channel, self._nearest(program), is_drums)
        except RuntimeError:  # a font of drum kits alone: whatever it has is better than silence
            self._font.channel_set_preset_index(channel, 0)

    def _nearest(self, program: int) -> int:
        """Return the program itself, or else another of its family of eight, or else the first."""
        if program in self._has_program or not self._has_program:
            return program
        family = [other for other in self._has_program if other // 8 == program // 8]
        return min(family or self._has_program)

    def set_channel_gain(self, channel: int, gain: float) -> None:
        """Set how loud a channel is, 0-1, on top of its own volume and expression controls."""
        self._channel_gain[channel] = gain
        self._aim(channel)

    def _aim(self, channel: int) -> None:
        """Let the library's volume of a channel go where its controls are."""
        wanted = controlled_gain(self._volume[channel], self._expression[channel])
        self._wanted_gain[channel] = wanted * self._channel_gain[channel]
        if self.n_sounding:
            self._moving.add(channel)
        else:
            self._gain[channel] = self._wanted_gain[channel]
            self._font.channel_set_volume(channel, self._gain[channel])

    def all_off(self) -> None:
        """Silence everything and put all controls at rest."""
        for channel in range(N_CHANNELS):
            self._reset(channel)
            self.control(channel, ALL_NOTES_OFF, 0)
            self.control(channel, ALL_SOUND_OFF, 0)

    def render(self, n_frames: int) -> Frames:
        """Return the next stretch of sound; valid until the next call."""
        if n_frames > len(self._out):
            self._out = np.zeros((n_frames, 2), np.float32)
        out = self._out[:n_frames]
        if n_frames == 0:
            return out
        done = 0
        while done < n_frames:
            step = n_frames - done
            if self._moving or self._vibrating:
                # The library takes new values between calls only.
                step = min(step, _STEP_FRAMES - self._n_frames % _STEP_FRAMES)
                self._move_on()
            self._font.render(out[done : done + step].data.cast("B"), False)
            done += step
            self._n_frames += step
        loudest = float(max(out.max(), -out.min()))
        if not loudest < np.inf:  # a file may ask for impossible pitches and filters
            out[:] = 0.0
        self._is_ringing = loudest != 0.0 and bool(out[-_TAIL_FRAMES:].any())
        return out

    def _move_on(self) -> None:
        """Let vibrato and volumes go one step on."""
        swing = sin(2 * pi * _VIBRATO_HZ * self._n_frames / self._rate)
        for channel in tuple(self._vibrating):
            depth = self._mod_semitones[channel]
            self._font.channel_set_tuning(channel, depth * swing)
            if depth == 0.0:
                self._vibrating.discard(channel)
        for channel in tuple(self._moving):
            gain, wanted = self._gain[channel], self._wanted_gain[channel]
            gain += max(-_GAIN_STEP, min(_GAIN_STEP, wanted - gain))
            self._gain[channel] = gain
            self._font.channel_set_volume(channel, gain)
            if gain == wanted:
                self._moving.discard(channel)


def _tinysoundfont() -> Any:
    """Return the library's C part; its Python part would add pyaudio and nothing we need.

    Raises:
        SoundFontError: It is not installed.
    """
    try:
        from tinysoundfont import _tinysoundfont as library
    except ImportError as problem:
        raise SoundFontError(
            "SoundFonts cannot be played: the SoundFont player is not installed.",
            "Run pip install --no-deps tinysoundfont; simpler built-in sounds play meanwhile.",
        ) from problem
    return library
