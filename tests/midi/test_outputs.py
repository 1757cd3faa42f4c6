import rtmidi

from musicassist.errors import NoMidiError, PortBusyError
from musicassist.midi.outputs import POLL_NS, MidiOutput, light_port
from musicassist.midi.ports import InputPorts
from musicassist.midi.profiles import load_profiles
from musicassist.midi.system import RETRY_NS, MidiSystem

SYNTH = "Synth:in"


def chosen(machine, name=SYNTH, **how):
    system = MidiSystem()
    output = MidiOutput(system)
    output.choose(name, **how)
    return system, output


def test_what_is_sent_goes_to_the_port_chosen(machine):
    machine.outputs = ["Other:in", SYNTH]
    system, output = chosen(machine)
    report = output.poll(0)
    assert (report.name, report.is_open, report.problem) == (SYNTH, True, None)
    output.send(0x90, 60, 90)
    output.send(0xC0, 5)
    assert machine.sent == [(SYNTH, 0x90, 60, 90), (SYNTH, 0xC0, 5)]
    assert output.poll(POLL_NS) is None
    system.let_go()
    assert machine.n_clients == 0


def test_closing_silences_what_sounds(machine):
    machine.outputs = [SYNTH]
    system, output = chosen(machine)
    output.poll(0)
    output.send(0x93, 60, 90)
    machine.sent.clear()
    output.close()
    assert machine.sent == [
        (SYNTH, 0x83, 60, 64),
        (SYNTH, 0xB3, 64, 0),
        (SYNTH, 0xB3, 123, 0),
        (SYNTH, 0xB3, 120, 0),
    ]
    assert (output.name, output.is_open, output.poll(POLL_NS)) == ("", False, None)
    output.send(0x90, 60, 90)
    assert len(machine.sent) == 4
    system.let_go()


def test_every_message_sent_is_told_of_even_those_that_silence(machine):
    machine.outputs = [SYNTH]
    system = MidiSystem()
    told = []
    output = MidiOutput(system, lambda *message: told.append(message), lambda: 7)
    output.send(0x90, 59, 90)
    output.choose(SYNTH)
    output.poll(0)
    output.send(0x90, 60, 90)
    output.silence()
    assert told == [
        (0x90, 60, 90, 7),
        (0x80, 60, 64, 7),
        (0xB0, 64, 0, 7),
        (0xB0, 123, 0, 7),
        (0xB0, 120, 0, 7),
    ]
    system.let_go()


def test_a_port_that_goes_is_told_of_once_and_found_again_silenced(machine):
    machine.outputs = [SYNTH]
    system, output = chosen(machine)
    output.poll(0)
    output.send(0x90, 60, 90)
    machine.outputs = []
    report = output.poll(POLL_NS)
    assert not report.is_open
    assert isinstance(report.problem, NoMidiError)
    assert SYNTH in report.problem.what
    output.send(0x90, 61, 90)
    assert output.poll(2 * POLL_NS) is None
    assert output.poll(3 * POLL_NS) is None
    machine.outputs = ["Other:in", SYNTH]
    machine.sent.clear()
    assert output.poll(4 * POLL_NS).is_open
    assert machine.sent[0] == (SYNTH, 0x80, 60, 64)
    system.let_go()


def test_a_port_plugged_in_anew_between_two_looks_is_opened_again(machine):
    machine.api = rtmidi.API_LINUX_ALSA
    machine.outputs = ["Synth:in 20:0"]
    system, output = chosen(machine)
    output.poll(0)
    machine.outputs = ["Synth:in 24:0"]
    report = output.poll(POLL_NS)
    assert (report.is_open, report.problem) == (True, None)
    output.send(0x90, 60, 90)
    assert machine.sent == [("Synth:in 24:0", 0x90, 60, 90)]
    system.let_go()


def test_a_port_that_is_not_there_yet_is_told_of_once_and_found_when_it_comes(machine):
    system, output = chosen(machine)
    assert isinstance(output.poll(0).problem, NoMidiError)
    assert output.poll(POLL_NS) is None
    machine.outputs = [SYNTH]
    assert output.poll(2 * POLL_NS).is_open
    system.let_go()


