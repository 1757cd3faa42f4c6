"""Music from elsewhere as a phrase to continue: MIDI files and MusicXML scores.

Loads no Qt: the command line reads with it, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from musicassist.errors import InputError, MissingFileError
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.phrase import as_phrase
from musicassist.music.timebase import Timebase

MIDI_SUFFIXES: Final = (".mid", ".midi", ".smf", ".rmi", ".kar")
SCORE_SUFFIXES: Final = (".musicxml", ".xml", ".mxl")
MUSIC_SUFFIXES: Final = MIDI_SUFFIXES + SCORE_SUFFIXES


@dataclass(frozen=True, slots=True)
class MusicFile:
    """What a file brings along.

    Attributes:
        phrase: Its melody, from its first bar with notes to its last.
        timebase: Tempo and metre from there on.
        has_tempo: Whether the file says a tempo; 120 stands there otherwise.
        key: Its key; None where it says none worth believing.
        progression_text: Its chords as `parse_progression` reads them; empty for none.
        progression: The same, understood; None for none.
        problems: What was wrong or left out: plain sentences.
    """

    phrase: Clip
    timebase: Timebase
    has_tempo: bool = True
    key: Key | None = None
    progression_text: str = ""
    progression: Progression | None = None
    problems: tuple[str, ...] = ()


def is_music(path: Path) -> bool:
    """Whether a file's name is that of music we can read."""
    return path.suffix.lower() in MUSIC_SUFFIXES


def read_music(path: Path, should_stop: Callable[[], bool] = lambda: False) -> MusicFile:
    """Read a phrase from a file, whatever it is written in.

    Args:
        path: The file; its ending says what it is.
        should_stop: Asked while it is read whether nobody waits any more.

    Raises:
        InputError: It cannot be read, or there is nothing in it to continue.
        UserCancelled: It should stop.
    """
    if path.suffix.lower() in SCORE_SUFFIXES:
        if not path.exists():
            raise MissingFileError(f"There is no file {path}.", "Check the name and the folder.")
        # Late: most phrases are MIDI files.
        from musicassist.app.score_phrase import phrase_of_score
        from musicassist.corpus.musicxml import read_musicxml

        return phrase_of_score(read_musicxml(path, should_stop), path.stem)
    from musicassist.files.smf_read import read_midi  # late: the window opens without files

    document = read_midi(path)
    phrase, timebase = as_phrase(document.melody(), document.timebase)
    return MusicFile(
        replace(phrase, name=path.stem),
        timebase,
        key=document.meant_key,
        problems=document.problems,
    )


def not_music(path: Path) -> InputError:
    """Return the error of a file whose name is not that of music we can read."""
    return InputError(
        f"{path.name} is no MIDI, MusicXML or MusicAssist file.",
        "Export it as MIDI, and drop that here.",
    )
