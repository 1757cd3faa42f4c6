"""How well a model foresees what humans play, and whether it knows their own from others'."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol, runtime_checkable

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.evaluation.answers import Tell
from musicassist.evaluation.passages import Passage, joined
from musicassist.evaluation.statistics import Floats, Share
from musicassist.generation.encoding import UNKNOWN, Line, Setting
from musicassist.generation.scheme import NO_ROOT

N_CHOICES: Final = 4
AS_PLAYED: Final = "as_played"
BY_LIKELIHOOD: Final = "by_likelihood"
IN_THIS_KEY: Final = "in_this_key"
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
) -> dict[str, Share]:
    """Return how often the human's own continuation is found among four.

    The three others are what humans played in other pieces of the same metre, put into these
    bars. What counts is the gain: how much likelier primer, chords and key make a continuation,
    nats a note without any of them less nats a note with them.

    - `as_played`: the others at the pitches they were played at, as in the question put to the Jazz
      Transformer (Wu & Yang 2020).
    - `in_this_key`: the others moved to this key (to the root of this chord where a key is
      unknown), so that a wrong key gives nothing away.
    - `by_likelihood`: as played, by plain likelihood, nats a note (a sum would choose whatever has
      fewest notes). Whoever plays the plainest music wins this, fitting or not.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    own: dict[int, tuple[float, float]] = {}
    rights: dict[str, list[bool]] = {AS_PLAYED: [], IN_THIS_KEY: [], BY_LIKELIHOOD: []}
    pieces = []
    for number in range(n_questions):
        index = number * len(passages) // n_questions if n_questions < len(passages) else number
        index %= len(passages)
        passage = passages[index]
        foreign = _foreigners(passage, passages, rng)
        if len(foreign) < N_CHOICES - 1:
            continue
        if index not in own:
            own[index] = _costs(reader, passage, passage.answer)
        nats, gain = own[index]
        others = [_costs(reader, passage, each.answer) for each in foreign]
        rights[BY_LIKELIHOOD].append(all(nats < its_nats for its_nats, _ in others))
        rights[AS_PLAYED].append(all(gain > its_gain for _, its_gain in others))
        moved = [_costs(reader, passage, moved_to(passage, each)) for each in foreign]
        rights[IN_THIS_KEY].append(all(gain > its_gain for _, its_gain in moved))
        pieces.append(passage.piece)
        tell(number + 1, n_questions)
    at = np.asarray(pieces, np.int64)
    return {name: Share(each, np.ones(len(each)), at) for name, each in rights.items()}


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


def _costs(reader: Reader, passage: Passage, answer: Line) -> tuple[float, float]:
    """Return an answer's nats a note in its place, and how many fewer they are than out of it."""
    whole = reader.note_nats(joined(passage.primer, answer), passage.setting)[WHOLE]
    nats = float(np.mean(whole[len(passage.primer.onsets) :]))
    setting = passage.setting
    nowhere = replace(
        setting,
        changes=setting.changes[:0],
        roots=setting.roots[:0],
        chords=setting.chords[:0],
        tonic=UNKNOWN,
        scale=np.zeros_like(setting.scale),
    )
    return nats, float(np.mean(reader.note_nats(answer, nowhere)[WHOLE])) - nats
