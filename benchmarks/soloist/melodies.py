"""Bits per pitch on the eight sets of folk tunes and chorales that IDyOM's figures are of.

Usage: python benchmarks/soloist/melodies.py FOLDER --out FIGURES.json [--sets kinder chorales ...]
    [--variants full no-memory pitch-only] [--seeds 1] [--folds 10]

FOLDER holds a folder of monophonic MIDI files for each set. Ten-fold cross-validation within each
set: what a fold is tested on, nothing of that fold was trained on or counted. Every note of every
melody counts, the first too. Each fold's figures are written as soon as they are there, and a run
that was ended goes on where it stood.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from markov import Counted, Mixture
from melody_steps import N_CLASSES, SHIFTS, Melody, melody_row, melody_scheme, sorted_melodies
from numpy.typing import NDArray
from training_loop import Row, Schedule, Trainer, fitting, shuffled, without_memory
from whole_shares import Heard, as_played

from musicassist.evaluation.statistics import Share, draws_of_pieces, interval_of
from musicassist.training.solo_network import NetworkSizes

SETS = ("nova", "chorales", "elsass", "jugoslav", "schweiz", "oesterrh", "kinder", "shanxi")
IDYOM = {  # bits per pitch: long-term and short-term model together
    "nova": 2.468,
    "chorales": 2.347,
    "elsass": 2.540,
    "jugoslav": 2.588,
    "schweiz": 2.454,
    "oesterrh": 2.651,
    "kinder": 2.106,
    "shanxi": 2.681,
}
VARIANTS = ("full", "no-memory", "pitch-only")
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
AT_HOME = 0.5  # share of melodies trained on in the key they stand in
FOLD_SEED = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=["full"])
    parser.add_argument("--folds", type=int, default=10, help="how many of the ten to test on")
    parser.add_argument(
        "--seeds", type=int, default=1, help="networks whose likelihoods are averaged"
    )
    words = parser.parse_args()
    print(
        "| set | variant | model | pitches | bits | 95 % | IDyOM |\n|---|---|---|---|---|---|---|"
    )
    for variant in words.variants:
        bench = Bench(variant, words.seeds, words.out)
        for name in words.sets:
            bench.run_set(name, sorted_melodies(words.folder / name), words.folds)


class Bench:
    """One variant of the benchmark, on set after set."""

    def __init__(self, variant: str, n_seeds: int, out: Path) -> None:
        self._variant, self._n_seeds, self._out = variant, n_seeds, out
        self._knows_rhythm = variant != "pitch-only"
        scheme = melody_scheme(N_HEAD_UNITS, self._knows_rhythm)
        self._scheme = without_memory(scheme) if variant == "no-memory" else scheme
        self._trainer = Trainer(SIZES, self._scheme, SCHEDULE)

    def run_set(self, name: str, melodies: Sequence[Melody], n_folds: int) -> None:
        """Test on the folds of one set, and print its figures."""
        fold_of = np.random.default_rng(FOLD_SEED).permutation(len(melodies)) % 10
        counted = Counted(melodies, self._knows_rhythm)
        for fold in range(n_folds):
            key = f"{self._variant}/{name}/{fold}/{self._n_seeds}"
            done = _read(self._out)
            if key in done:
                continue
            start_s = time.perf_counter()
            held_out = fold_of == fold
            models = self._markov(counted, held_out)
            by_seed = [
                self._network(melodies, held_out, 100 * seed + fold)
                for seed in range(1, self._n_seeds + 1)
            ]
            models["network"] = np.mean(by_seed, axis=0)
            owners = counted.owners[held_out[counted.owners]]
            drawn = counted.classes[held_out[counted.owners]]
            self._keep_shares(key, models, drawn, owners)
            done = _read(self._out)
            done[key] = {
                "names": [melodies[owner].name for owner in dict.fromkeys(owners.tolist())],
                "n_pitches": [
                    int((owners == owner).sum()) for owner in dict.fromkeys(owners.tolist())
                ],
                "bits": {
                    model: _bits_by_melody(shares, drawn, owners)
                    for model, shares in models.items()
                },
                "seconds": round(time.perf_counter() - start_s, 1),
            }
            self._out.write_text(json.dumps(done), encoding="utf-8")
            means = {m: round(sum(b) / len(drawn), 3) for m, b in done[key]["bits"].items()}
            print(f"# {key} {means} {done[key]['seconds']} s", flush=True)

    def _keep_shares(self, key: str, models: dict[str, Any], drawn: Any, owners: Any) -> None:
        folder = self._out.with_suffix(".shares")
        folder.mkdir(exist_ok=True)
        shares = {model: values.astype(np.float32) for model, values in models.items()}
        np.savez_compressed(folder / key.replace("/", "_"), drawn=drawn, owners=owners, **shares)

    def _markov(self, counted: Counted, held_out: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        log_shares, entropies = counted.opinions(held_out)
        tested = held_out[counted.owners]
        n_long = len(log_shares) // 2
        models = {}
        for name, used in (("Markov LTM", slice(0, n_long)), ("Markov LTM+STM", slice(None))):
            mixture = Mixture()
            mixture.fit(
                log_shares[used][:, ~tested], entropies[used][:, ~tested], counted.classes[~tested]
            )
            models[name] = mixture.shares(log_shares[used][:, tested], entropies[used][:, tested])
        return models

    def _network(
        self, melodies: Sequence[Melody], held_out: NDArray[np.bool_], seed: int
    ) -> NDArray[np.float64]:
        """Train on what is not held out; return likelihoods of every class where it is."""
        self._trainer.begin_again(seed)
        learned_from = [
            melody for melody, is_out in zip(melodies, held_out, strict=True) if not is_out
        ]
        self._trainer.fit(self._batches(learned_from, np.random.default_rng(seed)))
        network = as_played(self._trainer.network, SIZES, self._scheme)
        shares = [
            Heard(network, self._row(melody, 0)).shares("pitch")
            for melody, is_out in zip(melodies, held_out, strict=True)
            if is_out
        ]
        return np.concatenate(shares).astype(np.float64)

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


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _bits_by_melody(
    shares: NDArray[np.float64], drawn: NDArray[np.int64], owners: NDArray[np.int64]
) -> list[float]:
    bits = -np.log2(shares[np.arange(len(drawn)), drawn])
    return [float(bits[owners == owner].sum()) for owner in dict.fromkeys(owners.tolist())]


if __name__ == "__main__":
    main()
