import struct
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musicassist.audio.soundfont_synth import SoundFontSynth
from musicassist.audio.sounds.sf2_write import (
    Instrument,
    PresetEntry,
    Sample,
    Zone,
    soundfont_bytes,
)
from musicassist.audio.synth import EXPRESSION, N_CHANNELS, PAN, RESET_CONTROLLERS, VOLUME
from musicassist.errors import SoundFontError
from musicassist.music.note import MOD_WHEEL, PITCH_BEND, SUSTAIN

RATE_HZ = 44_100
N_LOOP = 100  # frames a turn: 441 Hz


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def collection(kind, *chunks):
    return chunk(b"LIST", kind + b"".join(chunks))


def soundfont_of_one_sine():
    """Return the smallest SoundFont: one looped sine on every key, as the specification has it."""
    wave = np.sin(2 * np.pi * np.arange(10 * N_LOOP) / N_LOOP) * 20_000
    samples = wave.astype("<i2").tobytes() + b"\0" * 92
    info = collection(
        b"INFO",
        chunk(b"ifil", struct.pack("<HH", 2, 1)),
        chunk(b"isng", b"EMU8000\0"),
        chunk(b"INAM", b"Sine\0\0"),
    )

    def generators(*pairs):
        return b"".join(struct.pack("<HH", number, value) for number, value in pairs)

    header = struct.pack("<20sIIIIIBbHH", b"sine", 0, 1000, 100, 900, RATE_HZ, 69, 0, 0, 1)
    last = struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    presets = collection(
        b"pdta",
        chunk(
            b"phdr",
            struct.pack("<20sHHHIII", b"Sine", 0, 0, 0, 0, 0, 0)
            + struct.pack("<20sHHHIII", b"EOP", 0, 0, 1, 0, 0, 0),
        ),
        chunk(b"pbag", struct.pack("<HHHH", 0, 0, 1, 0)),
        chunk(b"pmod", b"\0" * 10),
        chunk(b"pgen", generators((41, 0), (0, 0))),
        chunk(b"inst", struct.pack("<20sH20sH", b"Sine", 0, b"EOI", 1)),
        chunk(b"ibag", struct.pack("<HHHH", 0, 0, 2, 0)),
        chunk(b"imod", b"\0" * 10),
        chunk(b"igen", generators((54, 1), (53, 0), (0, 0))),
        chunk(b"shdr", header + last),
    )
    body = b"sfbk" + info + collection(b"sdta", chunk(b"smpl", samples)) + presets
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.fixture
def font(tmp_path):
    path = tmp_path / "sine.sf2"
    path.write_bytes(soundfont_of_one_sine())
    return str(path)


@pytest.fixture
def synth(font):
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    return SoundFontSynth(font, RATE_HZ, {0: 4, 1: 29})


def play(synth, seconds):
    return synth.render(round(seconds * RATE_HZ)).copy()


def strongest_hz(sound, n=None):
    mono = sound.mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono if n is None else mono * np.hanning(len(mono)), n))
    return float(np.fft.rfftfreq(n or len(sound), 1 / RATE_HZ)[np.argmax(spectrum)])


@pytest.mark.parametrize("channel", [0, 1, 16, 17, 31])
def test_a_note_of_either_lane_sounds_at_its_pitch(synth, channel):
    synth.note_on(channel, 81, 100)
    assert strongest_hz(play(synth, 0.5)) == pytest.approx(882, abs=3)
    assert synth.n_sounding > 0
    synth.note_off(channel, 81)
    play(synth, 0.5)
    assert not play(synth, 0.1).any()
    assert synth.n_sounding == 0


def test_the_bend_wheel_bends(synth):
    synth.note_on(0, 69, 100)
    synth.control(0, PITCH_BEND, 16383)
    assert strongest_hz(play(synth, 0.5)) == pytest.approx(441 * 2 ** (2 / 12), abs=3)


def test_all_off_silences_held_notes_and_pedals(synth):
    for channel in (0, 16):
        synth.control(channel, SUSTAIN, 127)
        synth.note_on(channel, 60, 100)
        synth.note_off(channel, 60)
    play(synth, 0.1)
    synth.all_off()
    play(synth, 0.3)
    assert not play(synth, 0.1).any()


def test_panic_brings_volume_expression_pan_and_wheels_to_rest(synth):
    before = struck(synth, 0)
    for controller, value in ((VOLUME, 20), (EXPRESSION, 30), (PAN, 0), (MOD_WHEEL, 127)):
        synth.control(0, controller, value)
    synth.control(0, PITCH_BEND, 0)
    assert not np.allclose(struck(synth, 0), before, atol=0.005)
    synth.all_off()
    np.testing.assert_allclose(struck(synth, 0), before, atol=1e-6)


def struck(synth, channel, pitch=69):
    play(synth, 0.2)
    synth.note_on(channel, pitch, 100)
    sound = play(synth, 0.1)
    synth.note_off(channel, pitch)
    play(synth, 0.2)
    return sound


def test_a_gain_comes_on_top_of_the_volume_a_person_set(synth):
    full = struck(synth, 0)
    synth.control(0, VOLUME, 50)
    np.testing.assert_allclose(struck(synth, 0), full / 4, atol=1e-4)
    synth.set_channel_gain(0, 0.5)
    np.testing.assert_allclose(struck(synth, 0), full / 8, atol=1e-4)
    synth.control(0, EXPRESSION, 0)
    assert not struck(synth, 0).any()
    synth.control(0, RESET_CONTROLLERS, 0)
    np.testing.assert_allclose(struck(synth, 0), full / 2, atol=1e-4)
    np.testing.assert_allclose(struck(synth, 1), full, atol=1e-4)


