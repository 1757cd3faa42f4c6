"""What the probes bring back: plain values that cross from their process to ours as JSON."""

from dataclasses import dataclass

from musicassist.audio.survey import AudioDevice


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user has chosen in the settings, so that the check is of that.

    Attributes:
        audio_device: Name of the output device; empty for the system's choice.
        block_frames: Frames to ask for at a time; 0 for the device's choice.
        soundfont: Path of a SoundFont; empty for the built-in sounds.
    """

    audio_device: str = ""
    block_frames: int = 0
    soundfont: str = ""


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The audio systems and the devices to play through.

    Attributes:
        systems: Names of PortAudio's host APIs, with or without a device.
        devices: Every output device.
    """

    systems: tuple[str, ...]
    devices: tuple[AudioDevice, ...]


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """How an output device ran for a moment.

    Attributes:
        device: Its name (foreign text).
        sample_rate_hz: Frames a second it was opened with.
        block_frames: Frames asked for at a time, most often.
        latency_ms: From a block being asked for to its being heard; median.
        n_blocks: Blocks asked for.
        n_late_blocks: Blocks that came too late.
        speed: Seconds of sound asked for in a second; 1 is right.
    """

    device: str
    sample_rate_hz: int
    block_frames: int
    latency_ms: float
    n_blocks: int
    n_late_blocks: int
    speed: float


@dataclass(frozen=True, slots=True)
class MidiInput:
    """A MIDI input.

    Attributes:
        name: As the system says it (foreign text).
        controller: Name of the controller profile it gets.
        is_ignored: Whether that profile says that nothing musical comes from it.
        problem: Why it does not open; empty when it does.
        hint: What to do about that.
    """

    name: str
    controller: str = ""
    is_ignored: bool = False
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MidiFacts:
    """The MIDI system and its ports.

    Attributes:
        system: Its name, such as "ALSA".
        inputs: Every input there is.
        outputs: Names of the outputs (foreign text).
        can_be_virtual: Whether a program may offer ports of its own.
        damaged_profiles: What is wrong with controller profiles of the user's, and what to do.
    """

    system: str
    inputs: tuple[MidiInput, ...] = ()
    outputs: tuple[str, ...] = ()
    can_be_virtual: bool = False
    damaged_profiles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What can make the sound.

    Attributes:
        player: Name and version of the SoundFont player; empty when it is not installed.
        synth: What the engine would play with, in words.
        is_heard: Whether a note struck made any sound.
        load_s: How long that took to load.
        soundfonts: Paths of the SoundFonts found.
        problem: Why the wished sound is not had; empty when all is well.
        hint: What to do about that.
    """

    player: str
    synth: str
    is_heard: bool
    load_s: float
    soundfonts: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SoloistFacts:
    """The models that load.

    Attributes:
        models: Their names.
        load_s: How long all of them took.
    """

    models: tuple[str, ...]
    load_s: float


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """An engine process from start to end.

    Attributes:
        ready_s: From its start to its being ready.
        leave_s: From hanging up to its being gone.
        exit_code: What it left with.
    """

    ready_s: float
    leave_s: float
    exit_code: int


Facts = AudioFacts | StreamFacts | MidiFacts | SoundFacts | SoloistFacts | EngineFacts
