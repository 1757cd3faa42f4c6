import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.engine import capture as capture_module
from musicassist.engine.capture import KEPT_NS, LONGEST_PEDAL_REST_NS, REST_NS, Capture
from musicassist.music.note import SUSTAIN
from musicassist.music.take import RawEvent

MS = 1_000_000
PORT = "V49"


def on(ms, pitch=60, velocity=90, channel=0):
    return RawEvent(ms * MS, 0x90 | channel, pitch, velocity)


def off(ms, pitch=60, channel=0):
    return RawEvent(ms * MS, 0x80 | channel, pitch, 64)


def control(ms, number, value, channel=0):
    return RawEvent(ms * MS, 0xB0 | channel, number, value)


@pytest.fixture
def capture():
    return Capture()


def add(capture, *events, source=PORT):
    for event in events:
        capture.add(event, source)


def test_a_phrase_comes_once_after_a_rest_exactly_as_played(capture):
    events = (on(0, 60, 91), off(200, 60), on(250, 64, 40), off(600, 64))
    add(capture, *events)
    assert capture.check(600 * MS + REST_NS - 1) == ()
    [take] = capture.check(600 * MS + REST_NS)
    assert take.events == events
    assert take.source == PORT
    assert capture.check(10_000 * MS) == ()


def test_no_rest_while_a_key_is_held(capture):
    add(capture, on(0))
    assert capture.check(60_000 * MS) == ()
    add(capture, off(60_000))
    assert capture.check(60_000 * MS + REST_NS)[0].n_notes == 1


def test_the_pedal_counts_as_held(capture):
    add(capture, on(0), control(50, SUSTAIN, 127), off(100))
    assert capture.check(3_000 * MS) == ()
    add(capture, control(3_000, SUSTAIN, 0))
    assert capture.check(3_000 * MS + REST_NS)[0].events[-1].data2 == 0


def test_a_pedal_that_never_comes_up_does_not_hold_a_phrase_for_ever(capture):
    add(capture, control(0, SUSTAIN, 127), on(10), off(100))
    assert len(capture.check(100 * MS + LONGEST_PEDAL_REST_NS)) == 1


