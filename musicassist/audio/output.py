"""A real audio device, through PortAudio.

Importing this raises `NoAudioError` where PortAudio is not installed.
"""

import ctypes
import sys
import time
from contextlib import suppress
from typing import Any, Final

import numpy as np

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


class StreamOutput:
    """One output device, asked for stereo float32 at its own rate and lowest safe latency.

    Args:
        device: PortAudio's number of the device.
        name: Its name (foreign text).
        sample_rate_hz: Frames a second.

    Thread: the main loop; `fill` is called on PortAudio's.
    """

    def __init__(self, device: int, name: str, sample_rate_hz: int) -> None:
        self.name = name
        self.sample_rate_hz = sample_rate_hz
        self.n_late_blocks = 0
        self._device = device
        self._stream: Any = None
        self._fill: FillBlock | None = None

    @property
    def latency_ms(self) -> float:
        """Time from a block being asked for to its being heard, as the device reports it."""
        return 0.0 if self._stream is None else float(self._stream.latency) * 1000

    @property
    def is_running(self) -> bool:
        """Whether blocks are being asked for."""
        return self._stream is not None and bool(self._stream.active)

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
                callback=self._on_block,
            )
            self._stream.start()
        except sounddevice.PortAudioError as problem:
            self.close()
            raise NoAudioError(
                f"The audio device {self.name} refused to start.", _HINT
            ) from problem

    def _on_block(
        self, block: np.ndarray[Any, np.dtype[np.float32]], n_frames: int, times: Any, flags: Any
    ) -> None:
        """Fill one block.

        Thread: PortAudio's.
        Realtime: renders and counts.
        """
        now_s = time.perf_counter()
        if flags.output_underflow:
            self.n_late_blocks += 1
        ahead_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 < ahead_s < 1.0:
            # Some drivers leave these times empty; the block in hand is the least there can be.
            ahead_s = n_frames / self.sample_rate_hz
        if self._fill is not None:
            self._fill(block, now_s + ahead_s)

    def close(self) -> None:
        """Ask for no more blocks and let go of the device."""
        if self._stream is not None:
            self._stream.close(ignore_errors=True)
            self._stream = None


def find_output(name: str = "") -> StreamOutput:
    """Return an output device, not started yet.

    Args:
        name: Part of the device's name; empty for the system's choice or, where there is none,
            the first other audio system that has one.

    Raises:
        NoAudioError: There is no such device.
    """
    try:
        device, info = _named(name) if name else _default()
    except (sounddevice.PortAudioError, ValueError) as problem:
        which = f"no audio device called {name}" if name else "no audio device"
        raise NoAudioError(f"This computer has {which} to play through.", _HINT) from problem
    return StreamOutput(device, str(info["name"]), round(info["default_samplerate"]))


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
