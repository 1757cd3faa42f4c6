"""A room around the sound: a short echo from side to side, and the reverberation behind it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.audio.synth import Frames

REVERBERATION_S: Final = 1.3

# Ways between the walls, in milliseconds; no two share a divisor, so that their echoes scatter.
_WALLS_MS: Final = (29.7, 37.1, 41.1, 43.7, 53.3, 59.9, 67.1, 73.9)
_ECHO_MS: Final = 340.0
_ECHO_FEEDBACK: Final = 0.3
_DAMPING: Final = 0.42  # share of each turn that is smoothed: high tones die sooner, as in rooms
_ROOM_LEVEL: Final = 0.32
_ECHO_LEVEL: Final = 0.4
_MUTE: Final = 1e-7  # -140 dB

# Every wall sends to every other, equally strong, with signs that keep the energy.
_TWO: Final = np.array([[1.0, 1.0], [1.0, -1.0]])
_SCATTER: Final = np.kron(np.kron(_TWO, _TWO), _TWO) / np.sqrt(len(_WALLS_MS))


class Echo:
    """Adds echo and reverberation to a mix, in place.

    Args:
        sample_rate_hz: Frames a second.

    Attributes:
        amount: 0 (dry; costs nothing) to 1; may be set at any time and is reached within a block.

    Thread: the audio callback; `amount` from anywhere.
    Realtime: yes; some small arrays are made a block.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self.amount = 0.0
        self._amount = 0.0
        delays_ms = np.array([*_WALLS_MS, _ECHO_MS, _ECHO_MS])
        self._delays = np.round(delays_ms * sample_rate_hz / 1000).astype(np.intp)
        self._most_frames = int(self._delays.min()) - 1  # beyond it a block would hear itself
        n_kept = 1 << int(self._delays.max() + self._most_frames).bit_length()
        self._lines = np.zeros((len(delays_ms), n_kept), np.float32)
        self._rows = np.arange(len(delays_ms))[:, None]
        self._at = 0
        n_walls = len(_WALLS_MS)
        losses = 10.0 ** (-3 * self._delays[:n_walls] / (REVERBERATION_S * sample_rate_hz))
        self._feedback: NDArray[np.float32] = (_SCATTER * losses).astype(np.float32)
        self._n_quiet = int(self._delays.max())  # frames since anything was sent

    def silence(self) -> None:
        """Let nothing ring on."""
        self._lines[:] = 0.0
        self._n_quiet = int(self._delays.max())

    def process(self, block: Frames) -> None:
        """Add the room to a block; float32 (n_frames, 2)."""
        before, wanted = self._amount, self.amount
        is_quiet = self._n_quiet >= self._delays.max()
        if before == wanted == 0.0 or (is_quiet and not block.any()):
            self._amount = wanted
            return
        amounts = np.linspace(before, wanted, len(block), dtype=np.float32)
        for start in range(0, len(block), self._most_frames):
            part = slice(start, start + self._most_frames)
            self._process_some(block[part], amounts[part, None])
        self._amount = wanted
        if wanted == 0.0:
            self.silence()

    def _process_some(self, block: Frames, amounts: Frames) -> None:
        n_frames, n_walls = len(block), len(_WALLS_MS)
        mask = self._lines.shape[1] - 1
        now = self._at + np.arange(n_frames)
        # One frame more than is heard: damping looks at the frame before.
        back = np.arange(self._at - 1, self._at + n_frames) - self._delays[:, None]
        heard = self._lines[self._rows, back & mask]
        arrived = heard[:, 1:].copy()
        arrived[:n_walls] *= 1 - _DAMPING
        arrived[:n_walls] += _DAMPING * heard[:n_walls, :-1]
        walls, echoes = arrived[:n_walls], arrived[n_walls:]
        sent = np.empty_like(arrived)
        np.matmul(self._feedback, walls, out=sent[:n_walls])
        sent[0:n_walls:2] += block[:, 0]
        sent[1:n_walls:2] += block[:, 1]
        sent[n_walls] = 0.5 * block.sum(axis=1) + _ECHO_FEEDBACK * echoes[1]
        sent[n_walls + 1] = _ECHO_FEEDBACK * echoes[0]  # the answer comes from the other side
        if np.abs(sent).max() > _MUTE:
            self._n_quiet = 0
        else:
            sent[:] = 0.0  # what is too small to hear would slow arithmetic down
            self._n_quiet += n_frames
        self._lines[:, now & mask] = sent
        self._at += n_frames
        for side in (0, 1):
            wet = _ROOM_LEVEL * walls[side::2].sum(axis=0) + _ECHO_LEVEL * echoes[side]
            block[:, side] += amounts[:, 0] * wet
