"""The whole conversation between window and engine: commands one way, events the other.

Frozen dataclasses of plain values, one JSON line each (`encode`, `decode`). The window process
knows the engine by this file only; a scripted engine that speaks it stands in for tests.
"""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from musicassist.music.clip import Clip
from musicassist.music.take import Take
from musicassist.music.timebase import Timebase

# Commands: imperatives, window to engine.


@dataclass(frozen=True, slots=True)
class PlayClip:
    """Play a clip through the synth, replacing whatever plays.

    Attributes:
        clip: What to play; channels choose the voice: `PLAYER_CHANNEL`, `SOLO_CHANNEL`.
        timebase: Its tempo and metre.
        start_ticks: Where in the clip to begin.
        is_looping: Whether to start again at 0 when the end is reached.
        play_id: Comes back in every `PlayheadMoved` of this playback, so that a late report of an
            earlier one is not taken for its own.
    """

    clip: Clip
    timebase: Timebase
    start_ticks: int = 0
    is_looping: bool = False
    play_id: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop playback; every note the player started is ended."""


@dataclass(frozen=True, slots=True)
class Panic:
    """Stop playback and silence everything that sounds, whoever started it."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Set the loudness of everything.

    Attributes:
        volume_db: 0 is full, -60 or less is silent.
    """

    volume_db: float


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


Command = PlayClip | Stop | Panic | SetVolume | PressKey | ReleaseKey | GrabPhrase | ShutDown

# Events: facts, engine to window.


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine plays and listens; said again when the audio device has gone.

    Attributes:
        audio_device: Name of the output device; empty when there is none.
        sample_rate_hz: 0 when there is no audio device.
        latency_ms: Output latency as the device reports it.
        synth: What makes the sound, in words.
    """

    audio_device: str
    sample_rate_hz: int
    latency_ms: float
    synth: str


@dataclass(frozen=True, slots=True)
class InputPortsChanged:
    """The MIDI inputs being listened to now, by name (foreign text)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyMoved:
    """A key was played or released, or the player started or ended a note.

    Attributes:
        pitch: 0-127.
        is_down: Whether it sounds from now on.
        is_playback: Whether the player did it (the person did it otherwise).
        source: Port name; empty for playback.
    """

    pitch: int
    is_down: bool
    is_playback: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class PhraseCaptured:
    """A phrase was played and has come to rest, or was grabbed.

    Attributes:
        take: The raw performance.
        was_grabbed: Whether the user asked for it (it came by itself otherwise).
    """

    take: Take
    was_grabbed: bool = False


@dataclass(frozen=True, slots=True)
class NothingToGrab:
    """A grab found no notes."""


@dataclass(frozen=True, slots=True)
class PlayheadMoved:
    """Where playback is heard now.

    Attributes:
        ticks: Position in the clip.
        is_playing: False once, when playback has stopped or come to its end.
        play_id: Of the `PlayClip` that is heard.
    """

    ticks: float
    is_playing: bool
    play_id: int = 0


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
    | KeyMoved
    | PhraseCaptured
    | NothingToGrab
    | PlayheadMoved
    | EngineTrouble
)

PLAYER_CHANNEL: Final = 0  # what the person played
SOLO_CHANNEL: Final = 1  # what the machine made

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
