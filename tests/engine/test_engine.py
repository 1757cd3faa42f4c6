import pytest

from musicassist.audio.fake import HandPumpedSink
from musicassist.engine.engine import SCREEN_KEYBOARD
from musicassist.engine.protocol import (
    ChooseSound,
    ConfigureInputs,
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    InputPort,
    InputPortsChanged,
    KeyMoved,
    NothingToGrab,
    OutputPortsChanged,
    Panic,
    PhraseCaptured,
    PortSpoke,
    PressKey,
    ReleaseKey,
    SetVolume,
    Sound,
    SoundHealth,
)
from musicassist.errors import NoAudioError
from musicassist.music.playing import InputSettings, VelocityCurve
from musicassist.music.take import RawEvent

MS = 1_000_000
SOUNDS = (Sound(4, "Electric piano"), Sound(29, "Overdriven guitar"))


def test_the_engine_says_that_it_is_ready_first_and_which_ports_there_are(studio):
    studio.step()
    assert studio.events == [
        EngineReady("Hand-pumped output", 48_000, 0.0, "Model synth", SOUNDS),
        InputPortsChanged((InputPort("Keys", controller="Generic"),)),
        OutputPortsChanged(("DAW", "V49"), can_be_virtual=True),
    ]


def test_a_phrase_played_on_a_port_is_captured_and_lights_keys(studio):
    studio.play(0x90, 65, 92)
    studio.wait(0.2)
    studio.play(0x80, 65, 64)
    studio.wait(2)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.events == (
        RawEvent(0, 0x90, 65, 92),
        RawEvent(200 * MS, 0x80, 65, 64),
    )
    assert captured.take.source == "Keys"
    assert not captured.was_grabbed
    assert captured.take.places_ticks == ()
    assert studio.of(KeyMoved) == [
        KeyMoved(65, True, False, "Keys"),
        KeyMoved(65, False, False, "Keys"),
    ]


def test_a_port_that_vanishes_mid_note_releases_it_and_says_so(studio):
    studio.play(0xB0, 64, 127)
    studio.play(0x95, 60, 90)
    studio.wait(0.5)
    assert studio.n_sounding == 1
    studio.keys.plugged.clear()
    studio.wait(0.3)
    assert studio.n_sounding == 0
    assert studio.of(KeyMoved)[-1] == KeyMoved(60, False, False, "Keys")
    assert studio.of(InputPortsChanged)[-1] == InputPortsChanged(())
    [trouble] = studio.of(EngineTrouble)
    assert "Keys" in trouble.what
    studio.wait(2)
    assert len(studio.of(PhraseCaptured)) == 1
    studio.keys.plugged.append("Keys")
    studio.wait(0.1)
    assert studio.of(InputPortsChanged)[-1].ports[0].name == "Keys"


def test_a_port_that_vanishes_releases_what_a_grab_has_taken_and_pads_too(studio):
    studio.play(0x90, 60, 90)
    studio.play(0x99, 36, 90)
    studio.wait(0.2)
    studio.obey(GrabPhrase())
    studio.keys.plugged.clear()
    studio.wait(0.3)
    assert studio.n_sounding == 0
    assert {key.pitch for key in studio.of(KeyMoved) if not key.is_down} == {60, 36}


def test_a_port_that_vanishes_leaves_no_wheel_turned(studio):
    studio.play(0xE3, 0, 127)
    studio.play(0xB3, 1, 99)
    studio.wait(0.2)
    assert studio.synth.controls == {(16, 128): 127 << 7, (16, 1): 99}
    studio.keys.plugged.clear()
    studio.wait(0.2)
    assert studio.synth.controls == {(16, 128): 8192, (16, 1): 0}


def test_a_keyboard_that_says_all_notes_off_is_let_go(studio):
    studio.play(0x90, 60, 90)
    studio.wait(0.1)
    studio.play(0xB0, 123, 0)
    studio.wait(0.1)
    assert studio.n_sounding == 0
    assert studio.of(KeyMoved)[-1] == KeyMoved(60, False, False, "Keys")


def test_keys_on_the_screen_are_heard_and_captured(studio):
    studio.obey(PressKey(67, 80))
    studio.wait(0.1)
    assert studio.n_sounding == 1
    studio.obey(ReleaseKey(67))
    studio.wait(2)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.source == SCREEN_KEYBOARD
    assert [event.data1 for event in captured.take.events] == [67, 67]


