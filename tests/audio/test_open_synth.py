import sys

import numpy as np
import pytest

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.open_synth import OUR_SOUNDS, open_synth
from musicassist.audio.soundfont_synth import SoundFontSynth
from musicassist.audio.synth import N_CHANNELS
from musicassist.errors import SoundFontError

RATE_HZ = 44_100


@pytest.fixture(params=["with tinysoundfont", "without it"])
def synth(request, monkeypatch):
    if request.param == "without it":
        monkeypatch.setitem(sys.modules, "tinysoundfont", None)
    else:
        pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    return open_synth(RATE_HZ)


def struck(synth, channel, pitch=60):
    synth.all_off()
    synth.render(RATE_HZ // 10)
    synth.note_on(channel, pitch, 100)
    return synth.render(RATE_HZ // 4).mean(axis=1)


def test_our_own_set_plays_where_tinysoundfont_is_installed():
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    synth = open_synth(RATE_HZ)
    assert isinstance(synth, SoundFontSynth)
    assert synth.description == "Built-in sounds"
    assert synth.sounds == OUR_SOUNDS


def test_the_numpy_voices_play_where_it_is_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "tinysoundfont", None)
    synth = open_synth(RATE_HZ)
    assert isinstance(synth, BuiltinSynth)
    assert synth.description.startswith("Built-in sounds")


def test_every_channel_sounds_drums_too(synth):
    for channel in range(N_CHANNELS):
        assert np.abs(struck(synth, channel, 38)).max() > 0.01, channel


def test_the_solo_has_another_sound_than_the_person(synth):
    assert not np.allclose(struck(synth, 0), struck(synth, 1), atol=0.01)
    np.testing.assert_array_equal(struck(synth, 0), struck(synth, 2))


def test_programs_can_be_chosen_from_the_start(synth):
    both = open_synth(RATE_HZ, programs={0: 29})
    np.testing.assert_array_equal(struck(both, 0), struck(synth, 1))
    np.testing.assert_array_equal(struck(both, 1), struck(synth, 0))


def test_the_sounds_on_offer_are_programs_with_names_in_order(synth):
    programs = [program for program, _name in synth.sounds]
    assert programs == sorted(set(programs))
    assert {4, 16, 24, 29, 32, 48} <= set(programs)
    assert all(name for _program, name in synth.sounds)


def test_a_soundfont_that_cannot_be_had_is_an_error_not_a_stand_in(tmp_path):
    with pytest.raises(SoundFontError, match=r"gone\.sf2"):
        open_synth(RATE_HZ, str(tmp_path / "gone.sf2"))
