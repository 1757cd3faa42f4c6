"""Whatever is done with the engine: 300 ms after everything was let go, nothing sounds."""

import random

import pytest

from musicassist.audio.fake import HandPumpedSink
from musicassist.audio.open_synth import open_synth
from musicassist.engine.protocol import (
    ChooseMidiOutput,
    ChooseSound,
    ConfigureInputs,
    GrabPhrase,
    KeyMoved,
    LoopRange,
    Panic,
    PlayClip,
    PressKey,
    ReleaseKey,
    SetMetronome,
    SetRecording,
    SetVolume,
    Stop,
)
from musicassist.music.clip import Clip
from musicassist.music.note import PITCH_BEND, SUSTAIN, ControlPoint, Note
from musicassist.music.playing import InputSettings
from musicassist.music.timebase import Timebase

PORTS = ("A", "B")
N_MODEL_CYCLES = 1_000
N_REAL_CYCLES = 100


class Person:
    """Does one thing after another, at random, with an engine.

    Args:
        studio: With the engine.
        seed: Of all that is random.
        channels: Channels to play on; drums ring on after they were struck, as drums do.
    """

    def __init__(self, studio, seed, channels=(0, 1, 2, 3, 9)):
        self.studio = studio
        self.random = random.Random(seed)
        self.channels = channels
        self.down = set()
        self.pedals = set()
        self.on_screen = set()
        self.deeds = [
            *4 * [self.strike],
            *4 * [self.let_go],
            *2 * [self.move_pedal],
            *2 * [self.play],
            *2 * [self.go_on],
            self.move_wheel,
            self.stop,
            self.panic,
            self.pull_or_plug,
            self.switch_port,
            self.change_device,
            self.choose_output,
            self.record,
            self.turn_knob,
            self.press_on_screen,
            self.grab,
            self.choose_sound,
        ]

    def cycle(self):
        if self.random.random() < 0.7:
            self.studio.keys.plugged[:] = PORTS
            self.studio.obey(ConfigureInputs(()))
        for _ in range(self.random.randint(8, 30)):
            self.random.choice(self.deeds)()
            for _ in range(self.random.choice((0, 1, 1, 3, 10, 30))):
                self.studio.step(self.random.choice((1, 3, 5, 11)))
        self.end_everything()

    def end_everything(self):
        """Let go of all there is, or stop, so that nothing has a reason to sound."""
        if self.random.random() < 0.3:
            self.studio.obey(Panic())
        else:
            self.studio.obey(Stop())
        for port, channel, pitch in sorted(self.down):
            self.studio.play(0x80 | channel, pitch, 64, port=port)
        for port in sorted(self.pedals):
            self.studio.play(0xB0, SUSTAIN, 0, port=port)
        for pitch in sorted(self.on_screen):
            self.studio.obey(ReleaseKey(pitch))
        self.down.clear()
        self.pedals.clear()
        self.on_screen.clear()

    def port(self):
        return self.random.choice(PORTS)

    def strike(self):
        key = (self.port(), self.random.choice(self.channels), self.random.randint(55, 60))
        self.down.add(key)
        self.studio.play(0x90 | key[1], key[2], self.random.randint(1, 127), port=key[0])

    def let_go(self):
        if self.down:
            key = self.random.choice(sorted(self.down))
            self.down.discard(key)
            self.studio.play(0x80 | key[1], key[2], 64, port=key[0])

    def move_pedal(self):
        port = self.port()
        is_down = port not in self.pedals
        (self.pedals.add if is_down else self.pedals.discard)(port)
        self.studio.play(0xB0, SUSTAIN, 127 * is_down, port=port)

    def move_wheel(self):
        self.studio.play(0xE0, 0, self.random.randint(0, 127), port=self.port())

    def clip(self):
        length = self.random.choice((480, 960, 1920))
        notes = tuple(
            Note(
                self.random.randrange(length),
                self.random.randint(1, 900),
                self.random.randint(55, 60),
                90,
                self.random.choice(self.channels),
            )
            for _ in range(self.random.randint(0, 12))
        )
        controls = tuple(
            ControlPoint(self.random.randrange(length), number, value, 1)
            for number, value in ((SUSTAIN, 127), (PITCH_BEND, 9000), (1, 50))
            if self.random.random() < 0.5
        )
        return Clip(notes, length, controls)

    def command(self, start_ticks):
        loop = self.random.choice((None, LoopRange(0, 480), LoopRange(240, 960)))
        timebase = Timebase.steady(self.random.choice((90, 120, 240)))
        return PlayClip(
            self.clip(),
            timebase,
            start_ticks,
            loop,
            count_in_bars=self.random.choice((0, 0, 1)),
            is_recording=self.random.random() < 0.3,
            is_endless=self.random.random() < 0.3,
        )

    def play(self):
        self.studio.obey(self.command(self.random.choice((0, 0, 100, 700, 5000))))

    def go_on(self):
        self.studio.obey(self.command(None))

    def stop(self):
        self.studio.obey(Stop())

    def panic(self):
        self.studio.obey(Panic())

    def pull_or_plug(self):
        port, plugged = self.port(), self.studio.keys.plugged
        if port in plugged:
            plugged.remove(port)
            self.down = {key for key in self.down if key[0] != port}
            self.pedals.discard(port)
        else:
            plugged.append(port)
        self.studio.step()  # a plug that is back before anybody looks was never pulled

    def switch_port(self):
        settings = InputSettings(
            self.port(),
            is_enabled=self.random.random() < 0.7,
            octave=self.random.randint(-1, 1),
        )
        self.studio.obey(ConfigureInputs((settings,)))

    def change_device(self):
        """The device goes, and another takes over: here at once, since time is ours."""
        sound = self.studio.engine._sound
        late_s = self.random.choice((0.0, 0.01, 0.1))
        self.studio.sink.close()
        sink = HandPumpedSink(48_000, late_s)
        sink.n_frames = self.studio.sink.n_frames
        self.studio.sink = sound._sink = sink
        sink.start(sound._gate.fill)

    def choose_output(self):
        name = self.random.choice(("", "DAW", "V49"))
        self.studio.obey(ChooseMidiOutput(name, sends_live=self.random.random() < 0.5))

    def record(self):
        self.studio.obey(SetRecording(self.random.random() < 0.5))

    def turn_knob(self):
        self.studio.obey(SetVolume(-self.random.random() * 20, self.random.choice(("all", "solo"))))
        self.studio.obey(SetMetronome(self.random.random() < 0.5))

    def press_on_screen(self):
        pitch = self.random.randint(55, 60)
        self.on_screen.add(pitch)
        self.studio.obey(PressKey(pitch))

    def grab(self):
        self.studio.obey(GrabPhrase())

    def choose_sound(self):
        self.studio.obey(ChooseSound(0, self.random.choice((4, 16, 29))))


