import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.audio.schedule import Schedule, schedule_clip
from musicassist.engine.player import Player
from musicassist.music.clip import Clip
from musicassist.music.note import PITCH_BEND, SUSTAIN, ControlPoint, Note
from musicassist.music.timebase import Timebase

TIMEBASE = Timebase.steady(120)
RATE_HZ = 48_000  # 50 frames a tick


def schedule_of(*notes, length_ticks=1920, controls=()):
    return schedule_clip(Clip(notes, length_ticks, controls), TIMEBASE, RATE_HZ)


def play_all(player, blocks, most=10_000):
    """Return everything played as (absolute frame, status, data1, data2)."""
    played, at = [], 0
    for n_frames in blocks:
        for message in player.advance(n_frames):
            assert 0 <= message.frame <= n_frames
            played.append((at + message.frame, *message[1:]))
        at += n_frames
        if not player.is_playing or len(played) > most:
            break
    return played


notes = st.lists(
    st.builds(Note, st.integers(0, 479), st.integers(1, 900), st.integers(60, 63)), max_size=12
)
block_sizes = st.lists(st.integers(1, 5000), min_size=1, max_size=20)


@given(notes, block_sizes)
def test_every_message_falls_on_its_frame_however_blocks_are_cut(notes, sizes):
    schedule = schedule_of(*notes, length_ticks=480)
    played = play_all(Player(schedule), sizes * 24_001)
    assert played == [tuple(message) for message in schedule.messages]


@given(notes, block_sizes, st.integers(0, 600), st.booleans(), st.integers(0, 15))
def test_no_note_hangs_wherever_playback_starts_and_stops(notes, sizes, start, is_looping, n_stop):
    schedule = schedule_of(*notes, length_ticks=480)
    player = Player(schedule, start * 50, is_looping)
    messages = [m for size in sizes[:n_stop] for m in player.advance(size)] + player.stop()
    sounding = set()
    for message in messages:
        (sounding.add if message.status == 0x90 else sounding.discard)(message.data1)
    assert not sounding
    assert player.advance(100) == []


def test_a_loop_comes_round_on_the_very_frame():
    schedule = schedule_of(Note(0, 240, 60), length_ticks=480)
    played = play_all(Player(schedule, is_looping=True), [997] * 100)
    assert [at for at, status, *_ in played if status == 0x90] == [
        0,
        24_000,
        48_000,
        72_000,
        96_000,
    ]


def test_what_rings_at_the_end_of_a_loop_is_ended_before_it_turns():
    controls = (ControlPoint(240, SUSTAIN, 127), ControlPoint(240, PITCH_BEND, 9000))
    schedule = schedule_of(Note(240, 900, 60), length_ticks=480, controls=controls)
    player = Player(schedule, is_looping=True)
    played = play_all(player, [24_000])
    assert played[-3:] == [
        (24_000, 0x80, 60, 64),
        (24_000, 0xB0, SUSTAIN, 0),
        (24_000, 0xE0, 0, 64),
    ]


def test_stop_ends_notes_and_lifts_the_pedal():
    schedule = schedule_of(Note(0, 480, 60), controls=(ControlPoint(0, SUSTAIN, 127),))
    player = Player(schedule)
    player.advance(100)
    assert {m[1:3] for m in player.stop()} == {(0x80, 60), (0xB0, SUSTAIN)}
    assert player.stop() == []


def test_starting_in_the_middle_sets_controls_as_they_stand_there():
    controls = (ControlPoint(0, SUSTAIN, 127), ControlPoint(100, 1, 30), ControlPoint(200, 1, 60))
    schedule = schedule_of(Note(0, 400, 60), Note(480, 10, 62), controls=controls)
    played = play_all(Player(schedule, 300 * 50), [9001])
    assert played[:2] == [(0, 0xB0, SUSTAIN, 127), (0, 0xB0, 1, 60)]
    assert [m for m in played if m[1] == 0x90] == [(180 * 50, 0x90, 62, 90)]


def test_playback_ends_with_the_clip():
    player = Player(schedule_of(length_ticks=480))
    player.advance(23_999)
    assert player.is_playing
    player.advance(1)
    assert not player.is_playing


@pytest.mark.parametrize("is_looping", [True, False])
def test_an_empty_clip_ends_at_once(is_looping):
    player = Player(Schedule((), 0), is_looping=is_looping)
    assert player.advance(256) == []
    assert not player.is_playing


def test_the_playhead_waits_at_the_start_until_the_first_frame_is_heard():
    player = Player(schedule_of(length_ticks=480), 1000, is_looping=True)
    assert player.heard_frame(1000, -500) == 1000
    player.advance(24_000)
    assert player.heard_frame(1000, -1500) == 23_500
    assert player.heard_frame(23_900, 200) == 100
