"""Practice solos of our own making: what makes them music."""

import numpy as np
import pytest

from musicassist.corpus.piece import Piece
from musicassist.corpus.practice import PRACTICE_STYLES, practice_pieces
from musicassist.corpus.practice_rock import COMPASS as ROCK_COMPASS
from musicassist.corpus.practice_shred import COMPASS as SHRED_COMPASS
from musicassist.generation.encoding import FURTHEST_MICRO, LENGTHS, NO_ROOT
from musicassist.music.manner import STYLES

N_PIECES = 36


@pytest.fixture(scope="module", params=sorted(PRACTICE_STYLES))
def solos(request: pytest.FixtureRequest) -> list[Piece]:
    return list(practice_pieces(request.param, N_PIECES, seed=3))


def test_one_seed_gives_the_same_solos_however_many_are_asked_for(solos: list[Piece]) -> None:
    style = STYLES[solos[0].setting.style]
    again = list(practice_pieces(style, 5, seed=3))
    other = list(practice_pieces(style, 5, seed=4))
    for one, same, different in zip(solos, again, other, strict=False):
        assert (one.line.onsets.tolist(), one.line.pitches.tolist()) == (
            same.line.onsets.tolist(),
            same.line.pitches.tolist(),
        )
        assert one.line.micros.tolist() == same.line.micros.tolist()
        assert one.line.pitches.tolist() != different.line.pitches.tolist()


def test_all_keys_are_played_in_16_to_32_bars(solos: list[Piece]) -> None:
    assert {piece.setting.tonic for piece in solos} == set(range(12))
    for piece in solos:
        n_bars = piece.line.onsets[-1] // 96 + 1
        assert 15 <= n_bars <= 32
        assert len(piece.line.onsets) >= 40


def test_one_note_sounds_at_a_time_within_the_instruments_range(solos: list[Piece]) -> None:
    compass = {"shred": SHRED_COMPASS, "rock": ROCK_COMPASS}[STYLES[solos[0].setting.style]]
    for piece in solos:
        line = piece.line
        gaps = np.diff(line.onsets)
        assert (gaps > 0).all()
        assert (LENGTHS[line.lengths[:-1]] <= gaps).all()
        assert compass.low <= line.pitches.min()
        assert line.pitches.max() <= compass.high
        assert np.abs(np.diff(line.pitches)).max() <= 16


def test_notes_belong_to_the_key_or_the_chord(solos: list[Piece]) -> None:
    for piece in solos:
        line, setting = piece.line, piece.setting
        classes = line.pitches % 12
        in_chord = setting.chords_at(line.onsets)[np.arange(len(classes)), classes] > 0
        # Minor lines raise the seventh or not, and blues lines take notes of six scales.
        degrees = (classes - setting.tonic) % 12
        allowed = [0, 2, 3, 5, 7, 8, 10, 11] if setting.style == 4 else [0, 2, 3, 4, 5, 6, 7, 9, 10]
        assert (in_chord | np.isin(degrees, allowed)).all()


def test_every_solo_has_chords_throughout_and_comes_home(solos: list[Piece]) -> None:
    for piece in solos:
        setting = piece.setting
        assert (setting.roots_at(piece.line.onsets) != NO_ROOT).all()
        assert setting.roots[-1] == setting.tonic
        last = int(piece.line.pitches[-1]) % 12
        assert setting.chords_at(piece.line.onsets[-1:])[0, last] == 1


def test_phrases_end_in_a_chord_note_and_a_breath(solos: list[Piece]) -> None:
    for piece in solos:
        line, ends = piece.line, piece.phrase_ends
        assert ends[-1]
        assert 4 <= ends.sum() <= len(ends) / 3
        at_ends = line.onsets[ends], line.pitches[ends] % 12
        chords = piece.setting.chords_at(at_ends[0])
        assert (chords[np.arange(len(chords)), at_ends[1]] == 1).all()
        inner = ends[:-1]
        assert (line.onsets[1:][inner] - line.onsets[:-1][inner] >= 12).all()


def test_ideas_come_back_but_solos_are_not_loops(solos: list[Piece]) -> None:
    """Of three-interval cells with their rhythm, some return and most do not."""
    shares = []
    for piece in solos:
        intervals, gaps = np.diff(piece.line.pitches), np.diff(piece.line.onsets)
        cells = [
            (*intervals[at : at + 3].tolist(), *gaps[at : at + 3].tolist())
            for at in range(len(gaps) - 2)
        ]
        shares.append(1 - len(set(cells)) / len(cells))
    assert 0.1 < np.mean(shares) < 0.8


def test_no_scale_goes_on_for_ever(solos: list[Piece]) -> None:
    for piece in solos:
        directions = np.sign(np.diff(piece.line.pitches))
        same = np.split(directions, np.flatnonzero(np.diff(directions)) + 1)
        assert max(len(run) for run in same) <= 26


def test_timing_wavers_slowly_as_a_hand_does(solos: list[Piece]) -> None:
    micros = [piece.line.micros - FURTHEST_MICRO for piece in solos]
    assert all(np.abs(each).max() < FURTHEST_MICRO for each in micros)
    on_beats = [
        each[piece.line.onsets % 24 != 12] for each, piece in zip(micros, solos, strict=True)
    ]
    neighbours = np.concatenate([(each - each.mean())[:-1] for each in on_beats])
    followers = np.concatenate([(each - each.mean())[1:] for each in on_beats])
    assert np.corrcoef(neighbours, followers)[0, 1] > 0.4
    assert 0.5 < np.concatenate(on_beats).std() < 6


def test_rock_is_swung_or_straight_and_shred_is_straight(solos: list[Piece]) -> None:
    second_eighths = [
        float((piece.line.micros - FURTHEST_MICRO)[piece.line.onsets % 24 == 12].mean())
        for piece in solos
    ]
    if STYLES[solos[0].setting.style] == "rock":
        assert max(second_eighths) > 9
    else:
        assert max(second_eighths) < 6
    assert min(second_eighths) < 4


def test_another_style_is_refused() -> None:
    with pytest.raises(ValueError, match="polka"):
        next(practice_pieces("polka", 1, seed=1))
