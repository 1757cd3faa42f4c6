"""When a block is heard, told from moments that jitter."""

from typing import Final

JUMP_S: Final = 0.03  # a block that far off is no jitter: there was a gap, or another latency
SETTLE_S: Final = 0.5


class HeardClock:
    """Smooths the moments at which blocks are heard.

    Blocks are asked for in bursts and late, but heard one right after the other. So each block is
    taken to be heard where the one before ended, drawn a little to what was measured; a device
    clock that runs some hundred millionths fast or slow is followed, a gap is jumped. The first
    blocks, which know nothing yet, are drawn the most.

    Source: Fons Adriaensen, "Using a DLL to filter time", Linux Audio Conference 2005.

    Args:
        sample_rate_hz: Frames a second.

    Thread: the audio callback.
    Realtime: yes.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._sample_rate_hz = sample_rate_hz
        self._next_s: float | None = None
        self._known_s = 0.0

    def moment_s(self, measured_s: float, n_frames: int) -> float:
        """Return when the first frame of the next block is heard.

        Args:
            measured_s: The moment as the device tells it.
            n_frames: Length of the block.
        """
        block_s = n_frames / self._sample_rate_hz
        if self._next_s is None or abs(measured_s - self._next_s) > JUMP_S:
            heard_s, self._known_s = measured_s, 0.0
        else:
            self._known_s = min(SETTLE_S, self._known_s + block_s)
            share = block_s / max(block_s, self._known_s)
            heard_s = self._next_s + (measured_s - self._next_s) * share
        self._next_s = heard_s + block_s
        return heard_s
