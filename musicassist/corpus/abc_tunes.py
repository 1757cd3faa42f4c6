"""Tunes in ABC notation as pieces, the fiddle tunes that come with music21 among them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from musicassist.corpus.lines import (
    ends_before_silence,
    key_of_signature,
    leading_notes,
    written_line,
)
from musicassist.corpus.music21_import import careful_music21
from musicassist.corpus.piece import Piece
from musicassist.errors import InputError
from musicassist.generation.encoding import STEPS_PER_BEAT, Setting
from musicassist.music.manner import STYLES

ABC_ENDING: Final = ".abc"
MAX_ABC_BYTES: Final = 2**22
_FIDDLE_FOLDERS: Final = ("airdsAirs", "oneills1850", "ryansMammoth")


def fiddle_folder() -> Path:
    """Return the folder of music21's own corpus.

    Raises:
        TrainingError: music21 is not installed.
    """
    with careful_music21() as music21:
        return Path(music21.__file__).parent / "corpus"


def fiddle_files() -> list[Path]:
    """Return the files of O'Neill's, Ryan's Mammoth and Aird's tunes, in order.

    Source: collections printed between 1778 and 1903, in the public domain; their transcribers
    are named in each file.

    Raises:
        TrainingError: music21 is not installed.
    """
    folder = fiddle_folder()
    return [path for name in _FIDDLE_FOLDERS for path in sorted((folder / name).glob("*.abc"))]


def tunes_in(path: Path) -> list[str]:
    """Return the tunes of an ABC file, each as text that begins with its number.

    Raises:
        InputError: The file cannot be read or is too big.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ABC_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{path.name!r} cannot be read.", "Check that you may open the file."
        ) from error
    if len(data) > MAX_ABC_BYTES:
        raise InputError(
            f"{path.name!r} is larger than {MAX_ABC_BYTES >> 20} MB.", "Split it into parts."
        )
    lines = data.decode("utf-8", errors="replace").splitlines()
    tunes: list[list[str]] = []
    for line in lines:
        if line.startswith("X:"):
            tunes.append([])
        if tunes:
            tunes[-1].append(line)
    return ["\n".join(tune) for tune in tunes]


def read_abc(path: Path, style: str | None = None) -> Iterator[Piece]:
    """Yield the tunes of an ABC file; one that makes no sense is left out.

    Args:
        path: The file.
        style: One of `manner.STYLES`; None calls them folk tunes.

    Raises:
        InputError: The file cannot be read, or no tune in it.
        TrainingError: music21 is not installed.
    """
    n_read = 0
    for text in tunes_in(path):
        piece = read_tune(text, path.stem, STYLES.index(style or "folk"))
        if piece is not None:
            n_read += 1
            yield piece
    if not n_read:
        raise InputError(f"There is no tune in {path.name!r}.", "A tune starts with a line X:1.")


def read_tune(text: str, book: str, style_index: int) -> Piece | None:
    """Return one tune; None where it makes no sense or is too short.

    Args:
        text: From its `X:` line on.
        book: Where it comes from, for its name.
        style_index: Index into `manner.STYLES`.

    Raises:
        TrainingError: music21 is not installed.
    """
    with careful_music21() as music21:
        try:
            score = music21.converter.parseData(_plainly(text), format="abc")
            return _piece(music21, score, text, book, style_index)
        except Exception:  # noqa: BLE001  (music21 raises anything on odd tunes)
            return None


def _plainly(text: str) -> str:
    """Return a tune without what is not needed and trips the reader: grace notes, words, chords."""
    kept = [line for line in text.splitlines() if line[:2] in _KEPT or line[1:2] != ":"]
    return "\n".join(kept) + "\n"


_KEPT: Final = ("X:", "T:", "M:", "L:", "K:", "P:")


def _piece(music21: Any, score: Any, text: str, book: str, style_index: int) -> Piece | None:
    part = score.parts[0] if getattr(score, "parts", None) else score
    flat = part.stripTies().flatten()
    notes = [
        (
            float(element.offset) * STEPS_PER_BEAT,
            float(element.duration.quarterLength) * STEPS_PER_BEAT,
            max(int(each.midi) for each in element.pitches),
        )
        for element in flat.notes
        if element.pitches and not element.duration.isGrace and "Chord" not in element.classSet
    ]
    line = written_line(leading_notes(notes))
    if line is None:
        return None
    meters = list(flat.getElementsByClass(music21.meter.TimeSignature))
    beats_a_bar = float(meters[0].barDuration.quarterLength) if meters else 4.0
    signature = next(iter(flat.getElementsByClass(music21.key.KeySignature)), None)
    key = key_of_signature(None if signature is None else int(signature.sharps), line)
    origin = next(
        (
            float(measure.offset)
            for measure in part.getElementsByClass("Measure")
            if float(measure.duration.quarterLength) == beats_a_bar
        ),
        0.0,
    )
    title = next((row[2:].strip() for row in text.splitlines() if row[:2] == "T:"), book)
    setting = Setting.of(None, key, beats_a_bar, round(origin * STEPS_PER_BEAT), style_index)
    return Piece(
        f"{book} {title}", title, line, setting, phrase_ends=ends_before_silence(line, beats_a_bar)
    )


def fiddle_tunes(most: int, style: str | None = None) -> Iterator[Piece]:
    """Yield fiddle tunes of music21's own corpus, spread evenly over its books.

    Args:
        most: How many tunes to read at most, above 0.
        style: One of `manner.STYLES`; None calls them folk tunes.

    Raises:
        TrainingError: music21 is not installed.
    """
    tunes = [(path.stem, text) for path in fiddle_files() for text in tunes_in(path)]
    n_read = min(most, len(tunes))
    for index in range(n_read):
        book, text = tunes[index * len(tunes) // n_read]
        piece = read_tune(text, book, STYLES.index(style or "folk"))
        if piece is not None:
            yield piece
