"""A solo: a clip a model made, and how to make it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from musicassist.music.clip import Clip
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

LONGEST_PICKUP_TICKS: Final = TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Solo:
    """What the soloist answered to a primer.

    Attributes:
        clip: The answer alone, raw as generated: whole bars from the bar line after the primer,
            and before them its pickup.
        model_id: Name of the model that made it.
        seed: Same seed, settings and primer: same solo.
        settings: Every wish it was made with, as plain values, for display and for making it again.
        primer: What it answers.
        pickup_ticks: How long before its first bar line the clip starts, 0 to
            `LONGEST_PICKUP_TICKS`.

    Raises:
        ValueError: The pickup is too long, for a pickup or for the clip.
    """

    clip: Clip
    model_id: str
    seed: int
    primer: Clip
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    pickup_ticks: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.pickup_ticks <= min(LONGEST_PICKUP_TICKS, self.clip.length_ticks):
            raise ValueError(f"a pickup is a beat at most and part of its clip: {self}")

    @property
    def bars_ticks(self) -> int:
        """Length of the answer's bars, without the pickup."""
        return self.clip.length_ticks - self.pickup_ticks


def moved_later(clip: Clip, shift_ticks: int) -> Clip:
    """Return a clip that begins with a rest."""
    return replace(
        clip,
        notes=tuple(
            replace(note, onset_ticks=note.onset_ticks + shift_ticks) for note in clip.notes
        ),
        controls=tuple(
            replace(point, onset_ticks=point.onset_ticks + shift_ticks) for point in clip.controls
        ),
        length_ticks=clip.length_ticks + shift_ticks,
    )


def on_bar_lines(
    clip: Clip, pickup_ticks: int, timebase: Timebase, answer_start_ticks: int
) -> tuple[Clip, Timebase]:
    """Return an answer as a file holds it, from bar line to bar line, with the file's timebase.

    A pickup stands at the end of a bar of its own, which is a rest otherwise: dropped on any bar
    line, everything in the file is where it belongs, the pickup before the next bar line. One in
    which nothing is played is left out.

    Args:
        clip: The answer, with its pickup.
        pickup_ticks: How long before its first bar line it starts; 0 adds no bar.
        timebase: Of the whole piece.
        answer_start_ticks: Where in the piece the answer's first bar line is.
    """
    if not clip.notes or clip.notes[0].onset_ticks >= pickup_ticks:
        clip, pickup_ticks = clip.between(pickup_ticks, clip.length_ticks), 0
    start_ticks = timebase.bar_start_ticks(
        timebase.bar_at(max(0, answer_start_ticks - pickup_ticks))
    )
    rest_ticks = answer_start_ticks - pickup_ticks - start_ticks
    if rest_ticks < 0:  # nothing can stand before the start of the piece
        clip = clip.between(-rest_ticks, clip.length_ticks)
    return moved_later(clip, max(0, rest_ticks)), timebase.from_ticks(start_ticks)
