"""MusicXML scores as pieces: the part that leads, its chords, and one piece per metre and key.

A score's movements and changes of metre or key signature become pieces of their own, since a
piece has one setting. Repeat signs are not followed, so that nothing is learned twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from musicassist.corpus.harmonies import chords_beneath, progression
from musicassist.corpus.lines import (
    ends_before_silence,
    from_first_bar,
    key_of_signature,
    leading_notes,
    written_line,
)
from musicassist.corpus.musicxml import (
    Measure,
    ScoreNote,
    ScorePart,
    read_musicxml,
    sounding_notes,
)
from musicassist.corpus.piece import Piece
from musicassist.generation.encoding import STEPS_PER_BEAT, Setting
from musicassist.music.chords import ChordSymbol, Progression
from musicassist.music.keys import Key
from musicassist.music.manner import STYLES

SCORE_ENDINGS: Final = (".mxl", ".musicxml", ".xml")
_FEWEST_PITCHES: Final = 4  # less is recited, or no melody
_DEFAULT_BAR: Final = Fraction(4)


def read_score(path: Path, style: str | None = None) -> Iterator[Piece]:
    """Yield the melody of a score, with its chord symbols or the chords of its other parts.

    The melody is the first part that is sung, or the first part; of two staves, the upper one.

    Args:
        path: A `.mxl`, `.musicxml` or `.xml` file.
        style: One of `manner.STYLES`; None calls a lead sheet a song, all else classical.

    Raises:
        InputError: The file cannot be read, or is no score.
    """
    parts = read_musicxml(path)
    lead = leading_part(parts)
    bars = _bars(parts)
    sections = list(_sections(bars))
    is_lead_sheet = any(measure.chords for part in parts for measure in part.measures)
    style_index = STYLES.index(style or ("song" if is_lead_sheet else "classical"))
    for number, section in enumerate(sections, 1):
        name = path.stem if len(sections) == 1 else f"{path.stem} {number}"
        piece = _piece(name, path.parent.name, parts, lead, section, style_index)
        if piece is not None:
            yield piece


def leading_part(parts: Sequence[ScorePart]) -> ScorePart:
    """Return the first part that is sung, or the first part."""
    return next(
        (part for part in parts if any(measure.has_words for measure in part.measures)), parts[0]
    )


@dataclass(frozen=True, slots=True)
class _Bar:
    """One measure of all parts: its length, metre and key signature."""

    length: Fraction
    beats_a_bar: Fraction
    fifths: int | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class _Section:
    """Measures of one metre and one key signature.

    Attributes:
        first: Index of its first measure.
        starts: Where each measure starts, quarters from the section's start.
        bar_origin: Quarters from the section's start to a bar line.
        bar: Metre and key signature.
    """

    first: int
    starts: tuple[Fraction, ...]
    bar_origin: Fraction
    bar: _Bar


def _bars(parts: Sequence[ScorePart]) -> list[_Bar]:
    beats_a_bar, fifths = _DEFAULT_BAR, None
    bars = []
    for index in range(max(len(part.measures) for part in parts)):
        here = [part.measures[index] for part in parts if index < len(part.measures)]
        beats_a_bar = next((each.beats_a_bar for each in here if each.beats_a_bar), beats_a_bar)
        fifths = next((each.fifths for each in here if each.fifths is not None), fifths)
        length = max(each.length for each in here) or beats_a_bar
        is_full = length == beats_a_bar and not any(each.is_partial for each in here)
        bars.append(_Bar(length, beats_a_bar, fifths, is_full))
    return bars


def _sections(bars: Sequence[_Bar]) -> Iterator[_Section]:
    """Yield stretches of one metre and signature; a bar cut short at a repeat is made whole."""
    first = 0
    while first < len(bars):
        bar = bars[first]
        stop = first
        while (
            stop < len(bars)
            and bars[stop].beats_a_bar == bar.beats_a_bar
            and bars[stop].fifths == bar.fifths
        ):
            stop += 1
        inside = bars[first:stop]
        full = next((index for index, each in enumerate(inside) if each.is_full), 0)
        origin = sum((each.length for each in inside[:full]), Fraction(0))
        at, starts = Fraction(0), []
        for each in inside:
            if each.is_full and at > origin:
                at += (origin - at) % bar.beats_a_bar
            starts.append(at)
            at += each.length
        yield _Section(first, tuple(starts), origin, bar)
        first = stop


def _piece(
    name: str,
    tune: str,
    parts: Sequence[ScorePart],
    lead: ScorePart,
    section: _Section,
    style_index: int,
) -> Piece | None:
    notes = _notes(lead, section)
    upper = min((note.staff for note in notes), default=1)
    line = written_line(leading_notes(_in_steps(note) for note in notes if note.staff == upper))
    if line is None or len(np.unique(line.pitches)) < _FEWEST_PITCHES:
        return None
    bar = section.bar
    origin, beats_a_bar = round(float(section.bar_origin) * STEPS_PER_BEAT), float(bar.beats_a_bar)
    key = key_of_signature(bar.fifths, line)
    symbols = _symbols(parts, section)
    chords = progression(symbols) if symbols else _chords_of_all(parts, section, origin, key)
    setting = Setting.of(chords, key, beats_a_bar, origin, style_index)
    line, setting = from_first_bar(line, setting)
    return Piece(name, tune, line, setting, phrase_ends=ends_before_silence(line, beats_a_bar))


def _chords_of_all(
    parts: Sequence[ScorePart], section: _Section, bar_origin: int, key: Key
) -> Progression | None:
    """Return the chords all parts make up together; None for a single line."""
    heard = [note for part in parts for note in _notes(part, section)]
    lowest = _notes(parts[-1], section)
    staff = max((note.staff for note in lowest), default=1)
    if len(parts) == 1 and staff == 1:
        return None
    bass = [_in_steps(note) for note in lowest if note.staff == staff]
    beats_a_bar = float(section.bar.beats_a_bar)
    return chords_beneath([_in_steps(note) for note in heard], bass, bar_origin, beats_a_bar, key)


def _in_steps(note: ScoreNote) -> tuple[float, float, int]:
    return (
        float(note.onset) * STEPS_PER_BEAT,
        float(note.duration) * STEPS_PER_BEAT,
        note.pitch,
    )


def _measures(part: ScorePart, section: _Section) -> Iterator[tuple[Fraction, Measure]]:
    stop = section.first + len(section.starts)
    return zip(section.starts, part.measures[section.first : stop], strict=False)


def _notes(part: ScorePart, section: _Section) -> list[ScoreNote]:
    """Return the notes of a part in a section, tied ones joined."""
    return sounding_notes(_measures(part, section))


def _symbols(parts: Sequence[ScorePart], section: _Section) -> list[tuple[float, ChordSymbol]]:
    return [
        (float(start + place), symbol)
        for part in parts
        for start, measure in _measures(part, section)
        for place, symbol in measure.chords
    ]