def test_a_phrase_starts_with_the_pedal_and_wheels_as_they_stood(capture):
    bend_at_rest = RawEvent(7 * MS, 0xE0, 0, 64)
    add(capture, control(0, 1, 99), control(5, SUSTAIN, 127), control(6, 1, 0), bend_at_rest)
    add(capture, on(5_000), off(5_100), control(5_200, SUSTAIN, 0))
    [take] = capture.check(9_000 * MS)
    assert [event.time_ns // MS for event in take.events] == [5, 5_000, 5_100, 5_200]


def test_wheels_alone_are_no_phrase(capture):
    add(capture, control(0, 1, 20), control(10, 1, 0), RawEvent(20 * MS, 0xE0, 0, 80))
    assert capture.check(60_000 * MS) == ()
    assert capture.grab(60_000 * MS) == ()


def test_a_wheel_does_not_keep_a_phrase_from_ending(capture):
    add(capture, on(0), off(100), control(1_000, 1, 5))
    assert len(capture.check(100 * MS + REST_NS)) == 1


def test_pads_are_no_melody(capture):
    add(capture, on(0, 36, channel=9), off(10, 36, channel=9))
    assert capture.check(60_000 * MS) == ()
    add(capture, on(100), on(150, 36, channel=9), off(200), off(250, 36, channel=9))
    assert {event.channel for event in capture.check(60_000 * MS)[0].events} == {0}


def test_a_grab_takes_the_phrase_with_held_notes_ended_now(capture):
    add(capture, on(0, 60), off(100, 60), on(200, 64))
    [take] = capture.grab(700 * MS)
    assert take.events[-1] == RawEvent(700 * MS, 0x80, 64, 64)
    add(capture, off(900, 64))
    assert capture.check(60_000 * MS) == ()


def test_a_grab_at_rest_brings_the_last_phrase_back(capture):
    add(capture, on(0), off(100))
    [take] = capture.check(5_000 * MS)
    assert capture.grab(6_000 * MS) == (take,)


def test_before_anything_is_played_there_is_nothing_to_grab(capture):
    assert capture.grab(0) == ()


def test_a_note_off_without_a_note_is_nothing(capture):
    add(capture, off(0))
    assert capture.check(60_000 * MS) == ()


def test_two_ports_play_one_phrase_and_hold_their_keys_apart(capture):
    add(capture, on(0), source="A")
    add(capture, on(10), source="B")
    add(capture, off(20), source="A")
    assert capture.check(60_000 * MS) == ()
    add(capture, off(30), source="B")
    assert capture.check(60_000 * MS)[0].n_notes == 2


def test_events_that_cross_between_two_ports_still_run_forward(capture):
    add(capture, on(10, 60), source="A")
    add(capture, on(9, 64), source="B")
    assert capture.grab(20 * MS)[0].n_notes == 2


def test_panic_lets_a_stuck_key_go(capture):
    add(capture, on(0), control(1, SUSTAIN, 127))
    capture.forget_held()
    assert len(capture.check(REST_NS + 1 * MS)) == 1


def test_of_a_phrase_that_never_ends_the_last_hour_is_kept(capture):
    add(capture, control(0, SUSTAIN, 127), on(1), off(100))
    add(capture, on(1_000, 64), off(KEPT_NS // MS + 500, 64))
    events = [event for take in capture.grab(KEPT_NS + 600 * MS) for event in take.events]
    assert min(event.time_ns for event in events) >= 500 * MS


def test_a_flood_is_kept_within_bounds(capture, monkeypatch):
    monkeypatch.setattr(capture_module, "MOST_EVENTS", 1_000)
    for number in range(5_000):
        add(capture, on(number), off(number))
    assert len(capture.grab(5_000 * MS)[0].events) <= 1_000


def noodle(capture, from_ms, until_ms, gap_ms=300):
    """Play without a rest worth the name."""
    for ms in range(from_ms, until_ms, gap_ms):
        add(capture, on(ms), off(ms + gap_ms - 100))


def test_who_plays_on_and_on_gets_the_last_phrase_and_the_rest_as_another(capture):
    noodle(capture, 0, 570_000)
    noodle(capture, 570_800, 590_000)  # after the longest rest of the last minute
    noodle(capture, 590_500, 600_000)
    before, last = capture.grab(600_000 * MS)
    assert last.events[0] == on(570_800)
    assert before.events[0] == on(0)
    assert before.n_notes + last.n_notes == len(range(0, 570_000, 300)) + 64 + 32
    assert capture.grab(601_000 * MS) == (last,)


def test_the_phrase_that_comes_by_itself_is_cut_likewise(capture):
    noodle(capture, 0, 100_000)
    noodle(capture, 100_900, 120_100)
    [_before, last] = capture.check(125_000 * MS)
    assert last.events[0] == on(100_900)
    assert capture.grab(126_000 * MS) == (last,)


def test_a_rest_too_near_the_end_begins_no_phrase(capture):
    noodle(capture, 0, 100_000)
    noodle(capture, 100_500, 117_000)
    noodle(capture, 118_000, 120_100)
    _, last = capture.check(125_000 * MS)
    assert last.events[0] == on(100_500)


def test_where_no_key_is_ever_up_the_longest_wait_between_strikes_parts_phrases(capture):
    wait_ms = {400: 700}
    ms, pitch = 0, 60
    add(capture, on(ms, pitch))
    for number in range(600):
        ms += wait_ms.get(number, 200)
        add(capture, on(ms, pitch + 1 + number % 2), off(ms + 50, pitch + number % 2))
        pitch = 60
        if number == 400:
            expected = ms
    takes = capture.grab(ms * MS + 100 * MS)
    assert takes[-1].events[0].time_ns == expected * MS


def test_what_is_held_over_a_cut_is_ended_there_and_the_pedal_stays_down(capture):
    add(capture, control(0, SUSTAIN, 127), on(50, 30))
    noodle(capture, 100, 100_000)
    noodle(capture, 101_000, 119_000)
    add(capture, off(119_500, 30))
    before, last = capture.grab(120_000 * MS)
    assert last.events[0] == control(0, SUSTAIN, 127)
    for take in (before, last):
        held = set()
        for event in take.events:
            if event.is_note_on:
                held.add(event.data1)
            elif event.is_note_off:
                held.remove(event.data1)
        assert not held
    assert before.events[-1] == off(101_000, 30)


def test_pressure_is_kept_key_by_key_and_programs_are_not(capture):
    add(capture, on(0), RawEvent(10 * MS, 0xA0, 60, 50), RawEvent(11 * MS, 0xD0, 40))
    add(capture, RawEvent(12 * MS, 0xC0, 5), off(100))
    [take] = capture.check(10_000 * MS)
    assert [event.kind for event in take.events] == [0x90, 0xA0, 0xD0, 0x80]


def test_places_are_told_only_if_every_note_has_one_and_they_run_forward():
    for places, is_told in (
        ((0, 10, 20, 30), True),
        ((0, 10, None, 30), False),
        ((20, 30, 0, 10), False),
    ):
        capture = Capture()
        for ms, place in zip((0, 100, 200, 300), places, strict=True):
            event = off(ms) if ms % 200 else on(ms)
            capture.add(event, PORT, place)
        [take] = capture.check(10_000 * MS)
        assert take.places_ticks == (places if is_told else ())


gestures = st.lists(
    st.tuples(
        st.integers(0, 3_000),
        st.sampled_from([0x80, 0x90, 0x90, 0xB0, 0xE0, 0xD0, 0x99]),
        st.sampled_from([1, 60, 62, 64, 123]),
        st.integers(0, 127),
        st.sampled_from(["A", "B"]),
    )
)


@given(gestures)
def test_every_note_played_ends_up_in_exactly_one_phrase(gestures):
    capture, now_ms, takes, n_played = Capture(), 0, [], 0
    for wait_ms, status, data1, data2, source in gestures:
        now_ms += wait_ms
        takes += capture.check(now_ms * MS)
        event = RawEvent(now_ms * MS, status, data1, data2)
        n_played += event.is_note_on and event.channel != 9
        capture.add(event, source)
    takes += [take for take in capture.grab(now_ms * MS) if take not in takes]
    assert sum(take.n_notes for take in takes) == n_played
