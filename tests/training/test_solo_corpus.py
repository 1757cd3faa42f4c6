"""Reading pieces to learn from: tables and scores, on small pieces of our own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musicassist.generation.encoding import FURTHEST_MICRO, UNKNOWN
from musicassist.music.manner import STYLES
from musicassist.training.solo_corpus import read_corpus, without_repeats
from musicassist.training.solo_windows import FACTORS, WindowOptions, random_batches, steady_batches

Writer = Callable[..., None]


def test_tables_give_grid_places_timing_lengths_and_chords(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path)
    held_back, *learned = read_corpus(tmp_path)
    assert held_back.is_held_back
    assert not any(piece.is_held_back for piece in learned)
    line = held_back.line
    assert line.onsets[:4].tolist() == [0, 12, 24, 36]
    # .02 s at half a second a beat is .04 beat: 3.84 of 96ths.
    assert (line.micros[:-2] == FURTHEST_MICRO + 4).all()
    assert set(line.lengths[:-2].tolist()) == {5}  # half of half a beat: 6 steps
    setting = held_back.setting
    assert setting.roots[:4].tolist() == [5, 10, 0, 5]
    assert setting.tonic == 5
    assert setting.style == STYLES.index("jazz")


@pytest.mark.training
def test_a_score_gives_melody_chords_key_and_the_first_full_bar(
    tmp_path: Path, write_score: Writer
) -> None:
    write_score(tmp_path / "tune.musicxml")
    (piece,) = read_corpus(tmp_path)
    assert piece.line.onsets[:3].tolist() == [0, 24, 48]
    assert piece.line.pitches[0] == 60
    assert (piece.line.micros == UNKNOWN).all()
    assert piece.setting.bar_origin == 24
    assert piece.setting.roots[:3].tolist() == [5, 10, 5]
    assert piece.setting.tonic == 5
    assert piece.setting.style == STYLES.index("song")


@pytest.mark.training
def test_a_score_nobody_can_read_is_passed_over(tmp_path: Path, write_score: Writer) -> None:
    (tmp_path / "bad.musicxml").write_text("<score-partwise><oops>")
    (tmp_path / "zip.mxl").write_bytes(b"PK\x03\x04 not really")
    write_score(tmp_path / "good.musicxml")
    assert len(list(read_corpus(tmp_path))) == 1


def test_the_same_music_under_another_name_is_learned_once(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path, n_solos=2)
    first, second = read_corpus(tmp_path)
    assert list(without_repeats([first, second])) == [first, second]
    assert list(without_repeats([first, first, second])) == [first, second]


def test_windows_line_up_inputs_and_targets(tmp_path: Path, write_weimar: Writer) -> None:
    write_weimar(tmp_path)
    pieces = list(read_corpus(tmp_path))
    options = WindowOptions(n_notes=10, n_windows=4)
    inputs, targets, weights = steady_batches(pieces, options)[0]
    assert inputs["features"].shape[:2] == (4, 10)
    assert (inputs["last_pitch"][0, 1:] == targets["pitch"][0, :-1]).all()
    assert (targets["pitch"][0] == pieces[0].line.pitches[:10]).all()
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
    one, again, other = (
        next(random_batches(pieces, options, seed))[1]["pitch"] for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any()
    assert len({int(row[0]) for row in one}) > 6
    assert np.isin(one, np.arange(128)).all()
