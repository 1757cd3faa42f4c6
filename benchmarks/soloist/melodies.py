"""Bits per pitch on the eight sets of folk tunes and chorales that IDyOM's figures are of.

Usage: python benchmarks/soloist/melodies.py FOLDER --out OUT [--sets kinder chorales ...]
    [--variants full pitch-only no-memory] [--models markov network] [--folds 10]

FOLDER holds a folder of monophonic MIDI files for each set. Ten-fold cross-validation within each
set: what a fold is tested on, nothing of that fold was trained on or counted. Every note of every
melody counts, the first too. What each model said of each fold is kept in the folder OUT as soon as
it is there, so that a run that was ended goes on where it stood; the table is made of all of it.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from markov import Counted, Mixture
from melody_report import MODELS, VARIANTS, print_table, write_shares
from melody_steps import SHIFTS, Melody, melody_row, melody_scheme, sorted_melodies
from numpy.typing import NDArray
from training_loop import Row, Schedule, Trainer, fitting, one_thread, shuffled, without_memory
from whole_shares import Heard, as_played

from musicassist.training.solo_network import NetworkSizes

SETS = ("nova", "chorales", "elsass", "jugoslav", "schweiz", "oesterrh", "kinder", "shanxi")
N_FOLDS = 10
FOLD_SEED = 4
SIZES = NetworkSizes(
    n_units=96,
    n_layers=1,
    n_input_units=64,
    n_memory_units=24,
    dropout=0.4,
    input_dropout=0.2,
    head_dropout=0.3,
)
N_HEAD_UNITS = 64
SCHEDULE = Schedule(n_steps=200, learning_rate=3e-3, weight_decay=0.05)
N_A_BATCH = 20
N_NOTES = 80  # of a melody learned from at once
AT_HOME = 0.5  # share of melodies learned from in the key they stand in

Shares = dict[str, NDArray[np.float64]]
Folds = NDArray[np.int64]
Test = Callable[[Sequence[Melody], Folds, Sequence[int]], Iterator[tuple[int, Shares]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=["full", "pitch-only"])
    parser.add_argument("--models", nargs="*", choices=MODELS, default=MODELS)
    parser.add_argument("--folds", type=int, default=N_FOLDS, help="how many of the ten to test on")
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    melodies = {name: sorted_melodies(words.folder / name) for name in words.sets}
    for model in words.models:
        for variant in words.variants:
            test = _tested_by(model, variant)
            for name in words.sets if test else ():
                out = words.out / f"{variant}-{model}-{name}"
                _run(test, out, melodies[name], words.folds)
    print_table(words.out, words.sets)


def _tested_by(model: str, variant: str) -> Test | None:
    """Return what tests a model, or None: a Markov model without memory is in its full variant."""
    knows_rhythm = variant != "pitch-only"
    if model == "network":
        return _NetworkTest(knows_rhythm, has_memory=variant != "no-memory")
    return None if variant == "no-memory" else partial(_test_markov, knows_rhythm=knows_rhythm)


def _run(test: Test, out: Path, melodies: Sequence[Melody], n_folds: int) -> None:
    """Test on the folds of one set that have not been tested on yet."""
    fold_of = np.random.default_rng(FOLD_SEED).permutation(len(melodies)) % N_FOLDS
    left = [fold for fold in range(n_folds) if not out.with_suffix(f".{fold}.npz").exists()]
    start_s = time.perf_counter()
    for fold, said in test(melodies, fold_of, left):
        held_out = [
            melody for melody, other in zip(melodies, fold_of, strict=True) if other == fold
        ]
        write_shares(out.with_suffix(f".{fold}.npz"), held_out, said)
        print(f"# {out.name} fold {fold}: {time.perf_counter() - start_s:.0f} s", flush=True)


def _test_markov(
    melodies: Sequence[Melody], fold_of: Folds, folds: Sequence[int], knows_rhythm: bool
) -> Iterator[tuple[int, Shares]]:
    """Yield what Markov models say of every class at every note of each fold."""
    if not folds:
        return
    counted = Counted(melodies, knows_rhythm)
    for fold in folds:
        held_out = fold_of == fold
        log_shares, entropies = counted.opinions(held_out)
        tested = held_out[counted.owners]
        learned = counted.classes[~tested]
        n_long = len(log_shares) // 2
        said = {}
        for name, used in (("LTM", slice(n_long)), ("LTM+STM", slice(None))):
            mixture = Mixture()
            mixture.fit(log_shares[used][:, ~tested], entropies[used][:, ~tested], learned)
            said[name] = mixture.shares(log_shares[used][:, tested], entropies[used][:, tested])
        yield fold, said


class _NetworkTest:
    """The solo network, compiled once and trained fold by fold."""

    def __init__(self, knows_rhythm: bool, has_memory: bool) -> None:
        one_thread()
        self._knows_rhythm = knows_rhythm
        scheme = melody_scheme(N_HEAD_UNITS, self._knows_rhythm)
        self._scheme = scheme if has_memory else without_memory(scheme)
        self._trainer = Trainer(SIZES, self._scheme, SCHEDULE)

    def __call__(
        self, melodies: Sequence[Melody], fold_of: Folds, folds: Sequence[int]
    ) -> Iterator[tuple[int, Shares]]:
        for fold in folds:
            yield fold, {"network": self._said_of(melodies, fold_of == fold, fold + 1)}

    def _said_of(
        self, melodies: Sequence[Melody], held_out: NDArray[np.bool_], seed: int
    ) -> NDArray[np.float64]:
        self._trainer.begin_again(seed)
        learned = [melody for melody, is_out in zip(melodies, held_out, strict=True) if not is_out]
        self._trainer.fit(self._batches(learned, np.random.default_rng(seed)))
        network = as_played(self._trainer.network, SIZES, self._scheme)
        said = [
            Heard(network, self._row(melody, 0)).shares("pitch")
            for melody, is_out in zip(melodies, held_out, strict=True)
            if is_out
        ]
        return np.concatenate(said).astype(np.float64)

    def _row(self, melody: Melody, shift: int) -> Row:
        return fitting(melody_row(melody, shift, self._knows_rhythm), self._scheme)

    def _batches(self, melodies: Sequence[Melody], rng: np.random.Generator) -> Iterator[list[Row]]:
        rows: dict[tuple[int, int], Row] = {}
        lengths = [min(len(melody.pitches), N_NOTES) for melody in melodies]
        for chosen in shuffled(lengths, N_A_BATCH, rng):
            batch = []
            for index in chosen:
                shift = 0 if rng.random() < AT_HOME else int(rng.choice(SHIFTS))
                if (index, shift) not in rows:
                    rows[index, shift] = self._row(melodies[index], shift)
                start = int(rng.integers(len(melodies[index].pitches) - lengths[index] + 1))
                window = slice(start, start + N_NOTES)
                batch.append({name: part[window] for name, part in rows[index, shift].items()})
            yield batch


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
