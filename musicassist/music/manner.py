"""The manner of playing: what a wish may ask of a stretch of music, and how it is measured.

Every quality is a number that can be measured on any line; training measures it on every stretch
and tells the network at which of `N_LEVELS` levels of all its music it lies, or hides it. So each
becomes a knob: 0 the least the music learned from has, .5 the middle, 1 the most.
"""

from dataclasses import dataclass, fields
from typing import Final

STYLES: Final = ("jazz", "song", "classical", "folk", "shred", "rock")
N_LEVELS: Final = 7


@dataclass(frozen=True, slots=True)
class Manner:
    """How to play, each from 0 (least) to 1 (most); None leaves it to the soloist.

    Attributes:
        density: Notes a beat.
        register: How high, by the median pitch.
        span: From the lowest to the highest pitch.
        leaps: Share of intervals wider than two semitones.
        rhythmic_variety: How many different gaps between notes, by entropy.
        chord_tones: Share of notes that belong to their chord.
        repetition: Share of three-interval cells heard before.
        swing: How late the second of two eighths comes.

    Raises:
        ValueError: A value lies outside 0-1.
    """

    density: float | None = None
    register: float | None = None
    span: float | None = None
    leaps: float | None = None
    rhythmic_variety: float | None = None
    chord_tones: float | None = None
    repetition: float | None = None
    swing: float | None = None

    def __post_init__(self) -> None:
        for quality in QUALITIES:
            value = getattr(self, quality)
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{quality} is 0-1, or None: {value}")


QUALITIES: Final = tuple(each.name for each in fields(Manner))
