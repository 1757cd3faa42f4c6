"""The built-in sounds: a wavetable synth in numpy that works on every machine."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.audio.drum_voices import DrumVoices
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
from musicassist.audio.voices import (
    ELECTRIC_PIANO,
    N_PITCHES,
    SOUNDS,
    TABLE_FRAMES,
    VOICES,
    Voice,
    frequency_hz,
    voice_of,
    wavetables,
)
from musicassist.music.note import BEND_CENTRE, MOD_WHEEL, PITCH_BEND, SUSTAIN

MOST_VOICES: Final = 64
FULL_VOICES: Final = 48
MOST_FRAMES: Final = 1024

_BEND_SEMITONES: Final = 2.0
_VIBRATO_HZ: Final = 5.4
_VIBRATO_AFTER_S: Final = 0.3
_VIBRATO_RISE_S: Final = 0.4
_MOD_WHEEL_CENTS: Final = 35.0
_HURRIED_RELEASE_S: Final = 0.006
_INAUDIBLE: Final = 1e-3  # -60 dB below a note that is itself well below full scale
_FULL_VELOCITY: Final = 127

_STRIDE: Final = TABLE_FRAMES + 1
_KIND_STRIDE: Final = N_PITCHES * _STRIDE  # from a bright table to its dark one, and on to second

_N_ROWS: Final = 20
(
    _PHASE,
    _SECOND_PHASE,
    _INCREMENT,
    _SECOND_RATIO,
    _LEVEL,
    _TARGET,
    _LEVEL_FRAMES,
    _DECAY,
    _DECAY_FRAMES,
    _BRIGHT,
    _BRIGHT_FRAMES,
    _FLOOR,
    _SECOND,
    _SECOND_FRAMES,
    _GAIN,
    _LEFT,
    _RIGHT,
    _AGE_S,
    _VIBRATO_CENTS,
    _RELEASE_FRAMES,
) = range(_N_ROWS)

_RELEASED, _KEY_DOWN, _PEDAL_ONLY = range(3)


class BuiltinSynth:
    """Plays wavetables, all voices of a block at once.

    The state of all sounding voices stands in arrays, packed at the front; a block costs a fixed
    number of numpy calls on preallocated memory, whatever the number of voices.

    Args:
        sample_rate_hz: Frames a second.
        voice: The sound of every channel but the drums at first
        others: except these (MIDI channels 0-15, for playback and live playing alike).

    Thread: after construction, one thread calls everything.
    Realtime: yes; about 20 small arrays of one value a voice are made a block.
    """

    def __init__(
        self,
        sample_rate_hz: int,
        voice: Voice = ELECTRIC_PIANO,
        others: Mapping[int, Voice] | None = None,
    ) -> None:
        self._rate = sample_rate_hz
        chosen = [voice, *(others or {}).values()]
        self._description = "Built-in sounds: " + ", ".join(each.name.lower() for each in chosen)
        self._voices = list(dict.fromkeys([*VOICES, *chosen]))
        self._voice_of = [self._voices.index(voice)] * N_CHANNELS
        for channel, other in (others or {}).items():
            self._voice_of[channel] = self._voice_of[channel + 16] = self._voices.index(other)
        self._drums = DrumVoices(sample_rate_hz)
        self._tables = np.concatenate(
            [wavetables(each, sample_rate_hz) for each in self._voices]
        ).ravel()
        self._increments = np.array(
            [frequency_hz(pitch) * TABLE_FRAMES / sample_rate_hz for pitch in range(N_PITCHES)]
        )
        self._pedal = [False] * N_CHANNELS
        self._bend = np.ones(N_CHANNELS)
        self._mod_cents = np.zeros(N_CHANNELS)
        self._volume = [RESTING_VOLUME] * N_CHANNELS
        self._expression = [RESTING_EXPRESSION] * N_CHANNELS
        self._channel_gain = [1.0] * N_CHANNELS
        self._wanted_loudness = np.ones(N_CHANNELS)
        self._loudness = np.ones(N_CHANNELS)
        self._aside = np.zeros(N_CHANNELS)
        self._n = 0
        self._state = np.zeros((_N_ROWS, MOST_VOICES))
        self._table_at = np.zeros(MOST_VOICES, np.intp)
        self._channel = np.zeros(MOST_VOICES, np.intp)
        self._pitch = np.zeros(MOST_VOICES, np.intp)
        self._hold = np.zeros(MOST_VOICES, np.intp)
        self._count = np.arange(MOST_FRAMES, dtype=np.float32)
        n_cells = MOST_VOICES * MOST_FRAMES
        self._index_cells = np.zeros(n_cells, np.intp)
        self._place_cells = np.zeros(n_cells, np.float64)
        self._float_cells = [np.zeros(n_cells, np.float32) for _ in range(4)]
        self._side = np.zeros(MOST_FRAMES, np.float32)
        self._out = np.zeros((MOST_FRAMES, 2), np.float32)

    @property
    def description(self) -> str:
        """Names of the sounds it began with."""
        return self._description

    @property
    def sounds(self) -> Sounds:
        """The voices."""
        return SOUNDS

    @property
    def n_sounding(self) -> int:
        """How many voices sound, released ones that still ring included."""
        return self._n + self._drums.n_sounding

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a note; on a full synth the oldest one gives way."""
        if channel % 16 == DRUM_CHANNEL:
            self._drums.strike(channel, pitch, velocity)
            return
        if not self._n:
            self._loudness[:] = self._wanted_loudness
        self._release((self._channel == channel) & (self._pitch == pitch))
        slot = self._free_slot()
        voice_index = self._voice_of[channel]
        voice = self._voices[voice_index]
        force = velocity / _FULL_VELOCITY
        aside = voice.width * min(1.0, max(-1.0, (pitch - 60) / 36)) + self._aside[channel]
        aside = min(1.0, max(-1.0, aside))
        row = self._state[:, slot]
        row[:] = 0.0
        row[_INCREMENT] = self._increments[pitch]
        row[_SECOND_RATIO] = voice.second_ratio
        row[_TARGET] = 1.0
        row[_LEVEL_FRAMES] = voice.attack_s * self._rate
        row[_DECAY] = 1.0
        row[_DECAY_FRAMES] = voice.decay_s_at(pitch) * self._rate
        row[_BRIGHT] = force**1.3 * (1 - voice.brightness_floor)
        row[_BRIGHT_FRAMES] = voice.brightness_decay_s * self._rate
        row[_FLOOR] = voice.brightness_floor
        row[_SECOND] = voice.second_level * force
        row[_SECOND_FRAMES] = voice.second_decay_s * self._rate
        row[_GAIN] = voice.gain * force**1.5
        row[_LEFT], row[_RIGHT] = np.sqrt((1 - aside) / 2), np.sqrt((1 + aside) / 2)
        row[_VIBRATO_CENTS] = voice.vibrato_cents
        row[_RELEASE_FRAMES] = voice.release_s * self._rate
        self._table_at[slot] = 3 * _KIND_STRIDE * voice_index + _STRIDE * pitch
        self._channel[slot], self._pitch[slot] = channel, pitch
        self._hold[slot] = _KEY_DOWN

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a note; under a pressed pedal it rings on."""
        is_meant = (self._channel == channel) & (self._pitch == pitch)
        is_meant &= self._hold == _KEY_DOWN
        if self._pedal[channel]:
            self._hold[is_meant] = _PEDAL_ONLY
        else:
            self._release(is_meant)

    def control(self, channel: int, controller: int, value: int) -> None:
        """Move pedal, wheels, volume or expression, or obey a channel mode message.

        A new pan is heard from the next note on.
        """
        if controller == SUSTAIN:
            self._pedal[channel] = value >= 64
            if not self._pedal[channel]:
                self._release((self._channel == channel) & (self._hold == _PEDAL_ONLY))
        elif controller == PITCH_BEND:
            semitones = _BEND_SEMITONES * (value - BEND_CENTRE) / BEND_CENTRE
            self._bend[channel] = 2.0 ** (semitones / 12)
        elif controller == MOD_WHEEL:
            self._mod_cents[channel] = _MOD_WHEEL_CENTS * value / 127
        elif controller == VOLUME:
            self._volume[channel] = value
            self._aim(channel)
        elif controller == EXPRESSION:
            self._expression[channel] = value
            self._aim(channel)
        elif controller == PAN:
            self._aside[channel] = max(-1.0, (value - RESTING_PAN) / 63)
        elif controller == RESET_CONTROLLERS:
            self._reset(channel)
        elif controller in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            is_meant = self._channel == channel
            self._release(is_meant)
            if controller == ALL_SOUND_OFF:
                self._hurry(is_meant)
                self._drums.end(channel)

    def _reset(self, channel: int) -> None:
        self.control(channel, SUSTAIN, 0)
        self._bend[channel], self._mod_cents[channel], self._aside[channel] = 1.0, 0.0, 0.0
        self._volume[channel], self._expression[channel] = RESTING_VOLUME, RESTING_EXPRESSION
        self._aim(channel)

    def select_program(self, channel: int, program: int) -> None:
        """Give a channel another sound, heard from its next note on; drums stay drums."""
        self._voice_of[channel] = self._voices.index(voice_of(program))

    def set_channel_gain(self, channel: int, gain: float) -> None:
        """Set how loud a channel is, 0-1, on top of its own volume and expression controls."""
        self._channel_gain[channel] = gain
        self._aim(channel)

    def _aim(self, channel: int) -> None:
        wanted = controlled_gain(self._volume[channel], self._expression[channel])
        self._wanted_loudness[channel] = wanted * self._channel_gain[channel]

    def all_off(self) -> None:
        """Fade everything within a few milliseconds and put all controls at rest."""
        everything = np.ones(MOST_VOICES, np.bool_)
        self._release(everything)
        self._hurry(everything)
        self._drums.end()
        for channel in range(N_CHANNELS):
            self._reset(channel)

    def render(self, n_frames: int) -> Frames:
        """Return the next stretch of sound; valid until the next call."""
        if n_frames > len(self._out):
            self._out = np.zeros((n_frames, 2), np.float32)
        out = self._out[:n_frames]
        done = 0
        while done < n_frames:
            step = min(MOST_FRAMES, n_frames - done)
            self._render_some(out[done : done + step])
            self._drums.add_to(out[done : done + step], self._wanted_loudness)
            done += step
        return out

    def _render_some(self, out: Frames) -> None:
        n_voices, n_frames = self._n, len(out)
        if n_voices == 0:
            out[:] = 0.0
            return
        shape, n_cells = (n_voices, n_frames), n_voices * n_frames
        wave, other, share, amplitude = (
            cells[:n_cells].reshape(shape) for cells in self._float_cells
        )
        count = self._count[:n_frames]
        state = self._state[:, :n_voices]
        increment = self._bent_increments(n_frames)

        self._read(_PHASE, increment, 0, wave, other, share)
        dark = amplitude
        self._read_again(_KIND_STRIDE, dark, other, share)
        wave -= dark
        self._ramp(_BRIGHT, _BRIGHT_FRAMES, count, share)
        share += state[_FLOOR, :, None].astype(np.float32)
        wave *= share
        wave += dark
        second = amplitude
        self._read(
            _SECOND_PHASE, increment * state[_SECOND_RATIO], 2 * _KIND_STRIDE, second, other, share
        )
        self._ramp(_SECOND, _SECOND_FRAMES, count, share)
        second *= share
        wave += second

        self._follow_level(count, amplitude)
        wave *= amplitude
        self._ramp(_DECAY, _DECAY_FRAMES, count, amplitude)
        wave *= amplitude
        self._follow_loudness(count, wave)
        gain = state[_GAIN]
        side = self._side[:n_frames]
        for column, row in enumerate((_LEFT, _RIGHT)):
            loudness = (gain * state[row]).astype(np.float32)
            np.einsum("v,vn->n", loudness, wave, out=side)
            out[:, column] = side
        self._bury_the_dead()

    def _bent_increments(self, n_frames: int) -> NDArray[np.float64]:
        """Return how far each voice reads on a frame, wheels and vibrato included."""
        state, channels = self._state[:, : self._n], self._channel[: self._n]
        age_s = state[_AGE_S]
        rise = np.clip((age_s - _VIBRATO_AFTER_S) / _VIBRATO_RISE_S, 0.0, 1.0)
        cents = rise * state[_VIBRATO_CENTS] + self._mod_cents[channels]
        cents *= np.sin(2 * np.pi * _VIBRATO_HZ * age_s)
        age_s += n_frames / self._rate
        bent: NDArray[np.float64] = state[_INCREMENT] * self._bend[channels]
        bent *= np.exp2(cents / 1200)
        return bent

    def _read(
        self,
        phase_row: int,
        increment: NDArray[np.float64],
        shift: int,
        into: Frames,
        other: Frames,
        fraction: Frames,
    ) -> None:
        """Read a table for every voice, on from where it was read last, between frames.

        Args:
            phase_row: Row of the state that says where.
            increment: Table frames a frame; one a voice.
            shift: From a voice's bright table to the one wanted.
            into: Receives the wave; float32 (n_voices, n_frames).
            other: Overwritten.
            fraction: Receives how far between two table frames each frame lies.
        """
        shape, n_cells = into.shape, into.size
        place = self._place_cells[:n_cells].reshape(shape)
        index = self._index_cells[:n_cells].reshape(shape)
        phase = self._state[phase_row, : self._n]
        np.multiply(increment[:, None], self._count[: shape[1]], out=place)
        place += phase[:, None]
        np.copyto(index, place, casting="unsafe")
        np.subtract(place, index, out=fraction, casting="same_kind")
        index &= TABLE_FRAMES - 1
        index += self._table_at[: self._n, None]
        phase += increment * shape[1]
        phase %= TABLE_FRAMES
        self._read_again(shift, into, other, fraction)

    def _read_again(self, shift: int, into: Frames, other: Frames, fraction: Frames) -> None:
        """Read another table at the places of the last reading."""
        index = self._index_cells[: into.size].reshape(into.shape)
        np.take(self._tables[shift:], index, out=into, mode="clip")
        np.take(self._tables[shift + 1 :], index, out=other, mode="clip")
        other -= into
        other *= fraction
        into += other

    def _ramp(self, row: int, frames_row: int, count: NDArray[np.float32], into: Frames) -> None:
        """Write how a slowly dying quantity falls during the block, and let it fall."""
        state = self._state[:, : self._n]
        before = state[row].copy()
        state[row] *= np.exp(-len(count) / state[frames_row])
        slope = ((state[row] - before) / len(count)).astype(np.float32)
        np.multiply(slope[:, None], count, out=into)
        into += before.astype(np.float32)[:, None]

    def _follow_loudness(self, count: NDArray[np.float32], wave: Frames) -> None:
        """Turn every voice up or down as its channel is, in one straight line a block."""
        channels = self._channel[: self._n]
        before = self._loudness[channels].astype(np.float32)
        wanted = self._wanted_loudness[channels].astype(np.float32)
        if (before != 1).any() or (wanted != 1).any():
            wave *= before[:, None] + ((wanted - before) / len(count))[:, None] * count
        self._loudness[:] = self._wanted_loudness

    def _follow_level(self, count: NDArray[np.float32], into: Frames) -> None:
        """Write how attack or release goes during the block, exactly, and let it go on."""
        state = self._state[:, : self._n]
        rate = (-1.0 / state[_LEVEL_FRAMES]).astype(np.float32)
        distance = state[_LEVEL] - state[_TARGET]
        np.multiply(rate[:, None], count, out=into)
        np.exp(into, out=into)
        into *= distance.astype(np.float32)[:, None]
        into += state[_TARGET].astype(np.float32)[:, None]
        state[_LEVEL] = state[_TARGET] + distance * np.exp(-len(count) / state[_LEVEL_FRAMES])

    def _release(self, is_meant: NDArray[np.bool_]) -> None:
        """Let these voices die away at their own pace."""
        is_meant = is_meant & (self._hold != _RELEASED)
        self._hold[is_meant] = _RELEASED
        self._state[_TARGET, is_meant] = 0.0
        self._state[_LEVEL_FRAMES, is_meant] = self._state[_RELEASE_FRAMES, is_meant]

    def _hurry(self, is_meant: NDArray[np.bool_]) -> None:
        """Let these released voices die at once, though without a click."""
        self._state[_LEVEL_FRAMES, is_meant] = _HURRIED_RELEASE_S * self._rate

    def _free_slot(self) -> int:
        """Return a place for a new voice, taking it from the least missed one if need be."""
        n_voices = self._n
        if n_voices >= FULL_VOICES:
            # Hurry one voice away per new one, released ones first, the oldest of them first.
            is_released = self._hold[:n_voices] == _RELEASED
            is_hurried = self._state[_LEVEL_FRAMES, :n_voices] <= _HURRIED_RELEASE_S * self._rate
            rank = self._state[_AGE_S, :n_voices] + np.where(is_released, 1e6, 0.0)
            rank[is_released & is_hurried] = -1.0
            oldest = np.zeros(MOST_VOICES, np.bool_)
            oldest[int(np.argmax(rank))] = True
            self._release(oldest)
            self._hurry(oldest)
        if n_voices < MOST_VOICES:
            self._n += 1
            return n_voices
        state = self._state
        return int(np.argmin(state[_LEVEL] * state[_DECAY] * state[_GAIN]))

    def _bury_the_dead(self) -> None:
        state = self._state[:, : self._n]
        loudness = state[_LEVEL] * state[_DECAY]
        for slot in reversed(np.flatnonzero(loudness < _INAUDIBLE).tolist()):
            last = self._n - 1
            if slot != last:
                self._state[:, slot] = self._state[:, last]
                for each in (self._table_at, self._channel, self._pitch, self._hold):
                    each[slot] = each[last]
            self._hold[last] = _RELEASED
            self._n = last
