"""Playing on from a phrase, note by note, all takes in one batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import (
    MOST_BEATS,
    N_BEATS,
    N_PITCHES,
    STEPS_PER_BEAT,
    Floats,
    Ints,
    LastNotes,
    Line,
    Setting,
    step_features,
)
from musicassist.generation.sampling import IMPOSSIBLE, draw, log_likelihood
from musicassist.generation.solo_network import SoloNetwork

FURTHEST_LEAP: Final = 16
CLOSING_BEATS: Final = 2
CLOSING_PULL: Final = 1.5  # nats in favour of resting notes at the very end

_PITCHES: Final = np.arange(N_PITCHES)
_BEATS: Final = np.arange(N_BEATS)
_SUBS: Final = np.arange(STEPS_PER_BEAT)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an answer lies and what it may do.

    Attributes:
        start: First grid step it may use.
        end: Grid step at which no note may start any more; beyond `start`.
        setting: Chords, key and metre.
        is_in_range: Pitches allowed at all, bool, shape (128,).
        scale: Pitch classes allowed besides the chord's, bool, shape (12,); None for all.
        resting: Pitch classes to close on where there is no chord, bool, shape (12,).
        temperature: Of every draw, above 0.
        nucleus: Share of likelihood drawn from, above 0 to 1.
    """

    start: int
    end: int
    setting: Setting
    is_in_range: NDArray[np.bool_]
    scale: NDArray[np.bool_] | None
    resting: NDArray[np.bool_]
    temperature: float
    nucleus: float


