import numpy as np
import pytest

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.fake import HandPumpedSink
from musicassist.audio.schedule import schedule_clip
from musicassist.audio.voices import ELECTRIC_PIANO
from musicassist.engine.player import Player
from musicassist.engine.renderer import PlaybackEnded, PlaybackKey, Renderer
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.take import RawEvent
from musicassist.music.timebase import Timebase

RATE_HZ = 48_000


@pytest.fixture
def sink():
    return HandPumpedSink(RATE_HZ)


@pytest.fixture
def renderer(sink):
    renderer = Renderer(BuiltinSynth(RATE_HZ, ELECTRIC_PIANO), RATE_HZ)
    sink.start(renderer.fill)
    return renderer


def player_of(*notes, length_ticks=1920, is_looping=False):
    schedule = schedule_clip(Clip(notes, length_ticks), Timebase.steady(120), RATE_HZ)
    return Player(schedule, is_looping=is_looping)


def pump(sink, seconds, block=256):
    return np.concatenate([sink.pump(block) for _ in range(round(seconds * RATE_HZ / block))])


def test_a_note_is_heard_from_its_very_frame(sink, renderer):
    renderer.play(player_of(Note(7, 400, 60)))  # 350 frames: in the middle of the second block
    sound = sink.pump(256), sink.pump(256)
    first = np.flatnonzero(np.abs(np.concatenate(sound)[:, 0]) > 1e-6)[0]
    assert 350 < first <= 353


def test_stop_silences_within_300_ms(sink, renderer):
    renderer.play(player_of(Note(0, 1900, 60), Note(0, 1900, 67)))
    assert np.abs(pump(sink, 0.5)).max() > 0.05
    renderer.stop()
    pump(sink, 0.3)
    assert np.abs(pump(sink, 0.1)).max() < 1e-3


def test_stop_leaves_what_the_person_holds(sink, renderer):
    renderer.play(player_of(Note(0, 1900, 60)))
    renderer.live.append(RawEvent(0, 0x90, 60, 100))
    pump(sink, 0.1)
    renderer.stop()
    pump(sink, 0.5)
    assert renderer.n_sounding == 1


def test_panic_silences_what_the_person_holds_too(sink, renderer):
    renderer.live.append(RawEvent(0, 0x90, 60, 100))
    pump(sink, 0.1)
    renderer.panic()
    pump(sink, 0.2)
    assert renderer.n_sounding == 0


def test_a_new_clip_replaces_the_old_one_and_its_notes(sink, renderer):
    renderer.play(player_of(Note(0, 1900, 60)))
    pump(sink, 0.1)
    renderer.play(player_of(Note(480, 480, 64)))
    pump(sink, 0.4)
    assert renderer.n_sounding == 0
    keys = [(fact.pitch, fact.is_down) for fact in renderer.facts]
    assert keys == [(60, True), (60, False)]


def test_facts_say_when_they_are_heard(sink, renderer):
    player = player_of(Note(120, 120, 60), length_ticks=480)
    renderer.play(player)
    pump(sink, 0.6)
    down, up, ended = renderer.facts
    assert down == PlaybackKey(pytest.approx(0.125), 60, True)
    assert up == PlaybackKey(pytest.approx(0.25), 60, False)
    assert ended == PlaybackEnded(pytest.approx(0.5), player)
    assert renderer.position is None


def test_volume_turns_everything_down_without_a_jump(sink, renderer):
    renderer.live.append(RawEvent(0, 0x90, 60, 100))
    loud = pump(sink, 0.2)
    renderer.set_gain(0.0)
    fading = sink.pump(256)
    assert np.abs(np.diff(fading[:, 0])).max() <= 1.1 * np.abs(np.diff(loud[-512:, 0])).max()
    assert not sink.pump(256).any()


def test_a_mistake_gives_silence_and_is_counted(sink, renderer, monkeypatch):
    def fail(_n_frames):
        raise ZeroDivisionError

    monkeypatch.setattr(renderer._synth, "render", fail)
    assert not sink.pump(256).any()
    assert renderer.n_faults == 1
