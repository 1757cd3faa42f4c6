import numpy as np
import pytest

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.fake import HandPumpedSink
from musicassist.engine.player import Player
from musicassist.engine.protocol import LoopRange
from musicassist.engine.renderer import (
    PlaybackEnded,
    PlaybackMessage,
    PlaybackTurned,
    Renderer,
)
from musicassist.engine.score import Score
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
    renderer = Renderer(BuiltinSynth(RATE_HZ), RATE_HZ)
    sink.start(renderer.fill)
    return renderer


def player_of(*notes, length_ticks=1920, **options):
    score = Score(Clip(notes, length_ticks), Timebase.steady(120), RATE_HZ)
    return Player(score, RATE_HZ, **options)


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
    renderer.live.append(("Keys", RawEvent(0, 0x90, 60, 100)))
    pump(sink, 0.1)
    renderer.stop()
    pump(sink, 0.5)
    assert renderer.n_sounding == 1


def test_a_room_rings_on_around_everything_but_the_click(sink, renderer):
    renderer.set_room(1.0)
    renderer.play(player_of(Note(0, 240, 60)))
    pump(sink, 0.3)
    renderer.stop()
    pump(sink, 0.3)
    assert 1e-3 < np.abs(pump(sink, 0.1)).max() < 0.1
    renderer.panic()
    pump(sink, 0.01)
    assert not pump(sink, 0.5).any()

    renderer.metronome = (True, True)
    renderer.play(player_of(length_ticks=1920))
    dry = pump(sink, 0.4)
    assert dry[:2000].any()
    assert not dry[4000:].any()


def test_panic_silences_what_the_person_holds_too(sink, renderer):
    renderer.live.append(("Keys", RawEvent(0, 0x90, 60, 100)))
    pump(sink, 0.1)
    renderer.panic()
    pump(sink, 0.2)
    assert renderer.n_sounding == 0


def test_panic_silences_what_was_struck_just_before_it(sink, renderer):
    renderer.live.append(("Keys", RawEvent(0, 0x90, 60, 100)))
    renderer.panic()
    pump(sink, 0.2)
    assert renderer.n_sounding == 0


def test_a_new_clip_replaces_the_old_one_and_its_notes(sink, renderer):
    renderer.play(player_of(Note(0, 1900, 60)))
    pump(sink, 0.1)
    renderer.play(player_of(Note(480, 480, 64)))
    pump(sink, 0.4)
    assert renderer.n_sounding == 0
    keys = [(fact.data1, fact.status & 0xF0) for fact in renderer.facts]
    assert keys == [(60, 0x90), (60, 0x80)]


def test_facts_say_when_they_are_heard(sink, renderer):
    player = player_of(Note(120, 120, 60), length_ticks=480)
    renderer.play(player)
    pump(sink, 0.6)
    down, up, ended = renderer.facts
    assert down == PlaybackMessage(pytest.approx(0.125), 0x90, 60, 90)
    assert up == PlaybackMessage(pytest.approx(0.25), 0x80, 60, 64)
    assert ended == PlaybackEnded(pytest.approx(0.5), player, 480)


def test_points_say_what_of_the_time_line_is_heard_and_when(sink, renderer):
    player = player_of(length_ticks=480, loop=LoopRange(0, 480))
    renderer.play(player)
    sink.pump(20_000)
    sink.pump(20_000)
    renderer.stop()
    sink.pump(100)
    heard = [(point.heard_s, point.span and point.span[:3]) for point in renderer.points]
    assert heard == [
        (0.0, (0, 0, 20_000)),
        (pytest.approx(20 / 48), (0, 20_000, 4_000)),
        (pytest.approx(24 / 48), (4_000, 0, 16_000)),
        (pytest.approx(40 / 48), None),
    ]
    [turned] = renderer.facts
    assert turned == PlaybackTurned(pytest.approx(0.5), player, (4_000, 1, 480, 0))


def test_a_count_in_is_heard_though_the_metronome_is_off(sink, renderer):
    renderer.play(player_of(count_in_bars=1))
    assert np.abs(pump(sink, 0.1)).max() > 0.1
    assert not pump(sink, 0.35).any()
    assert np.abs(pump(sink, 0.1)).max() > 0.1


def test_a_click_rings_on_over_blocks_and_has_its_own_volume(sink, renderer):
    renderer.metronome = (True, True)
    renderer.play(player_of())
    loud = pump(sink, 0.1, block=100)
    renderer.play(player_of())
    renderer.set_click_gain(0.5)
    soft = pump(sink, 0.1, block=1000)
    assert np.allclose(loud[:4000], soft[:4000] * 2, atol=0.03)  # the limiter bends a little
    renderer.set_click_gain(0.0)
    renderer.play(player_of())
    assert not pump(sink, 0.1).any()


def test_without_accent_all_clicks_are_alike(sink, renderer):
    renderer.metronome = (True, False)
    renderer.play(player_of())
    first, second = pump(sink, 0.5, block=240), pump(sink, 0.5, block=240)
    assert first.any()
    assert np.array_equal(first[:3000], second[:3000])


def test_a_key_held_on_two_keyboards_sounds_until_both_let_go(sink, renderer):
    for source in ("A", "B"):
        renderer.live.append((source, RawEvent(0, 0x90, 60, 100)))
    renderer.live.append(("A", RawEvent(0, 0x80, 60, 64)))
    pump(sink, 0.5)
    assert renderer.n_sounding >= 1
    renderer.live.append(("B", RawEvent(0, 0x80, 60, 64)))
    pump(sink, 0.5)
    assert renderer.n_sounding == 0


def test_the_load_is_the_share_of_a_block_that_rendering_takes(sink):
    moments = iter(range(10_000))
    renderer = Renderer(BuiltinSynth(RATE_HZ), RATE_HZ, clock_s=lambda: next(moments) * 0.0025)
    sink.start(renderer.fill)
    pump(sink, 4, block=480)
    assert renderer.load == pytest.approx(0.25, abs=0.01)


def test_volume_turns_everything_down_without_a_jump(sink, renderer):
    renderer.live.append(("Keys", RawEvent(0, 0x90, 60, 100)))
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
