"""The tempo somebody taps."""

from typing import Final

_PAUSE_S: Final = 2.0  # a longer wait begins anew
_MOST_TAPS: Final = 8  # older ones are forgotten
_OTHER_TEMPO: Final = 0.3  # a gap that differs by more is another tempo, or a slip
_FEWEST_TAPS: Final = 3


class TapTempo:
    """Listens to taps; a pause of two seconds begins anew.

    A gap much shorter or longer than those before it is taken for a slip and left out; two such
    in a row are another tempo.
    """

    def __init__(self) -> None:
        self._taps_s: list[float] = []
        self._gaps_s: list[float] = []
        self._has_slipped = False

    @property
    def n_taps(self) -> int:
        """How many taps count so far."""
        return len(self._taps_s)

    def tap(self, time_s: float) -> float | None:
        """Take in a tap; return the tempo in beats a minute once three have been tapped.

        Args:
            time_s: On any clock that runs forward.
        """
        gap_s = time_s - self._taps_s[-1] if self._taps_s else 0.0
        if not self._taps_s or not 0 < gap_s <= _PAUSE_S:
            self._begin(time_s)
            return None
        if self._gaps_s and not self._is_same_tempo(gap_s):
            if self._has_slipped:
                self._begin(self._taps_s[-1])
            else:
                self._has_slipped = True
                self._taps_s.append(time_s)
                return self._bpm()
        self._has_slipped = False
        self._gaps_s = [*self._gaps_s, gap_s][-(_MOST_TAPS - 1) :]
        self._taps_s = [*self._taps_s, time_s][-_MOST_TAPS:]
        return self._bpm()

    def _begin(self, time_s: float) -> None:
        self._taps_s = [time_s]
        self._gaps_s = []
        self._has_slipped = False

    def _is_same_tempo(self, gap_s: float) -> bool:
        usual_s = sum(self._gaps_s) / len(self._gaps_s)
        return abs(gap_s / usual_s - 1) <= _OTHER_TEMPO

    def _bpm(self) -> float | None:
        if len(self._gaps_s) < _FEWEST_TAPS - 1:
            return None
        return 60 * len(self._gaps_s) / sum(self._gaps_s)
