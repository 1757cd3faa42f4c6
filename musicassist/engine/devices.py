"""The devices an engine works with: real ones, fakes, and what stands in for missing ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from musicassist.audio.builtin_synth import BuiltinSynth
from musicassist.audio.fake import TimedSink
from musicassist.audio.sink import Sink
from musicassist.audio.synth import Synth
from musicassist.audio.voices import ELECTRIC_PIANO, LEAD_GUITAR
from musicassist.engine.protocol import PLAYER_CHANNEL, SOLO_CHANNEL
from musicassist.errors import MusicAssistError, NoAudioError, SoundFontError
from musicassist.midi.fake import FakeInputs, demo_phrase
from musicassist.midi.inputs import Inputs, OnEvent

FAKE_OUTPUT: Final = "Fake output"

OpenInputs = Callable[[OnEvent], Inputs]

# General MIDI program numbers, from 0.
_ELECTRIC_PIANO_PROGRAM: Final = 4
_OVERDRIVEN_GUITAR_PROGRAM: Final = 29


@dataclass(frozen=True, slots=True)
class Devices:
    """What an engine works with.

    Attributes:
        sink: Where the sound goes; not started yet.
        synth: What makes it.
        open_inputs: Opens the MIDI inputs.
        troubles: What could not be had, to be told to the user.
    """

    sink: Sink
    synth: Synth
    open_inputs: OpenInputs
    troubles: tuple[MusicAssistError, ...] = ()


def find_fake_devices() -> Devices:
    """Return devices that need no hardware: a keyboard that has just played, a silent output."""
    sink = TimedSink(FAKE_OUTPUT)
    phrase = demo_phrase()
    lead_ns = phrase[-1].time_ns + 200_000_000  # so that it comes to rest a second from now

    def open_inputs(on_event: OnEvent) -> Inputs:
        return FakeInputs(on_event, phrase, lead_ns)

    return Devices(sink, builtin_synth(sink.sample_rate_hz), open_inputs)


def find_devices(soundfont: str = "", audio_device: str = "") -> Devices:
    """Return this machine's devices, with stand-ins for what is missing.

    Args:
        soundfont: Path of a SoundFont file; empty for the built-in sounds.
        audio_device: Name of the output device; empty for the system's choice.
    """
    # Imported late: with --fake-devices no driver is touched, nor need it be there.
    from musicassist.midi.ports import InputPorts

    troubles: list[MusicAssistError] = []
    sink: Sink
    try:
        from musicassist.audio.output import find_output

        sink = find_output(audio_device)
    except NoAudioError as problem:
        troubles.append(problem)
        sink = TimedSink()
    synth: Synth | None = None
    if soundfont:
        try:
            synth = soundfont_synth(soundfont, sink.sample_rate_hz)
        except SoundFontError as problem:
            troubles.append(problem)
    return Devices(sink, synth or builtin_synth(sink.sample_rate_hz), InputPorts, tuple(troubles))


def builtin_synth(sample_rate_hz: int) -> Synth:
    """Return the built-in sounds: electric piano for the person, lead guitar for the solo."""
    return BuiltinSynth(sample_rate_hz, ELECTRIC_PIANO, {SOLO_CHANNEL: LEAD_GUITAR})


def soundfont_synth(path: str, sample_rate_hz: int) -> Synth:
    """Return a synth that plays a SoundFont.

    Raises:
        SoundFontError: The file or the player for it is missing, or it is no SoundFont.
    """
    from musicassist.audio.soundfont_synth import SoundFontSynth

    programs = {
        PLAYER_CHANNEL: _ELECTRIC_PIANO_PROGRAM,
        SOLO_CHANNEL: _OVERDRIVEN_GUITAR_PROGRAM,
    }
    return SoundFontSynth(path, sample_rate_hz, programs, _ELECTRIC_PIANO_PROGRAM)
