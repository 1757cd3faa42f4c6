"""The engine process among real MIDI ports and a real audio server."""

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise

import numpy as np
import pytest
import rtmidi

from musicassist.engine.protocol import (
    SOLO_CHANNEL,
    ChooseMidiOutput,
    EngineReady,
    EngineTrouble,
    InputPortsChanged,
    KeyMoved,
    LoopRange,
    OutputPortsChanged,
    PhraseCaptured,
    PlayClip,
    PlayheadMoved,
    PressKey,
    ReleaseKey,
    SoundHealth,
    Stop,
    TakeRecorded,
)
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

pytestmark = pytest.mark.rig

RATE_HZ = 48_000

# A keyboard in a process of its own: each line of JSON is [[wait in seconds, message], ...]; it
# answers with the moments it sent them. An empty line pulls the plug.
KEYBOARD = """
import json, sys, time
import rtmidi
port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="Test Keys")
port.open_virtual_port("out")
print("ready", flush=True)
for line in sys.stdin:
    if not line.strip():
        break
    moments = []
    for wait_s, message in json.loads(line):
        time.sleep(wait_s)
        moments.append(time.perf_counter_ns())
        port.send_message(message)
    print(json.dumps(moments), flush=True)
port.close_port()
port.delete()
"""


class Keyboard:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", KEYBOARD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def play(self, *messages):
        self.process.stdin.write(json.dumps(messages) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def pull_plug(self):
        if self.process.poll() is None:
            self.process.communicate("\n", timeout=20)
        else:
            self.process.communicate()


@pytest.fixture
def plug_in():
    keyboards = []

    def plug_in():
        keyboards.append(Keyboard())
        return keyboards[-1]

    yield plug_in
    for keyboard in keyboards:
        keyboard.pull_plug()


def has_keys(ports):
    return any("Test Keys" in port.name and port.is_open for port in ports.ports)


PHRASE = (
    (0.1, [0xB0, 64, 127]),
    (0.1, [0x90, 65, 101]),
    (0.25, [0x90, 68, 55]),
    (0.05, [0x80, 65, 0]),
    (0.2, [0x90, 72, 127]),
    (0.1, [0x80, 68, 0]),
    (0.1, [0x90, 72, 0]),
    (0.1, [0xB0, 64, 0]),
)


def test_a_phrase_from_another_process_is_captured_as_it_was_played(start_engine, plug_in):
    keyboard = plug_in()
    engine = start_engine()
    engine.wait_for(InputPortsChanged, has_keys)
    moments = keyboard.play(*PHRASE)
    take = engine.wait_for(PhraseCaptured).take
    assert "Test Keys" in take.source
    assert [[e.status, e.data1, e.data2] for e in take.events] == [m for _, m in PHRASE]
    # Both processes read one clock; JACK hands over once a period (5 ms), this machine may be busy.
    late_ms = [(e.time_ns - at) / 1e6 for e, at in zip(take.events, moments, strict=True)]
    assert min(late_ms) >= 0
    assert np.median(late_ms) < 20
    assert max(late_ms) < 100


def test_a_keyboard_pulled_mid_note_is_released_told_and_found_again(start_engine, plug_in):
    engine = start_engine()
    engine.wait_for(EngineReady)
    keyboard = plug_in()
    engine.wait_for(InputPortsChanged, has_keys)
    keyboard.play((0, [0xB0, 64, 127]), (0, [0x90, 60, 100]))
    engine.wait_for(KeyMoved, lambda key: key.is_down)
    keyboard.pull_plug()
    assert not engine.wait_for(KeyMoved).is_down
    assert "Test Keys" in engine.wait_for(EngineTrouble).what
    assert not has_keys(engine.wait_for(InputPortsChanged))
    assert engine.wait_for(PhraseCaptured).take.n_notes == 1
    again = plug_in()
    engine.wait_for(InputPortsChanged, has_keys)
    again.play((0, [0x90, 62, 90]), (0.01, [0x80, 62, 0]))
    assert engine.wait_for(KeyMoved).pitch == 62


@pytest.mark.parametrize("out_s", [0.0, 0.3, 1.0, 4.0])
@pytest.mark.parametrize("is_killed", [False, True])
def test_a_keyboard_plugged_in_again_soon_with_a_note_held_is_heard_again(
    start_engine, plug_in, out_s, is_killed
):
    engine = start_engine()
    engine.wait_for(EngineReady)
    keyboard = plug_in()
    engine.wait_for(InputPortsChanged, has_keys)
    keyboard.play((0, [0x90, 60, 100]))
    engine.wait_for(KeyMoved, lambda key: key.is_down)
    if is_killed:  # JACK notices after five seconds, and lets nobody in before
        keyboard.process.kill()
    keyboard.pull_plug()
    time.sleep(out_s)
    again = plug_in()
    back_s = time.perf_counter()
    assert not engine.wait_for(KeyMoved).is_down
    engine.wait_for(InputPortsChanged, has_keys)
    assert time.perf_counter() - back_s < 2
    again.play((0, [0x90, 62, 90]), (0.01, [0x80, 62, 0]))
    assert engine.wait_for(KeyMoved).pitch == 62


def test_an_engine_that_leaves_does_not_hold_up_the_next_one(start_engine):
    """A client that leaves JACK without a farewell stalls the whole graph for five seconds."""
    for _ in range(2):
        engine = start_engine()
        engine.wait_for(EngineReady)
        assert time.perf_counter() - engine.started_s < 4
        assert engine.leave()[0] == 0


class Recording:
    """What comes out of the audio server's default output."""

    def __enter__(self):
        self.file = tempfile.TemporaryFile()
        options = ["--raw", "--format=float32le", f"--rate={RATE_HZ}", "--channels=2"]
        self.process = subprocess.Popen(
            ["parec", "-d", "@DEFAULT_MONITOR@", "--latency-msec=20", *options], stdout=self.file
        )
        deadline_s = time.monotonic() + 10
        while self.file.seek(0, 2) == 0:  # until it runs
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.file.seek(0)
        data = self.file.read()
        self.file.close()
        self.sound = np.frombuffer(data[: len(data) // 8 * 8], "<f4").reshape(-1, 2).mean(axis=1)


def strongest_hz(sound):
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 4 * len(sound)))
    hz = np.fft.rfftfreq(4 * len(sound), 1 / RATE_HZ)
    spectrum[hz < 50] = 0
    return float(hz[np.argmax(spectrum)])


def long_clip(pitch, channel):
    return Clip((Note(0, 1900, pitch, 110, channel),), 1920)


def test_a_clip_is_heard_at_its_pitch_and_stop_silences_it(start_engine):
    engine = start_engine()
    ready = engine.wait_for(EngineReady)
    assert ready.audio_device
    assert ready.sample_rate_hz >= 44_100
    with Recording() as recording:
        engine.send(PlayClip(long_clip(81, 0), Timebase.steady(60)))
        engine.wait_for(PlayheadMoved)
        engine.listen(1.5)
        engine.send(Stop())
        assert not engine.wait_for(PlayheadMoved, lambda head: not head.is_playing).is_playing
        time.sleep(1.2)
    level = np.array([np.abs(part).max() for part in np.array_split(recording.sound, 100)])
    loud = np.flatnonzero(level > 0.02)
    assert len(loud) > 10, "nothing was heard"
    n_part = len(recording.sound) // 100
    middle = recording.sound[loud[0] * n_part : (loud[-1] + 1) * n_part]
    assert abs(1200 * np.log2(strongest_hz(middle) / 880)) < 20
    assert level.max() < 1.0
    assert level[-10:].max() < 1e-3, "it sounds on after Stop"


def test_the_solo_has_a_voice_of_its_own(start_engine):
    engine = start_engine()
    engine.wait_for(EngineReady)
    with Recording() as recording:
        engine.send(PlayClip(long_clip(57, SOLO_CHANNEL), Timebase.steady(120)))
        engine.wait_for(PlayheadMoved, lambda head: not head.is_playing)
    loud = recording.sound[np.abs(recording.sound) > 1e-3]
    assert len(loud) > RATE_HZ
    spectrum = np.abs(np.fft.rfft(recording.sound * np.hanning(len(recording.sound))))
    hz = np.fft.rfftfreq(len(recording.sound), 1 / RATE_HZ)
    power = spectrum**2
    partials = [power[np.abs(hz - n * 220) < 25].sum() for n in range(1, 9)]
    assert sum(partials) > 0.8 * power.sum()
    assert min(partials[:5]) > 1e-3 * max(partials)  # a guitar's overtones, which a piano lacks


def test_a_key_is_heard_though_the_window_says_nothing(start_engine, plug_in):
    keyboard = plug_in()
    engine = start_engine()
    engine.wait_for(InputPortsChanged, has_keys)
    with Recording() as recording:
        keyboard.play((0.2, [0x93, 69, 120]), (0.6, [0x83, 69, 0]))
        time.sleep(0.8)
    loud = np.flatnonzero(np.abs(recording.sound) > 0.02)
    assert len(loud), "nothing was heard"
    assert abs(1200 * np.log2(strongest_hz(recording.sound[loud[0] : loud[-1]]) / 440)) < 20
    assert np.abs(recording.sound[-4800:]).max() < 1e-3


@pytest.fixture
def mortal_jack(_room_for_a_second_jack):
    """Start a JACK server of the test's own; return its process and its name."""
    name = f"{os.environ['JACK_DEFAULT_SERVER']}-mortal"
    command = ["jackd", "-n", name, "--no-realtime", "-S", "-p", "64"]
    server = subprocess.Popen(
        [*command, "-d", "dummy", "-r", "48000", "-p", "256"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield server, name
    server.kill()
    server.wait(20)


def test_a_sound_server_that_dies_is_noticed_and_the_engine_lives_and_leaves(
    start_engine, mortal_jack
):
    server, name = mortal_jack
    environment = {"JACK_DEFAULT_SERVER": name}
    deadline_s = time.monotonic() + 20
    while subprocess.run(
        ["jack_lsp", "-s", name], capture_output=True, env=os.environ | environment, check=False
    ).returncode:
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    engine = start_engine("--audio-device", "system", **environment)
    ready = engine.wait_for(EngineReady)
    assert ready.audio_device == "system"
    assert "system" in ready.audio_devices
    engine.send(PlayClip(long_clip(60, 0), Timebase.steady(20), loop=LoopRange(0, 1920)))
    engine.wait_for(PlayheadMoved)
    died_s = time.perf_counter()
    server.kill()
    gone = engine.wait_for(EngineReady)
    assert time.perf_counter() - died_s < 4  # two seconds, and what a busy machine adds
    assert gone.audio_device == ""
    engine.wait_for(EngineTrouble, lambda trouble: "audio device" in trouble.what)
    at = engine.wait_for(PlayheadMoved).ticks
    assert engine.wait_for(PlayheadMoved, lambda head: head.ticks > at).is_playing
    engine.send(PressKey(60), ReleaseKey(60))
    engine.wait_for(KeyMoved, lambda key: not key.is_down and not key.is_playback)
    code, seconds = engine.leave()
    assert code == 0
    assert seconds < 4


@pytest.mark.parametrize("frames", [128, 512])
def test_as_many_frames_are_asked_for_as_the_user_wants(start_engine, frames):
    engine = start_engine("--audio-device", "pulse", "--block-frames", str(frames))
    engine.wait_for(EngineReady)
    engine.send(PlayClip(long_clip(60, 0), Timebase.steady(120)))
    engine.wait_for(PlayheadMoved)
    health = engine.wait_for(SoundHealth)
    assert health.latency_ms > 0
    assert health.load < 1


def test_what_is_played_back_goes_out_of_a_real_port_in_time(start_engine):
    listener = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name="Test DAW")
    arrived = []
    listener.set_callback(lambda message, _: arrived.append((time.perf_counter(), message[0][:2])))
    engine = start_engine()
    try:
        listener.open_virtual_port("in")
        engine.wait_for(OutputPortsChanged, lambda ports: any("Test DAW" in n for n in ports.names))
        name = next(n for n in engine.events[-1].names if "Test DAW" in n)
        engine.send(ChooseMidiOutput(name))
        engine.wait_for(OutputPortsChanged, lambda ports: ports.chosen == name)
        notes = tuple(Note(240 * index, 120, 60 + index) for index in range(12))
        engine.send(PlayClip(Clip(notes, 2880), Timebase.steady(120)))
        engine.wait_for(PlayheadMoved, lambda head: not head.is_playing)
        engine.listen(0.2)
    finally:
        listener.cancel_callback()
        listener.close_port()
        listener.delete()
    struck = [(at, data[1]) for at, data in arrived if data[0] == 0x90]
    ended = [data[1] for _, data in arrived if data[0] == 0x80]
    assert [pitch for _, pitch in struck] == list(range(60, 72)) == ended
    gaps_ms = [1000 * (b[0] - a[0]) for a, b in pairwise(struck)]
    assert abs(np.median(gaps_ms) - 250) < 6  # JACK sends once a period
    assert abs(sum(gaps_ms) - 11 * 250) < 40


def test_what_is_played_on_the_heard_beat_is_recorded_on_it(start_engine, plug_in):
    """The keyboard plays when the clock says that the beat is heard."""
    keyboard = plug_in()
    engine = start_engine()
    engine.wait_for(InputPortsChanged, has_keys)
    engine.send(
        PlayClip(Clip(), Timebase.steady(120), count_in_bars=1, is_recording=True, is_endless=True)
    )
    head = engine.wait_for(PlayheadMoved)
    heard_s = time.perf_counter()
    late_s = []
    while head.ticks < -400:
        head = engine.wait_for(PlayheadMoved)
        if head.ticks > -1440:  # until then a sound server still finds out how late it is
            late_s.append(time.perf_counter() - heard_s - (head.ticks + 1920) / 960)
    # The report that took the least time to come says most.
    beat_s = heard_s + min(late_s) + 1920 / 960  # when tick 0 is heard
    for beat in range(4):
        time.sleep(max(0.0, beat_s + 0.5 * beat - time.perf_counter()))
        keyboard.play((0, [0x90, 60 + beat, 90]), (0.02, [0x80, 60 + beat, 0]))
    engine.send(Stop())
    take = engine.wait_for(TakeRecorded).take
    pairs = zip(take.events, take.places_ticks, strict=True)
    places = [place for event, place in pairs if event.is_note_on]
    # Half a JACK period, two pipes and this busy machine lie between: 20 ms are 19 ticks.
    assert len(places) == 4
    assert abs(np.median([place - 480 * beat for beat, place in enumerate(places)])) < 25
