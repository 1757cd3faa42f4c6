"""Where sound goes: what every output can do, real or fake."""

from collections.abc import Callable
from typing import Protocol

from musicassist.audio.synth import Frames

FillBlock = Callable[[Frames, float], None]
"""Asked to fill a block: float32 (n_frames, 2), and when its first frame will be heard.

The moment is in seconds on the clock of `time.perf_counter`.

Thread: the output's own.
Realtime: must not wait, lock, log or raise.
"""


class Sink(Protocol):
    """An audio output."""

    @property
    def name(self) -> str:
        """Name of the device (foreign text); empty when nothing can be heard."""
        ...

    @property
    def sample_rate_hz(self) -> int:
        """Frames a second."""
        ...

    @property
    def latency_ms(self) -> float:
        """Time from a block being asked for to its being heard, as the device reports it."""
        ...

    @property
    def block_frames(self) -> int:
        """Frames asked for at a time; 0 when that varies or is not known."""
        ...

    @property
    def is_running(self) -> bool:
        """Whether blocks are being asked for."""
        ...

    @property
    def n_late_blocks(self) -> int:
        """How many blocks came too late and were heard as a gap."""
        ...

    def start(self, fill: FillBlock) -> None:
        """Begin to ask for blocks.

        Raises:
            NoAudioError: The device refused.
        """
        ...

    def close(self) -> None:
        """Ask for no more blocks and let go of the device."""
        ...
