"""The whole conversation between window and engine: commands one way, events the other.

What is said stands in `commands.py` and `events.py`; here is how, one JSON line each (`encode`,
`decode`). The window process knows the engine by this file only; a scripted engine that speaks it
stands in for tests.
"""

from typing import Any, Final

import msgspec

from musicassist.engine.commands import (
    PLAYER_CHANNEL,
    SOLO_CHANNEL,
    ChooseMidiOutput,
    ChooseSound,
    Command,
    ConfigureInputs,
    ForgetControls,
    GrabPhrase,
    KeepIn,
    LearnControl,
    LetGo,
    LoopRange,
    Panic,
    Part,
    PlayClip,
    PressKey,
    ReleaseKey,
    SetMetronome,
    SetRecording,
    SetRoom,
    SetVolume,
    ShutDown,
    Stop,
)
from musicassist.engine.events import (
    ControlLearned,
    ControlMoved,
    ControlUse,
    EngineReady,
    EngineTrouble,
    Event,
    InputPort,
    InputPortsChanged,
    KeepingIn,
    KeyMoved,
    NothingToGrab,
    OutputPortsChanged,
    PhraseCaptured,
    PlayheadMoved,
    PlayingKept,
    PortSpoke,
    Sound,
    SoundHealth,
    TakeRecorded,
)
from musicassist.music.backing import BASS_CHANNEL, CHORDS_CHANNEL, DRUM_CHANNEL
from musicassist.plain_json import json_bytes

__all__ = [
    "BASS_CHANNEL",
    "CHORDS_CHANNEL",
    "DRUM_CHANNEL",
    "PLAYER_CHANNEL",
    "SOLO_CHANNEL",
    "ChooseMidiOutput",
    "ChooseSound",
    "Command",
    "ConfigureInputs",
    "ControlLearned",
    "ControlMoved",
    "ControlUse",
    "EngineReady",
    "EngineTrouble",
    "Event",
    "ForgetControls",
    "GrabPhrase",
    "InputPort",
    "InputPortsChanged",
    "KeepIn",
    "KeepingIn",
    "KeyMoved",
    "LearnControl",
    "LetGo",
    "LoopRange",
    "NothingToGrab",
    "OutputPortsChanged",
    "Panic",
    "Part",
    "PhraseCaptured",
    "PlayClip",
    "PlayheadMoved",
    "PlayingKept",
    "PortSpoke",
    "PressKey",
    "ReleaseKey",
    "SetMetronome",
    "SetRecording",
    "SetRoom",
    "SetVolume",
    "ShutDown",
    "Sound",
    "SoundHealth",
    "Stop",
    "TakeRecorded",
    "decode",
    "encode",
]

_KINDS: Final[dict[str, type]] = {
    kind.__name__: kind for kind in (*Command.__args__, *Event.__args__)
}


class _Envelope(msgspec.Struct):
    kind: str
    body: msgspec.Raw


def encode(message: Command | Event) -> bytes:
    """Return a message as one line of JSON, newline included."""
    body = msgspec.Raw(json_bytes(message))
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
