"""The mix: how loud each part of a session is, and what it sounds like."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

SILENT_DB: Final = -60.0
"""From here down nothing is heard."""

MixPart = Literal["phrase", "solo", "chords", "bass", "drums", "click"]
MIX_PARTS: Final[tuple[MixPart, ...]] = ("phrase", "solo", "chords", "bass", "drums", "click")
BACKING_PARTS: Final[tuple[MixPart, ...]] = ("chords", "bass", "drums")


@dataclass(frozen=True, slots=True)
class Level:
    """How loud one part is.

    Attributes:
        volume_db: 0 is full, `SILENT_DB` or less is silent.
        is_muted: Whether it is silent for now, wherever its volume stands.
        is_soloed: Whether the parts that are not soloed are silent for now.
    """

    volume_db: float = 0.0
    is_muted: bool = False
    is_soloed: bool = False


_BEHIND: Final = Level(-6.0)


@dataclass(frozen=True, slots=True)
class Mix:
    """How loud the parts are.

    Attributes:
        phrase: What the person played.
        solo: What the machine made.
        chords: The chords of the accompaniment.
        bass: Its bass.
        drums: Its drums.
        click: The metronome; no solo silences it, as a count-in has to be heard.
        phrase_program: What the person plays sounds like this General MIDI program, 0-127.
        solo_program: What the machine made sounds like this one; the band's belong to its feel.

    Raises:
        ValueError: There is no such program.
    """

    phrase: Level = Level()
    solo: Level = Level()
    chords: Level = _BEHIND
    bass: Level = _BEHIND
    drums: Level = _BEHIND
    click: Level = _BEHIND
    phrase_program: int = 4
    solo_program: int = 29

    def __post_init__(self) -> None:
        if not (0 <= self.phrase_program <= 127 and 0 <= self.solo_program <= 127):
            raise ValueError(f"a program is 0-127: {self}")

    def level(self, part: MixPart) -> Level:
        """Return how loud a part is set."""
        level: Level = getattr(self, part)
        return level

    def with_level(self, part: MixPart, **changes: Any) -> "Mix":
        """Return the mix with another volume, mute or solo of a part."""
        levels: dict[str, Any] = {part: replace(self.level(part), **changes)}
        return replace(self, **levels)

    def is_heard(self, part: MixPart) -> bool:
        """Whether a part is neither muted nor silent because others are soloed."""
        return not self.level(part).is_muted and not self.gives_way(part)

    def gives_way(self, part: MixPart) -> bool:
        """Whether a part is silent because others are soloed."""
        if part == "click" or self.level(part).is_soloed:
            return False
        return any(self.level(other).is_soloed for other in MIX_PARTS if other != "click")

    def heard_db(self, part: MixPart) -> float:
        """Return how loud a part is in the end."""
        return self.level(part).volume_db if self.is_heard(part) else SILENT_DB
