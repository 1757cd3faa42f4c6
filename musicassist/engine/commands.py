"""What the window tells the engine: imperatives, frozen dataclasses of plain values.

Import them from `musicassist.engine.protocol`, where both sides meet.
"""

from dataclasses import dataclass
from typing import Final, Literal

from musicassist.music.clip import Clip
from musicassist.music.playing import InputSettings
from musicassist.music.timebase import Timebase

# What a channel of the clip played is heard as, beside those of the backing.

PLAYER_CHANNEL: Final = 0  # what the person played, and plays
SOLO_CHANNEL: Final = 1  # what the machine made

Part = Literal["all", "player", "phrase", "solo", "chords", "bass", "drums", "click"]
"""What a volume is set for: `player` is what is played live, `phrase` what was played."""


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
class SetRoom:
    """Set how much of a room is heard around everything but the click.

    Attributes:
        amount: 0 (dry) to 1.
    """

    amount: float


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
    """A key of the on-screen keyboard goes down: heard and captured like any other.

    Attributes:
        pitch: 0-127.
        velocity: 1-127.
        is_kept: False for one that is only heard, as when a chord is tried out: nobody played it.
    """

    pitch: int
    velocity: int = 90
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class ReleaseKey:
    """A key of the on-screen keyboard comes up.

    Attributes:
        pitch: 0-127.
        is_kept: As it was when it went down.
    """

    pitch: int
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class GrabPhrase:
    """Ask for what was just played; answered by `PhraseCaptured`, or by `NothingToGrab`."""


@dataclass(frozen=True, slots=True)
class KeepIn:
    """Keep what is played from now on in another session file.

    The transport stops and what is under way is handed over before it; `KeepingIn` says when. The
    file before stays open until `LetGo`, so that what was handed over comes back from there should
    the window die before it has saved it.

    Attributes:
        session_file: Path of the file.
    """

    session_file: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """What was handed over of a session file is saved: let go of it; answered by `KeepingIn`.

    Attributes:
        session_file: Path of a file that was kept in before `KeepIn`.
    """

    session_file: str


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
    | SetRoom
    | ChooseSound
    | ConfigureInputs
    | ChooseMidiOutput
    | LearnControl
    | ForgetControls
    | PressKey
    | ReleaseKey
    | GrabPhrase
    | KeepIn
    | LetGo
    | ShutDown
)
