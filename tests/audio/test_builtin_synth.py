import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.audio.builtin_synth import MOST_VOICES, BuiltinSynth
from musicassist.audio.drum_voices import MOST_HITS
from musicassist.audio.synth import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    EXPRESSION,
    LEAD_GUITAR_PROGRAM,
    N_CHANNELS,
    PAN,
    RESET_CONTROLLERS,
    VOLUME,
)
from musicassist.audio.voices import ELECTRIC_PIANO, LEAD_GUITAR, VOICES, frequency_hz, voice_of
from musicassist.music.note import MOD_WHEEL, PITCH_BEND, SUSTAIN

RATE_HZ = 48_000
PIANO, LEAD, LIVE_PIANO, DRUMS = 0, 1, 16, 9


@pytest.fixture
def synth():
    return BuiltinSynth(RATE_HZ, ELECTRIC_PIANO, {LEAD: LEAD_GUITAR})


def play(synth, seconds):
    return synth.render(round(seconds * RATE_HZ)).copy()


def rms(sound):
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def strongest_hz(sound, near_hz):
    """The strongest partial within a fourth of a frequency."""
    mono = sound.mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), 8 * len(mono)))
    hz = np.fft.rfftfreq(8 * len(mono), 1 / RATE_HZ)
    spectrum[(hz < near_hz / 1.33) | (hz > near_hz * 1.33)] = 0
    return float(hz[np.argmax(spectrum)])


@pytest.mark.parametrize("channel", [PIANO, LEAD, LIVE_PIANO])
@pytest.mark.parametrize("pitch", [36, 60, 69, 84])
def test_a_note_sounds_at_its_pitch(synth, channel, pitch):
    synth.note_on(channel, pitch, 100)
    sound = play(synth, 0.5)
    wanted_hz = frequency_hz(pitch)
    assert abs(1200 * np.log2(strongest_hz(sound, wanted_hz) / wanted_hz)) < 8
    assert rms(sound) > 0.02


@pytest.mark.parametrize("channel", [PIANO, LEAD])
def test_nothing_folds_back_below_a_very_high_note(synth, channel):
    synth.note_on(channel, 108, 127)
    play(synth, 0.05)
    mono = play(synth, 0.5).mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    hz = np.fft.rfftfreq(len(mono), 1 / RATE_HZ)
    below = spectrum[(hz > 50) & (hz < frequency_hz(108) * 0.8)].max()
    assert 20 * np.log10(below / spectrum.max()) < -55


def test_silence_is_exact_before_and_after(synth):
    assert not play(synth, 0.1).any()
    synth.note_on(PIANO, 60, 100)
    play(synth, 0.1)
    synth.note_off(PIANO, 60)
    play(synth, 1.0)
    assert synth.n_sounding == 0
    assert not play(synth, 0.1).any()


@pytest.mark.parametrize("channel", [PIANO, LEAD])
def test_a_released_note_is_gone_within_300_ms(synth, channel):
    synth.note_on(channel, 60, 127)
    loud = rms(play(synth, 0.3))
    synth.note_off(channel, 60)
    play(synth, 0.3)
    assert rms(play(synth, 0.05)) < loud / 100


def test_the_pedal_holds_a_released_note_until_it_comes_up(synth):
    synth.control(PIANO, SUSTAIN, 127)
    synth.note_on(PIANO, 60, 100)
    synth.note_off(PIANO, 60)
    play(synth, 0.5)
    assert rms(play(synth, 0.1)) > 0.01
    synth.control(PIANO, SUSTAIN, 0)
    play(synth, 0.6)
    assert synth.n_sounding == 0


def test_the_pedal_of_one_lane_does_not_hold_the_other(synth):
    synth.control(LIVE_PIANO, SUSTAIN, 127)
    synth.note_on(PIANO, 60, 100)
    synth.note_off(PIANO, 60)
    play(synth, 1.0)
    assert synth.n_sounding == 0