def test_a_port_another_program_holds_is_tried_again(machine):
    machine.outputs, machine.busy = [SYNTH], {SYNTH}
    system, output = chosen(machine)
    assert isinstance(output.poll(0).problem, PortBusyError)
    machine.busy.clear()
    assert output.poll(RETRY_NS - 1) is None
    assert output.poll(RETRY_NS + POLL_NS).is_open
    system.let_go()


def test_a_port_that_refuses_a_message_does_not_stop_the_music(machine):
    machine.outputs = [SYNTH]
    system, output = chosen(machine)
    output.poll(0)
    machine.busy = {SYNTH}
    output.send(0x90, 60, 90)
    assert machine.sent == []
    system.let_go()


def test_a_port_of_our_own_is_offered(machine):
    system, output = chosen(machine, "MusicAssist", is_virtual=True)
    assert output.poll(0).is_open
    assert machine.offered == ["MusicAssist"]
    output.send(0x90, 60, 90)
    assert machine.sent == [("MusicAssist", 0x90, 60, 90)]
    output.close()
    output.choose("MusicAssist", is_virtual=True)
    assert output.poll(POLL_NS).is_open
    assert machine.offered == ["MusicAssist"]  # with JACK it has stayed
    system.let_go()


def test_elsewhere_a_port_no_longer_offered_is_gone(machine):
    machine.api = rtmidi.API_LINUX_ALSA
    system, output = chosen(machine, "MusicAssist", is_virtual=True)
    output.poll(0)
    n_clients = machine.n_clients
    output.close()
    assert machine.n_clients == n_clients - 1
    output.choose("MusicAssist", is_virtual=True)
    assert output.poll(POLL_NS).is_open
    system.let_go()


def test_on_windows_a_virtual_port_is_explained_once(machine):
    machine.api = rtmidi.API_WINDOWS_MM
    system, output = chosen(machine, "MusicAssist", is_virtual=True)
    report = output.poll(0)
    assert not report.is_open
    assert "loopMIDI" in report.problem.hint
    assert output.poll(POLL_NS) is None
    machine.outputs = ["MusicAssist 0"]  # which the user has made by then
    assert list(system.outputs()) == ["MusicAssist"]
    output.choose("MusicAssist")
    assert output.poll(2 * POLL_NS).is_open
    system.let_go()


def test_our_own_inputs_are_no_outputs(machine):
    machine.outputs = ["MusicAssist in:in", SYNTH]
    system = MidiSystem()
    assert list(system.outputs()) == [SYNTH]
    system.let_go()


def test_a_midi_system_that_dies_takes_inputs_and_outputs_and_gives_them_back(machine):
    machine.names, machine.outputs = ["V49"], [SYNTH]
    system = MidiSystem()
    inputs, output = InputPorts(lambda *_: None, system), MidiOutput(system)
    output.choose(SYNTH)
    inputs.poll(0)
    output.poll(0)
    machine.die()
    assert output.poll(POLL_NS).problem is not None  # whichever looks first
    assert inputs.poll(POLL_NS).vanished == ("V49",)
    output.send(0x90, 60, 90)
    assert machine.n_clients == 0
    machine.is_up = True
    assert output.poll(POLL_NS + RETRY_NS).is_open
    assert inputs.poll(POLL_NS + RETRY_NS).appeared == ("V49",)
    inputs.close()
    assert output.is_open
    output.close()
    system.let_go()


def test_lights_are_sent_to_the_keyboards_own_port():
    v49 = load_profiles().for_port("V49")
    outputs = ["Synth", "MIDIOUT2 (V49)", "V49:V49 MIDI 2", "V49:V49 MIDI 1"]
    assert light_port(v49, outputs) == "V49:V49 MIDI 1"
    assert light_port(v49, ["Synth"]) is None
    assert light_port(load_profiles().all[-1], outputs) is None
