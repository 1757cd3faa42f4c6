import numpy as np

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.limiter import Limiter
from musicassist.audio.voices import ELECTRIC_PIANO, LEAD_GUITAR

RATE_HZ = 48_000


def test_sixteen_hard_struck_voices_of_either_sound_never_clip():
    synth = BuiltinSynth(RATE_HZ, ELECTRIC_PIANO, {1: LEAD_GUITAR})
    limiter = Limiter(RATE_HZ)
    for number in range(16):
        synth.note_on(number % 2, 40 + 3 * number, 127)
    for _ in range(200):
        block = synth.render(256).copy()
        limiter.process(block)
        assert np.abs(block).max() < 1.0


def test_silence_stays_silence():
    block = np.zeros((256, 2), np.float32)
    Limiter(RATE_HZ).process(block)
    assert not block.any()


def test_a_quiet_sound_passes_unchanged():
    wave = 0.05 * np.sin(np.arange(256) / 10)
    block = np.stack([wave, wave], axis=1).astype(np.float32)
    before = block.copy()
    Limiter(RATE_HZ).process(block)
    assert np.abs(block - before).max() < 1e-4


def test_loudness_comes_back_after_a_loud_moment():
    limiter = Limiter(RATE_HZ)
    limiter.process(np.full((256, 2), 8.0, np.float32))
    quiet = np.full((256, 2), 0.1, np.float32)
    limiter.process(quiet)
    assert quiet[-1, 0] < 0.05
    for _ in range(500):
        quiet = np.full((256, 2), 0.1, np.float32)
        limiter.process(quiet)
    assert quiet[-1, 0] > 0.099


def test_an_empty_block_is_no_trouble():
    empty = np.zeros((0, 2), np.float32)
    limiter = Limiter(RATE_HZ)
    limiter.process(empty)
    quiet = np.full((256, 2), 0.1, np.float32)
    limiter.process(quiet)
    assert empty.shape == (0, 2)
    assert quiet[-1, 0] > 0.099
