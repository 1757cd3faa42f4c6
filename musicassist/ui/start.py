"""Opens the window and runs until it is closed."""

import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musicassist.checkup.packages import SCREEN_LIBRARIES, how_to_install
from musicassist.errors import ScreenError, SessionFileError
from musicassist.paths import controllers_folder, settings_file

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from musicassist.app.bootstrap import Services
    from musicassist.app.engine_client import EngineClient, EngineOptions
    from musicassist.app.settings import SettingsService
    from musicassist.storage.claim import Claim
    from musicassist.ui.main_window import MainWindow

# How long a soloist at work may keep the window waiting each time Qt hands back to Python, which it
# does many times a frame; Python's own 5 ms are a third of a frame.
_SWITCH_INTERVAL_S: Final = 0.001
_CLI_HINT: Final = "Without a window, 'musicassist continue phrase.mid' does the main job."


def run_window(
    fake_devices: bool,
    soundfont: Path | None,
    on_ready: Callable[[], None] | None = None,
    *,
    session_file: Path | None = None,
    on_painted: Callable[[], None] | None = None,
) -> int:
    """Open the window and return its exit status once it is closed.

    Args:
        fake_devices: Whether to do without MIDI and audio devices, and without the user's settings
            and session.
        soundfont: A SoundFont to play with; None for the one in the settings.
        on_ready: Called once the window is drawn and the engine plays.
        session_file: Where to go on and what to save to; None for where the user left off.
        on_painted: Called once the window is drawn.

    Raises:
        ScreenError: There is no screen, or a library Qt needs is missing.
    """
    check_screen()
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as problem:
        raise ScreenError(
            f"The window cannot open: {problem}.", f"Install what is named there. {_CLI_HINT}"
        ) from None
    gc.disable()  # all that is made now stays; `_settle` turns it on again
    from musicassist.app.engine_client import EngineClient
    from musicassist.app.settings import SettingsService

    # As words, because `setStyle` hands the style back, and to meet it takes Python 10 ms.
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName("MusicAssist")
    settings = SettingsService(None if fake_devices else settings_file())
    claim, problems = _claim(fake_devices, session_file)
    engine = EngineClient(_engine_options(fake_devices, soundfont, settings, claim))
    engine.start()  # before all that is heavy: it gets ready while the rest is imported
    try:
        return _run(app, engine, fake_devices, settings, claim, problems, (on_painted, on_ready))
    finally:
        gc.enable()
        engine.shut_down()
        if claim is not None:
            claim.release()


def _claim(
    fake_devices: bool, session_file: Path | None
) -> "tuple[Claim | None, tuple[SessionFileError, ...]]":
    """Claim the session file, and return what went wrong; without one nothing is kept."""
    from musicassist.storage.claim import claim_session

    if fake_devices and session_file is None:
        return None, ()
    try:
        return claim_session(session_file), ()
    except SessionFileError as error:
        hint = f"{error.hint} Until the next start nothing is saved."
        return None, (SessionFileError(error.what, hint),)


def _engine_options(
    fake_devices: bool,
    soundfont: Path | None,
    service: "SettingsService",
    claim: "Claim | None",
) -> "EngineOptions":
    from musicassist.app.engine_client import EngineOptions

    settings = service.settings
    return EngineOptions(
        fake_devices,
        str(soundfont or settings.soundfont),
        settings.audio_device,
        settings.block_frames,
        session_file=claim.path if claim is not None else None,
        controllers_folder=None if fake_devices else controllers_folder(),
    )


def _run(
    app: "QApplication",
    engine: "EngineClient",
    fake_devices: bool,
    settings: "SettingsService",
    claim: "Claim | None",
    problems: "tuple[SessionFileError, ...]",
    listeners: "tuple[Callable[[], None] | None, Callable[[], None] | None]",
) -> int:
    """Build services and window, and run until it is closed."""
    from PySide6.QtCore import QTimer

    from musicassist.app.bootstrap import build_services
    from musicassist.ui.main_window import MainWindow

    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    services = build_services(
        engine, fake_devices=fake_devices, settings=settings, claim=claim, problems=problems
    )
    window = MainWindow(services)
    window.painted.connect(lambda: QTimer.singleShot(0, services.start))
    window.painted.connect(_settle)
    on_painted, on_ready = listeners
    if on_painted is not None:
        window.painted.connect(on_painted)
    if on_ready is not None:
        _call_when_ready(window, services, on_ready)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    window.show()
    if not fake_devices and not settings.settings.has_seen_tour:
        window.tour.start()
    try:
        return app.exec()
    finally:
        services.shut_down()


def _settle() -> None:
    """Collect garbage from now on, but never look again at what the start has made."""
    gc.freeze()
    gc.enable()


def check_screen() -> None:
    """Make sure that Qt can open a window, because it ends the program where it cannot.

    Raises:
        ScreenError: There is no screen, or a library Qt needs is missing.
    """
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise ScreenError("There is no screen to open the window on.", _CLI_HINT)
    import ctypes  # late: only X11 is looked at

    for name, package in SCREEN_LIBRARIES.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            raise ScreenError(
                f"The window cannot open: the library {name} is missing.",
                f"To install it, {how_to_install(package)}. {_CLI_HINT}",
            ) from None
    if not _can_open_display():
        raise ScreenError(
            f"The screen {os.environ['DISPLAY']} does not answer.",
            f"Check DISPLAY, or log in to a desktop. {_CLI_HINT}",
        )


def _can_open_display() -> bool:
    import ctypes

    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # nothing to ask with; Qt will say itself
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if display is None:
        return False
    x11.XCloseDisplay(ctypes.c_void_p(display))
    return True


def _call_when_ready(
    window: "MainWindow", services: "Services", on_ready: Callable[[], None]
) -> None:
    """Call back once both the first drawing and the engine's report have come."""
    waiting = {"drawing", "engine"}

    def come(what: str) -> None:
        if what in waiting:
            waiting.discard(what)
            if not waiting:
                on_ready()

    window.painted.connect(lambda: come("drawing"))
    services.workbench.engine_ready.connect(lambda _ready: come("engine"))
