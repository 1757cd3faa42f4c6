"""A clip as sound without a device: for measuring, and for WAV files."""

import io
import wave
from typing import Final

import numpy as np

from musicassist.audio.limiter import Limiter
from musicassist.audio.schedule import schedule_clip
from musicassist.audio.synth import Frames, Synth, send_message
from musicassist.music.clip import Clip
from musicassist.music.timebase import Timebase

_LOUDEST_16_BIT: Final = 32767
_BLOCK_FRAMES: Final = 256


def render_clip(
    clip: Clip, timebase: Timebase, synth: Synth, sample_rate_hz: int, tail_s: float = 0.5
) -> Frames:
    """Return a clip as sound: float32 (n_frames, 2), exactly as the player would play it.

    Args:
        clip: What to play.
        timebase: Its tempo and metre.
        synth: What plays it.
        sample_rate_hz: Frames a second.
        tail_s: How long the last notes may ring on.
    """
    schedule = schedule_clip(clip, timebase, sample_rate_hz)
    sound = np.zeros((schedule.length_frames + round(tail_s * sample_rate_hz), 2), np.float32)
    done = 0
    for message in schedule.messages:
        sound[done : message.frame] = synth.render(message.frame - done)
        done = message.frame
        send_message(synth, 0, message.status, message.data1, message.data2)
    sound[done:] = synth.render(len(sound) - done)
    limiter = Limiter(sample_rate_hz)
    for start in range(0, len(sound), _BLOCK_FRAMES):
        limiter.process(sound[start : start + _BLOCK_FRAMES])
    return sound


def wav_bytes(sound: Frames, sample_rate_hz: int) -> bytes:
    """Return sound as the content of a 16-bit stereo WAV file; full scale is 1."""
    samples = np.round(np.clip(sound, -1.0, 1.0) * _LOUDEST_16_BIT).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()
