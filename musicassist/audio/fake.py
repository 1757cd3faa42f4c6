"""Audio outputs without hardware: one paced by a timer, one pumped by hand."""

import threading
import time
from typing import Final

import numpy as np

from musicassist.audio.sink import FillBlock
from musicassist.audio.synth import Frames

BLOCK_FRAMES: Final = 512
_CATCH_UP_S: Final = 0.2


class TimedSink:
    """Asks for blocks in real time and throws them away, so that a playhead runs without sound.

    Args:
        name: Name to show; empty says that nothing can be heard.
        sample_rate_hz: Frames a second.

    Thread: `fill` is called on a thread of its own.
    """

    latency_ms = 0.0
    n_late_blocks = 0
    block_frames = BLOCK_FRAMES

    def __init__(self, name: str = "", sample_rate_hz: int = 48_000) -> None:
        self.name = name
        self.sample_rate_hz = sample_rate_hz
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether blocks are being asked for."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, fill: FillBlock) -> None:
        """Begin to ask for blocks."""
        self._thread = threading.Thread(
            target=self._run, args=(fill,), name="timed sink", daemon=True
        )
        self._thread.start()

    def _run(self, fill: FillBlock) -> None:
        block = np.zeros((BLOCK_FRAMES, 2), np.float32)
        block_s = BLOCK_FRAMES / self.sample_rate_hz
        due_s = time.perf_counter()
        while not self._is_over.is_set():
            fill(block, due_s)
            due_s += block_s
            now_s = time.perf_counter()
            if now_s - due_s > _CATCH_UP_S:
                due_s = now_s  # the computer slept: go on from here instead of racing after
            self._is_over.wait(max(0.0, due_s - now_s))

    def close(self) -> None:
        """Ask for no more blocks."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()


class HandPumpedSink:
    """Asks for blocks when told to, and keeps what it got.

    Args:
        sample_rate_hz: Frames a second.
        latency_s: Time from a block being asked for to its being heard.

    Attributes:
        n_frames: How many frames have been pumped.
        n_late_blocks: As the one who pumps wants it.

    Thread: the one that pumps.
    """

    name = "Hand-pumped output"
    block_frames = 0

    def __init__(self, sample_rate_hz: int = 48_000, latency_s: float = 0.0) -> None:
        self.sample_rate_hz = sample_rate_hz
        self.latency_ms = latency_s * 1000
        self.n_frames = 0
        self.n_late_blocks = 0
        self._fill: FillBlock | None = None

    @property
    def is_running(self) -> bool:
        """Whether blocks may be pumped."""
        return self._fill is not None

    def start(self, fill: FillBlock) -> None:
        """Remember whom to ask."""
        self._fill = fill

    def pump(self, n_frames: int) -> Frames:
        """Ask for one block and return it.

        It is heard at the moment its frames are counted to, and the latency later.
        """
        if self._fill is None:
            raise ValueError("start the sink before pumping it")
        block = np.zeros((n_frames, 2), np.float32)
        heard_s = self.n_frames / self.sample_rate_hz + self.latency_ms / 1000
        self._fill(block, heard_s)
        self.n_frames += n_frames
        return block

    def close(self) -> None:
        """Ask nobody any more."""
        self._fill = None
