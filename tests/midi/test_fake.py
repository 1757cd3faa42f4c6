from musicassist.midi.controllers import ACTIONS, ControllerMap, Part
from musicassist.midi.fake import (
    FAKE_OUTPUT_PORT,
    FAKE_PORT,
    FAKE_V49,
    FakeInputs,
    RecordingOutput,
    demo_phrase,
    v49_demo,
)
from musicassist.midi.inputs import PortState
from musicassist.midi.profiles import load_profiles
from musicassist.music.playing import InputSettings
from musicassist.music.take import RawEvent, Take, clip_from_take
from musicassist.music.timebase import Timebase


def test_the_demo_phrase_is_two_bars_with_a_pedal_and_no_note_left_on():
    take = Take(demo_phrase())
    clip = clip_from_take(take, Timebase.steady(120))
    assert take.n_notes == sum(event.is_note_off for event in take.events) == 15
    assert clip.length_ticks == 2 * 4 * 480
    assert len({note.velocity for note in clip.notes}) > 8
    assert [point.value for point in clip.controls] == [127, 0]


def test_events_arrive_when_their_time_has_come():
    got = []
    keyboard = FakeInputs(lambda source, event: got.append((source, event)), demo_phrase())
    keyboard.poll(1_000)
    assert [event.time_ns for _, event in got] == [1_000]
    keyboard.poll(1_000 + 400_000_000)
    assert [event.data1 for _, event in got] == [65, 65, 68]
    assert {source for source, _ in got} == {FAKE_PORT}


def test_a_lead_lets_the_past_arrive_at_once():
    got = []
    phrase = demo_phrase()
    keyboard = FakeInputs(lambda _, event: got.append(event), phrase, phrase[-1].time_ns)
    keyboard.poll(50)
    assert len(got) == len(phrase)
    assert got[-1].time_ns == 50


def test_pulling_the_plug_is_reported_once_and_so_is_plugging_in():
    keyboard = FakeInputs(lambda *_: None, ())
    assert keyboard.poll(0).appeared == (FAKE_PORT,)
    assert keyboard.poll(1) is None
    keyboard.pull_plug()
    assert keyboard.poll(2).vanished == (FAKE_PORT,)
    assert keyboard.poll(3) is None
    keyboard.plug_in()
    assert keyboard.poll(4).names == (FAKE_PORT,)


def test_switching_the_keyboard_off_is_no_pulling_of_the_plug():
    got = []
    keyboard = FakeInputs(lambda _, event: got.append(event), demo_phrase())
    keyboard.poll(0)
    keyboard.configure([InputSettings(FAKE_PORT, is_enabled=False)])
    report = keyboard.poll(400_000_000)
    assert (report.vanished, report.pulled) == ((FAKE_PORT,), ())
    assert report.ports == (PortState(FAKE_PORT, False, False, "Generic"),)
    assert len(got) == 1
    keyboard.configure([])
    assert keyboard.poll(400_000_001).appeared == (FAKE_PORT,)


def test_the_fake_v49_moves_every_control_of_the_real_one():
    got = []
    keyboard = FakeInputs(
        lambda source, event: got.append((source, event)), v49_demo(), port=FAKE_V49
    )
    keyboard.poll(0)
    keyboard.poll(v49_demo()[-1].time_ns)
    profile = load_profiles().for_port(FAKE_V49)
    meanings = [ControllerMap(profile).translate(event) for _, event in got]
    assert {source for source, _ in got} == {FAKE_V49}
    assert {each.action for each in meanings if each.part is Part.CONTROL} == {
        control.action for control in profile.controls
    }
    assert {control.action for control in profile.controls} <= set(ACTIONS)
    assert len({each.event.data1 for each in meanings if each.part is Part.PAD}) == 8
    assert {Part.KEY, Part.PERFORMANCE} <= {each.part for each in meanings}


def test_the_fake_output_keeps_what_it_is_sent_and_silences_it_when_it_is_back():
    output = RecordingOutput(lambda: 7)
    report = output.poll(0)
    assert (report.name, report.is_open) == (FAKE_OUTPUT_PORT, True)
    assert output.poll(1) is None
    output.send(0x90, 60, 90)
    assert output.sent == [RawEvent(7, 0x90, 60, 90)]
    assert output.n_sounding == 1
    output.pull_plug()
    assert not output.poll(2).is_open
    output.send(0x90, 61, 90)
    output.plug_in()
    assert output.poll(3).is_open
    assert [event.data1 for event in output.sent] == [60, 60, 64, 123, 120]
    output.close()
    output.send(0x90, 62, 90)
    assert (output.name, output.is_open, len(output.sent)) == ("", False, 5)
