"""The user's sessions as a list: names, files, what was opened last."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import OutputError
from musicassist.music.clip import Clip
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from musicassist.paths import write_atomically
from musicassist.storage import library
from musicassist.storage.claim import claim_file
from musicassist.storage.session_file import SessionFile

Save = Callable[..., Path]

RESERVED = {"con", "prn", "aux", "nul", *(f"{each}{n}" for each in ("com", "lpt") for n in "123")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "sessions"
    monkeypatch.setattr(library, "sessions_folder", lambda: place)
    return place


@pytest.fixture
def save(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Save:
    moments = iter(datetime(2026, 11, 21, 20, n, tzinfo=UTC).isoformat() for n in range(60))
    monkeypatch.setattr("musicassist.storage.session_file._now", lambda: next(moments))

    def saved(name: str, n_solos: int = 0, place: Path = folder) -> Path:
        path = library.new_path(name, place)
        file = SessionFile(path)
        solos = tuple(Solo(Clip(), "echo", seed, Clip(), {}) for seed in range(n_solos))
        file.save_session(Session(name=name).with_new_solos(solos))
        file.close()
        return path

    return saved


@given(st.text(st.characters(), max_size=80))
def test_any_name_becomes_one_that_every_system_takes(name: str) -> None:
    stem = library.safe_stem(name)
    assert stem
    assert stem == stem.strip(" .")
    assert not set(stem) & set('<>:"/\\|?*\0\n')
    assert stem.lower().partition(".")[0] not in RESERVED
    assert len(stem.encode()) <= 140
    assert library.safe_stem(stem) == stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Evening idea", "Evening idea"),
        ("  AC/DC: riff?  ", "AC DC riff"),
        ("../../etc/passwd", "etc passwd"),
        ("Çedilla ♭9", "Çedilla ♭9"),
        ("con", "con Session"),
        ("...", "Session"),
    ],
)
def test_a_file_is_named_as_its_session_as_far_as_that_is_safe(name: str, stem: str) -> None:
    assert library.safe_stem(name) == stem


def test_no_two_sessions_share_a_file(save: Save, folder: Path) -> None:
    paths = [save("Idea") for _ in range(3)]
    assert [each.stem for each in paths] == ["Idea", "Idea 2", "Idea 3"]
    assert library.names_in_use() == {"Idea", "Idea 2", "Idea 3"}
    assert all(library.is_named_after(each, "Idea") for each in paths)
    assert not library.is_named_after(paths[1], "Ide")


def test_recent_sessions_come_newest_first_with_name_and_takes(save: Save) -> None:
    first, second = save("One", 3), save("Two: the name inside is the truth")
    newest, older = library.recent_sessions()
    assert (newest.path, newest.name) == (second, "Two: the name inside is the truth")
    assert (older.path, older.n_takes, older.problem) == (first, 3, "")
    assert newest.saved_at is not None
    assert older.saved_at is not None
    assert newest.saved_at - older.saved_at == timedelta(minutes=1)
    assert [each.path for each in library.recent_sessions(but=second)] == [first]
    assert len(library.recent_sessions(1)) == 1


def test_looking_changes_nothing_and_sees_what_another_window_has_saved(
    save: Save, folder: Path
) -> None:
    path = save("Quiet")
    before = sorted(each.name for each in folder.iterdir())
    assert library.look_at(path).name == "Quiet"
    assert sorted(each.name for each in folder.iterdir()) == before
    file = SessionFile(path)
    file.save_session(Session(name="Loud"))
    assert library.look_at(path).name == "Loud"  # it stands in the log only
    file.close()


def test_what_was_opened_elsewhere_is_recent_too_and_says_when_it_has_gone(
    save: Save, tmp_path: Path
) -> None:
    here, there = save("Here"), save("There", place=tmp_path / "there")
    library.remember(there)
    library.remember(here)
    assert library.remembered() == [here, there]
    assert [each.name for each in library.recent_sessions()] == ["There", "Here"]
    there.unlink()
    card = library.recent_sessions()[-1]
    assert (card.name, card.problem) == ("There", "it is no longer there")
    library.forget(there)
    assert library.remembered() == [here]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(2_000)])
def test_a_file_that_is_no_session_is_listed_as_unreadable(
    save: Save, folder: Path, content: bytes
) -> None:
    save("Good")
    (folder / "Bad.musicassist").write_bytes(content)
    good, bad = library.recent_sessions()
    assert good.name == "Good"
    assert (bad.name, bad.problem) == ("Bad", "it cannot be read")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"../x.musicassist\nrel/y.musicassist", b"\0"])
def test_a_memory_of_nonsense_is_empty(folder: Path, content: bytes) -> None:
    folder.mkdir()
    write_atomically(folder / "last", content)
    assert library.remembered() == []


def test_what_is_put_away_is_kept_and_can_be_brought_back(save: Save, folder: Path) -> None:
    path = save("Gone", 2)
    library.remember(path)
    away = library.put_away(path)
    assert away == folder / "removed" / "Gone.musicassist"
    assert library.remembered() == []
    assert library.recent_sessions() == []
    save("Gone")
    back = library.bring_back(away)
    assert back.stem == "Gone 2"
    assert library.look_at(back).n_takes == 2


def test_what_cannot_be_moved_stays(
    save: Save, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save("Stays")
    (folder / "removed").write_text("a file in the way")
    with pytest.raises(OutputError, match="cannot be moved"):
        library.put_away(path)
    assert library.look_at(path).name == "Stays"


def test_a_session_put_away_with_its_log_loses_nothing(save: Save) -> None:
    path = save("Logged")
    claim = claim_file(path)
    file = SessionFile(path)
    file.save_session(Session(name="In the log"))
    away = library.put_away(path)
    assert library.look_at(away).name == "In the log"
    file.close()
    claim.release()
