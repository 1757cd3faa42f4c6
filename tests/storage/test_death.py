"""What a save leaves behind when it is cut short: exactly the old or the new session.

Death by the hand of another process is in `tests/stories/test_survival.py`; here every moment at
which it can come is tried, one after the other.
"""

import shutil
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from musicassist.errors import MusicAssistError
from musicassist.music.session import Session
from musicassist.storage import session_file
from musicassist.storage.claim import claim_session
from musicassist.storage.database import log_of
from musicassist.storage.journal import Journal
from musicassist.storage.played import PlayedEvent
from musicassist.storage.session_file import SessionFile
from tests.storage.conftest import notes

OLD, NEW = Session(name="old " * 2_000), Session(name="new " * 3_000)
SECTOR_BYTES = 512


def opened(path: Path) -> Session | None:
    claim = claim_session(path)
    assert claim.path == path
    assert claim.problem is None
    file = SessionFile(path)
    try:
        return file.load_session()
    finally:
        file.close()
        claim.release()


def in_parts(before: bytes, after: bytes) -> list[bytes]:
    """Return what a file can look like while it is written from one state to the other.

    Whatever the order in which a death lets sectors reach the file, only what was written before
    a `fsync` counts; between two of them SQLite writes a log from front to back.
    """
    longest = max(len(before), len(after))
    return [after[:at] + before[at:] for at in range(0, longest + SECTOR_BYTES, SECTOR_BYTES)]


@pytest.mark.parametrize("n_saves_before", [1, 2, 40])
def test_a_save_cut_short_anywhere_leaves_the_old_or_the_new_session(
    tmp_path: Path, n_saves_before: int
) -> None:
    path = tmp_path / "Session.musicassist"
    file = SessionFile(path)
    for _ in range(n_saves_before):
        file.save_session(OLD)
    content, log_before = path.read_bytes(), log_of(path).read_bytes()
    file.save_session(NEW)
    assert path.read_bytes() == content  # it goes to the log first
    log_after = log_of(path).read_bytes()
    file.close()
    seen = []
    for log in in_parts(log_before, log_after):
        path.write_bytes(content)
        log_of(path).write_bytes(log)
        session = opened(path)
        assert session in (OLD, NEW)
        seen.append(session == NEW)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (False, True)


def test_bringing_the_log_into_the_file_cut_short_anywhere_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Session.musicassist"
    file = SessionFile(path)
    file.save_session(OLD)
    file.save_session(NEW)
    before, log = path.read_bytes(), log_of(path).read_bytes()
    file.close()
    after = path.read_bytes()
    assert after != before
    for content in in_parts(before, after):
        path.write_bytes(content)
        log_of(path).write_bytes(log)
        assert opened(path) == NEW


def test_starting_the_log_anew_cut_short_anywhere_leaves_the_old_or_the_new_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Session.musicassist"
    monkeypatch.setattr(session_file, "_LOG_BYTES", 1)  # after every save
    file = SessionFile(path)
    for _ in range(5):
        file.save_session(OLD)
    content, log_before = path.read_bytes(), log_of(path).read_bytes()
    monkeypatch.undo()
    file.save_session(NEW)
    log_after = log_of(path).read_bytes()
    file.close()
    assert log_after[:32] != log_before[:32]  # it was started anew
    seen = set()
    for log in in_parts(log_before, log_after):
        path.write_bytes(content)
        log_of(path).write_bytes(log)
        session = opened(path)
        assert session in (OLD, NEW)
        seen.add(session == NEW)
    assert seen == {False, True}


DISK_FULL = """
    import random, resource, sys, threading
    from pathlib import Path
    from musicassist.errors import SessionFileError
    from musicassist.music.session import Session
    from musicassist.storage.journal import Journal
    from musicassist.storage.session_file import SessionFile
    from tests.storage.conftest import notes

    path, limit = Path(sys.argv[1]), int(sys.argv[2])
    failed, kept = threading.Event(), threading.Event()

    def on_failed(error):
        print(error, flush=True)
        failed.set()

    journal = Journal(path, lambda n_events: n_events == 20_000 and kept.set(), on_failed)
    file = SessionFile(path)
    file.save_session(Session(name="before"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for each in notes(20_000):
        journal.add(each)
    assert failed.wait(30)
    try:
        file.save_session(Session(name=random.Random(1).randbytes(1_000_000).hex()))
    except SessionFileError as error:
        print(error)
    assert file.load_session() == Session(name="before")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert kept.wait(30)
    file.save_session(Session(name="after"))
    journal.close()
    file.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_full_disk_is_told_and_survived_and_what_was_played_is_written_later(
    tmp_path: Path,
) -> None:
    path = tmp_path / "Session.musicassist"
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", textwrap.dedent(DISK_FULL), str(path), str(300_000)]
    done = subprocess.run(
        command, check=False, timeout=120, capture_output=True, text=True, cwd=root
    )
    assert done.returncode == 0, done.stderr
    played, saved = done.stdout.splitlines()
    assert played.startswith("What you play is not being saved in Session.musicassist: the disk")
    assert saved.startswith("The session is not being saved in Session.musicassist: the disk")
    file = SessionFile(path)
    assert file.load_session() == Session(name="after")
    assert file.played() == (notes(20_000),)
    file.close()


SAVING = """
    import sys
    from pathlib import Path
    from musicassist.music.session import Session
    from musicassist.storage.session_file import SessionFile

    file = SessionFile(Path(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        file.save_session(Session(name=f"{number} " + "x" * 20_000))
    file.close()
"""


def test_window_and_engine_write_at_the_same_time_and_neither_ever_fails(tmp_path: Path) -> None:
    path = tmp_path / "Session.musicassist"
    failures: list[MusicAssistError] = []
    journal = Journal(path, lambda n_events: None, failures.append)
    command = [sys.executable, "-c", textwrap.dedent(SAVING), str(path), "150"]
    windows = [subprocess.Popen(command) for _ in range(2)]  # one more than there ever is
    n_added = 0
    while any(window.poll() is None for window in windows):
        journal.add(notes(1, first=n_added)[0])
        n_added += 1
        if n_added % 50 == 0:
            journal.finish_phrase()
        time.sleep(0.001)  # a player's pace, not a flood; nothing is waited for
    journal.close()
    assert [window.returncode for window in windows] == [0, 0]
    assert failures == []
    file = SessionFile(path)
    assert file.played() == (notes(n_added),)
    session = file.load_session()
    assert session is not None
    assert session.name.startswith("149 ")
    file.close()


def test_a_file_removed_under_us_is_made_anew_and_nothing_more_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "sessions" / "Session.musicassist"
    kept = threading.Semaphore(0)
    journal = Journal(path, lambda n_events: kept.release(), lambda error: None)
    file = SessionFile(path)
    file.save_session(Session(name="before"))
    journal.add(notes(1)[0])
    assert kept.acquire(timeout=30)
    if sys.platform == "win32":
        pytest.skip("an open file cannot be removed here")
    shutil.rmtree(path.parent)
    later: tuple[PlayedEvent, ...] = notes(2, first=1)
    journal.add(later[0])
    assert kept.acquire(timeout=30)
    file.save_session(Session(name="after"))
    journal.add(later[1])
    journal.close()
    file.close()
    again = SessionFile(path)
    assert again.load_session() == Session(name="after")
    assert again.played() == (later,)
    again.close()
