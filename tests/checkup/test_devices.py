import json
from dataclasses import replace

import pytest

from musicassist.checkup.asking import Failure
from musicassist.checkup.devices import find_devices, json_for_programs, lines_for_people
from musicassist.checkup.facts import AudioFacts, MidiFacts, MidiInput, SoundFacts, Wishes


@pytest.fixture
def report(facts):
    return lambda *known: find_devices(Wishes(), facts.answers(*known))


def test_people_read_columns(report, facts):
    usb = replace(facts.DEVICE, name="USB", system="JACK", is_default=False, n_channels=8)
    busy = MidiInput("Piano", problem="Another program holds Piano.", hint="Close it.")
    ignored = MidiInput("V49:1", "Alesis V49", is_ignored=True)
    midi = replace(facts.MIDI, inputs=(*facts.MIDI.inputs, busy, ignored))
    lines = lines_for_people(report(AudioFacts(("ALSA", "JACK"), (facts.DEVICE, usb)), midi))
    assert lines == [
        "MIDI system: ALSA",
        "MIDI inputs:",
        "    V49:0  played as Alesis V49",
        "    Piano  Another program holds Piano.",
        "    V49:1  left alone",
        "MIDI outputs:",
        "    Piano:0",
        "",
        "Audio systems: ALSA, JACK",
        "Audio outputs (* plays):",
        " *  Loudspeakers  ALSA  48000 Hz  2 channels  8.7 to 34.8 ms",
        "    USB           JACK  48000 Hz  8 channels  8.7 to 34.8 ms",
        "",
        "Sounds: Built-in sounds",
        "SoundFont player: tinysoundfont 0.3.7",
        "SoundFonts:",
        "    TimGM6mb.sf2  /usr/share/TimGM6mb.sf2",
    ]


def test_where_there_is_nothing_it_says_so(report, facts):
    nothing = (
        MidiFacts("JACK"),
        AudioFacts((), ()),
        replace(facts.SOUND, player="", soundfonts=()),
    )
    text = "\n".join(lines_for_people(report(*nothing)))
    assert text.count("none") == 6


def test_what_cannot_be_known_is_told_in_its_place(report):
    failure = Failure("It has not answered.", "Restart it.")
    kinds = (MidiFacts, AudioFacts, SoundFacts)
    lines = lines_for_people(report(dict.fromkeys(kinds, failure)))
    told = "It has not answered. Restart it."
    assert lines == [f"MIDI: {told}", "", f"Audio: {told}", "", f"Sounds: {told}"]


def test_a_port_name_cannot_drive_the_terminal(report):
    midi = MidiFacts("ALSA", (MidiInput("\x1b[2J\r\nbell\a"),))
    assert all(line.isprintable() for line in lines_for_people(report(midi)))


def test_programs_read_everything(report):
    read = json.loads(json_for_programs(report()))
    assert read["audio"]["devices"][0]["name"] == "Loudspeakers"
    assert read["audio"]["devices"][0]["low_latency_ms"] == 8.7
    assert read["midi"]["inputs"][0]["controller"] == "Alesis V49"
    assert read["sound"]["soundfonts"] == ["/usr/share/TimGM6mb.sf2"]
