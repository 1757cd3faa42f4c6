from itertools import pairwise

import pytest

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.fake import HandPumpedSink
from musicassist.audio.voices import ELECTRIC_PIANO
from musicassist.engine.devices import Devices
from musicassist.engine.engine import SCREEN_KEYBOARD, Engine
from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    InputPortsChanged,
    KeyMoved,
    NothingToGrab,
    Panic,
    PhraseCaptured,
    PlayClip,
    PlayheadMoved,
    PressKey,
    ReleaseKey,
    SetVolume,
    Stop,
)
from musicassist.errors import NoAudioError
from musicassist.midi.fake import FAKE_PORT, FakeInputs, demo_phrase
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.take import RawEvent
from musicassist.music.timebase import Timebase

RATE_HZ = 48_000
BLOCK_FRAMES = 240  # 5 ms
CLIP = Clip((Note(0, 240, 60), Note(240, 240, 64)), 480)


class Studio:
    """An engine with fake devices, moved through time by hand."""

    def __init__(self, script=(), troubles=(), sink=None):
        self.events = []
        self.sink = sink or HandPumpedSink(RATE_HZ)
        self.keyboard = None
        self.now_ns = 0
        devices = Devices(
            self.sink, BuiltinSynth(RATE_HZ, ELECTRIC_PIANO), self.plug_in(script), troubles
        )
        self.engine = Engine(devices, self.events.append, lambda: self.now_ns)
        self.engine.start()

    def plug_in(self, script):
        def open_inputs(on_event):
            self.keyboard = FakeInputs(on_event, script)
            return self.keyboard

        return open_inputs

    def wait(self, seconds):
        for _ in range(round(seconds * 200)):
            self.now_ns += 5_000_000
            self.sink.pump(BLOCK_FRAMES)
            self.engine.step()

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def studio():
    return Studio()


def test_the_engine_says_that_it_is_ready_first(studio):
    assert studio.events == [
        EngineReady("Hand-pumped output", RATE_HZ, 0.0, "Built-in sounds: electric piano"),
        InputPortsChanged((FAKE_PORT,)),
    ]


def test_a_phrase_played_on_a_port_is_captured_and_lights_keys():
    studio = Studio(demo_phrase())
    studio.wait(6)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.events == tuple(
        RawEvent(event.time_ns, event.status, event.data1, event.data2) for event in demo_phrase()
    )
    assert not captured.was_grabbed
    assert len(studio.of(KeyMoved)) == 30
    assert studio.of(KeyMoved)[0] == KeyMoved(65, True, False, FAKE_PORT)


def test_a_port_that_vanishes_mid_note_releases_it_and_says_so():
    pedal_and_note = (RawEvent(0, 0xB0, 64, 127), RawEvent(1, 0x95, 60, 90))
    studio = Studio(pedal_and_note)
    studio.wait(0.5)
    studio.keyboard.pull_plug()
    studio.wait(0.3)
    assert studio.engine._renderer.n_sounding == 0
    assert studio.of(KeyMoved)[-1] == KeyMoved(60, False, False, FAKE_PORT)
    assert studio.of(InputPortsChanged)[-1] == InputPortsChanged(())
    [trouble] = studio.of(EngineTrouble)
    assert FAKE_PORT in trouble.what
    studio.wait(2)
    assert len(studio.of(PhraseCaptured)) == 1
    studio.keyboard.plug_in()
    studio.wait(0.1)
    assert studio.of(InputPortsChanged)[-1] == InputPortsChanged((FAKE_PORT,))


def test_a_port_that_vanishes_releases_what_a_grab_has_taken_and_pads_too():
    studio = Studio((RawEvent(0, 0x90, 60, 90), RawEvent(1, 0x99, 36, 90)))
    studio.wait(0.2)
    studio.engine.obey(GrabPhrase())
    studio.keyboard.pull_plug()
    studio.wait(0.3)
    assert studio.engine._renderer.n_sounding == 0
    released = {key.pitch for key in studio.of(KeyMoved) if not key.is_down}
    assert released == {60, 36}


def test_a_port_that_vanishes_leaves_no_wheel_turned():
    studio = Studio((RawEvent(0, 0xE3, 0, 127), RawEvent(1, 0xB3, 1, 99)))
    studio.wait(0.2)
    studio.keyboard.pull_plug()
    studio.wait(0.2)
    synth = studio.engine._devices.synth
    assert set(synth._bend) == {1.0}
    assert set(synth._mod_cents) == {0.0}


def test_keys_on_the_screen_are_heard_and_captured(studio):
    studio.engine.obey(PressKey(67, 80))
    studio.wait(0.1)
    assert studio.engine._renderer.n_sounding == 1
    studio.engine.obey(ReleaseKey(67))
    studio.wait(2)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.source == SCREEN_KEYBOARD
    assert [event.data1 for event in captured.take.events] == [67, 67]


@pytest.mark.parametrize("command", [PressKey(128), PressKey(60, 0), ReleaseKey(-1)])
def test_a_key_that_does_not_exist_is_passed_over(studio, command):
    studio.engine.obey(command)
    studio.wait(2)
    assert not studio.of(KeyMoved)


