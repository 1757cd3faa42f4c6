"""Asking a soloist to go on where humans went on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from musicassist.evaluation.passages import (
    Passage,
    clip_of_line,
    key_of,
    progression_of,
    timebase_of,
)
from musicassist.generation.encoding import UNKNOWN
from musicassist.generation.soloist import Soloist, SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.manner import STYLES

Tell = Callable[[int, int], None]
SEED_STRIDE = 1_000_003
"""Between the seeds of one question and the next; a soloist derives others from each."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the soloist is asked.

    Attributes:
        seed: The first question's; the others' are counted up from it.
        is_key_locked: As in `SoloRequest`.
    """

    seed: int = 1
    is_key_locked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer as it came.

    Attributes:
        passage: The passage with the soloist's answer in the human's place.
        request: What was asked.
        clip: What was answered.
    """

    passage: Passage
    request: SoloRequest
    clip: Clip


def request_for(passage: Passage, wishes: Wishes, number: int) -> SoloRequest:
    """Return the question a passage puts: its primer, its chords and key, as many bars."""
    return SoloRequest(
        primer=clip_of_line(passage.primer, 0, passage.start),
        timebase=timebase_of(passage.setting),
        key=key_of(passage.setting),
        progression=progression_of(passage.setting, passage.end),
        n_bars=passage.n_bars,
        n_takes=1,
        seed=(wishes.seed + number * SEED_STRIDE) % 2**32,
        is_key_locked=wishes.is_key_locked,
        style="" if passage.setting.style == UNKNOWN else STYLES[passage.setting.style],
    )


def ask(soloist: Soloist, passages: Sequence[Passage], wishes: Wishes, tell: Tell) -> list[Asked]:
    """Return the soloist's answer to every passage's primer.

    Args:
        soloist: Who answers.
        passages: What humans played; their answers are not shown to the soloist.
        wishes: How it is asked.
        tell: Hears after every answer how many there are, of how many.
    """
    found = []
    for number, passage in enumerate(passages):
        request = request_for(passage, wishes, number)
        (solo,) = soloist.continue_phrase(request)
        found.append(Asked(passage.with_answer(solo.clip), request, solo.clip))
        tell(number + 1, len(passages))
    return found
