"""Whole bars around the notes."""

from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.phrase import RINGING_TICKS, as_phrase, is_another, whole_bars_ticks
from musicassist.music.timebase import MeterChange, Timebase

COMMON_TIME = Timebase.steady(120)

notes = st.builds(
    Note, st.integers(0, 9000), duration_ticks=st.integers(1, 3000), pitch=st.integers(0, 127)
)


def test_no_notes_fill_no_bars() -> None:
    assert whole_bars_ticks((), COMMON_TIME) == 0


def test_a_note_up_to_the_bar_line_fills_one_bar() -> None:
    assert whole_bars_ticks([Note(1440, 480, 60)], COMMON_TIME) == 1920
    assert whole_bars_ticks([Note(1440, 480 + RINGING_TICKS, 60)], COMMON_TIME) == 1920
    assert whole_bars_ticks([Note(1440, 481 + RINGING_TICKS, 60)], COMMON_TIME) == 3840


def test_a_short_note_on_the_bar_line_opens_a_bar() -> None:
    assert whole_bars_ticks([Note(1920, 1, 60)], COMMON_TIME) == 3840


@given(st.lists(notes, min_size=1, max_size=10))
def test_whole_bars_hold_every_onset(some_notes: list[Note]) -> None:
    length_ticks = whole_bars_ticks(some_notes, COMMON_TIME)
    assert length_ticks % 1920 == 0
    last_onset_ticks = max(note.onset_ticks for note in some_notes)
    end_ticks = max(note.end_ticks for note in some_notes)
    assert last_onset_ticks < length_ticks < end_ticks + 1920


@given(st.lists(notes, min_size=1, max_size=10))
def test_a_phrase_starts_in_its_first_bar_and_keeps_its_notes(some_notes: list[Note]) -> None:
    clip = Clip(tuple(some_notes), 20 * 1920)
    phrase, timebase = as_phrase(clip, COMMON_TIME)
    assert phrase.notes[0].onset_ticks == clip.notes[0].onset_ticks % 1920
    assert len(phrase.notes) == len(clip.notes)
    assert as_phrase(phrase, timebase) == (phrase, timebase)


def test_the_phrase_of_an_empty_clip_is_itself() -> None:
    clip = Clip(length_ticks=1920)
    assert as_phrase(clip, COMMON_TIME) == (clip, COMMON_TIME)


def test_a_phrase_takes_its_metre_along() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(1920, 3, 4)))
    phrase, its_timebase = as_phrase(Clip((Note(2000, 480, 60),), 9600), timebase)
    assert its_timebase.meters == (MeterChange(0, 3, 4),)
    assert phrase.length_ticks == 1440


def test_a_phrase_with_some_notes_edited_is_not_another_one() -> None:
    notes = tuple(Note(480 * index, 240, 60 + index) for index in range(8))
    phrase = Clip(notes, 3840)
    edited = Clip((Note(0, 240, 72), *notes[1:]), 3840)
    other = Clip(tuple(Note(480 * index, 240, 50 + index) for index in range(8)), 3840)
    assert not is_another(phrase, phrase)
    assert not is_another(edited, phrase)
    assert is_another(other, phrase)
    assert is_another(phrase, Clip())
