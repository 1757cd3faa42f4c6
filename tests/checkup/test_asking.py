import sys

import msgspec
import pytest

from musicassist.checkup.asking import Answer, Failure, ask
from musicassist.checkup.facts import StreamFacts, Wishes


def saying(program):
    return lambda kind, wishes: (sys.executable, "-c", program, kind, wishes)


def asked(program, limit_s=30.0):
    return ask(StreamFacts, "The audio device", Wishes("Speakers"), limit_s, saying(program))


def test_facts_cross_from_one_process_to_the_other_whole(facts):
    answer = Answer(facts=msgspec.Raw(msgspec.json.encode(facts.STREAM)))
    program = f"import os; os.write(1, {msgspec.json.encode(answer)!r})"
    assert asked(program) == facts.STREAM


def test_kind_and_wishes_reach_the_other_process():
    program = "import sys; sys.exit(' '.join(sys.argv[1:]))"
    said = asked(program).what
    assert 'StreamFacts {"audio_device":"Speakers"' in said


def test_what_the_driver_said_comes_back_as_it_was_said():
    answer = msgspec.json.encode(Answer(failure=Failure("No device.", "Connect one.")))
    assert asked(f"import os; os.write(1, {answer!r})") == Failure("No device.", "Connect one.")


def test_a_driver_that_hangs_is_ended_and_named():
    failure = asked("import time; time.sleep(1000)", limit_s=0.2)
    assert failure.what.startswith("The audio device has not answered")
    assert failure.hint


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os; os.abort()", "broke the check off with code"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("print('Hello, I am a driver')", "broke the check off"),
        ("pass", "broke the check off with code 0"),
        ("print('{}')", "broke the check off"),
        ('print(\'{"facts": {"device": 1}}\')', "broke the check off"),
    ],
)
def test_a_driver_that_crashes_or_babbles_is_one_sentence(program, said):
    failure = asked(program)
    assert said in failure.what
    assert "\n" not in failure.what
    assert failure.hint


def test_a_probe_that_cannot_be_started_is_one_sentence(tmp_path):
    gone = str(tmp_path / "no python")
    failure = ask(StreamFacts, "The audio device", Wishes(), command=lambda *_: (gone,))
    assert failure.what.startswith("The audio device cannot be asked")
