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
    assert capture.check(600 * MS + REST_NS - 1) is None
    take = capture.check(600 * MS + REST_NS)
    assert take.events == events
    assert take.source == PORT
    assert capture.check(10_000 * MS) is None


def test_no_rest_while_a_key_is_held(capture):
    add(capture, on(0))
    assert capture.check(60_000 * MS) is None
    add(capture, off(60_000))
    assert capture.check(60_000 * MS + REST_NS).n_notes == 1


def test_the_pedal_counts_as_held(capture):
    add(capture, on(0), control(50, SUSTAIN, 127), off(100))
    assert capture.check(3_000 * MS) is None
    add(capture, control(3_000, SUSTAIN, 0))
    assert capture.check(3_000 * MS + REST_NS).events[-1].data2 == 0


def test_a_pedal_that_never_comes_up_does_not_hold_a_phrase_for_ever(capture):
    add(capture, control(0, SUSTAIN, 127), on(10), off(100))
    assert capture.check(100 * MS + LONGEST_PEDAL_REST_NS) is not None


def test_a_phrase_starts_with_the_pedal_and_wheels_as_they_stood(capture):
    bend_at_rest = RawEvent(7 * MS, 0xE0, 0, 64)
    add(capture, control(0, 1, 99), control(5, SUSTAIN, 127), control(6, 1, 0), bend_at_rest)
    add(capture, on(5_000), off(5_100), control(5_200, SUSTAIN, 0))
    take = capture.check(9_000 * MS)
    assert [event.time_ns // MS for event in take.events] == [5, 5_000, 5_100, 5_200]


def test_wheels_alone_are_no_phrase(capture):
    add(capture, control(0, 1, 20), control(10, 1, 0), RawEvent(20 * MS, 0xE0, 0, 80))
    assert capture.check(60_000 * MS) is None
    assert capture.grab(60_000 * MS) is None


def test_a_wheel_does_not_keep_a_phrase_from_ending(capture):
    add(capture, on(0), off(100), control(1_000, 1, 5))
    assert capture.check(100 * MS + REST_NS) is not None


def test_pads_are_no_melody(capture):
    add(capture, on(0, 36, channel=9), off(10, 36, channel=9))
    assert capture.check(60_000 * MS) is None
    add(capture, on(100), on(150, 36, channel=9), off(200), off(250, 36, channel=9))
    assert {event.channel for event in capture.check(60_000 * MS).events} == {0}


def test_a_grab_takes_the_phrase_with_held_notes_ended_now(capture):
    add(capture, on(0, 60), off(100, 60), on(200, 64))
    take = capture.grab(700 * MS)
    assert take.events[-1] == RawEvent(700 * MS, 0x80, 64, 64)
    add(capture, off(900, 64))
    assert capture.check(60_000 * MS) is None


def test_a_grab_at_rest_brings_the_last_phrase_back(capture):
    add(capture, on(0), off(100))
    take = capture.check(5_000 * MS)
    assert capture.grab(6_000 * MS) == take


def test_before_anything_is_played_there_is_nothing_to_grab(capture):
    assert capture.grab(0) is None


def test_a_note_off_without_a_note_is_nothing(capture):
    add(capture, off(0))
    assert capture.check(60_000 * MS) is None


def test_two_ports_play_one_phrase_and_hold_their_keys_apart(capture):
    add(capture, on(0), source="A")
    add(capture, on(10), source="B")
    add(capture, off(20), source="A")
    assert capture.check(60_000 * MS) is None
    add(capture, off(30), source="B")
    assert capture.check(60_000 * MS).n_notes == 2


def test_events_that_cross_between_two_ports_still_run_forward(capture):
    add(capture, on(10, 60), source="A")
    add(capture, on(9, 64), source="B")
    assert capture.grab(20 * MS).n_notes == 2


def test_panic_lets_a_stuck_key_go(capture):
    add(capture, on(0), control(1, SUSTAIN, 127))
    capture.forget_held()
    assert capture.check(REST_NS + 1 * MS) is not None


def test_phrases_older_than_an_hour_are_let_go(capture):
    for start_ms in (0, KEPT_NS // MS, KEPT_NS // MS + 5_000):
        add(capture, on(start_ms), off(start_ms + 100))
        capture.check(start_ms * MS + 3_000 * MS)
    assert len(capture.takes) == 2


def test_a_flood_is_kept_within_bounds(capture, monkeypatch):
    monkeypatch.setattr(capture_module, "MOST_EVENTS", 1_000)
    for number in range(5_000):
        add(capture, on(number), off(number))
    assert len(capture.grab(5_000 * MS).events) <= 1_000


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
        takes.append(capture.check(now_ms * MS))
        event = RawEvent(now_ms * MS, status, data1, data2)
        n_played += event.is_note_on and event.channel != 9
        capture.add(event, source)
    was_resting = capture.grab(now_ms * MS)
    takes = [take for take in takes if take is not None]
    if was_resting is not None and was_resting not in takes:
        takes.append(was_resting)
    assert sum(take.n_notes for take in takes) == n_played
