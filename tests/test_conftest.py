"""What conftest.py promises to catch, it catches."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

CULPRITS = """
import logging, os, subprocess, sys, threading, time
import pytest

def test_thread():
    threading.Thread(target=time.sleep, args=(8,), daemon=True, name="forgotten").start()

def test_process():
    global process  # so that it is this rule that notices, not the collector
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(8)"])

def test_log():
    logging.getLogger("musicassist").warning("spilt")

def test_expected_log(caplog):
    logging.getLogger("musicassist").warning("meant")
    assert "meant" in caplog.text
    caplog.clear()

def test_warning():
    import warnings
    warnings.warn("old", DeprecationWarning)

def test_window(qtbot):
    from PySide6.QtWidgets import QWidget
    global window
    window = QWidget()
    window.show()

def test_qt_message(qapp):
    from PySide6.QtCore import qWarning
    qWarning("odd")

def test_home():
    assert "musicassist-home" in os.environ["HOME"]
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"

@pytest.mark.rig
def test_rig():
    pass

@pytest.mark.training
def test_training():
    pass
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("culprits")
    shutil.copy(HERE / "conftest.py", folder)
    shutil.copy(HERE.parent / "pyproject.toml", folder)
    text = (folder / "conftest.py").read_text(encoding="utf-8")
    (folder / "conftest.py").write_text(text.replace("GRACE_S = 3.0", "GRACE_S = 0.1"))
    (folder / "test_culprits.py").write_text(CULPRITS, encoding="utf-8")
    environment = os.environ | {"CI": "true"}
    environment.pop("MUSICASSIST_RIG", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_culprits.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("thread", "left behind: thread forgotten"),
        ("log", "unexpected log lines"),
        ("warning", "DeprecationWarning: old"),
        ("window", "windows left open: QWidget"),
        ("qt_message", "Qt messages"),
    ],
)
def test_a_culprit_is_caught(outcome: str, test: str, reason: str) -> None:
    assert f"test_culprits.py::test_{test}" in outcome
    assert reason in outcome


@pytest.mark.skipif(sys.platform != "linux", reason="child processes are looked up in /proc")
def test_a_process_left_behind_is_caught(outcome: str) -> None:
    assert "left behind: process" in outcome


@pytest.mark.parametrize("test", ["expected_log", "home"])
def test_the_innocent_pass(outcome: str, test: str) -> None:
    assert f"test_culprits.py::test_{test}" not in outcome


def test_ci_refuses_to_skip_the_rig(outcome: str) -> None:
    assert "CI must not skip: test_culprits.py::test_rig" in outcome