class Improvisation:
    """Several lines growing side by side, each from a random stream of its own.

    The network hears the primer once; from then on a place is chosen, then the note that stands
    there, until every line has left the frame.

    Args:
        network: The trained network.
        frame: Where to play and what is allowed.
        seeds: One a line.
        primer: What was played, at least one note.
    """

    def __init__(
        self, network: SoloNetwork, frame: Frame, seeds: Sequence[int], primer: Line
    ) -> None:
        self._network = network
        self._frame = frame
        self._rngs = [np.random.Generator(np.random.PCG64(seed)) for seed in seeds]
        self._said: dict[str, Floats]
        self._states: dict[str, Floats]
        self._drawn: dict[str, Ints]
        self._last: LastNotes
        self._onsets: Ints
        self._notes: list[tuple[NDArray[np.bool_], LastNotes]] = []
        self._log_likelihood = np.zeros(len(seeds))
        self.is_playing = np.ones(len(seeds), bool)
        self._listen(primer)
        self._choose_place(is_first=True)

    def play_note(self) -> None:
        """Choose the note at every line's place, then the place of the one after it."""
        features = step_features(self._last, self._onsets, self._frame.setting)
        self._said, self._states = self._network.step(features, self._states)
        roots = self._frame.setting.roots_at(self._onsets)
        logits = self._network.pitch_logits(self._said, self._last.pitches, roots)
        uniforms = self._uniforms(3)
        self._choose("pitch", logits + self._pitch_mask(), uniforms[:, 0])
        self._choose("length", self._head("length"), uniforms[:, 1])
        self._choose("micro", self._head("micro"), uniforms[:, 2])
        drawn = self._drawn
        self._last = LastNotes(drawn["pitch"], drawn["length"], drawn["micro"], self._onsets)
        self._notes.append((self.is_playing, self._last))
        self._choose_place(is_first=False)

    def lines(self) -> list[Line]:
        """Return the finished lines, one a seed."""
        return [
            Line(
                *(
                    np.array(
                        [getattr(notes, name)[row] for on, notes in self._notes if on[row]],
                        np.int64,
                    )
                    for name in ("onsets", "pitches", "lengths", "micros")
                )
            )
            for row in range(len(self._rngs))
        ]

    def scores(self) -> NDArray[np.float64]:
        """Return the mean log-likelihood of each line's notes, float64, shape (lines,)."""
        n_notes = sum((on.astype(float) for on, _ in self._notes), np.zeros(len(self._rngs)))
        mean: NDArray[np.float64] = self._log_likelihood / np.maximum(n_notes, 1)
        return mean

    def _listen(self, primer: Line) -> None:
        """Let the network hear the primer; leaves every line at the primer's last note."""
        n_notes = len(primer.onsets)
        before = np.arange(n_notes) - 1
        last = LastNotes(
            np.where(before < 0, -1, primer.pitches[before]),
            primer.lengths[before],
            primer.micros[before],
            primer.onsets[before],
        )
        states = self._network.initial_states(1)
        for features in step_features(last, primer.onsets, self._frame.setting):
            said, states = self._network.step(features[None], states)
        n_lines = len(self._rngs)
        self._said = {name: np.repeat(value, n_lines, axis=0) for name, value in said.items()}
        self._states = {name: np.repeat(value, n_lines, axis=1) for name, value in states.items()}
        self._last = LastNotes(
            *(
                np.repeat(column[-1:], n_lines)
                for column in (primer.pitches, primer.lengths, primer.micros, primer.onsets)
            )
        )
        self._onsets = self._last.onsets
        self._drawn = {"pitch": self._last.pitches, "length": self._last.lengths}

    def _choose_place(self, *, is_first: bool) -> None:
        beat = self._onsets // STEPS_PER_BEAT
        uniforms = self._uniforms(2)
        first = np.maximum(self._onsets + 1, self._frame.start)
        beyond = np.full_like(first, np.iinfo(np.int64).max)
        if is_first:
            # The first note falls in the answer's first bar, however long the pause before it.
            beat = beat + np.maximum(
                self._frame.start // STEPS_PER_BEAT - beat - MOST_BEATS // 2, 0
            )
            beats_a_bar = min(self._frame.setting.beats_a_bar, MOST_BEATS // 2)
            bar_end = self._frame.start + int(beats_a_bar * STEPS_PER_BEAT)
            beyond = np.maximum(bar_end, first + 1)
        places = (beat[:, None, None] + _BEATS[:, None]) * STEPS_PER_BEAT + _SUBS
        allowed = (places >= first[:, None, None]) & (places < beyond[:, None, None])
        reachable: NDArray[np.bool_] = np.logical_or.reduce(allowed, axis=2)
        self._choose("beats", _masked(self._head("beats"), reachable), uniforms[:, 0])
        rows, beats = np.arange(len(beat)), self._drawn["beats"]
        self._choose("sub", _masked(self._head("sub"), allowed[rows, beats]), uniforms[:, 1])
        self._onsets = (beat + beats) * STEPS_PER_BEAT + self._drawn["sub"]
        self.is_playing = self.is_playing & (self._onsets < self._frame.end)

    def _choose(self, factor: str, logits: Floats, uniforms: NDArray[np.float64]) -> None:
        frame = self._frame
        classes = draw(logits, uniforms, frame.temperature, frame.nucleus)
        self._drawn[factor] = classes
        self._log_likelihood += np.where(self.is_playing, log_likelihood(logits, classes), 0)

    def _head(self, head: str) -> Floats:
        return self._network.head_logits(head, self._said, self._drawn)

    def _pitch_mask(self) -> Floats:
        """Return what to add to pitch logits: bans, and a pull to resting notes at the end."""
        frame = self._frame
        chords = frame.setting.chords_at(self._onsets) > 0
        allowed = np.broadcast_to(frame.is_in_range, (len(self._rngs), N_PITCHES))
        if frame.scale is not None:
            allowed = allowed & (frame.scale | chords)[:, _PITCHES % 12]
        near = allowed & (np.abs(_PITCHES - self._last.pitches[:, None]) <= FURTHEST_LEAP)
        allowed = np.where(near.any(axis=1, keepdims=True), near, allowed)
        resting = np.where(chords.any(axis=1, keepdims=True), chords, frame.resting)
        is_closing = self._onsets[:, None] >= frame.end - CLOSING_BEATS * STEPS_PER_BEAT
        pull = np.where(is_closing & ~resting[:, _PITCHES % 12], -CLOSING_PULL, 0)
        return np.where(allowed, pull, IMPOSSIBLE).astype(np.float32)

    def _uniforms(self, n_draws: int) -> NDArray[np.float64]:
        return np.stack([rng.random(n_draws) for rng in self._rngs])


def _masked(logits: Floats, allowed: NDArray[np.bool_]) -> Floats:
    return np.where(allowed, logits, IMPOSSIBLE)
