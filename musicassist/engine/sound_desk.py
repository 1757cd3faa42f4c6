"""The sound output while the engine runs: it may go, and it may come back."""

import threading
from collections.abc import Callable
from typing import Final

from musicassist.audio.fake import TimedSink
from musicassist.audio.sink import FillBlock, Sink
from musicassist.audio.synth import Frames
from musicassist.engine.devices import Devices
from musicassist.engine.protocol import EngineReady, EngineTrouble, Event, Sound, SoundHealth
from musicassist.engine.renderer import Renderer
from musicassist.errors import DeviceError

CHECK_NS: Final = 500_000_000
RETRY_NS: Final = 3_000_000_000
HEALTH_NS: Final = 1_000_000_000


class SoundDesk:
    """Starts the sound, watches it, and lets the music run on silently while there is none.

    A device that has gone is tried again every `RETRY_NS`, on a thread of its own, since a driver
    may take its time to say no.

    Args:
        devices: What to work with.
        renderer: What makes the blocks.
        send: Told of every event.
        is_keeping: Whether what is played is kept, to be told with `EngineReady`.

    Thread: the main loop.
    """

    def __init__(
        self,
        devices: Devices,
        renderer: Renderer,
        send: Callable[[Event], None],
        is_keeping: bool = False,
    ) -> None:
        self._devices = devices
        self._renderer = renderer
        self._send = send
        self._is_keeping = is_keeping
        self._sink: Sink = devices.sink
        self._gate = _Gate(renderer.fill)
        self._attempt: _Attempt | None = None
        self._n_late_before = 0
        self._next_check_ns = 0
        self._next_try_ns = 0
        self._next_health_ns = 0
        self._told = SoundHealth(0, 0.0, 0.0)
        self._is_fault_told = False

    def start(self) -> DeviceError | None:
        """Start the sound; return why it cannot be heard, if so."""
        try:
            self._sink.start(self._gate.fill)
            self._gate.open()
        except DeviceError as problem:
            self._go_on_silently()
            return problem
        return None

    def tell_ready(self) -> None:
        """Say what there is."""
        sink, synth = self._sink, self._devices.synth
        is_heard = sink.name != ""
        self._send(
            EngineReady(
                sink.name,
                sink.sample_rate_hz if is_heard else 0,
                round(sink.latency_ms, 2),
                synth.description,
                tuple(Sound(program, name) for program, name in synth.sounds),
                sink.block_frames if is_heard else 0,
                self._devices.audio_devices,
                self._is_keeping,
            )
        )

    def step(self, now_ns: int) -> None:
        """Look after the output, and tell how it does."""
        if self._renderer.n_faults and not self._is_fault_told:
            self._is_fault_told = True
            self._send(
                EngineTrouble(
                    "A mistake in the program silenced part of the sound.",
                    "Please report this; playing goes on.",
                )
            )
        if now_ns >= self._next_check_ns:
            self._next_check_ns = now_ns + CHECK_NS
            if not self._sink.is_running:
                self._lose(now_ns)
            elif not self._sink.name:
                self._try_again(now_ns)
        if now_ns >= self._next_health_ns:
            self._next_health_ns = now_ns + HEALTH_NS
            self._tell_health()

    def close(self) -> None:
        """Let go of the output."""
        self._gate.shut()
        self._sink.close()
        if self._attempt is not None and self._attempt.sink is not None:
            self._attempt.sink.close()

    def _lose(self, now_ns: int) -> None:
        lost = self._sink.name
        self._gate.shut()
        self._sink.close()
        self._go_on_silently()
        self._next_try_ns = now_ns + RETRY_NS
        self.tell_ready()
        self._send(
            EngineTrouble(
                "The audio device has gone.",
                "Everything but sound goes on; plug it in again or choose another in the settings.",
                about=lost,
            )
        )

    def _go_on_silently(self) -> None:
        self._n_late_before += self._sink.n_late_blocks
        self._sink = TimedSink(sample_rate_hz=self._sink.sample_rate_hz)
        self._gate = _Gate(self._renderer.fill)
        self._gate.open()
        self._sink.start(self._gate.fill)

    def _try_again(self, now_ns: int) -> None:
        if self._attempt is None:
            if self._devices.reopen_sink is not None and now_ns >= self._next_try_ns:
                self._attempt = _Attempt(self._devices.reopen_sink(), self._renderer.fill)
            return
        if self._attempt.is_under_way:
            return
        attempt, self._attempt = self._attempt, None
        self._next_try_ns = now_ns + RETRY_NS
        if attempt.sink is None:
            return
        self._gate.shut()
        self._sink.close()
        self._sink, self._gate = attempt.sink, attempt.gate
        self._gate.open()
        self.tell_ready()

    def _tell_health(self) -> None:
        n_late = self._n_late_before + self._sink.n_late_blocks + self._renderer.n_faults
        load = round(min(1.0, self._renderer.load), 2)
        health = SoundHealth(n_late, load, round(self._sink.latency_ms, 1))
        if health != self._told:
            self._told = health
            self._send(health)


class _Gate:
    """Lets one output at a time ask for blocks.

    Thread: `fill` on the output's, all else on the main loop.
    """

    def __init__(self, fill: FillBlock) -> None:
        self._fill = fill
        self._is_open = False

    def open(self) -> None:
        """Let blocks be filled."""
        self._is_open = True

    def shut(self) -> None:
        """Let blocks be silent."""
        self._is_open = False

    def fill(self, block: Frames, heard_s: float) -> None:
        """Fill a block, with silence while the gate is shut."""
        if self._is_open:
            self._fill(block, heard_s)
        else:
            block[:] = 0


class _Attempt:
    """One try to start an output, on a thread of its own.

    Attributes:
        sink: The output, once it has started; None before, or when it has refused.
        gate: Shut until somebody opens it.
    """

    def __init__(self, sink: Sink, fill: FillBlock) -> None:
        self.sink: Sink | None = None
        self.gate = _Gate(fill)
        self._thread = threading.Thread(
            target=self._start, args=(sink,), name="audio attempt", daemon=True
        )
        self._thread.start()

    @property
    def is_under_way(self) -> bool:
        """Whether the driver has not answered yet."""
        return self._thread.is_alive()

    def _start(self, sink: Sink) -> None:
        try:
            sink.start(self.gate.fill)
        except DeviceError:
            return
        self.sink = sink
