import struct
import sys

import numpy as np
import pytest

from musicassist.audio.soundfont_synth import SoundFontSynth
from musicassist.errors import SoundFontError
from musicassist.music.note import PITCH_BEND, SUSTAIN

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


def strongest_hz(sound):
    spectrum = np.abs(np.fft.rfft(sound.mean(axis=1)))
    return float(np.fft.rfftfreq(len(sound), 1 / RATE_HZ)[np.argmax(spectrum)])


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
    assert "soundfont extra" in caught.value.hint