def test_a_harder_strike_is_louder_and_brighter():
    loudness, brightness_hz = [], []
    for velocity in (40, 120):
        synth = BuiltinSynth(RATE_HZ, ELECTRIC_PIANO)
        synth.note_on(PIANO, 48, velocity)
        wave = play(synth, 0.2).mean(axis=1)
        power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
        loudness.append(rms(wave))
        brightness_hz.append(np.sum(np.fft.rfftfreq(len(wave), 1 / RATE_HZ) * power) / power.sum())
    assert loudness[1] > 2 * loudness[0]
    assert brightness_hz[1] > 1.2 * brightness_hz[0]


def test_the_bend_wheel_bends_two_semitones(synth):
    synth.note_on(PIANO, 60, 100)
    synth.control(PIANO, PITCH_BEND, 16383)
    sound = play(synth, 0.5)
    assert abs(1200 * np.log2(strongest_hz(sound, 294) / frequency_hz(62))) < 8


def test_the_mod_wheel_makes_vibrato(synth):
    synth.note_on(PIANO, 69, 100)
    synth.control(PIANO, MOD_WHEEL, 127)
    play(synth, 0.2)
    hz = [strongest_hz(play(synth, 0.05), 440) for _ in range(8)]
    assert max(hz) - min(hz) > 5


@pytest.mark.parametrize("block", [1, 37, 64, 256, 1024, 5000])
def test_sound_does_not_depend_on_the_size_of_blocks(block):
    whole = BuiltinSynth(RATE_HZ, ELECTRIC_PIANO)
    cut = BuiltinSynth(RATE_HZ, ELECTRIC_PIANO)
    for synth in (whole, cut):
        synth.note_on(PIANO, 60, 100)
        synth.note_on(PIANO, 67, 100)
    n_frames = 6000 if block > 1 else 600
    parts = [cut.render(min(block, n_frames - at)).copy() for at in range(0, n_frames, block)]
    assert np.abs(np.concatenate(parts) - whole.render(n_frames)).max() < 0.01


def test_strikes_and_releases_do_not_click(synth):
    """A click is a jump; the steepest slope of the sound itself is that of its brightest moment."""
    parts = []
    for pitch in (40, 47, 52):
        synth.note_on(PIANO, pitch, 110)
        parts.append(play(synth, 0.1))
        synth.note_off(PIANO, pitch)
        parts.append(play(synth, 0.011))
    curve = np.abs(np.diff(np.concatenate(parts)[:, 0], 2))
    assert curve.max() < 0.02


def test_a_full_synth_lets_the_oldest_give_way_to_the_new(synth):
    for pitch in range(127):
        synth.note_on(PIANO, pitch, 100)
        play(synth, 0.002)
    assert 32 <= synth.n_sounding <= MOST_VOICES
    synth.note_on(PIANO, 127, 100)
    play(synth, 0.05)
    for pitch in range(100, 128):
        synth.note_off(PIANO, pitch)
    synth.all_off()
    play(synth, 0.1)
    assert synth.n_sounding == 0


def test_panic_silences_everything_within_100_ms(synth):
    for channel in range(N_CHANNELS):
        synth.control(channel, SUSTAIN, 127)
        synth.note_on(channel, 60, 127)
    play(synth, 0.1)
    synth.all_off()
    play(synth, 0.1)
    assert synth.n_sounding == 0
    synth.note_on(PIANO, 60, 100)
    synth.note_off(PIANO, 60)
    play(synth, 1.0)
    assert synth.n_sounding == 0  # the pedals are up again


@pytest.mark.parametrize("controller", [ALL_NOTES_OFF, ALL_SOUND_OFF])
def test_channel_mode_messages_end_one_channel(synth, controller):
    synth.note_on(PIANO, 60, 100)
    synth.note_on(LEAD, 60, 100)
    synth.control(PIANO, controller, 0)
    play(synth, 0.8)
    assert synth.n_sounding == 1


def test_every_drum_sounds_and_ends_by_itself(synth):
    for pitch in range(128):
        synth.note_on(DRUMS, pitch, 100)
        assert rms(play(synth, 0.1)) > 0.001, pitch
        synth.all_off()
        play(synth, 0.05)
    synth.note_on(DRUMS, 49, 100)
    play(synth, 2.0)
    assert synth.n_sounding == 0


