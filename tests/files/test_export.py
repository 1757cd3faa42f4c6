"""Files on disk: names, whole or not at all, and kept as long as a drag may need them."""

import errno
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from musicassist.errors import OutputError
from musicassist.files.export import (
    DragFolder,
    save_bytes,
    solo_file_name,
    unique_path,
    write_solo_file,
)
from musicassist.files.smf_read import read_midi
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

OLD, NEW = b"old " * 100, b"new " * 3000
DISK_CALLS = ("open", "write", "fsync", "close", "replace")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("number", "key", "bpm", "n_bars", "name"),
    [
        (3, "Fm", 120, 8, "Solo 03 Fm 120bpm 8bars.mid"),
        (12, "F# minor", 97.5, 1, "Solo 12 F#m 97.5bpm 1bar.mid"),
        (100, "D dorian", 97, 16, "Solo 100 D dorian 97bpm 16bars.mid"),
        (1, None, 90.009, 2, "Solo 01 90.01bpm 2bars.mid"),
    ],
)
def test_number_key_tempo_and_length_stand_in_the_file_name(number, key, bpm, n_bars, name):
    spelled = Key.parse(key) if key else None
    assert solo_file_name(number, spelled, Timebase.steady(bpm), n_bars) == name


@pytest.mark.parametrize(
    ("title", "start"),
    [
        ("Comp 1", "Comp 1"),
        ("Été / nuit: a <b>", "Ete - nuit- a -b-"),
        ("序曲", "Solo 07"),
        ("..hidden. ", "hidden"),
        ("", "Solo 07"),
    ],
)
def test_a_title_stands_in_the_name_as_far_as_a_file_can_bear_it(title: str, start: str) -> None:
    name = solo_file_name(7, None, Timebase.steady(96), 8, title)
    assert name == f"{start} 96bpm 8bars.mid"


def test_a_taken_name_gets_a_number(tmp_path):
    folder = tmp_path / "made" / "for us"
    names = []
    for _ in range(3):
        path = unique_path(folder, "Solo 01 120bpm.mid")
        path.write_bytes(b"")
        names.append(path.name)
    assert names == ["Solo 01 120bpm.mid", "Solo 01 120bpm (2).mid", "Solo 01 120bpm (3).mid"]


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        unique_path(tmp_path / "file", "Solo.mid")
    with pytest.raises(OutputError, match="folder"):
        unique_path(tmp_path / "file" / "deeper", "Solo.mid")
    with pytest.raises(OutputError, match=r"Solo\.mid could not be saved in .*: the folder is not"):
        save_bytes(tmp_path / "file" / "Solo.mid", NEW)


def test_a_solo_is_written_and_replaces_the_old_one(tmp_path):
    path = tmp_path / "Solo.mid"
    clip = Clip((Note(0, 480, 60),), 1920)
    path.write_bytes(OLD)
    write_solo_file(path, clip, Timebase.steady(90), Key.parse("C"), "Solo")
    document = read_midi(path)
    assert document.melody().notes == clip.notes
    assert document.timebase == Timebase.steady(90)
    assert names_in(tmp_path) == ["Solo.mid"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such rights")
def test_others_may_read_what_was_saved_as_usual(tmp_path):
    mask = os.umask(0o022)
    try:
        save_bytes(tmp_path / "x", NEW)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["no/such/x.mid", "n" * 300 + ".mid", "a\0b.mid"])
def test_a_path_that_cannot_be_is_one_sentence(tmp_path, name):
    with pytest.raises(OutputError) as caught:
        save_bytes(tmp_path / name, NEW)
    assert caught.value.hint.endswith(".")
    assert names_in(tmp_path) == []


def test_a_folder_of_that_name_stays(tmp_path):
    (tmp_path / "x.mid").mkdir()
    with pytest.raises(OutputError):
        save_bytes(tmp_path / "x.mid", NEW)
    assert names_in(tmp_path) == ["x.mid"]


