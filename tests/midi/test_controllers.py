import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.midi.controllers import (
    ACTIONS,
    CONTINUOUS_ACTIONS,
    TRIGGER_ACTIONS,
    Control,
    ControllerMap,
    ControllerProfile,
    Part,
    pad_light,
)
from musicassist.midi.profiles import load_profiles
from musicassist.music.take import RawEvent

PROFILES = load_profiles()
V49 = PROFILES.for_port("V49")
GENERIC = PROFILES.all[-1]


def translated(profile, *message):
    return ControllerMap(profile).translate(RawEvent(7, *message))


def what_it_does(profile, *message):
    meaning = translated(profile, *message)
    assert meaning.part is Part.CONTROL
    return meaning.action, meaning.value, meaning.is_trigger


@pytest.mark.parametrize(
    "port",
    [
        "V49",
        "V49:V49 MIDI 1",
        "V49:V49 MIDI 1 20:0",
        "V49 Out",
        "V49 In",
        "a2j:V49 (capture): V49 MIDI 1",
        "Alesis V49",
        "v49 0",
    ],
)
def test_the_v49_is_known_in_every_spelling(port):
    profile = PROFILES.for_port(port)
    assert profile.name == "Alesis V49"
    assert not profile.ignores(port)


@pytest.mark.parametrize(
    "port", ["MIDIIN2 (V49)", "MIDIIN2 (V49) 1", "V49:V49 MIDI 2", "V49:V49 MIDI 2 20:1"]
)
def test_the_editor_port_of_the_v49_is_ignored(port):
    profile = PROFILES.for_port(port)
    assert profile.name == "Alesis V49"
    assert profile.ignores(port)


@pytest.mark.parametrize(
    "port", ["V49 MKII", "V49MKII:V49MKII MIDI 1", "V49 MK2", "Alesis V49 mk II", "V49II"]
)
def test_the_second_v49_is_not_taken_for_the_first(port):
    assert PROFILES.for_port(port).name == "Generic"


def test_any_other_keyboard_gets_the_generic_profile():
    for port in ("Launchkey Mini", "", "V25", "system:midi_capture_1"):
        assert PROFILES.for_port(port).name == "Generic"
    assert PROFILES.for_port("Midi Through:Midi Through Port-0").ignores(
        "Midi Through:Midi Through Port-0"
    )


def test_the_knobs_of_a_v49_set_the_solo():
    for number, action in enumerate(("surprise", "density", "swing", "quantize_strength"), 20):
        assert what_it_does(V49, 0xB0, number, 127) == (action, 1.0, False)
        assert what_it_does(V49, 0xB5, number, 0) == (action, 0.0, False)


def test_the_buttons_of_a_v49_act_on_both_toggle_values():
    for number, action in enumerate(("capture", "continue", "play_stop", "next_take"), 48):
        for value in (127, 0):
            assert what_it_does(V49, 0xB0, number, value) == (action, 1.0, True)


def test_the_pads_of_a_v49_are_drums_and_either_note_is_the_second_pad():
    for note in (49, 41, 42, 46, 36, 37, 38, 39):
        meaning = translated(V49, 0x99, note, 90)
        assert meaning.part is Part.PAD
        assert meaning.event == RawEvent(7, 0x99, note, 90)
    assert translated(V49, 0x99, 32, 90).event == RawEvent(7, 0x99, 41, 90)
    assert translated(V49, 0x89, 32, 0).event == RawEvent(7, 0x89, 41, 0)


def test_keys_wheels_pedals_and_pressure_belong_to_the_performance():
    for profile in (V49, GENERIC):
        assert translated(profile, 0x90, 60, 90).part is Part.KEY
        assert translated(profile, 0x83, 60, 90).part is Part.KEY
        for message in ((0xB0, 1, 5), (0xB0, 64, 127), (0xB0, 11, 5), (0xE0, 0, 70), (0xD0, 50)):
            assert translated(profile, *message).part is Part.PERFORMANCE


