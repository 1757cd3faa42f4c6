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


def test_only_channel_messages_become_raw_events():
    with pytest.raises(ValueError, match="not a channel message"):
        raw_event(mido.Message("clock"), 0)
