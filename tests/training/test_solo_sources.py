"""The sources of the shipped soloist: a checked file, and the pieces it names."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musicassist.corpus.split import plain_title
from musicassist.errors import InputError, MissingFileError, TrainingError
from musicassist.music.manner import STYLES
from musicassist.training.progress import FileRead, FileSkipped, TrainingEvent
from musicassist.training.solo_sources import Source, gather, read_sources, shipped_sources

Writer = Callable[..., None]

JAZZ = Source("jazz", "files", "jazz", "ours", 0.75, folder="jazz")
ROCK = Source("rock", "practice", "rock", "ours", 0.25, most_pieces=6)


def written(path: Path, **changes: object) -> Path:
    """Write a file of one good source with changes; None takes a key away."""
    good: dict[str, object] = {
        "name": "jazz",
        "reader": "files",
        "folder": "jazz",
        "style": "jazz",
        "licence": "ours",
        "share": 1.0,
    }
    good |= changes
    lines = [
        f"{key} = {value!r}".replace("True", "true")
        for key, value in good.items()
        if value is not None
    ]
    path.write_text("[[source]]\n" + "\n".join(lines) + "\n")
    return path


def test_the_shipped_file_is_whole_and_covers_every_style() -> None:
    shipped = shipped_sources()
    assert sum(source.share for source in shipped.sources) == pytest.approx(1)
    assert {source.style for source in shipped.sources} == set(STYLES)
    assert all(source.licence.endswith(".") for source in shipped.sources)
    assert not any(Path(source.folder).is_absolute() for source in shipped.sources)


def test_a_good_file_is_read_with_its_training_table(tmp_path: Path) -> None:
    path = written(tmp_path / "solo.toml", most_pieces=5, share=1)
    path.write_text(path.read_text() + "[training]\nepochs = 3\n")
    sources = read_sources(path)
    assert sources.sources == (
        Source("jazz", "files", "jazz", "ours", 1, folder="jazz", most_pieces=5),
    )
    assert sources.training == {"epochs": 3}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"colour": "blue"}, "unknown key 'colour'"),
        ({"licence": None}, "lacks 'licence'"),
        ({"share": "half"}, "share of source 'jazz' is not what it must be"),
        ({"share": True}, "share of source 'jazz' is not what it must be"),
        ({"share": 0.5}, "add up to 0.5"),
        ({"share": -1.0}, "out of range"),
        ({"style": "polka"}, "style of source 'jazz' is not one of"),
        ({"reader": "tea leaves"}, "reader of source 'jazz' is not one of"),
        ({"folder": "../elsewhere"}, "leads out of the data root"),
        ({"folder": "/elsewhere"}, "leads out of the data root"),
        ({"folder": ""}, "needs a folder"),
        ({"name": "a/b"}, "letters, digits and _"),
        ({"reader": "practice", "folder": ""}, "needs most_pieces"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(
    tmp_path: Path, changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InputError) as told:
        read_sources(written(tmp_path / "solo.toml", **changes))
    assert complaint in told.value.what
    assert told.value.what.startswith("'solo.toml' cannot be used")


def test_other_mistakes_in_a_file_are_told_too(tmp_path: Path) -> None:
    path = tmp_path / "solo.toml"
    with pytest.raises(MissingFileError):
        read_sources(path)
    for text, complaint in (
        ("[[source", "not TOML"),
        ("[music]\n", "nothing there is called 'music'"),
        ("[training]\n", r"needs \[\[source\]\]"),
        ("source = [1]\n", "a source is a table"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=complaint):
            read_sources(path)
    text = written(path, share=0.5).read_text()
    path.write_text(text + text)
    with pytest.raises(InputError, match="same name"):
        read_sources(path)


def test_pieces_are_gathered_by_share_with_held_back_tunes_apart(
    tmp_path: Path, write_weimar: Writer
) -> None:
    (tmp_path / "jazz").mkdir()
    write_weimar(tmp_path / "jazz", n_solos=5)
    told: list[TrainingEvent] = []
    found = gather([JAZZ, ROCK], tmp_path, tmp_path / "store", report=told.append)
    assert found.weights.sum() == pytest.approx(1)
    styles = np.array([piece.setting.style for piece in found.learned])
    assert found.weights[styles == STYLES.index("jazz")].sum() == pytest.approx(0.75)
    n_notes = np.array([len(piece.line.onsets) for piece in found.learned])
    rock = styles == STYLES.index("rock")
    per_note = found.weights[rock] / n_notes[rock]
    assert per_note == pytest.approx(per_note[0])
    assert [piece.name for piece in found.held_back] == ["solo0"]
    held_back = {plain_title(piece.tune) for piece in found.held_back}
    assert not held_back & {plain_title(piece.tune) for piece in found.learned}
    assert [event.name for event in told if isinstance(event, FileRead)] == ["jazz", "rock"]


def test_a_second_call_reads_nothing_until_a_file_changes(
    tmp_path: Path, write_weimar: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jazz").mkdir()
    write_weimar(tmp_path / "jazz")
    first = gather([JAZZ], tmp_path, tmp_path / "store")
    with monkeypatch.context() as patched:
        patched.setattr("musicassist.training.solo_sources.read_files", lambda *_, **__: 1 / 0)
        again = gather([JAZZ], tmp_path, tmp_path / "store")
    assert [piece.name for piece in again.learned] == [piece.name for piece in first.learned]
    write_weimar(tmp_path / "jazz", n_solos=6)
    assert len(gather([JAZZ], tmp_path, tmp_path / "store").learned) > len(first.learned)


def test_a_missing_source_is_named_and_training_goes_on_without_it_only_if_asked(
    tmp_path: Path,
) -> None:
    with pytest.raises(MissingFileError, match="The source 'jazz' is missing"):
        gather([JAZZ, ROCK], tmp_path, tmp_path / "store")
    found = gather([JAZZ, ROCK], tmp_path, tmp_path / "store", without=["jazz"])
    assert found.sources == (ROCK,)
    assert found.weights.sum() == pytest.approx(1)
    with pytest.raises(TrainingError, match="nothing to learn"):
        gather([JAZZ, ROCK], tmp_path, tmp_path / "store", without=["jazz", "rock"])


def test_files_left_out_are_told_of_and_the_most_pieces_are_spread_evenly(
    tmp_path: Path, write_weimar: Writer
) -> None:
    (tmp_path / "jazz").mkdir()
    write_weimar(tmp_path / "jazz", n_solos=9)
    (tmp_path / "jazz" / "bad.mid").write_bytes(b"no")
    told: list[TrainingEvent] = []
    few = Source("few", "files", "jazz", "ours", 1.0, folder="jazz", most_pieces=3)
    found = gather([few], tmp_path, tmp_path / "store", report=told.append)
    assert [event.name for event in told if isinstance(event, FileSkipped)] == ["bad.mid"]
    assert [piece.name for piece in found.held_back + found.learned] == ["solo0", "solo3", "solo6"]
