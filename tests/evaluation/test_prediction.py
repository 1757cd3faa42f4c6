"""Nats a note, and the choice among four."""

import numpy as np
import pytest

from musicassist.evaluation.passages import cut_passages
from musicassist.evaluation.prediction import Reader, choice, moved_to, prediction
from musicassist.generation.fake import EchoSoloist
from tests.evaluation.made_up import (
    Monkey,
    Walker,
    make_line,
    make_passage,
    make_setting,
    walking_piece,
)


def tell(done: int, of: int) -> None:
    pass


def test_nats_are_a_mean_over_notes_whole_and_by_factor() -> None:
    pieces = [walking_piece(1, 8), walking_piece(2, 16)]
    found = prediction(Walker(), pieces, tell)
    assert list(found) == ["note", "length", "pitch"]
    leaps = [np.abs(np.diff(piece.line.pitches)) for piece in pieces]
    n_notes = sum(len(piece.line.onsets) for piece in pieces)
    assert found["length"].value == 1.0
    assert found["pitch"].value == pytest.approx(0.5 * sum(map(np.sum, leaps)) / n_notes)
    assert found["note"].value == pytest.approx(found["pitch"].value + 1)


def test_who_knows_the_music_chooses_better_than_who_does_not() -> None:
    passages = cut_passages([walking_piece(number) for number in range(6)])
    rng = np.random.Generator(np.random.PCG64(9))
    wild = [
        make_passage(
            make_line(
                each.answer.onsets - each.start, rng.integers(40, 80, len(each.answer.onsets))
            ),
            each.primer,
            piece=6 + index,
        )
        for index, each in enumerate(passages)
    ]
    # Among wild ones a walk is always found; a wild one never is, unless all four are wild.
    walker = choice(Walker(), [*passages, *wild], 24, 1, tell)
    monkey = choice(Monkey(), [*passages, *wild], 200, 1, tell)
    assert walker.value > 0.5
    assert 0.1 < monkey.value < 0.45
    assert choice(Walker(), [*passages, *wild], 24, 1, tell).value == walker.value


def test_there_is_no_choice_among_too_few() -> None:
    passages = cut_passages([walking_piece(1, 12), walking_piece(2, 12)])
    assert np.isnan(choice(Walker(), passages, 5, 1, tell).value)


def test_others_answers_come_in_this_key_by_the_shortest_way() -> None:
    line = make_line([0], [60])
    in_c = make_passage(line, setting=make_setting("C7", "C"))
    in_a = make_passage(line, setting=make_setting("A7", "A"), piece=1)
    in_g_flat = make_passage(line, setting=make_setting("Gb7", "Gb"), piece=1)
    assert moved_to(in_c, in_a).pitches.tolist() == [63]
    assert moved_to(in_a, in_c).pitches.tolist() == [57]
    assert moved_to(in_c, in_g_flat).pitches.tolist() == [66]
    assert moved_to(in_a, in_c).onsets.tolist() == [in_c.start]
    no_key = make_passage(line, setting=make_setting("D7", None))
    assert moved_to(in_c, no_key).pitches.tolist() == [58]
    nothing = make_passage(line, setting=make_setting(None, None))
    assert moved_to(in_c, nothing).pitches.tolist() == [60]
    high = make_passage(make_line([0, 12], [127, 100]), setting=make_setting("A7", "A"))
    assert moved_to(in_c, high).pitches.tolist() == [118, 91]


def test_not_every_soloist_says_how_likely_it_finds_a_note() -> None:
    assert isinstance(Walker(), Reader)
    assert not isinstance(EchoSoloist(), Reader)
