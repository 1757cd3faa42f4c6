"""Cutting pieces into training windows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from musicassist.corpus.reading import read_corpus
from musicassist.music.manner import N_LEVELS, QUALITIES
from musicassist.training.solo_windows import (
    FACTORS,
    WindowOptions,
    manner_borders,
    random_batches,
    steady_batches,
)

Writer = Callable[..., None]


def test_windows_line_up_inputs_and_weights(tmp_path: Path, write_weimar: Writer) -> None:
    write_weimar(tmp_path)
    pieces = list(read_corpus(tmp_path))
    options = WindowOptions(n_notes=10, n_windows=4)
    inputs, targets, weights = steady_batches(pieces, options)[0]
    assert inputs["features"].shape[:2] == (4, 10)
    assert (inputs["last_pitch"][0, 1:] == inputs["pitch"][0, :-1]).all()
    assert (inputs["pitch"][0] == pieces[0].line.pitches[:10]).all()
    assert set(targets) == set(weights) == set(FACTORS)
    n_notes = sum(len(piece.line.onsets) for piece in pieces)
    batches = steady_batches(pieces, options)
    assert sum(float(batch[2]["pitch"].sum()) for batch in batches) == n_notes


def test_random_windows_come_in_other_keys_and_again_from_the_same_seed(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path)
    pieces = list(read_corpus(tmp_path))
    options = WindowOptions(n_notes=16, n_windows=24)
    shares = np.ones(len(pieces))
    borders = manner_borders(pieces, options, seed=1)
    assert borders.shape == (len(QUALITIES), N_LEVELS - 1)
    assert (np.diff(borders, axis=1) >= 0).all()
    one, again, other = (
        next(random_batches(pieces, shares, options, borders, seed))[0]["pitch"]
        for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any()
    assert len({int(row[0]) for row in one}) > 6
    assert np.isin(one, np.arange(128)).all()


def test_pieces_without_a_share_are_never_drawn(tmp_path: Path, write_weimar: Writer) -> None:
    write_weimar(tmp_path)
    pieces = list(read_corpus(tmp_path))
    options = WindowOptions(n_notes=16, n_windows=12)
    borders = manner_borders(pieces, options, seed=1)
    shares = [float(index == 1) for index in range(len(pieces))]
    drawn = next(random_batches(pieces, shares, options, borders, 1))[0]["pitch"]
    intervals = {tuple(row.tolist()) for row in np.diff(drawn, axis=1)}
    learned = np.diff(pieces[1].line.pitches)
    known = {tuple(learned[at : at + 15].tolist()) for at in range(len(learned) - 14)}
    assert intervals <= known
