import itertools
import tracemalloc

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.midi.messages import MessageReader, raw_event
from musicassist.music.take import RawEvent

data_bytes = st.integers(0, 127)
channel_messages = st.one_of(
    st.builds(
        lambda kind, channel, a, b: [kind | channel, a, b],
        st.sampled_from([0x80, 0x90, 0xA0, 0xB0, 0xE0]),
        st.integers(0, 15),
        data_bytes,
        data_bytes,
    ),
    st.builds(
        lambda kind, channel, a: [kind | channel, a],
        st.sampled_from([0xC0, 0xD0]),
        st.integers(0, 15),
        data_bytes,
    ),
)


def events_of(*chunks):
    reader = MessageReader()
    return [event for chunk in chunks for event in reader.feed(chunk, 7)]


@given(st.lists(channel_messages))
def test_reads_the_same_messages_as_mido(messages):
    theirs = mido.Parser()
    for message in messages:
        theirs.feed(message)
    assert events_of(*messages) == [raw_event(message, 7) for message in theirs]


@given(st.lists(channel_messages), st.data())
def test_bytes_may_be_cut_anywhere(messages, data):
    stream = [byte for message in messages for byte in message]
    cut = data.draw(st.integers(0, len(stream)))
    assert events_of(stream[:cut], stream[cut:]) == events_of(*messages)


@given(st.lists(st.integers(0, 255)))
def test_no_bytes_upset_the_reader(stream):
    for event in events_of(stream):
        assert 0x80 <= event.status < 0xF0
        assert 0 <= event.data1 <= 127
        assert 0 <= event.data2 <= 127


def test_running_status_leaves_the_status_byte_out():
    assert events_of([0x90, 60, 100, 64, 101, 60, 0]) == [
        RawEvent(7, 0x90, 60, 100),
        RawEvent(7, 0x90, 64, 101),
        RawEvent(7, 0x90, 60, 0),
    ]


def test_clock_ticks_inside_a_message_are_passed_over():
    assert events_of([0x90, 0xF8, 60, 0xFE, 100]) == [RawEvent(7, 0x90, 60, 100)]


def test_sysex_is_passed_over_and_ends_running_status():
    assert events_of([0x90, 60, 100], [0xF0, 1, 2, 3, 0xF7, 60, 100]) == [
        RawEvent(7, 0x90, 60, 100)
    ]


@given(st.lists(channel_messages), st.data())
def test_real_time_bytes_anywhere_change_nothing(messages, data):
    stream = [byte for message in messages for byte in message]
    places = data.draw(st.lists(st.integers(0, len(stream)), max_size=5))
    for place in places:
        stream.insert(place, data.draw(st.integers(0xF8, 0xFF)))
    assert events_of(stream) == events_of(*messages)


@given(st.lists(channel_messages))
def test_status_bytes_that_repeat_may_be_left_out(messages):
    stream, last = [], 0
    for message in messages:
        stream += message[1:] if message[0] == last else message
        last = message[0]
    assert events_of(stream) == events_of(*messages)


@given(st.lists(channel_messages, min_size=1), st.data())
def test_a_truncated_message_costs_only_itself(messages, data):
    place = data.draw(st.integers(0, len(messages) - 1))
    cut = data.draw(st.integers(0, len(messages[place]) - 1))
    chunks = [*messages[:place], messages[place][:cut], *messages[place + 1 :]]
    assert events_of(*chunks) == events_of(*messages[:place], *messages[place + 1 :])


def test_five_megabytes_of_sysex_cost_no_memory_and_hide_nothing_after_them():
    reader = MessageReader()
    chunk = [0x55] * 4096
    assert reader.feed([0xF0], 1) == []
    tracemalloc.start()
    for _ in range(1280):
        assert reader.feed(chunk, 1) == []
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 65_536
    assert reader.feed([0xF7, 0x90, 60, 100], 2) == [RawEvent(2, 0x90, 60, 100)]


def test_a_sysex_that_never_ends_ends_with_the_next_message():
    assert events_of([0xF0, 1, 2, 3], [0x90, 60, 100]) == [RawEvent(7, 0x90, 60, 100)]


@given(st.lists(st.integers(0, 255)), st.lists(st.integers(1, 7)))
def test_garbage_reads_the_same_however_it_is_cut(stream, sizes):
    places = list(itertools.accumulate(sizes))
    cuts = zip([0, *places], [*places, len(stream)], strict=True)
    pieces = [stream[start : max(start, end)] for start, end in cuts]
    assert events_of(*pieces) == events_of(stream)


def test_only_channel_messages_become_raw_events():
    with pytest.raises(ValueError, match="not a channel message"):
        raw_event(mido.Message("clock"), 0)
