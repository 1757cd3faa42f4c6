"""Which synth plays: the one place that decides it."""

from collections.abc import Mapping
from typing import Final

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.soundfont_synth import SoundFontSynth
from musicassist.audio.synth import (
    ELECTRIC_PIANO_PROGRAM,
    LEAD_GUITAR_PROGRAM,
    N_CHANNELS,
    Sounds,
    Synth,
)
from musicassist.errors import SoundFontError
from musicassist.paths import resources_folder

SOUND_SET: Final = "musicassist.sf2"
SOUND_SET_NAME: Final = "Built-in sounds"

OUR_SOUNDS: Final[Sounds] = (
    (4, "Electric piano"),
    (16, "Organ"),
    (24, "Clean guitar"),
    (29, "Overdriven guitar"),
    (32, "Bass"),
    (48, "Strings"),
    (80, "Synth lead"),
    (88, "Pad"),
)
"""The instruments of our own set; its other programs play the nearest of them."""

USUAL_PROGRAMS: Final[Mapping[int, int]] = {1: LEAD_GUITAR_PROGRAM}
"""MIDI channels that do not play the electric piano: what the machine makes is on channel 1."""


def open_synth(
    sample_rate_hz: int, soundfont: str = "", programs: Mapping[int, int] = USUAL_PROGRAMS
) -> Synth:
    """Return what makes the sound.

    Args:
        sample_rate_hz: Frames a second.
        soundfont: Path of a SoundFont file; empty for our own sounds, which play on any machine,
            better where tinysoundfont is installed.
        programs: Programs of MIDI channels 0-15, on both lanes; all others play electric piano.

    Raises:
        SoundFontError: The file named or the player for it is missing, or it is no SoundFont.
    """
    if soundfont:
        return SoundFontSynth(soundfont, sample_rate_hz, programs, ELECTRIC_PIANO_PROGRAM)
    path = resources_folder() / "sounds" / SOUND_SET
    try:
        return SoundFontSynth(
            str(path),
            sample_rate_hz,
            programs,
            ELECTRIC_PIANO_PROGRAM,
            name=SOUND_SET_NAME,
            sounds=OUR_SOUNDS,
        )
    except SoundFontError:
        synth = BuiltinSynth(sample_rate_hz)
        for channel in range(N_CHANNELS):
            synth.select_program(channel, programs.get(channel % 16, ELECTRIC_PIANO_PROGRAM))
        return synth
