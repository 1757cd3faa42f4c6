import json
import threading
from dataclasses import replace

import pytest

from musicassist.checkup import doctor
from musicassist.checkup.asking import Failure
from musicassist.checkup.facts import (
    AudioFacts,
    EngineFacts,
    MidiFacts,
    SoloistFacts,
    SoundFacts,
    StreamFacts,
)
from musicassist.checkup.finding import COULD_BE_BETTER, DOES_NOT_WORK, OK, Finding, all_works
from musicassist.errors import ScreenError

KINDS = (AudioFacts, StreamFacts, MidiFacts, SoundFacts, SoloistFacts, EngineFacts)


def no_window():
    raise ScreenError(
        "The window cannot open: the library libxcb-cursor.so.0 is missing.", "Install it."
    )


def by_check(findings):
    return {finding.check: finding for finding in findings}


def test_where_all_is_well_all_works_and_every_part_was_looked_at(facts):
    findings = list(doctor.examine(lambda: None, facts.answers()))
    assert all_works(findings)
    assert {
        *("Python", "Settings", "Sessions", "Window", "Audio devices", "Sound"),
        *("MIDI system", "MIDI inputs", "MIDI outputs", "Sounds", "SoundFonts", "Soloist"),
        "Sound engine",
    } <= {finding.check for finding in findings}
    assert doctor.summary(findings) == "All that is needed works."


@pytest.mark.parametrize("kind", KINDS)
def test_one_part_that_fails_does_not_keep_the_others_from_being_looked_at(kind, facts):
    failure = Failure("It has not answered.", "Try again.")
    whole = list(doctor.examine(lambda: None, facts.answers()))
    findings = list(doctor.examine(lambda: None, facts.answers({kind: failure})))
    broken = [finding for finding in findings if finding.state == DOES_NOT_WORK]
    assert [(finding.what, finding.hint) for finding in broken] == [(failure.what, failure.hint)]
    assert not all_works(findings)
    assert len(findings) >= len(whole) - 2  # of MIDI one line remains instead of three


def test_with_everything_missing_there_is_a_list_of_what_to_do(facts):
    failure = Failure("It is missing.", "Install it.")
    everything = dict.fromkeys(KINDS, failure)
    findings = list(doctor.examine(no_window, facts.answers(everything)))
    broken = [finding for finding in findings if finding.state == DOES_NOT_WORK]
    assert len(broken) == 6  # the window, and all but the stream, which needs a device
    assert all(finding.hint for finding in broken)
    assert doctor.summary(findings) == "6 things do not work."


def test_without_an_audio_device_none_is_opened(facts):
    def ask(kind, subject, wishes):
        assert kind is not StreamFacts
        return facts.answers(AudioFacts(("ALSA",), ()))(kind, subject, wishes)

    findings = by_check(doctor.examine(lambda: None, ask))
    assert findings["Audio devices"].state == DOES_NOT_WORK
    assert "Sound" not in findings


def test_why_the_window_cannot_open_is_told():
    finding = doctor.examine_screen(no_window)
    assert finding.state == DOES_NOT_WORK
    assert "libxcb-cursor.so.0" in finding.what
    assert finding.hint == "Install it."


def test_a_screen_that_never_answers_is_given_up():
    answered = threading.Event()
    finding = doctor.examine_screen(lambda: answered.wait() and None, limit_s=0.05)
    answered.set()
    assert finding.state == DOES_NOT_WORK
    assert "has not answered" in finding.what


def test_what_people_read_has_state_sentence_and_advice_below_each_other():
    lines = doctor.lines_for_people(Finding("MIDI", COULD_BE_BETTER, "No keyboard.", "Plug it."))
    assert lines == ["could be better  No keyboard.", "                 Plug it."]
    assert doctor.lines_for_people(Finding("MIDI", OK, "It opens.")) == [
        "ok               It opens."
    ]


def test_a_port_name_cannot_drive_the_terminal(facts):
    midi = replace(facts.MIDI, inputs=(replace(facts.MIDI.inputs[0], name="\x1b[31mred\nline"),))
    findings = list(doctor.examine(lambda: None, facts.answers(midi)))
    text = "".join(line for each in findings for line in doctor.lines_for_people(each))
    assert "[31mred" in text
    assert text.isprintable()


def test_what_programs_read_says_the_same(facts):
    findings = list(doctor.examine(lambda: None, facts.answers(MidiFacts("ALSA"))))
    report = json.loads(doctor.json_for_programs(findings))
    assert report["works"] is True
    assert [each["what"] for each in report["findings"]] == [each.what for each in findings]
    assert set(report["findings"][0]) == {"check", "state", "what", "hint"}


def test_one_broken_thing_is_counted_as_one():
    assert doctor.summary([Finding("A", DOES_NOT_WORK, "B.", "C.")]) == "One thing does not work."
