"""Takes, and the clips made from them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import PEDAL_DOWN
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND, SUSTAIN, ControlPoint, Note
from musicassist.music.take import RawEvent, Take, clip_from_take
from musicassist.music.timebase import TempoChange, Timebase

BEAT_NS = 500_000_000  # at 120 bpm
TIMEBASE = Timebase.steady(120)

messages = st.tuples(
    st.sampled_from([0x80, 0x90, 0x91, 0x81, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0]),
    st.integers(58, 66),
    st.integers(0, 127),
)


@st.composite
def takes(draw: st.DrawFn) -> Take:
    time_ns = draw(st.integers(0, 10**15))
    events = []
    for status, data1, data2 in draw(st.lists(messages, max_size=40)):
        time_ns += draw(st.integers(0, BEAT_NS))
        events.append(RawEvent(time_ns, status, data1, data2))
    return Take(tuple(events), "a keyboard")


def take_of(*events: tuple[float, int, int, int]) -> Take:
    """Return a take of (beat, status, data, data), its first at an odd moment of the clock."""
    return Take(tuple(RawEvent(987_654_321 + round(b * BEAT_NS), *rest) for b, *rest in events))


@given(takes())
def test_every_strike_becomes_a_note_that_ends(take: Take) -> None:
    clip = clip_from_take(take, TIMEBASE, name="Phrase")
    struck = {
        (e.time_ns, e.channel, e.data1, e.data2) for e in take.events if e.kind == 0x90 and e.data2
    }
    assert len(clip.notes) <= take.n_notes
    assert {(n.channel, n.pitch) for n in clip.notes} == {(c, p) for _, c, p, _ in struck}
    assert {(n.channel, n.pitch, n.velocity) for n in clip.notes} <= {s[1:] for s in struck}
    for place in {(n.channel, n.pitch) for n in clip.notes}:
        voice = [n for n in clip.notes if (n.channel, n.pitch) == place]
        assert all(earlier.end_ticks <= later.onset_ticks for earlier, later in pairwise(voice))


@given(takes())
def test_a_clip_from_a_take_is_whole_bars_from_the_first_note(take: Take) -> None:
    clip = clip_from_take(take, TIMEBASE)
    assert clip.length_ticks % 1920 == 0
    assert (clip.length_ticks > 0) == bool(clip.notes) == bool(take.n_notes)
    if clip.notes:
        assert clip.notes[0].onset_ticks == 0
        assert clip.notes[-1].onset_ticks >= clip.length_ticks - 1920 - 480


@given(takes())
def test_no_pedal_is_left_down_at_the_end_of_a_clip(take: Take) -> None:
    last = {}
    for point in clip_from_take(take, TIMEBASE).controls:
        last[point.channel, point.controller] = point.value
    assert all(value < PEDAL_DOWN for (_, which), value in last.items() if which == SUSTAIN)


def test_timing_and_velocity_are_kept_to_the_tick() -> None:
    take = take_of((0, 0x90, 60, 100), (0.5, 0x80, 60, 0), (1.25, 0x90, 64, 7), (2, 0x80, 64, 64))
    assert clip_from_take(take, TIMEBASE, name="Phrase").notes == (
        Note(0, 240, 60, 100),
        Note(600, 360, 64, 7),
    )


def test_a_strike_of_no_velocity_ends_the_note() -> None:
    take = take_of((0, 0x90, 60, 100), (1, 0x90, 60, 0), (3, 0x80, 60, 0))
    assert take.n_notes == 1
    assert clip_from_take(take, TIMEBASE).notes == (Note(0, 480, 60, 100),)


def test_a_note_struck_again_is_ended_by_the_new_one() -> None:
    take = take_of((0, 0x90, 60, 90), (1, 0x90, 60, 80), (2, 0x80, 60, 0))
    assert clip_from_take(take, TIMEBASE).notes == (Note(0, 480, 60, 90), Note(480, 480, 60, 80))


def test_a_note_still_held_ends_with_the_take() -> None:
    take = take_of((0, 0x90, 60, 90), (1, 0x90, 64, 80), (2, 0x80, 64, 0))
    assert clip_from_take(take, TIMEBASE).notes[0] == Note(0, 960, 60, 90)


def test_a_lone_strike_lasts_a_tick() -> None:
    assert clip_from_take(take_of((0, 0x90, 60, 90)), TIMEBASE).notes == (Note(0, 1, 60, 90),)


def test_the_same_pitch_on_two_channels_is_two_notes() -> None:
    take = take_of((0, 0x90, 60, 90), (0, 0x91, 60, 90), (1, 0x80, 60, 0), (2, 0x81, 60, 0))
    assert {(n.channel, n.duration_ticks) for n in clip_from_take(take, TIMEBASE).notes} == {
        (0, 480),
        (1, 960),
    }


def test_pedal_wheels_and_pressure_are_kept() -> None:
    take = take_of(
        (-1, 0xB0, SUSTAIN, 127),
        (0, 0x90, 60, 90),
        (1, 0xE0, 0x01, 0x40),
        (1, 0xD0, 33, 0),
        (2, 0xB0, SUSTAIN, 0),
        (2, 0x80, 60, 0),
    )
    assert clip_from_take(take, TIMEBASE).controls == (
        ControlPoint(0, SUSTAIN, 127),
        ControlPoint(480, PITCH_BEND, 8193),
        ControlPoint(480, CHANNEL_PRESSURE, 33),
        ControlPoint(960, SUSTAIN, 0),
    )


def test_a_pedal_let_up_after_the_last_bar_is_let_up_at_its_end() -> None:
    take = take_of(
        (0, 0x90, 60, 90), (1, 0xB0, SUSTAIN, 90), (2, 0x80, 60, 0), (9, 0xB0, SUSTAIN, 0)
    )
    assert clip_from_take(take, TIMEBASE).controls == (
        ControlPoint(480, SUSTAIN, 90),
        ControlPoint(1919, SUSTAIN, 0),
    )


def test_a_last_note_let_go_a_little_late_opens_no_new_bar() -> None:
    take = take_of((0, 0x90, 60, 90), (4.2, 0x80, 60, 0))
    assert clip_from_take(take, TIMEBASE).length_ticks == 1920
    take = take_of((0, 0x90, 60, 90), (4.5, 0x80, 60, 0))
    assert clip_from_take(take, TIMEBASE).length_ticks == 3840


def test_a_take_follows_a_tempo_map() -> None:
    slower = Timebase((TempoChange(0, 500_000), TempoChange(480, 1_000_000)))
    take = take_of((0, 0x90, 60, 90), (3, 0x80, 60, 0))
    assert clip_from_take(take, slower).notes == (Note(0, 960, 60, 90),)


@pytest.mark.parametrize("take", [Take(), take_of((0, 0xB0, SUSTAIN, 127), (1, 0x80, 60, 0))])
def test_a_take_without_notes_is_an_empty_clip(take: Take) -> None:
    clip = clip_from_take(take, TIMEBASE, name="Nothing")
    assert (clip.notes, clip.length_ticks, clip.name) == ((), 0, "Nothing")


def test_a_take_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        Take((RawEvent(2, 0x90, 60, 1), RawEvent(1, 0x80, 60, 0)))


def test_a_take_needs_a_place_for_every_event_or_none() -> None:
    with pytest.raises(ValueError, match="place"):
        Take((RawEvent(1, 0x90, 60, 1), RawEvent(2, 0x80, 60, 0)), "", (0.0,))


def placed(*places_ticks: float) -> Take:
    """Return a take of one note after the other, struck and let go at these places."""
    events = tuple(
        RawEvent(index, 0x80 if index % 2 else 0x90, 60 + index // 2, 90)
        for index in range(len(places_ticks))
    )
    return Take(events, "", places_ticks)


def test_what_was_played_to_the_transport_starts_at_its_bar_line() -> None:
    clip = clip_from_take(placed(4320.4, 4560.0, 5769.6, 5999.0), TIMEBASE)
    assert clip.notes == (Note(480, 240, 60, 90), Note(1930, 229, 61, 90))
    assert clip.length_ticks == 3840


def test_a_first_note_struck_a_little_early_means_the_bar_line() -> None:
    assert clip_from_take(placed(3800.0, 4000.0), TIMEBASE).notes == (Note(0, 160, 60, 90),)
    assert clip_from_take(placed(3700.0, 4000.0), TIMEBASE).notes == (Note(1780, 300, 60, 90),)


def test_what_was_recorded_stands_where_it_was_heard() -> None:
    clip = clip_from_take(placed(4320.0, 4560.0), TIMEBASE, start_ticks=0)
    assert clip.notes == (Note(4320, 240, 60, 90),)
    counted_in = clip_from_take(placed(-20.0, 240.0), TIMEBASE, start_ticks=0)
    assert counted_in.notes == (Note(0, 240, 60, 90),)
