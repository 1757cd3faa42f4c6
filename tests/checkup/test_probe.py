import os
import subprocess
import sys

import pytest

from musicassist.checkup import probe
from musicassist.checkup.asking import Failure, ask
from musicassist.checkup.doctor import examine
from musicassist.checkup.facts import (
    AudioFacts,
    EngineFacts,
    MidiFacts,
    SoloistFacts,
    SoundFacts,
    StreamFacts,
    Wishes,
)
from musicassist.checkup.judging import without_audio
from musicassist.errors import EngineError
from musicassist.paths import models_folder


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch, request):
    if request.node.get_closest_marker("rig") is None:
        monkeypatch.setenv("PULSE_SERVER", "none")
        monkeypatch.setenv("JACK_DEFAULT_SERVER", "none")


def blocks(n, period_s=0.005, n_frames=256, latency_s=0.01):
    return [(i * period_s, i * period_s + latency_s, n_frames) for i in range(n)]


def test_a_stream_is_summed_up_without_its_hasty_beginning():
    hasty = [(0.0, 0.1, 1024)] * probe.SETTLING_BLOCKS
    steady = [(1 + asked, 1 + heard, n) for asked, heard, n in blocks(188, 256 / 48_000)]
    facts = probe.stream_facts("Speakers", 48_000, hasty + steady, 2)
    assert (facts.device, facts.sample_rate_hz, facts.n_late_blocks) == ("Speakers", 48_000, 2)
    assert (facts.block_frames, facts.n_blocks) == (256, 188 + probe.SETTLING_BLOCKS)
    assert facts.latency_ms == pytest.approx(10)
    assert facts.speed == pytest.approx(1)


@pytest.mark.parametrize("n_blocks", [0, 1, probe.SETTLING_BLOCKS + 1])
def test_a_stream_that_never_got_going_has_no_speed(n_blocks):
    facts = probe.stream_facts("Speakers", 48_000, blocks(n_blocks), 0)
    assert (facts.n_blocks, facts.speed) == (n_blocks, 0)


def test_blocks_that_come_all_at_once_have_no_speed():
    assert probe.stream_facts("Speakers", 48_000, [(1.0, 1.1, 256)] * 20, 0).speed == 0


def test_there_is_a_probe_for_every_kind_of_facts(facts):
    assert set(probe.PROBES) == {type(each).__name__ for each in facts.ALL_WELL}


