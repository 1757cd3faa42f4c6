import rtmidi

from musicassist.errors import NoMidiError, PortBusyError
from musicassist.midi import system
from musicassist.midi.inputs import PortState
from musicassist.midi.ports import POLL_NS, InputPorts
from musicassist.midi.system import N_SPARE_INPUTS, RETRY_NS
from musicassist.music.playing import InputSettings
from musicassist.music.take import RawEvent


def open_inputs():
    return InputPorts(lambda *_: None)


def test_all_ports_but_our_own_are_opened_by_name(machine):
    machine.names = ["V49:V49 MIDI 1", "MusicAssist:MusicAssist", "MusicAssist-01:in", "Pads:1"]
    inputs = open_inputs()
    report = inputs.poll(0)
    assert report.names == report.appeared == ("V49:V49 MIDI 1", "Pads:1")
    assert set(machine.open) == {"V49:V49 MIDI 1", "Pads:1"}
    inputs.close()
    assert machine.open == {}
    assert machine.n_clients == 0


def test_a_message_arrives_stamped_with_its_port(machine):
    got = []
    machine.names = ["V49"]
    inputs = InputPorts(lambda source, event: got.append((source, event)))
    inputs.poll(0)
    machine.open["V49"].callback(([0x90, 60, 100], 0.0), None)
    [(source, event)] = got
    assert source == "V49"
    assert event == RawEvent(event.time_ns, 0x90, 60, 100)
    inputs.close()


def test_a_port_that_appears_or_goes_is_seen_within_a_quarter_second(machine):
    inputs = open_inputs()
    inputs.poll(0)
    machine.names = ["V49"]
    assert inputs.poll(POLL_NS - 1) is None
    assert inputs.poll(POLL_NS).appeared == ("V49",)
    assert inputs.poll(2 * POLL_NS) is None
    assert POLL_NS <= 250_000_000
    inputs.close()


def test_a_port_that_vanishes_is_closed_and_opened_again_when_it_is_back(machine):
    machine.names = ["V49", "Pads"]
    inputs = open_inputs()
    inputs.poll(0)
    machine.names = ["Pads"]
    report = inputs.poll(POLL_NS)
    assert (report.vanished, report.pulled, report.names) == (("V49",), ("V49",), ("Pads",))
    assert set(machine.open) == {"Pads"}
    machine.names = ["New", "Pads", "V49"]  # in another order, under another number
    assert inputs.poll(2 * POLL_NS).appeared == ("New", "V49")
    assert set(machine.open) == {"New", "Pads", "V49"}
    inputs.close()


def test_a_port_that_returns_under_another_system_number_is_the_same_port(machine):
    machine.api = rtmidi.API_LINUX_ALSA
    machine.names = ["V49:V49 MIDI 1 20:0", "Pads:Pads MIDI 1 24:0"]
    inputs = open_inputs()
    assert inputs.poll(0).names == ("V49:V49 MIDI 1", "Pads:Pads MIDI 1")
    machine.names = ["V49:V49 MIDI 1 28:0", "Pads:Pads MIDI 1 24:0"]  # replugged between two looks
    report = inputs.poll(POLL_NS)
    assert report.vanished == report.appeared == ("V49:V49 MIDI 1",)
    assert (report.pulled, len(report.names)) == ((), 2)
    assert set(machine.open) == {"V49:V49 MIDI 1 28:0", "Pads:Pads MIDI 1 24:0"}
    inputs.close()


def test_a_port_that_went_and_came_back_between_two_looks_is_heard_again(machine):
    machine.names = ["V49", "Pads"]
    inputs = open_inputs()
    inputs.poll(0)
    machine.replug("V49")
    report = inputs.poll(POLL_NS)
    assert report.vanished == report.appeared == ("V49",)
    assert (report.pulled, set(report.names)) == ((), {"V49", "Pads"})
    assert set(machine.open) == {"V49", "Pads"}
    assert inputs.poll(2 * POLL_NS) is None
    inputs.close()


def test_where_connections_cannot_be_seen_ports_are_opened_all_the_same(machine, monkeypatch):
    def fail():
        raise OSError("no such library")

    monkeypatch.setattr(system, "JackGraph", fail)
    machine.names = ["V49"]
    inputs = open_inputs()
    assert inputs.poll(0).appeared == ("V49",)
    assert inputs.poll(POLL_NS) is None
    inputs.close()


def test_when_one_of_two_keyboards_of_one_name_goes_neither_hangs_nor_falls_silent(machine):
    machine.api = rtmidi.API_MACOSX_CORE
    machine.names = ["Keys", "Keys"]
    inputs = open_inputs()
    assert inputs.poll(0).names == ("Keys", "Keys (2)")
    machine.names = ["Keys"]  # the first or the second, nobody can tell
    report = inputs.poll(POLL_NS)
    assert set(report.vanished) == {"Keys", "Keys (2)"}
    assert (report.appeared, report.names) == (("Keys",), ("Keys",))
    assert set(machine.open) == {"Keys"}
    inputs.close()


