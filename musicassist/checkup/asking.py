"""Asks a question in a process of its own, so that no driver can hang or crash the one who asks."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from musicassist.checkup.facts import Facts, Wishes

LIMIT_S: Final = 20.0  # a cold disk and a slow scanner; a healthy machine answers in one

_LAST_WORDS: Final = 200

_FactsT = TypeVar("_FactsT", bound=Facts)

ProbeCommand = Callable[[str, str], Sequence[str]]
"""Makes the command line that brings back facts of a kind, given its name and the wishes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a question got no answer.

    Attributes:
        what: One sentence: what happened.
        hint: One sentence: what to do.
    """

    what: str
    hint: str


class Answer(msgspec.Struct):
    """What a probe says: facts, or a failure."""

    facts: msgspec.Raw = msgspec.Raw(b"null")
    failure: Failure | None = None


def probe_command(kind: str, wishes: str) -> Sequence[str]:
    """Return the command line of a probe."""
    return (sys.executable, "-m", "musicassist.checkup.probe", kind, wishes)


def ask(
    kind: type[_FactsT],
    subject: str,
    wishes: Wishes,
    limit_s: float = LIMIT_S,
    command: ProbeCommand = probe_command,
) -> _FactsT | Failure:
    """Return the facts of a kind, or why there are none; never raises and never hangs.

    Args:
        kind: Which facts.
        subject: What is asked, for the sentence about a failure, such as "The audio system".
        wishes: What the user has chosen.
        limit_s: How long to wait.
        command: Makes the probe's command line; another one in tests.
    """
    words = command(kind.__name__, msgspec.json.encode(wishes).decode())
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
            env=os.environ | {"JACK_NO_START_SERVER": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return Failure(
            f"{subject} has not answered for {limit_s:.0f} seconds.",
            "Restart the sound and MIDI servers or the computer, then try again.",
        )
    except OSError as problem:
        return Failure(
            f"{subject} cannot be asked: {problem.strerror or problem}.",
            "Close other programs, or reinstall MusicAssist if that does not help.",
        )
    return _read(done, kind, subject)


def _read(
    done: subprocess.CompletedProcess[bytes], kind: type[_FactsT], subject: str
) -> _FactsT | Failure:
    try:
        answer = msgspec.json.decode(done.stdout, type=Answer)
        if answer.failure is not None:
            return answer.failure
        return msgspec.json.decode(answer.facts, type=kind)
    except msgspec.MsgspecError:
        pass  # it died before or while speaking
    last_words = (done.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
    said = f", saying: {last_words[:_LAST_WORDS].rstrip('.')}" if last_words else ""
    return Failure(
        f"{subject} broke the check off with code {done.returncode}{said}.",
        "Please report this together with what it said.",
    )
