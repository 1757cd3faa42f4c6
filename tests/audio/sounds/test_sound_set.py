"""The sound set as it is shipped: it is what the code makes, in tune, level, and without clicks."""

import struct
from functools import cache

import numpy as np
import pytest

from musicassist.audio.open_synth import OUR_SOUNDS, SOUND_SET
from musicassist.audio.soundfont_file import read_soundfont
from musicassist.audio.soundfont_synth import SoundFontSynth
from musicassist.audio.sounds.drums import DRUMS, HITS
from musicassist.audio.sounds.sound_set import build_sound_set
from musicassist.audio.sounds.waves import ear, filtered
from musicassist.audio.synth import ALL_SOUND_OFF
from musicassist.music.note import MOD_WHEEL, PITCH_BEND
from musicassist.paths import resources_folder

RATE_HZ = 48_000
PATH = resources_folder() / "sounds" / SOUND_SET
DRUM_CHANNEL = 9
PIANO, ORGAN, CLEAN, LEAD, BASS, STRINGS, SAW, PAD = (program for program, _name in OUR_SOUNDS)
RANGES = {
    PIANO: range(33, 97, 7),
    ORGAN: range(36, 97, 7),
    CLEAN: range(40, 89, 7),
    LEAD: range(40, 89, 7),
    BASS: range(28, 61, 7),
    STRINGS: range(40, 97, 7),
    SAW: range(40, 97, 7),
    PAD: range(40, 97, 7),
}
EVERYWHERE = [(program, pitch) for program, pitches in RANGES.items() for pitch in pitches]


@cache
def synth():
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    return SoundFontSynth(str(PATH), RATE_HZ, {})


