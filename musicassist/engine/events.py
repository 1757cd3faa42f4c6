"""What the engine tells the window: facts, frozen dataclasses of plain values.

Import them from `musicassist.engine.protocol`, where both sides meet.
"""

from dataclasses import dataclass

from musicassist.music.take import Take


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound that can be chosen: its General MIDI program 0-127 and its name (foreign text)."""

    program: int
    name: str


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine plays and listens; said again when the audio device has gone.

    Attributes:
        audio_device: Name of the output device (foreign text); empty when there is none.
        sample_rate_hz: 0 when there is no audio device.
        latency_ms: Time from a key to its sound as far as the output accounts for it.
        synth: What makes the sound, in words.
        sounds: What `ChooseSound` can choose from.
        block_frames: Frames the device asks for at a time; 0 when that varies or is not known.
        audio_devices: Names of all output devices (foreign text).
        is_keeping: Whether what is played is written to the session file.
    """

    audio_device: str
    sample_rate_hz: int
    latency_ms: float
    synth: str
    sounds: tuple[Sound, ...] = ()
    block_frames: int = 0
    audio_devices: tuple[str, ...] = ()
    is_keeping: bool = False


@dataclass(frozen=True, slots=True)
class ControlUse:
    """What a control does: a name in `ACTIONS`, the control in words, whether it was learnt."""

    action: str
    control: str
    is_learnt: bool = False


@dataclass(frozen=True, slots=True)
class InputPort:
    """A MIDI input as it stands now.

    Attributes:
        name: As the system says it (foreign text).
        is_open: Whether it is listened to.
        is_enabled: Whether the user wants it listened to.
        controller: Name of the controller profile that fits it.
        problem: Why it is not open although it is enabled; empty when all is well.
        controls: What its controls do now; said again after one was learnt or forgotten.
    """

    name: str
    is_open: bool = True
    is_enabled: bool = True
    controller: str = ""
    problem: str = ""
    controls: tuple[ControlUse, ...] = ()


@dataclass(frozen=True, slots=True)
class InputPortsChanged:
    """The MIDI inputs there are now."""

    ports: tuple[InputPort, ...]


@dataclass(frozen=True, slots=True)
class OutputPortsChanged:
    """The MIDI outputs there are now.

    Attributes:
        names: As the system says them (foreign text).
        chosen: The one that is sent to; empty for none.
        can_be_virtual: Whether this system lets a program offer ports of its own.
    """

    names: tuple[str, ...]
    chosen: str = ""
    can_be_virtual: bool = False


@dataclass(frozen=True, slots=True)
class PortSpoke:
    """Something arrived at a MIDI input: its light goes on; said at most 20 times a second."""

    port: str


@dataclass(frozen=True, slots=True)
class KeyMoved:
    """A key was played or released, or the player started or ended a note.

    Attributes:
        pitch: 0-127, as it sounds.
        is_down: Whether it sounds from now on.
        is_playback: Whether the player did it (the person did it otherwise).
        source: Port name; empty for playback.
    """

    pitch: int
    is_down: bool
    is_playback: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class ControlMoved:
    """A knob, button or pad that is mapped to something was moved.

    Attributes:
        action: A name in `midi.controllers.ACTIONS`.
        value: 0-1 for what can be turned; 1 for what is pressed.
        source: Port name.
    """

    action: str
    value: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class ControlLearned:
    """A control has been learnt for an action, and is kept.

    Attributes:
        action: As in `LearnControl`.
        control: The control in words, such as "CC 20".
        port: Name of its input port (foreign text).
    """

    action: str
    control: str
    port: str


@dataclass(frozen=True, slots=True)
class PhraseCaptured:
    """A phrase was played and has come to rest, or was grabbed.

    Attributes:
        take: The raw performance.
        was_grabbed: Whether the user asked for it (it came by itself otherwise).
        was_recovered: Whether it was found in the session file after the engine had died.
    """

    take: Take
    was_grabbed: bool = False
    was_recovered: bool = False


@dataclass(frozen=True, slots=True)
class NothingToGrab:
    """A grab found no notes."""


@dataclass(frozen=True, slots=True)
class TakeRecorded:
    """A pass of recording is over: at the turn of the loop, at a stop, or at punching out.

    Attributes:
        take: What was played; every event has its place on the time line.
        pass_number: 0 for the first pass of this recording, one more at every turn of the loop.
        start_ticks: Where the pass began.
        end_ticks: Where it ended.
        play_id: Of the `PlayClip` it was recorded over.
    """

    take: Take
    pass_number: int
    start_ticks: float
    end_ticks: float
    play_id: int = 0


@dataclass(frozen=True, slots=True)
class PlayheadMoved:
    """Where the transport is heard now.

    Attributes:
        ticks: Position in the clip; below the start while counting in.
        is_playing: False once, when playback has stopped or come to its end.
        play_id: Of the `PlayClip` that is heard.
        is_recording: Whether what is played is recorded.
        is_counting_in: Whether this is the count-in.
    """

    ticks: float
    is_playing: bool
    play_id: int = 0
    is_recording: bool = False
    is_counting_in: bool = False


@dataclass(frozen=True, slots=True)
class SoundHealth:
    """How the sound does; said when a figure changes, at most once a second.

    Attributes:
        n_late_blocks: Blocks that came too late and were heard as a gap, since the start.
        load: Share of the time of a block that rendering it takes, 0-1, smoothed.
        latency_ms: As in `EngineReady`, measured since.
    """

    n_late_blocks: int
    load: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class PlayingKept:
    """Everything played up to here stands in the session file.

    Attributes:
        n_events: Events kept since the engine started, or since `KeepingIn` another file.
    """

    n_events: int


@dataclass(frozen=True, slots=True)
class KeepingIn:
    """What is played is kept in this file from now on; what came before this belongs elsewhere.

    Attributes:
        session_file: Path of the file.
        is_keeping: Whether it can be kept there; if not, `EngineTrouble` says why.
        still_open: Files kept in before that have not been let go.
    """

    session_file: str
    is_keeping: bool
    still_open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineTrouble:
    """Something the user should know; the engine goes on.

    Attributes:
        what: One sentence: what happened.
        hint: One sentence: what to do.
        about: The input or output it is about (foreign text), so that it can be taken back when
            that works again; empty for none.
    """

    what: str
    hint: str
    about: str = ""


Event = (
    EngineReady
    | InputPortsChanged
    | OutputPortsChanged
    | PortSpoke
    | KeyMoved
    | ControlMoved
    | ControlLearned
    | PhraseCaptured
    | NothingToGrab
    | TakeRecorded
    | PlayheadMoved
    | SoundHealth
    | PlayingKept
    | KeepingIn
    | EngineTrouble
)
