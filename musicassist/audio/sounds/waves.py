"""How a sound is made that begins like an instrument and then repeats without a seam.

A note has an onset, in which its spectrum changes, and a loop. Both are one sum of sines whose
frequencies are whole multiples of the loop's own, so that the loop's end meets its beginning by
construction; what changes in the onset has died away when the loop begins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.audio.sounds.sf2_write import Sample

Wave = NDArray[np.float64]

Response = Callable[[Wave], Wave]
"""A filter: its amplitude at each frequency in hertz."""

JOIN_S: Final = 0.012
_LOUDNESS_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a looped note lies in time.

    Attributes:
        pitch: MIDI pitch it is to sound at.
        rate_hz: Frames a second.
        n_onset: Frames before the loop.
        n_loop: Frames of the loop.
        n_periods: Periods of the note in the loop.
    """

    pitch: int
    rate_hz: int
    n_onset: int
    n_loop: int
    n_periods: int

    @property
    def n_frames(self) -> int:
        """All frames of the sample."""
        return self.n_onset + self.n_loop

    @property
    def hz(self) -> float:
        """The note's frequency, within a fraction of a cent of its pitch."""
        return self.n_periods * self.rate_hz / self.n_loop

    def seconds(self, n_loops: int = 1, over: int = 1) -> Wave:
        """Return the time of each frame from the onset to the end of so many turns of the loop.

        Args:
            n_loops: Turns.
            over: Frames for each frame of the sample.
        """
        return np.arange((self.n_onset + n_loops * self.n_loop) * over) / (self.rate_hz * over)

    def loop_cycles(self, seconds: Wave, n_cycles: int) -> Wave:
        """Return the angle of something that turns so many times a loop."""
        angle: Wave = 2 * np.pi * n_cycles * seconds * self.rate_hz / self.n_loop
        return angle


def grid(pitch: int, rate_hz: int, onset_s: float, loop_s: float) -> Grid:
    """Return a grid whose loop is about so long and holds whole periods of the pitch.

    The longer of two neighbouring lengths may fit better: the best of some is taken.
    """
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12)
    fewest = max(1, round(loop_s * hz))
    candidates = [(n, round(n * rate_hz / hz)) for n in range(fewest, fewest + 24)]
    n_periods, n_loop = min(
        candidates, key=lambda pair: round(abs(np.log2(pair[0] * rate_hz / pair[1] / hz)), 6)
    )
    return Grid(pitch, rate_hz, round(onset_s * rate_hz), n_loop, n_periods)


def looped(name: str, place: Grid, wave: Wave) -> Sample:
    """Return a sample of a wave that covers at least one turn of its loop.

    The last milliseconds are blended into what comes before the loop, which takes away what has
    not quite died in the onset.
    """
    frames = wave[: place.n_frames].copy()
    n_join = min(round(JOIN_S * place.rate_hz), place.n_onset, place.n_loop)
    blend = np.linspace(0.0, 1.0, n_join, endpoint=False)
    before = frames[place.n_onset - n_join : place.n_onset]
    frames[-n_join:] = (1 - blend) * frames[-n_join:] + blend * before
    return Sample(name, frames, place.rate_hz, place.pitch, (place.n_onset, place.n_frames))


def levelled(frames: Wave, rate_hz: int, loudness: float) -> Wave:
    """Scale so that the loudest 0.4 s, weighted as ears do, have this RMS; peaks stay below 1."""
    heard = filtered(frames, rate_hz, ear)
    n_window = min(len(frames), round(_LOUDNESS_S * rate_hz))
    energy = np.concatenate([[0.0], np.cumsum(heard**2)])
    power = (energy[n_window:] - energy[:-n_window]).max() / n_window
    scaled: Wave = frames * (loudness / np.sqrt(power))
    scaled *= min(1.0, 0.98 / np.abs(scaled).max())
    return scaled


def ear(hz: Wave) -> Wave:
    """Return the weight of frequencies in loudness: less below 100 Hz, more above 2 kHz.

    Source: the shape of ITU-R BS.1770's K-weighting, first order here.
    """
    low = 1 / np.sqrt(1 + (60 / np.maximum(hz, 1e-3)) ** 4)
    high = np.sqrt((1 + (hz / 1500) ** 2 * 2.5) / (1 + (hz / 1500) ** 2))
    weight: Wave = low * high
    return weight


def filtered(frames: Wave, rate_hz: float, response: Response) -> Wave:
    """Return a wave through a filter given by its amplitude at each frequency.

    The filter has the phase an analogue one of that response would have, so that no note is
    heard before it begins.
    """
    n = 1 << int(np.ceil(np.log2(len(frames) + rate_hz * 0.05)))
    hz = np.fft.rfftfreq(n, 1 / rate_hz).astype(np.float64)
    # Minimum phase from the cepstrum: fold the part before time zero onto the part after it.
    cepstrum = np.fft.irfft(np.log(np.maximum(response(hz), 1e-5)), n)
    cepstrum[1 : n // 2] *= 2
    cepstrum[n // 2 + 1 :] = 0
    wave: Wave = np.fft.irfft(np.fft.rfft(frames, n) * np.exp(np.fft.rfft(cepstrum, n)), n)
    return wave[: len(frames)]


def oversampled(frames: Wave, times: int) -> Wave:
    """Return the same wave with so many times the frames; its last ones are not to be used."""
    n = 1 << int(np.ceil(np.log2(len(frames))))
    wave: Wave = np.fft.irfft(np.fft.rfft(frames, n), n * times) * times
    return wave[: len(frames) * times]


def low_pass(corner_hz: float, order: int) -> Response:
    """Return a Butterworth low-pass."""
    return lambda hz: 1 / np.sqrt(1 + (hz / corner_hz) ** (2 * order))


def high_pass(corner_hz: float, order: int) -> Response:
    """Return a Butterworth high-pass."""
    return lambda hz: 1 / np.sqrt(1 + (corner_hz / np.maximum(hz, 1e-3)) ** (2 * order))


def bump(centre_hz: float, gain: float, width_octaves: float) -> Response:
    """Return a bell in the spectrum: `gain` in its middle, 1 far off."""

    def response(hz: Wave) -> Wave:
        octaves = np.log2(np.maximum(hz, 1e-3) / centre_hz)
        shaped: Wave = gain ** np.exp(-((octaves / width_octaves) ** 2))
        return shaped

    return response


def chain(*responses: Response) -> Response:
    """Return several filters, one after the other."""

    def response(hz: Wave) -> Wave:
        through = np.ones_like(hz)
        for each in responses:
            through = through * each(hz)
        return through

    return response


def noise(n_frames: int, seed: int) -> Wave:
    """Return white noise of RMS 1, the same for the same seed."""
    wave: Wave = np.random.Generator(np.random.PCG64(seed)).random(n_frames) * 2 - 1
    wave *= np.sqrt(3.0)
    return wave


def scatter(n: int, seed: int) -> Wave:
    """Return numbers 0-1, the same for the same seed."""
    return np.random.Generator(np.random.PCG64(seed)).random(n)
