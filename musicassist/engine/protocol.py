"""The whole conversation between window and engine: commands one way, events the other.

Frozen dataclasses of plain values, one JSON line each (`encode`, `decode`). The window process
knows the engine by this file only; a scripted engine that speaks it stands in for tests.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from musicassist.music.clip import Clip
from musicassist.music.playing import InputSettings
from musicassist.music.take import Take
from musicassist.music.timebase import Timebase

# What a channel of the clip played is heard as; the parts a volume is set for.

PLAYER_CHANNEL: Final = 0  # what the person played, and plays
SOLO_CHANNEL: Final = 1  # what the machine made
CHORDS_CHANNEL: Final = 2
BASS_CHANNEL: Final = 3
DRUM_CHANNEL: Final = 9

Part = Literal["all", "player", "solo", "backing", "click"]

# Commands: imperatives, window to engine.


@dataclass(frozen=True, slots=True)
class LoopRange:
    """A stretch of the time line that is played again and again.

    Attributes:
        start_ticks: Where it begins, 0 or later.
        end_ticks: Where it turns back, later than the start.
    """

    start_ticks: int
    end_ticks: int


@dataclass(frozen=True, slots=True)
class PlayClip:
    """Start the transport, replacing whatever plays.

    Attributes:
        clip: What to play, empty for nothing but the click; channels choose the voice.
        timebase: Its tempo and metre.
        start_ticks: Where in the clip to begin; None goes on, without a gap, from where the
            transport is (0 when it stands), as after a change of what is played.
        loop: What to play again and again; None plays on to the end.
        count_in_bars: Bars of click before the start; they are heard whether or not the metronome
            is on, and the playhead stands below the start meanwhile.
        is_recording: Whether what the person plays is recorded from the start on.
        is_endless: Whether the transport runs on after the clip's end until it is stopped.
        play_id: Comes back in every `PlayheadMoved` of this playback, so that a late report of an
            earlier one is not taken for its own.
    """

    clip: Clip
    timebase: Timebase
    start_ticks: int | None = 0
    loop: LoopRange | None = None
    count_in_bars: int = 0
    is_recording: bool = False
    is_endless: bool = False
    play_id: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the transport; every note it started is ended, and a recording is handed over."""


@dataclass(frozen=True, slots=True)
class SetRecording:
    """Begin or end recording while the transport runs; nothing happens while it stands."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SetMetronome:
    """Let the click be heard while the transport runs, or not.

    Attributes:
        is_on: Whether it clicks outside count-ins.
        is_accented: Whether the first count of a bar sounds different.
    """

    is_on: bool
    is_accented: bool = True


@dataclass(frozen=True, slots=True)
class Panic:
    """Stop the transport and silence everything that sounds, whoever started it."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Set the loudness of one part, or of everything.

    Attributes:
        volume_db: 0 is full, -60 or less is silent.
        part: Which part.
    """

    volume_db: float
    part: Part = "all"


@dataclass(frozen=True, slots=True)
class ChooseSound:
    """Let a channel sound differently, played live and played back alike.

    Attributes:
        channel: 0-15, as in the clip.
        program: General MIDI program 0-127, best one of `EngineReady.sounds`.
    """

    channel: int
    program: int


@dataclass(frozen=True, slots=True)
class ConfigureInputs:
    """Say how MIDI inputs are listened to; those not named are open and as they come."""

    settings: tuple[InputSettings, ...]


@dataclass(frozen=True, slots=True)
class ChooseMidiOutput:
    """Send what is played back to a MIDI output as well.

    Attributes:
        name: The port; empty for none.
        is_virtual: Whether to offer a port of that name that other programs can connect to.
        sends_live: Whether what the person plays goes there too.
    """

    name: str = ""
    is_virtual: bool = False
    sends_live: bool = False


@dataclass(frozen=True, slots=True)
class LearnControl:
    """Let the next knob, button or pad that is moved do something, for good.

    Attributes:
        action: A name in `midi.controllers.ACTIONS`; empty stops waiting.
    """

    action: str


@dataclass(frozen=True, slots=True)
class ForgetControls:
    """Give a controller back the mapping it came with.

    Attributes:
        port: Name of its input port.
    """

    port: str


@dataclass(frozen=True, slots=True)
class PressKey:
    """A key of the on-screen keyboard goes down: heard and captured like any other."""

    pitch: int
    velocity: int = 90


@dataclass(frozen=True, slots=True)
class ReleaseKey:
    """A key of the on-screen keyboard comes up."""

    pitch: int


@dataclass(frozen=True, slots=True)
class GrabPhrase:
    """Ask for what was just played; answered by `PhraseCaptured`, or by `NothingToGrab`."""


@dataclass(frozen=True, slots=True)
class ShutDown:
    """Finish and leave. Closing the connection means the same."""


Command = (
    PlayClip
    | Stop
    | SetRecording
    | SetMetronome
    | Panic
    | SetVolume
    | ChooseSound
    | ConfigureInputs
    | ChooseMidiOutput
    | LearnControl
    | ForgetControls
    | PressKey
    | ReleaseKey
    | GrabPhrase
    | ShutDown
)

# Events: facts, engine to window.


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
        n_events: Events kept since the engine started.
    """

    n_events: int


@dataclass(frozen=True, slots=True)
class EngineTrouble:
    """Something the user should know; the engine goes on.

    Attributes:
        what: One sentence: what happened.
        hint: One sentence: what to do.
    """

    what: str
    hint: str


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
    | EngineTrouble
)

_KINDS: Final[dict[str, type]] = {
    kind.__name__: kind for kind in (*Command.__args__, *Event.__args__)
}


class _Envelope(msgspec.Struct):
    kind: str
    body: msgspec.Raw


def encode(message: Command | Event) -> bytes:
    """Return a message as one line of JSON, newline included."""
    body = msgspec.Raw(msgspec.json.encode(message))
    return msgspec.json.encode(_Envelope(type(message).__name__, body)) + b"\n"


def decode(line: bytes) -> Command | Event:
    """Return the message a line holds.

    Raises:
        ValueError: The line is no message of this protocol.
    """
    try:
        envelope = msgspec.json.decode(line, type=_Envelope)
        message: Any = msgspec.json.decode(envelope.body, type=_KINDS[envelope.kind])
    except (msgspec.MsgspecError, KeyError) as problem:
        raise ValueError(f"not a message of the engine protocol: {line[:80]!r}") from problem
    return message  # type: ignore[no-any-return]
