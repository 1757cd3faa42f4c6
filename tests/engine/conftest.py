"""Engines under test: a process, and one with devices moved by hand."""

import os
import queue
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from musicassist.audio.fake import HandPumpedSink
from musicassist.engine.devices import Devices
from musicassist.engine.engine import Engine
from musicassist.engine.protocol import decode, encode
from musicassist.midi.fake import RecordingOutput
from musicassist.midi.inputs import PortsReport, PortState
from musicassist.midi.sending import Agenda
from musicassist.music.take import RawEvent

PATIENCE_S = 20.0


class EngineProcess:
    """An engine process: everything it says is kept, with the moment it came."""

    def __init__(self, *options, **environment):
        self.started_s = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "musicassist.engine", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
        )
        self.events = []
        self._arrived = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._arrived.put(decode(line))

    def send(self, *commands):
        for command in commands:
            self.process.stdin.write(encode(command))
        self.process.stdin.flush()

    def wait_for(self, kind, is_wanted=lambda event: True):
        """Return the next event of a kind that is wanted; everything on the way is kept."""
        deadline_s = time.perf_counter() + PATIENCE_S
        while True:
            try:
                event = self._arrived.get(timeout=max(0.0, deadline_s - time.perf_counter()))
            except queue.Empty:
                pytest.fail(f"no {kind.__name__} came, but {self.events[-20:]}")
            self.events.append(event)
            if isinstance(event, kind) and is_wanted(event):
                return event

    def listen(self, seconds):
        """Return what comes in the next seconds."""
        deadline_s = time.perf_counter() + seconds
        heard = []
        while (left_s := deadline_s - time.perf_counter()) > 0:
            try:
                heard.append(self._arrived.get(timeout=left_s))
            except queue.Empty:
                break
        self.events += heard
        return heard

    def leave(self):
        """Hang up; return the exit code and how long the process took to leave."""
        hung_up_s = time.perf_counter()
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            code = self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self._reader.join()
            self.process.stdout.close()
        return code, time.perf_counter() - hung_up_s


@pytest.fixture
def start_engine():
    engines = []

    def start(*options, **environment):
        engines.append(EngineProcess(*options, **environment))
        return engines[-1]

    yield start
    for engine in engines:
        engine.leave()


class ModelSynth:
    """A synth that only counts what sounds: strict about lanes, pedals and mode messages."""

    description = "Model synth"
    sounds = ((4, "Electric piano"), (29, "Overdriven guitar"))

    def __init__(self):
        self.down = set()
        self.ringing = set()
        self.pedals = set()
        self.controls = {}
        self.gains = {}
        self.programs = {}
        self.struck = []
        self.n_rendered = 0

    @property
    def n_sounding(self):
        return len(self.down | self.ringing)

    def note_on(self, channel, pitch, velocity):
        self.down.add((channel, pitch))
        self.struck.append((self.n_rendered, channel, pitch, velocity))

    def note_off(self, channel, pitch):
        if (channel, pitch) in self.down:
            self.down.discard((channel, pitch))
            if channel in self.pedals:
                self.ringing.add((channel, pitch))

    def control(self, channel, controller, value):
        self.controls[channel, controller] = value
        if controller == 64:
            (self.pedals.add if value >= 64 else self.pedals.discard)(channel)
        if controller == 64 and value < 64:
            self.ringing = {place for place in self.ringing if place[0] != channel}
        elif controller in (120, 123):
            self.down = {place for place in self.down if place[0] != channel}
            self.ringing = {place for place in self.ringing if place[0] != channel}

    def select_program(self, channel, program):
        self.programs[channel] = program

    def set_channel_gain(self, channel, gain):
        self.gains[channel] = gain

    def all_off(self):
        self.down, self.ringing, self.pedals = set(), set(), set()
        self.controls.clear()

    def render(self, n_frames):
        self.n_rendered += n_frames
        return np.zeros((n_frames, 2), np.float32)


class SteppedClock:
    """Sends to a MIDI output in time, when it is stepped."""

    def __init__(self, output):
        self._output = output
        self._agenda = Agenda()

    def schedule(self, events):
        for event in events:
            self._agenda.add(event)

    def flush(self):
        self._agenda.clear()

    def close(self):
        self._agenda.clear()

    def step(self, now_ns):
        while (message := self._agenda.take_due(now_ns)) is not None:
            self._output.send(*message)


