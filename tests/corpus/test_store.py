"""Pieces kept in a file between two trainings."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicassist.corpus.piece import Piece
from musicassist.corpus.practice import practice_pieces
from musicassist.corpus.store import checksum, kept_or_read
from musicassist.errors import OutputError
from musicassist.generation.encoding import Setting

Maker = Callable[..., Piece]


def same(one: Piece, other: Piece) -> bool:
    arrays = [
        (getattr(one.line, name), getattr(other.line, name))
        for name in ("onsets", "pitches", "lengths", "micros")
    ]
    arrays += [
        (getattr(one.setting, name), getattr(other.setting, name))
        for name in ("changes", "roots", "chords", "scale", "tonic", "beats_a_bar", "bar_origin")
    ]
    arrays.append((one.phrase_ends, other.phrase_ends))
    return all(
        np.array_equal(a, b) and np.asarray(a).dtype == np.asarray(b).dtype for a, b in arrays
    ) and (one.name, one.tune, one.is_held_back, one.setting.style) == (
        other.name,
        other.tune,
        other.is_held_back,
        other.setting.style,
    )


def test_what_is_kept_comes_back_as_it_was_without_reading_again(
    tmp_path: Path, make_piece: Maker
) -> None:
    odd = make_piece([60, 61, 62], "été ♭", is_held_back=True)
    odd = replace(odd, setting=Setting.of(None, None, 3.5, 12, 2))
    pieces = [*practice_pieces("rock", 3, 1), odd, *practice_pieces("shred", 2, 1)]
    reads: list[int] = []

    def read() -> Iterator[Piece]:
        reads.append(1)
        yield from pieces

    file = tmp_path / "deep" / "store.npz"
    first = kept_or_read(file, "made from this", read)
    second = kept_or_read(file, "made from this", read)
    assert len(reads) == 1
    assert first == pieces
    assert len(second) == len(pieces)
    assert all(same(one, other) for one, other in zip(pieces, second, strict=True))


def test_it_is_read_again_when_made_from_something_else_or_damaged(
    tmp_path: Path, make_piece: Maker
) -> None:
    file = tmp_path / "store.npz"
    old, new = make_piece([60, 62, 64], "old"), make_piece([60, 62, 65], "new")
    kept_or_read(file, "one", lambda: [old])
    assert kept_or_read(file, "two", lambda: [new]) == [new]
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole.replace(b"onsets", b"insets")):
        file.write_bytes(damaged)
        assert kept_or_read(file, "two", lambda: [old]) == [old]


def test_an_empty_corpus_is_kept_too(tmp_path: Path) -> None:
    file = tmp_path / "store.npz"
    assert kept_or_read(file, "nothing", list) == []
    assert kept_or_read(file, "nothing", lambda: 1 / 0) == []


def test_a_file_with_an_object_in_it_is_never_unpickled(tmp_path: Path, make_piece: Maker) -> None:
    file = tmp_path / "store.npz"
    np.savez(file, made_from=np.array("x"), names=np.array([object()], object))
    piece = make_piece([60, 62, 64])
    assert kept_or_read(file, "x", lambda: [piece]) == [piece]


def test_a_place_that_cannot_be_written_is_told_of(tmp_path: Path, make_piece: Maker) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be kept"):
        kept_or_read(tmp_path / "file" / "store.npz", "x", lambda: [make_piece([60, 62, 64])])


def test_a_checksum_changes_with_contents_and_settings(tmp_path: Path) -> None:
    file = tmp_path / "a.mid"
    file.write_bytes(b"one")
    first = checksum(("jazz", 1), [file])
    assert first == checksum(("jazz", 1), [file])
    assert first != checksum(("jazz", 2), [file])
    file.write_bytes(b"two")
    assert first != checksum(("jazz", 1), [file])
