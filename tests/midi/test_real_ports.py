"""Real MIDI ports on a JACK server: they come and go, and so does the server."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musicassist.midi.outputs import MidiOutput
from musicassist.midi.ports import InputPorts
from musicassist.midi.sending import OutputClock
from musicassist.midi.survey import find_ports
from musicassist.midi.system import MidiSystem
from musicassist.music.take import RawEvent

pytestmark = pytest.mark.rig

N_CYCLES = int(os.environ.get("MUSICASSIST_HOT_PLUG_CYCLES", "8"))
LONG_S = 20.0

# A keyboard in a process of its own: "in" opens its port, "out" closes it, "play" plays ten notes.
# With a second argument it plays without pause while it is plugged in.
KEYBOARD = """
import sys, threading, time
import rtmidi

def flood():
    while not is_out.is_set():
        port.send_message([0x90, 60, 1])
        time.sleep(0.0005)

is_out = threading.Event()
for line in sys.stdin:
    if line == "in\\n":
        port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name=sys.argv[1])
        port.open_virtual_port("out")
        is_out.clear()
        flooding = threading.Thread(target=flood)
        if len(sys.argv) > 2:
            flooding.start()
    elif line == "play\\n":
        for pitch in range(60, 70):
            port.send_message([0x90, pitch, 90])
            port.send_message([0x80, pitch, 0])
    else:
        is_out.set()
        if len(sys.argv) > 2:
            flooding.join()
        port.close_port()
        port.delete()
    print("done", flush=True)
