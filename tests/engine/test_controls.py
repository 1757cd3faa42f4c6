"""Knobs, buttons and pads: what they do, and what they must not."""

import pytest

from musicassist.engine.protocol import (
    ControlLearned,
    ControlMoved,
    EngineTrouble,
    ForgetControls,
    KeyMoved,
    LearnControl,
    PhraseCaptured,
)

V49 = "V49"


@pytest.fixture
def studio(open_studio, tmp_path):
    return open_studio(ports=(V49,), controllers_folder=tmp_path / "controllers")


def moves(studio):
    return [(move.action, round(move.value, 2)) for move in studio.of(ControlMoved)]


def turn(studio, number, value):
    studio.play(0xB0, number, value, port=V49)
    studio.step()


def test_a_knob_moves_what_it_is_mapped_to_and_is_in_no_phrase(studio):
    studio.play(0x90, 60, 90, port=V49)
    turn(studio, 20, 127)
    studio.play(0x80, 60, 64, port=V49)
    studio.wait(2)
    assert moves(studio) == [("surprise", 1.0)]
    assert studio.of(ControlMoved)[0].source == V49
    [captured] = studio.of(PhraseCaptured)
    assert [event.kind for event in captured.take.events] == [0x90, 0x80]


def test_a_button_acts_on_both_of_its_values(studio):
    turn(studio, 48, 127)
    turn(studio, 48, 0)
    assert moves(studio) == [("capture", 1.0), ("capture", 1.0)]


def test_a_pad_is_a_drum_lights_up_and_is_no_melody(studio):
    studio.play(0x99, 36, 90, port=V49)
    studio.step()
    studio.play(0x89, 36, 0, port=V49)
    studio.wait(2)
    assert [struck[1:3] for struck in studio.synth.struck] == [(25, 36)]
    lights = next(output for output in studio.midi.outputs if output.name == V49)
    assert [(event.status, event.data1) for event in lights.sent] == [(0x99, 36), (0x89, 36)]
    assert not studio.of(PhraseCaptured)
    assert [key.pitch for key in studio.of(KeyMoved)] == [36, 36]


def test_a_key_of_the_number_of_a_pad_lights_no_pad(studio):
    studio.play(0x90, 36, 90, port=V49)
    studio.step()
    assert [struck[1:3] for struck in studio.synth.struck] == [(16, 36)]
    assert not [output for output in studio.midi.outputs if output.name == V49]


def test_a_pad_struck_at_full_force_again_and_again_is_not_taken_for_an_echo(studio):
    for _ in range(5):
        studio.play(0x99, 36, 127, port=V49)
        studio.step()
        studio.play(0x89, 36, 0, port=V49)
        studio.step()
    assert len(studio.synth.struck) == 5


def test_a_knob_is_learnt_kept_and_works_in_the_next_engine(studio, open_studio, tmp_path):
    studio.obey(LearnControl("click_volume"))
    turn(studio, 74, 64)
    assert studio.of(ControlLearned) == [ControlLearned("click_volume", "CC 74", V49)]
    turn(studio, 74, 127)
    assert moves(studio) == [("click_volume", 1.0)]
    another = open_studio(ports=(V49,), controllers_folder=tmp_path / "controllers")
    turn(another, 74, 0)
    turn(another, 20, 127)
    assert moves(another) == [("click_volume", 0.0), ("surprise", 1.0)]


def test_what_was_learnt_is_forgotten(studio):
    studio.obey(LearnControl("click_volume"))
    turn(studio, 20, 64)
    studio.obey(ForgetControls(V49))
    turn(studio, 20, 127)
    assert moves(studio) == [("surprise", 1.0)]


def test_a_button_that_sends_nothing_more_is_learnt_after_a_while(studio):
    studio.obey(LearnControl("record"))
    turn(studio, 70, 127)
    assert not studio.of(ControlLearned)
    studio.wait(1)
    assert studio.of(ControlLearned) == [ControlLearned("record", "CC 70", V49)]


def test_the_pad_that_is_learnt_does_not_sound_on(studio):
    studio.obey(LearnControl("record"))
    studio.play(0x99, 36, 90, port=V49)
    studio.step()
    studio.play(0x89, 36, 0, port=V49)
    studio.wait(0.1)
    assert [learnt.action for learnt in studio.of(ControlLearned)] == ["record"]
    assert studio.synth.struck
    assert studio.n_sounding == 0


@pytest.mark.parametrize(("action", "values"), [("click_volume", [30]), ("record", [127, 0])])
def test_the_controller_that_is_learnt_leaves_the_sound_as_it_was(studio, action, values):
    studio.obey(LearnControl(action))
    for value in values:
        turn(studio, 11, value)
    studio.wait(1)
    assert [learnt.control for learnt in studio.of(ControlLearned)] == ["CC 11"]
    assert studio.synth.controls[16, 11] == 127


def test_without_a_folder_what_is_learnt_holds_until_the_end(open_studio):
    studio = open_studio(ports=(V49,))
    studio.obey(LearnControl("click_volume"))
    turn(studio, 74, 64)
    turn(studio, 74, 127)
    assert moves(studio) == [("click_volume", 1.0)]


def test_learning_is_given_up(studio):
    studio.obey(LearnControl("click_volume"), LearnControl(""))
    turn(studio, 74, 64)
    assert not studio.of(ControlLearned)


def test_an_action_nobody_knows_is_told_and_survived(studio):
    studio.obey(LearnControl("fly"))
    assert "fly" in studio.of(EngineTrouble)[0].what


def test_a_folder_that_cannot_be_written_is_told_and_the_control_works(open_studio, tmp_path):
    (tmp_path / "file").write_text("in the way")
    studio = open_studio(ports=(V49,), controllers_folder=tmp_path / "file")
    studio.obey(LearnControl("click_volume"))
    turn(studio, 74, 64)
    turn(studio, 74, 127)
    assert len(studio.of(EngineTrouble)) == 1
    assert moves(studio) == [("click_volume", 1.0)]