def test_what_is_no_music_is_nothing():
    for message in ((0xC0, 5), (0xB0, 0, 1), (0xB0, 101, 0), (0xB0, 121, 0), (0xD9, 50)):
        assert translated(GENERIC, *message).part is Part.NOTHING
    assert translated(GENERIC, 0xB0, 20, 5).part is Part.NOTHING


def test_all_notes_off_lets_go_of_what_the_port_holds():
    for number in (120, 123, 127):
        assert translated(GENERIC, 0xB0, number, 0).part is Part.ALL_OFF


def test_a_momentary_button_acts_when_it_is_pressed_only():
    profile = GENERIC.with_control(Control("momentary", 30, "record"))
    assert what_it_does(profile, 0xB0, 30, 127) == ("record", 1.0, True)
    assert what_it_does(profile, 0xB0, 30, 0) == ("", 0.0, True)


def test_a_pad_that_was_learnt_is_no_drum_any_more():
    profile = V49.with_control(Control("pad", 36, "tap_tempo"))
    assert what_it_does(profile, 0x99, 36, 20) == ("tap_tempo", 1.0, True)
    assert what_it_does(profile, 0x89, 36, 0) == ("", 0.0, True)
    assert what_it_does(profile, 0x99, 36, 0) == ("", 0.0, True)
    assert translated(profile, 0x90, 36, 20).part is Part.KEY


def test_a_control_does_one_thing_and_a_thing_has_one_control():
    profile = V49.with_control(Control("knob", 20, "tempo"))
    assert [c.action for c in profile.controls if c.number == 20] == ["tempo"]
    profile = profile.with_control(Control("knob", 21, "swing"))
    assert [c.number for c in profile.controls if c.action == "swing"] == [21]
    assert not [c for c in profile.controls if c.action in ("surprise", "density")]
    assert profile.without_action("swing").controls == tuple(
        c for c in profile.controls if c.action != "swing"
    )


def test_what_is_learnt_on_an_unknown_keyboard_is_kept_for_that_keyboard_alone():
    profile = GENERIC.for_port("Odd [1] keys*")
    assert profile.name == "Odd [1] keys*"
    assert profile.fits("Odd [1] keys*")
    assert not profile.fits("Odd 1 keysX")
    assert V49.for_port("V49 Out") is V49


def test_the_pads_of_a_v49_light_up():
    assert pad_light(V49, 49, True) == bytes((0x99, 49, 127))
    assert pad_light(V49, 32, False) == bytes((0x89, 32, 0))
    assert pad_light(V49, 50, True) is None
    assert pad_light(GENERIC, 49, True) is None


def test_controls_are_spelled_as_the_user_reads_them():
    assert Control("knob", 20, "swing").words == "CC 20"
    assert Control("pad", 36, "record", 8).words == "Pad 36 on channel 9"


def test_actions_are_one_closed_list():
    assert set(CONTINUOUS_ACTIONS).isdisjoint(TRIGGER_ACTIONS)
    assert len(set(ACTIONS)) == len(ACTIONS)


@pytest.mark.parametrize(
    "fields",
    [
        ("knob", 20, "explode"),
        ("knob", 128, "swing"),
        ("knob", 123, "swing"),
        ("knob", 20, "record"),
        ("toggle", 20, "swing"),
        ("pad", 20, "record", 16),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(fields):
    with pytest.raises(ValueError, match=r"action|controller|channel|cannot do"):
        Control(*fields)


@given(st.integers(0x80, 0xEF), st.integers(0, 127), st.integers(0, 127))
def test_every_message_means_something_and_keys_stay_as_they_came(status, data1, data2):
    event = RawEvent(1, status, data1, data2)
    for profile in (V49, GENERIC, ControllerProfile("Keys", ("*",), pad_channel=4)):
        meaning = ControllerMap(profile).translate(event)
        if meaning.part is not Part.PAD:
            assert meaning.event is event
        assert (meaning.part is Part.CONTROL) or not meaning.action
        assert 0 <= meaning.value <= 1