def test_what_a_library_prints_does_not_spoil_the_answer():
    program = """
import os, sys
from musicassist.checkup import probe
def look(wishes):
    os.write(1, b"ALSA lib says hello")
    return probe.SoloistFacts(("a",), 1.0)
probe.PROBES["SoloistFacts"] = look
sys.exit(probe.main(sys.argv[1:]))
"""
    words = [sys.executable, "-c", program, "SoloistFacts", "{}"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == '{"facts":{"models":["a"],"load_s":1.0},"failure":null}'
    assert done.stderr == "ALSA lib says hello"


def test_the_models_that_came_along_load():
    answer = ask(SoloistFacts, "The soloist", Wishes())
    assert isinstance(answer, SoloistFacts)
    assert set(answer.models) <= {folder.name for folder in models_folder().iterdir()}
    assert answer.models
    assert answer.load_s > 0


def test_the_built_in_sounds_are_heard_and_a_missing_soundfont_is_told(tmp_path):
    answer = ask(SoundFacts, "The sound source", Wishes(soundfont=str(tmp_path / "gone.sf2")))
    assert isinstance(answer, SoundFacts)
    assert answer.is_heard
    assert answer.synth.startswith("Built-in sounds")
    assert "gone.sf2" in answer.problem
    assert answer.hint


@pytest.fixture
def without(tmp_path, monkeypatch):
    """Make libraries fail to load in processes started from now on."""

    def hide(library, error):
        (tmp_path / f"{library}.py").write_text(f"raise {error}")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return hide


def test_without_the_soundfont_player_the_built_in_sounds_are_heard_all_the_same(without):
    without("tinysoundfont", "ImportError('not there')")
    answer = ask(SoundFacts, "The sound source", Wishes())
    assert isinstance(answer, SoundFacts)
    assert (answer.player, answer.problem) == ("", "")
    assert answer.is_heard


def test_without_portaudio_one_sentence_says_which_package_brings_it(without):
    without("sounddevice", "OSError('PortAudio library not found')")
    for kind in (AudioFacts, StreamFacts):
        answer = ask(kind, "The audio system", Wishes())
        assert isinstance(answer, Failure)
        assert "PortAudio is missing" in answer.what
    assert "portaudio" in without_audio(answer.what, answer.hint).hint.lower()


def test_without_portaudio_and_soundfont_player_the_engine_works(without):
    without("sounddevice", "OSError('PortAudio library not found')")
    without("tinysoundfont", "ImportError('not there')")
    answer = ask(EngineFacts, "The sound engine", Wishes())
    assert isinstance(answer, EngineFacts)
    assert answer.exit_code == 0


@pytest.mark.parametrize(
    ("program", "limit_s", "said"),
    [
        ("import time; print('hello', flush=True); time.sleep(1000)", 0.5, "not ready within"),
        ("import sys; print('hello'); sys.exit(3)", 60.0, "left with code 3 before it was ready"),
    ],
)
def test_an_engine_that_never_gets_ready_is_given_up(program, limit_s, said):
    with pytest.raises(EngineError, match=said):
        probe.look_at_engine(Wishes(), (sys.executable, "-c", program), limit_s)


def test_the_engine_plays_through_and_with_what_the_user_has_chosen():
    program = "import sys; sys.exit(' '.join(sys.argv[1:]) != sys.argv[1] + ' x --soundfont y')"
    with pytest.raises(EngineError, match="code 0"):
        probe.look_at_engine(Wishes("x", 0, "y"), (sys.executable, "-c", program), 60.0)


def test_an_engine_comes_and_goes_though_there_is_nothing_to_play_on():
    answer = ask(EngineFacts, "The sound engine", Wishes())
    assert isinstance(answer, EngineFacts)
    assert answer.exit_code == 0
    assert answer.ready_s > 0


def test_where_there_is_no_audio_and_no_midi_one_sentence_says_so():
    audio = ask(AudioFacts, "The audio system", Wishes())
    if isinstance(audio, AudioFacts) and audio.devices:
        pytest.skip("this machine has a sound card that cannot be hidden")
    stream = ask(StreamFacts, "The audio device", Wishes())
    assert isinstance(stream, Failure)
    assert "no audio device" in stream.what
    midi = ask(MidiFacts, "The MIDI system", Wishes())
    if os.path.exists("/dev/snd/seq"):  # noqa: PTH110
        pytest.skip("this machine has ALSA's MIDI")
    assert isinstance(midi, Failure)
    assert "MIDI system" in midi.what


@pytest.mark.rig
def test_a_real_device_runs_at_its_own_speed():
    answer = ask(StreamFacts, "The audio device", Wishes(audio_device="system"))
    assert isinstance(answer, StreamFacts)
    assert (answer.device, answer.sample_rate_hz) == ("system", 48_000)
    assert answer.block_frames == int(os.environ.get("RIG_PERIOD", "256"))
    assert answer.latency_ms > 0
    assert answer.speed == pytest.approx(1, abs=0.2)


@pytest.mark.rig
def test_real_audio_systems_and_devices_are_listed():
    answer = ask(AudioFacts, "The audio system", Wishes())
    assert isinstance(answer, AudioFacts)
    assert {"ALSA", "JACK Audio Connection Kit"} <= set(answer.systems)
    (jack,) = [each for each in answer.devices if each.system == "JACK Audio Connection Kit"]
    assert (jack.name, jack.sample_rate_hz, jack.n_channels) == ("system", 48_000, 2)
    assert 0 < jack.low_latency_ms <= jack.high_latency_ms < 100
    assert sum(each.is_default for each in answer.devices) == 1


KEYBOARD = """
import rtmidi, sys
port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name="Test Keys")
port.open_virtual_port("out")
print("ready", flush=True)
sys.stdin.read()
port.close_port()
port.delete()
"""


@pytest.mark.rig
def test_a_real_keyboard_is_listed_and_opens():
    words = [sys.executable, "-c", KEYBOARD]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, **pipes, text=True) as keyboard:
        assert keyboard.stdout.readline() == "ready\n"
        answer = ask(MidiFacts, "The MIDI system", Wishes())
        keyboard.communicate(timeout=20)
    assert isinstance(answer, MidiFacts)
    assert answer.system.upper() == "JACK"
    (port,) = [each for each in answer.inputs if "Test Keys" in each.name]
    assert port.problem == ""
    assert port.controller


@pytest.mark.rig
def test_on_the_rig_the_doctor_finds_all_that_is_needed():
    findings = list(examine(lambda: None))
    assert [each for each in findings if each.state == "does not work"] == []
    assert {"Sound", "MIDI system", "Sound engine"} <= {
        each.check for each in findings if each.state == "ok"
    }
