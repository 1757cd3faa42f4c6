"""A piece: one line of notes and what it is played over."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from musicassist.generation.encoding import Line, Setting


@dataclass(frozen=True, slots=True)
class Piece:
    """One line and what it is played over.

    Attributes:
        name: File or solo name.
        tune: The work it belongs to; pieces of one tune never stand on both sides of a split.
        line: The notes.
        setting: Chords, key, metre and style.
        is_held_back: Whether it is kept for validation.
        phrase_ends: Whether each note ends a phrase, bool, shape (n,); empty where nobody says.
    """

    name: str
    tune: str
    line: Line
    setting: Setting
    is_held_back: bool = False
    phrase_ends: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
