"""A file one process at a time has."""

import subprocess
import sys
from pathlib import Path

import pytest

from musicassist.storage.file_lock import FileLock, TakenError

HOLDER = """
import sys
from pathlib import Path
from musicassist.storage.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.lock"


def test_of_two_locks_the_second_is_refused_until_the_first_lets_go(path: Path) -> None:
    first, second = FileLock(path), FileLock(path)
    first.acquire()
    with pytest.raises(TakenError):
        second.acquire()
    assert first.is_locked
    assert not second.is_locked
    first.release()
    second.acquire()
    second.release()


def test_acquiring_and_releasing_twice_is_as_good_as_once(path: Path) -> None:
    lock = FileLock(path)
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()
    assert not lock.is_locked
    again = FileLock(path)
    again.acquire()
    again.release()


def test_a_process_that_is_killed_leaves_nothing_locked(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(TakenError):
            FileLock(path).acquire()
        holder.kill()
        holder.wait()
    lock = FileLock(path)
    lock.acquire()
    lock.release()


def test_a_file_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        FileLock(tmp_path / "nowhere" / "a.lock").acquire()
    assert not FileLock(tmp_path / "b.lock").is_locked
