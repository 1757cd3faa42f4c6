"""Measures of sound for tests."""

import numpy as np


def loudest_hz(sound, rate_hz, low_hz=30.0):
    """Return the frequency of the strongest partial, to a fraction of a bin."""
    mono = sound.mean(axis=1) if sound.ndim == 2 else sound
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), 8 * len(mono)))
    hz = np.fft.rfftfreq(8 * len(mono), 1 / rate_hz)
    spectrum[hz < low_hz] = 0
    return float(hz[np.argmax(spectrum)])


def rms(sound):
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def cents(hz, wanted_hz):
    """Return the distance of two frequencies in cents."""
    return float(1200 * np.log2(hz / wanted_hz))
