import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.engine.player import Player
from musicassist.engine.protocol import LoopRange
from musicassist.engine.score import Score
from musicassist.music.clip import Clip
from musicassist.music.note import PITCH_BEND, SUSTAIN, ControlPoint, Note
from musicassist.music.timebase import TempoChange, Timebase

TIMEBASE = Timebase.steady(120)
RATE_HZ = 48_000  # 50 frames a tick
WHOLE = LoopRange(0, 480)


def score_of(*notes, length_ticks=1920, controls=(), timebase=TIMEBASE):
    return Score(Clip(notes, length_ticks, controls), timebase, RATE_HZ)


def player_of(score, start_ticks=0, **options):
    player = Player(score, RATE_HZ, start_ticks, **options)
    assert player.begin(None) == ([], None)
    return player


def play_all(player, blocks, most=10_000):
    """Return everything played as (absolute frame, status, data1, data2)."""
    played, at = [], 0
    for n_frames in blocks:
        for message in player.advance(n_frames).messages:
            assert 0 <= message.frame <= n_frames
            played.append((at + message.frame, *message[1:]))
        at += n_frames
        if not player.is_playing or len(played) > most:
            break
    return played


def struck(played):
    return [(at, pitch) for at, status, pitch, _ in played if status & 0xF0 == 0x90]


notes = st.lists(
    st.builds(Note, st.integers(0, 479), st.integers(1, 900), st.integers(60, 63)), max_size=12
)
block_sizes = st.lists(st.integers(1, 5000), min_size=1, max_size=20)


@given(notes, block_sizes)
def test_every_message_falls_on_its_frame_however_blocks_are_cut(notes, sizes):
    score = score_of(*notes, length_ticks=480)
    played = play_all(player_of(score), sizes * 24_001)
    assert played == [tuple(message) for message in score.messages]


@given(
    notes,
    block_sizes,
    st.integers(0, 600),
    st.sampled_from([None, WHOLE, LoopRange(100, 300)]),
    st.integers(0, 15),
    st.integers(0, 1),
)
def test_no_note_hangs_wherever_playback_starts_and_stops(
    notes, sizes, start, loop, n_stop, n_bars
):
    player = player_of(score_of(*notes, length_ticks=480), start, loop=loop, count_in_bars=n_bars)
    messages = [m for size in sizes[:n_stop] for m in player.advance(size).messages]
    assert not sounding_after(messages + player.stop())
    assert player.advance(100).messages == []


def sounding_after(messages):
    sounding = set()
    for message in messages:
        (sounding.add if message.status == 0x90 else sounding.discard)(message.data1)
    return sounding


def test_a_loop_comes_round_on_the_very_frame():
    player = player_of(score_of(Note(0, 240, 60), length_ticks=480), loop=WHOLE)
    assert [at for at, _ in struck(play_all(player, [997] * 100))] == [
        0,
        24_000,
        48_000,
        72_000,
        96_000,
    ]


def test_a_loop_within_the_clip_plays_its_part_again_and_again():
    score = score_of(Note(0, 100, 60), Note(480, 100, 62), Note(960, 100, 64))
    player = player_of(score, 0, loop=LoopRange(480, 960))
    assert struck(play_all(player, [1000] * 80)) == [
        (0, 60),
        (24_000, 62),
        (48_000, 62),
        (72_000, 62),
    ]


def test_a_loop_longer_than_the_clip_waits_for_its_end():
    player = player_of(score_of(Note(0, 100, 60), length_ticks=480), loop=LoopRange(0, 960))
    assert struck(play_all(player, [1000] * 60)) == [(0, 60), (48_000, 60)]


def test_a_start_behind_the_loop_plays_on_to_the_end():
    score = score_of(Note(480, 100, 62), Note(960, 100, 64))
    player = player_of(score, 960, loop=LoopRange(0, 480))
    assert struck(play_all(player, [1000] * 60)) == [(0, 64)]
    assert not player.is_playing


def test_what_rings_at_the_end_of_a_loop_is_ended_before_it_turns():
    controls = (ControlPoint(240, SUSTAIN, 127), ControlPoint(240, PITCH_BEND, 9000))
    score = score_of(Note(240, 900, 60), length_ticks=480, controls=controls)
    player = player_of(score, loop=WHOLE)
    played = play_all(player, [24_000])
    assert played[-3:] == [
        (24_000, 0x80, 60, 64),
        (24_000, 0xB0, SUSTAIN, 0),
        (24_000, 0xE0, 0, 64),
    ]


