"""The two sides of the table: what humans played, and what a soloist plays in their place.

Each side works out what a group of rows asks of it when it is first asked, and keeps it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.evaluation import answers, stamina
from musicassist.evaluation.answers import Asked, Wishes
from musicassist.evaluation.originality import NO_TUNE, Known
from musicassist.evaluation.passages import ANSWER_BARS, LONG_BARS, Passage, cut_passages
from musicassist.generation.encoding import Line, Setting
from musicassist.generation.soloist import Soloist

MOST_ANSWERS: Final = 320
MOST_LONG_ANSWERS: Final = 48
ENOUGH: Final = 300

_N_SENTENCES: Final = 8

LongLine = tuple[int, Line, Setting]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """What is compared.

    Attributes:
        pieces: The humans' pieces whose primers are answered; held out where the corpus says so.
        others: Other pieces of the corpus; empty where all are answered.
        learned: What the model may have learned from, for the rows on originality.
        n_answers: The most passages to ask for.
        n_questions: How many questions to choose an answer to.
        wishes: How soloists are asked.
    """

    pieces: tuple[Piece, ...]
    others: tuple[Piece, ...]
    learned: tuple[Piece, ...]
    n_answers: int = MOST_ANSWERS
    n_questions: int = 1000
    wishes: Wishes = field(default_factory=Wishes)


class Humans:
    """What humans played.

    Args:
        material: What is compared.
    """

    def __init__(self, material: Material) -> None:
        self.material = material

    @cached_property
    def passages(self) -> list[Passage]:
        """Primers and what followed, of the pieces to answer."""
        return _passages(self.material.pieces, self.material.n_answers, ANSWER_BARS)

    @cached_property
    def stretches(self) -> list[Passage]:
        """The same, much longer."""
        most = min(MOST_LONG_ANSWERS, self.material.n_answers)
        return _spread(cut_passages(self.material.pieces, LONG_BARS, LONG_BARS), most)

    @cached_property
    def other_passages(self) -> list[Passage]:
        """As many passages of other pieces; none where the corpus has no others."""
        return _passages(self.material.others, len(self.passages), ANSWER_BARS)

    @cached_property
    def long_lines(self) -> list[LongLine]:
        """Whole pieces."""
        return [(i, each.line, each.setting) for i, each in enumerate(self.material.pieces)]

    @cached_property
    def known(self) -> list[Known]:
        """What may have been learned, with the number of its tune."""
        return [Known(each.line, self._tunes[each.tune]) for each in self.material.learned]

    @property
    def tunes(self) -> list[int]:
        """The number of each passage's tune."""
        return [self._tunes[self.material.pieces[each.piece].tune] for each in self.passages]

    @cached_property
    def _tunes(self) -> dict[str, int]:
        names = {each.tune for each in (*self.material.pieces, *self.material.learned)}
        return {name: number for number, name in enumerate(sorted(names))}


class Player:
    """What a soloist plays where humans played.

    Args:
        soloist: Who plays.
        humans: Whose primers are answered.
        say: Hears a sentence now and then.
    """

    def __init__(self, soloist: Soloist, humans: Humans, say: Say) -> None:
        self.soloist = soloist
        self.humans = humans
        self._say = say

    @cached_property
    def asked(self) -> list[Asked]:
        """Answers to the humans' primers."""
        tell = self.teller("answers")
        return answers.ask(self.soloist, self.humans.passages, self.humans.material.wishes, tell)

    @property
    def passages(self) -> list[Passage]:
        """The humans' passages with the soloist's answers."""
        return [each.passage for each in self.asked]

    @cached_property
    def stretches(self) -> list[Passage]:
        """The same for the long ones."""
        tell = self.teller("long answers")
        wishes = self.humans.material.wishes
        return [
            each.passage for each in answers.ask(self.soloist, self.humans.stretches, wishes, tell)
        ]

    @cached_property
    def long_lines(self) -> list[LongLine]:
        """Lines of some two thousand notes."""
        tell = self.teller("lines of 2,000 notes")
        material = self.humans.material
        return stamina.play_on(self.soloist, material.pieces, material.wishes, tell)

    @property
    def tunes(self) -> list[int]:
        """The number of each answer's tune: none."""
        return [NO_TUNE] * len(self.passages)

    def teller(self, what: str) -> answers.Tell:
        """Return what says every so often how far the soloist is."""
        name = self.soloist.model_id

        def tell(n_done: int, n_all: int) -> None:
            if n_done == n_all or n_done % max(1, n_all // _N_SENTENCES) == 0:
                self._say(f"{name}: {n_done} of {n_all} {what}.")

        return tell


def _passages(pieces: Sequence[Piece], most: int, n_bars: int) -> list[Passage]:
    """Return passages one after the other; overlapping by half where there are too few."""
    found = cut_passages(pieces, n_bars, n_bars)
    if len(found) < min(most, ENOUGH):
        found = cut_passages(pieces, n_bars, n_bars // 2)
    return _spread(found, most)


def _spread(passages: list[Passage], most: int) -> list[Passage]:
    """Return so many passages, spread over all pieces."""
    if len(passages) <= most:
        return passages
    chosen = np.linspace(0, len(passages) - 1, most).round().astype(int)
    return [passages[index] for index in chosen.tolist()]
