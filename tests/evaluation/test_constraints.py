"""Broken rules are counted, kept ones are not; and the time notes take is told."""

from dataclasses import replace

import pytest

from musicassist.evaluation.answers import Wishes, ask, request_for
from musicassist.evaluation.constraints import constraints, violations
from musicassist.evaluation.passages import cut_passages
from musicassist.evaluation.speed import speed
from musicassist.generation.fake import EchoSoloist
from musicassist.generation.soloist import SoloRequest
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from tests.evaluation.made_up import Walker, walking_piece

TIMEBASE = Timebase()
REQUEST = SoloRequest(
    primer=Clip((Note(0, 480, 60),), 1920),
    timebase=TIMEBASE,
    key=Key(0),
    progression=parse_progression("C | E7 | C", TIMEBASE),
    n_bars=2,
)


def test_a_good_answer_breaks_nothing() -> None:
    notes = (Note(0, 480, 60), Note(480, 480, 68), Note(1920, 1920, 64))
    assert not any(violations(REQUEST, Clip(notes, 3840)).values())


def test_every_broken_rule_is_counted() -> None:
    notes = (
        Note(0, 960, 60),
        Note(480, 100, 97),  # overlaps, too high, in neither key nor chord
        Note(1000, 100, 35),  # too low
        Note(1900, 100, 68),  # of E7, a little late
        Note(3000, 100, 68),  # of E7, far too late
        Note(3800, 100, 60),  # rings beyond the end
    )
    assert violations(REQUEST, Clip(notes, 3841)) == {
        "out_of_range": 2,
        "overlaps": 1,
        "beyond_the_last_bar": 1,
        "wrong_length": 1,
        "outside_key_and_chords": 2,
        "silent_answers": 0,
    }
    assert violations(REQUEST, Clip((), 3840))["silent_answers"] == 1
    free = replace(REQUEST, is_key_locked=False)
    assert violations(free, Clip(notes, 3840))["outside_key_and_chords"] == 0


def test_violations_are_told_an_answer() -> None:
    passages = cut_passages([walking_piece(1)])
    asked = ask(Walker(), passages, Wishes(), lambda done, of: None)
    found = constraints(asked)
    assert {name: share.value for name, share in found.items()} == dict.fromkeys(found, 0.0)
    broken = [replace(each, clip=Clip((), 1)) for each in asked[:2]]
    assert constraints([*broken, *asked[2:]])["wrong_length"].value == 0.5


def test_times_are_those_between_a_soloists_questions() -> None:
    (passage, *_) = cut_passages([walking_piece(1)])
    now_s = 0.0

    def clock() -> float:
        nonlocal now_s
        now_s += 0.002
        return now_s

    found = speed(EchoSoloist(), [request_for(passage, Wishes(), 0)] * 2, [0, 0], clock)
    assert found["first_note"].value == pytest.approx(4)
    assert found["note_p99"].value == pytest.approx(2)
    assert found["64_notes_4_takes"].value == pytest.approx(2 * 65)
    assert found["64_notes_16_takes"].value == pytest.approx(2 * 65)
