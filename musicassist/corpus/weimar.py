"""The Weimar Jazz Database's tables as pieces: transcribed solos with timing, chords and phrases.

Source: jazzomat.hfm-weimar.de, database format: a note lies at bar, beat and tatum of `division`
parts of the beat; its articulation is its length over the time to the next note.
"""

import csv
import gzip
import io
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.corpus.harmonies import progression
from musicassist.corpus.lines import FEWEST_NOTES
from musicassist.corpus.piece import Piece
from musicassist.errors import ChordSpellingError, InputError, KeySpellingError
from musicassist.generation.encoding import (
    STEPS_PER_BEAT,
    Ints,
    Line,
    Setting,
    length_classes,
    micro_classes,
    strictly_rising,
)
from musicassist.music.chords import ChordSymbol, parse_chord
from musicassist.music.keys import Key
from musicassist.music.manner import STYLES
from musicassist.music.note import HIGHEST_DATA

NOTES_TABLE: Final = "notes.csv.gz"
TABLES: Final = ("split.csv", "meta.csv.gz", "beats.csv.gz", NOTES_TABLE)
MAX_TABLE_BYTES: Final = 2**26  # unpacked; the notes of the whole database take 45 MB
_USUAL_ARTICULATION: Final = 0.9
_NO_CHORD: Final = parse_chord("NC")
_LATEST_EIGHTH: Final = 0.74  # of the beat: later, an eighth no longer reaches the grid's micro

_Row = dict[str, str]


def read_weimar(folder: Path, style: str | None = None) -> Iterator[Piece]:
    """Yield the solos of a folder of tables, none of a tune of which `valid` holds another.

    Args:
        folder: Where `split.csv` and the three packed tables lie.
        style: One of `manner.STYLES`; None is jazz.

    Raises:
        InputError: A table is missing, damaged, too large, or lacks a column.
    """
    try:
        split, meta, beats, notes = ([*_rows(folder / name)] for name in TABLES)
        yield from _pieces(split, meta, beats, notes, STYLES.index(style or "jazz"))
    except (OSError, EOFError, zlib.error, csv.Error, UnicodeDecodeError) as error:
        raise InputError(
            f"The tables in {folder.name!r} cannot be read.",
            f"There must be {', '.join(TABLES[:-1])} and {NOTES_TABLE} in one folder.",
        ) from error
    except (KeyError, ValueError, ArithmeticError) as error:
        raise InputError(
            f"The tables in {folder.name!r} are not laid out as expected: {error}.",
            "Export them from the Weimar Jazz Database again.",
        ) from error


def _rows(path: Path) -> Iterator[_Row]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        data = file.read(MAX_TABLE_BYTES + 1)
    if len(data) > MAX_TABLE_BYTES:
        raise ValueError(f"{path.name} is larger than {MAX_TABLE_BYTES >> 20} MB")
    yield from csv.DictReader(io.StringIO(data.decode("utf-8")), restval="")


def _pieces(
    split: Sequence[_Row],
    meta: Sequence[_Row],
    beats: Sequence[_Row],
    notes: Sequence[_Row],
    style_index: int,
) -> Iterator[Piece]:
    about = {row["melid"]: row for row in meta}
    held_back = {row["melid"] for row in split if row["split"] == "valid"}
    held_back_tunes = {about[melid]["title"] for melid in held_back if melid in about}
    beats_of, notes_of = defaultdict(list), defaultdict(list)
    for row in beats:
        beats_of[row["melid"]].append(row)
    for row in notes:
        notes_of[row["melid"]].append(row)
    for melid, rows in notes_of.items():
        if melid not in held_back and about[melid]["title"] in held_back_tunes:
            continue
        piece = _piece(about[melid], rows, beats_of[melid], style_index, melid in held_back)
        if piece is not None:
            yield piece