def test_a_port_another_program_holds_is_told_of_once_and_opened_when_it_is_free(machine):
    machine.names, machine.busy = ["V49"], {"V49"}
    inputs = open_inputs()
    report = inputs.poll(0)
    [problem] = report.problems
    assert isinstance(problem, PortBusyError)
    assert "V49" in problem.what
    assert report.names == ()
    assert report.ports == (PortState("V49", False, True, "Alesis V49", problem.what),)
    assert inputs.poll(RETRY_NS) is None
    machine.busy.clear()
    assert inputs.poll(2 * RETRY_NS - 1) is None
    report = inputs.poll(2 * RETRY_NS + POLL_NS)
    assert report.appeared == ("V49",)
    assert report.ports == (PortState("V49", True, True, "Alesis V49"),)
    inputs.close()
    assert machine.n_clients == 0


def test_a_port_is_switched_off_and_on_by_its_settings(machine):
    machine.names = ["V49", "Pads"]
    inputs = open_inputs()
    inputs.poll(0)
    inputs.configure([InputSettings("Pads", is_enabled=False)])
    report = inputs.poll(1)
    assert (report.names, report.vanished, report.pulled) == (("V49",), ("Pads",), ())
    assert report.ports[1] == PortState("Pads", False, False, "Generic")
    assert set(machine.open) == {"V49"}
    inputs.configure([InputSettings("Pads", is_enabled=True)])
    assert inputs.poll(2).appeared == ("Pads",)
    inputs.configure([])
    assert inputs.poll(3) is None
    assert set(machine.open) == {"V49", "Pads"}
    inputs.close()


def test_the_editor_port_of_a_v49_stays_closed_whatever_the_order(machine):
    machine.names = ["MIDIIN2 (V49)", "V49"]
    inputs = open_inputs()
    report = inputs.poll(0)
    assert report.names == ("V49",)
    assert report.ports[0] == PortState(
        "MIDIIN2 (V49)", is_open=False, profile="Alesis V49", is_ignored=True
    )
    inputs.close()


def test_with_jack_no_client_is_made_once_the_program_runs(machine):
    machine.names = ["V49"]
    inputs = open_inputs()
    n_made = machine.n_made
    for cycle in range(20):
        machine.names = ["V49"] if cycle % 2 else []
        inputs.poll(cycle * POLL_NS)
    machine.names = [f"Keys {number}" for number in range(N_SPARE_INPUTS + 2)]
    report = inputs.poll(20 * POLL_NS)
    assert len(report.names) == N_SPARE_INPUTS + 1
    [problem] = report.problems
    assert "JACK" in problem.what
    assert report.ports[-1].problem == problem.what
    assert machine.n_made == n_made
    inputs.close()


def test_elsewhere_clients_are_made_as_they_are_needed_and_used_again(machine):
    machine.api = rtmidi.API_LINUX_ALSA
    inputs = open_inputs()
    machine.names = [f"Keys {number}" for number in range(6)]
    assert len(inputs.poll(0).names) == 6
    n_made = machine.n_made
    for cycle in range(1, 10):
        machine.names = [] if cycle % 2 else [f"Keys {number}" for number in range(6)]
        assert inputs.poll(cycle * POLL_NS) is not None
    assert machine.n_made == n_made
    inputs.close()


def test_without_a_midi_system_there_is_one_sentence_and_it_is_found_later(machine):
    machine.is_up = False
    inputs = open_inputs()
    [problem] = inputs.poll(0).problems
    assert isinstance(problem, NoMidiError)
    assert inputs.poll(10 * POLL_NS) is None
    machine.is_up, machine.names = True, ["V49"]
    assert inputs.poll(20 * POLL_NS).appeared == ("V49",)
    inputs.close()


def test_a_midi_system_that_dies_with_a_keyboard_attached_is_noticed_and_found_again(machine):
    machine.names = ["V49"]
    inputs = open_inputs()
    inputs.poll(0)
    machine.die()
    report = inputs.poll(POLL_NS)
    assert (report.vanished, report.pulled, report.names) == (("V49",), ("V49",), ())
    assert isinstance(report.problems[0], NoMidiError)
    assert machine.n_clients == 0
    assert inputs.poll(2 * POLL_NS) is None
    machine.is_up = True
    assert inputs.poll(POLL_NS + RETRY_NS).appeared == ("V49",)
    inputs.close()


def test_a_midi_system_that_is_restarted_between_two_looks_is_no_loss(machine):
    machine.names = ["V49"]
    inputs = open_inputs()
    inputs.poll(0)
    machine.die()
    machine.is_up = True
    report = inputs.poll(POLL_NS)
    assert (report.vanished, report.appeared, report.problems) == (("V49",), ("V49",), ())
    assert not machine.open["V49"].is_dead
    inputs.close()


def test_a_midi_system_that_goes_while_it_is_found_is_no_crash(machine):
    machine.names, machine.n_refused_clients = ["V49"], 1
    inputs = open_inputs()
    assert machine.n_clients == 0
    assert inputs.poll(0).appeared == ("V49",)
    inputs.close()
