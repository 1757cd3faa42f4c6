import numpy as np
import pytest

from musicassist.audio.echo import REVERBERATION_S, Echo

RATE_HZ = 48_000


def room(amount=1.0):
    echo = Echo(RATE_HZ)
    echo.amount = amount
    echo.process(np.zeros((64, 2), np.float32))  # the amount is reached
    return echo


def impulse(seconds, side=0):
    sound = np.zeros((round(seconds * RATE_HZ), 2), np.float32)
    sound[0, side] = 1.0
    return sound


def through(echo, sound, block=256):
    sound = sound.copy()
    for start in range(0, len(sound), block):
        echo.process(sound[start : start + block])
    return sound


def energy(sound, start_s, end_s):
    part = sound[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    return float(np.sum(np.square(part, dtype=np.float64)))


def test_without_an_amount_the_sound_stays_as_it_is():
    sound = np.random.default_rng(1).normal(size=(4096, 2)).astype(np.float32)
    np.testing.assert_array_equal(through(Echo(RATE_HZ), sound), sound)


def test_the_first_sound_stays_and_the_room_answers_later_on_both_sides():
    sound = through(room(), impulse(0.5))
    assert sound[0].tolist() == [1.0, 0.0]
    assert not sound[1 : round(0.029 * RATE_HZ)].any()
    assert np.abs(sound[round(0.029 * RATE_HZ) :]).max(axis=0).min() > 0.02


@pytest.mark.parametrize("side", [0, 1])
def test_it_dies_away_in_its_time_and_ends_in_silence(side):
    echo = room()
    sound = through(echo, impulse(12.0, side))
    first = energy(sound, 0.03, 0.3)
    assert 1e-7 < energy(sound, REVERBERATION_S, REVERBERATION_S + 0.27) / first < 1e-2
    assert not sound[-RATE_HZ:].any()


def test_the_amount_scales_what_is_added():
    full, half = through(room(1.0), impulse(0.5)), through(room(0.5), impulse(0.5))
    np.testing.assert_allclose(full[1:], 2 * half[1:], atol=1e-6)


@pytest.mark.parametrize("block", [17, 64, 1000, 5000])
def test_the_size_of_blocks_makes_no_difference(block):
    sound = 0.1 * np.random.default_rng(2).normal(size=(20_000, 2)).astype(np.float32)
    np.testing.assert_allclose(
        through(room(), sound, block), through(room(), sound, 256), atol=1e-5
    )


def test_it_never_swells():
    loud = np.random.default_rng(3).uniform(-1, 1, (10 * RATE_HZ, 2)).astype(np.float32)
    assert np.abs(through(room(), loud)).max() < 6
    steady = np.ones((10 * RATE_HZ, 2), np.float32)
    assert np.abs(through(room(), steady)).max() < 12


def test_turned_off_it_forgets():
    echo = room()
    through(echo, impulse(0.1))
    echo.amount = 0.0
    echo.process(np.zeros((256, 2), np.float32))
    echo.amount = 1.0
    assert not through(echo, np.zeros((RATE_HZ, 2), np.float32)).any()
