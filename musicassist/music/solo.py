"""A solo: a clip a model made, and how to make it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from musicassist.music.clip import Clip


@dataclass(frozen=True, slots=True)
class Solo:
    """What the soloist answered to a primer.

    Attributes:
        clip: The answer alone, raw as generated, from the bar line after the primer.
        model_id: Name of the model that made it.
        seed: Same seed, settings and primer: same solo.
        settings: Every wish it was made with, as plain values, for display and for making it again.
        primer: What it answers.
    """

    clip: Clip
    model_id: str
    seed: int
    primer: Clip
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)
