"""The engine itself: between the devices, the person's playing and the window's wishes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musicassist.engine.capture import Capture
from musicassist.engine.devices import Devices
from musicassist.engine.held import HeldControls
from musicassist.engine.inputs_desk import Arrival, InputsDesk
from musicassist.engine.keeper import Keeper
from musicassist.engine.lights import LitKeys
from musicassist.engine.midi_out import MidiOut, PadLights
from musicassist.engine.playback import Playback
from musicassist.engine.protocol import (
    DRUM_CHANNEL,
    PLAYER_CHANNEL,
    ChooseMidiOutput,
    ChooseSound,
    Command,
    ConfigureInputs,
    ControlLearned,
    ControlMoved,
    EngineTrouble,
    Event,
    ForgetControls,
    GrabPhrase,
    InputPort,
    InputPortsChanged,
    KeepIn,
    KeyMoved,
    LearnControl,
    LetGo,
    NothingToGrab,
    Panic,
    PhraseCaptured,
    PlayClip,
    PortSpoke,
    PressKey,
    ReleaseKey,
    SetMetronome,
    SetRecording,
    SetRoom,
    SetVolume,
    Stop,
)
from musicassist.engine.renderer import Renderer
from musicassist.engine.sound_desk import SoundDesk
from musicassist.engine.volume import set_volume
from musicassist.errors import MusicAssistError, OutputError
from musicassist.midi.controllers import Part
from musicassist.midi.inputs import PortState
from musicassist.midi.learn import Learnt
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take

SCREEN_KEYBOARD: Final = "On-screen keyboard"
_TRIAL: Final = "Tried out"  # holds keys of its own, beside those of the keyboards
SPOKE_NS: Final = 50_000_000
STEP_S: Final = 0.005
SENDING_STEP_S: Final = 0.002  # with a small buffer a note to send is due that soon

_LIVE_LANE_CHANNELS: Final = 16


class Engine:
    """Listens, captures, plays and reports; one `step` every few milliseconds.

    Args:
        devices: What to work with.
        send: Told of every event.
        now_ns: The monotonic clock; another one in tests.
        controllers_folder: The user's own controller profiles; None for nowhere.
        session_file: Where what is played is kept; None keeps nothing.

    Thread: the main loop calls everything but `_play_live`.
    """

    def __init__(
        self,
        devices: Devices,
        send: Callable[[Event], None],
        now_ns: Callable[[], int] = time.perf_counter_ns,
        *,
        controllers_folder: Path | None = None,
        session_file: Path | None = None,
    ) -> None:
        self._devices = devices
        self._send = send
        self._now_ns = now_ns
        self._capture = Capture()
        self._held = HeldControls()
        self._lit = LitKeys()
        self._spoke_ns: dict[str, int] = {}
        self._ports: tuple[PortState, ...] = ()
        self._renderer = Renderer(devices.synth, devices.sink.sample_rate_hz)
        self._playback = Playback(self._renderer, devices.sink.sample_rate_hz, send)
        self._keeper = Keeper(session_file, send)
        self._sound = SoundDesk(devices, self._renderer, send, self._keeper.is_keeping)
        midi = devices.midi
        # The MIDI system is found before the sound starts: that holds all threads up for a while.
        self._inputs = InputsDesk(midi.open_inputs, self._play_live, controllers_folder)
        self._midi_out = MidiOut(midi, self._inputs.filter.sent, send)
        self._pad_lights = PadLights(midi)

    @property
    def step_s(self) -> float:
        """How long to wait from one `step` to the next, at most."""
        return SENDING_STEP_S if self._midi_out.is_used else STEP_S

    def start(self) -> None:
        """Start the sound and say that the engine is ready, then what is missing."""
        silence = self._sound.start()
        self._sound.tell_ready()
        for trouble in (*self._devices.troubles, *((silence,) if silence else ())):
            self._tell(trouble)
        for trouble in self._inputs.problems:
            self._tell(trouble)
        self._keeper.hand_over_recovered()
        self._look_after_ports()

    def step(self) -> None:
        """Do what is due now."""
        now_ns = self._now_ns()
        self._look_after_ports()
        self._take_in_arrivals()
        self._hand_over(self._capture.check(now_ns))
        self._midi_out.play(self._playback.step(now_ns))
        self._midi_out.step(now_ns)
        self._pad_lights.step(now_ns)
        self._sound.step(now_ns)
        self._keeper.step(now_ns)
        self._keep_learnt(self._inputs.check_learning(now_ns))

    def obey(self, command: Command) -> None:
        """Carry out a command of the window's; `ShutDown` is the host's."""
        self._take_in_arrivals()  # what was played before the command is judged as it was then
        now_ns = self._now_ns()
        match command:
            case PlayClip():
                self._playback.play(command, now_ns)
            case Stop():
                self._playback.stop(now_ns)
            case SetRecording(is_on):
                self._playback.set_recording(is_on, now_ns)
            case SetMetronome(is_on, is_accented):
                self._renderer.metronome = (is_on, is_accented)
            case Panic():
                self._silence(now_ns)
            case SetVolume(volume_db, part):
                set_volume(self._renderer, part, volume_db)
            case SetRoom(amount):
                self._renderer.set_room(amount)
            case ChooseSound(channel, program):
                self._choose_sound(channel, program)
            case ConfigureInputs(settings):
                self._inputs.configure(settings)
            case ChooseMidiOutput():
                self._midi_out.choose(command)
            case LearnControl(action):
                self._learn(action)
            case ForgetControls(port):
                self._forget_controls(port)
            case PressKey(pitch, velocity, is_kept):
                self._play_on_screen(NOTE_ON, pitch, velocity, is_kept=is_kept)
            case ReleaseKey(pitch, is_kept):
                self._play_on_screen(NOTE_OFF, pitch, 64, is_kept=is_kept)
            case GrabPhrase():
                self._grab(now_ns)
            case KeepIn(session_file):
                self._finish(now_ns)
                self._keeper.keep_in(Path(session_file))
            case LetGo(session_file):
                self._keeper.let_go(Path(session_file))

    def close(self, *, is_orderly: bool = True) -> None:
        """Keep what was played, then let go of all devices.

        Args:
            is_orderly: Whether the window is there to take what has not been handed over yet;
                otherwise that is left to be recovered.
        """
        self._take_in_arrivals()
        if is_orderly:
            self._finish(self._now_ns())
        self._keeper.close(is_orderly=is_orderly)
        self._inputs.close()
        self._midi_out.close()
        self._pad_lights.close()
        self._devices.midi.close()
        self._sound.close()

    def _finish(self, now_ns: int) -> None:
        """Stop the transport and hand over what is under way."""
        self._playback.stop(now_ns)
        if self._capture.is_gathering:
            self._hand_over(self._capture.grab(now_ns))

    def _play_live(self, source: str, event: RawEvent) -> None:
        """Let what a person plays sound.

        Thread: rtmidi's, and the main loop.
        Realtime: an append; with live sending, a message to the MIDI system.
        """
        self._renderer.live.append((source, event))
        self._midi_out.play_live(event)

    def _look_after_ports(self) -> None:
        report = self._inputs.poll(self._now_ns())
        if report is None:
            return
        self._take_in_arrivals()
        for source in report.vanished:
            self._release_all_of(source)
        for source in report.pulled:
            self._tell_pulled(source)
        self._ports = report.ports
        self._tell_ports()
        for problem in report.problems:
            self._tell(problem)

    def _tell_ports(self) -> None:
        ports = tuple(
            InputPort(
                state.name,
                state.is_open,
                state.is_enabled,
                self._inputs.profile_for(state.name).name,
                state.problem,
                self._inputs.uses_at(state.name),
            )
            for state in self._ports
            if not state.is_ignored
        )
        self._send(InputPortsChanged(ports))

    def _tell_pulled(self, source: str) -> None:
        self._send(
            EngineTrouble(
                f"The MIDI input {source} has gone.",
                "Plug it in again; it is found by itself, and nothing played is lost.",
                about=source,
            )
        )

    def _release_all_of(self, source: str) -> None:
        """End what a port holds and will never end itself, as when it has gone."""
        for release in self._held.releases(source, self._now_ns()):
            self._play_live(source, release)
            self._take_in(source, release)

    def _take_in_arrivals(self) -> None:
        for arrival in self._inputs.take():
            self._tell_spoke(arrival)
            learnt = self._inputs.hear(arrival)
            if learnt is not None:
                for event in arrival.heard:  # it sounded before it was known to be a control
                    self._held.add(event, arrival.source)
                self._keep_learnt(learnt)
                continue
            translated = arrival.translated
            if translated.part is Part.CONTROL and translated.action:
                self._send(ControlMoved(translated.action, translated.value, arrival.source))
            elif translated.part is Part.ALL_OFF:
                self._release_all_of(arrival.source)
            for event in arrival.heard:
                self._take_in(arrival.source, event)
            if arrival.raw.is_note_on or arrival.raw.is_note_off:
                profile = self._inputs.profile_for(arrival.source)
                self._pad_lights.show(profile, arrival.raw, self._now_ns())

    def _tell_spoke(self, arrival: Arrival) -> None:
        last_ns = self._spoke_ns.get(arrival.source)
        if last_ns is None or arrival.raw.time_ns - last_ns >= SPOKE_NS:
            self._spoke_ns[arrival.source] = arrival.raw.time_ns
            self._send(PortSpoke(arrival.source))

    def _take_in(self, source: str, event: RawEvent) -> None:
        """Capture, record and keep what sounds of what a person played."""
        place = self._playback.place_at(event.time_ns)
        unrolled_ticks = None if place is None else place.unrolled_ticks
        self._keeper.keep(event, source, unrolled_ticks)
        self._held.add(event, source)
        if event.channel != DRUM_CHANNEL:
            self._capture.add(event, source, unrolled_ticks)
            self._playback.take_in(event, source, place)
        holder = (source, event.channel)
        if event.is_note_on:
            self._lit.press(event.data1, holder)
            self._send(KeyMoved(event.data1, is_down=True, is_playback=False, source=source))
        elif event.is_note_off and self._lit.let_go(event.data1, holder):
            self._send(KeyMoved(event.data1, is_down=False, is_playback=False, source=source))

    def _play_on_screen(self, kind: int, pitch: int, velocity: int, *, is_kept: bool) -> None:
        if not (0 <= pitch <= 127 and 1 <= velocity <= 127):
            return
        event = RawEvent(self._now_ns(), kind | PLAYER_CHANNEL, pitch, velocity)
        if not is_kept:
            self._renderer.live.append((_TRIAL, event))
            return
        self._play_live(SCREEN_KEYBOARD, event)
        self._take_in(SCREEN_KEYBOARD, event)

    def _grab(self, now_ns: int) -> None:
        place = self._playback.place_at(now_ns)
        takes = self._capture.grab(now_ns, None if place is None else place.unrolled_ticks)
        if not takes:
            self._send(NothingToGrab())
            return
        self._hand_over(takes[:-1])
        self._send(PhraseCaptured(takes[-1], was_grabbed=True))
        self._keeper.finish_phrase()

    def _hand_over(self, takes: tuple[Take, ...]) -> None:
        for take in takes:
            self._send(PhraseCaptured(take))
        if takes:
            self._keeper.finish_phrase()

    def _silence(self, now_ns: int) -> None:
        """Silence everything, and regard every key as released, whatever the keyboards say."""
        self._playback.stop(now_ns, is_panic=True)
        self._midi_out.silence()
        self._capture.forget_held()
        for source, pitch in self._held.forget():
            self._send(KeyMoved(pitch, is_down=False, is_playback=False, source=source))
        self._lit.clear()

    def _choose_sound(self, channel: int, program: int) -> None:
        if 0 <= channel <= 15 and 0 <= program <= 127:
            self._renderer.select_program(channel, program)
            self._renderer.select_program(channel + _LIVE_LANE_CHANNELS, program)

    def _learn(self, action: str) -> None:
        try:
            self._inputs.learn(action)
        except ValueError:
            self._send(
                EngineTrouble(
                    f"There is nothing called {action} that a control could do.",
                    "Please report this; playing goes on.",
                )
            )

    def _keep_learnt(self, learnt: Learnt | None) -> None:
        if learnt is None:
            return
        control = learnt.control
        try:
            self._inputs.keep(learnt)
        except OutputError as problem:
            self._tell(problem)
        self._release_all_of(learnt.source)  # what it has moved would never go back to rest
        self._send(ControlLearned(control.action, control.words, learnt.source))
        self._tell_ports()

    def _forget_controls(self, port: str) -> None:
        try:
            self._inputs.forget(port)
        except OutputError as problem:
            self._tell(problem)
        self._tell_ports()

    def _tell(self, trouble: MusicAssistError) -> None:
        self._send(EngineTrouble(trouble.what, trouble.hint))
