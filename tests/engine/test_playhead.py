import pytest

from musicassist.engine.player import Player, Span
from musicassist.engine.playhead import KEPT_S, LONGEST_GUESS_S, HeardPoint, Playhead
from musicassist.engine.protocol import LoopRange
from musicassist.engine.score import Score
from musicassist.music.clip import Clip
from musicassist.music.timebase import Timebase

RATE_HZ = 48_000  # 96 ticks are 100 ms
BLOCK = 4_800


@pytest.fixture
def player():
    score = Score(Clip(length_ticks=1920), Timebase.steady(120), RATE_HZ)
    return Player(score, RATE_HZ, loop=LoopRange(0, 960))


@pytest.fixture
def playhead():
    return Playhead(RATE_HZ)


def block(player, heard_s, frame, **changes):
    span = Span(0, frame, BLOCK, None, None, 0, 0.0)._replace(**changes)
    return HeardPoint(heard_s, player, span)


def ticks_at(playhead, moment_s):
    place = playhead.place_at(moment_s)
    return None if place is None else place.ticks


def test_nothing_was_heard_before_anything_played(playhead):
    assert playhead.place_at(1.0) is None


def test_a_place_lies_within_the_block_that_was_heard(playhead, player):
    for index in range(3):
        playhead.add(block(player, 10 + index / 10, index * BLOCK))
    assert ticks_at(playhead, 10.0) == 0
    assert ticks_at(playhead, 10.15) == pytest.approx(144)


def test_what_comes_late_is_heard_late(playhead, player):
    playhead.add(block(player, 10.0, 0))
    playhead.add(block(player, 10.3, BLOCK))
    assert ticks_at(playhead, 10.2) == pytest.approx(96)
    assert ticks_at(playhead, 10.35) == pytest.approx(144)


def test_just_before_the_start_is_just_before_the_first_place(playhead, player):
    playhead.add(HeardPoint(5.0))
    playhead.add(block(player, 10.0, 480 * 50))
    assert playhead.place_at(9.0) is None
    place = playhead.place_at(9.95)
    assert place.ticks == pytest.approx(432)
    assert place.is_ahead


def test_after_a_stop_there_is_no_place(playhead, player):
    playhead.add(block(player, 10.0, 0))
    playhead.add(HeardPoint(10.05))
    assert ticks_at(playhead, 10.04) == pytest.approx(38.4)
    assert playhead.place_at(10.06) is None


def test_while_blocks_are_late_the_music_is_taken_to_run_on_and_turn(playhead, player):
    turning = player.loop
    playhead.add(block(player, 10.0, turning.end_frame - BLOCK, turning=turning))
    place = playhead.place_at(10.15)
    assert (place.ticks, place.n_turns, place.turned_ticks) == (pytest.approx(48), 1, 960)
    assert place.unrolled_ticks == pytest.approx(1008)
    longest = 96 * (0.1 + LONGEST_GUESS_S) / 0.1 - 96
    assert ticks_at(playhead, 99.0) == pytest.approx(longest)


def test_time_never_runs_back_with_another_device(playhead, player):
    playhead.add(block(player, 10.0, 0))
    playhead.add(block(player, 9.5, BLOCK))
    assert ticks_at(playhead, 10.05) == pytest.approx(144)


def test_it_forgets_the_distant_past(playhead, player):
    for index in range(2_000):
        playhead.add(block(player, index / 10, index * BLOCK))
    assert len(playhead._points) <= 2 * KEPT_S * 10 + 2
    assert ticks_at(playhead, 199.9 - KEPT_S + 1) is not None
