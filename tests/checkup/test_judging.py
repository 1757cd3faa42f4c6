import re
from dataclasses import replace
from itertools import chain

import pytest

from musicassist.checkup import judging
from musicassist.checkup.facts import AudioFacts, MidiFacts, MidiInput, SoloistFacts
from musicassist.checkup.finding import COULD_BE_BETTER, DOES_NOT_WORK, OK

PLATFORMS = ("linux", "win32", "darwin")


def every_finding(platform, facts):
    busy = MidiInput("V49", problem="Another program holds V49.", hint="Close it.")
    yield judging.judge_audio(facts.AUDIO, platform)
    yield judging.judge_audio(AudioFacts(("ALSA",), ()), platform)
    yield judging.without_audio("The sound library PortAudio is missing.", "Install it.")
    for changes in (
        {},
        {"n_blocks": 0},
        {"speed": 140.0},
        {"n_late_blocks": 3},
        {"latency_ms": 80.0},
    ):
        yield judging.judge_stream(replace(facts.STREAM, **changes), platform)
    for midi in (facts.MIDI, MidiFacts("WinMM"), MidiFacts("ALSA", (busy,))):
        yield from judging.judge_midi(midi, platform)
    for changes in (
        {},
        {"is_heard": False},
        {"player": ""},
        {"soundfonts": ()},
        {"problem": "gone.sf2 cannot be read.", "hint": "Choose another."},
    ):
        yield from judging.judge_sound(replace(facts.SOUND, **changes), platform)
    yield judging.judge_soloist(facts.SOLOIST)
    yield judging.judge_soloist(SoloistFacts((), 0.0))
    for changes in ({}, {"exit_code": -11}, {"ready_s": 30.0}, {"leave_s": 5.0}):
        yield judging.judge_engine(replace(facts.ENGINE, **changes))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_finding_is_one_sentence_and_says_what_to_do_where_something_is_wrong(
    platform, facts
):
    findings = list(every_finding(platform, facts))
    assert {finding.state for finding in findings} == {OK, COULD_BE_BETTER, DOES_NOT_WORK}
    for finding in findings:
        for sentence in (finding.what, finding.hint):
            assert re.fullmatch(r"|[A-Z0-9a-z].*[^.]\.", sentence), sentence
        assert finding.hint or finding.state == OK, finding


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_computer_on_which_all_is_well_gets_no_advice(platform, facts):
    findings = chain(
        [judging.judge_audio(facts.AUDIO, platform), judging.judge_stream(facts.STREAM, platform)],
        judging.judge_midi(facts.MIDI, platform),
        judging.judge_sound(facts.SOUND, platform),
        [judging.judge_soloist(facts.SOLOIST), judging.judge_engine(facts.ENGINE)],
    )
    assert {(finding.state, finding.hint) for finding in findings} == {(OK, "")}


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({"n_blocks": 0}, DOES_NOT_WORK, "never asks for sound"),
        ({"speed": 140.0}, DOES_NOT_WORK, "140.00 times its speed"),
        ({"speed": 0.7}, DOES_NOT_WORK, "0.70 times its speed"),
        ({"n_late_blocks": 3}, COULD_BE_BETTER, "3 of 188 blocks came late"),
        ({"latency_ms": 80.0}, COULD_BE_BETTER, "80.0 ms"),
        ({}, OK, "48000 Hz, blocks of 256 frames, 10.6 ms"),
    ],
)
def test_a_stream_is_judged_by_what_it_did(changes, state, said, facts):
    finding = judging.judge_stream(replace(facts.STREAM, **changes))
    assert finding.state == state
    assert said in finding.what


def test_a_busy_port_does_not_work_and_says_the_drivers_sentence():
    busy = MidiInput("V49", problem="Another program holds V49.", hint="Close it.")
    (_, finding, *_) = judging.judge_midi(MidiFacts("WinMM", (busy,)), "win32")
    assert (finding.state, finding.what, finding.hint) == (DOES_NOT_WORK, busy.problem, busy.hint)


def test_a_port_that_is_left_alone_is_no_trouble():
    ignored = MidiInput("V49:1", "Alesis V49", is_ignored=True)
    (_, finding, *_) = judging.judge_midi(MidiFacts("ALSA", (ignored,)), "linux")
    assert finding.state == OK
    assert "left alone" in finding.what


def test_a_damaged_profile_of_the_users_is_told():
    midi = MidiFacts("ALSA", damaged_profiles=(("v49.toml is no profile.", "Mend it."),))
    findings = [each for each in judging.judge_midi(midi, "linux") if each.check == "Controllers"]
    assert [(each.state, each.what) for each in findings] == [
        (DOES_NOT_WORK, "v49.toml is no profile.")
    ]


def test_windows_without_a_port_to_play_to_is_told_of_loopmidi():
    findings = list(judging.judge_midi(MidiFacts("WinMM"), "win32"))
    assert "loopMIDI" in findings[-1].hint
    findings = list(judging.judge_midi(MidiFacts("Core"), "darwin"))
    assert not any("loopMIDI" in finding.hint for finding in findings)


def test_a_missing_portaudio_is_told_with_the_package_that_brings_it():
    finding = judging.without_audio("The sound library PortAudio is missing.", "Install it.")
    assert re.search(r"libportaudio2|portaudio", finding.hint)
    other = judging.without_audio("PortAudio cannot list the devices.", "Restart it.")
    assert other.hint == "Restart it."


def test_without_soundfonts_all_still_works(facts):
    findings = list(judging.judge_sound(replace(facts.SOUND, soundfonts=(), player=""), "linux"))
    assert [finding.state for finding in findings] == [OK, COULD_BE_BETTER]
