"""MIDI files as the words the classic network learns: note names and chords as strings.

"C4" or "E-4" is a note, "4.7.11" a chord: its pitch classes in normal order. Files are parsed by
music21, with a private scratch folder and without its pickle cache, which another user of the
machine could otherwise fill with code of his own.

Source: the script family of Sigurður Skúli Sigurgeirsson's "How to Generate Music using a LSTM
    Neural Network in Keras" (2017), whose words these are.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from musicassist.corpus.music21_import import careful_music21
from musicassist.errors import (
    InputError,
    MissingFileError,
    NotMidiError,
    UserCancelled,
)
from musicassist.training.progress import FileRead, FileSkipped, Report, be_silent

MIDI_SUFFIXES: Final = (".mid", ".midi")
LARGEST_FILE_BYTES: Final = 16 * 1024 * 1024


def find_midi_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files named, and every MIDI file below the folders named, sorted in each folder.

    Raises:
        MissingFileError: A path does not exist.
        InputError: No file is left.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = (
                Path(folder) / name
                for folder, _, names in os.walk(path)
                for name in names
                if not any(part.startswith(".") for part in Path(folder).relative_to(path).parts)
            )
            found += sorted(each for each in below if each.suffix.lower() in MIDI_SUFFIXES)
        elif path.exists():
            found.append(path)
        else:
            raise MissingFileError(f"There is no file {path}.", "Check the spelling of its name.")
    if not found:
        raise InputError(
            "There are no MIDI files to learn from.",
            "Name MIDI files (.mid), or folders that hold some.",
        )
    return tuple(dict.fromkeys(found))


def read_words(
    paths: Iterable[Path],
    *,
    report: Report = be_silent,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[str, ...]:
    """Return the notes and chords of all files, one file after the other, as the author did.

    A file that cannot be read is skipped and told, as long as another one can be.

    Args:
        paths: Files or folders.
        report: Hears of every file.
        should_stop: Asked before every file; True ends the reading.

    Raises:
        InputError: There are no files, or none can be read.
        TrainingError: music21 is not installed.
        UserCancelled: `should_stop` said so.
    """
    files = find_midi_files(paths)
    words: list[str] = []
    first_problem: NotMidiError | None = None
    n_read = 0
    with careful_music21() as music21:
        for index, path in enumerate(files, start=1):
            if should_stop():
                raise UserCancelled
            try:
                found = _words_of_file(music21, path)
            except NotMidiError as error:
                first_problem = first_problem or error
                report(FileSkipped(path.name, error.what))
                continue
            n_read += 1
            words += found
            report(FileRead(path.name, len(found), index, len(files)))
    if n_read == 0 and first_problem is not None:
        raise first_problem
    return tuple(words)


def words_of_elements(elements: Sequence[Any]) -> list[str]:
    """Return music21's notes and chords as words; anything else has none."""
    words = []
    for element in elements:
        if element.isNote:
            words.append(str(element.pitch))
        elif element.isChord and "ChordSymbol" not in element.classes and element.pitches:
            words.append(".".join(str(number) for number in element.normalOrder))
    return words


def _words_of_file(music21: Any, path: Path) -> list[str]:
    data = _midi_bytes(path)
    try:
        # From bytes, as music21 leaves a file it stumbles over open; this also keeps no pickle.
        score = music21.converter.parseData(data, format="midi")
        by_instrument = music21.instrument.partitionByInstrument(score)
        # The author takes the first part; music21 also makes empty ones, of track names alone.
        parts = by_instrument.parts if by_instrument is not None else [score]
        for part in parts:
            if words := words_of_elements(list(part.recurse().notes)):
                return words
    except Exception as error:  # noqa: BLE001  (damaged files raise anything at all from music21)
        raise NotMidiError(
            f"{path.name} cannot be read as a MIDI file ({type(error).__name__}).",
            "Open and save it again with another program.",
        ) from None
    return []


def _midi_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise NotMidiError(
            f"{path.name} cannot be read ({error.strerror}).", "Check its permissions."
        ) from None
    if not data.startswith(b"MThd"):
        raise NotMidiError(
            f"{path.name} is not a MIDI file.", "Name files that end in .mid and hold notes."
        )
    if len(data) > LARGEST_FILE_BYTES:
        raise NotMidiError(
            f"{path.name} is larger than {LARGEST_FILE_BYTES >> 20} MB.",
            "Cut it into shorter pieces.",
        )
    return data
