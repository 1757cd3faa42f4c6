"""MIDI files as pieces: the track that leads, as written or as played."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from musicassist.corpus.harmonies import chords_beneath
from musicassist.corpus.lines import (
    FEWEST_NOTES,
    TimedPitch,
    ends_before_silence,
    from_first_bar,
    leading_notes,
    written_line,
)
from musicassist.corpus.piece import Piece
from musicassist.errors import InputError
from musicassist.files.midi_document import DRUM_CHANNEL, MidiDocument
from musicassist.files.smf_read import read_midi
from musicassist.generation.encoding import (
    STEPS_PER_BEAT,
    TICKS_PER_STEP,
    UNKNOWN,
    Line,
    Setting,
    line_from_ticks,
)
from musicassist.music.keys import estimate_key
from musicassist.music.manner import STYLES
from musicassist.music.note import Note

MIDI_ENDINGS: Final = (".mid", ".midi")
_LEAST_ALONE: Final = 0.6  # share of a track's notes in its line; less is mostly chords
_HANDS: Final = 2  # tracks of a keyboard piece: the higher one leads
_LEAST_ALONE_OF_HANDS: Final = 0.4  # where other tracks hold the rest of the harmony
_WRITTEN: Final = 0.97  # share of onsets exactly on the grid of what nobody played
_STRUCK_TOGETHER: Final = 1.0  # steps: 21 ms at 120 bpm
_GRACE: Final = 1.5  # steps; a written note this short is an ornament
_SURELY: Final = 1.25  # times as much on the bar line, before a pickup is believed


def read_midi_piece(path: Path, style: str | None = None) -> Iterator[Piece]:
    """Yield the leading line of a MIDI file, one piece for each metre.

    Args:
        path: The file.
        style: One of `manner.STYLES`; None does not say.

    Raises:
        InputError: It cannot be read, has no notes, or is mostly chords.
    """
    document = read_midi(path)
    sounding = [_pitched(track.clip.notes) for track in document.tracks]
    sounding = [notes for notes in sounding if notes]
    lead = _pitched(document.melody().notes)
    if len(sounding) == _HANDS:
        lead = max(sounding, key=_mean_pitch)
    least = _LEAST_ALONE if len(sounding) == 1 else _LEAST_ALONE_OF_HANDS
    if not lead or len(leading_notes(_in_steps(lead), _STRUCK_TOGETHER)) < least * len(lead):
        raise InputError(f"{path.name!r} is mostly chords.", "Use a file with a melody in it.")
    spans = list(_spans(document))
    for number, span in enumerate(spans, 1):
        name = path.stem if len(spans) == 1 else f"{path.stem} {number}"
        piece = _piece(name, path.stem, lead, sounding, span, style)
        if piece is not None:
            yield piece


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of one metre: ticks from and to, and the length of a bar."""

    start_ticks: int
    end_ticks: int
    bar_ticks: int

    def cut(self, notes: Sequence[Note]) -> list[Note]:
        return [note for note in notes if self.start_ticks <= note.onset_ticks < self.end_ticks]


def _spans(document: MidiDocument) -> Iterator[_Span]:
    """Yield stretches of one metre; a change to the same one is none."""
    meters = [document.timebase.meters[0]]
    for meter in document.timebase.meters[1:]:
        if meter.bar_ticks != meters[-1].bar_ticks:
            meters.append(meter)
    ends = [meter.onset_ticks for meter in meters[1:]]
    last = max((track.clip.length_ticks for track in document.tracks), default=0)
    for meter, end_ticks in zip(meters, [*ends, max(last, meters[-1].onset_ticks)], strict=True):
        yield _Span(meter.onset_ticks, end_ticks, meter.bar_ticks)


def _piece(
    name: str,
    tune: str,
    lead: Sequence[Note],
    sounding: Sequence[Sequence[Note]],
    span: _Span,
    style: str | None,
) -> Piece | None:
    notes = span.cut(lead)
    if len(notes) < FEWEST_NOTES:
        return None
    everything = [note for track in sounding for note in span.cut(track)]
    is_written = _share_on_grid(notes) >= _WRITTEN
    line = _line(_in_steps(notes, span.start_ticks), is_written)
    if line is None:
        return None
    bar_origin = _bar_origin(everything, span) if is_written else 0
    beats_a_bar = span.bar_ticks / TICKS_PER_STEP / STEPS_PER_BEAT
    key = estimate_key(everything)
    chords = None
    if len(sounding) > 1:
        lowest = min(sounding, key=_mean_pitch)
        chords = chords_beneath(
            _in_steps(everything, span.start_ticks),
            _in_steps(span.cut(lowest), span.start_ticks),
            bar_origin,
            beats_a_bar,
            key,
        )
    index = UNKNOWN if style is None else STYLES.index(style)
    setting = Setting.of(chords, key, beats_a_bar, bar_origin, index)
    line, setting = from_first_bar(line, setting)
    return Piece(name, tune, line, setting, phrase_ends=ends_before_silence(line, beats_a_bar))


def _line(notes: Sequence[TimedPitch], is_written: bool) -> Line | None:
    if is_written:
        return written_line(leading_notes(note for note in notes if note[1] >= _GRACE))
    led = leading_notes(notes, _STRUCK_TOGETHER)
    if len(led) < FEWEST_NOTES:
        return None
    onset_ticks, duration_ticks = (
        [round(note[place] * TICKS_PER_STEP) for note in led] for place in (0, 1)
    )
    return line_from_ticks(onset_ticks, duration_ticks, [pitch for _, _, pitch in led])


def _bar_origin(notes: Sequence[Note], span: _Span) -> int:
    """Return the step of the first bar line: later than 0 after a pickup the file does not tell.

    Notation programs write a pickup as a full bar's beginning. Bar lines are where most sounds.
    """
    n_beats = max(1, span.bar_ticks // (TICKS_PER_STEP * STEPS_PER_BEAT))
    on_line = np.zeros(n_beats)
    for note in notes:
        beat, rest = divmod(
            (note.onset_ticks - span.start_ticks) % span.bar_ticks, TICKS_PER_STEP * STEPS_PER_BEAT
        )
        if rest == 0 and beat < n_beats:
            on_line[beat] += note.duration_ticks
    best = int(on_line.argmax())
    return best * STEPS_PER_BEAT if on_line[best] > _SURELY * on_line[0] else 0


def _pitched(notes: Sequence[Note]) -> list[Note]:
    return [note for note in notes if note.channel != DRUM_CHANNEL]


def _mean_pitch(notes: Sequence[Note]) -> float:
    return sum(note.pitch for note in notes) / len(notes)


def _share_on_grid(notes: Sequence[Note]) -> float:
    return sum(note.onset_ticks % TICKS_PER_STEP == 0 for note in notes) / len(notes)


def _in_steps(notes: Sequence[Note], start_ticks: int = 0) -> list[TimedPitch]:
    return [
        (
            (note.onset_ticks - start_ticks) / TICKS_PER_STEP,
            note.duration_ticks / TICKS_PER_STEP,
            note.pitch,
        )
        for note in notes
    ]