def test_at_every_turn_controls_stand_as_they_do_at_the_loops_start():
    controls = (ControlPoint(0, 1, 30), ControlPoint(300, 1, 90))
    player = player_of(score_of(controls=controls), loop=LoopRange(240, 480))
    played = play_all(player, [12_000] * 4)
    assert played == [
        (0, 0xB0, 1, 30),
        (15_000, 0xB0, 1, 90),
        (24_000, 0xB0, 1, 0),
        (24_000, 0xB0, 1, 30),
        (27_000, 0xB0, 1, 90),
        (36_000, 0xB0, 1, 0),
        (36_000, 0xB0, 1, 30),
        (39_000, 0xB0, 1, 90),
        (48_000, 0xB0, 1, 0),
    ]


def test_stop_ends_notes_and_lifts_the_pedal():
    player = player_of(score_of(Note(0, 480, 60), controls=(ControlPoint(0, SUSTAIN, 127),)))
    player.advance(100)
    assert {m[1:3] for m in player.stop()} == {(0x80, 60), (0xB0, SUSTAIN)}
    assert player.stop() == []


def test_starting_in_the_middle_sets_controls_as_they_stand_there():
    controls = (ControlPoint(0, SUSTAIN, 127), ControlPoint(100, 1, 30), ControlPoint(200, 1, 60))
    score = score_of(Note(0, 400, 60), Note(480, 10, 62), controls=controls)
    played = play_all(player_of(score, 300), [9001])
    assert played[:2] == [(0, 0xB0, SUSTAIN, 127), (0, 0xB0, 1, 60)]
    assert [m for m in played if m[1] == 0x90] == [(180 * 50, 0x90, 62, 90)]


def test_playback_ends_with_the_clip():
    player = player_of(score_of(length_ticks=480))
    player.advance(23_999)
    assert player.is_playing
    player.advance(1)
    assert not player.is_playing


def test_endless_playback_runs_on_after_the_clip():
    player = player_of(score_of(Note(0, 480, 60), length_ticks=480), is_endless=True)
    played = play_all(player, [10_000] * 10)
    assert played == [(0, 0x90, 60, 90), (24_000, 0x80, 60, 64)]
    assert player.is_playing
    assert player.frame == 100_000


@pytest.mark.parametrize("loop", [LoopRange(0, 0), None])
def test_an_empty_clip_ends_at_once(loop):
    player = player_of(score_of(length_ticks=0), loop=loop)
    assert player.advance(256).messages == []
    assert not player.is_playing


def clicks_of(player, n_blocks, n_frames, is_clicking=False):
    return [
        (index * n_frames + click.frame, click.is_accented)
        for index in range(n_blocks)
        for click in player.advance(n_frames, is_clicking).clicks
    ]


def test_a_count_in_clicks_a_bar_before_the_first_note():
    player = player_of(score_of(Note(0, 100, 60)), count_in_bars=1)
    played, clicks = [], []
    for index in range(200):
        block = player.advance(1000)
        clicks += [index * 1000 + click.frame for click in block.clicks]
        played += [index * 1000 + m.frame for m in block.messages if m.status == 0x90]
    assert clicks == [0, 24_000, 48_000, 72_000]
    assert played == [96_000]


