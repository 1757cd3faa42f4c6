"""Facts of a computer on which all is well, and an `ask` that hands out facts."""

from types import SimpleNamespace

import pytest

from musicassist.audio.survey import AudioDevice
from musicassist.checkup.facts import (
    AudioFacts,
    EngineFacts,
    MidiFacts,
    MidiInput,
    SoloistFacts,
    SoundFacts,
    StreamFacts,
)

DEVICE = AudioDevice("Loudspeakers", "ALSA", 48_000, 2, 8.7, 34.8, is_default=True)
AUDIO = AudioFacts(("ALSA", "JACK"), (DEVICE,))
STREAM = StreamFacts("Loudspeakers", 48_000, 256, 10.6, 188, 0, 1.001)
MIDI = MidiFacts("ALSA", (MidiInput("V49:0", "Alesis V49"),), ("Piano:0",), can_be_virtual=True)
SOUND = SoundFacts(
    "tinysoundfont 0.3.7", "Built-in sounds", True, 0.2, ("/usr/share/TimGM6mb.sf2",)
)
SOLOIST = SoloistFacts(("solo-gru-1",), 0.3)
ENGINE = EngineFacts(0.4, 0.1, 0)
ALL_WELL = (AUDIO, STREAM, MIDI, SOUND, SOLOIST, ENGINE)


def answers(*facts):
    """Return an `ask` that knows these facts, those of `ALL_WELL` otherwise; `{kind: Failure}`."""
    known = {type(each): each for each in ALL_WELL}
    for each in facts:
        known.update(each if isinstance(each, dict) else {type(each): each})

    def ask(kind, subject, wishes):
        assert subject[0].isupper()
        return known[kind]

    return ask


@pytest.fixture
def facts():
    return SimpleNamespace(
        AUDIO=AUDIO,
        DEVICE=DEVICE,
        STREAM=STREAM,
        MIDI=MIDI,
        SOUND=SOUND,
        SOLOIST=SOLOIST,
        ENGINE=ENGINE,
        ALL_WELL=ALL_WELL,
        answers=answers,
    )
