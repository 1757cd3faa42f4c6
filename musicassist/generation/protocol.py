"""The whole conversation between window and soloist: jobs one way, answers the other.

One JSON message a line. A solo comes back without the phrase it answers, which the window knows
and which may be long.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from musicassist import errors
from musicassist.errors import MusicAssistError
from musicassist.generation.desk import Failed, Job, Made
from musicassist.generation.soloist import Harmony
from musicassist.generation.tasks import ContinuePhrase, Hear, Regenerate, Vary
from musicassist.music.clip import Clip
from musicassist.music.solo import Solo
from musicassist.plain_json import json_bytes


@dataclass(frozen=True, slots=True)
class StopWork:
    """End what is being worked on in a lane, and drop what waits there."""

    lane: str


Message = Job | StopWork | Made | Failed

_TASKS: Final[dict[str, type]] = {
    kind.__name__: kind for kind in (ContinuePhrase, Regenerate, Vary, Hear)
}
_LOAD: Final = "load"
_STOP: Final = "stop"
_SOLOS: Final = "solos"
_HARMONY: Final = "harmony"
_STOPPED: Final = "stopped"
_NO_PRIMER: Final = Clip((), 0)


class _Line(msgspec.Struct):
    kind: str  # of the body, or what else is to be done; an error's class
    lane: str
    request_id: int = 0
    model_id: str = ""
    body: msgspec.Raw = msgspec.Raw(b"null")


def encode(message: Message) -> bytes:
    """Return a message as one line of JSON, newline included."""
    return msgspec.json.encode(_line_of(message)) + b"\n"


def decode(line: bytes) -> Message:
    """Return the message a line holds.

    Raises:
        ValueError: The line is no message of this protocol.
    """
    try:
        return _message_of(msgspec.json.decode(line, type=_Line))
    except (msgspec.MsgspecError, ValueError) as problem:
        raise ValueError(f"not a message of the soloist protocol: {line[:80]!r}") from problem


def _line_of(message: Message) -> _Line:
    match message:
        case StopWork(lane):
            return _Line(_STOP, lane)
        case Job(request_id, lane, model_id, None):
            return _Line(_LOAD, lane, request_id, model_id)
        case Job(request_id, lane, model_id, task):
            return _Line(type(task).__name__, lane, request_id, model_id, _raw(task))
        case Made(request_id, lane, result):
            if isinstance(result, Harmony):
                return _Line(_HARMONY, lane, request_id, body=_raw(result))
            bare = [replace(solo, primer=_NO_PRIMER) for solo in result]
            return _Line(_SOLOS, lane, request_id, body=_raw(bare))
        case Failed(request_id, lane, error):
            if error is None:
                return _Line(_STOPPED, lane, request_id)
            words = _raw((error.what, error.hint))
            return _Line(type(error).__name__, lane, request_id, body=words)


def _message_of(line: _Line) -> Message:
    kind, lane, request_id = line.kind, line.lane, line.request_id
    if kind == _STOP:
        return StopWork(lane)
    if kind == _LOAD:
        return Job(request_id, lane, line.model_id, None)
    if kind in _TASKS:
        task: Any = msgspec.json.decode(line.body, type=_TASKS[kind])
        return Job(request_id, lane, line.model_id, task)
    if kind == _HARMONY:
        return Made(request_id, lane, msgspec.json.decode(line.body, type=Harmony))
    if kind == _SOLOS:
        return Made(request_id, lane, msgspec.json.decode(line.body, type=tuple[Solo, ...]))
    if kind == _STOPPED:
        return Failed(request_id, lane, None)
    error_type = getattr(errors, kind, None)
    if not (isinstance(error_type, type) and issubclass(error_type, MusicAssistError)):
        raise ValueError(f"there is no {kind}")
    what, hint = msgspec.json.decode(line.body, type=tuple[str, str])
    return Failed(request_id, lane, error_type(what, hint))


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(json_bytes(value))
