from hypothesis import given
from hypothesis import strategies as st

from musicassist.midi.controllers import ControllerMap, ControllerProfile, Part, Translated
from musicassist.midi.voice import PortVoice
from musicassist.music.playing import InputSettings, VelocityCurve
from musicassist.music.take import RawEvent

MAP = ControllerMap(ControllerProfile("Keys", ("*",)))


def heard(voice, status, data1, data2):
    events = voice.play(MAP.translate(RawEvent(7, status, data1, data2)))
    assert all(event.time_ns == 7 for event in events)
    return [(event.status, event.data1, event.data2) for event in events]


def test_keys_are_moved_and_velocities_bent():
    settings = InputSettings("V49", True, VelocityCurve("fixed", 80), octave=1, transpose=-2)
    voice = PortVoice(settings)
    assert heard(voice, 0x93, 60, 20) == [(0x93, 70, 80)]
    assert heard(voice, 0x83, 60, 33) == [(0x83, 70, 33)]


def test_a_note_on_with_velocity_0_still_ends_its_note():
    voice = PortVoice(InputSettings("V49", velocity_curve=VelocityCurve("fixed", 80)))
    assert heard(voice, 0x90, 60, 20) == [(0x90, 60, 80)]
    assert heard(voice, 0x90, 60, 0) == [(0x90, 60, 0)]


def test_a_key_held_while_the_setting_changes_ends_what_it_began():
    voice = PortVoice(InputSettings("V49"))
    heard(voice, 0x90, 60, 90)
    voice.settings = InputSettings("V49", octave=2)
    assert heard(voice, 0xA0, 60, 40) == [(0xA0, 60, 40)]
    assert heard(voice, 0x80, 60, 64) == [(0x80, 60, 64)]
    assert heard(voice, 0x90, 60, 90) == [(0x90, 84, 90)]


def test_a_pitch_two_keys_hold_sounds_until_the_second_is_let_go():
    voice = PortVoice(InputSettings("V49"))
    heard(voice, 0x90, 72, 90)
    voice.settings = InputSettings("V49", octave=1)
    assert heard(voice, 0x90, 60, 90) == [(0x90, 72, 90)]
    assert heard(voice, 0x80, 72, 64) == []
    assert heard(voice, 0x80, 60, 64) == [(0x80, 72, 64)]


def test_a_key_struck_twice_ends_what_it_had_become():
    voice = PortVoice(InputSettings("V49"))
    heard(voice, 0x90, 60, 90)
    voice.settings = InputSettings("V49", transpose=1)
    assert heard(voice, 0x90, 60, 91) == [(0x80, 60, 64), (0x90, 61, 91)]


def test_keys_moved_out_of_range_are_silent():
    voice = PortVoice(InputSettings("V49", octave=4))
    assert heard(voice, 0x90, 120, 90) == []
    assert heard(voice, 0x80, 120, 64) == []


def test_an_end_without_a_beginning_is_not_heard():
    voice = PortVoice(InputSettings("V49"))
    assert heard(voice, 0x80, 60, 64) == []
    heard(voice, 0x90, 60, 90)
    voice.forget_held()
    assert heard(voice, 0x80, 60, 64) == []


def test_pads_keep_their_note_and_follow_the_curve():
    voice = PortVoice(InputSettings("V49", velocity_curve=VelocityCurve("fixed", 80), octave=2))
    assert heard(voice, 0x99, 36, 20) == [(0x99, 36, 80)]
    assert heard(voice, 0x89, 36, 0) == [(0x89, 36, 0)]


def test_pedals_and_wheels_pass_and_controls_of_ours_do_not():
    voice = PortVoice(InputSettings("V49", octave=2))
    assert heard(voice, 0xB0, 64, 127) == [(0xB0, 64, 127)]
    assert heard(voice, 0xE0, 0, 70) == [(0xE0, 0, 70)]
    knob = Translated(Part.CONTROL, RawEvent(0, 0xB0, 20, 5), "surprise", 0.5)
    assert voice.play(knob) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("strike", "release", "set")),
            st.integers(0, 127),
            st.integers(-4, 4),
        ),
        max_size=80,
    )
)
def test_when_all_keys_are_up_nothing_sounds(steps):
    voice = PortVoice(InputSettings("V49"))
    down, sounding = set(), set()

    def play(status, pitch):
        for event in voice.play(MAP.translate(RawEvent(0, status, pitch, 64))):
            (sounding.add if event.is_note_on else sounding.discard)(event.data1)

    for what, pitch, octave in steps:
        if what == "set":
            voice.settings = InputSettings("V49", octave=octave, transpose=octave)
        elif what == "strike":
            down.add(pitch)
            play(0x90, pitch)
        else:
            down.discard(pitch)
            play(0x80, pitch)
    for pitch in down:
        play(0x80, pitch)
    assert not sounding
