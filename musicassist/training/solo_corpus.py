"""Pieces to learn solos from, read from the folders the user names.

Three kinds of folder are understood, told apart by what lies in them:

- Weimar Jazz Database tables (`notes.csv.gz`, `beats.csv.gz`, `meta.csv.gz`, `split.csv`):
  transcribed solos with timing and chords;
- lead sheets, and single-line scores: MusicXML (`.mxl`, `.musicxml`, `.xml`), through music21.

Reading a score is a pure function of the file; a file that cannot be read is counted, not fatal.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from musicassist.corpus.piece import Piece
from musicassist.errors import ChordSpellingError, KeySpellingError
from musicassist.generation.encoding import (
    STEPS_PER_BEAT,
    TICKS_PER_STEP,
    UNKNOWN,
    Line,
    Setting,
    length_classes,
    micro_classes,
    strictly_rising,
)
from musicassist.music.chords import ChordSymbol, Progression, parse_chord
from musicassist.music.keys import Key
from musicassist.music.manner import STYLES
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.training.music21_import import careful_music21

FEWEST_NOTES: Final = 12
_STRETCH_NOTES: Final = 12  # this many pitches in a row are no coincidence
_MOST_KNOWN: Final = 0.5
_NO_CHORD: Final = parse_chord("NC")
SCORE_ENDINGS: Final = (".mxl", ".musicxml", ".xml")


def read_corpus(folder: Path) -> Iterator[Piece]:
    """Yield every piece below a folder.

    Args:
        folder: Where the pieces lie; see the module's text for what is understood.
    """
    tables = sorted(folder.rglob("notes.csv.gz"))
    for table in tables:
        yield from read_weimar(table.parent)
    for path in sorted(folder.rglob("*")):
        if path.suffix in SCORE_ENDINGS:
            yield from read_score(path)


def without_repeats(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces but those that are mostly music already yielded, under whatever name.

    Editions and excerpts of one work stand side by side in many collections.
    """
    known: set[tuple[int, ...]] = set()
    for piece in pieces:
        pitches = piece.line.pitches.tolist()
        stretches = {
            tuple(pitches[start : start + _STRETCH_NOTES])
            for start in range(len(pitches) - _STRETCH_NOTES + 1)
        }
        if len(stretches & known) <= _MOST_KNOWN * len(stretches):
            known |= stretches
            yield piece


def read_weimar(folder: Path) -> Iterator[Piece]:
    """Yield the solos of Weimar Jazz Database tables; the `valid` ones are held back.

    Source: jazzomat.hfm-weimar.de, database format: a note lies at bar, beat and tatum of
    `division` parts of the beat; its articulation is its length over the time to the next note.
    """
    split = {row["melid"]: row["split"] for row in _rows(folder / "split.csv")}
    meta = {row["melid"]: row for row in _rows(folder / "meta.csv.gz")}
    beats, notes = defaultdict(list), defaultdict(list)
    for row in _rows(folder / "beats.csv.gz"):
        beats[row["melid"]].append(row)
    for row in _rows(folder / "notes.csv.gz"):
        notes[row["melid"]].append(row)
    for melid, rows in notes.items():
        piece = _weimar_piece(
            meta[melid], rows, beats[melid], is_held_back=split.get(melid) == "valid"
        )
        if piece is not None:
            yield piece


def _weimar_piece(
    about: dict[str, str],
    notes: list[dict[str, str]],
    beats: list[dict[str, str]],
    *,
    is_held_back: bool,
) -> Piece | None:
    beat_index = {(row["bar"], row["beat"]): index for index, row in enumerate(beats)}
    beat_s = np.array([float(row["onset"]) for row in beats])
    usable = [row for row in notes if (row["bar"], row["beat"]) in beat_index]
    usable.sort(key=lambda row: float(row["onset"]))
    if len(usable) < FEWEST_NOTES:
        return None
    on_grid = np.array(
        [
            beat_index[row["bar"], row["beat"]] * STEPS_PER_BEAT
            + round((int(row["tatum"]) - 1) * STEPS_PER_BEAT / int(row["division"]))
            for row in usable
        ]
    )
    onset_s = np.array([float(row["onset"]) for row in usable])
    played = np.interp(onset_s, beat_s, np.arange(len(beat_s))) * STEPS_PER_BEAT
    onsets = strictly_rising(np.sort(on_grid))
    ratios = np.array([float(row["articulation_raw"] or 0.9) for row in usable])
    to_next = np.append(np.diff(played), STEPS_PER_BEAT)
    line = Line(
        onsets,
        np.array([int(float(row["pitch_raw"])) for row in usable]),
        length_classes(np.maximum(ratios * to_next, 0.5)),
        micro_classes(played - onsets),
    )
    first_bar_line = next((i for i, row in enumerate(beats) if row["beat"] == "1"), 0)
    beats_a_bar = max(int(row["beat"]) for row in beats)
    setting = Setting.of(
        _progression(
            (index, _understood(row["chord"])) for index, row in enumerate(beats) if row["chord"]
        ),
        _weimar_key(about["key"]),
        beats_a_bar,
        first_bar_line * STEPS_PER_BEAT,
        STYLES.index("jazz"),
    )
    return Piece(about["id"], about["title"], line, setting, is_held_back)