def test_a_volume_moved_under_a_note_gets_there_without_a_jump(synth):
    synth.note_on(0, 69, 127)
    loud = play(synth, 0.1)
    synth.set_channel_gain(0, 0.0)
    fading = play(synth, 0.1)
    steepest = np.abs(np.diff(loud[:, 0])).max()
    assert np.abs(np.diff(np.concatenate([loud, fading])[:, 0])).max() < 2 * steepest
    assert not fading[-1000:].any()
    assert synth.n_sounding == 1  # the key is still down


def test_the_mod_wheel_makes_vibrato_of_half_a_semitone(synth):
    synth.control(0, MOD_WHEEL, 127)
    synth.note_on(0, 81, 100)
    highest, lowest = 882 * 2 ** (0.5 / 12), 882 * 2 ** (-0.5 / 12)
    hz = [strongest_hz(play(synth, 0.02), 1 << 18) for _ in range(40)]
    assert max(hz) == pytest.approx(highest, abs=6)
    assert min(hz) == pytest.approx(lowest, abs=6)
    synth.control(0, MOD_WHEEL, 0)
    play(synth, 0.1)
    assert strongest_hz(play(synth, 0.5)) == pytest.approx(882, abs=2)


def test_a_pedal_holds_every_released_note_once(synth):
    synth.control(0, SUSTAIN, 127)
    for _ in range(5):  # the same key again and again
        synth.note_on(0, 60, 100)
        synth.note_off(0, 60)
    synth.note_on(0, 64, 100)
    play(synth, 0.5)
    assert synth.n_sounding == 2
    synth.control(0, SUSTAIN, 0)
    play(synth, 0.3)
    assert synth.n_sounding == 1
    synth.note_off(0, 64)
    play(synth, 0.3)
    assert synth.n_sounding == 0
    assert not play(synth, 0.1).any()


def test_a_key_struck_twice_is_let_go_by_one_release(synth):
    synth.note_on(0, 60, 100)
    synth.note_on(0, 60, 100)
    synth.note_off(0, 60)
    play(synth, 0.5)
    assert synth.n_sounding == 0


def test_programs_of_the_font_can_be_chosen_at_run_time(tmp_path):
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    path = tmp_path / "two.sf2"
    path.write_bytes(soundfont_of_an_octave())
    synth = SoundFontSynth(str(path), RATE_HZ, {})
    assert synth.sounds == ((0, "Low"), (29, "High"))
    for program, hz in ((29, 882), (0, 441), (31, 882), (127, 441)):  # their families, or the first
        synth.select_program(0, program)
        synth.note_on(0, 69, 100)
        assert strongest_hz(play(synth, 0.4)) == pytest.approx(hz, abs=4)
        synth.note_off(0, 69)
        play(synth, 0.2)


def soundfont_of_an_octave():
    presets = []
    for program, name, turns in ((0, "Low", 1), (29, "High", 2)):
        wave = 0.5 * np.sin(2 * np.pi * turns * np.arange(1000) / N_LOOP)
        instrument = Instrument(name, (Zone(Sample(name, wave, RATE_HZ, 69, (100, 900))),))
        presets.append(PresetEntry(0, program, name, instrument))
    return soundfont_bytes("Octave", presets)


def test_sixty_four_notes_sound_at_once(synth):
    for pitch in range(30, 94):
        synth.note_on(0, pitch, 100)
    sound = play(synth, 1.0).mean(axis=1)
    assert synth.n_sounding == 64
    strength = np.abs(np.fft.rfft(sound))
    for pitch in range(50, 94):
        at = round(441 * 2 ** ((pitch - 69) / 12))
        assert strength[at - 2 : at + 3].max() > strength.max() / 10, pitch


def test_a_font_that_asks_for_the_impossible_gives_silence_not_noise(synth):
    class Broken:
        def render(self, buffer, _mixing):
            np.frombuffer(buffer, np.float32)[:] = np.nan

    synth._font = Broken()
    assert not play(synth, 0.01).any()


deeds = st.lists(
    st.tuples(
        st.sampled_from(["on", "off", "control", "program", "gain", "all_off"]),
        st.integers(0, N_CHANNELS - 1),
        st.integers(0, 129),
        st.integers(1, 127),
        st.integers(0, 3000),
    ),
    max_size=40,
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_whatever_is_played_the_sound_is_sane_and_ends(synth, deeds):
    for deed, channel, number, value, n_frames in deeds:
        match deed:
            case "on":
                synth.note_on(channel, number % 128, value)
            case "off":
                synth.note_off(channel, number % 128)
            case "control":
                synth.control(channel, number, value)
            case "program":
                synth.select_program(channel, number % 128)
            case "gain":
                synth.set_channel_gain(channel, value / 127)
            case "all_off":
                synth.all_off()
        assert np.isfinite(synth.render(n_frames)).all()
    synth.all_off()
    play(synth, 0.3)
    assert synth.n_sounding == 0


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SoundFontError, match=r"gone\.sf2 cannot be read"):
        SoundFontSynth(str(tmp_path / "gone.sf2"), RATE_HZ, {})


@pytest.mark.parametrize("content", [b"", b"RIFF", b"MThd" + b"\0" * 40, b"RIFF\0\0\0\0sfbk"])
def test_what_is_no_soundfont_is_refused(tmp_path, content):
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    path = tmp_path / "odd.sf2"
    path.write_bytes(content)
    with pytest.raises(SoundFontError, match="is not a SoundFont"):
        SoundFontSynth(str(path), RATE_HZ, {})


def test_without_the_extra_the_hint_says_what_to_install(font, monkeypatch):
    monkeypatch.setitem(sys.modules, "tinysoundfont", None)
    with pytest.raises(SoundFontError) as caught:
        SoundFontSynth(font, RATE_HZ, {})
    assert "pip install --no-deps tinysoundfont" in caught.value.hint
