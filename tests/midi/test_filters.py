import threading

from hypothesis import given
from hypothesis import strategies as st

from musicassist.midi.filters import ECHO_NS, TWIN_NS, InputFilter
from musicassist.music.take import RawEvent

MS = 1_000_000


def on(at_ms, pitch=60, velocity=90):
    return RawEvent(round(at_ms * MS), 0x90, pitch, velocity)


def off(at_ms, pitch=60):
    return RawEvent(round(at_ms * MS), 0x80, pitch, 64)


def control(at_ms, number, value):
    return RawEvent(round(at_ms * MS), 0xB0, number, value)


def test_the_same_message_of_a_twin_port_is_dropped_within_eight_ms():
    inputs = InputFilter()
    assert inputs.admits("A", on(0))
    assert not inputs.admits("B", on(8))
    assert not inputs.admits("C", on(8))
    assert inputs.admits("A", off(100))
    assert not inputs.admits("B", off(100.5))
    assert inputs.admits("B", on(200))
    assert inputs.admits("A", on(208.1))


def test_other_messages_and_the_same_port_are_no_twins():
    inputs = InputFilter()
    assert inputs.admits("A", on(0))
    assert inputs.admits("A", on(1))
    assert inputs.admits("B", on(1, velocity=91))
    assert inputs.admits("B", on(1, pitch=61))


def test_each_message_has_one_twin_on_a_port():
    inputs = InputFilter()
    assert inputs.admits("A", control(0, 1, 5))
    assert not inputs.admits("B", control(1, 1, 5))
    assert inputs.admits("B", control(2, 1, 5))


def test_the_end_of_a_twin_does_not_end_the_note_that_passed():
    inputs = InputFilter()
    assert inputs.admits("A", on(0))
    assert not inputs.admits("B", on(1))
    assert not inputs.admits("B", off(500))
    assert inputs.admits("A", off(900))


def test_a_twin_too_late_to_be_known_is_ended_on_its_own():
    inputs = InputFilter()
    assert inputs.admits("A", on(0))
    assert inputs.admits("B", on(9))
    assert inputs.admits("A", off(100))
    assert inputs.admits("B", off(101))


def test_a_pedal_let_up_passes_wherever_it_went_down():
    inputs = InputFilter()
    assert inputs.admits("A", control(0, 64, 127))
    assert inputs.admits("B", control(9, 64, 127))
    assert inputs.admits("A", control(50, 64, 0))
    assert inputs.admits("B", control(51, 64, 0))
    assert inputs.admits("A", control(100, 64, 127))
    assert not inputs.admits("B", control(101, 64, 127))
    assert inputs.admits("A", control(150, 64, 0))
    assert not inputs.admits("B", control(151, 64, 0))


def test_a_wheel_returns_to_its_centre():
    inputs = InputFilter()
    assert inputs.admits("A", RawEvent(0, 0xE0, 0, 70))
    assert inputs.admits("B", RawEvent(9 * MS, 0xE0, 0, 70))
    assert inputs.admits("A", RawEvent(20 * MS, 0xE0, 0, 64))
    assert inputs.admits("B", RawEvent(21 * MS, 0xE0, 0, 64))


def test_the_echo_of_a_message_sent_is_dropped_once():
    inputs = InputFilter()
    inputs.sent(0x90, 60, 90, 0)
    assert not inputs.admits("Loop", on(20))
    assert inputs.admits("V49", on(29))
    inputs.sent(0x80, 60, 64, 40 * MS)
    assert not inputs.admits("Loop", off(41))
    assert inputs.admits("V49", off(42))


def test_an_echo_is_dropped_on_every_twin_port():
    inputs = InputFilter()
    inputs.sent(0x90, 60, 90, 0)
    assert not inputs.admits("Loop", on(5))
    assert not inputs.admits("Loop 2", on(6))
    inputs.sent(0x80, 60, 64, 50 * MS)
    assert not inputs.admits("Loop", off(55))
    assert not inputs.admits("Loop 2", off(56))


def test_an_echo_that_is_late_is_news():
    inputs = InputFilter()
    inputs.sent(0x90, 60, 90, 0)
    assert inputs.admits("Loop", on(30.1))