def _weimar_key(text: str) -> Key | None:
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


def _progression(beat_chords: Iterable[tuple[float, ChordSymbol]]) -> Progression | None:
    """Return the chords that begin at beats; None where there are none."""
    changes: dict[int, ChordSymbol] = {}
    for beat, symbol in beat_chords:
        changes[round(beat * STEPS_PER_BEAT) * TICKS_PER_STEP] = symbol
    if not changes:
        return None
    ordered = tuple(sorted(changes.items(), key=lambda change: change[0]))
    return Progression(ordered, ordered[-1][0] + TICKS_PER_BEAT)


def read_score(path: Path) -> Iterator[Piece]:
    """Yield the melody of a MusicXML score: its first part, top notes, with its chord symbols.

    Raises:
        TrainingError: music21 is not installed.
    """
    with careful_music21() as music21:
        try:
            score = music21.converter.parse(path.resolve(), forceSource=True, storePickle=False)
            piece = _score_piece(path, score)
        except Exception:  # noqa: BLE001  (music21 raises anything on odd scores)
            return
    if piece is not None:
        yield piece


def _score_piece(path: Path, score: Any) -> Piece | None:
    from music21 import harmony, key, meter

    part = score.parts[0]
    symbols = list(part.recurse().getElementsByClass(harmony.ChordSymbol))
    flat = part.stripTies().flatten()
    tops: dict[int, tuple[int, float]] = {}
    for element in flat.notes:
        if isinstance(element, harmony.ChordSymbol) or element.duration.isGrace:
            continue
        step = round(float(element.offset) * STEPS_PER_BEAT)
        top = max(each.midi for each in element.pitches)
        length = float(element.duration.quarterLength) * STEPS_PER_BEAT
        if step not in tops or top > tops[step][0]:
            tops[step] = (top, length)
    if len(tops) < FEWEST_NOTES:
        return None
    onsets = np.array(sorted(tops))
    to_next = np.append(np.diff(onsets), 192)
    lengths = np.minimum([tops[step][1] for step in onsets], to_next)
    line = Line(
        onsets,
        np.array([tops[step][0] for step in onsets]),
        length_classes(lengths),
        np.full(len(onsets), UNKNOWN),
    )
    signature = next(iter(flat.getElementsByClass(meter.TimeSignature)), None)
    beats_a_bar = float(signature.barDuration.quarterLength) if signature is not None else 4.0
    measures = [m for m in part.getElementsByClass("Measure") if m.number >= 1]
    origin = round(float(measures[0].offset) * STEPS_PER_BEAT) if measures else 0
    written = next(iter(flat.getElementsByClass(key.KeySignature)), None)
    found = flat.analyze("key") if written is None else None
    return Piece(
        path.stem,
        path.parent.name,
        line,
        Setting.of(
            _progression(
                (float(each.getOffsetInHierarchy(part)), _chord_of(each)) for each in symbols
            ),
            _score_key(written, found, line),
            beats_a_bar,
            origin,
            STYLES.index("song" if symbols else "classical"),
        ),
    )


def _chord_of(symbol: Any) -> ChordSymbol:
    """Return music21's chord symbol as ours, note by note: its spelling is not everybody's."""
    if not symbol.pitches:
        return _NO_CHORD
    root = int(symbol.root().pitchClass)
    intervals = sorted({(int(each.pitchClass) - root) % 12 for each in symbol.pitches} | {0})
    bass = int(symbol.bass().pitchClass)
    return ChordSymbol(root, tuple(intervals), None if bass == root else bass, str(symbol.figure))


def _score_key(written: Any, found: Any, line: Line) -> Key | None:
    """Return the key of a signature, major or minor by the pitch class the line dwells on."""
    if written is None:
        return None if found is None else Key(found.tonic.pitchClass, found.mode)
    major = Key.from_signature(written.sharps, False)
    minor = Key.from_signature(written.sharps, True)
    weights = np.bincount(line.pitches % 12, minlength=12)
    last = int(line.pitches[-1]) % 12
    weights[last] += len(line.pitches) // 4
    return major if weights[major.tonic] >= weights[minor.tonic] else minor


def _rows(path: Path) -> Iterator[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from csv.DictReader(io.StringIO(text))
