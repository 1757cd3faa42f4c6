"""Notes a bar, and how they fit the chords and the key they are played over."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.evaluation.passages import Passage
from musicassist.evaluation.statistics import Share
from musicassist.generation.encoding import UNKNOWN, Line, Setting
from musicassist.generation.scheme import NO_ROOT
from musicassist.music.keys import MODES

# The scale a player most likely thinks of over a chord, tried in this order: the intervals the
# chord must have, those it must not have, and the scale.
# Source: common chord-scale teaching (ionian over major, mixolydian over dominant, dorian over
# minor, locrian over half-diminished, melodic minor over minor with a major seventh).
_CHORD_SCALES: Final = (
    ((3, 6, 9), (4, 7), (0, 2, 3, 5, 6, 8, 9, 11)),  # diminished: whole-half
    ((3, 6), (4, 7), MODES["locrian"]),
    ((3, 11), (4,), MODES["melodic minor"]),
    ((3,), (4,), MODES["dorian"]),
    ((4, 8), (7, 11), (0, 2, 4, 6, 8, 10)),  # augmented: whole-tone
    ((10,), (), MODES["mixolydian"]),
    ((), (), MODES["major"]),
)

CHORD_TONES: Final = "chord_tones"
CHORD_SCALE: Final = "chord_scale"
KEY_SCALE: Final = "key_scale"


def density(passages: Sequence[Passage]) -> Share:
    """Return notes a bar."""
    n_notes = [len(each.answer.onsets) for each in passages]
    return Share(n_notes, [each.n_bars for each in passages], [each.piece for each in passages])


def harmony(passages: Sequence[Passage]) -> Mapping[str, Share]:
    """Return which share of notes belongs to its chord, to its chord's scale, and to the key.

    A chord's scale is the one common teaching names for it, its own tones always included. Notes
    without a chord, or without a key, do not count.
    """
    pieces = [each.piece for each in passages]
    counts = [harmony_of(each.answer, each.setting) for each in passages]
    return MappingProxyType(
        {
            name: Share(
                [each[name].sum() for each in counts], [len(each[name]) for each in counts], pieces
            )
            for name in (CHORD_TONES, CHORD_SCALE, KEY_SCALE)
        }
    )


def harmony_of(line: Line, setting: Setting) -> dict[str, NDArray[np.bool_]]:
    """Return for each note with a chord (or key) whether it belongs to it, bool, shape (k,)."""
    rows = np.arange(len(line.onsets))
    classes = line.pitches % 12
    has_chord = setting.roots_at(line.onsets) != NO_ROOT
    in_chord = setting.chords_at(line.onsets)[rows, classes] > 0
    scales = np.array([*map(chord_scale, setting.chords, setting.roots), np.zeros(12, bool)])
    in_scale = scales[setting.chord_index_at(line.onsets), classes]
    in_key = (setting.scale > 0)[classes]
    return {
        CHORD_TONES: in_chord[has_chord],
        CHORD_SCALE: (in_chord | in_scale)[has_chord],
        KEY_SCALE: in_key if setting.tonic != UNKNOWN else in_key[:0],
    }


def chord_scale(chord: NDArray[np.float32], root: int) -> NDArray[np.bool_]:
    """Return the pitch classes of the scale over a chord, bool, shape (12,); none without one."""
    scale = np.zeros(12, bool)
    if root == NO_ROOT:
        return scale
    intervals = np.roll(chord, -root) > 0
    for needed, banned, members in _CHORD_SCALES:
        if intervals[list(needed)].all() and not intervals[list(banned)].any():
            scale[list(members)] = True
            break
    return np.roll(scale, root)
