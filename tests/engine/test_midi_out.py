import pytest

from musicassist.engine.protocol import (
    ChooseMidiOutput,
    LoopRange,
    OutputPortsChanged,
    Panic,
    PlayClip,
    Stop,
)
from musicassist.music.clip import Clip
from musicassist.music.note import SUSTAIN, ControlPoint, Note
from musicassist.music.timebase import Timebase

MS = 1_000_000
BEAT = Timebase.steady(120)
CLIP = Clip((Note(0, 240, 60, 90, 1), Note(240, 240, 64, 80, 2)), 480)
DAW = ChooseMidiOutput("DAW")


def sent(studio):
    return [(event.time_ns // MS, event.status, event.data1) for event in studio.midi_out.sent]


@pytest.mark.parametrize("latency_ms", [0, 10, 120])
def test_what_is_played_back_goes_out_when_it_is_heard(open_studio, latency_ms):
    studio = open_studio(latency_s=latency_ms / 1000)
    studio.obey(DAW)
    studio.wait(0.1)
    studio.midi_out.sent.clear()
    studio.obey(PlayClip(CLIP, BEAT))
    studio.wait(1)
    begin = 100 + latency_ms
    expected = [
        (begin, 0x91, 60),
        (begin + 250, 0x81, 60),
        (begin + 250, 0x92, 64),
        (begin + 500, 0x82, 64),
    ]
    assert [event[1:] for event in sent(studio)] == [event[1:] for event in expected]
    for (at, *_), (wanted, *_) in zip(sent(studio), expected, strict=True):
        assert 0 <= at - wanted <= 5  # one step of this clock


def test_what_a_dead_engine_may_have_left_sounding_there_is_ended_once(studio):
    studio.obey(DAW)
    studio.wait(0.1)
    controllers = [(event.status, event.data1, event.data2) for event in studio.midi_out.sent]
    assert controllers == [
        (0xB0 | channel, controller, 0) for channel in range(16) for controller in (64, 123, 120)
    ]
    studio.obey(DAW)
    studio.midi_out.sent.clear()
    studio.wait(0.1)
    assert studio.midi_out.sent == []


def test_without_an_output_nothing_is_sent(studio):
    studio.obey(PlayClip(CLIP, BEAT))
    studio.wait(0.2)
    assert studio.midi_out.sent == []
    assert studio.engine.step_s > 0.004


@pytest.mark.parametrize(
    "end", [Stop(), Panic(), ChooseMidiOutput(), ChooseMidiOutput("V49"), PlayClip(Clip(), BEAT)]
)
def test_whatever_ends_playback_ends_its_notes_there_too(studio, end):
    pedal = (ControlPoint(0, SUSTAIN, 127, 1),)
    studio.obey(DAW, PlayClip(Clip(CLIP.notes, 480, pedal), BEAT, 0, LoopRange(0, 480)))
    studio.wait(0.2)
    assert studio.midi_out.n_sounding == 1
    studio.obey(end)
    studio.wait(0.02)
    assert studio.midi_out.n_sounding == 0
    assert (0xB1, SUSTAIN, 0) in [
        (event.status, event.data1, event.data2) for event in studio.midi_out.sent
    ]


def test_closing_the_engine_ends_them(studio):
    studio.obey(DAW, PlayClip(CLIP, BEAT))
    studio.wait(0.2)
    studio.engine.close()
    assert studio.midi_out.n_sounding == 0


def test_live_playing_is_sent_only_if_wanted(studio):
    studio.obey(DAW)
    studio.play(0x90, 60, 90)
    assert sent(studio) == []
    studio.obey(ChooseMidiOutput("DAW", sends_live=True))
    studio.play(0x90, 62, 90)
    assert sent(studio) == [(0, 0x90, 62)]
    studio.obey(DAW)
    assert studio.midi_out.n_sounding == 0


def test_what_we_sent_and_comes_back_is_not_played(studio):
    studio.obey(DAW, PlayClip(CLIP, BEAT))
    while not studio.midi_out.sent:
        studio.step()
    echo = studio.midi_out.sent[0]
    studio.play(echo.status, echo.data1, echo.data2)
    studio.wait(0.1)
    assert all(channel < 16 for _, channel, *_ in studio.synth.struck)


def test_the_outputs_there_are_and_the_one_chosen_are_told(studio):
    studio.obey(DAW)
    studio.wait(1.2)
    studio.midi.names = ("V49",)
    studio.midi_out.pull_plug()
    studio.wait(1.2)
    assert studio.of(OutputPortsChanged) == [
        OutputPortsChanged(("DAW", "V49"), "DAW", can_be_virtual=True),
        OutputPortsChanged(("V49",), "", can_be_virtual=True),
    ]


def test_a_port_that_comes_back_is_sent_to_again(studio):
    studio.obey(DAW, PlayClip(CLIP, BEAT, 0, LoopRange(0, 480)))
    studio.wait(0.2)
    studio.midi_out.pull_plug()
    studio.wait(1)
    studio.midi_out.plug_in()
    studio.midi_out.sent.clear()
    studio.wait(1)
    assert len(studio.midi_out.sent) >= 4
    assert studio.of(OutputPortsChanged)[-1].chosen == "DAW"