def test_a_closed_hat_cuts_the_open_one_off(synth):
    synth.note_on(DRUMS, 46, 127)
    play(synth, 0.1)
    open_hat = rms(play(synth, 0.05))
    synth.note_on(DRUMS, 42, 1)
    play(synth, 0.02)
    assert rms(play(synth, 0.05)) < open_hat / 10
    assert synth.n_sounding == 1


def test_of_very_many_drum_hits_the_oldest_give_way(synth):
    for _ in range(100):
        synth.note_on(DRUMS, 49, 100)
    assert synth.n_sounding == MOST_HITS


def centre_hz(sound):
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    return np.sum(np.fft.rfftfreq(len(sound), 1 / RATE_HZ) * power) / power.sum()


def test_another_program_is_another_sound_from_the_next_note_on(synth):
    synth.note_on(PIANO, 60, 100)
    piano_hz = centre_hz(play(synth, 0.3))
    synth.all_off()
    synth.select_program(PIANO, LEAD_GUITAR_PROGRAM)
    synth.note_on(PIANO, 60, 100)
    assert centre_hz(play(synth, 0.3)) > 1.5 * piano_hz


@pytest.mark.parametrize("program", range(128))
def test_every_program_has_a_voice(program):
    assert voice_of(program) in VOICES


def test_a_gain_comes_on_top_of_volume_and_expression(synth):
    def loudness():
        synth.note_on(PIANO, 60, 100)
        sound = rms(play(synth, 0.1))
        synth.control(PIANO, ALL_SOUND_OFF, 0)
        play(synth, 0.1)
        return sound

    full = loudness()
    synth.control(PIANO, VOLUME, 50)
    assert loudness() == pytest.approx(full / 4, rel=0.01)
    synth.set_channel_gain(PIANO, 0.5)
    assert loudness() == pytest.approx(full / 8, rel=0.01)
    synth.control(PIANO, EXPRESSION, 0)
    assert loudness() == 0
    synth.control(PIANO, RESET_CONTROLLERS, 0)
    assert loudness() == pytest.approx(full / 2, rel=0.01)
    synth.set_channel_gain(PIANO, 1.0)
    assert loudness() == pytest.approx(full, rel=0.01)


def test_a_volume_moved_under_a_note_does_not_click(synth):
    synth.note_on(PIANO, 48, 110)
    parts = [play(synth, 0.2)]
    for value in (0, 127, 30, 100):
        synth.control(PIANO, VOLUME, value)
        parts.append(synth.render(256).copy())
    assert np.abs(np.diff(np.concatenate(parts)[:, 0], 2)).max() < 0.02


def test_pan_moves_the_next_note_to_a_side(synth):
    synth.control(PIANO, PAN, 0)
    synth.note_on(PIANO, 60, 100)
    sound = play(synth, 0.2)
    assert rms(sound[:, :1]) > 0.01
    assert not sound[:, 1].any()


deeds = st.lists(
    st.tuples(
        st.sampled_from(["on", "off", "control", "all_off"]),
        st.integers(0, N_CHANNELS - 1),
        st.integers(0, 129),
        st.integers(1, 127),
        st.integers(0, 700),
    ),
    max_size=60,
)


@settings(max_examples=30)
@given(deeds)
def test_whatever_is_played_the_sound_is_sane_and_ends(deeds):
    synth = BuiltinSynth(RATE_HZ, ELECTRIC_PIANO)
    for deed, channel, number, value, n_frames in deeds:
        match deed:
            case "on":
                synth.note_on(channel, number % 128, value)
            case "off":
                synth.note_off(channel, number % 128)
            case "control":
                synth.control(channel, number, value)
            case "all_off":
                synth.all_off()
        assert np.isfinite(synth.render(n_frames)).all()
    synth.all_off()
    play(synth, 0.2)
    assert synth.n_sounding == 0
