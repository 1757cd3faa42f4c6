"""Training windows: stretches of pieces as the arrays the solo network takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicassist.corpus.piece import Piece
from musicassist.generation.encoding import (
    FURTHEST_MICRO,
    N_FEATURES,
    UNKNOWN,
    Floats,
    LastNotes,
    Setting,
    gap_factors,
    step_features,
)

TRANSPOSITIONS: Final = range(-5, 7)
FACTORS: Final = ("pitch", "length", "micro", "beats", "sub")

Batch = tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]], dict[str, Floats]]


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """How windows are cut and blurred.

    Attributes:
        n_notes: Notes a window.
        n_windows: Windows a batch.
        chordless: Share of windows whose chords are hidden, so that none need be given.
        keyless: Share of windows whose key is hidden.
        styleless: Share of windows whose style is hidden.
    """

    n_notes: int = 96
    n_windows: int = 64
    chordless: float = 0.2
    keyless: float = 0.2
    styleless: float = 0.15


def random_batches(pieces: Sequence[Piece], options: WindowOptions, seed: int) -> Iterator[Batch]:
    """Yield batches for ever: random pieces, places and transpositions.

    Longer pieces are drawn more often, in proportion to their notes.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    n_notes = np.array([len(piece.line.onsets) for piece in pieces], float)
    share = n_notes / n_notes.sum()
    while True:
        rows = []
        for index in rng.choice(len(pieces), options.n_windows, p=share):
            piece = pieces[index]
            start = int(rng.integers(max(1, len(piece.line.onsets) - options.n_notes + 1)))
            shift = int(rng.choice(_fitting_shifts(piece)))
            setting = _blurred(piece.setting.transposed(shift), options, rng)
            rows.append(_window(piece, start, options.n_notes, shift, setting))
        yield _stacked(rows)


def steady_batches(pieces: Sequence[Piece], options: WindowOptions) -> list[Batch]:
    """Return every window of the pieces once, in order, as they stand: for validation."""
    rows = [
        _window(piece, start, options.n_notes, 0, piece.setting)
        for piece in pieces
        for start in range(0, len(piece.line.onsets), options.n_notes)
    ]
    size = options.n_windows
    return [_stacked(rows[start : start + size]) for start in range(0, len(rows), size)]


def _fitting_shifts(piece: Piece) -> list[int]:
    low, high = int(piece.line.pitches.min()), int(piece.line.pitches.max())
    return [shift for shift in TRANSPOSITIONS if low + shift >= 0 and high + shift <= 127]


def _blurred(setting: Setting, options: WindowOptions, rng: np.random.Generator) -> Setting:
    hide_chords, hide_key, hide_style = rng.random(3) < (
        options.chordless,
        options.keyless,
        options.styleless,
    )
    if hide_chords:
        setting = replace(
            setting, changes=setting.changes[:0], roots=setting.roots[:0], chords=setting.chords[:0]
        )
    if hide_key:
        setting = replace(setting, tonic=UNKNOWN, scale=np.zeros(12, np.float32))
    return replace(setting, style=UNKNOWN) if hide_style else setting


def _window(
    piece: Piece, start: int, n_notes: int, shift: int, setting: Setting
) -> Mapping[str, NDArray[Any]]:
    """Return inputs, targets and weights of one window, each padded to `n_notes` rows."""
    line = piece.line
    stop = min(start + n_notes, len(line.onsets))
    coming = np.arange(start, stop)
    before = np.maximum(coming - 1, 0)
    known = coming > 0
    last = LastNotes(
        np.where(known, line.pitches[before] + shift, UNKNOWN),
        line.lengths[before],
        line.micros[before],
        line.onsets[before],
    )
    onsets = line.onsets[coming]
    following = np.minimum(coming + 1, len(line.onsets) - 1)
    beats, subs = gap_factors(onsets, line.onsets[following])
    has_next = (coming + 1 < len(line.onsets)).astype(np.float32)
    has_micro = (line.micros[coming] != UNKNOWN).astype(np.float32)
    ones = np.ones(len(coming), np.float32)
    columns: dict[str, NDArray[Any]] = {
        "features": step_features(last, onsets, setting),
        "last_pitch": np.maximum(last.pitches, 0),
        "root": setting.roots_at(onsets),
        "pitch": line.pitches[coming] + shift,
        "length": line.lengths[coming],
        "micro": np.where(has_micro > 0, line.micros[coming], FURTHEST_MICRO),
        "beats": beats,
        "sub": subs,
        "pitch_weight": ones,
        "length_weight": ones,
        "micro_weight": has_micro,
        "beats_weight": has_next,
        "sub_weight": has_next,
    }
    padding = n_notes - len(coming)
    return {
        name: np.concatenate((column, np.zeros((padding, *column.shape[1:]), column.dtype)))
        for name, column in columns.items()
    }


def _stacked(rows: Sequence[Mapping[str, NDArray[Any]]]) -> Batch:
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    inputs: dict[str, NDArray[Any]] = {"features": columns["features"]}
    for name in ("last_pitch", "root", "pitch", "length", "beats"):
        inputs[name] = columns[name].astype(np.int32)
    targets = {name: columns[name].astype(np.int32) for name in FACTORS}
    weights: dict[str, Floats] = {name: columns[f"{name}_weight"] for name in FACTORS}
    assert inputs["features"].shape[-1] == N_FEATURES
    return inputs, targets, weights