def test_the_metronome_clicks_on_its_frames_however_blocks_are_cut():
    expected = [(n * 24_000, n % 4 == 0) for n in range(5)]
    score = score_of(length_ticks=4800)
    for n_frames in (997, 24_000, 5000):
        clicks = clicks_of(player_of(score), 110_000 // n_frames + 1, n_frames, is_clicking=True)
        assert clicks[:5] == expected


def test_a_loop_clicks_from_its_start_again():
    player = player_of(score_of(length_ticks=1920), loop=LoopRange(240, 960))
    clicks = clicks_of(player, 100, 1000, is_clicking=True)
    assert clicks == [(0, True), (24_000, False), (60_000, False), (96_000, False)]


def test_a_metronome_switched_on_in_the_middle_clicks_on_the_next_count():
    player = player_of(score_of(length_ticks=4800))
    clicks_of(player, 1, 30_000)
    assert clicks_of(player, 1, 20_000, is_clicking=True) == [(18_000, False)]


def swapped(before, score, **options):
    after = Player(score, RATE_HZ, None, **options)
    return after, *after.begin(before)


def test_another_clip_takes_over_at_the_very_frame():
    before = player_of(score_of(Note(0, 100, 60), Note(480, 100, 62)))
    before.advance(23_999)
    after, messages, turn = swapped(before, score_of(Note(480, 100, 72)))
    assert (messages, turn) == ([], None)
    assert struck(play_all(after, [100])) == [(1, 72)]
    assert not before.is_playing


def test_a_new_tempo_keeps_the_musical_place():
    before = player_of(score_of(length_ticks=4800))
    before.advance(24_000)
    after, *_ = swapped(before, score_of(Note(960, 10, 60), timebase=Timebase.steady(60)))
    assert struck(play_all(after, [1000] * 60)) == [(48_000, 60)]


def test_a_note_that_both_hold_sounds_on_and_others_are_ended():
    before = player_of(score_of(Note(0, 960, 60), Note(0, 960, 62), Note(0, 100, 64)))
    before.advance(10_000)
    after, messages, _ = swapped(before, score_of(Note(0, 480, 60), Note(300, 100, 62)))
    assert [message[1:3] for message in messages] == [(0x80, 62)]
    played = play_all(after, [1000] * 20)
    assert (14_000, 0x80, 60, 64) in played
    assert struck(played) == [(5_000, 62)]


def test_controls_that_stand_alike_are_left_alone_and_others_put_right():
    pedal = ControlPoint(0, SUSTAIN, 127)
    before = player_of(score_of(controls=(pedal, ControlPoint(0, 1, 50))))
    before.advance(100)
    after, messages, _ = swapped(before, score_of(controls=(pedal, ControlPoint(0, 11, 80))))
    assert [tuple(message) for message in messages] == [(0, 0xB0, 1, 0)]
    assert play_all(after, [100]) == [(0, 0xB0, 11, 80)]
    assert {message[1:] for message in after.stop()} == {(0xB0, SUSTAIN, 0), (0xB0, 11, 127)}


@given(notes, notes, st.integers(1, 30_000), st.integers(1, 30_000), st.integers(100, 200))
def test_no_note_hangs_whatever_takes_over(first, second, n_before, n_after, bpm):
    before = player_of(score_of(*first, length_ticks=480), loop=WHOLE)
    messages = before.advance(n_before).messages
    score = score_of(*second, length_ticks=480, timebase=Timebase.steady(bpm))
    after, handed_over, _ = swapped(before, score, loop=WHOLE)
    messages += [*handed_over, *after.advance(n_after).messages, *after.stop()]
    assert not sounding_after(messages)


def test_a_takeover_while_counting_in_counts_on():
    before = player_of(score_of(), 480, count_in_bars=1)
    before.advance(50_000)
    after, *_ = swapped(before, score_of(Note(480, 100, 60)))
    assert struck(play_all(after, [1000] * 60)) == [(46_000, 60)]


def test_a_takeover_behind_a_shorter_loop_turns_at_once():
    before = player_of(score_of(length_ticks=1920), loop=LoopRange(0, 1920))
    before.advance(50_000)  # at 1000 ticks
    after, _, turn = swapped(before, score_of(length_ticks=960), loop=LoopRange(0, 960))
    assert turn == pytest.approx((0, 1, 1000.0, 40.0))
    assert after.frame == 2_000


def test_a_takeover_of_nothing_begins_at_the_start():
    after = Player(score_of(Note(0, 10, 60)), RATE_HZ, None)
    after.begin(None)
    assert struck(play_all(after, [10])) == [(0, 60)]


def test_a_block_never_walks_through_a_long_tempo_map():
    class Tempos(tuple):
        """Counts how many of them are looked at."""

        n_seen = 0

        def __getitem__(self, index):
            Tempos.n_seen += 1
            return super().__getitem__(index)

        def __iter__(self):
            Tempos.n_seen += len(self)
            return super().__iter__()

    n = 20_000
    tempos = Tempos(TempoChange(10 * index, 500_000 + index % 7) for index in range(n))
    player = player_of(score_of(length_ticks=10 * n, timebase=Timebase(tempos)), 100_000)
    Tempos.n_seen = 0
    clicks = [click for _ in range(200) for click in player.advance(256, True).clicks]
    assert len(clicks) >= 2
    assert 0 < Tempos.n_seen < n
