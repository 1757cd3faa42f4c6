"""Solos with a pickup, and the files they become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import Clip
from musicassist.music.note import SUSTAIN, ControlPoint, Note
from musicassist.music.solo import Solo, moved_later, on_bar_lines
from musicassist.music.timebase import MeterChange, Timebase

BAR_TICKS = 1920
CLIP = Clip((Note(0, 240, 60), Note(240, 480, 62)), BAR_TICKS + 240, (ControlPoint(9, SUSTAIN, 0),))


def test_the_bars_of_a_solo_are_its_clip_without_the_pickup() -> None:
    assert Solo(CLIP, "echo", 1, CLIP, pickup_ticks=240).bars_ticks == BAR_TICKS
    assert Solo(CLIP, "echo", 1, CLIP).bars_ticks == BAR_TICKS + 240


@pytest.mark.parametrize("pickup_ticks", [-1, 481])
def test_a_pickup_is_a_beat_at_most(pickup_ticks: int) -> None:
    with pytest.raises(ValueError, match="a beat at most"):
        Solo(CLIP, "echo", 1, CLIP, pickup_ticks=pickup_ticks)


def test_a_clip_moved_later_begins_with_a_rest() -> None:
    later = moved_later(CLIP, 100)
    assert later.between(100, later.length_ticks).notes == CLIP.notes
    assert later.length_ticks == CLIP.length_ticks + 100
    assert later.controls == (ControlPoint(109, SUSTAIN, 0),)


def test_without_a_pickup_a_file_starts_with_the_answer() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(BAR_TICKS, 3, 4)))
    clip, file_timebase = on_bar_lines(CLIP, 0, timebase, BAR_TICKS)
    assert clip == CLIP
    assert file_timebase.meters == (MeterChange(0, 3, 4),)


@given(st.integers(1, 240), st.sampled_from([(4, 4), (7, 8), (3, 4), (1, 16)]), st.integers(0, 4))
def test_with_a_pickup_a_file_keeps_every_note_on_its_place_in_the_bar(
    pickup_ticks: int, meter: tuple[int, int], bar: int
) -> None:
    timebase = Timebase.steady(120, *meter)
    start_ticks = timebase.bar_start_ticks(bar)
    clip, file_timebase = on_bar_lines(CLIP, pickup_ticks, timebase, start_ticks)
    bar_ticks = timebase.meters[0].bar_ticks
    assert (clip.length_ticks - (CLIP.length_ticks - pickup_ticks)) % bar_ticks == 0
    places = [(start_ticks - pickup_ticks + n.onset_ticks) % bar_ticks for n in CLIP.notes]
    kept = places[-len(clip.notes) :]
    assert [note.onset_ticks % bar_ticks for note in clip.notes] == kept
    if start_ticks >= pickup_ticks:
        assert len(clip.notes) == len(CLIP.notes)
        assert clip.notes[0].onset_ticks < bar_ticks
    assert file_timebase.meters == timebase.meters


@pytest.mark.parametrize("notes", [(), (Note(240, 480, 62),)])
def test_a_pickup_in_which_nothing_is_played_gets_no_bar(notes: tuple[Note, ...]) -> None:
    timebase = Timebase()
    clip, file_timebase = on_bar_lines(Clip(notes, BAR_TICKS + 240), 240, timebase, BAR_TICKS)
    assert clip.length_ticks == BAR_TICKS
    assert [note.onset_ticks for note in clip.notes] == [0] * len(notes)
    assert file_timebase == timebase


def test_the_bar_of_a_pickup_has_the_metre_it_stands_in() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(BAR_TICKS, 3, 4)))
    clip, file_timebase = on_bar_lines(CLIP, 240, timebase, BAR_TICKS)
    assert clip.notes[0].onset_ticks == BAR_TICKS - 240
    assert file_timebase.meters == (MeterChange(0, 4, 4), MeterChange(BAR_TICKS, 3, 4))
