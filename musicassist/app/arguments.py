"""What may stand on the command line, read and checked; argparse says it in one sentence.

Loads nothing heavy: every command passes by here.
"""

import argparse
import re
from typing import Final

FREE: Final = "free"

_BARS: Final = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?", re.ASCII)
_PITCH: Final = re.compile(r"([a-g])([#b]?)(-?\d)", re.ASCII | re.IGNORECASE)
_NATURALS: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_OCTAVES_BELOW: Final = 2  # C3 is middle C here, as in the window


class between:  # noqa: N801  (reads as a function where it is used)
    """An argument type: a number within limits, of the limits' kind."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> float:
        """Return the number a text says."""
        try:
            value = type(self._low)(text)
        except ValueError:
            value = None
        if value is None or not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(
                f"{text} is not a number from {self._low} to {self._high}"
            )
        return value


def share_or_free(text: str) -> float | None:
    """Return a share of 0 to 1 from a number of 0 to 100, None from `free`."""
    if text.casefold() == FREE:
        return None
    try:
        return between(0.0, 100.0)(text) / 100
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{text} is neither 0 to 100 nor “{FREE}”") from None


def bar_range(text: str) -> tuple[int, int]:
    """Return first bar, from 0, and number of bars, from bars as people count: `5-6` or `5`."""
    match = _BARS.fullmatch(text.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last:
        raise argparse.ArgumentTypeError(f"{text} is not a range of bars such as 5-6")
    return first - 1, last - first + 1


def pitch(text: str) -> int:
    """Return a MIDI pitch from its number or its name, C3 being middle C (60)."""
    match = _PITCH.fullmatch(text)
    number = -1
    if match is not None:
        accidental = {"": 0, "#": 1, "b": -1}[match[2].casefold()]
        octave = int(match[3]) + _OCTAVES_BELOW
        number = 12 * octave + _NATURALS[match[1].casefold()] + accidental
    elif text.isascii() and text.isdigit():
        number = int(text)
    if not 0 <= number <= 127:
        raise argparse.ArgumentTypeError(f"{text} is neither 0 to 127 nor a note such as E2 or Bb4")
    return number
