import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.midi.controllers import ACTIONS, Control
from musicassist.midi.learn import PROTECTED, SETTLE_NS, Learner, Learnt
from musicassist.midi.profiles import load_profiles
from musicassist.music.take import RawEvent

GENERIC = load_profiles().all[-1]


def hear(learner, *messages):
    """Return what is learnt from messages 0.1 s apart, the first thing only."""
    for place, message in enumerate(messages):
        learnt = learner.hear("Keys", GENERIC, RawEvent(place * 100_000_000, *message))
        if learnt is not None:
            return learnt
    return None


def test_a_knob_is_learnt_by_its_first_movement():
    assert hear(Learner("swing"), (0xB2, 30, 64)) == Learnt("Keys", Control("knob", 30, "swing"))


def test_a_button_that_comes_back_at_once_is_momentary():
    learnt = hear(Learner("record"), (0xB0, 30, 127), (0xB0, 30, 0))
    assert learnt.control == Control("momentary", 30, "record")


def test_a_button_that_stays_down_sends_127_and_0_in_turn():
    learner = Learner("record")
    assert hear(learner, (0xB0, 30, 127)) is None
    assert learner.check(SETTLE_NS - 1) is None
    assert learner.check(SETTLE_NS).control == Control("toggle", 30, "record")
    assert learner.check(2 * SETTLE_NS) is None


def test_a_button_that_begins_with_0_sends_127_and_0_in_turn():
    learnt = hear(Learner("record"), (0xB0, 30, 0), (0xB0, 30, 127))
    assert learnt.control == Control("toggle", 30, "record")


def test_a_knob_is_not_taken_for_a_button_even_at_its_end():
    learner = Learner("record")
    assert hear(learner, (0xB0, 30, 127), (0xB0, 30, 126), (0xB0, 30, 127)) is None
    assert learner.check(10 * SETTLE_NS) is None
    assert hear(learner, (0xB0, 30, 127), (0xB0, 30, 0)) is None
    learnt = hear(learner, (0xB0, 31, 127), (0xB0, 31, 0))
    assert learnt.control.number == 31


def test_a_pad_can_trigger_and_a_melody_key_cannot():
    learner = Learner("tap_tempo")
    assert hear(learner, (0x90, 60, 90), (0x80, 60, 0), (0x89, 36, 0)) is None
    assert hear(learner, (0x99, 36, 90)).control == Control("pad", 36, "tap_tempo")


def test_a_pad_is_not_turned():
    assert hear(Learner("swing"), (0x99, 36, 90)) is None


def test_the_other_buttons_of_a_keyboard_do_not_disturb_one_that_was_pressed():
    learner = Learner("record")
    learnt = hear(learner, (0xB0, 30, 127), (0xB0, 31, 127), (0xB0, 30, 0))
    assert learnt.control == Control("momentary", 30, "record")


def test_no_such_action_is_refused():
    with pytest.raises(ValueError, match="explode"):
        Learner("explode")


@given(
    st.sampled_from(ACTIONS),
    st.lists(
        st.one_of(
            st.tuples(
                st.integers(0xB0, 0xBF), st.sampled_from(sorted(PROTECTED)), st.integers(0, 127)
            ),
            st.tuples(st.integers(0x90, 0x98), st.integers(0, 127), st.integers(0, 127)),
            st.tuples(st.integers(0xC0, 0xEF), st.integers(0, 127), st.integers(0, 127)),
        ),
        max_size=30,
    ),
)
def test_keys_wheels_and_protected_controllers_are_never_learnt(action, messages):
    learner = Learner(action)
    assert hear(learner, *messages) is None
    assert learner.check(10**12) is None


def test_pedal_wheel_and_channel_messages_are_protected():
    assert {1, 64, *range(120, 128)} <= PROTECTED
