"""Opening files as phrases: one step each, off the GUI thread, one sentence for every trouble."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app import phrase_files as phrase_files_module
from musicassist.app.bootstrap import Services
from musicassist.app.music_file import MusicFile
from musicassist.app.notices import Notice
from musicassist.files.smf_write import solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase
from tests.corpus.conftest import write_lead_sheet

PATIENCE_MS = 20_000


@pytest.fixture
def seen(services: Services) -> list[Notice]:
    notices: list[Notice] = []
    services.notices.posted.connect(notices.append)
    return notices


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mid"
    clip = Clip(tuple(Note(i * 480, 240, 60 + i, 90) for i in range(4)), 1920)
    path.write_bytes(solo_bytes(clip, Timebase.steady(97), Key.parse("Fm"), "song"))
    return path


def wait(qtbot: QtBot, services: Services, opening: Callable[[], None]) -> Notice:
    with qtbot.waitSignal(services.notices.posted, timeout=PATIENCE_MS) as posted:
        opening()
    assert posted.args is not None
    notice = posted.args[0]
    assert isinstance(notice, Notice)
    return notice


def test_a_midi_file_is_one_step_that_undo_takes_back(
    qtbot: QtBot, services: Services, song: Path
) -> None:
    before = services.document.session
    told = wait(qtbot, services, lambda: services.phrase_files.open(song))
    session = services.document.session
    assert session.primer is not None
    assert [note.pitch for note in session.primer.notes] == [60, 61, 62, 63]
    assert round(session.timebase.tempos[0].bpm) == 97
    assert session.key == Key.parse("Fm")
    assert session.progression is None
    assert services.document.undo_name == "Open song.mid"
    assert (told.text, told.action_name) == ("song.mid is the phrase now.", "Undo")
    services.document.undo()
    assert services.document.session == before


def test_a_score_brings_its_chords_and_keeps_the_tempo_where_it_says_none(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    write_lead_sheet(tmp_path / "tune.musicxml")
    services.document.set_tempo(77)
    told = wait(qtbot, services, lambda: services.phrase_files.open(tmp_path / "tune.musicxml"))
    session = services.document.session
    assert told.text == "tune.musicxml is the phrase now, with its chords."
    assert session.progression_text.startswith("F7 | /")
    assert session.progression is not None
    assert round(session.timebase.tempos[0].bpm) == 77
    services.document.set_tempo(88)  # reads the chords again
    assert services.document.session.progression is not None


@pytest.mark.parametrize("name", ["song.mid", "song.xml", "song.mxl"])
def test_a_file_that_is_not_what_it_says_is_one_sentence(
    qtbot: QtBot, services: Services, tmp_path: Path, name: str
) -> None:
    before = services.document.session
    path = tmp_path / name
    path.write_bytes(b"<html>")
    assert wait(qtbot, services, lambda: services.phrase_files.open(path)).is_error
    gone = tmp_path / f"gone{path.suffix}"
    assert wait(qtbot, services, lambda: services.phrase_files.open(gone)).is_error
    assert services.document.session is before


def test_of_several_files_the_first_is_taken_and_that_is_said(
    qtbot: QtBot, services: Services, song: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "cover.png"
    told = wait(qtbot, services, lambda: services.phrase_files.open_first([picture, song, song]))
    assert told.text == "song.mid is the phrase now. The other 2 files were left."
    told = wait(qtbot, services, lambda: services.phrase_files.open_first([song, song]))
    assert told.text.endswith("The other file was left.")


def test_a_file_of_another_kind_is_one_sentence(
    services: Services, seen: list[Notice], tmp_path: Path
) -> None:
    services.phrase_files.open_first([tmp_path / "song.wav"])
    assert seen[-1].text == "song.wav is no MIDI, MusicXML or MusicAssist file."


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let reading wait until it is told to go on, or to stop."""
    go_on = threading.Event()
    read = phrase_files_module.read_music

    def wait_and_read(path: Path, should_stop: Callable[[], bool]) -> MusicFile:
        while not go_on.wait(0.002):
            if should_stop():
                break
        return read(path, should_stop)

    monkeypatch.setattr(phrase_files_module, "read_music", wait_and_read)
    return go_on


def test_a_long_reading_is_told_and_can_be_stopped(
    qtbot: QtBot, services: Services, song: Path, held: threading.Event
) -> None:
    before = services.document.session
    services.phrase_files._tell_soon.setInterval(1)
    told = wait(qtbot, services, lambda: services.phrase_files.open(song))
    assert (told.text, told.action_name) == ("Reading song.mid …", "Stop")
    assert told.action is not None
    stopped = wait(qtbot, services, told.action)
    assert stopped.text == "song.mid was not opened."
    held.set()
    qtbot.wait(50)
    assert services.document.session is before


def test_what_takes_too_long_is_refused(
    qtbot: QtBot,
    services: Services,
    tmp_path: Path,
    held: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phrase_files_module, "LONGEST_READ_S", 0.0)
    write_lead_sheet(tmp_path / "tune.xml")
    told = wait(qtbot, services, lambda: services.phrase_files.open(tmp_path / "tune.xml"))
    assert told.text == "tune.xml takes too long to read."


def test_the_newest_of_two_counts(
    qtbot: QtBot, services: Services, song: Path, tmp_path: Path, held: threading.Event
) -> None:
    other = tmp_path / "other.mid"
    other.write_bytes(song.read_bytes())
    services.phrase_files.open(other)
    services.phrase_files.open(song)
    told = wait(qtbot, services, held.set)
    assert told.text == "song.mid is the phrase now."
    qtbot.wait(50)
    primer = services.document.session.primer
    assert primer is not None
    assert primer.name == "song"


def test_leaving_ends_a_reading(services: Services, song: Path, held: threading.Event) -> None:
    services.phrase_files.open(song)
    services.phrase_files.shut_down()
    assert not [each for each in threading.enumerate() if each.name == "file reader"]
