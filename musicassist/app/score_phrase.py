"""A MusicXML score as a phrase: its melody, the chords written over it, metre, key and tempo."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from musicassist.app.music_file import MusicFile
from musicassist.corpus.lines import leading_notes
from musicassist.corpus.musicxml import Measure, ScorePart, sounding_notes
from musicassist.corpus.scores import leading_part
from musicassist.errors import EmptyPhraseError
from musicassist.files.limits import MAX_NAME_CHARACTERS, MAX_NOTES
from musicassist.music.chord_recognition import spelled
from musicassist.music.chord_text import progression_text
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.keys import Key, estimate_key
from musicassist.music.note import Note
from musicassist.music.phrase import as_phrase, whole_bars_ticks
from musicassist.music.timebase import TICKS_PER_BEAT, MeterChange, Timebase

_VELOCITY: Final = 88  # a score hardly ever says how hard
_TOGETHER_TICKS: Final = 10.0
_CHORD_GRID_TICKS: Final = TICKS_PER_BEAT // 2  # finer chords cannot be written as text
_DEFAULT_BPM: Final = 120.0
_SLOWEST_BPM: Final = 20.0
_FASTEST_BPM: Final = 400.0
_DENOMINATORS: Final = (1, 2, 4, 8, 16, 32, 64)


def phrase_of_score(parts: Sequence[ScorePart], name: str) -> MusicFile:
    """Return what a score brings along as a phrase.

    The melody is the top voice of the first part that is sung, or of the first part. Repeat signs
    are not followed.

    Args:
        parts: The score.
        name: What to call the phrase.

    Raises:
        EmptyPhraseError: There is no note in it.
    """
    lead = leading_part(parts)
    if not any(measure.notes for measure in lead.measures):
        lead = next((each for each in parts if any(m.notes for m in each.measures)), lead)
    metre, has_other_metres = _metre_of(parts)
    starts = _starts(parts, metre)
    bpm = next((m.bpm for m in _in_order(parts) if m.bpm is not None), None)
    tempo_bpm = min(max(bpm or _DEFAULT_BPM, _SLOWEST_BPM), _FASTEST_BPM)
    timebase = Timebase.steady(tempo_bpm, metre.numerator, metre.denominator)
    notes = _melody(lead, starts)
    if not notes:
        raise EmptyPhraseError(
            "There are no notes in this score.", "Choose a file with a melody in it."
        )
    n_left_out = len(notes) - MAX_NOTES
    notes = notes[:MAX_NOTES]
    whole = Clip(notes, whole_bars_ticks(notes, timebase), name=name[:MAX_NAME_CHARACTERS])
    start_ticks = timebase.bar_start_ticks(timebase.bar_at(notes[0].onset_ticks))
    phrase, timebase = as_phrase(whole, timebase)
    key = _key_of(lead, notes)
    text = _chords(parts, starts, phrase, start_ticks, timebase, key or estimate_key(notes))
    problems = []
    if has_other_metres:
        problems.append(f"The score is read in {metre.numerator}/{metre.denominator} throughout.")
    if n_left_out > 0:
        problems.append(f"Its last {n_left_out} notes were left out.")
    return MusicFile(
        phrase,
        timebase,
        bpm is not None,
        key,
        text,
        parse_progression(text, timebase) if text else None,
        tuple(problems),
    )


def _in_order(parts: Sequence[ScorePart]) -> Iterator[Measure]:
    """Yield the measures of all parts, those of one number together."""
    for index in range(max(len(part.measures) for part in parts)):
        yield from (part.measures[index] for part in parts if index < len(part.measures))


def _metre_of(parts: Sequence[ScorePart]) -> tuple[MeterChange, bool]:
    """Return the first metre, and whether there are others."""
    said = list(dict.fromkeys(m.metre for m in _in_order(parts) if m.metre is not None))
    numerator, denominator = said[0] if said else (4, 4)
    if denominator not in _DENOMINATORS:
        numerator, denominator = 4, 4
    return MeterChange(0, numerator, denominator), len(said) > 1


def _starts(parts: Sequence[ScorePart], metre: MeterChange) -> list[Fraction]:
    """Return where each measure begins, quarters from the first bar line.

    A first measure that is no full bar is a pickup: it ends with a bar line. Others that are cut
    short at a repeat are made whole, unless the score says that they are meant to be short.
    """
    bar = Fraction(metre.bar_ticks, TICKS_PER_BEAT)
    starts, at = list[Fraction](), Fraction(0)
    for index in range(max(len(part.measures) for part in parts)):
        here = [part.measures[index] for part in parts if index < len(part.measures)]
        length = max(each.length for each in here)
        if not length:
            length = bar
        is_short = length < bar
        if index == 0 and is_short:
            at = bar - length
        starts.append(at)
        is_meant = any(each.is_partial for each in here)
        at += length if not is_short or is_meant or index == 0 else bar
    return starts


def _melody(part: ScorePart, starts: Sequence[Fraction]) -> tuple[Note, ...]:
    heard = sounding_notes(zip(starts, part.measures, strict=False))
    upper = min((note.staff for note in heard), default=1)
    line = leading_notes(
        (
            (float(note.onset * TICKS_PER_BEAT), float(note.duration * TICKS_PER_BEAT), note.pitch)
            for note in heard
            if note.staff == upper
        ),
        _TOGETHER_TICKS,
    )
    ends = [*(onset for onset, _, _ in line), float("inf")][1:]
    return without_overlaps(
        Note(
            round(onset),
            max(1, round(min(duration, end - onset))),
            pitch,
            _VELOCITY,
        )
        for (onset, duration, pitch), end in zip(line, ends, strict=True)
    )


def _key_of(lead: ScorePart, notes: tuple[Note, ...]) -> Key | None:
    """Return the first signature's key; None for the C major that many programs write unasked."""
    measure = next((each for each in lead.measures if each.fifths is not None), None)
    if measure is None or measure.fifths is None or not -7 <= measure.fifths <= 7:
        return None
    if measure.is_minor is not None:
        key = Key.from_signature(measure.fifths, measure.is_minor)
    else:
        found = estimate_key(notes)
        both = [Key.from_signature(measure.fifths, is_minor) for is_minor in (False, True)]
        key = found if found in both else both[0]
    return None if key == Key(0, "major") else key


def _chords(
    parts: Sequence[ScorePart],
    starts: Sequence[Fraction],
    phrase: Clip,
    start_ticks: int,
    timebase: Timebase,
    key: Key,
) -> str:
    """Return the chord symbols over the phrase as people type them; empty for none."""
    by_place: dict[int, ChordSymbol] = {}
    for part in parts:
        for start, measure in zip(starts, part.measures, strict=False):
            for place, symbol in measure.chords:
                ticks = float((start + place) * TICKS_PER_BEAT) - start_ticks
                on_grid_ticks = round(ticks / _CHORD_GRID_TICKS) * _CHORD_GRID_TICKS
                by_place[max(0, on_grid_ticks)] = parse_chord(spelled(symbol, key))
    changes: list[tuple[int, ChordSymbol]] = []
    for ticks, symbol in sorted(by_place.items(), key=lambda each: each[0]):
        if ticks < phrase.length_ticks and (not changes or changes[-1][1] != symbol):
            changes.append((ticks if changes else 0, symbol))  # what leads into the first is its
    if not changes:
        return ""
    progression = Progression(tuple(changes), phrase.length_ticks)
    return progression_text(progression, timebase)
