"""What the window has a soloist do: plain values, because they go to another process."""

from collections.abc import Callable
from dataclasses import dataclass

from musicassist.generation.regeneration import BarRange, regenerated, varied
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.solo import Solo


@dataclass(frozen=True, slots=True)
class ContinuePhrase:
    """Answer a phrase.

    Attributes:
        request: What is wished.
    """

    request: SoloRequest

    @property
    def primer(self) -> Clip:
        """What the solos will answer."""
        return self.request.primer

    def done_by(self, soloist: Soloist, should_stop: Callable[[], bool]) -> tuple[Solo, ...]:
        """Return the answers, best first; `Soloist.continue_phrase` says the rest."""
        return soloist.continue_phrase(self.request, should_stop)


@dataclass(frozen=True, slots=True)
class Regenerate:
    """Make some bars of a solo anew; `regenerated` says what becomes of the others.

    Attributes:
        solo: Which one.
        wishes: What the new bars shall be like, and the seed.
        bars: Which bars.
    """

    solo: Solo
    wishes: SoloRequest
    bars: BarRange

    @property
    def primer(self) -> Clip:
        """What the solo answers."""
        return self.solo.primer

    def done_by(self, soloist: Soloist, should_stop: Callable[[], bool]) -> tuple[Solo, ...]:
        """Return the solo with its new bars."""
        return (regenerated(self.solo, self.wishes, self.bars, soloist, should_stop),)


@dataclass(frozen=True, slots=True)
class Vary:
    """Make solos that stay near to another one.

    Attributes:
        solo: Which one.
        wishes: What they shall be like, how many, and the seed.
        nearness: How much of it stays, from 0 (far) to 1 (near).
    """

    solo: Solo
    wishes: SoloRequest
    nearness: float

    @property
    def primer(self) -> Clip:
        """What the solo answers, and its variations too."""
        return self.solo.primer

    def done_by(self, soloist: Soloist, should_stop: Callable[[], bool]) -> tuple[Solo, ...]:
        """Return the variations, best first."""
        return varied(self.solo, self.wishes, self.nearness, soloist, should_stop)


@dataclass(frozen=True, slots=True)
class Hear:
    """Find key and chords under a phrase; a melody of 32 bars takes 13 ms, chords under it 40.

    Attributes:
        request: The phrase, and what is known about it.
    """

    request: SoloRequest


Task = ContinuePhrase | Regenerate | Vary