def note(program, pitch, velocity=100, held_s=0.8, rest_s=0.0, channel=0, before=()):
    """Return one note's sound through the real player; mono."""
    player = synth()
    player.all_off()
    player.render(RATE_HZ // 10)
    player.select_program(channel, program)
    for controller, value in before:
        player.control(channel, controller, value)
    player.note_on(channel, pitch, velocity)
    held = player.render(round(held_s * RATE_HZ)).mean(axis=1, dtype=np.float64)
    player.note_off(channel, pitch)
    rest = player.render(round(rest_s * RATE_HZ)).mean(axis=1, dtype=np.float64)
    return np.concatenate([held, rest])


def frequency_hz(pitch):
    return 440 * 2 ** ((pitch - 69) / 12)


def spectrum(wave, n=1 << 18):
    return np.fft.rfftfreq(n, 1 / RATE_HZ), np.abs(np.fft.rfft(wave * np.hanning(len(wave)), n))


def cents_off(wave, pitch):
    """How far the strongest of the lowest partials is from where it belongs.

    The middle of its peak, not its top: an ensemble has many tops.
    """
    hz, strength = spectrum(wave)
    best = (0.0, 0.0)
    for harmonic in (1, 2, 3):
        wanted = harmonic * frequency_hz(pitch)
        near = np.abs(np.log2(np.maximum(hz, 1) / wanted)) < 0.04
        power = strength[near] ** 2
        middle = np.sum(power * hz[near]) / power.sum()
        best = max(best, (float(power.sum()), float(1200 * np.log2(middle / wanted))))
    return best[1]


def loudness_db(wave):
    """The loudest 0.4 s as ears weigh them."""
    energy = np.cumsum(np.concatenate([[0.0], filtered(wave, RATE_HZ, ear) ** 2]))
    n = round(0.4 * RATE_HZ)
    return 10 * np.log10((energy[n:] - energy[:-n]).max() / n)


def share_above(wave, corner_hz):
    hz, strength = spectrum(wave)
    return 10 * np.log10((strength[hz > corner_hz] ** 2).sum() / (strength**2).sum())


def test_the_file_is_what_the_code_makes():
    shipped, made = PATH.read_bytes(), build_sound_set()
    assert len(shipped) == len(made)
    start = shipped.index(b"smpl") + 8
    end = start + struct.unpack("<I", shipped[start - 4 : start])[0]
    hint = "run scripts/build_sounds.py"
    assert shipped[:start] == made[:start], hint
    assert shipped[end:] == made[end:], hint
    ours, theirs = (np.frombuffer(data[start:end], "<i2").astype(int) for data in (shipped, made))
    assert np.abs(ours - theirs).max() <= 2, hint  # machines differ in the last bit


def test_the_file_has_a_moderate_size():
    assert 3e6 < PATH.stat().st_size < 7e6


def test_every_program_of_general_midi_is_there_and_ours_bear_their_names():
    presets = {(each.bank, each.program): each.name for each in read_soundfont(PATH).presets}
    assert set(presets) == {(0, program) for program in range(128)} | {(128, 0)}
    assert {program: presets[0, program] for program, _ in OUR_SOUNDS} == dict(OUR_SOUNDS)


@pytest.mark.parametrize("program", range(0, 128, 8))
def test_every_family_sounds(program):
    assert np.abs(note(program, 60, held_s=0.3)).max() > 0.02


@pytest.mark.parametrize(("program", "pitch"), EVERYWHERE)
def test_every_sound_is_in_tune(program, pitch):
    # Several players beat: their pitch is what they have in the mean.
    held_s = 4.0 if program in (STRINGS, PAD, SAW) else 0.8
    assert abs(cents_off(note(program, pitch, held_s=held_s)[4800:], pitch)) < 3


@pytest.mark.parametrize("program", RANGES)
def test_every_sound_is_about_as_loud_on_all_its_keys(program):
    loudness = [loudness_db(note(program, pitch, held_s=1.2)) for pitch in RANGES[program]]
    assert max(loudness) - min(loudness) < 4


def test_all_sounds_are_about_equally_loud():
    loudness = {program: loudness_db(note(program, 60, held_s=1.2)) for program in RANGES}
    assert max(loudness.values()) - min(loudness.values()) < 4
    assert max(loudness, key=loudness.__getitem__) == LEAD


@pytest.mark.parametrize("program", [PIANO, CLEAN, LEAD, BASS, STRINGS, SAW, PAD])
def test_a_harder_stroke_is_brighter_and_louder(program):
    pitch = 40 if program == BASS else 64
    soft, hard = (note(program, pitch, velocity, 0.5) for velocity in (30, 115))
    corner_hz = 3.5 * frequency_hz(pitch)
    assert share_above(hard, corner_hz) > share_above(soft, corner_hz) + 2
    assert 8 < loudness_db(hard) - loudness_db(soft) < 20


@pytest.mark.parametrize("program", RANGES)
def test_loudness_never_falls_as_the_stroke_gets_harder(program):
    loudness = [loudness_db(note(program, 60, velocity, 0.5)) for velocity in range(10, 128, 9)]
    assert min(np.diff(loudness)) > -0.5


@pytest.mark.parametrize("program", [ORGAN, LEAD, STRINGS, SAW, PAD])
def test_a_sustaining_sound_goes_on(program):
    wave = note(program, 64, held_s=4.0)
    early, late = wave[RATE_HZ : 2 * RATE_HZ], wave[3 * RATE_HZ :]
    assert -7 < 20 * np.log10(np.std(late) / np.std(early)) < 2


@pytest.mark.parametrize("program", [PIANO, CLEAN, BASS])
def test_a_struck_sound_dies_away(program):
    wave = note(program, 55, held_s=4.0)
    early, late = wave[: RATE_HZ // 2], wave[3 * RATE_HZ :]
    assert -40 < 20 * np.log10(np.std(late) / np.std(early)) < -8


@pytest.mark.parametrize("program", RANGES)
def test_a_released_note_is_silent_within_300_ms(program):
    note(program, 60, held_s=0.5, rest_s=0.3)
    assert not synth().render(1024).any()
    assert synth().n_sounding == 0


@pytest.mark.parametrize(("program", "pitch"), EVERYWHERE)
def test_no_loop_clicks(program, pitch):
    """A click is energy far above what the sound itself has there, at one moment only."""
    wave = note(program, pitch, 60, 2.5)[RATE_HZ // 2 :]
    edge = np.abs(np.diff(wave, 3))
    window = edge[: len(edge) // 480 * 480].reshape(-1, 480).max(axis=1)
    assert window.max() < 4 * np.median(window) + 1e-5


@pytest.mark.parametrize("program", [PIANO, CLEAN, LEAD, BASS, PAD])
def test_a_release_does_not_click(program):
    """Cutting a sound off would be heard everywhere in the spectrum; letting it go is not."""
    wave = note(program, 84, 100, 0.5, 0.3)
    ending = wave[round(0.48 * RATE_HZ) : round(0.6 * RATE_HZ)]
    crest = np.argmax(np.abs(ending[: len(ending) // 4]))
    cut_off = np.where(np.arange(len(ending)) <= crest, ending, 0.0)
    assert share_above(ending, 12_000) < -40
    assert share_above(ending, 12_000) < share_above(cut_off, 12_000) - 5


def test_the_lead_has_a_bite_then_a_tone_of_real_distortion():
    wave = note(LEAD, 57, 110, 1.0)
    attack = share_above(wave[: round(0.02 * RATE_HZ)], 2_000)
    tone = wave[RATE_HZ // 2 :]
    assert attack > share_above(tone, 2_000)
    hz, strength = spectrum(tone)
    harmonics = [strength[np.abs(hz - n * frequency_hz(57)) < 12].max() for n in range(1, 17)]
    assert sum(each > strength.max() / 30 for each in harmonics) >= 10
    assert share_above(tone, 7_000) < -35  # the loudspeaker


def pitch_track_cents(wave, pitch):
    """Pitch over time, by the phase that the octave, the lead's strongest harmonic, gains."""
    octave_hz = 2 * frequency_hz(pitch)
    turned = wave * np.exp(-2j * np.pi * octave_hz * np.arange(len(wave)) / RATE_HZ)
    window = np.blackman(round(10 * RATE_HZ / frequency_hz(pitch)))
    smooth = np.convolve(turned, window / window.sum(), "valid")
    gained = np.diff(np.unwrap(np.angle(smooth)))
    return 1200 * np.log2(1 + gained * RATE_HZ / (2 * np.pi) / octave_hz)


def test_the_lead_sets_in_with_a_gentle_vibrato():
    track = pitch_track_cents(note(LEAD, 69, held_s=1.5), 69)
    early, late = track[RATE_HZ // 10 : RATE_HZ // 3], track[RATE_HZ * 3 // 4 : RATE_HZ * 5 // 4]
    assert np.ptp(early) < 8
    assert 12 < np.ptp(late) < 40


def test_the_mod_wheel_deepens_it():
    track = pitch_track_cents(note(LEAD, 69, held_s=1.0, before=[(MOD_WHEEL, 127)]), 69)
    assert 70 < np.ptp(track[RATE_HZ // 10 : RATE_HZ * 3 // 4]) < 140


@pytest.mark.parametrize(("wheel", "semitones"), [(16383, 2), (0, -2)])
def test_the_lead_bends_two_semitones(wheel, semitones):
    wave = note(LEAD, 64, held_s=0.4, before=[(PITCH_BEND, wheel)])
    assert abs(cents_off(wave[4800:], 64 + semitones)) < 4


def test_every_key_of_the_kit_sounds():
    for pitch in range(128):
        assert np.abs(note(0, pitch, held_s=0.2, channel=DRUM_CHANNEL)).max() > 0.005, pitch


def test_every_hit_is_on_some_key():
    assert {drum.hit for drum in DRUMS.values()} == set(HITS)


def hat_after(cut_by):
    player = synth()
    player.all_off()
    player.control(DRUM_CHANNEL, ALL_SOUND_OFF, 0)
    player.render(RATE_HZ // 5)
    player.note_on(DRUM_CHANNEL, 46, 120)
    player.render(RATE_HZ // 20)
    if cut_by is not None:
        player.note_on(DRUM_CHANNEL, cut_by, 1)
    player.render(RATE_HZ // 20)
    return float(np.std(player.render(RATE_HZ // 10)))


@pytest.mark.parametrize("closing", [42, 44])
def test_a_closed_hat_cuts_the_open_one_off(closing):
    assert hat_after(closing) < hat_after(None) / 20
    assert hat_after(38) > hat_after(None) / 2


def test_a_drum_rings_on_when_its_key_comes_up():
    wave = note(0, 49, held_s=0.01, rest_s=1.0, channel=DRUM_CHANNEL)
    assert np.std(wave[RATE_HZ // 2 : RATE_HZ * 3 // 4]) > 0.001