class Keyboards:
    """MIDI inputs that are played, plugged in and pulled by hand."""

    def __init__(self, on_event, now_ns, plugged):
        self._on_event = on_event
        self._now_ns = now_ns
        self.plugged = list(plugged)
        self._disabled = set()
        self._open = []
        self._states = None
        self.is_closed = False

    def configure(self, settings):
        self._disabled = {each.name for each in settings if not each.is_enabled}

    def poll(self, now_ns):
        states = tuple(
            PortState(name, name not in self._disabled, name not in self._disabled, "Generic")
            for name in self.plugged
        )
        if states == self._states:
            return None
        before, self._open = self._open, [state.name for state in states if state.is_open]
        self._states = states
        vanished = tuple(name for name in before if name not in self._open)
        return PortsReport(
            tuple(self._open),
            tuple(name for name in self._open if name not in before),
            vanished,
            (),
            states,
            tuple(name for name in vanished if name not in self.plugged),
        )

    def play(self, port, *message, at_ns=None):
        if port in self._open:
            self._on_event(port, RawEvent(self._now_ns() if at_ns is None else at_ns, *message))

    def close(self):
        self.is_closed = True


class HandMidi:
    """MIDI ports moved by hand."""

    can_be_virtual = True

    def __init__(self, now_ns, plugged):
        self._now_ns = now_ns
        self._plugged = plugged
        self.outputs = []
        self.clocks = []
        self.names = ("DAW", "V49")

    def open_inputs(self, on_event, profile_for):
        self.keyboards = Keyboards(on_event, self._now_ns, self._plugged)
        return self.keyboards

    def open_output(self, on_sent=None):
        output = RecordingOutput(self._now_ns, on_sent)
        output.choose("")
        self.outputs.append(output)
        return output

    def open_clock(self, output):
        self.clocks.append(SteppedClock(output))
        return self.clocks[-1]

    def output_names(self):
        return self.names

    def light_output_name(self, profile):
        return "V49" if profile.has_pad_lights else None

    def close(self):
        pass


class Studio:
    """An engine with devices moved by hand, and a clock of its own.

    Args:
        latency_s: Of the output.
        ports: Names of the keyboards plugged in.
        synth: What makes the sound; a model synth if not given.
    """

    def __init__(
        self, *, latency_s=0.0, ports=("Keys",), synth=None, sink=None, troubles=(), **options
    ):
        self.events = []
        self.now_ns = 0
        self.sink = sink or HandPumpedSink(48_000, latency_s)
        self.synth = synth or ModelSynth()
        self.midi = HandMidi(lambda: self.now_ns, ports)
        self.reopened = []
        devices = Devices(self.sink, self.synth, self.midi, troubles, **options.pop("devices", {}))
        self.engine = Engine(devices, self.events.append, lambda: self.now_ns, **options)
        self.engine.start()

    @property
    def keys(self):
        return self.midi.keyboards

    @property
    def midi_out(self):
        return self.midi.outputs[0]

    @property
    def n_sounding(self):
        return self.engine._renderer.n_sounding

    def play(self, *message, port="Keys", at_ns=None):
        self.keys.play(port, *message, at_ns=at_ns)

    def obey(self, *commands):
        for command in commands:
            self.engine.obey(command)

    def step(self, milliseconds=5):
        """Let time pass, in which one block is asked for and one step done."""
        self.now_ns += round(milliseconds * 1e6)
        if self.sink.is_running:
            self.sink.pump(round(48 * milliseconds))
        self.engine.step()
        for clock in self.midi.clocks:
            clock.step(self.now_ns)

    def wait(self, seconds):
        for _ in range(round(seconds * 200)):
            self.step()

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def open_studio():
    studios = []

    def open_studio(**options):
        studios.append(Studio(**options))
        return studios[-1]

    yield open_studio
    for studio in studios:
        studio.engine.close()


@pytest.fixture
def studio(open_studio):
    return open_studio()
