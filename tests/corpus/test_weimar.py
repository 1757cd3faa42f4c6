"""Reading jazz tables."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from musicassist.corpus.weimar import read_weimar
from musicassist.errors import InputError
from musicassist.generation.encoding import FURTHEST_MICRO
from musicassist.music.manner import STYLES

Writer = Callable[..., None]


def test_tables_give_grid_places_timing_lengths_and_chords(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path)
    held_back, *learned = read_weimar(tmp_path)
    assert held_back.is_held_back
    assert not any(piece.is_held_back for piece in learned)
    line = held_back.line
    assert line.onsets[:4].tolist() == [0, 12, 24, 36]
    assert (line.micros == FURTHEST_MICRO + 4).all()  # .04 beat: 3.84 of 96ths
    assert set(line.lengths[:-1].tolist()) == {5}  # half of half a beat: 6 steps
    setting = held_back.setting
    assert setting.tonic == 5
    assert setting.style == STYLES.index("jazz")


def test_a_chord_written_on_every_beat_changes_only_where_it_sounds_otherwise(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path)
    setting = next(read_weimar(tmp_path)).setting
    assert setting.changes[:4].tolist() == [0, 96, 192, 288]
    assert setting.roots.tolist() == [5, 10, 0, 5, 10, 0, 5]  # bars 4 and 5 are one chord


def test_phrases_end_where_the_table_says(tmp_path: Path, write_weimar: Writer) -> None:
    write_weimar(tmp_path)
    piece = next(read_weimar(tmp_path))
    assert piece.phrase_ends.nonzero()[0].tolist() == list(range(7, 64, 8))


def test_without_phrase_marks_nothing_is_said_of_phrases(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path)
    notes = gzip.decompress((tmp_path / "notes.csv.gz").read_bytes()).decode()
    without = notes.replace("phrase_end", "something_else")
    (tmp_path / "notes.csv.gz").write_bytes(gzip.compress(without.encode()))
    assert len(next(read_weimar(tmp_path)).phrase_ends) == 0
    gaps = notes.replace(",1.0\r\n", ",\r\n", 1)
    (tmp_path / "notes.csv.gz").write_bytes(gzip.compress(gaps.encode()))
    assert next(read_weimar(tmp_path)).phrase_ends.sum() == 7


def test_swung_eighths_written_in_thirds_stand_on_the_half_and_are_late(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path, places=((1, 3), (3, 3)), late=0.0)
    line = next(read_weimar(tmp_path)).line
    assert set((line.onsets % 24).tolist()) == {0, 12}
    seconds = line.micros[line.onsets % 24 == 12]
    assert (seconds == FURTHEST_MICRO + 16).all()  # 1/6 beat late


def test_triplets_and_very_late_thirds_stay_where_they_are(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path, places=((1, 3), (2, 3), (3, 3)))
    assert set((next(read_weimar(tmp_path)).line.onsets % 24).tolist()) == {0, 8, 16}
    write_weimar(tmp_path, places=((1, 3), (3, 3)), late=0.1)
    assert set((next(read_weimar(tmp_path)).line.onsets % 24).tolist()) == {0, 16}


def test_other_solos_on_a_held_back_tune_are_not_read(tmp_path: Path, write_weimar: Writer) -> None:
    write_weimar(tmp_path, titles=("Blues", "Blues", "Waltz"))
    assert [(piece.tune, piece.is_held_back) for piece in read_weimar(tmp_path)] == [
        ("Blues", True),
        ("Waltz", False),
    ]


def test_missing_and_damaged_tables_are_told_in_a_sentence(
    tmp_path: Path, write_weimar: Writer
) -> None:
    write_weimar(tmp_path)
    whole = (tmp_path / "notes.csv.gz").read_bytes()
    (tmp_path / "notes.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        list(read_weimar(tmp_path))
    (tmp_path / "notes.csv.gz").write_bytes(
        gzip.compress(gzip.decompress(whole).replace(b"tatum", b"tattoo"))
    )
    with pytest.raises(InputError, match="not laid out as expected"):
        list(read_weimar(tmp_path))
    for wrong in (b"inf", b"-1", b"900", b"x"):
        text = gzip.decompress(whole).replace(b",60,", b"," + wrong + b",", 1)
        (tmp_path / "notes.csv.gz").write_bytes(gzip.compress(text))
        with pytest.raises(InputError, match="not laid out as expected"):
            list(read_weimar(tmp_path))
    rows = gzip.decompress(whole).splitlines()
    rows[5] = b",".join(rows[5].split(b",")[:4])
    (tmp_path / "notes.csv.gz").write_bytes(gzip.compress(b"\n".join(rows)))
    with pytest.raises(InputError, match="not laid out as expected"):
        list(read_weimar(tmp_path))
    (tmp_path / "beats.csv.gz").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        list(read_weimar(tmp_path))
