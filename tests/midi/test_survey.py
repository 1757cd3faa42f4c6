from musicassist.midi.survey import PortsSurvey, find_ports


def test_ports_are_told_with_their_profile_and_what_is_wrong(machine):
    machine.names = ["V49:V49 MIDI 1", "Pads", "MusicAssist:MusicAssist"]
    machine.outputs = ["Synth", "MusicAssist in:in"]
    machine.busy = {"Pads"}
    survey = find_ports()
    assert survey.system == "JACK"
    assert survey.can_be_virtual
    assert survey.outputs == ("Synth",)
    assert [(port.name, port.profile, port.is_open) for port in survey.inputs] == [
        ("V49:V49 MIDI 1", "Alesis V49", True),
        ("Pads", "Generic", False),
    ]
    assert "Pads" in survey.inputs[1].problem
    assert machine.n_clients == 0
    assert machine.open == {}


def test_without_a_midi_system_there_is_nothing_to_tell(machine):
    machine.is_up = False
    assert find_ports() == PortsSurvey()