def lit_keys(studio):
    lit = set()
    for key in studio.of(KeyMoved):
        place = (key.pitch, key.is_playback)
        (lit.add if key.is_down else lit.discard)(place)
    return lit


def test_nothing_sounds_300_ms_after_a_thousand_random_cycles(open_studio):
    studio = open_studio(ports=PORTS)
    person = Person(studio, seed=1)
    for number in range(N_MODEL_CYCLES):
        person.cycle()
        studio.wait(0.3)
        assert studio.synth.n_sounding == 0, f"cycle {number}: {studio.synth.down}"
        assert not studio.synth.pedals, f"cycle {number}"
        assert studio.n_sounding == 0
        assert studio.midi_out.n_sounding == 0, f"cycle {number}: {studio.midi_out._sounding}"
        assert lit_keys(studio) == set(), f"cycle {number}"
        studio.events.clear()
        studio.midi_out.sent.clear()
    n_live = sum(channel >= 16 for _, channel, *_ in studio.synth.struck)
    assert n_live > N_MODEL_CYCLES
    assert len(studio.synth.struck) - n_live > N_MODEL_CYCLES
    assert studio.engine._renderer.n_faults == 0


@pytest.mark.parametrize("seed", range(4))
def test_the_real_synth_is_silent_too(open_studio, seed):
    synth = open_synth(48_000)
    studio = open_studio(ports=PORTS, synth=synth)
    studio.obey(SetVolume(-20))
    person, most = Person(studio, 100 + seed, channels=(0, 1, 2, 3)), 0
    for number in range(N_REAL_CYCLES // 4):
        person.cycle()
        most = max(most, studio.n_sounding)
        studio.wait(0.3)
        assert synth.n_sounding == 0, f"cycle {number}: {synth.n_sounding} voices"
        studio.events.clear()
    assert most > 0
    assert studio.engine._renderer.n_faults == 0
