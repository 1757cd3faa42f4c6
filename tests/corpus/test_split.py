"""The same music is learned once, and no tune is both learned and held back."""

from collections.abc import Callable

from musicassist.corpus.piece import Piece
from musicassist.corpus.repeats import without_repeats
from musicassist.corpus.split import some_held_back, without_leaks

Maker = Callable[..., Piece]

TUNE = [60, 62, 64, 65, 67, 69, 71, 72, 71, 67, 64, 60, 65, 62, 67, 59, 60, 64, 69, 60]
OTHER = [72, 60, 67, 71, 60, 62, 63, 70, 66, 65, 64, 61, 72, 71, 60, 62, 68, 60, 61, 66]


def test_the_same_music_under_another_name_or_in_another_key_is_kept_once(
    make_piece: Maker,
) -> None:
    first, other = make_piece(TUNE, "a"), make_piece(OTHER, "b")
    higher = make_piece([pitch + 5 for pitch in TUNE], "c")
    excerpt = make_piece(TUNE[3:], "d")
    assert list(without_repeats([first, other, higher, excerpt])) == [first, other]


def test_a_few_bars_in_common_are_no_repeat(make_piece: Maker) -> None:
    first = make_piece(TUNE + OTHER, "a")
    second = make_piece([*OTHER[::-1], *OTHER, *[p + i for i, p in enumerate(OTHER)]], "b")
    assert list(without_repeats([first, second])) == [first, second]


def test_a_held_back_tune_is_not_learned_under_any_spelling_or_title(make_piece: Maker) -> None:
    held_back = make_piece(TUNE, "All of Me", is_held_back=True)
    spelled = make_piece(OTHER, "ALL_OF_ME")
    copied = make_piece(TUNE, "Something else")
    free = make_piece(OTHER[::-1], "Free")
    assert without_leaks([copied, spelled, free, held_back]) == [held_back, free]


def test_all_of_a_tune_is_held_back_or_none_and_always_the_same(make_piece: Maker) -> None:
    pieces = [make_piece(TUNE, f"tune {number // 2}") for number in range(400)]
    chosen = [piece.is_held_back for piece in some_held_back(pieces, 0.25)]
    assert chosen[::2] == chosen[1::2]
    assert 60 < sum(chosen) < 140
    assert chosen == [piece.is_held_back for piece in some_held_back(pieces, 0.25)]
    assert not any(piece.is_held_back for piece in some_held_back(pieces, 0))
