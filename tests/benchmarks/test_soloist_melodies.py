"""The melody benchmark: nothing looks ahead, nothing held out is counted, likelihoods add up."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markov import Counted, Mixture
from melody_report import Said, print_table, write_shares
from melody_steps import (
    LOWEST,
    N_CLASSES,
    SHIFTS,
    Melody,
    melody_row,
    melody_scheme,
    read_melody,
    tonics_heard,
)

from musicassist.files.smf_write import solo_bytes
from musicassist.generation.scheme import NO_ROOT
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

notes = st.tuples(st.integers(50, 84), st.sampled_from((6, 12, 24, 36)))
tunes = st.lists(notes, min_size=3, max_size=24)


def melody_of(tune: list[tuple[int, int]]) -> Melody:
    pitches = np.array([pitch for pitch, _ in tune], np.int64)
    lengths = np.array([length for _, length in tune], np.int64)
    onsets = np.cumsum(lengths) - lengths
    return Melody("made up", pitches, onsets, lengths, tonics_heard(pitches))


@given(tunes, notes, st.booleans(), st.sampled_from(SHIFTS))
@settings(max_examples=12, deadline=None)
def test_no_step_is_told_its_own_pitch_or_anything_after_it(
    tune: list[tuple[int, int]], other: tuple[int, int], knows_rhythm: bool, shift: int
) -> None:
    changed = melody_of([*tune[:-1], (other[0], tune[-1][1]), other])
    row = melody_row(melody_of(tune), shift, knows_rhythm)
    row_after = melody_row(changed, shift, knows_rhythm)
    n_steps = len(tune)
    for name in ("features", "last_pitch", "root"):
        assert np.array_equal(row[name], row_after[name][:n_steps])


@given(tunes, st.booleans())
@settings(max_examples=12, deadline=None)
def test_a_row_fits_the_scheme(tune: list[tuple[int, int]], knows_rhythm: bool) -> None:
    row = melody_row(melody_of(tune), 0, knows_rhythm)
    scheme = melody_scheme(8, knows_rhythm)
    assert row["features"].shape == (len(tune), scheme.n_features)
    assert np.array_equal(row["pitch"] + LOWEST, [pitch for pitch, _ in tune])


def test_without_rhythm_lengths_change_nothing() -> None:
    even = melody_of([(60, 24), (64, 24), (67, 24), (60, 24)])
    uneven = melody_of([(60, 6), (64, 36), (67, 12), (60, 24)])
    assert np.array_equal(
        melody_row(even, 0, False)["features"], melody_row(uneven, 0, False)["features"]
    )
    for seen_even, seen_uneven in zip(
        Counted([even, even], False).opinions(np.array([False, True])),
        Counted([uneven, uneven], False).opinions(np.array([False, True])),
        strict=True,
    ):
        assert np.array_equal(seen_even, seen_uneven)


def test_a_midi_file_is_read_note_for_note(tmp_path: Path) -> None:
    clip = Clip(tuple(Note(i * 240, 240, pitch, 90) for i, pitch in enumerate((60, 64, 67))), 720)
    path = tmp_path / "tune.mid"
    path.write_bytes(solo_bytes(clip, Timebase(), Key.parse("C"), "Tune"))
    melody = read_melody(path)
    assert melody.pitches.tolist() == [60, 64, 67]
    assert np.diff(melody.onsets).tolist() == [12, 12]
    assert melody.lengths.tolist() == [12, 12, 12]
    assert melody.tonics[0] == NO_ROOT


@given(st.lists(tunes, min_size=3, max_size=5), st.booleans())
@settings(max_examples=8, deadline=None)
def test_what_is_held_out_is_not_counted(
    several: list[list[tuple[int, int]]], knows_rhythm: bool
) -> None:
    melodies = [melody_of(tune) for tune in several]
    held_out = np.array([True, True, *([False] * (len(melodies) - 2))])
    alone = [melodies[0], *melodies[2:]]
    together = Counted(melodies, knows_rhythm)
    said, _ = together.opinions(held_out)
    said_alone, _ = Counted(alone, knows_rhythm).opinions(held_out[1:])
    n_notes = len(melodies[0].pitches)
    assert np.allclose(said[:, :n_notes], said_alone[:, :n_notes], atol=1e-5)
    assert np.allclose(np.exp(said).sum(-1), 1, atol=1e-5)


@given(tunes, notes, st.booleans())
@settings(max_examples=8, deadline=None)
def test_markov_models_hear_nothing_that_comes_later(
    tune: list[tuple[int, int]], other: tuple[int, int], knows_rhythm: bool
) -> None:
    corpus = melody_of([(60, 24), (62, 24), (64, 24), (62, 24), (60, 24)])
    changed = melody_of([*tune[:-1], (other[0], tune[-1][1]), other])
    held_out = np.array([True, False])
    said, _ = Counted([melody_of(tune), corpus], knows_rhythm).opinions(held_out)
    said_after, _ = Counted([changed, corpus], knows_rhythm).opinions(held_out)
    assert np.allclose(said[:, : len(tune)], said_after[:, : len(tune)], atol=1e-5)


def test_what_was_played_before_is_expected_again() -> None:
    motif = [(60, 12), (67, 12), (65, 12), (72, 24)]
    tune = melody_of([*motif, *motif, *motif])
    other = melody_of([(60, 12), (62, 12), (64, 12), (65, 12)])
    said, _ = Counted([tune, other], True).opinions(np.array([True, False]))
    short = np.exp(said[len(said) // 2 :, :12]).mean(axis=0)
    assert (short[8:, :].argmax(axis=1) + LOWEST).tolist() == [60, 67, 65, 72]


def test_a_mixture_trusts_the_model_that_was_right() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, N_CLASSES, 400)
    good = np.full((400, N_CLASSES), 0.2 / (N_CLASSES - 1))
    good[np.arange(400), drawn] = 0.8
    bad = rng.dirichlet(np.ones(N_CLASSES), 400)
    log_shares = np.log(np.maximum(np.stack((bad, good)), 1e-9))
    entropies = -(np.exp(log_shares) * log_shares).sum(-1) / np.log(N_CLASSES)
    mixture = Mixture()
    mixture.fit(log_shares, entropies, drawn)
    shares = mixture.shares(log_shares, entropies)
    assert shares.sum(-1) == pytest.approx(1)
    assert -np.log(shares[np.arange(400), drawn]).mean() < -np.log(0.8)


def test_kept_likelihoods_become_bits_a_pitch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tune = melody_of([(60, 24), (62, 24), (64, 24), (62, 24)])
    quarter = np.full((4, N_CLASSES), 0.75 / (N_CLASSES - 1))
    quarter[np.arange(4), tune.pitches - LOWEST] = 0.25
    for fold in range(2):
        write_shares(tmp_path / f"full-network-kinder.{fold}.npz", [tune], {"network": quarter})
    said = Said(tmp_path, "full", "kinder")
    assert said.n_folds == 2
    assert said.owners.tolist() == [0] * 4 + [1] * 4
    assert said.bits("network").value == pytest.approx(2)
    print_table(tmp_path, ["kinder"])
    assert "| full | network | kinder | 2 | 2 | 8 | 2.000 |" in capsys.readouterr().out
