"""What models said of held-out melodies, kept fold by fold, and the table made of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from markov import Mixture
from melody_steps import LOWEST, N_CLASSES, Melody
from numpy.typing import NDArray

from musicassist.evaluation.statistics import Share, draws_of_pieces, interval_of

MODELS: Final = ("markov", "network")
VARIANTS: Final = ("full", "pitch-only", "no-memory")
IDYOM: Final = {  # bits per pitch, long-term and short-term model together, from the pitches alone
    "nova": 2.468,
    "chorales": 2.347,
    "elsass": 2.540,
    "jugoslav": 2.588,
    "schweiz": 2.454,
    "oesterrh": 2.651,
    "kinder": 2.106,
    "shanxi": 2.681,
}
BOTH: Final = "network x LTM+STM"
_DRAW_SEED: Final = 1
_LEAST: Final = 1e-9

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, Any]


def write_shares(path: Path, melodies: Sequence[Melody], said: Mapping[str, Floats]) -> None:
    """Keep what was said of every class at every note of some melodies."""
    drawn = np.concatenate([melody.pitches - LOWEST for melody in melodies])
    owners = np.repeat(np.arange(len(melodies)), [len(melody.pitches) for melody in melodies])
    shares = {name: values.astype(np.float32) for name, values in said.items()}
    unfinished = path.with_suffix(".unfinished.npz")
    np.savez_compressed(unfinished, drawn=drawn, owners=owners, **shares)
    unfinished.replace(path)


class Said:
    """What every model said of one set, all folds one after the other."""

    def __init__(self, out: Path, variant: str, name: str) -> None:
        self.shares: dict[str, Floats] = {}
        self.drawn, self.owners = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.n_folds = 0
        for model in MODELS:
            paths = sorted(out.glob(f"{variant}-{model}-{name}.*.npz"))
            folds = [dict(np.load(path)) for path in paths if "unfinished" not in path.name]
            if not folds or (self.n_folds and len(folds) != self.n_folds):
                continue
            self.n_folds = len(folds)
            self.drawn = np.concatenate([fold["drawn"] for fold in folds])
            ends = np.cumsum([0, *(int(fold["owners"][-1]) + 1 for fold in folds)])
            owners = [fold["owners"] + end for fold, end in zip(folds, ends, strict=False)]
            self.owners = np.concatenate(owners)
            for kind in folds[0].keys() - {"drawn", "owners"}:
                self.shares[kind] = np.concatenate([fold[kind] for fold in folds])

    def opinions(self) -> tuple[Floats, Floats]:
        """Return what is multiplied: log-likelihoods of both models, and their entropies."""
        shares = np.stack([self.shares["network"], self.shares["LTM+STM"]]).astype(np.float64)
        log_shares = np.log(np.maximum(shares, _LEAST))
        return log_shares, -(shares * log_shares).sum(-1) / np.log(N_CLASSES)

    def bits(self, kind: str) -> Share:
        """Return bits per pitch by one model."""
        picked = self.shares[kind][np.arange(len(self.drawn)), self.drawn]
        bits = -np.log2(np.maximum(picked, 1e-30))
        return Share(bits, np.ones(len(bits)), self.owners)


def print_table(out: Path, sets: Sequence[str]) -> None:
    """Print what is known so far, a row a set and model, and keep it as `figures.json`."""
    rows = [row for variant in VARIANTS for row in _rows(out, variant, sets)]
    (out / "figures.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if not rows:
        return
    print("| " + " | ".join(rows[0]) + " |")
    print("|---" * len(rows[0]) + "|")
    for row in rows:
        shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row.values())
        print("| " + " | ".join(shown) + " |")


def _rows(out: Path, variant: str, sets: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of one variant: each model on each set, then on their average."""
    said = {name: Said(out, variant, name) for name in sets}
    said = {name: one for name, one in said.items() if one.n_folds}
    _multiply(said)
    for kind in ("LTM", "LTM+STM", "network", BOTH):
        rows, draws = [], []
        for name, one in said.items():
            if kind not in one.shares:
                continue
            n_melodies = int(one.owners[-1]) + 1
            bits = one.bits(kind)
            draws.append(bits.drawn(draws_of_pieces(n_melodies, _DRAW_SEED)))
            counts = {"folds": one.n_folds, "melodies": n_melodies, "pitches": len(one.drawn)}
            low, high = interval_of(draws[-1])
            rows.append(_row(variant, kind, name, counts, (bits.value, low, high, IDYOM[name])))
        yield from rows
        if len(rows) > 1:
            counts = {name: sum(row[name] for row in rows) for name in ("melodies", "pitches")}
            counts = {"folds": min(row["folds"] for row in rows), **counts}
            low, high = interval_of(np.mean(draws, axis=0))
            ours, theirs = (np.mean([row[name] for row in rows]) for name in ("bits", "IDyOM"))
            mean = (float(ours), low, high, float(theirs))
            yield _row(variant, kind, f"mean of {len(rows)}", counts, mean)


def _row(
    variant: str, kind: str, name: str, counts: Row, bits: tuple[float, float, float, float]
) -> Row:
    value, low, high, theirs = bits
    figures = {"bits": value, "from": low, "to": high, "IDyOM": theirs}
    return {"variant": variant, "model": kind, "set": name, **counts, **figures}


def _multiply(said: Mapping[str, Said]) -> None:
    """Add to each set the product of both models, its exponents fitted to the other sets."""
    both = {name: one for name, one in said.items() if {"network", "LTM+STM"} <= one.shares.keys()}
    for name, one in both.items():
        mixture = Mixture()
        others = [(other.opinions(), other.drawn) for key, other in both.items() if key != name]
        if not others:
            continue
        mixture.fit(
            np.concatenate([log_shares for (log_shares, _), _ in others], axis=1),
            np.concatenate([entropies for (_, entropies), _ in others], axis=1),
            np.concatenate([drawn for _, drawn in others]),
        )
        one.shares[BOTH] = mixture.shares(*one.opinions())
