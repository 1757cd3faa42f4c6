"""The melody of a phrase played with both hands: one line out of many notes.

Mostly the highest notes lead. What does not: notes struck under others, notes that move while a
higher one is held over them, chords and basses that lie still under a moving line, and notes in
the accompaniment's register while the melody rests.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from statistics import median
from typing import Final

from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT

CHORD_TICKS: Final = 30  # notes struck closer together than this are one chord
_LONGEST_STRUM_TICKS: Final = 120
_FAR_BELOW: Final = 9  # semitones from the melody down to where accompaniment lives
_NEARBY_TICKS: Final = 8 * TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Texture:
    """Notes told apart by what they do.

    Attributes:
        line: The melody: strictly rising onsets, no note sounding into the next.
        rest: All other notes, in order of onset.
    """

    line: tuple[Note, ...]
    rest: tuple[Note, ...]


def leading_line(clip: Clip) -> tuple[Note, ...]:
    """Return the melody of a clip: one note at a time, none ringing into the next."""
    return texture_of(clip).line


def texture_of(clip: Clip) -> Texture:
    """Return the melody of a clip apart from what accompanies it."""
    groups = struck_together(clip.notes)
    tops = [max(group, key=lambda note: (note.pitch, note.duration_ticks)) for group in groups]
    if any(len(group) > 1 for group in groups):
        under = _held_under(tops) | _lying_still(groups, tops)
        inner = [
            note.pitch
            for index, (group, top) in enumerate(zip(groups, tops, strict=True))
            for note in group
            if note is not top or index in under
        ]
        under |= _in_register_of(inner, tops, under)
        if len(under) < len(tops):
            tops = [top for index, top in enumerate(tops) if index not in under]
    chosen = {id(top) for top in tops}
    return Texture(
        _in_single_file(tops), tuple(note for note in clip.notes if id(note) not in chosen)
    )


def struck_together(notes: Sequence[Note]) -> list[list[Note]]:
    """Return notes in groups of those struck at once; a strummed chord is one group too."""
    groups: list[list[Note]] = []
    for note in notes:
        if groups:
            first, before = groups[-1][0], groups[-1][-1]
            is_close = note.onset_ticks - before.onset_ticks < CHORD_TICKS
            rings_on = before.end_ticks >= note.onset_ticks + CHORD_TICKS
            since_first_ticks = note.onset_ticks - first.onset_ticks
            is_same = note.onset_ticks == before.onset_ticks
            is_strummed = is_close and rings_on and since_first_ticks < _LONGEST_STRUM_TICKS
            if since_first_ticks < CHORD_TICKS or is_same or is_strummed:
                groups[-1].append(note)
                continue
        groups.append([note])
    return groups


def _held_under(tops: list[Note]) -> set[int]:
    """Return which top notes sound mostly while a higher one before them is held."""
    under: set[int] = set()
    held: list[Note] = []
    for index, note in enumerate(tops):
        half_ticks = max(CHORD_TICKS, note.duration_ticks // 2)
        held = [each for each in held if each.end_ticks > note.onset_ticks + CHORD_TICKS]
        if any(
            each.pitch > note.pitch and each.end_ticks >= note.onset_ticks + half_ticks
            for each in held
        ):
            under.add(index)
        else:
            held.append(note)
    return under


def _lying_still(groups: list[list[Note]], tops: list[Note]) -> set[int]:
    """Return which tops are of chords or basses over which a higher line goes on."""
    still: set[int] = set()
    for index, note in enumerate(tops):
        above: list[Note] = []
        for later in tops[index + 1 :]:
            if later.onset_ticks >= note.end_ticks - CHORD_TICKS or len(above) >= 4:
                break
            above.append(later)
        higher = [later for later in above if later.pitch > note.pitch]
        is_chord = len(groups[index]) > 2
        is_bass = bool(higher) and note.pitch <= min(each.pitch for each in higher) - 12
        if len(higher) >= 2 and len(higher) == len(above) and (is_chord or is_bass):
            still.add(index)
    return still


def _in_register_of(inner: list[int], tops: list[Note], under: set[int]) -> set[int]:
    """Return which tops lie as low as the accompaniment and far below the melody around them."""
    if len(inner) < 3:
        return set()
    ceiling = sorted(inner)[len(inner) * 9 // 10]
    kept = [note for index, note in enumerate(tops) if index not in under]
    onsets = [note.onset_ticks for note in kept]
    low: set[int] = set()
    for index, note in enumerate(tops):
        if index in under or note.pitch > ceiling:
            continue
        first = bisect_left(onsets, note.onset_ticks - _NEARBY_TICKS)
        end = bisect_left(onsets, note.onset_ticks + _NEARBY_TICKS)
        above = [each.pitch for each in kept[first:end] if each.pitch > ceiling]
        if len(above) * 4 >= end - first and note.pitch <= median(above) - _FAR_BELOW:
            low.add(index)
    return low


def _in_single_file(notes: list[Note]) -> tuple[Note, ...]:
    """Return notes cut where the next one begins."""
    file = []
    for note, later in zip_longest(notes, notes[1:]):
        if later is not None and note.end_ticks > later.onset_ticks:
            note = replace(note, duration_ticks=later.onset_ticks - note.onset_ticks)
        file.append(note)
    return tuple(file)
