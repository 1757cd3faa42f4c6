"""What holds for every test: a quiet log, nothing left behind, a home of its own.

Qt runs offscreen unless `scripts/rig` gave us a real screen. Files and settings go to a folder
that is new for each session. A test fails when something logs a warning (read it with `caplog`
and `caplog.clear()` it where it is expected), when a thread, a child process or a visible window
outlives it, and, by pytest-qt's settings in pyproject.toml, when Qt complains.
"""

import importlib.util
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

IN_RIG = os.environ.get("MUSICASSIST_RIG") == "1"
IN_CI = os.environ.get("CI") == "true"
SHARED = Path(__file__).resolve().parents[2] / "shared"

# Helpers that the standard library starts once and keeps.
LASTING_PROCESSES = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
GRACE_S = 3.0

# A JACK server takes 40 MB of /dev/shm, and containers often have 64 in all: a second one would
# take the first one down with it.
SECOND_JACK_BYTES = 60_000_000
NO_ROOM = "needs room for a second JACK server in /dev/shm"


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the environment before anything imports Qt, TensorFlow or our own modules."""
    _move_home(Path(tempfile.mkdtemp(prefix="musicassist-home.")), config)
    os.environ["JACK_NO_START_SERVER"] = "1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    if not IN_RIG:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["PULSE_SERVER"] = "none"  # a client would start a server of the user's
    hypothesis.settings.register_profile("dev", deadline=None, print_blob=True)
    hypothesis.settings.register_profile(
        "ci",
        deadline=None,
        derandomize=True,
        print_blob=True,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("ci" if IN_CI else "dev")


def _move_home(home: Path, config: pytest.Config) -> None:
    places = {
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
        "APPDATA": "appdata",
        "LOCALAPPDATA": "localappdata",
    }
    if not IN_RIG:  # the rig has a home and a runtime folder of its own, with its servers in it
        places |= {"HOME": ".", "USERPROFILE": ".", "XDG_RUNTIME_DIR": "runtime"}
    for variable, place in places.items():
        folder = home / place
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[variable] = str(folder)
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine or this run cannot do, each with its reason."""
    can_train = importlib.util.find_spec("tensorflow") is not None
    has_shared = SHARED.is_dir()
    for item in items:
        if item.get_closest_marker("rig") and not IN_RIG:
            item.add_marker(pytest.mark.skip(reason="needs the rig: scripts/rig pytest -m rig"))
        if item.get_closest_marker("training") and not can_train:
            item.add_marker(pytest.mark.skip(reason="needs the train extra (TensorFlow)"))
        if item.get_closest_marker("shared") and not has_shared:
            item.add_marker(pytest.mark.skip(reason="needs the ../shared folder"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run that skipped what CI is there to run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not IN_CI or reporter is None:
        return
    skipped = [
        report.nodeid
        for report in reporter.stats.get("skipped", [])
        if {"rig", "training"} & set(report.keywords) and NO_ROOM not in str(report.longrepr)
    ]
    if skipped:
        reporter.write_line(f"CI must not skip: {', '.join(skipped)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def shared() -> Path:
    """Return the optional data folder beside the repository, or skip."""
    if not SHARED.is_dir():
        pytest.skip("needs the ../shared folder")
    return SHARED


@pytest.fixture
def _room_for_a_second_jack() -> None:
    if shutil.disk_usage("/dev/shm").free < SECOND_JACK_BYTES:
        pytest.skip(NO_ROOM)


@pytest.fixture(autouse=True)
def _no_unexpected_log_line(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    lines = [
        f"{record.name}: {record.levelname}: {record.getMessage()}"
        for phase in ("setup", "call", "teardown")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    assert not lines, "unexpected log lines:\n" + "\n".join(lines)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads_before = set(threading.enumerate())
    children_before = _children()
    yield
    deadline_s = time.monotonic() + GRACE_S
    while left := [*_new_threads(threads_before), *_new_children(children_before)]:
        if time.monotonic() > deadline_s:
            break
        time.sleep(0.02)
    assert not left, f"left behind: {', '.join(left)}"
    open_windows = _close_windows()
    assert not open_windows, f"windows left open: {', '.join(open_windows)}"


def _new_threads(before: set[threading.Thread]) -> list[str]:
    return [
        f"thread {thread.name}"
        for thread in threading.enumerate()
        if thread not in before
        and not isinstance(thread, threading._DummyThread)  # a native thread that called in
    ]


def _children() -> set[int]:
    """Return the ids of our child processes; nothing outside Linux."""
    children: set[int] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            children |= {int(pid) for pid in listing.read_text().split()}
        except OSError:  # the thread has just ended
            continue
    return children


def _new_children(before: set[int]) -> list[str]:
    left = []
    for pid in _children() - before:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
        except OSError:  # it has just ended
            continue
        if words and not any(name in words for name in LASTING_PROCESSES):  # none: a zombie
            left.append(f"process {pid} ({words})")
    return left


def _close_windows() -> list[str]:
    """Close what is still open, so that the next test is not blamed for it; return its names."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    windows = [window for window in widgets.QApplication.topLevelWidgets() if window.isVisible()]
    for window in windows:
        window.hide()
    return [f"{type(window).__name__} {window.windowTitle()!r}" for window in windows]
