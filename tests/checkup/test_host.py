import os
import shutil
import tempfile
from types import SimpleNamespace

import pytest

from musicassist.checkup import host
from musicassist.checkup.finding import COULD_BE_BETTER, DOES_NOT_WORK, OK


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((3, 10, 9), DOES_NOT_WORK),
        ((3, 11, 0), OK),
        ((3, 12, 11), OK),
        ((3, 13, 0), DOES_NOT_WORK),
    ],
)
def test_a_python_that_lacks_wheels_does_not_work(version, state):
    assert host.check_python(version).state == state


def test_a_folder_that_is_still_to_be_made_is_no_trouble_and_is_not_made(tmp_path):
    folder = tmp_path / "not" / "yet"
    finding = host.check_folder("Sessions", folder)
    assert finding.state == OK
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    finding = host.check_folder("Sessions", tmp_path)
    assert finding.state == DOES_NOT_WORK
    assert str(tmp_path) in finding.what
    assert "Permission denied" in finding.what


@pytest.mark.parametrize(
    ("n_free_bytes", "state"),
    [(1_000_000, DOES_NOT_WORK), (100_000_000, COULD_BE_BETTER), (10_000_000_000, OK)],
)
def test_a_full_disk_is_told_before_it_loses_anything(n_free_bytes, state, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=n_free_bytes))
    assert host.check_folder("Sessions", tmp_path).state == state


def linux(root, *, snd=("seq", "controlC0"), shm=True, governor="", driver=""):
    if snd is not None:
        (root / "dev" / "snd").mkdir(parents=True)
        for name in snd:
            (root / "dev" / "snd" / name).touch()
    if shm:
        (root / "dev" / "shm").mkdir(parents=True)
    if governor:
        folder = root / "sys/devices/system/cpu/cpu0/cpufreq"
        folder.mkdir(parents=True)
        (folder / "scaling_governor").write_text(governor + "\n")
        (folder / "scaling_driver").write_text(driver + "\n")
    return {finding.check: finding for finding in host.check_linux(root)}


@pytest.fixture
def _big_shm(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=1_000_000_000))


@pytest.mark.usefixtures("_big_shm")
def test_a_linux_with_all_devices_is_fine(tmp_path):
    findings = linux(tmp_path)
    assert findings["Sound cards"].state == OK
    assert findings["Shared memory"].state == OK


@pytest.mark.parametrize(
    ("snd", "said", "hint"),
    [(None, "no sound card", "modprobe snd-seq"), (("controlC0",), "/dev/snd/seq", "modprobe")],
)
def test_missing_sound_devices_are_told_with_the_command(snd, said, hint, tmp_path):
    finding = linux(tmp_path, snd=snd)["Sound cards"]
    assert finding.state == COULD_BE_BETTER
    assert said in finding.what
    assert hint in finding.hint


def test_a_user_outside_the_group_audio_is_told_how_to_join_it(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "seq")
    finding = linux(tmp_path)["Sound cards"]
    assert "/dev/snd/seq" in finding.what
    assert "usermod -aG audio" in finding.hint


@pytest.mark.parametrize("shm", [True, False])
def test_shared_memory_too_small_for_jack_is_told(shm, tmp_path, monkeypatch):
    def usage(path):
        if not path.exists():
            raise FileNotFoundError(2, "No such file")
        return SimpleNamespace(total=67_000_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    finding = linux(tmp_path, shm=shm)["Shared memory"]
    assert finding.state == COULD_BE_BETTER
    assert "jackd -p 128" in finding.hint


@pytest.mark.parametrize(
    ("limits", "state", "said"),
    [
        ((95, -1), OK, "real-time priority"),
        ((-1, -1), OK, "real-time priority"),
        ((0, -1), COULD_BE_BETTER, "may not ask for real-time priority"),
        ((95, 8_000_000), COULD_BE_BETTER, "may lock 8 MB"),
        ((0, 8_000_000), COULD_BE_BETTER, "priority and may lock 8 MB"),
    ],
)
def test_limits_of_priority_are_a_hint_only(limits, state, said):
    finding = host.check_priority(*limits)
    assert finding.state == state
    assert said in finding.what


@pytest.mark.parametrize(
    ("governor", "driver", "state"),
    [
        ("powersave", "acpi-cpufreq", COULD_BE_BETTER),
        ("powersave", "intel_pstate", OK),
        ("powersave", "amd-pstate-epp", OK),
        ("performance", "acpi-cpufreq", OK),
    ],
)
def test_a_processor_held_back_is_told(governor, driver, state, tmp_path):
    findings = linux(tmp_path, governor=governor, driver=driver)
    assert findings["Processor speed"].state == state


def test_a_processor_that_nobody_can_set_is_not_mentioned(tmp_path):
    assert "Processor speed" not in linux(tmp_path)