def test_keys_that_are_only_tried_out_are_heard_and_nothing_else(studio):
    studio.play(0x90, 60, 90)
    studio.obey(*(PressKey(pitch, 52, is_kept=False) for pitch in (60, 64)))
    studio.wait(0.1)
    assert studio.n_sounding == 2
    studio.obey(*(ReleaseKey(pitch, is_kept=False) for pitch in (60, 64)))
    studio.wait(0.1)
    assert studio.n_sounding == 1  # the keyboard holds its own key
    studio.play(0x80, 60, 0)
    studio.wait(2)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.n_notes == 1
    assert {moved.pitch for moved in studio.of(KeyMoved)} == {60}


@pytest.mark.parametrize("command", [PressKey(128), PressKey(60, 0), ReleaseKey(-1)])
def test_a_key_that_does_not_exist_is_passed_over(studio, command):
    studio.obey(command)
    studio.wait(2)
    assert not studio.of(KeyMoved)


def test_grab_takes_what_is_being_played_or_says_that_there_is_nothing(studio):
    studio.obey(GrabPhrase(), PressKey(60))
    studio.wait(0.5)
    studio.obey(GrabPhrase())
    assert len(studio.of(NothingToGrab)) == 1
    [captured] = studio.of(PhraseCaptured)
    assert captured.was_grabbed
    assert captured.take.events[-1].time_ns - captured.take.events[0].time_ns == 500 * MS


def test_a_key_held_on_two_keyboards_goes_dark_and_silent_when_both_let_go(open_studio):
    studio = open_studio(ports=("A", "B"))
    studio.play(0x90, 60, 90, port="A")
    studio.wait(0.1)
    studio.play(0x90, 60, 70, port="B")
    studio.play(0x80, 60, 64, port="A")
    studio.wait(0.1)
    assert studio.n_sounding == 1
    assert all(key.is_down for key in studio.of(KeyMoved))
    studio.play(0x80, 60, 64, port="B")
    studio.wait(0.1)
    assert studio.n_sounding == 0
    assert studio.of(KeyMoved)[-1] == KeyMoved(60, False, False, "B")


def test_a_twin_port_is_not_heard_twice(open_studio):
    studio = open_studio(ports=("A", "B"))
    for message in ((0x90, 60, 90), (0x80, 60, 64)):
        studio.play(*message, port="A")
        studio.play(*message, port="B")
        studio.wait(0.1)
    assert len(studio.of(KeyMoved)) == 2
    assert len(studio.synth.struck) == 1


def test_velocity_and_transposition_of_a_port_are_what_sounds_lights_up_and_is_captured(studio):
    curve = VelocityCurve("fixed", fixed_velocity=33)
    studio.obey(ConfigureInputs((InputSettings("Keys", velocity_curve=curve, octave=1),)))
    studio.play(0x92, 60, 127)
    studio.wait(0.1)
    studio.obey(ConfigureInputs(()))
    studio.play(0x82, 60, 64)
    studio.wait(2)
    assert [struck[1:] for struck in studio.synth.struck] == [(16, 72, 33)]
    assert studio.n_sounding == 0
    assert [key.pitch for key in studio.of(KeyMoved)] == [72, 72]
    [captured] = studio.of(PhraseCaptured)
    assert [(e.status, e.data1) for e in captured.take.events] == [(0x90, 72), (0x80, 72)]
    assert captured.take.events[0].data2 == 33


def test_a_port_switched_off_lets_go_of_its_keys_and_is_not_called_gone(studio):
    studio.play(0x90, 60, 90)
    studio.wait(0.1)
    studio.obey(ConfigureInputs((InputSettings("Keys", is_enabled=False),)))
    studio.wait(0.1)
    assert studio.n_sounding == 0
    assert studio.of(InputPortsChanged)[-1].ports == (
        InputPort("Keys", is_open=False, is_enabled=False, controller="Generic"),
    )
    assert not studio.of(EngineTrouble)


def test_the_light_of_a_port_goes_on_at_most_twenty_times_a_second(studio):
    for _ in range(200):
        studio.play(0xE0, 0, 70)
        studio.step()
    assert 15 <= len(studio.of(PortSpoke)) <= 21
    assert studio.of(PortSpoke)[0] == PortSpoke("Keys")


