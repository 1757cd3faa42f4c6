import os
import signal
import subprocess
import sys
import time

import pytest

from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    KeyMoved,
    PhraseCaptured,
    PlayClip,
    PlayheadMoved,
    PlayingKept,
    PressKey,
    ReleaseKey,
    ShutDown,
    encode,
)
from musicassist.midi.fake import FAKE_PORT, demo_phrase
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


def test_it_is_ready_within_a_second(start_engine):
    seconds = []
    for _ in range(3):
        engine = start_engine("--fake-devices")
        engine.wait_for(EngineReady)
        seconds.append(time.perf_counter() - engine.started_s)
        engine.leave()
    # A busy machine takes longer; what the engine itself needs is its processor time.
    assert min(seconds) < 1 or processor_time_s() < 1


def processor_time_s():
    """Return the processor time an engine takes to get ready and leave again."""
    code = "from musicassist.engine.host import run_engine; run_engine(['--fake-devices'])"
    before = os.times()
    subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def test_a_window_that_reads_nothing_does_not_stop_it(start_engine):
    """More than a pipe holds is said; it still obeys, and leaves when the window dies."""
    process = subprocess.Popen(
        [sys.executable, "-m", "musicassist.engine", "--fake-devices"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        keys = encode(PressKey(60)) + encode(ReleaseKey(60))
        process.stdin.write(2_000 * keys)
        process.stdin.write(encode(ShutDown()))
        process.stdin.close()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_what_was_played_before_the_window_died_comes_back(start_engine, tmp_path):
    file = tmp_path / "session.mas"
    first = start_engine("--fake-devices", "--session", str(file))
    assert first.wait_for(EngineReady).is_keeping
    first.wait_for(PhraseCaptured)
    first.send(PressKey(61), ReleaseKey(61), PressKey(62))
    n_events = len(demo_phrase()) + 3
    first.wait_for(PlayingKept, lambda kept: kept.n_events >= n_events)
    first.process.kill()
    first.leave()
    second = start_engine("--fake-devices", "--session", str(file))
    recovered = second.wait_for(
        PhraseCaptured, lambda phrase: 61 in {event.data1 for event in phrase.take.events}
    )
    assert recovered.was_recovered
    assert [event.data1 for event in recovered.take.events] == [61, 61, 62, 62]


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
from musicassist.storage import journal
from musicassist.audio import open_synth, output, soundfont_synth
from musicassist.midi import outputs, ports
heavy = {"PySide6", "onnxruntime", "tensorflow", "keras", "music21"}
sys.exit(", ".join(heavy & set(sys.modules)) or 0)
"""


def test_the_engine_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="Windows ends processes otherwise")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_programs_lets_it_leave_in_order(start_engine, tmp_path, name):
    """Without a farewell JACK would keep everybody's sound waiting."""
    engine = start_engine("--fake-devices", "--session", str(tmp_path / "a.musicassist"))
    engine.wait_for(EngineReady)
    engine.process.send_signal(getattr(signal, name))
    assert engine.process.wait(10) == 0
