import numpy as np
import pytest

from musicassist.audio.click import click_sounds

RATES_HZ = [22_050, 44_100, 48_000, 96_000]


def strongest_hz(sound, rate_hz):
    spectrum = np.abs(np.fft.rfft(sound[:, 0], 1 << 16))
    return np.fft.rfftfreq(1 << 16, 1 / rate_hz)[np.argmax(spectrum)]


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_the_accent_is_a_fifth_above_the_plain_click_and_louder(rate_hz):
    clicks = click_sounds(rate_hz)
    accent_hz = strongest_hz(clicks.accent, rate_hz)
    plain_hz = strongest_hz(clicks.plain, rate_hz)
    assert accent_hz == pytest.approx(1760, rel=0.01)
    assert accent_hz / plain_hz == pytest.approx(1.5, rel=0.02)
    assert np.abs(clicks.accent).max() == pytest.approx(0.5)
    assert np.abs(clicks.plain).max() == pytest.approx(0.35)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("kind", ["accent", "plain"])
def test_a_click_is_short_stereo_and_silent_at_both_ends(rate_hz, kind):
    sound = getattr(click_sounds(rate_hz), kind)
    assert sound.dtype == np.float32
    assert sound.shape == (round(0.06 * rate_hz), 2)
    assert sound[0].tolist() == sound[-1].tolist() == [0.0, 0.0]
    assert (sound[:, 0] == sound[:, 1]).all()
    energy = np.cumsum(np.square(sound[:, 0], dtype=np.float64))
    assert np.searchsorted(energy, 0.9 * energy[-1]) < 0.02 * rate_hz


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_click_is_at_its_loudest_within_two_milliseconds(rate_hz):
    for sound in (click_sounds(rate_hz).accent, click_sounds(rate_hz).plain):
        assert np.argmax(np.abs(sound[:, 0])) < 0.002 * rate_hz
