import random

import pytest

from musicassist.audio.heard_clock import HeardClock

RATE_HZ = 48_000
BLOCK = 256
BLOCK_S = BLOCK / RATE_HZ


def moments(clock, measured):
    return [clock.moment_s(each, BLOCK) for each in measured]


def test_exact_moments_stay_as_they_are():
    measured = [10 + index * BLOCK_S for index in range(1000)]
    assert moments(HeardClock(RATE_HZ), measured) == pytest.approx(measured, abs=1e-9)


def test_jitter_is_smoothed():
    chance = random.Random(1)
    true = [index * BLOCK_S for index in range(2000)]
    measured = [each + chance.uniform(-0.004, 0.004) for each in true]
    heard = moments(HeardClock(RATE_HZ), measured)
    late = [abs(one - other) for one, other in zip(heard, true, strict=True)][200:]
    assert max(late) < 0.001


def test_a_device_clock_that_runs_fast_is_followed():
    true = [index * BLOCK_S * (1 + 250e-6) for index in range(60_000)]  # five minutes
    heard = moments(HeardClock(RATE_HZ), true)
    assert heard[-1] == pytest.approx(true[-1], abs=0.001)


def test_a_gap_is_jumped_at_once():
    clock = HeardClock(RATE_HZ)
    moments(clock, [index * BLOCK_S for index in range(1000)])
    assert clock.moment_s(1000 * BLOCK_S + 0.2, BLOCK) == pytest.approx(1000 * BLOCK_S + 0.2)
