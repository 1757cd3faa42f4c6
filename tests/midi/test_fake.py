from musicassist.midi.fake import FAKE_PORT, FakeInputs, demo_phrase
from musicassist.music.take import Take, clip_from_take
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
