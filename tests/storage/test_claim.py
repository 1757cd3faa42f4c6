"""One window, one session file."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from musicassist.errors import DamagedSessionError, SessionFileError
from musicassist.music.session import Session
from musicassist.paths import sessions_folder
from musicassist.storage import claim as claim_module
from musicassist.storage import library
from musicassist.storage.claim import FIRST_NAME, Claim, claim_file, claim_session
from musicassist.storage.session_file import SessionFile

ClaimFile = Callable[..., Claim]


@pytest.fixture
def claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClaimFile]:
    for module in (claim_module, library):
        monkeypatch.setattr(module, "sessions_folder", lambda: tmp_path / "sessions")
    claims: list[Claim] = []

    def made(wanted: Path | None = None) -> Claim:
        claims.append(claim_session(wanted))
        return claims[-1]

    yield made
    for each in claims:
        each.release()


def save(path: Path, name: str) -> None:
    file = SessionFile(path)
    file.save_session(Session(name=name))
    file.close()


def test_the_sessions_of_a_test_are_not_the_user_s() -> None:
    assert "musicassist-home." in str(sessions_folder())


def test_the_first_start_makes_the_first_file(claim: ClaimFile, tmp_path: Path) -> None:
    first = claim()
    assert first.path == tmp_path / "sessions" / FIRST_NAME
    assert first.path.is_file()
    assert (first.news, first.problem) == ("", None)


def test_the_next_start_takes_the_same_file(claim: ClaimFile) -> None:
    first = claim()
    first.release()
    assert claim().path == first.path


def test_a_second_window_gets_a_file_of_its_own(claim: ClaimFile) -> None:
    first, second, third = claim(), claim(), claim()
    assert [each.path.name for each in (first, second, third)] == [
        "Session.musicassist",
        "Session 2.musicassist",
        "Session 3.musicassist",
    ]
    assert "Another window has Session.musicassist open" in second.news


def test_a_file_that_holds_something_is_not_taken_for_a_new_one(claim: ClaimFile) -> None:
    first, second = claim(), claim()
    save(second.path, "somebody's")
    second.release()
    assert claim().path.name == "Session 3.musicassist"
    assert first.path.name == "Session.musicassist"


def test_a_file_that_holds_nothing_is_used_again(claim: ClaimFile) -> None:
    claim()
    second = claim()
    second.release()
    assert claim().path == second.path


def test_the_file_that_was_changed_last_is_opened_next(claim: ClaimFile) -> None:
    first, second = claim(), claim()
    first.remember()
    second.remember()
    for each in (first, second):
        each.release()
    assert claim().path == second.path


def test_a_file_the_user_named_is_not_remembered(claim: ClaimFile, tmp_path: Path) -> None:
    named = claim(tmp_path / "sessions" / "Mine.musicassist")
    named.remember()
    named.release()
    assert claim().path.name == FIRST_NAME


@pytest.mark.parametrize("content", ["../../etc/passwd.musicassist", "gone.musicassist", "\0", ""])
def test_a_memory_that_leads_nowhere_is_passed_over(
    claim: ClaimFile, tmp_path: Path, content: str
) -> None:
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "last").write_text(content)
    assert claim().path == tmp_path / "sessions" / FIRST_NAME


def test_a_dead_window_s_file_is_free(claim: ClaimFile, tmp_path: Path) -> None:
    path = tmp_path / "Session.musicassist"
    program = f"""
import os, pathlib
from musicassist.storage.claim import claim_session
claim = claim_session(pathlib.Path({str(path)!r}))
print("claimed", flush=True)
input()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdin, process.stdout:
        assert process.stdout.readline() == b"claimed\n"
        assert claim(path).path.name == "Session 2.musicassist"
        process.kill()
        process.wait()
    assert claim(path).path == path


def test_a_damaged_file_is_mended_and_told(claim: ClaimFile, tmp_path: Path) -> None:
    path = tmp_path / "Session.musicassist"
    path.write_bytes(b"nonsense" * 1000)
    mended = claim(path)
    assert isinstance(mended.problem, DamagedSessionError)
    assert (tmp_path / "Session.damaged.musicassist").read_bytes() == b"nonsense" * 1000
    save(path, "works")


def test_a_foreign_file_is_refused_and_free_again(claim: ClaimFile, tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"MThd")
    for _ in range(2):
        with pytest.raises(SessionFileError, match=r"song\.mid is not a session file"):
            claim(path)


def test_two_names_of_one_file_are_one_file(claim: ClaimFile, tmp_path: Path) -> None:
    path = tmp_path / "Session.musicassist"
    claim(path)
    if os.name != "posix":
        pytest.skip("links need rights here")
    link = tmp_path / "Link.musicassist"
    link.symlink_to(path)
    assert claim(link).path.name != "Link.musicassist"


def test_a_folder_that_may_not_be_written_is_one_sentence(
    claim: ClaimFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(claim_module, "SimpleLockFile", refuse)
    with pytest.raises(SessionFileError) as problem:
        claim(tmp_path / "Session.musicassist")
    assert problem.value.what == (
        "The session file Session.musicassist cannot be used: Permission denied."
    )


def test_a_folder_that_cannot_be_made_is_one_sentence(claim: ClaimFile, tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("a file in the way")
    with pytest.raises(SessionFileError, match="cannot be used"):
        claim()


def test_just_one_window_has_a_file(tmp_path: Path, claim: ClaimFile) -> None:
    path = tmp_path / "sessions" / "Mine.musicassist"
    first = claim_file(path)
    with pytest.raises(SessionFileError, match="Mine is open in another window"):
        claim_file(path)
    first.release()
    claim_file(path).release()


def test_a_file_elsewhere_is_opened_at_the_next_start_too(tmp_path: Path, claim: ClaimFile) -> None:
    elsewhere = claim_file(tmp_path / "elsewhere" / "Far.musicassist")
    elsewhere.remember()
    elsewhere.release()
    assert claim().path == elsewhere.path


def test_a_file_takes_the_name_of_its_session_and_is_still_the_one_opened_next(
    claim: ClaimFile,
) -> None:
    first = claim()
    save(first.path, "Evening")
    first.remember()
    renamed = first.renamed_after("Evening idea: <1/2>")
    assert renamed.path.name == "Evening idea 1 2.musicassist"
    assert not first.path.exists()
    with pytest.raises(SessionFileError, match="another window"):
        claim_file(renamed.path)
    renamed.release()
    assert claim().path == renamed.path


def test_a_file_is_not_renamed_while_it_is_open_or_where_somebody_else_named_it(
    claim: ClaimFile, tmp_path: Path
) -> None:
    first = claim()
    file = SessionFile(first.path)
    file.save_session(Session())
    assert first.renamed_after("Open").path == first.path
    file.close()
    elsewhere = claim_file(tmp_path / "Far.musicassist")
    assert elsewhere.renamed_after("Near").path == elsewhere.path
    elsewhere.release()
    twin = claim_file(tmp_path / "sessions" / "Idea 2.musicassist")
    assert twin.renamed_after("Idea").path == twin.path
    twin.release()
