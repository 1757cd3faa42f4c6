import subprocess
import sys

import pytest

from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    KeyMoved,
    PhraseCaptured,
    PlayClip,
    PlayheadMoved,
    PressKey,
    ReleaseKey,
    ShutDown,
)
from musicassist.midi.fake import FAKE_PORT
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.take import clip_from_take
from musicassist.music.timebase import Timebase

CLIP = Clip((Note(0, 240, 60),), 480)
NO_SERVERS = {"PULSE_SERVER": "none", "JACK_DEFAULT_SERVER": "none"}


def test_with_fake_devices_a_phrase_comes_and_a_clip_plays_to_its_end(start_engine):
    engine = start_engine("--fake-devices")
    ready = engine.wait_for(EngineReady)
    assert ready.sample_rate_hz == 48_000
    captured = engine.wait_for(PhraseCaptured)
    assert captured.take.source == FAKE_PORT
    clip = clip_from_take(captured.take, Timebase.steady(120))
    assert (len(clip.notes), clip.length_ticks) == (15, 3840)
    engine.send(PlayClip(CLIP, Timebase.steady(240)))
    assert engine.wait_for(PlayheadMoved).is_playing
    assert engine.wait_for(PlayheadMoved, lambda head: not head.is_playing).ticks == 480
    code, seconds = engine.leave()
    assert code == 0
    assert seconds < 6  # two, and what a busy machine adds


def test_told_to_shut_down_it_leaves(start_engine):
    engine = start_engine("--fake-devices")
    engine.wait_for(EngineReady)
    engine.send(ShutDown())
    assert engine.process.wait(10) == 0


def test_a_line_it_does_not_understand_is_told_and_survived(start_engine):
    engine = start_engine("--fake-devices")
    engine.process.stdin.write(b"what?\n")
    engine.send(PressKey(60), ReleaseKey(60))
    assert engine.wait_for(EngineTrouble).what
    assert engine.wait_for(KeyMoved, lambda key: key.pitch == 60 and not key.is_down)


def test_without_midi_and_audio_it_says_so_and_lives(start_engine):
    engine = start_engine(**NO_SERVERS)
    ready = engine.wait_for(EngineReady)
    if ready.audio_device:
        pytest.skip("this machine has a sound card that cannot be hidden")
    assert ready.sample_rate_hz == 0
    assert "no audio device" in engine.wait_for(EngineTrouble).what
    engine.send(PlayClip(CLIP, Timebase.steady(240)))
    engine.wait_for(PlayheadMoved, lambda head: not head.is_playing)
    assert engine.leave()[0] == 0


def test_an_audio_device_and_a_soundfont_that_do_not_exist_are_named(start_engine):
    engine = start_engine("--audio-device", "No Such", "--soundfont", "gone.sf2", **NO_SERVERS)
    assert engine.wait_for(EngineReady).synth.startswith("Built-in sounds")
    assert "No Such" in engine.wait_for(EngineTrouble).what
    assert "gone.sf2" in engine.wait_for(EngineTrouble).what


IMPORTS = """
import sys
from musicassist.engine import connection, devices, engine, host
from musicassist.audio import output, soundfont_synth
from musicassist.midi import ports
heavy = {"PySide6", "onnxruntime", "tensorflow", "keras", "music21"}
sys.exit(", ".join(heavy & set(sys.modules)) or 0)
"""


def test_the_engine_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
