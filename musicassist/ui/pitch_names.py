"""What pitches are called on screen: 60 is C3, as in Live, Logic and Cubase."""

from typing import Final

_NAMES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_BLACK: Final = frozenset((1, 3, 6, 8, 10))


def pitch_name(pitch: int) -> str:
    """Return a pitch's name with its octave."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 2}"


def is_black(pitch: int) -> bool:
    """Whether a pitch is a black key."""
    return pitch % 12 in _BLACK
