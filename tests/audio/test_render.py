import io
import wave

import numpy as np

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.open_synth import open_synth
from musicassist.audio.render import render_clip, wav_bytes
from musicassist.audio.voices import ELECTRIC_PIANO
from musicassist.music.clip import Clip
from musicassist.music.note import MOD_WHEEL, PITCH_BEND, ControlPoint, Note
from musicassist.music.timebase import Timebase

RATE_HZ = 48_000


def test_a_note_begins_on_its_frame_and_not_before():
    clip = Clip((Note(480, 480, 60),), 1920)
    sound = render_clip(clip, Timebase.steady(120), BuiltinSynth(RATE_HZ, ELECTRIC_PIANO), RATE_HZ)
    assert len(sound) == 2 * RATE_HZ + RATE_HZ // 2
    assert not sound[:24_001].any()
    assert sound[24_001:24_005].any()
    assert not sound[2 * RATE_HZ :].any()


def test_a_wav_file_holds_what_was_rendered():
    sound = np.array([[0.0, 0.5], [-1.0, 2.0]], np.float32)
    with wave.open(io.BytesIO(wav_bytes(sound, 44_100))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44_100)
        samples = np.frombuffer(file.readframes(2), "<i2")
    assert samples.tolist() == [0, 16384, -32767, 32767]


def test_rendering_twice_gives_the_very_same_sound():
    notes = tuple(
        Note(240 * n, 200, 52 + n, 60 + n, channel) for n in range(8) for channel in (0, 1)
    )
    drums = tuple(Note(120 * n, 60, 36 + n, 90, 9) for n in range(16))
    wheel = (ControlPoint(300, MOD_WHEEL, 127, 1), ControlPoint(900, PITCH_BEND, 12_000, 1))
    clip = Clip(notes + drums, 1920, wheel)

    def render():
        return render_clip(clip, Timebase.steady(120), open_synth(RATE_HZ), RATE_HZ)

    first = render()
    assert np.abs(first).max() > 0.1
    np.testing.assert_array_equal(first, render())
