"""What counts as the phrase in a longer stretch of music: whole bars around the notes."""

from collections.abc import Iterable
from typing import Final

from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_STILL_THE_SAME: Final = 0.5  # of the notes in common
RINGING_TICKS: Final = TICKS_PER_BEAT // 4  # a last note held this much over the bar line is late


def whole_bars_ticks(notes: Iterable[Note], timebase: Timebase) -> int:
    """Return the length of the whole bars that hold some notes; 0 for none.

    A note that merely rings a little over the last bar line does not open another bar.
    """
    inside_ticks = (max(note.onset_ticks + 1, note.end_ticks - RINGING_TICKS) for note in notes)
    return timebase.next_bar_line_ticks(max(inside_ticks, default=0))


def is_another(phrase: Clip, before: Clip) -> bool:
    """Return whether a phrase is another one, and not the same with some notes edited."""
    if phrase == before:
        return False
    places = {(note.onset_ticks, note.pitch) for note in phrase.notes}
    places_before = {(note.onset_ticks, note.pitch) for note in before.notes}
    n_common = len(places & places_before)
    return n_common < _STILL_THE_SAME * max(len(places), len(places_before))


def as_phrase(clip: Clip, timebase: Timebase) -> tuple[Clip, Timebase]:
    """Return a clip without the empty bars around its notes, and the timebase from there on."""
    if not clip.notes:
        return clip, timebase
    start_ticks = timebase.bar_start_ticks(timebase.bar_at(clip.notes[0].onset_ticks))
    end_ticks = whole_bars_ticks(clip.notes, timebase)
    return clip.between(start_ticks, end_ticks), timebase.from_ticks(start_ticks)
