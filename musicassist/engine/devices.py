"""The devices an engine works with: real ones, fakes, and what stands in for missing ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from musicassist.audio.fake import TimedSink
from musicassist.audio.open_synth import open_synth
from musicassist.audio.sink import Sink
from musicassist.audio.synth import Synth
from musicassist.errors import MusicAssistError, NoAudioError, SoundFontError
from musicassist.midi.controllers import ControllerProfile
from musicassist.midi.fake import FAKE_OUTPUT_PORT, FakeInputs, RecordingOutput, demo_phrase
from musicassist.midi.inputs import Inputs, OnEvent
from musicassist.midi.sending import Output, OutputClock

FAKE_OUTPUT: Final = "Fake output"

ProfileFor = Callable[[str], ControllerProfile]
OnSent = Callable[[int, int, int, int], None]


class MidiDevices(Protocol):
    """The MIDI ports of a machine, real or fake.

    Thread: the main loop.
    """

    @property
    def can_be_virtual(self) -> bool:
        """Whether a program may offer ports of its own here."""
        ...

    def open_inputs(self, on_event: OnEvent, profile_for: ProfileFor) -> Inputs:
        """Return all keyboards there are."""
        ...

    def open_output(self, on_sent: OnSent | None = None) -> Output:
        """Return an output that sends nowhere yet; it tells of every message just sent."""
        ...

    def open_clock(self, output: Output) -> OutputClock:
        """Return what sends messages to an output in time."""
        ...

    def output_names(self) -> tuple[str, ...]:
        """Return the names of the outputs there are now."""
        ...

    def light_output_name(self, profile: ControllerProfile) -> str | None:
        """Return the output that leads to the lights of a keyboard's pads, if there is one."""
        ...

    def close(self) -> None:
        """Let go of the MIDI system; inputs and outputs are closed before."""
        ...


@dataclass(frozen=True, slots=True)
class Devices:
    """What an engine works with.

    Attributes:
        sink: Where the sound goes; not started yet.
        synth: What makes it.
        midi: Where notes come from, and go to.
        troubles: What could not be had, to be told to the user.
        reopen_sink: Returns the same output once more, not started yet, after it had gone; None
            when there is nothing to return to.
        audio_devices: Names of all audio outputs.
    """

    sink: Sink
    synth: Synth
    midi: MidiDevices
    troubles: tuple[MusicAssistError, ...] = ()
    reopen_sink: Callable[[], Sink] | None = None
    audio_devices: tuple[str, ...] = ()


class RealMidi:
    """The ports of this machine.

    Thread: the main loop.
    """

    def __init__(self) -> None:
        # Imported late: with --fake-devices no driver is touched, nor need it be there.
        from musicassist.midi.system import MidiSystem

        self._system = MidiSystem()

    @property
    def can_be_virtual(self) -> bool:
        """Whether a program may offer ports of its own here."""
        return self._system.can_be_virtual

    def open_inputs(self, on_event: OnEvent, profile_for: ProfileFor) -> Inputs:
        """Return all keyboards there are."""
        from musicassist.midi.ports import InputPorts

        return InputPorts(on_event, self._system, profile_for)

    def open_output(self, on_sent: OnSent | None = None) -> Output:
        """Return an output that sends nowhere yet; it tells of every message just sent."""
        from musicassist.midi.outputs import MidiOutput

        return MidiOutput(self._system, on_sent)

    def open_clock(self, output: Output) -> OutputClock:
        """Return what sends messages to an output in time."""
        return OutputClock(output)

    def output_names(self) -> tuple[str, ...]:
        """Return the names of the outputs there are now."""
        return tuple(self._system.outputs())

    def light_output_name(self, profile: ControllerProfile) -> str | None:
        """Return the output that leads to the lights of a keyboard's pads, if there is one."""
        from musicassist.midi.outputs import light_port

        return light_port(profile, self.output_names())

    def close(self) -> None:
        """Let go of the MIDI system."""
        self._system.let_go()


class FakeMidi:
    """A keyboard that has just played, and an output that keeps what it is sent.

    Thread: the main loop.
    """

    can_be_virtual = True

    def open_inputs(self, on_event: OnEvent, profile_for: ProfileFor) -> Inputs:  # noqa: ARG002
        """Return the keyboard."""
        phrase = demo_phrase()
        lead_ns = phrase[-1].time_ns + 200_000_000  # so that it comes to rest a second from now
        return FakeInputs(on_event, phrase, lead_ns)

    def open_output(self, on_sent: OnSent | None = None) -> Output:
        """Return an output that keeps what it is sent."""
        output = RecordingOutput(on_sent=on_sent)
        output.choose("")
        return output

    def open_clock(self, output: Output) -> OutputClock:
        """Return what sends messages to an output in time."""
        return OutputClock(output)

    def output_names(self) -> tuple[str, ...]:
        """Return the name of the one output."""
        return (FAKE_OUTPUT_PORT,)

    def light_output_name(self, profile: ControllerProfile) -> str | None:  # noqa: ARG002
        """Return None: the keyboard has no lights."""
        return None

    def close(self) -> None:
        """Do nothing."""


def find_fake_devices(soundfont: str = "") -> Devices:
    """Return devices that need no hardware.

    Args:
        soundfont: Path of a SoundFont file; empty for the built-in sounds.
    """
    sink = TimedSink(FAKE_OUTPUT)
    troubles: list[MusicAssistError] = []
    synth = _open_synth(sink.sample_rate_hz, soundfont, troubles)
    return Devices(sink, synth, FakeMidi(), tuple(troubles), audio_devices=(FAKE_OUTPUT,))


def find_devices(soundfont: str = "", audio_device: str = "", block_frames: int = 0) -> Devices:
    """Return this machine's devices, with stand-ins for what is missing.

    Args:
        soundfont: Path of a SoundFont file; empty for the built-in sounds.
        audio_device: Name of the output device; empty for the system's choice.
        block_frames: How many frames the device is to ask for at a time; 0 leaves it to the device.
    """
    troubles: list[MusicAssistError] = []
    sink: Sink
    reopen_sink: Callable[[], Sink] | None = None
    names: tuple[str, ...] = ()
    try:
        from musicassist.audio.output import find_output
        from musicassist.audio.survey import find_audio_devices

        names = tuple(dict.fromkeys(device.name for device in find_audio_devices()[1]))
        found = find_output(audio_device, block_frames)
        sink, reopen_sink = found, found.another
    except NoAudioError as problem:
        troubles.append(problem)
        sink = TimedSink()
    synth = _open_synth(sink.sample_rate_hz, soundfont, troubles)
    return Devices(sink, synth, RealMidi(), tuple(troubles), reopen_sink, names)


def _open_synth(sample_rate_hz: int, soundfont: str, troubles: list[MusicAssistError]) -> Synth:
    """Return what makes the sound; a SoundFont that cannot be used is told, and done without."""
    if soundfont:
        try:
            return open_synth(sample_rate_hz, soundfont)
        except SoundFontError as problem:
            troubles.append(problem)
    return open_synth(sample_rate_hz)