def test_panic_silences_a_held_key_and_lets_the_phrase_end(studio):
    studio.obey(PressKey(60))
    studio.wait(0.2)
    studio.obey(Panic())
    studio.wait(0.2)
    assert studio.n_sounding == 0
    assert studio.of(KeyMoved)[-1] == KeyMoved(60, False, False, SCREEN_KEYBOARD)
    studio.wait(2)
    assert len(studio.of(PhraseCaptured)) == 1


@pytest.mark.parametrize(("volume_db", "gain"), [(0, 1), (6, 1), (-20, 0.1), (-60, 0), (-999, 0)])
def test_volume_is_in_decibels(studio, volume_db, gain):
    studio.obey(SetVolume(volume_db))
    assert studio.engine._renderer._wanted_gain == pytest.approx(gain)
    studio.obey(SetVolume(volume_db, "click"))
    assert studio.engine._renderer._clicks.gain == pytest.approx(gain)


@pytest.mark.parametrize(
    ("part", "some", "others"),
    [
        ("player", set(range(16, 32)), {0, 1, 2, 3, 9}),
        ("phrase", {0}, {1, 2, 3, 9, 16}),
        ("solo", {1}, {0, 2, 3, 9, 16}),
        ("chords", {2}, {0, 1, 3, 9, 16}),
        ("bass", {3}, {0, 1, 2, 9, 16}),
        ("drums", {9}, {0, 1, 2, 3, 25}),
    ],
)
def test_every_part_has_a_volume_of_its_own(studio, part, some, others):
    studio.obey(SetVolume(-60, part))
    studio.step()
    assert all(studio.synth.gains[channel] == 0 for channel in some)
    assert not others & set(studio.synth.gains)


def test_a_sound_is_chosen_for_playing_live_and_back(studio):
    studio.obey(ChooseSound(0, 16), ChooseSound(16, 1), ChooseSound(0, 128))
    studio.step()
    assert studio.synth.programs == {0: 16, 16: 16}


def test_what_is_missing_is_told_after_ready(open_studio):
    studio = open_studio(troubles=(NoAudioError("No loudspeaker.", "Plug one in."),))
    assert isinstance(studio.events[0], EngineReady)
    assert studio.events[1] == EngineTrouble("No loudspeaker.", "Plug one in.")


class RefusingSink(HandPumpedSink):
    def start(self, fill):
        raise NoAudioError("The device refused.", "Try another.")


def test_an_audio_device_that_refuses_leaves_an_engine_that_plays_silently(open_studio):
    studio = open_studio(sink=RefusingSink())
    assert studio.events[0] == EngineReady("", 0, 0.0, "Model synth", SOUNDS)
    assert studio.events[1] == EngineTrouble("The device refused.", "Try another.")


def test_an_audio_device_that_goes_away_is_replaced_by_silence(studio):
    studio.sink.close()
    studio.now_ns += 2_000 * MS
    studio.engine.step()
    [trouble] = studio.of(EngineTrouble)
    assert trouble.what == "The audio device has gone."
    assert [ready.audio_device for ready in studio.of(EngineReady)] == ["Hand-pumped output", ""]


def test_an_audio_device_is_tried_again_until_it_is_back(open_studio):
    refusing, back = RefusingSink(), HandPumpedSink()
    waiting = [refusing, back]
    studio = open_studio(devices={"reopen_sink": lambda: waiting.pop(0)})
    studio.sink.close()
    for _ in range(100):
        studio.now_ns += 500 * MS
        studio.engine.step()
        attempt = studio.engine._sound._attempt
        if attempt is not None:
            attempt._thread.join()
    assert not waiting
    assert [ready.audio_device for ready in studio.of(EngineReady)] == [
        "Hand-pumped output",
        "",
        "Hand-pumped output",
    ]
    studio.play(0x90, 60, 90)
    back.pump(256)
    assert studio.n_sounding == 1


def test_late_blocks_are_told_at_most_once_a_second_and_only_when_there_are_more(studio):
    studio.engine._renderer._clock_s = lambda: 0.0
    studio.wait(3)
    before = len(studio.of(SoundHealth))
    studio.sink.n_late_blocks = 3
    studio.wait(1.1)
    studio.sink.n_late_blocks = 4
    studio.wait(0.2)
    assert [health.n_late_blocks for health in studio.of(SoundHealth)[before:]] == [3]
    studio.wait(2)
    assert [health.n_late_blocks for health in studio.of(SoundHealth)[before:]] == [3, 4]
