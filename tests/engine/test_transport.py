from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.audio.schedule import FrameLine
from musicassist.engine.protocol import LoopRange
from musicassist.engine.transport import ClickTrack, CountIn, loop_on
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

RATE_HZ = 48_000

tempo_maps = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(150_000, 2_000_000)), max_size=8
).map(
    lambda steps: (
        TempoChange(0, 500_000),
        *(TempoChange(480 * (index + 1) + ticks, us) for index, (ticks, us) in enumerate(steps)),
    )
)


def in_order(tempos):
    return tuple(sorted({tempo.onset_ticks: tempo for tempo in tempos}.values()))


@given(tempo_maps.map(in_order), st.integers(0, 20_000))
def test_a_frame_leads_back_to_its_place(tempos, ticks):
    line = FrameLine(Timebase(tempos), RATE_HZ)
    assert line.ticks_at(line.frame_at(ticks)) == pytest.approx(ticks, abs=0.1)
    assert line.frame_at(line.ticks_at(line.frame_at(ticks))) == line.frame_at(ticks)


def clicks(timebase, n, frame=0):
    track = ClickTrack(timebase, FrameLine(timebase, RATE_HZ), RATE_HZ)
    found = [track.next_from(frame)]
    while len(found) < n:
        found.append(track.next_after(found[-1]))
    return [(click.frame, click.is_accented) for click in found]


@pytest.mark.parametrize(
    ("numerator", "denominator", "count_frames"),
    [(4, 4, 24_000), (3, 4, 24_000), (6, 8, 12_000), (7, 8, 12_000), (2, 2, 48_000)],
)
def test_it_clicks_on_the_counts_of_the_metre_and_accents_the_first(
    numerator, denominator, count_frames
):
    timebase = Timebase.steady(120, numerator, denominator)
    assert clicks(timebase, 15) == [
        (index * count_frames, index % numerator == 0) for index in range(15)
    ]


def test_clicks_follow_tempo_and_metre():
    timebase = Timebase(
        (TempoChange(0, 500_000), TempoChange(1920, 1_000_000)),
        (MeterChange(0, 4, 4), MeterChange(1920, 3, 8)),
    )
    assert clicks(timebase, 8) == [
        (0, True),
        (24_000, False),
        (48_000, False),
        (72_000, False),
        (96_000, True),
        (120_000, False),
        (144_000, False),
        (168_000, True),
    ]


@given(st.integers(30, 300), st.integers(0, 3_000_000))
def test_the_next_click_is_the_first_at_or_after_a_frame(bpm, frame):
    timebase = Timebase.steady(bpm)
    line = FrameLine(timebase, RATE_HZ)
    click = ClickTrack(timebase, line, RATE_HZ).next_from(frame)
    count = next(n for n in range(10_000) if line.frame_at(480 * n) >= frame)
    assert click.frame == line.frame_at(480 * count)
    assert click.is_accented == (count % 4 == 0)


def test_at_an_absurd_tempo_clicks_keep_apart():
    frames = [frame for frame, _ in clicks(Timebase.steady(60_000_000, 4, 64), 5)]
    assert all(960 <= b - a < 1100 for a, b in pairwise(frames))


def count_in_clicks(timebase, start_ticks, length_ticks):
    count_in = CountIn(timebase, FrameLine(timebase, RATE_HZ), start_ticks, length_ticks)
    frame, found = count_in.start_frame - count_in.n_frames, []
    while (click := count_in.next_from(frame)) is not None:
        found.append((click.frame - count_in.start_frame, click.is_accented))
        frame = click.frame + 1
    return found


def test_a_count_in_clicks_below_the_start_and_not_on_it():
    assert count_in_clicks(Timebase.steady(120), 0, 1920) == [
        (-96_000, True),
        (-72_000, False),
        (-48_000, False),
        (-24_000, False),
    ]


def test_a_count_in_to_the_third_beat_begins_on_the_third_beat():
    assert count_in_clicks(Timebase.steady(120), 960, 1920) == [
        (-96_000, False),
        (-72_000, False),
        (-48_000, True),
        (-24_000, False),
    ]


def test_a_count_in_has_the_tempo_and_metre_of_the_start():
    timebase = Timebase(
        (TempoChange(0, 500_000), TempoChange(1920, 1_000_000)),
        (MeterChange(0, 4, 4), MeterChange(1920, 3, 4)),
    )
    assert count_in_clicks(timebase, 1920, 1440) == [
        (-144_000, True),
        (-96_000, False),
        (-48_000, False),
    ]


@pytest.mark.parametrize("wanted", [None, LoopRange(0, 0), LoopRange(480, 240), LoopRange(0, 1)])
def test_what_is_too_short_is_no_loop(wanted):
    assert loop_on(FrameLine(Timebase(), RATE_HZ), wanted, RATE_HZ) is None


def test_a_loop_stands_on_whole_frames():
    loop = loop_on(FrameLine(Timebase.steady(120), RATE_HZ), LoopRange(240, 960), RATE_HZ)
    assert (loop.start_frame, loop.end_frame, loop.length_ticks) == (12_000, 48_000, 720)
