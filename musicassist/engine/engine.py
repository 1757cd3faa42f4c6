"""The engine itself: between the devices, the person's playing and the window's wishes."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from musicassist.audio.fake import TimedSink
from musicassist.audio.schedule import frame_at, schedule_clip
from musicassist.engine.capture import PAD_CHANNEL, Capture
from musicassist.engine.devices import Devices
from musicassist.engine.held import HeldControls
from musicassist.engine.player import Player
from musicassist.engine.protocol import (
    PLAYER_CHANNEL,
    Command,
    EngineReady,
    EngineTrouble,
    Event,
    GrabPhrase,
    InputPortsChanged,
    KeyMoved,
    NothingToGrab,
    Panic,
    PhraseCaptured,
    PlayClip,
    PlayheadMoved,
    PressKey,
    ReleaseKey,
    SetVolume,
    Stop,
)
from musicassist.engine.renderer import PlaybackEnded, PlaybackKey, Renderer
from musicassist.errors import DeviceError, MusicAssistError
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent
from musicassist.music.timebase import Timebase

SCREEN_KEYBOARD: Final = "On-screen keyboard"
PLAYHEAD_NS: Final = 33_000_000
LARGEST_JITTER_S: Final = 0.15
SILENT_DB: Final = -60.0

_SINK_CHECK_NS: Final = 1_000_000_000


class Engine:
    """Listens, captures, plays and reports; one `step` every few milliseconds.

    Args:
        devices: What to work with.
        send: Told of every event.
        now_ns: The monotonic clock; another one in tests.

    Thread: the main loop calls everything but `_on_input`.
    """

    def __init__(
        self,
        devices: Devices,
        send: Callable[[Event], None],
        now_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._devices = devices
        self._sink = devices.sink
        self._send = send
        self._now_ns = now_ns
        self._arrived: deque[tuple[str, RawEvent]] = deque()
        self._capture = Capture()
        self._held = HeldControls()
        self._renderer = Renderer(devices.synth, self._sink.sample_rate_hz)
        self._inputs = devices.open_inputs(self._on_input)
        self._player: Player | None = None
        self._play_id = 0
        self._timebase = Timebase()
        self._next_playhead_ns = 0
        self._playhead_frame = 0.0
        self._next_sink_check_ns = 0
        self._n_faults_told = 0

    def start(self) -> None:
        """Start the sound and say that the engine is ready, then what is missing."""
        troubles = list(self._devices.troubles)
        try:
            self._sink.start(self._renderer.fill)
        except DeviceError as problem:
            troubles.append(problem)
            self._go_on_without_sound()
        self._tell_ready()
        for trouble in troubles:
            self._tell(trouble)
        self._look_after_ports()

    def _tell_ready(self) -> None:
        is_heard = self._sink.name != ""
        self._send(
            EngineReady(
                self._sink.name,
                self._sink.sample_rate_hz if is_heard else 0,
                self._sink.latency_ms,
                self._devices.synth.description,
            )
        )

    def step(self) -> None:
        """Do what is due now."""
        self._look_after_ports()
        self._take_in_arrivals()
        take = self._capture.check(self._now_ns())
        if take is not None:
            self._send(PhraseCaptured(take))
        self._report_playback()
        self._look_after_sound()

    def obey(self, command: Command) -> None:
        """Carry out a command of the window's; `ShutDown` is the host's."""
        match command:
            case PlayClip():
                self._play(command)
            case Stop():
                self._renderer.stop()
                self._end_playback()
            case Panic():
                self._silence()
            case SetVolume(volume_db):
                self._renderer.set_gain(_gain(volume_db))
            case PressKey(pitch, velocity):
                self._play_on_screen(NOTE_ON, pitch, velocity)
            case ReleaseKey(pitch):
                self._play_on_screen(NOTE_OFF, pitch, 64)
            case GrabPhrase():
                self._grab()

    def close(self) -> None:
        """Let go of all devices."""
        self._inputs.close()
        self._sink.close()

    def _on_input(self, source: str, event: RawEvent) -> None:
        """Hand an event on to the synth and to capture.

        Thread: rtmidi's.
        Realtime: two appends.
        """
        self._renderer.live.append(_for_live_voice(event))
        self._arrived.append((source, event))

    def _look_after_ports(self) -> None:
        report = self._inputs.poll(self._now_ns())
        if report is None:
            return
        for source in report.vanished:
            self._release_all_of(source)
            self._tell_vanished(source)
        if report.vanished or report.appeared:
            self._send(InputPortsChanged(report.names))
        for problem in report.problems:
            self._tell(problem)

    def _release_all_of(self, source: str) -> None:
        """End what a port that has gone will never end itself."""
        self._take_in_arrivals()
        for release in self._held.releases(source, self._now_ns()):
            self._on_input(source, release)
        self._take_in_arrivals()

    def _tell_vanished(self, source: str) -> None:
        self._send(
            EngineTrouble(
                f"The MIDI input {source} has gone.",
                "Plug it in again; it is found by itself, and nothing played is lost.",
            )
        )

    def _take_in_arrivals(self) -> None:
        while self._arrived:
            source, event = self._arrived.popleft()
            self._held.add(event, source)
            self._capture.add(event, source)
            if event.is_note_on or event.is_note_off:
                self._send(KeyMoved(event.data1, event.is_note_on, False, source))

    def _play_on_screen(self, kind: int, pitch: int, velocity: int) -> None:
        if not (0 <= pitch <= 127 and 1 <= velocity <= 127):
            return
        event = RawEvent(self._now_ns(), kind | PLAYER_CHANNEL, pitch, velocity)
        self._on_input(SCREEN_KEYBOARD, event)
        self._take_in_arrivals()

    def _grab(self) -> None:
        self._take_in_arrivals()
        take = self._capture.grab(self._now_ns())
        self._send(NothingToGrab() if take is None else PhraseCaptured(take, was_grabbed=True))

    def _silence(self) -> None:
        """Silence everything, and regard every key as released, whatever the keyboards say."""
        self._take_in_arrivals()
        self._renderer.panic()
        self._capture.forget_held()
        for source, pitch in self._held.forget():
            self._send(KeyMoved(pitch, is_down=False, is_playback=False, source=source))
        self._end_playback()

    def _play(self, command: PlayClip) -> None:
        rate_hz = self._sink.sample_rate_hz
        schedule = schedule_clip(command.clip, command.timebase, rate_hz)
        start_frame = frame_at(command.start_ticks, command.timebase, rate_hz)
        self._timebase, self._play_id = command.timebase, command.play_id
        self._player = Player(schedule, start_frame, command.is_looping)
        self._renderer.play(self._player)
        self._next_playhead_ns = 0
        self._playhead_frame = float(self._player.frame)

    def _end_playback(self) -> None:
        if self._player is not None:
            ticks = self._ticks_at(self._player.frame)
            self._player = None
            self._send(PlayheadMoved(ticks, is_playing=False, play_id=self._play_id))

    def _report_playback(self) -> None:
        now_ns = self._now_ns()
        facts = self._renderer.facts
        while facts and facts[0].heard_s * 1e9 <= now_ns:
            match facts.popleft():
                case PlaybackKey(_, pitch, is_down):
                    self._send(KeyMoved(pitch, is_down, is_playback=True))
                case PlaybackEnded(_, player) if player is self._player:
                    self._end_playback()
        position = self._renderer.position
        if self._player is None or position is None or position.player is not self._player:
            return
        if now_ns < self._next_playhead_ns:
            return
        self._next_playhead_ns = now_ns + PLAYHEAD_NS
        elapsed_s = now_ns / 1e9 - position.heard_s
        frame = position.player.heard_frame(position.frame, elapsed_s * self._sink.sample_rate_hz)
        self._playhead_frame = self._without_jitter(frame)
        ticks = self._ticks_at(self._playhead_frame)
        self._send(PlayheadMoved(ticks, is_playing=True, play_id=self._play_id))

    def _without_jitter(self, frame: float) -> float:
        """Hold the playhead where a late block would make it step back a little."""
        step_back_s = (self._playhead_frame - frame) / self._sink.sample_rate_hz
        return self._playhead_frame if 0 < step_back_s < LARGEST_JITTER_S else frame

    def _ticks_at(self, frame: float) -> float:
        return self._timebase.ticks_at(frame / self._sink.sample_rate_hz)

    def _look_after_sound(self) -> None:
        if self._renderer.n_faults > 0 and self._n_faults_told == 0:
            self._n_faults_told = self._renderer.n_faults
            self._send(
                EngineTrouble(
                    "A mistake in the program silenced part of the sound.",
                    "Please report this; playing goes on.",
                )
            )
        now_ns = self._now_ns()
        if now_ns < self._next_sink_check_ns:
            return
        self._next_sink_check_ns = now_ns + _SINK_CHECK_NS
        if not self._sink.is_running:
            self._sink.close()
            self._go_on_without_sound()
            self._tell_ready()
            self._send(
                EngineTrouble(
                    "The audio device has gone.",
                    "Everything but sound goes on; plug it in and start the program again.",
                )
            )

    def _go_on_without_sound(self) -> None:
        self._sink = TimedSink(sample_rate_hz=self._sink.sample_rate_hz)
        self._sink.start(self._renderer.fill)

    def _tell(self, trouble: MusicAssistError) -> None:
        self._send(EngineTrouble(trouble.what, trouble.hint))


def _for_live_voice(event: RawEvent) -> RawEvent:
    """Return the event on the player's channel, whatever channel the keyboard sends on."""
    if event.channel in (PLAYER_CHANNEL, PAD_CHANNEL):
        return event
    return RawEvent(event.time_ns, event.kind | PLAYER_CHANNEL, event.data1, event.data2)


def _gain(volume_db: float) -> float:
    """Return the factor for a volume; full scale is the most, and -60 dB or less is silence."""
    return 0.0 if not volume_db > SILENT_DB else 10.0 ** (min(0.0, volume_db) / 20.0)
