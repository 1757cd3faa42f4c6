"""Reading tunes in ABC notation."""

from pathlib import Path

import pytest

from musicassist.corpus.abc_tunes import MAX_ABC_BYTES, fiddle_tunes, read_abc, tunes_in
from musicassist.errors import InputError
from musicassist.music.manner import STYLES

TUNES = """% our own
X:1
T:First of Two
M:4/4
L:1/8
K:G
GA | "G"B2 AG {c}B2 AG | A2 GA B2 GA | B2 AG B2 AG | A2 GE G2 :|
X:2
T:Second of Two
M:6/8
L:1/8
K:Am
ABc edc | BAG ABc | ded cBA | e3 A3 |
X:3
T:Nothing in it
K:C
"""


def test_a_book_is_cut_into_its_tunes(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_text(TUNES)
    tunes = tunes_in(tmp_path / "book.abc")
    assert [tune.splitlines()[0] for tune in tunes] == ["X:1", "X:2", "X:3"]


@pytest.mark.training
def test_tunes_have_key_metre_pickup_and_no_ornaments(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_text(TUNES)
    first, second = read_abc(tmp_path / "book.abc")
    assert first.tune == "First of Two"
    assert first.setting.tonic == 7
    assert first.setting.bar_origin == 24
    assert first.line.onsets[:5].tolist() == [0, 12, 24, 48, 60]
    assert first.line.pitches[:5].tolist() == [67, 69, 71, 69, 67]
    assert first.setting.style == STYLES.index("folk")
    assert second.setting.tonic == 9
    assert second.setting.beats_a_bar == 3.0


@pytest.mark.training
def test_a_file_without_tunes_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "empty.abc").write_text("nothing here")
    with pytest.raises(InputError, match="no tune"):
        list(read_abc(tmp_path / "empty.abc"))


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "huge.abc").write_bytes(b"X:1\n" + b"C" * MAX_ABC_BYTES)
    with pytest.raises(InputError, match="larger than"):
        tunes_in(tmp_path / "huge.abc")


@pytest.mark.training
def test_fiddle_tunes_that_come_with_music21_are_spread_over_its_books() -> None:
    pieces = list(fiddle_tunes(4))
    assert len({piece.name.split()[0] for piece in pieces}) >= 3
    assert {piece.setting.style for piece in pieces} == {STYLES.index("folk")}
