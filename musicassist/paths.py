"""Where files lie: those that come with the program, and those that are the user's."""

import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_PACKAGE = Path(__file__).resolve().parent
_BINARY: Final[int] = getattr(os, "O_BINARY", 0)  # Windows would change line ends


def _shipped(name: str) -> Path:
    """Return the folder of that name: beside the package in a checkout, inside it in a wheel."""
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def models_folder() -> Path:
    """Return the folder of the models that come with the program, one folder a model."""
    return _shipped("models")


def resources_folder() -> Path:
    """Return the folder of icons, demo phrase, controllers and the like."""
    return _shipped("resources")


@cache
def _users() -> "PlatformDirs":
    from platformdirs import PlatformDirs  # late: most commands need none of it

    return PlatformDirs("MusicAssist", appauthor=False)


def settings_file() -> Path:
    """Return the file of the user's settings; neither it nor its folder need exist."""
    return _users().user_config_path / "settings.toml"


def sessions_folder() -> Path:
    """Return the folder of the user's session files; it need not exist."""
    return _users().user_data_path / "sessions"


def controllers_folder() -> Path:
    """Return the folder of the user's own controller profiles; it need not exist."""
    return _users().user_config_path / "controllers"


def soundfonts_folder() -> Path:
    """Return the folder in which the user may put SoundFonts; it need not exist."""
    return _users().user_data_path / "soundfonts"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that at any moment it is exactly the old or the new one.

    The bytes go to a file of their own beside it, are forced to the disk, and take the name of
    the old file in one step.

    Raises:
        OSError: It cannot be written; the old file is as it was, and nothing is left behind.
    """
    import secrets  # late: it brings much, and the window opens before anything is written

    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        _write_and_close(descriptor, content)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    _flush_folder(path.parent)


def _write_and_close(descriptor: int, content: bytes) -> None:
    """Force all bytes to the disk, then close, which may fail too."""
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    """Force a new name to the disk.

    Windows cannot and needs not; some network folders refuse. The file is whole either way.
    """
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
