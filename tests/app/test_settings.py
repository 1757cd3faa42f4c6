"""What the user has set up, and the file that remembers it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from musicassist.app.settings import SettingsService
from musicassist.errors import MusicAssistError
from musicassist.music.playing import InputSettings, VelocityCurve
from musicassist.storage.settings import Settings, load_settings

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_change_is_told_with_all_settings() -> None:
    service = SettingsService()
    told: list[Settings] = []
    service.changed.connect(told.append)
    service.change(volume_db=-9.0, count_in_bars=2)
    assert told == [Settings(volume_db=-9.0, count_in_bars=2)]
    assert service.settings == told[0]


def test_values_that_are_the_same_change_nothing() -> None:
    service = SettingsService()
    told: list[Settings] = []
    service.changed.connect(told.append)
    service.change(volume_db=Settings().volume_db)
    assert told == []


def test_a_setting_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        SettingsService().change(loudness=3)


def test_what_is_set_is_found_again_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    curve = VelocityCurve("own", points=((1, 20), (127, 110)))
    first = SettingsService(path)
    assert first.problems == ()
    first.change(audio_device="Speakers <b>", inputs=(InputSettings("V49", octave=1),))
    first.change(inputs=(InputSettings("V49", velocity_curve=curve),))
    qtbot.waitUntil(path.exists, timeout=10_000)
    second = SettingsService(path)
    assert second.settings == first.settings
    assert second.settings.inputs == (InputSettings("V49", velocity_curve=curve),)
    assert second.problems == ()


def test_changes_in_a_row_are_written_once(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    service = SettingsService(path)
    for volume_db in range(-30, 0):
        service.change(volume_db=float(volume_db))
    assert not path.exists()
    qtbot.waitUntil(path.exists, timeout=10_000)
    assert load_settings(path)[0].volume_db == -1.0


def test_the_last_change_is_written_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    service = SettingsService(path)
    service.change(count_in_bars=4)
    service.shut_down()
    assert load_settings(path)[0].count_in_bars == 4


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    service = SettingsService(path)
    service.shut_down()
    assert not path.exists()


def test_without_a_file_nothing_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QCoreApplication
) -> None:
    monkeypatch.chdir(tmp_path)
    service = SettingsService()
    service.change(volume_db=-3.0)
    service.save()
    service.shut_down()
    qapp.processEvents()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_told_and_all_is_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("volume_db = ", encoding="utf-8")
    service = SettingsService(path)
    assert service.settings == Settings()
    assert len(service.problems) == 1
    assert isinstance(service.problems[0], MusicAssistError)


def test_a_folder_that_cannot_be_written_is_one_sentence_and_the_change_holds(
    tmp_path: Path,
) -> None:
    (tmp_path / "in the way").touch()
    service = SettingsService(tmp_path / "in the way" / "settings.toml")
    failed: list[MusicAssistError] = []
    service.failed.connect(failed.append)
    service.change(volume_db=-3.0)
    service.save()
    assert service.settings.volume_db == -3.0
    assert len(failed) == 1
    assert failed[0].what
    assert failed[0].hint
