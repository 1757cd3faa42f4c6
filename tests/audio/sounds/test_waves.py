import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.audio.sounds.waves import (
    filtered,
    grid,
    high_pass,
    levelled,
    looped,
    low_pass,
    noise,
    oversampled,
)

RATE_HZ = 32_000


@given(st.integers(21, 108), st.sampled_from([22_050, 32_000, 44_100]), st.floats(0.05, 1.5))
def test_a_grid_is_in_tune_and_about_as_long_as_asked(pitch, rate_hz, loop_s):
    place = grid(pitch, rate_hz, 0.2, loop_s)
    wanted_hz = 440 * 2 ** ((pitch - 69) / 12)
    assert abs(1200 * np.log2(place.hz / wanted_hz)) < 1
    assert -1 / wanted_hz < place.n_loop / rate_hz - loop_s < 25 / wanted_hz
    assert place.n_onset == round(0.2 * rate_hz)


def test_a_loop_meets_its_beginning_even_when_its_onset_has_not_quite_died():
    place = grid(60, RATE_HZ, 0.2, 0.3)
    seconds = place.seconds(2)
    wave = np.sin(place.loop_cycles(seconds, place.n_periods)) * (1 + np.exp(-seconds / 0.1))
    sample = looped("Test", place, wave)
    start, end = sample.loop
    turned = np.concatenate([sample.frames[:end], sample.frames[start:end]])
    steepest = 2 * np.pi * place.hz / RATE_HZ * 1.4
    assert np.abs(np.diff(turned)).max() < 2 * steepest
    assert abs(turned[end] - turned[end - 1]) < steepest


def test_a_filter_passes_and_stops_and_never_answers_early():
    impulse = np.zeros(8192)
    impulse[1000] = 1.0
    wave = filtered(impulse, RATE_HZ, low_pass(1_000, 2))
    assert np.abs(wave[:998]).max() < 1e-3 * np.abs(wave).max()
    strength = np.abs(np.fft.rfft(wave))
    hz = np.fft.rfftfreq(len(wave), 1 / RATE_HZ)
    assert strength[hz < 200] == pytest.approx(1, abs=0.02)
    assert np.interp(4_000, hz, strength) == pytest.approx(1 / 16, rel=0.05)
    low = filtered(impulse, RATE_HZ, high_pass(1_000, 2))
    assert np.abs(np.fft.rfft(low))[hz < 50].max() < 0.01


def test_levelled_sounds_are_equally_loud_and_never_clip():
    tone = np.sin(2 * np.pi * 500 * np.arange(RATE_HZ) / RATE_HZ)
    assert np.std(levelled(0.001 * tone, RATE_HZ, 0.2)) == pytest.approx(0.2, rel=0.1)
    spike = np.zeros(RATE_HZ)
    spike[100:110] = (-1) ** np.arange(10)
    assert np.abs(levelled(spike, RATE_HZ, 0.2)).max() <= 0.98


def test_oversampling_keeps_every_frame_and_fills_between():
    place = grid(60, RATE_HZ, 0.1, 0.2)
    wave = np.sin(place.loop_cycles(place.seconds(1), place.n_periods))
    finer = oversampled(np.concatenate([wave, wave]), 4)[: 4 * len(wave)]
    inside = slice(400, -400)
    np.testing.assert_allclose(finer[::4][inside], wave[inside], atol=0.01)
    assert np.abs(np.diff(finer[1600:-1600])).max() < 2 * np.pi * place.hz / RATE_HZ / 4 * 1.2


def test_noise_is_the_same_for_the_same_seed_only():
    np.testing.assert_array_equal(noise(100, 1), noise(100, 1))
    assert not np.allclose(noise(100, 1), noise(100, 2))
    assert np.std(noise(100_000, 3)) == pytest.approx(1, rel=0.02)
