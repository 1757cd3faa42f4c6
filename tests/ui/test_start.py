"""Opening the window, or saying why not."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from musicassist import cli
from musicassist.app.demo import demo_session
from musicassist.checkup.packages import SCREEN_LIBRARIES, how_to_install
from musicassist.errors import ScreenError
from musicassist.paths import sessions_folder
from musicassist.storage.claim import claim_session
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
@pytest.mark.parametrize("library", SCREEN_LIBRARIES)
def test_a_missing_library_is_named_with_the_package_of_this_system(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    def load(name: str) -> None:
        if name == library:
            raise OSError(name)

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(ctypes, "CDLL", load)
    with pytest.raises(ScreenError) as problem:
        start.check_screen()
    assert problem.value.what == f"The window cannot open: the library {library} is missing."
    assert how_to_install(SCREEN_LIBRARIES[library]) in problem.value.hint


@pytest.mark.usefixtures("_linux_without_qt_platform")
def test_a_screen_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.setattr(start, "SCREEN_LIBRARIES", {})
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
    in_time = threading.Timer(60, process.kill)  # an engine that cannot start is never ready
    in_time.start()
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=20)
    finally:
        in_time.cancel()
        in_time.join()
        process.kill()
        process.wait()
    assert said == "ready\n", complaints
    assert process.returncode == 0
    assert "Traceback" not in complaints


SESSION = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from musicassist.app import bootstrap
from musicassist.ui.start import run_window
build = bootstrap.build_services
def build_and_listen(engine, **choices):
    global services
    services = build(engine, **choices)
    services.notices.posted.connect(lambda notice: print("told", notice.text, flush=True))
    services.keeper.kept.connect(leave_once_changed)
    print("tempo", round(services.document.session.timebase.tempos[0].bpm), flush=True)
    return services
def ready():
    QTimer.singleShot(0, act)
def act():
    if len(sys.argv) > 2:
        services.document.set_tempo(float(sys.argv[2]))
    if not services.engine.options.session_file or len(sys.argv) == 2:
        leave()
def leave_once_changed(session):
    if len(sys.argv) > 2 and round(session.timebase.tempos[0].bpm) == round(float(sys.argv[2])):
        leave()
def leave():
    print("file", services.engine.options.session_file, flush=True)
    QTimer.singleShot(0, QApplication.quit)
from PySide6.QtWidgets import QApplication
bootstrap.build_services = build_and_listen
path = Path(sys.argv[1]) if sys.argv[1] else None
sys.exit(run_window(fake_devices=True, soundfont=None, on_ready=ready, session_file=path))
"""


def said_by(path: Path | str, *words: str) -> list[str]:
    """Open the window on a session file, do what the words say, and return what came of it."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(path), *words],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return done.stdout.splitlines()


def test_the_next_start_goes_on_with_the_session(tmp_path: Path) -> None:
    path = tmp_path / "Session.musicassist"
    first = said_by(path, "97")
    assert first[0] == f"tempo {demo_session().timebase.tempos[0].bpm:.0f}"
    assert f"file {path}" in first
    assert said_by(path)[0] == "tempo 97"


def test_a_second_window_opens_a_new_session_and_says_so(tmp_path: Path) -> None:
    claim = claim_session(tmp_path / "Session.musicassist")
    try:
        said = said_by(claim.path)
    finally:
        claim.release()
    assert "told Another window has Session.musicassist open" in "\n".join(said)
    assert f"file {tmp_path / 'Session 2.musicassist'}" in said


def test_make_believe_devices_leave_the_user_s_session_alone() -> None:
    before = sorted(sessions_folder().rglob("*"))  # other tests use that folder too
    assert "file None" in said_by("", "97")
    assert sorted(sessions_folder().rglob("*")) == before


def test_a_session_file_that_cannot_be_used_is_told_and_the_window_opens(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"MThd")
    said = said_by(path, "97")
    assert "told song.mid is not a session file." in said
    assert "file None" in said
    assert path.read_bytes() == b"MThd"


def test_the_command_line_names_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(start, "run_window", lambda **choices: given.update(choices) or 0)
    assert cli.main(["--fake-devices", "--session", "Mine.musicassist"]) == 0
    assert given["session_file"] == Path("Mine.musicassist")
