"""Opening the window, or saying why not."""

import ctypes
import os
import signal
import subprocess
import sys

import pytest

from musicassist.errors import ScreenError
from musicassist.ui import start


@pytest.fixture
def _linux_without_qt_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_linux_without_qt_platform")
def test_without_a_screen_there_is_one_sentence_and_the_command_line() -> None:
    with pytest.raises(ScreenError) as problem:
        start.check_screen()
    assert problem.value.what == "There is no screen to open the window on."
    assert "musicassist continue" in problem.value.hint


@pytest.mark.usefixtures("_linux_without_qt_platform")
def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(ctypes, "CDLL", missing)
    with pytest.raises(ScreenError, match=r"libxcb-cursor\.so\.0 is missing.*libxcb-cursor0"):
        start.check_screen()


@pytest.mark.usefixtures("_linux_without_qt_platform")
def test_a_screen_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.setattr(start, "_XCB_LIBRARIES", ())
    monkeypatch.setattr(start, "_can_open_display", lambda: False)
    with pytest.raises(ScreenError, match="The screen :987 does not answer"):
        start.check_screen()


def test_a_chosen_platform_is_not_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("DISPLAY", raising=False)
    start.check_screen()


WHOLE = """
import sys
from musicassist.ui.start import run_window
def ready():
    print("ready", flush=True)
sys.exit(run_window(fake_devices=True, soundfont=None, on_ready=ready))
"""


@pytest.mark.skipif(os.name != "posix", reason="ends the window with a signal")
def test_the_whole_program_opens_gets_ready_and_leaves_when_asked() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WHOLE],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "Traceback" not in complaints
