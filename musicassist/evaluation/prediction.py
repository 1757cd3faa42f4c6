"""How well a model foresees what humans play, and whether it knows their own from others'."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.evaluation.answers import Tell
from musicassist.evaluation.passages import Passage, joined
from musicassist.evaluation.statistics import Floats, Share
from musicassist.generation.encoding import UNKNOWN, Line, Setting
from musicassist.generation.scheme import NO_ROOT

N_CHOICES: Final = 4
WHOLE: Final = "note"


@runtime_checkable
class Reader(Protocol):
    """A model that says how likely it found each note."""

    def note_nats(self, line: Line, setting: Setting) -> Mapping[str, Floats]:
        """Return -ln p of every note's factors, float64, shape (n,) each; "note" is their sum."""
        ...


def prediction(reader: Reader, pieces: Sequence[Piece], tell: Tell) -> dict[str, Share]:
    """Return nats a note, whole and by factor, over whole pieces."""
    sums: list[dict[str, float]] = []
    for number, piece in enumerate(pieces):
        nats = reader.note_nats(piece.line, piece.setting)
        sums.append({name: float(np.sum(each)) for name, each in nats.items()})
        tell(number + 1, len(pieces))
    n_notes = [len(piece.line.onsets) for piece in pieces]
    names = sorted(sums[0], key=lambda name: (name != WHOLE, name)) if sums else []
    return {
        name: Share([each[name] for each in sums], n_notes, np.arange(len(pieces)))
        for name in names
    }


def choice(
    reader: Reader, passages: Sequence[Passage], n_questions: int, seed: int, tell: Tell
) -> Share:
    """Return how often the human's own continuation is found among four.

    The three others are what humans played in other pieces of the same metre, moved to this key
    (to the root of this chord where a key is unknown) and to these bars. The likeliest is chosen,
    by mean log-likelihood a note given the primer: a sum would choose whatever has fewest notes.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    own: dict[int, float] = {}
    rights, pieces = [], []
    for number in range(n_questions):
        index = number % len(passages)
        passage = passages[index]
        foreign = _foreigners(passage, passages, rng)
        if len(foreign) < N_CHOICES - 1:
            continue
        if index not in own:
            own[index] = _mean_nats(reader, passage, passage.answer)
        others = [_mean_nats(reader, passage, moved_to(passage, each)) for each in foreign]
        rights.append(float(own[index] < min(others)))
        pieces.append(passage.piece)
        tell(number + 1, n_questions)
    return Share(rights, np.ones(len(rights)), np.asarray(pieces, np.int64))


def _foreigners(
    passage: Passage, passages: Sequence[Passage], rng: np.random.Generator
) -> list[Passage]:
    fitting = [
        each
        for each in passages
        if each.piece != passage.piece and (each.start, each.end) == (passage.start, passage.end)
    ]
    chosen = rng.permutation(len(fitting))[: N_CHOICES - 1]
    return [fitting[place] for place in chosen]


def moved_to(passage: Passage, other: Passage) -> Line:
    """Return another passage's answer in this one's key, by the shortest way."""
    home, away = _tonic(passage), _tonic(other)
    if home is None or away is None:
        home, away = _root(passage), _root(other)
    shift = 0 if home is None or away is None else (home - away + 5) % 12 - 5
    line = other.answer
    pitches = line.pitches + shift
    pitches = pitches - 12 * (pitches.max() > 127) + 12 * (pitches.min() < 0)
    return Line(line.onsets, pitches, line.lengths, line.micros)


def _tonic(passage: Passage) -> int | None:
    tonic = passage.setting.tonic
    return None if tonic == UNKNOWN else tonic


def _root(passage: Passage) -> int | None:
    root = int(passage.setting.roots_at(np.array([passage.start]))[0])
    return None if root == NO_ROOT else root


def _mean_nats(reader: Reader, passage: Passage, answer: Line) -> float:
    nats = reader.note_nats(joined(passage.primer, answer), passage.setting)[WHOLE]
    return float(np.mean(nats[len(passage.primer.onsets) :]))
