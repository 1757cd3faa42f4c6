"""Engines are kept set up as the user wants, and the devices they tell of are known."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app import devices as devices_module
from musicassist.app.devices import DevicesService, DevicesState, port_in_words
from musicassist.app.engine_client import EngineOptions
from musicassist.app.notices import Notice, Notices
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.settings import SettingsService
from musicassist.engine.protocol import (
    ChooseMidiOutput,
    ConfigureInputs,
    ControlLearned,
    EngineReady,
    ForgetControls,
    InputPort,
    InputPortsChanged,
    KeepingIn,
    LearnControl,
    OutputPortsChanged,
    PlayingKept,
    PortSpoke,
    SetMetronome,
    SetRoom,
    SetVolume,
    SoundHealth,
)
from musicassist.music.playing import InputSettings, VelocityCurve


class Bench:
    """The service between a scripted engine, settings and notices."""

    def __init__(self, options: EngineOptions | None = None) -> None:
        self.engine = ScriptedEngine()
        self.engine.options = options or self.engine.options
        self.settings = SettingsService()
        self.notices = Notices()
        self.told: list[Notice] = []
        self.notices.posted.connect(self.told.append)
        self.devices = DevicesService(self.engine, self.settings, self.notices)

    @property
    def state(self) -> DevicesState:
        return self.devices.state

    def sent_since(self) -> list[object]:
        """Return what was sent since this was last asked."""
        sent = list(self.engine.sent)
        self.engine.sent.clear()
        return sent


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    made.engine.start()
    made.engine.sent.clear()
    return made


def test_an_engine_that_gets_ready_is_told_everything(qtbot: QtBot) -> None:
    bench = Bench()
    inputs = (InputSettings("V49", octave=1),)
    bench.settings.change(inputs=inputs, midi_output="Synth", sends_live=True, volume_db=-9.0)
    bench.engine.start()
    assert set(bench.engine.sent) == {
        ConfigureInputs(inputs),
        ChooseMidiOutput("Synth", is_virtual=False, sends_live=True),
        SetVolume(-9.0, "all"),
        SetMetronome(is_on=False, is_accented=True),
        SetRoom(0.15),
    }
    assert len(bench.engine.sent) == 5


def test_an_engine_started_again_is_as_the_one_before(bench: Bench) -> None:
    bench.settings.change(volume_db=-20.0, is_metronome_on=True)
    bench.engine.die()
    bench.engine.sent.clear()
    bench.engine.restart()
    sent = bench.sent_since()
    assert SetVolume(-20.0) in sent
    assert SetMetronome(is_on=True) in sent


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ({"inputs": (InputSettings("A"),)}, ConfigureInputs((InputSettings("A"),))),
        ({"midi_output": "Out"}, ChooseMidiOutput("Out")),
        (
            {"midi_output": "MusicAssist", "is_output_virtual": True},
            ChooseMidiOutput("MusicAssist", is_virtual=True),
        ),
        ({"sends_live": True}, ChooseMidiOutput(sends_live=True)),
        ({"volume_db": -3.0}, SetVolume(-3.0)),
        ({"room": 0.5}, SetRoom(0.5)),
        ({"is_metronome_on": True}, SetMetronome(is_on=True)),
        ({"is_accented": False}, SetMetronome(is_on=False, is_accented=False)),
        ({"count_in_bars": 4}, None),
    ],
)
def test_only_what_changes_is_sent(
    bench: Bench, change: dict[str, object], command: object | None
) -> None:
    bench.settings.change(**change)
    assert bench.sent_since() == ([] if command is None else [command])


@pytest.mark.parametrize(
    "change",
    [{"audio_device": "Speakers"}, {"block_frames": 128}, {"soundfont": "piano.sf2"}],
)
def test_what_an_engine_is_started_with_lets_another_take_over(
    qtbot: QtBot, bench: Bench, change: dict[str, object]
) -> None:
    kept = bench.engine.options
    with qtbot.waitSignal(bench.devices.restarting, timeout=10_000):
        bench.settings.change(**change)
    assert bench.engine.n_starts == 2
    assert bench.engine.options == replace(kept, **change)  # type: ignore[arg-type]
    assert bench.state.options == bench.engine.options
    assert bench.state.ready is not None
    assert SetVolume(0.0, "all") in bench.sent_since()
    assert [(each.text, each.is_error) for each in bench.told] == [
        (f"Sound goes on: {bench.state.ready.synth}, through Scripted output.", False)
    ]


@pytest.mark.parametrize(("soundfont", "is_told"), [("my/piano.sf2", True), ("broken.sf2", False)])
def test_only_what_was_asked_for_is_said_to_go_on(
    qtbot: QtBot,
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    soundfont: str,
    is_told: bool,
) -> None:
    ready = EngineReady("Speakers", 48_000, 7.0, "SoundFont piano.sf2")
    monkeypatch.setattr(bench.engine, "start", lambda: bench.engine.say(ready))
    with qtbot.waitSignal(bench.devices.restarting, timeout=10_000):
        bench.settings.change(soundfont=soundfont)
    assert bench.state.ready == ready
    said = ["Sound goes on: SoundFont piano.sf2, through Speakers."] if is_told else []
    assert [each.text for each in bench.told] == said


def test_going_through_a_list_starts_one_engine(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignal(bench.devices.restarting, timeout=10_000):
        for n_frames in (64, 128, 256):
            bench.settings.change(block_frames=n_frames)
    assert bench.engine.n_starts == 2
    assert bench.engine.options.block_frames == 256


def test_what_the_command_line_said_stays(qtbot: QtBot) -> None:
    bench = Bench(EngineOptions(soundfont="told.sf2"))
    bench.engine.start()
    with qtbot.waitSignal(bench.devices.restarting, timeout=10_000):
        bench.settings.change(audio_device="Speakers")
    assert bench.engine.options == EngineOptions(soundfont="told.sf2", audio_device="Speakers")


def test_shut_down_no_other_engine_is_started(qtbot: QtBot, bench: Bench) -> None:
    bench.settings.change(block_frames=64)
    bench.devices.shut_down()
    with qtbot.assertNotEmitted(bench.devices.restarting, wait=400):
        pass
    assert bench.engine.n_starts == 1


def test_a_change_taken_back_at_once_starts_no_engine(qtbot: QtBot, bench: Bench) -> None:
    bench.settings.change(block_frames=64)
    bench.settings.change(block_frames=0)
    with qtbot.waitSignal(bench.devices._restart_soon.timeout, timeout=10_000):
        pass
    assert bench.engine.n_starts == 1
    assert bench.told == []


def test_an_engine_without_sound_brings_its_own_words(qtbot: QtBot, bench: Bench) -> None:
    ready = EngineReady("", 0, 0.0, "Scripted synth")
    bench.devices._has_asked_restart = True
    bench.engine.say(ready)
    assert bench.state.ready == ready
    assert bench.told == []


def test_what_the_engine_tells_is_known(bench: Bench) -> None:
    ports = (InputPort("V49", controller="Alesis V49"),)
    outputs = OutputPortsChanged(("Synth",), "", can_be_virtual=True)
    health = SoundHealth(2, 0.2, 6.5)
    states: list[DevicesState] = []
    bench.devices.state_changed.connect(states.append)
    for event in (InputPortsChanged(ports), outputs, health, PlayingKept(12), PlayingKept(12)):
        bench.engine.say(event)
    assert len(states) == 4
    assert states[-1] == bench.state
    assert bench.state.inputs == ports
    assert bench.state.outputs == outputs
    assert bench.state.health == health
    assert bench.state.n_kept == 12


def test_an_engine_that_goes_takes_its_devices_along(bench: Bench) -> None:
    bench.engine.say(InputPortsChanged((InputPort("V49"),)))
    bench.engine.say(SoundHealth(2, 0.2, 6.5))
    bench.engine.die()
    assert bench.state.ready is None
    assert bench.state.inputs == ()
    assert bench.state.health is None


def test_a_light_is_passed_on(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignal(bench.devices.port_spoke) as spoke:
        bench.engine.say(PortSpoke("V49"))
    assert spoke.args == ["V49"]


def test_what_is_wanted_of_an_input_is_sent_and_kept(bench: Bench) -> None:
    bench.engine.say(InputPortsChanged((InputPort("A"), InputPort("B"))))
    bench.devices.change_input("A", octave=1)
    bench.devices.change_input("A", velocity_curve=VelocityCurve("soft"))
    bench.devices.change_input("B", is_enabled=False)
    wanted = (
        InputSettings("A", octave=1, velocity_curve=VelocityCurve("soft")),
        InputSettings("B", is_enabled=False),
    )
    assert bench.settings.settings.inputs == wanted
    assert bench.sent_since()[-1] == ConfigureInputs(wanted)
    bench.devices.change_input("B", is_enabled=True)
    assert bench.settings.settings.inputs == wanted[:1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("V49:V49 MIDI 1", "V49 MIDI 1"),
        ("Minilogue:in", "Minilogue in"),
        ("V49", "V49"),
        ("MIDIIN2 (V49)", "MIDIIN2 (V49)"),
        ("a2j:V49 (capture): V49 MIDI 1", "a2j V49 (capture): V49 MIDI 1"),
        (":", ""),
    ],
)
def test_a_port_is_called_as_people_call_it(name: str, words: str) -> None:
    assert port_in_words(name) == words


def test_learning_waits_until_a_control_was_moved(bench: Bench) -> None:
    bench.devices.learn("surprise")
    assert bench.state.learning == "surprise"
    learnt = ControlLearned("surprise", "CC 20", "V49")
    bench.engine.say(learnt)
    assert bench.state.learning == ""
    assert bench.state.learnt == learnt
    bench.devices.cancel_learning()
    assert bench.sent_since() == [LearnControl("surprise")]


def test_learning_can_be_given_up_and_wished_anew(bench: Bench) -> None:
    bench.devices.learn("surprise")
    bench.devices.learn("play")
    bench.devices.cancel_learning()
    assert bench.state.learning == ""
    assert bench.sent_since() == [
        LearnControl("surprise"),
        LearnControl("play"),
        LearnControl(""),
    ]


def test_learning_survives_another_engine(bench: Bench) -> None:
    bench.devices.learn("surprise")
    bench.engine.die()
    bench.engine.sent.clear()
    bench.engine.restart()
    assert LearnControl("surprise") in bench.sent_since()
    assert bench.state.learning == "surprise"


def test_a_controller_gets_its_own_mapping_back(bench: Bench) -> None:
    bench.devices.forget_controls("V49")
    assert bench.sent_since() == [ForgetControls("V49")]


def test_soundfonts_are_looked_for_when_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (devices_module.Path("a.sf2"), devices_module.Path("b.sf3"))
    monkeypatch.setattr(devices_module, "find_soundfonts", lambda: found)
    assert bench.state.soundfonts == ()
    bench.devices.look_for_soundfonts()
    assert bench.state.soundfonts == found


def test_the_engine_is_started_with_what_is_shown(bench: Bench) -> None:
    assert bench.state.options == EngineOptions()


def test_what_is_kept_is_counted_anew_in_another_session_file(bench: Bench) -> None:
    bench.engine.say(EngineReady("Speakers", 48_000, 7.0, "Synth", is_keeping=True))
    bench.engine.say(KeepingIn("one", is_keeping=True))
    bench.engine.say(PlayingKept(7))
    bench.engine.say(KeepingIn("one", is_keeping=True))  # said again when a file is let go
    assert bench.state.n_kept == 7
    bench.engine.say(KeepingIn("two", is_keeping=False, still_open=("one",)))
    assert bench.state.n_kept == 0
    assert bench.state.ready is not None
    assert not bench.state.ready.is_keeping


def test_another_engine_keeps_in_the_session_that_is_open(qtbot: QtBot) -> None:
    bench = Bench(EngineOptions(session_file=Path("one")))
    bench.engine.start()
    bench.engine.keep_in(Path("two"))
    bench.settings.change(block_frames=256)
    qtbot.waitUntil(lambda: bench.engine.n_starts == 2, timeout=10_000)
    assert bench.engine.options == EngineOptions(block_frames=256, session_file=Path("two"))