class FailingDisk:
    """Lets the k-th call to the disk fail; writes at most 4 kB at once, as a system may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, k: int | None, code: int) -> None:
        self.calls: list[str] = []
        for name in DISK_CALLS:
            monkeypatch.setattr(os, name, self._shim(name, getattr(os, name), k, code))

    def _shim(self, name, real, k, code):
        def call(*arguments, **options):
            self.calls.append(name)
            if len(self.calls) - 1 == k:
                if name == "close":
                    real(*arguments)
                raise OSError(code, os.strerror(code))
            if name == "write":
                return real(arguments[0], bytes(arguments[1][:4096]))
            return real(*arguments, **options)

        return call


def disk_calls(tmp_path: Path) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        disk = FailingDisk(patch, None, 0)
        save_bytes(tmp_path / "count", NEW)
    (tmp_path / "count").unlink()
    return disk.calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_whichever_call_fails_the_old_file_stays_and_nothing_is_left(tmp_path, code):
    calls = disk_calls(tmp_path)
    assert calls[:7] == ["open", "write", "write", "write", "fsync", "close", "replace"]
    path = tmp_path / "Solo.mid"
    for k in range(7):
        path.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            FailingDisk(patch, k, code)
            with pytest.raises(OutputError, match=r"^Solo\.mid could not be saved in .*\. .*\.$"):
                save_bytes(path, NEW)
        assert path.read_bytes() == OLD
        assert names_in(tmp_path) == ["Solo.mid"]


def test_a_folder_that_cannot_be_flushed_is_no_failure(tmp_path):
    calls = disk_calls(tmp_path)
    for k in range(7, len(calls)):
        with pytest.MonkeyPatch.context() as patch:
            FailingDisk(patch, k, errno.EINVAL)
            save_bytes(tmp_path / "Solo.mid", NEW)
        assert (tmp_path / "Solo.mid").read_bytes() == NEW


def test_a_full_disk_says_so(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        FailingDisk(patch, 2, errno.ENOSPC)
        with pytest.raises(OutputError) as caught:
            save_bytes(tmp_path / "Solo.mid", NEW)
    assert caught.value.what == f"Solo.mid could not be saved in {tmp_path}: the disk is full."


DYING = """
    import os, sys
    from pathlib import Path
    from musicassist.files.export import save_bytes

    path, k, calls = Path(sys.argv[1]), int(sys.argv[2]), 0

    def dying(real):
        def call(*arguments):
            global calls
            calls += 1
            if calls > k:
                os._exit(9)
            return real(*arguments)
        return call

    for name in ("open", "write", "fsync", "close", "replace"):
        setattr(os, name, dying(getattr(os, name)))
    save_bytes(path, b"new " * 3000)
    os._exit(0)
"""


def test_death_at_any_call_leaves_exactly_the_old_or_the_new_file(tmp_path):
    path = tmp_path / "Solo.mid"
    seen = []
    for k in range(12):
        path.write_bytes(OLD)
        command = [sys.executable, "-c", textwrap.dedent(DYING), str(path), str(k)]
        code = subprocess.run(command, check=False, timeout=60).returncode
        assert path.read_bytes() in (OLD, NEW)
        seen.append(path.read_bytes() == NEW)
        if code == 0:
            break
    assert seen == sorted(seen)
    assert seen[0] is False
    assert seen[-1] is True


FULL = """
    import resource, sys
    from pathlib import Path
    from musicassist.errors import OutputError
    from musicassist.files.export import save_bytes

    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        save_bytes(Path(sys.argv[1]), b"new " * 3000)
    except OutputError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_real_limit_of_the_system_leaves_the_old_file(tmp_path):
    path = tmp_path / "Solo.mid"
    path.write_bytes(OLD)
    command = [sys.executable, "-c", textwrap.dedent(FULL), str(path)]
    told = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout
    assert "the file would be too big there" in told
    assert path.read_bytes() == OLD
    assert names_in(tmp_path) == ["Solo.mid"]


def test_every_drag_has_a_file_of_its_own_until_the_end(tmp_path):
    clip = Clip((Note(0, 480, 60),), 1920)
    with DragFolder(tmp_path) as drags:
        paths = [drags.path_for("Solo 01.mid") for _ in range(3)]
        for path in paths:
            write_solo_file(path, clip, Timebase(), None, "Solo")
        assert len(set(paths)) == 3
        assert {path.name for path in paths} == {"Solo 01.mid"}
        assert all(read_midi(path).n_notes == 1 for path in paths)
        if os.name == "posix":
            assert stat.S_IMODE(paths[0].parents[1].stat().st_mode) == 0o700
    assert names_in(tmp_path) == []
    drags.close()


def test_a_drag_folder_swept_away_is_made_anew(tmp_path):
    with DragFolder(tmp_path) as drags:
        first = drags.path_for("a.mid")
        first.parent.rmdir()
        first.parents[1].rmdir()
        again = drags.path_for("a.mid")
        save_bytes(again, NEW)
        assert again.read_bytes() == NEW


def test_a_name_cannot_lead_out_of_the_drag_folder(tmp_path):
    with DragFolder(tmp_path / ".") as drags:
        assert tmp_path in drags.path_for("../../x.mid").parents
        assert drags.path_for("../../x.mid").name == "x.mid"


def test_no_room_for_drags_is_one_sentence(tmp_path):
    with pytest.raises(OutputError, match=r"Solo\.mid could not be saved"):
        DragFolder(tmp_path / "missing").path_for("Solo.mid")
