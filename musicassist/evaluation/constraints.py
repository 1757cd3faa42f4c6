"""What must hold in every answer, counted where it does not."""

import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np

from musicassist.evaluation.answers import Asked
from musicassist.evaluation.statistics import Share
from musicassist.generation.encoding import FURTHEST_MICRO, TICKS_PER_MICRO
from musicassist.generation.soloist import SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.note import Note

_FURTHEST_TICKS: Final = FURTHEST_MICRO * TICKS_PER_MICRO


def constraints(asked: Sequence[Asked]) -> dict[str, Share]:
    """Return how many notes, or answers, break what was asked, an answer on average."""
    rows = [violations(each.request, each.clip) for each in asked]
    pieces = [each.passage.piece for each in asked]
    return {
        name: Share([row[name] for row in rows], np.ones(len(rows)), pieces)
        for name in (rows[0] if rows else {})
    }


def violations(request: SoloRequest, clip: Clip) -> dict[str, int]:
    """Return how often an answer breaks each rule."""
    notes = clip.notes
    length_ticks = request.answer_end_ticks - request.answer_start_ticks
    return {
        "out_of_range": sum(
            not request.lowest_pitch <= note.pitch <= request.highest_pitch for note in notes
        ),
        "overlaps": sum(
            later.onset_ticks < earlier.end_ticks for earlier, later in itertools.pairwise(notes)
        ),
        "beyond_the_last_bar": sum(note.end_ticks > clip.length_ticks for note in notes),
        "wrong_length": int(clip.length_ticks != length_ticks),
        "outside_key_and_chords": sum(_is_foreign(note, request) for note in notes),
        "silent_answers": int(not notes),
    }


def _is_foreign(note: Note, request: SoloRequest) -> bool:
    """Return whether a note belongs neither to the key nor to a chord it may have been meant for.

    A note played a little early or late is meant for the chord beyond the change.
    """
    if request.key is None or not request.is_key_locked:
        return False
    classes = set(request.key.pitch_classes)
    at_ticks = request.answer_start_ticks + note.onset_ticks
    for ticks in (at_ticks - _FURTHEST_TICKS, at_ticks, at_ticks + _FURTHEST_TICKS):
        chord = request.progression.chord_at(ticks) if request.progression is not None else None
        classes |= chord.pitch_classes if chord is not None else set()
    return note.pitch % 12 not in classes
