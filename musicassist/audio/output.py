"""A real audio device, through PortAudio.

Importing this raises `NoAudioError` where PortAudio is not installed.
"""

import atexit
import ctypes
import sys
import threading
import time
from contextlib import suppress
from typing import Any, Final

import numpy as np

from musicassist.audio.heard_clock import HeardClock
from musicassist.audio.sink import FillBlock
from musicassist.errors import NoAudioError

try:
    import sounddevice
except OSError as problem:  # Linux wheels do not bring PortAudio
    raise NoAudioError(
        "The sound library PortAudio is missing, so nothing can be heard.",
        "Install it (Debian and Ubuntu: libportaudio2) and start again; all else works.",
    ) from problem

_HINT: Final = "Connect loudspeakers or headphones and start the program again; all else works."
_SILENT_S: Final = 1.0  # a device that asks for no block for so long has gone
_GOODBYE_S: Final = 0.5
_FIRST_BLOCK_S: Final = 0.1
_LATENCY_EASE: Final = 0.02


class StreamOutput:
    """One output device, asked for stereo float32 at its own rate and lowest safe latency.

    Args:
        device: PortAudio's number of the device.
        name: Its name (foreign text).
        sample_rate_hz: Frames a second.
        block_frames: How many frames to be asked for at a time; 0 leaves it to the device.

    Thread: the main loop; `fill` is called on PortAudio's.
    """

    def __init__(self, device: int, name: str, sample_rate_hz: int, block_frames: int = 0) -> None:
        self.name = name
        self.sample_rate_hz = sample_rate_hz
        self.n_late_blocks = 0
        self._device = device
        self._wanted_frames = block_frames
        self._stream: Any = None
        self._fill: FillBlock | None = None
        self._clock = HeardClock(sample_rate_hz)
        self._ahead_s = 0.0
        self._asked_s = 0.0
        self._last_frames = 0
        self._is_varying = False

    @property
    def latency_ms(self) -> float:
        """Time from a block being asked for to its being heard, as measured."""
        if self._ahead_s > 0.0 or self._stream is None:
            return self._ahead_s * 1000
        return float(self._stream.latency) * 1000

    @property
    def block_frames(self) -> int:
        """Frames asked for at a time; 0 when that varies or is not known yet."""
        return 0 if self._is_varying else self._last_frames or self._wanted_frames

    @property
    def is_running(self) -> bool:
        """Whether blocks are being asked for.

        A stream of a server that has died says that it is active for ever; the missing blocks tell.
        """
        if self._stream is None or time.perf_counter() - self._asked_s > _SILENT_S:
            return False
        return bool(self._stream.active)

    def start(self, fill: FillBlock) -> None:
        """Begin to ask for blocks.

        Raises:
            NoAudioError: The device refused.
        """
        self._fill = fill
        _quiet_alsa()
        try:
            self._stream = sounddevice.OutputStream(
                device=self._device,
                samplerate=self.sample_rate_hz,
                channels=2,
                dtype="float32",
                latency="low",
                blocksize=self._wanted_frames,
                callback=self._on_block,
            )
            self._stream.start()
        except sounddevice.PortAudioError as problem:
            self.close()
            raise NoAudioError(
                f"The audio device {self.name} refused to start.", _HINT
            ) from problem
        self._asked_s = start_s = time.perf_counter()
        while self._last_frames == 0 and time.perf_counter() - start_s < _FIRST_BLOCK_S:
            time.sleep(0.002)  # what the latency is, the first block says

    def another(self) -> "StreamOutput":
        """Return the same device once more, not started yet."""
        return StreamOutput(self._device, self.name, self.sample_rate_hz, self._wanted_frames)

    def _on_block(
        self, block: np.ndarray[Any, np.dtype[np.float32]], n_frames: int, times: Any, flags: Any
    ) -> None:
        """Fill one block.

        Thread: PortAudio's.
        Realtime: renders and counts.
        """
        now_s = self._asked_s = time.perf_counter()
        if flags.output_underflow:
            self.n_late_blocks += 1
        self._is_varying |= self._last_frames not in (0, n_frames)
        self._last_frames = n_frames
        ahead_s = self._measure_ahead_s(times)
        if ahead_s is None:
            # Some drivers leave these times empty; the block in hand is the least there can be.
            ahead_s = n_frames / self.sample_rate_hz
        if self._ahead_s == 0.0:
            self._ahead_s = ahead_s
        self._ahead_s += _LATENCY_EASE * (ahead_s - self._ahead_s)
        if self._fill is not None:
            self._fill(block, self._clock.moment_s(now_s + ahead_s, n_frames))

    def _measure_ahead_s(self, times: Any) -> float | None:
        """Return in how long this block is heard, or None where the driver does not say.

        The stream's own clock is read once more: what this thread had to wait for since the block
        was asked for is no latency of the device.
        """
        try:
            ahead_s = float(times.outputBufferDacTime - self._stream.time)
        except (sounddevice.PortAudioError, AttributeError):
            return None
        if not 0.0 < ahead_s < _SILENT_S:
            ahead_s = float(times.outputBufferDacTime - times.currentTime)
        return ahead_s if 0.0 < ahead_s < _SILENT_S else None

    def close(self) -> None:
        """Ask for no more blocks and let go of the device.

        A stream of a server that has died may never let go: it is left behind after a while, and
        PortAudio, which would abort over it, is not asked to clean up at the program's end.
        """
        stream, self._stream = self._stream, None
        if stream is None:
            return
        goodbye = threading.Thread(
            target=stream.close, args=(True,), name="audio goodbye", daemon=True
        )
        goodbye.start()
        goodbye.join(_GOODBYE_S)
        if goodbye.is_alive():
            # WORKAROUND: https://github.com/PortAudio/portaudio: closing a JACK client whose server
            # has died waits for ever, and PortAudio's clean-up aborts while it does.
            atexit.unregister(sounddevice._exit_handler)


def find_output(name: str = "", block_frames: int = 0) -> StreamOutput:
    """Return an output device, not started yet.

    Args:
        name: Part of the device's name; empty for the system's choice or, where there is none,
            the first other audio system that has one.
        block_frames: How many frames to be asked for at a time; 0 leaves it to the device.

    Raises:
        NoAudioError: There is no such device.
    """
    try:
        device, info = _named(name) if name else _default()
    except (sounddevice.PortAudioError, ValueError) as problem:
        which = f"no audio device called {name}" if name else "no audio device"
        raise NoAudioError(f"This computer has {which} to play through.", _HINT) from problem
    rate_hz = round(info["default_samplerate"])
    return StreamOutput(device, str(info["name"]), rate_hz, block_frames)


def _named(name: str) -> tuple[int, Any]:
    info = sounddevice.query_devices(name, "output")
    return int(info["index"]), info


def _default() -> tuple[int, Any]:
    candidates = [sounddevice.default.device[1]]
    candidates += [system["default_output_device"] for system in sounddevice.query_hostapis()]
    for device in candidates:
        if device >= 0:
            info = sounddevice.query_devices(device)
            if info["max_output_channels"] >= 2:
                return int(device), info
    raise ValueError("no audio system has an output")


def _quiet_alsa() -> None:
    """Keep ALSA from writing to the terminal; what matters comes as errors and flags."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        # A C function that does nothing, whatever it is handed: no Python on the audio thread.
        idle = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(idle)
