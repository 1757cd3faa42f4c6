"""What the window's mixer says is what the engine lets be heard: measured on the sound itself."""

from dataclasses import replace

import numpy as np
import pytest

from musicassist.app.bootstrap import connect_services
from musicassist.app.demo import demo_session
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import ECHO
from musicassist.audio.fake import HandPumpedSink
from musicassist.audio.open_synth import open_synth
from musicassist.engine.protocol import decode, encode
from musicassist.music.mix import MIX_PARTS

RATE_HZ = 48_000
HEARD_S = 5.0  # the first two bars of the demo
SILENCE_DB = -100.0
BASS_HZ = (35, 110)
CYMBALS_HZ = (7_000, 16_000)


class KeepingSink(HandPumpedSink):
    """An output that keeps all it was given."""

    def __init__(self):
        super().__init__(RATE_HZ)
        self.blocks = []

    def pump(self, n_frames):
        self.blocks.append(super().pump(n_frames))
        return self.blocks[-1]


@pytest.fixture
def window(qapp):
    """The services of a window, and what they tell their engine."""
    engine = ScriptedEngine()
    session = replace(demo_session(), primer=replace(demo_session().primer, notes=()))
    services = connect_services(engine, session, (ECHO,))
    engine.start()
    yield services, engine
    services.shut_down()


@pytest.fixture
def heard(window, open_studio):
    """Play what the window would, in the real engine; return its sound."""
    services, engine = window

    def play():
        engine.die()
        engine.sent.clear()
        engine.restart()
        services.settings.change(room=0.0)
        services.player.play()
        studio = open_studio(synth=open_synth(RATE_HZ), sink=KeepingSink())
        studio.obey(*(decode(encode(command)) for command in engine.sent))
        studio.wait(HEARD_S)
        services.player.stop()
        return np.concatenate(studio.sink.blocks).mean(axis=1)

    return play


def level_db(sound, band_hz=(20, 20_000)):
    """Return how strong a band is, of full scale."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    places_hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    inside = (places_hz >= band_hz[0]) & (places_hz < band_hz[1])
    return 10 * np.log10(2 * power[inside].sum() / len(sound) ** 2 + 1e-12)


def alone(services, *parts):
    for part in MIX_PARTS:
        services.mixer.set_muted(part, is_muted=part not in parts)


def test_bass_and_drums_are_heard_where_they_belong(window, heard):
    services, _ = window
    alone(services, "bass")
    bass = heard()
    alone(services, "drums")
    drums = heard()
    assert level_db(bass, BASS_HZ) > -50
    assert level_db(drums, CYMBALS_HZ) > level_db(bass, CYMBALS_HZ) + 20


@pytest.mark.parametrize("part", ["chords", "bass", "drums"])
def test_a_part_is_heard_alone_and_muted_it_is_silent(window, heard, part):
    services, _ = window
    services.mixer.set_soloed(part, is_soloed=True)
    assert level_db(heard()) > -50
    services.mixer.set_muted(part, is_muted=True)
    assert level_db(heard()) < SILENCE_DB


def test_the_phrase_stands_out_of_what_accompanies_it(window, heard):
    services, _ = window
    services.document.change_primer(demo_session().primer, "Play a phrase")
    services.mixer.set_soloed("phrase", is_soloed=True)
    phrase_db = level_db(heard())
    for part in ("chords", "bass", "drums"):
        services.mixer.set_soloed("phrase", is_soloed=False)
        services.mixer.set_soloed(part, is_soloed=True)
        assert level_db(heard()) < phrase_db - 3, part
        services.mixer.set_soloed(part, is_soloed=False)
