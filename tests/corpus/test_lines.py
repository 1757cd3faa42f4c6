"""From notes that sound together to one line, and its phrases."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicassist.corpus.lines import (
    ends_before_silence,
    from_first_bar,
    key_of_signature,
    leading_notes,
    written_line,
)
from musicassist.corpus.piece import Piece
from musicassist.generation.encoding import LENGTHS, Line, Setting, length_classes
from musicassist.music.chords import Progression, parse_chord
from musicassist.music.keys import Key

timed_pitches = st.lists(
    st.tuples(
        st.floats(0, 500, allow_nan=False), st.floats(0.5, 96, allow_nan=False), st.integers(0, 127)
    ),
    max_size=60,
)


def line_of(gaps: list[int], lengths: list[int]) -> Line:
    onsets = np.concatenate(([0], np.cumsum(gaps)))
    return Line(
        onsets,
        np.full(len(onsets), 60),
        length_classes(np.array(lengths, float)),
        np.full(len(onsets), -1),
    )


@given(timed_pitches)
def test_leading_notes_are_some_of_the_notes_in_order(notes: list) -> None:
    led = leading_notes(notes)
    assert [onset for onset, _, _ in led] == sorted({onset for onset, _, _ in led})
    assert {(duration, pitch) for _, duration, pitch in led} <= {note[1:] for note in notes}
    assert max((note[2] for note in notes), default=0) == max((note[2] for note in led), default=0)


@given(timed_pitches)
def test_a_written_line_rises_strictly_and_has_a_note_for_each(notes: list) -> None:
    led = leading_notes(notes)
    line = written_line(led)
    if line is None:
        assert len(led) < 12
    else:
        assert len(line.onsets) == len(led)
        assert (np.diff(line.onsets) > 0).all()


def test_a_phrase_ends_before_half_a_bar_of_rest_and_with_the_last_note() -> None:
    line = line_of([12, 12, 12, 60, 12, 12, 12], [12] * 8)
    assert ends_before_silence(line, 4).nonzero()[0].tolist() == [3, 7]


def test_a_phrase_ends_with_a_note_held_much_longer_than_usual() -> None:
    gaps = [12] * 6 + [72] + [12] * 4
    assert ends_before_silence(line_of(gaps, [*gaps, 12]), 4).nonzero()[0].tolist() == [6, 11]
    even_halves = [48] * 11
    assert ends_before_silence(line_of(even_halves, [48] * 12), 4).nonzero()[0].tolist() == [11]


def test_a_long_note_right_after_another_does_not_end_a_phrase_again() -> None:
    gaps = [12] * 6 + [72, 72] + [12] * 8
    assert ends_before_silence(line_of(gaps, [*gaps, 12]), 4).nonzero()[0].tolist() == [6, 16]


def test_music_that_never_rests_says_nothing_of_phrases() -> None:
    assert len(ends_before_silence(line_of([6] * 99, [6] * 100), 4)) == 0


def test_rest_before_the_first_note_goes_in_whole_bars_and_chords_stay_with_their_notes() -> None:
    changes = ((0, parse_chord("C")), (1920 * 3, parse_chord("F")), (1920 * 4, parse_chord("G")))
    setting = Setting.of(Progression(changes, 1920 * 5), Key(0))
    line = line_of([24] * 4, [24] * 5)
    late = Line(line.onsets + 3 * 96 + 48, line.pitches, line.lengths, line.micros)
    moved, around = from_first_bar(late, setting)
    assert moved.onsets[0] == 48
    assert around.changes.tolist() == [0, 96]
    assert (around.roots_at(moved.onsets) == setting.roots_at(late.onsets)).all()


def test_a_signature_is_read_as_major_or_minor_by_what_the_line_dwells_on(
    make_piece: Callable[..., Piece],
) -> None:
    major = make_piece([60, 62, 64, 65, 67, 69, 71, 60, 64, 67, 60, 60]).line
    minor = make_piece([69, 71, 60, 62, 64, 65, 67, 69, 60, 64, 69, 69]).line
    assert key_of_signature(0, major) == Key(0, "major")
    assert key_of_signature(0, minor) == Key(9, "minor")
    assert key_of_signature(None, major) == Key(0, "major")
    assert LENGTHS[major.lengths[0]] == 12
