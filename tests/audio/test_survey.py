import pytest

from musicassist.audio.survey import AudioDevice, find_audio_devices
from musicassist.errors import NoAudioError

output = pytest.importorskip("musicassist.audio.output", exc_type=NoAudioError)

SYSTEMS = (
    {"name": "ALSA", "default_output_device": 1},
    {"name": "JACK", "default_output_device": 3},
    {"name": "OSS", "default_output_device": -1},
)


def device(index, name, system=0, n_outputs=2):
    return {
        "index": index,
        "name": name,
        "hostapi": system,
        "max_output_channels": n_outputs,
        "default_samplerate": 44_100.0,
        "default_low_output_latency": 0.0087,
        "default_high_output_latency": 0.0348,
    }


DEVICES = [device(0, "USB"), device(1, "default"), device(2, "Mic", 0, 0), device(3, "USB", 1, 8)]


class Chosen:
    name = "default"


@pytest.fixture
def _a_computer(monkeypatch):
    monkeypatch.setattr(output, "find_output", lambda: Chosen)
    monkeypatch.setattr(output.sounddevice, "query_hostapis", lambda: SYSTEMS)
    monkeypatch.setattr(output.sounddevice, "query_devices", lambda: DEVICES)


@pytest.mark.usefixtures("_a_computer")
def test_every_output_is_listed_with_its_system_and_figures_and_inputs_are_not():
    systems, devices = find_audio_devices()
    assert systems == ("ALSA", "JACK", "OSS")
    assert [(each.name, each.system, each.n_channels) for each in devices] == [
        ("USB", "ALSA", 2),
        ("default", "ALSA", 2),
        ("USB", "JACK", 8),
    ]
    first = devices[0]
    assert first == AudioDevice("USB", "ALSA", 44_100, 2, first.low_latency_ms, 34.8)
    assert first.low_latency_ms == pytest.approx(8.7)


@pytest.mark.usefixtures("_a_computer")
def test_the_one_that_plays_is_marked_and_its_namesakes_are_not(monkeypatch):
    assert [each.is_default for each in find_audio_devices()[1]] == [False, True, False]
    monkeypatch.setattr(Chosen, "name", "USB")
    assert [each.is_default for each in find_audio_devices()[1]] == [False, False, True]


@pytest.mark.usefixtures("_a_computer")
def test_where_none_can_be_chosen_the_list_is_there_all_the_same(monkeypatch):
    def refuse():
        raise NoAudioError("This computer has no audio device to play through.", "Connect one.")

    monkeypatch.setattr(output, "find_output", refuse)
    assert not any(each.is_default for each in find_audio_devices()[1])


@pytest.mark.usefixtures("_a_computer")
def test_a_list_that_portaudio_refuses_is_one_sentence(monkeypatch):
    def refuse():
        raise output.sounddevice.PortAudioError("no")

    monkeypatch.setattr(output.sounddevice, "query_devices", refuse)
    with pytest.raises(NoAudioError, match="cannot list"):
        find_audio_devices()
