"""Files out: their names, and writing them so that none is ever half there."""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from musicassist.errors import OutputError
from musicassist.files.smf_write import ascii_name, solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.timebase import Timebase
from musicassist.paths import write_atomically

_NOT_IN_FILE_NAMES: Final = str.maketrans(dict.fromkeys('<>:"/\\|?*', "-"))  # the strictest system
_HIGHEST_COPY: Final = 10_000

_REASONS: Final = {
    errno.ENOSPC: ("the disk is full", "Make room on the disk or choose another folder."),
    errno.EDQUOT: ("your share of the disk is full", "Make room or choose another folder."),
    errno.EFBIG: ("the file would be too big there", "Choose another folder."),
    errno.EACCES: ("the folder may not be written", "Choose another folder."),
    errno.EPERM: ("the folder may not be written", "Choose another folder."),
    errno.EROFS: ("the folder may not be written", "Choose another folder."),
    errno.ENOENT: ("the folder does not exist", "Make the folder or choose another."),
    errno.ENOTDIR: ("the folder is not a folder", "Choose another folder."),
    errno.EISDIR: ("there is a folder of that name", "Choose another name."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter name."),
}


def solo_file_name(
    number: int, key: Key | None, timebase: Timebase, n_bars: int, title: str = ""
) -> str:
    """Return the name of a solo's file, such as `Solo 03 Fm 120bpm 8bars.mid`.

    Tempo and key stand in the name because not every DAW reads them from the file.

    Args:
        number: The solo's.
        key: Its key; None leaves it out.
        timebase: Its tempo.
        n_bars: Its length.
        title: What the user named it, instead of the number, as far as ASCII can write it.
    """
    tempo = f"{timebase.tempos[0].bpm:.2f}".rstrip("0").rstrip(".")
    plain = ascii_name(title).replace("?", "").strip(" .")
    parts = [plain or f"Solo {number:02}"]
    if key is not None:
        parts.append(key.short_name)
    parts += [f"{tempo}bpm", f"{n_bars}bar" if n_bars == 1 else f"{n_bars}bars"]
    return f"{ascii_name(' '.join(parts)).translate(_NOT_IN_FILE_NAMES)}.mid"


def unique_path(folder: Path, file_name: str) -> Path:
    """Return a path in a folder at which there is no file yet: `Solo.mid`, `Solo (2).mid`, ...

    The folder is made if need be.

    Raises:
        OutputError: The folder cannot be made, or every such name is taken.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file_name
        for copy in range(2, _HIGHEST_COPY):
            if not os.path.lexists(path):
                return path
            path = folder / f"{Path(file_name).stem} ({copy}){Path(file_name).suffix}"
    except FileExistsError as error:
        raise OutputError(f"{folder} is a file, not a folder.", "Choose another folder.") from error
    except (OSError, ValueError) as error:
        raise _output_error(folder / file_name, error) from error
    raise OutputError(f"There are too many files {file_name} in {folder}.", "Clear some away.")


def write_solo_file(path: Path, clip: Clip, timebase: Timebase, key: Key | None, name: str) -> None:
    """Write a clip as a type-0 MIDI file; one of that name is replaced.

    Args:
        path: Where, in a folder that exists.
        clip: What to write; its tick 0 is the start of the file.
        timebase: Tempo and metre from the start of the clip on.
        key: Its key signature; None writes none.
        name: The track name.

    Raises:
        OutputError: It cannot be written; what was there before still is.
    """
    save_bytes(path, solo_bytes(clip, timebase, key, name))


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file so that at any moment it is exactly the old or the new one.

    Raises:
        OutputError: It cannot be written; the old file is as it was, and nothing is left behind.
    """
    try:
        write_atomically(path, content)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _output_error(path, error) from error


class DragFolder:
    """A private folder that keeps the file of every drag until the program ends.

    A DAW may read a dropped file long after the drop, so none is written twice or removed early.
    Close it when the program ends; it is a context manager, too.

    Args:
        parent: The folder to make it in; None for the system's folder for temporary files.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent
        self._folder: Path | None = None
        self._n_files = 0

    def path_for(self, file_name: str) -> Path:
        """Return a path of that name to write one drag's file to, in a new folder of its own.

        Raises:
            OutputError: There is no room for temporary files.
        """
        try:
            if self._folder is None or not self._folder.is_dir():
                self._folder = Path(tempfile.mkdtemp(prefix="musicassist-", dir=self._parent))
            self._n_files += 1
            folder = self._folder / str(self._n_files)
            folder.mkdir()
        except OSError as error:
            raise _output_error(Path(file_name), error) from error
        return folder / Path(file_name).name

    def close(self) -> None:
        """Remove the folder with all its files."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _output_error(path: Path, error: Exception) -> OutputError:
    """Return what went wrong as a sentence and a hint."""
    code = error.errno if isinstance(error, OSError) else None
    reason, hint = _REASONS.get(
        code or 0, ("the system refused to write it", "Choose another folder or name.")
    )
    return OutputError(f"{path.name} could not be saved in {path.parent}: {reason}.", hint)
