import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.midi import sending
from musicassist.midi.fake import RecordingOutput
from musicassist.midi.sending import Agenda, OutputClock, Sounding, message_bytes
from musicassist.music.take import RawEvent

LONG_S = 10.0


def test_what_still_sounds_is_ended_note_by_note_and_by_channel():
    sounding = Sounding()
    for message in ((0x90, 60, 90), (0x91, 61, 90), (0x90, 62, 90), (0x80, 62, 0), (0x91, 63, 90)):
        sounding.add(*message)
    sounding.add(0x91, 63, 0)
    assert sounding.n_notes == 2
    messages = list(sounding.silence())
    assert messages[:2] == [(0x80, 60, 64), (0x81, 61, 64)]
    assert messages[2:] == [
        (0xB0, 64, 0),
        (0xB0, 123, 0),
        (0xB0, 120, 0),
        (0xB1, 64, 0),
        (0xB1, 123, 0),
        (0xB1, 120, 0),
    ]
    assert sounding.n_notes == 0
    assert list(sounding.silence()) == []


def test_messages_of_one_data_byte_are_sent_with_one():
    assert message_bytes(0xC3, 5, 0) == (0xC3, 5)
    assert message_bytes(0xD3, 5, 0) == (0xD3, 5)
    assert message_bytes(0xE3, 5, 6) == (0xE3, 5, 6)


@pytest.mark.parametrize("message", [(0xF0, 1, 2), (0x70, 1, 2), (0x90, 128, 1), (0x90, 1, -1)])
def test_nothing_but_channel_messages_is_sent(message):
    with pytest.raises(ValueError, match="not a channel message"):
        message_bytes(*message)
    with pytest.raises(ValueError, match="not a channel message"):
        RecordingOutput().send(*message)


@given(st.lists(st.integers(0, 5), max_size=40), st.lists(st.integers(0, 6), max_size=10))
def test_the_agenda_gives_what_is_due_in_order_of_time_and_then_of_coming(times, looks):
    agenda = Agenda()
    for number, time_ns in enumerate(times):
        agenda.add(RawEvent(time_ns, 0x90, number, 1))
    taken, n_due = [], 0
    for now_ns in [*sorted(looks), 6]:
        while (message := agenda.take_due(now_ns)) is not None:
            taken.append(message[1])
        n_due = sum(time_ns <= now_ns for time_ns in times)
        assert len(taken) == n_due
    assert taken == sorted(range(len(times)), key=lambda number: times[number])
    assert agenda.next_ns is None


class Wall:
    """A clock put forward by hand; the output's own, which tells when it was sent to."""

    def __init__(self):
        self.now_ns = 0
        self.got = threading.Semaphore(0)
        self.output = RecordingOutput(lambda: self.now_ns, lambda *_: self.got.release())


def test_what_is_due_is_sent_and_what_is_not_waits():
    wall = Wall()
    clock = OutputClock(wall.output, lambda: wall.now_ns)
    far_ns = 3_600_000_000_000
    clock.schedule([RawEvent(far_ns, 0x80, 60, 0), RawEvent(0, 0x90, 60, 90)])
    assert wall.got.acquire(timeout=LONG_S)
    wall.now_ns = far_ns
    clock.schedule([RawEvent(0, 0x90, 61, 90)])  # late, and a reason to look at the clock again
    assert wall.got.acquire(timeout=LONG_S)
    assert wall.got.acquire(timeout=LONG_S)
    assert [event.data1 for event in wall.output.sent] == [60, 61, 60]
    clock.close()


def test_after_a_flush_nothing_of_it_is_sent():
    wall = Wall()
    clock = OutputClock(wall.output, lambda: wall.now_ns)
    clock.schedule(RawEvent(1000, 0x90, pitch, 90) for pitch in range(100))
    clock.flush()
    wall.now_ns = 2000
    clock.schedule([RawEvent(0, 0x90, 101, 90)])
    assert wall.got.acquire(timeout=LONG_S)
    clock.close()
    assert [event.data1 for event in wall.output.sent] == [101]


def test_a_clock_that_is_closed_sends_nothing_more():
    wall = Wall()
    clock = OutputClock(wall.output, lambda: wall.now_ns)
    clock.schedule([RawEvent(10**15, 0x90, 60, 90)])
    clock.close()
    assert wall.output.sent == []


@pytest.mark.parametrize("rough_wait_ns", [0, 20_000_000])
def test_nothing_comes_out_before_its_time_by_the_real_clock(monkeypatch, rough_wait_ns):
    monkeypatch.setattr(sending, "_ROUGH_WAIT_NS", rough_wait_ns)
    output = RecordingOutput()
    clock = OutputClock(output)
    start_ns = time.perf_counter_ns() + 30_000_000
    due_ns = [start_ns + step * 3_000_000 for step in range(30)]
    clock.schedule(RawEvent(at_ns, 0x90, step, 90) for step, at_ns in enumerate(due_ns))
    deadline_s = time.monotonic() + LONG_S
    while len(output.sent) < 30 and time.monotonic() < deadline_s:
        time.sleep(0.01)
    clock.close()
    assert [event.data1 for event in output.sent] == list(range(30))
    assert all(sent.time_ns >= due for sent, due in zip(output.sent, due_ns, strict=True))


def test_what_is_no_channel_message_is_refused_before_the_thread_meets_it():
    output = RecordingOutput()
    clock = OutputClock(output)
    with pytest.raises(ValueError, match="not a channel message"):
        clock.schedule([RawEvent(0, 0xF0, 1, 2)])
    clock.close()
    assert output.sent == []
