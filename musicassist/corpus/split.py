"""Which pieces are learned and which are kept to judge by: no tune on both sides."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from musicassist.corpus.piece import Piece
from musicassist.corpus.repeats import without_repeats


def plain_title(tune: str) -> str:
    """Return a title without what differs from one collection to the next: case, spaces, signs."""
    return "".join(filter(str.isalnum, tune.casefold()))


def some_held_back(pieces: Iterable[Piece], share: float) -> Iterator[Piece]:
    """Yield pieces, all of some tunes held back: about that share of the tunes, always the same.

    Args:
        pieces: Any; those held back already stay so.
        share: 0 to 1.
    """
    for piece in pieces:
        drawn = zlib.crc32(plain_title(piece.tune).encode()) / 2**32
        yield replace(piece, is_held_back=piece.is_held_back or drawn < share)


def without_leaks(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces once, the held-back ones first, and no other of a held-back tune.

    Tunes are the same whatever the spaces and signs in their titles; music that stands twice
    under two titles is kept once, on the held-back side if it is there.
    """
    ordered = sorted(pieces, key=lambda piece: not piece.is_held_back)
    held_back = {plain_title(piece.tune) for piece in ordered if piece.is_held_back}
    return [
        piece
        for piece in without_repeats(ordered)
        if piece.is_held_back or plain_title(piece.tune) not in held_back
    ]
