"""The token stream benchmark: places, transposition, and likelihoods that add up."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from token_steps import KINDS, REST, SHIFTS, Tokens, Vocabulary, token_row, token_scheme
from token_stream import Said, Tally, _at_home

TOKENS = [
    [128, "1/2", 0, 7, "dominant"],
    [67, "1/4", 6, 7, "dominant"],
    [69, "1/48", 9, 7, "dominant"],
    [70, "11/48", 9, 0, "minor-seventh"],
    [67, "1", 12, 0, "minor-seventh"],
    [128, "2", 24, 0, "none"],
    [129, "0", 0, 5, "major"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    durations = ["1/48", "11/48", "1/4", "1/2", "1", "2"]
    (tmp_path / "durations.json").write_text(json.dumps(durations), encoding="utf-8")
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"name": "made up", "tokens": TOKENS}) + "\n")
    return tmp_path


@pytest.fixture
def solo(folder: Path) -> Tokens:
    (solo,) = Vocabulary(folder).read(folder / "train.jsonl.gz")
    return solo


def test_places_finer_than_the_stream_tells_follow_from_the_durations(solo: Tokens) -> None:
    assert solo.fine_places.tolist() == [0, 24, 36, 37, 48, 96, 0]
    assert solo.last_pitches.tolist() == [-1, -1, 67, 69, 70, 67, 67]
    assert [KINDS[kind] for kind in solo.kinds][3] == "minor-seventh"


def test_a_row_fits_the_scheme_and_a_window_is_a_part_of_it(solo: Tokens) -> None:
    whole = token_row(solo, 2, 7)
    assert whole["features"].shape == (7, token_scheme(7).n_features)
    assert whole["pitch"].tolist() == [128, 69, 71, 72, 69, 128, 129]
    part = token_row(solo, 2, 7, slice(2, 5))
    assert all(np.array_equal(part[name], values[2:5]) for name, values in whole.items())


def test_no_step_is_told_its_own_pitch_and_duration(folder: Path, solo: Tokens) -> None:
    for index in range(len(TOKENS)):
        changed: list[list[Any]] = [list(token) for token in TOKENS]
        changed[index][:2] = [72, "11/48"]
        other = Vocabulary(folder)._tokens("changed", changed)
        row, row_after = token_row(solo, 0, 7), token_row(other, 0, 7)
        for name in ("features", "last_pitch", "root"):
            assert np.array_equal(row[name][: index + 1], row_after[name][: index + 1])


def test_a_rest_offers_no_interval(solo: Tokens) -> None:
    row = token_row(solo, 0, 7)
    offers, wants = row["pitch_interval_offer"], row["pitch_interval_want"]
    assert (offers[solo.pitches >= REST] < 0).all()
    assert not set(wants[offers < 0]) & set(offers)


@pytest.mark.parametrize("shift", SHIFTS)
def test_likelihoods_of_transposed_pitches_come_home(shift: int) -> None:
    shares = np.zeros((2, 130))
    shares[0, 60 + shift] = 0.7
    shares[0, REST] = 0.3
    shares[1, 129] = 1
    home = _at_home(shares, shift)
    assert home[0, 60] == 0.7
    assert home[0, REST] == 0.3
    assert home[1, 129] == 1


def test_an_ensemble_averages_likelihoods_and_a_tally_counts_nats(solo: Tokens) -> None:
    n_tokens = len(solo.pitches)
    rows = np.arange(n_tokens)

    def sure(share: float) -> Said:
        durations, pitches = np.full((n_tokens, 7), 0.01), np.full((n_tokens, 130), 0.001)
        durations[rows, solo.durations] = 0.5
        pitches[rows, solo.pitches] = share
        return Said(durations, pitches * 0.5, pitches)

    tally = Tally()
    tally.add(0, solo, Said.mean([sure(0.2), sure(0.6)]))
    figures = tally.figures()
    assert figures["nats: duration"][0] == pytest.approx(np.log(2))
    assert figures["nats: pitch, told the duration"][0] == pytest.approx(-np.log(0.4))
    assert figures["nats: duration, then pitch"][0] == pytest.approx(-np.log(0.2))
    assert figures["share right: pitch, duration summed out"][0] == 1