def _piece(
    about: _Row, notes: list[_Row], beats: list[_Row], style_index: int, is_held_back: bool
) -> Piece | None:
    beat_index = {(row["bar"], row["beat"]): index for index, row in enumerate(beats)}
    usable = [row for row in notes if (row["bar"], row["beat"]) in beat_index]
    usable.sort(key=lambda row: float(row["onset"]))
    if len(usable) < FEWEST_NOTES:
        return None
    beat_of = np.array([beat_index[row["bar"], row["beat"]] for row in usable])
    beat_s = _with_a_beat_around(np.array([float(row["onset"]) for row in beats]))
    onset_s = np.array([float(row["onset"]) for row in usable])
    played = np.interp(onset_s, beat_s, np.arange(-1, len(beat_s) - 1)) * STEPS_PER_BEAT
    tatums, divisions, pitches = (
        np.array([int(float(row[name])) for row in usable])
        for name in ("tatum", "division", "pitch_raw")
    )
    if divisions.min() < 1 or pitches.min() < 0 or pitches.max() > HIGHEST_DATA:
        raise ValueError(f"a pitch or a division of {about['id']} is out of range")
    places = _places(beat_of, tatums, divisions, played)
    onsets = strictly_rising(np.sort(places))
    ratios = np.array([float(row["articulation_raw"] or _USUAL_ARTICULATION) for row in usable])
    to_next = np.append(np.diff(played), STEPS_PER_BEAT)
    line = Line(
        onsets,
        pitches,
        length_classes(np.maximum(ratios * to_next, 0.5)),
        micro_classes(played - onsets),
    )
    first_bar_line = next((i for i, row in enumerate(beats) if row["beat"] == "1"), 0)
    beats_a_bar = max(int(row["beat"]) for row in beats)
    setting = Setting.of(
        progression((i, _understood(row["chord"])) for i, row in enumerate(beats) if row["chord"]),
        _key(about["key"]),
        beats_a_bar,
        first_bar_line * STEPS_PER_BEAT,
        style_index,
    )
    ends = np.array([_is_true(row.get("phrase_end")) for row in usable])
    return Piece(
        about["id"], about["title"], line, setting, is_held_back, ends if ends.any() else ends[:0]
    )


def _with_a_beat_around(beat_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return beats with one more at either end, for notes ahead of the first, after the last."""
    steps = np.diff(beat_s)
    before, beyond = (steps[0], steps[-1]) if len(steps) else (1.0, 1.0)
    return np.concatenate(([beat_s[0] - before], beat_s, [beat_s[-1] + beyond]))


def _places(beat_of: Ints, tatums: Ints, divisions: Ints, played: NDArray[np.float64]) -> Ints:
    """Return the step each note is written at.

    Swung eighths stand in the tables in two ways: of pairs, 82 % as halves of the beat, the second
    at .57 of it on the average, and 18 % as first and last of three, at .72. Here both are halves
    played late, unless the second comes too late for that: what is left on the last third falls
    from 7.8 % of all notes to 6.1 %, and place and timing together can be foretold no worse.
    """
    places = beat_of * STEPS_PER_BEAT + np.rint((tatums - 1) * STEPS_PER_BEAT / divisions)
    with_middle = set(beat_of[(divisions == 3) & (tatums == 2)].tolist())
    is_swung = (
        (divisions == 3)
        & (tatums == 3)
        & ~np.isin(beat_of, list(with_middle))
        & (played - beat_of * STEPS_PER_BEAT <= _LATEST_EIGHTH * STEPS_PER_BEAT)
    )
    return np.where(is_swung, (beat_of + 0.5) * STEPS_PER_BEAT, places).astype(np.int64)


def _is_true(text: str | None) -> bool:
    return (text or "").strip().lower() in ("1", "1.0", "true")


def _key(text: str) -> Key | None:
    """Return the key of spellings like `Eb-maj`, `C-min`, `F-blues`, `D-dor`."""
    tonic, _, mode = text.partition("-")
    names = {"min": "minor", "dor": "dorian", "mix": "mixolydian"}
    try:
        return Key.parse(f"{tonic} {names.get(mode, 'major')}")
    except KeySpellingError:
        return None


def _understood(text: str) -> ChordSymbol:
    """Return a chord as written; one that nobody understands counts as no chord."""
    try:
        return parse_chord(text)
    except ChordSpellingError:
        return _NO_CHORD
