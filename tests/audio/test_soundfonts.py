import sys

import pytest

from musicassist.audio.soundfonts import MOST_FOUND, find_soundfonts
from musicassist.paths import soundfonts_folder


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The user's data folder, the only place with anything in it."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path / "home")
    folder = tmp_path / "soundfonts"
    folder.mkdir()
    return folder


def names(folder):
    return [path.name for path in find_soundfonts() if folder in path.parents]


def test_the_program_s_own_folder_is_searched(data):
    assert data.parent in soundfonts_folder().parents
    soundfonts_folder().mkdir(parents=True)
    (soundfonts_folder() / "own.sf2").touch()
    assert names(soundfonts_folder()) == ["own.sf2"]


def test_both_kinds_are_found_in_the_order_of_their_names(data):
    for name in ("b.sf2", "A.SF2", "c.sf3", "d.sfz", "e.txt", ".hidden.sf2"):
        (data / name).touch()
    (data / "folder.sf2").mkdir()
    assert names(data) == ["A.SF2", "b.sf2", "c.sf3"]


def test_folders_are_searched_three_deep(data):
    deep = data / "one" / "two" / "three"
    (deep / "four").mkdir(parents=True)
    (deep / "found.sf2").touch()
    (deep / "four" / "too deep.sf2").touch()
    assert names(data) == ["found.sf2"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_is_linked_twice_is_named_once_and_a_ring_ends(data):
    (data / "real.sf2").touch()
    (data / "link.sf2").symlink_to(data / "real.sf2")
    (data / "broken.sf2").symlink_to(data / "nowhere")
    (data / "ring").symlink_to(data)
    assert names(data) == ["link.sf2"]


def test_a_folder_of_thousands_is_cut_short(data):
    for number in range(MOST_FOUND + 20):
        (data / f"{number}.sf2").touch()
    assert len(find_soundfonts()) == MOST_FOUND


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_no_system_needs_to_have_any(platform, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    place = {
        "linux": "sounds/sf2",
        "darwin": "Library/Audio/Sounds/Banks",
        "win32": "Documents/SoundFonts",
    }[platform]
    assert not [path for path in find_soundfonts() if tmp_path in path.parents]
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "mine.sf2").touch()
    assert names(tmp_path) == ["mine.sf2"]
