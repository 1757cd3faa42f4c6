"""Passages: cut where they should be, heard by one ear, asked about truthfully."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicassist.corpus.piece import Piece
from musicassist.evaluation.answers import Wishes, ask, request_for
from musicassist.evaluation.passages import (
    clip_of_line,
    cut_passages,
    key_of,
    passage_at,
    progression_of,
    setting_from,
    timebase_of,
)
from musicassist.generation.encoding import TICKS_PER_STEP, UNKNOWN, Setting, line_from_ticks
from musicassist.music.keys import MODES, Key
from tests.evaluation.made_up import (
    BAR,
    Walker,
    make_line,
    make_passage,
    make_setting,
    walking_piece,
)


def test_passages_follow_each_other_and_hold_what_was_played() -> None:
    piece = walking_piece(1, n_bars=36)
    passages = cut_passages([piece])
    assert [each.first_bar for each in passages] == [0, 8, 16, 24]
    for passage in passages:
        at = passage.first_bar * BAR
        inside = (piece.line.onsets >= at) & (piece.line.onsets < at + 12 * BAR)
        assert (passage.whole.onsets + at == piece.line.onsets[inside]).all()
        assert (passage.whole.pitches == piece.line.pitches[inside]).all()
        assert (passage.primer.onsets < passage.start).all()
        assert (passage.answer.onsets >= passage.start).all()


def test_passages_may_overlap_and_breaks_are_no_passages() -> None:
    piece = walking_piece(1, n_bars=36)
    assert len(cut_passages([piece], stride_bars=4)) == 7
    line = make_line([*range(0, 4 * BAR, 24), 12 * BAR], [60] * 17)
    silent = Piece("silent", "", line, make_setting())
    assert cut_passages([silent]) == []
    late = make_line([*range(4 * BAR, 13 * BAR, 24)], [60] * 36)
    assert cut_passages([Piece("late", "", late, make_setting())]) == []


def test_a_pickup_moves_the_bars() -> None:
    line = make_line(range(0, 14 * BAR, 12), [60] * 112)
    setting = Setting.of(None, None, bar_origin=24)
    passage = cut_passages([Piece("pickup", "", line, setting)])[0]
    assert passage.setting.bar_origin == 0
    assert passage.primer.onsets[0] == 0
    assert len(passage.primer.onsets) == 32


def test_chords_move_with_the_passage() -> None:
    setting = make_setting("C | F | G7 | Am | Dm | C | F | G7 | C | F | G | C | E7")
    moved = setting_from(setting, 2 * BAR + 24, 4 * BAR)
    assert moved.changes.tolist() == [0, 72, 72 + 96, 72 + 192, 72 + 288]
    assert moved.roots.tolist() == [7, 9, 2, 0, 5]
    assert progression_of(setting_from(make_setting(None), 96, 96), 96) is None
    progression = progression_of(moved, 4 * BAR)
    again = Setting.of(progression, None)
    assert (again.chords == moved.chords).all()
    assert (again.roots == moved.roots).all()
    assert (again.changes == moved.changes).all()


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)))
def test_a_key_survives_being_a_setting(tonic: int, mode: str) -> None:
    found = key_of(Setting.of(None, Key(tonic, mode)))
    assert found is not None
    assert (found.tonic, found.pitch_classes) == (tonic, Key(tonic, mode).pitch_classes)
    assert key_of(Setting.of(None, None)) is None


def test_metres_survive_being_a_setting() -> None:
    for beats, signature in ((4.0, (4, 4)), (3.0, (3, 4)), (3.5, (7, 8)), (5.0, (5, 4))):
        meter = timebase_of(Setting.of(None, None, beats)).meters[0]
        assert meter.bar_ticks == beats * 480
        assert (meter.numerator, meter.denominator) == signature


def test_a_line_of_unknown_timing_is_played_on_the_grid_and_no_note_rings_into_the_next() -> None:
    line = make_line([0, 12, 30], [60, 62, 64], lengths=[24, 12, 12])
    line = type(line)(line.onsets, line.pitches, line.lengths, np.full(3, UNKNOWN))
    clip = clip_of_line(line, 0, 36)
    assert [(n.onset_ticks, n.duration_ticks) for n in clip.notes] == [
        (0, 240),
        (240, 240),
        (600, 120),
    ]
    heard = line_from_ticks([n.onset_ticks for n in clip.notes], [1, 1, 1], [60, 62, 64])
    assert heard.onsets.tolist() == [0, 12, 30]


def test_a_note_played_before_its_bar_line_stays_in_its_passage() -> None:
    line = make_line([96], [60])
    early = type(line)(line.onsets, line.pitches, line.lengths, line.micros - 8)
    assert clip_of_line(early, 96, 192).notes[0].onset_ticks == 0


def test_the_question_holds_the_primer_the_chords_and_the_key_but_not_the_answer() -> None:
    passage = passage_at(walking_piece(3), 0, 4, 8)
    request = request_for(passage, Wishes(seed=7), 2)
    assert request.n_bars == 8
    assert request.n_takes == 1
    assert request.answer_start_ticks == passage.start * TICKS_PER_STEP
    assert request.answer_end_ticks == passage.end * TICKS_PER_STEP
    assert request.key == Key(0)
    assert request.progression is not None
    assert [chord.root for _, chord in request.progression.changes[:4]] == [0, 2, 7, 0]
    assert [note.pitch for note in request.primer.notes] == passage.primer.pitches.tolist()
    assert request.seed != request_for(passage, Wishes(seed=7), 3).seed


def test_answers_stand_where_the_humans_stood() -> None:
    passages = cut_passages([walking_piece(1), walking_piece(2)])
    told: list[tuple[int, int]] = []
    asked = ask(Walker(), passages, Wishes(), lambda done, of: told.append((done, of)))
    assert told[-1] == (8, 8)
    for one, passage in zip(asked, passages, strict=True):
        assert one.passage.piece == passage.piece
        assert (one.passage.primer.pitches == passage.primer.pitches).all()
        assert one.passage.answer.onsets[0] == passage.start
        assert (one.passage.answer.onsets < passage.end).all()
        assert len(one.passage.answer.onsets) == len(one.clip.notes)
    again = ask(Walker(), passages, Wishes(), lambda done, of: None)
    assert [each.clip for each in again] == [each.clip for each in asked]


def test_a_note_at_the_very_end_is_not_heard_in_the_next_bar() -> None:
    passage = make_passage(make_line([0], [60]), n_bars=1)
    notes = [*clip_of_line(make_line([0, 90], [60, 62]), 0, BAR).notes]
    late = notes[1].__class__(1915, 5, 62)
    clip = clip_of_line(make_line([0], [60]), 0, BAR).with_notes([notes[0], late])
    assert passage.with_answer(clip).answer.pitches.tolist() == [60]