"""


class Keyboard:
    def __init__(self, name, *more):
        self.process = subprocess.Popen(
            [sys.executable, "-c", KEYBOARD, name, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def close(self):
        self.process.stdin.close()
        self.process.wait(LONG_S)
        self.process.stdout.close()


@pytest.fixture
def start_keyboard():
    keyboards = []

    def start_keyboard(*arguments):
        keyboards.append(Keyboard(*arguments))
        return keyboards[-1]

    yield start_keyboard
    for keyboard in keyboards:
        keyboard.close()


@pytest.fixture
def own_jack(_room_for_a_second_jack, monkeypatch):
    """Start and end JACK servers of the test's own, at a name of their own."""
    name = f"{os.environ['JACK_DEFAULT_SERVER']}-mortal"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    servers = []

    def start():
        command = ["jackd", "-n", name, "--no-realtime", "-S", "-p", "64"]
        servers.append(
            subprocess.Popen(
                [*command, "-d", "dummy", "-r", "48000", "-p", "256"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return servers[-1]

    yield start
    for server in servers:
        end(server)


def end(server):
    server.terminate()
    server.wait(LONG_S)


def look_until(is_done, *looked_after):
    """Look after ports until something is as it should; return the reports and the seconds."""
    start_s = time.monotonic()
    reports = []
    while not is_done(reports):
        assert time.monotonic() - start_s < LONG_S
        for each in looked_after:
            report = each.poll(time.perf_counter_ns())
            if report is not None:
                reports.append(report)
        time.sleep(0.005)
    return reports, time.monotonic() - start_s


def has_appeared(name):
    return lambda reports: any(name in each.appeared for each in reports)


def has_vanished(name):
    return lambda reports: any(name in each.pulled for each in reports)


def use():
    """Return how many threads and descriptors this process has."""
    return len(list(Path("/proc/self/task").iterdir())), len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("how", [(), ("flood",)])
def test_a_keyboard_plugged_in_and_out_again_and_again_leaves_nothing_behind(start_keyboard, how):
    got = []
    keyboard = start_keyboard("Keys", *how)
    inputs = InputPorts(lambda source, event: got.append(source))
    inputs.poll(time.perf_counter_ns())
    use_before = use()
    times_s = []
    for _ in range(N_CYCLES):
        keyboard.do("in")
        times_s.append(look_until(has_appeared("Keys:out"), inputs)[1])
        n_before = len(got)
        keyboard.do("play")
        look_until(lambda _, n=n_before + 20: len(got) >= n, inputs)
        keyboard.do("out")
        times_s.append(look_until(has_vanished("Keys:out"), inputs)[1])
        assert use() == use_before
    inputs.close()
    assert set(got) == {"Keys:out"}
    if not how:
        assert len(got) == N_CYCLES * 20
    assert max(times_s) < 2


def test_two_keyboards_that_play_do_not_hold_up_a_third(start_keyboard):
    keyboards = [start_keyboard(f"Keys {number}", "flood") for number in range(3)]
    inputs = InputPorts(lambda *_: None)
    for number, keyboard in enumerate(keyboards):
        keyboard.do("in")
        _, seconds = look_until(has_appeared(f"Keys {number}:out"), inputs)
        assert seconds < 2
    inputs.close()
    for keyboard in keyboards:
        keyboard.do("out")


def test_what_is_sent_arrives_complete_and_in_order_and_our_port_is_no_input_of_ours():
    got, told = [], []
    system = MidiSystem()
    output = MidiOutput(system, lambda *message: told.append(message[:3]))
    output.choose("MusicAssist", is_virtual=True)
    look_until(lambda reports: any(each.is_open for each in reports), output)
    survey = find_ports()
    assert not [port for port in survey.inputs if "MusicAssist" in port.name]
    assert not [name for name in survey.outputs if "MusicAssist" in name]
    listener = system.lend_input()
    listener.open(("MusicAssist:MusicAssist", 0), lambda message, _: got.append(tuple(message[0])))
    sent = [(0x90 if step % 2 else 0x80, step % 128, step // 2) for step in range(200)]
    for message in sent:
        output.send(*message)
    deadline_s = time.monotonic() + LONG_S
    while len(got) < len(sent) and time.monotonic() < deadline_s:
        time.sleep(0.005)
    assert got == told == sent
    output.close()
    system.let_go()


def test_a_scheduled_phrase_goes_out_and_stops_clean():
    got = []
    system = MidiSystem()
    output = MidiOutput(system)
    output.choose("MusicAssist", is_virtual=True)
    look_until(lambda reports: any(each.is_open for each in reports), output)
    listener = system.lend_input()
    listener.open(("MusicAssist:MusicAssist", 0), lambda message, _: got.append(tuple(message[0])))
    clock = OutputClock(output)
    start_ns = time.perf_counter_ns()
    clock.schedule(RawEvent(start_ns + step * 5_000_000, 0x90, 60 + step, 90) for step in range(10))
    clock.schedule([RawEvent(start_ns + 3_600_000_000_000, 0x90, 100, 90)])
    deadline_s = time.monotonic() + LONG_S
    while len(got) < 10 and time.monotonic() < deadline_s:
        time.sleep(0.005)
    clock.flush()
    output.silence()
    while len(got) < 23 and time.monotonic() < deadline_s:
        time.sleep(0.005)
    assert got[:10] == [(0x90, 60 + step, 90) for step in range(10)]
    assert got[10:20] == [(0x80, 60 + step, 64) for step in range(10)]
    assert got[20:] == [(0xB0, 64, 0), (0xB0, 123, 0), (0xB0, 120, 0)]
    clock.close()
    output.close()
    system.let_go()


def test_an_output_that_goes_is_told_of_and_found_again():
    import rtmidi

    synth = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name="Synth")
    synth.open_virtual_port("in")
    system = MidiSystem()
    output = MidiOutput(system)
    output.choose("Synth:in")
    look_until(lambda reports: any(each.is_open for each in reports), output)
    output.send(0x90, 60, 90)
    synth.delete()
    reports, seconds = look_until(lambda reports: any(each.problem for each in reports), output)
    assert not output.is_open
    assert "Synth:in" in reports[-1].problem.what
    assert seconds < 2
    got = []
    synth = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name="Synth")
    synth.set_callback(lambda message, _: got.append(tuple(message[0])))
    synth.open_virtual_port("in")
    _, seconds = look_until(lambda reports: any(each.is_open for each in reports), output)
    assert seconds < 2
    deadline_s = time.monotonic() + LONG_S
    while len(got) < 4 and time.monotonic() < deadline_s:
        time.sleep(0.005)
    assert got[0] == (0x80, 60, 64)  # it may sound there still
    output.close()
    system.let_go()
    synth.cancel_callback()
    synth.delete()


def test_a_server_that_dies_with_a_keyboard_attached_is_noticed_and_its_successor_found(
    start_keyboard, own_jack
):
    server = own_jack()
    system = MidiSystem()
    inputs, output = InputPorts(lambda *_: None, system), MidiOutput(system)
    output.choose("MusicAssist", is_virtual=True)
    keyboard = start_keyboard("Keys")
    look_until(lambda _: system.name == "JACK", inputs)
    keyboard.do("in")
    look_until(has_appeared("Keys:out"), inputs)
    look_until(lambda reports: any(each.is_open for each in reports), output)
    end(server)
    reports, seconds = look_until(has_vanished("Keys:out"), inputs)
    assert seconds < 2
    assert reports[-1].problems
    keyboard.do("out")
    own_jack()
    look_until(lambda _: system.name == "JACK", inputs)
    keyboard.do("in")
    look_until(has_appeared("Keys:out"), inputs)
    look_until(lambda reports: any(each.is_open for each in reports), output)
    keyboard.do("out")
    inputs.close()
    output.close()
    system.let_go()


def test_without_a_server_there_is_nothing_and_no_fault(monkeypatch):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-started-this")
    survey = find_ports()
    assert (survey.system, survey.inputs, survey.outputs) == ("", (), ())