def test_grab_takes_what_is_being_played_or_says_that_there_is_nothing(studio):
    studio.engine.obey(GrabPhrase())
    studio.engine.obey(PressKey(60))
    studio.wait(0.5)
    studio.engine.obey(GrabPhrase())
    assert len(studio.of(NothingToGrab)) == 1
    [captured] = studio.of(PhraseCaptured)
    assert captured.was_grabbed
    assert captured.take.events[-1].time_ns - captured.take.events[0].time_ns == 500_000_000


def test_the_playhead_moves_thirty_times_a_second_and_ends_once(studio):
    studio.engine.obey(PlayClip(CLIP, Timebase.steady(120)))
    studio.wait(1)
    heads = studio.of(PlayheadMoved)
    assert 12 <= len(heads) <= 18
    assert [head.ticks for head in heads] == sorted(head.ticks for head in heads)
    assert [head.is_playing for head in heads] == [True] * (len(heads) - 1) + [False]
    assert heads[-1].ticks == 480
    keys = [(key.pitch, key.is_down) for key in studio.of(KeyMoved) if key.is_playback]
    assert keys == [(60, True), (60, False), (64, True), (64, False)]


def test_a_loop_goes_on_until_stopped(studio):
    studio.engine.obey(PlayClip(CLIP, Timebase.steady(120), 240, is_looping=True))
    studio.wait(0.1)
    assert studio.of(PlayheadMoved)[0].ticks >= 240
    studio.wait(2.4)
    studio.engine.obey(Stop())
    studio.wait(0.3)
    heads = studio.of(PlayheadMoved)
    assert [head.is_playing for head in heads].count(False) == 1
    assert not heads[-1].is_playing
    assert sum(b.ticks < a.ticks for a, b in pairwise(heads)) >= 4
    assert studio.engine._renderer.n_sounding == 0


def test_a_new_clip_takes_over_without_an_end_in_between(studio):
    studio.engine.obey(PlayClip(CLIP, Timebase.steady(120)))
    studio.wait(0.48)
    studio.engine.obey(PlayClip(CLIP, Timebase.steady(120)))
    studio.wait(0.4)
    assert all(head.is_playing for head in studio.of(PlayheadMoved))


def test_every_report_says_of_which_playback_it_is(studio):
    studio.engine.obey(PlayClip(CLIP, Timebase.steady(120), play_id=7))
    studio.wait(0.3)
    studio.engine.obey(PlayClip(CLIP, Timebase.steady(120), play_id=8))
    studio.wait(1)
    ids = [head.play_id for head in studio.of(PlayheadMoved)]
    assert set(ids) == {7, 8}
    assert ids == sorted(ids)


def test_stop_while_nothing_plays_says_nothing(studio):
    studio.engine.obey(Stop())
    studio.wait(0.1)
    assert not studio.of(PlayheadMoved)


def test_panic_silences_a_held_key_and_lets_the_phrase_end(studio):
    studio.engine.obey(PressKey(60))
    studio.wait(0.2)
    studio.engine.obey(Panic())
    studio.wait(0.2)
    assert studio.engine._renderer.n_sounding == 0
    assert studio.of(KeyMoved)[-1] == KeyMoved(60, False, False, SCREEN_KEYBOARD)
    studio.wait(2)
    assert len(studio.of(PhraseCaptured)) == 1


@pytest.mark.parametrize(("volume_db", "gain"), [(0, 1), (6, 1), (-20, 0.1), (-60, 0), (-999, 0)])
def test_volume_is_in_decibels(studio, volume_db, gain):
    studio.engine.obey(SetVolume(volume_db))
    assert studio.engine._renderer._wanted_gain == pytest.approx(gain)


def test_what_is_missing_is_told_after_ready():
    studio = Studio(troubles=(NoAudioError("No loudspeaker.", "Plug one in."),))
    assert isinstance(studio.events[0], EngineReady)
    assert studio.events[1] == EngineTrouble("No loudspeaker.", "Plug one in.")


class RefusingSink(HandPumpedSink):
    def start(self, fill):
        raise NoAudioError("The device refused.", "Try another.")


def test_an_audio_device_that_refuses_leaves_an_engine_that_plays_silently():
    studio = Studio(sink=RefusingSink())
    assert studio.events[0] == EngineReady("", 0, 0.0, "Built-in sounds: electric piano")
    assert studio.events[1] == EngineTrouble("The device refused.", "Try another.")
    studio.engine.close()


def test_an_audio_device_that_goes_away_is_replaced_by_silence(studio):
    studio.sink.close()
    studio.now_ns += 2_000_000_000
    studio.engine.step()
    [trouble] = studio.of(EngineTrouble)
    assert trouble.what == "The audio device has gone."
    assert [ready.audio_device for ready in studio.of(EngineReady)] == ["Hand-pumped output", ""]
    studio.engine.step()
    studio.engine.close()
