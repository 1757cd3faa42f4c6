"""What knobs, buttons and pads do, and teaching them something else."""

import pytest

from musicassist.engine.protocol import (
    ControlLearned,
    ControlUse,
    ForgetControls,
    InputPort,
    InputPortsChanged,
    LearnControl,
)
from musicassist.midi.controllers import ACTIONS
from musicassist.ui.devices_panel import DevicesPanel
from musicassist.ui.learn_page import ACTION_WORDS
from tests.ui.conftest import Desk

V49 = "V49:V49 MIDI 1"


def test_every_action_has_its_words() -> None:
    assert set(ACTION_WORDS) == set(ACTIONS)


def test_controls_show_what_they_do(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Controls")
    uses = (ControlUse("surprise", "CC 20"), ControlUse("play_stop", "Pad 39", is_learnt=True))
    desk.engine.say(InputPortsChanged((InputPort(V49, controls=uses), InputPort("Other"))))
    rows = panel.learn.rows
    assert rows["surprise"].control.whole_text == "CC 20"
    assert rows["play_stop"].control.whole_text == "Pad 39"
    assert rows["tempo"].control.whole_text == "\N{EN DASH}"
    second = InputPort("Other", controls=(ControlUse("surprise", "CC 1"),))
    desk.engine.say(InputPortsChanged((InputPort(V49, controls=uses), second)))
    assert rows["surprise"].control.whole_text == "CC 20 (V49 MIDI 1), CC 1 (Other)"


def test_without_a_controller_there_is_nothing_to_learn(panel: DevicesPanel) -> None:
    panel.show_page("Controls")
    button = panel.learn.rows["surprise"].button
    assert not button.isEnabled()
    assert "Plug a controller in" in button.toolTip()


def test_learning_waits_visibly_and_says_what_was_learnt(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Controls")
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    row = panel.learn.rows["surprise"]
    row.button.click()
    assert desk.engine.sent[-1] == LearnControl("surprise")
    assert row.control.whole_text == "turn a knob now"
    assert row.button.text() == "Cancel"
    other = panel.learn.rows["panic"]
    other.button.click()
    assert other.control.whole_text == "press a button or pad now"
    assert row.button.text() == "Learn"
    desk.engine.say(ControlLearned("panic", "CC 30", V49))
    assert other.button.text() == "Learn"
    assert other.control.whole_text == "CC 30"
    assert panel.learn.said.text() == "CC 30 of V49 MIDI 1 is Panic from now on."


@pytest.mark.parametrize("leave", ["cancel", "other part", "close"])
def test_nothing_waits_that_nobody_sees(desk: Desk, panel: DevicesPanel, leave: str) -> None:
    panel.show_page("Controls")
    desk.engine.say(InputPortsChanged((InputPort(V49),)))
    panel.learn.rows["surprise"].button.click()
    if leave == "cancel":
        panel.learn.rows["surprise"].button.click()
    elif leave == "other part":
        panel.show_page("Sound")
    else:
        desk.window.show_devices(is_shown=False)
    assert desk.engine.sent[-1] == LearnControl("")
    assert desk.services.devices.state.learning == ""


def test_what_was_learnt_can_be_forgotten(desk: Desk, panel: DevicesPanel) -> None:
    panel.show_page("Controls")
    came = ControlUse("surprise", "CC 20")
    learnt = ControlUse("panic", "CC 30", is_learnt=True)
    ports = (InputPort("Other", controls=(came,)), InputPort(V49, controls=(came, learnt)))
    desk.engine.say(InputPortsChanged(ports))
    [button] = panel.learn.forget_buttons
    assert button.text() == "Forget 1 control learnt at V49 MIDI 1"
    button.click()
    assert desk.engine.sent[-1] == ForgetControls(V49)
    desk.engine.say(InputPortsChanged(ports[:1]))
    assert panel.learn.forget_buttons == []
