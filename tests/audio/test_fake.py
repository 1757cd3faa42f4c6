import threading
import time

import pytest

from musicassist.audio.fake import HandPumpedSink, TimedSink


def test_a_hand_pumped_sink_counts_the_moments_its_frames_are_heard():
    sink, moments = HandPumpedSink(1000), []

    def fill(block, heard_s):
        moments.append(heard_s)
        block[:] = 0.25

    with pytest.raises(ValueError, match="start the sink"):
        sink.pump(10)
    sink.start(fill)
    assert sink.pump(500).tolist() == [[0.25, 0.25]] * 500
    sink.pump(10)
    assert moments == [0.0, 0.5]


def test_a_timed_sink_asks_in_real_time_until_closed():
    sink, moments, enough = TimedSink(sample_rate_hz=51_200), [], threading.Event()

    def fill(_block, heard_s):
        moments.append(heard_s)
        if len(moments) == 10:
            enough.set()

    start_s = time.perf_counter()
    sink.start(fill)
    assert sink.is_running
    assert enough.wait(5)
    assert time.perf_counter() - start_s > 0.08
    sink.close()
    assert not sink.is_running
    assert moments == sorted(moments)


def test_with_a_latency_frames_are_heard_that_much_later():
    sink, moments = HandPumpedSink(1000, latency_s=0.02), []
    sink.start(lambda _block, heard_s: moments.append(heard_s))
    sink.pump(500)
    sink.pump(10)
    assert moments == pytest.approx([0.02, 0.52])
    assert sink.latency_ms == 20
