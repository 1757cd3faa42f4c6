"""The soloist process by itself, over its pipe."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from musicassist.generation.desk import Failed, Job, Made
from musicassist.generation.protocol import Message, decode, encode
from musicassist.generation.soloist import SoloRequest
from musicassist.generation.tasks import Hear
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

COMMAND = [sys.executable, "-m", "musicassist.generation"]
HEAR = Job(1, "ear", "", Hear(SoloRequest(Clip((Note(0, 100, 60),), 1920), Timebase())))
LEAVES_WITHIN_S = 2.0

# A window that starts a soloist and waits to be killed.
WINDOW = f"""
import subprocess, sys, time
child = subprocess.Popen({COMMAND!r}, stdin=subprocess.PIPE, stdout=sys.stdout)
child.stdin.write({encode(HEAR)!r}); child.stdin.flush()
time.sleep(60)
"""

Process = subprocess.Popen[bytes]


@pytest.fixture
def soloist() -> Iterator[Process]:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    yield process
    with process:
        process.kill()


def answer_of(process: Process, *jobs: bytes) -> Message:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"".join(jobs))
    process.stdin.flush()
    return decode(process.stdout.readline())


def test_it_answers_however_odd_what_was_said_before(soloist: Process) -> None:
    assert isinstance(answer_of(soloist, encode(HEAR)), Made)
    assert isinstance(answer_of(soloist, encode(Failed(1, "ear", None)), encode(HEAR)), Made)


def test_a_model_nobody_named_is_a_sentence(soloist: Process) -> None:
    answer = answer_of(soloist, encode(Job(4, "solos", "unheard of", None)))
    assert isinstance(answer, Failed)
    assert answer.request_id == 4
    assert "unheard of" in str(answer.error)


def test_it_leaves_when_nothing_more_can_come(soloist: Process) -> None:
    assert isinstance(answer_of(soloist, encode(HEAR)), Made)
    assert soloist.stdin is not None
    soloist.stdin.close()
    assert soloist.wait(LEAVES_WITHIN_S) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal")
def test_an_interrupt_from_the_terminal_is_the_windows_to_judge(soloist: Process) -> None:
    assert isinstance(answer_of(soloist, encode(HEAR)), Made)
    soloist.send_signal(signal.SIGINT)
    assert isinstance(answer_of(soloist, encode(HEAR)), Made)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing to kill with")
def test_it_leaves_within_two_seconds_when_the_window_is_killed() -> None:
    window = subprocess.Popen([sys.executable, "-c", WINDOW], stdout=subprocess.PIPE)
    with window:
        assert window.stdout is not None
        assert isinstance(decode(window.stdout.readline()), Made)
        os.kill(window.pid, signal.SIGKILL)
        window.communicate(timeout=LEAVES_WITHIN_S)  # until the soloist, who writes there, has gone
