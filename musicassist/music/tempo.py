"""The tempo of a free performance: found from when its notes were struck.

Every tempo from 80 to 160 beats a minute is tried at once. For each, the likeliest way through the
places of the beat (on it, half, quarters, thirds) is followed from note to note, while beat and
length of the beat may drift a little, as they do without a click. The best way wins; how far it is
ahead of the best other tempo, and how steadily it was kept, says how sure one may be.

Source: the idea of following several hypotheses from note to note is S. Dixon, Automatic Extraction
of Tempo and Beat from Expressive Performances, 2001; the weights are our own, set on the Weimar
Jazz Database.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.music.take import Take

SLOWEST_BPM: Final = 80.0
FASTEST_BPM: Final = 160.0
FEWEST_ONSETS: Final = 4

_CHORD_S: Final = 0.035  # notes struck closer than this are one chord
_MOST_ONSETS: Final = 160  # the start of a longer phrase says enough
_STEP: Final = 1.025  # from one tempo tried to the next
_JITTER_S: Final = 0.024
_DRIFT: Final = 0.05  # of the time since the last note
_FOLLOW_PLACE: Final = 0.5
_FOLLOW_TEMPO: Final = 0.14
_FURTHEST: Final = 0.05  # a tempo tried drifts no further than this
_MISS: Final = -4.0  # a note that fits nowhere costs as much as a bad fit
_STEADY: Final = 0.7  # notes off by less than this, on the average, keep a tempo
_UNSTEADY: Final = 1.1  # as far off as notes struck at random
_LIKELY_BPM: Final = 120.0
_SPREAD_OCTAVES: Final = 0.35
_SAME_OCTAVES: Final = 0.08  # tempos closer than this are one

# Places in the beat, and how often a note stands there when eighths are straight, and when they
# swing or are triplets.
_PLACES: Final = np.array([0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4])
_SHARES: Final = np.array(
    [
        [0.516, 0.067, 0.005, 0.34, 0.005, 0.067],
        [0.54, 0.005, 0.08, 0.05, 0.32, 0.005],
    ]
)
# A short beat fits anything, because its places lie close together: a fit counts for more the
# longer the beat is.
_SPARSE: Final = 1.3
_USUAL_BEAT_WIDTHS: Final = 16.0
# What is followed by a beat of rest or more: seldom a note between the eighths.
_LONG: Final = np.array([0.6, -0.6, -0.3, 0, 0, -0.6])

_BEGIN_ON_BEAT: Final = 0.2  # where both would do, a phrase begins on the beat

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TempoEstimate:
    """What can be heard of a free performance's tempo.

    Attributes:
        bpm: Beats a minute, `SLOWEST_BPM`-`FASTEST_BPM`.
        confidence: 0 (any other tempo would do as well) to 1 (sure).
        place_beats: Where in its beat the first note stands: 0 on it, .5 half a beat after it.
    """

    bpm: float
    confidence: float
    place_beats: float


def tempo_of_take(take: Take) -> TempoEstimate | None:
    """Return the tempo a take was played in, or None if it has too few notes to say."""
    return estimate_tempo([event.time_ns / 1e9 for event in take.events if event.is_note_on])


def estimate_tempo(onsets_s: Sequence[float]) -> TempoEstimate | None:
    """Return the tempo notes were struck in, or None if they are too few to say.

    Args:
        onsets_s: When each note was struck, in order.
    """
    onsets = _without_chords(onsets_s)[:_MOST_ONSETS]
    if len(onsets) < FEWEST_ONSETS:
        return None
    ways = _Ways(onsets[0])
    for onset_s in onsets[1:]:
        ways.follow(onset_s)
    return ways.estimate(len(onsets))


def _without_chords(onsets_s: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for onset_s in onsets_s:
        if not kept or onset_s - kept[-1] > _CHORD_S:
            kept.append(onset_s)
    return kept


class _Ways:
    """The best way to every place of the beat, for every tempo tried and both kinds of eighths.

    All arrays have the shape (tempos, kinds, places); float64.
    """

    def __init__(self, first_s: float) -> None:
        n_tempos = int(np.log(FASTEST_BPM / SLOWEST_BPM) / np.log(_STEP)) + 2
        self.tried_bpm = np.geomspace(SLOWEST_BPM, FASTEST_BPM, n_tempos)
        shape = (n_tempos, *_SHARES.shape)
        self.tried_s = np.broadcast_to(60 / self.tried_bpm[:, None, None], shape)
        self.log_shares = np.log(_SHARES)
        octaves = np.log2(self.tried_bpm / _LIKELY_BPM) / _SPREAD_OCTAVES
        begin = self.log_shares + _BEGIN_ON_BEAT * (_PLACES == 0)
        self.score = np.broadcast_to(begin, shape) - octaves[:, None, None] ** 2 / 2
        self.beat_s = self.tried_s.copy()
        self.place_s = np.full(shape, first_s)
        self.first_place = np.broadcast_to(_PLACES, shape).copy()
        self.n_beats = np.zeros(shape)
        self.first_s = first_s
        # What a straight line through (beats, seconds) is found from.
        self.sums = np.zeros((4, *shape))
        self.n_fitted = np.ones(shape)
        self.misfit = np.zeros(shape)  # squares of how far notes were off, in usual jitters

    def follow(self, onset_s: float) -> None:
        """Take the next note in: at a place of the beat, or as one that fits nowhere."""
        steps = _PLACES[None, :] - _PLACES[:, None]  # from (row) to (column)
        beat_s = self.beat_s[..., :, None]
        gap_s = onset_s - self.place_s[..., :, None]
        beats = np.round(gap_s / beat_s - steps) + steps
        beats = np.where(beats < 0.2, beats + 1, beats)
        late_s = gap_s - beats * beat_s
        width_s = np.hypot(_JITTER_S, _DRIFT * gap_s)
        sparse = _SPARSE * np.log(beat_s / width_s / _USUAL_BEAT_WIDTHS)
        rest = np.where(beats > 0.9, _LONG[:, None], 0.0)
        fit = sparse + rest - (late_s / width_s) ** 2 / 2
        reached = self.score[..., :, None] + fit + self.log_shares[None, :, None, :]
        origin = reached.argmax(axis=-2)
        score = _from(reached, origin)
        missed = self.score + _MISS
        is_fit = score >= missed
        self._go_on(onset_s, origin, is_fit, _from(beats, origin), _from(late_s, origin))
        misfit = np.where(is_fit, _from((late_s / width_s) ** 2, origin), -_MISS)
        before = np.where(is_fit, np.take_along_axis(self.misfit, origin, axis=-1), self.misfit)
        self.misfit = before + misfit
        self.score = np.where(is_fit, score, missed)

    def _go_on(
        self,
        onset_s: float,
        origin: NDArray[np.intp],
        is_fit: NDArray[np.bool_],
        beats: Floats,
        late_s: Floats,
    ) -> None:
        def moved(values: Floats) -> Floats:
            return np.take_along_axis(values, origin, axis=-1)

        n_beats = moved(self.n_beats) + beats
        seconds = onset_s - self.first_s
        beat_s = moved(self.beat_s) + _FOLLOW_TEMPO * late_s / np.maximum(1, beats)
        least, most = self.tried_s * (1 - _FURTHEST), self.tried_s * (1 + _FURTHEST)
        self.beat_s = np.where(is_fit, np.clip(beat_s, least, most), self.beat_s)
        place_s = onset_s - (1 - _FOLLOW_PLACE) * late_s
        self.place_s = np.where(is_fit, place_s, self.place_s)
        terms = (n_beats, np.full_like(n_beats, seconds), n_beats * seconds, n_beats**2)
        for index, term in enumerate(terms):
            self.sums[index] = np.where(is_fit, moved(self.sums[index]) + term, self.sums[index])
        self.n_fitted = np.where(is_fit, moved(self.n_fitted) + 1, self.n_fitted)
        self.first_place = np.where(is_fit, moved(self.first_place), self.first_place)
        self.n_beats = np.where(is_fit, n_beats, self.n_beats)

    def estimate(self, n_onsets: int) -> TempoEstimate:
        """Return the tempo of the best way."""
        best = np.unravel_index(self.score.argmax(), self.score.shape)
        bpm = 60 / self._fitted_beat_s(best)
        best_of_each = self.score.max(axis=(1, 2))
        octaves = np.abs(np.log2(self.tried_bpm / self.tried_bpm[best[0]]))
        # Half and double are the same tempo counted otherwise: no reason for doubt.
        is_other = (octaves > _SAME_OCTAVES) & (octaves < 1 - 2 * _SAME_OCTAVES)
        others = best_of_each[is_other]
        ahead = float(self.score[best] - others.max())
        off = float(self.misfit[best]) / (n_onsets - 1)
        steady = min(max((_UNSTEADY - off) / (_UNSTEADY - _STEADY), 0.0), 1.0)
        confidence = (1 - math.exp(-ahead / 3)) * min(1.0, n_onsets / 8) * steady
        bpm = float(np.clip(bpm, SLOWEST_BPM, FASTEST_BPM))
        return TempoEstimate(bpm, confidence, float(self.first_place[best]))

    def _fitted_beat_s(self, way: tuple[np.intp, ...]) -> float:
        """Return the slope of the straight line through all notes of a way."""
        sum_x, sum_y, sum_xy, sum_xx = (float(total[way]) for total in self.sums)
        n = float(self.n_fitted[way])
        spread = n * sum_xx - sum_x**2
        if spread <= 0:
            return float(self.beat_s[way])
        return (n * sum_xy - sum_x * sum_y) / spread


def _from(values: Floats, origin: NDArray[np.intp]) -> Floats:
    """Return, for each place reached, the value of the way it is best reached by."""
    return np.take_along_axis(values, origin[..., None, :], axis=-2)[..., 0, :]