def test_a_key_let_go_while_we_send_the_same_note_off_is_not_lost():
    inputs = InputFilter()
    assert inputs.admits("V49", on(0))
    inputs.sent(0x80, 60, 64, 99 * MS)
    assert inputs.admits("V49", off(100))


SOURCES = ("A", "B", "C")
steps = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 3, 7, 8, 9, 31)),  # milliseconds since the last one
        st.sampled_from(("on", "on", "off", "sent on", "sent off")),
        st.sampled_from(SOURCES),
        st.sampled_from((60, 61)),
        st.sampled_from((90, 91)),
    ),
    max_size=60,
)


@given(steps, st.permutations(SOURCES), st.sampled_from((0, 1, 9)))
def test_no_note_that_has_passed_ever_hangs(script, last_order, last_gap_ms):
    inputs = InputFilter()
    now_ms, down, passed = 0, set(), []

    def arrive(source, event):
        if inputs.admits(source, event):
            passed.append((source, event))

    for gap_ms, what, source, pitch, velocity in script:
        now_ms += gap_ms
        if what == "on":
            down.add((source, pitch))
            arrive(source, on(now_ms, pitch, velocity))
        elif what == "off":
            down.discard((source, pitch))
            arrive(source, off(now_ms, pitch))
        else:
            event = on(now_ms, pitch, velocity) if what == "sent on" else off(now_ms, pitch)
            inputs.sent(event.status, event.data1, event.data2, event.time_ns)
    for source in last_order:
        for pitch in (60, 61):
            if (source, pitch) in down:
                now_ms += last_gap_ms
                arrive(source, off(now_ms, pitch))

    sounding, held = set(), set()
    for source, event in passed:
        act = set.add if event.is_note_on else set.discard
        act(sounding, event.data1)
        act(held, (source, event.data1))
    assert not sounding
    assert not held


performances = st.lists(
    st.tuples(st.integers(9, 40), st.integers(60, 63), st.integers(1, 127)), max_size=30
)


@given(performances, st.data())
def test_of_twin_streams_exactly_one_passes(performance, data):
    """Two ports carry one performance, either of them a little first, message by message."""
    inputs = InputFilter()
    now_ms, down, arrivals, played = 0, set(), [], []
    for gap_ms, pitch, velocity in performance:
        now_ms += gap_ms
        event = off(now_ms, pitch) if pitch in down else on(now_ms, pitch, velocity)
        down ^= {pitch}
        played.append((event.status, event.data1, event.data2))
        lag_ms = data.draw(st.integers(0, 8))
        arrivals += [(now_ms, "A", event), (now_ms + lag_ms, "B", event)]
    arrivals.sort(key=lambda each: each[0])
    passed = [
        (event.status, event.data1, event.data2)
        for at_ms, source, event in arrivals
        if inputs.admits(source, RawEvent(at_ms * MS, event.status, event.data1, event.data2))
    ]
    assert passed == played


def test_what_is_remembered_stays_small():
    inputs = InputFilter()
    for number in range(20_000):
        inputs.sent(0xE0, number % 128, number // 128 % 128, number * MS // 10)
        inputs.admits("A", RawEvent(number * MS // 10, 0xE1, number % 128, number // 128 % 128))
    assert len(inputs._sent) <= ECHO_NS // (MS // 10) + 2
    assert len(inputs._recent) <= TWIN_NS // (MS // 10) + 2
    assert len(inputs._recent._by_message) <= len(inputs._recent)
    assert len(inputs._sent._by_message) <= len(inputs._sent)
    assert len(inputs._held) + len(inputs._shadows) <= 2


def test_echoes_that_came_back_leave_nothing_behind():
    inputs = InputFilter()
    for number in range(5000):
        message = (0x90 | number % 16, number % 128, 1 + number % 127)
        inputs.sent(*message, number * MS)
        assert not inputs.admits("Loop", RawEvent(number * MS, *message))
    assert len(inputs._sent._by_message) == 0


def test_ports_on_several_threads_lose_nothing():
    inputs = InputFilter()
    n_passed = {}

    def play(source, channel):
        n_passed[source] = sum(
            inputs.admits(source, RawEvent(number * 1000, 0x90 | channel, 60, 1 + number % 100))
            for number in range(3000)
        )

    threads = [
        threading.Thread(target=play, args=(f"port {channel}", channel)) for channel in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(n_passed.values()) == {3000}
