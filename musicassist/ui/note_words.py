"""Notes in words, for who does not see them."""

from collections.abc import Sequence
from math import log
from typing import Final

from musicassist.app.chosen_notes import ChosenNotes
from musicassist.app.drawn_notes import DrawnNote
from musicassist.music.keys import pitch_name
from musicassist.music.session import Session

_MOST_SPOKEN: Final = 500  # more notes are only counted
_LENGTHS: Final = {
    1920: "a whole note",
    1440: "a dotted half",
    960: "a half",
    720: "a dotted quarter",
    480: "a quarter",
    360: "a dotted eighth",
    320: "a quarter triplet",
    240: "an eighth",
    180: "a dotted sixteenth",
    160: "an eighth triplet",
    120: "a sixteenth",
    80: "a sixteenth triplet",
    60: "a thirty-second",
    30: "a sixty-fourth",
}


def length_words(duration_ticks: int) -> str:
    """Return the note value nearest to a length."""
    if duration_ticks > 1920 * 1.25:
        return f"{duration_ticks / 480:.3g} beats"
    nearest = min(_LENGTHS, key=lambda each: abs(log(each / max(1, duration_ticks))))
    return _LENGTHS[nearest]


def place_words(session: Session, ticks: int) -> str:
    """Return a place as musicians say it, the count rounded to the nearest quarter of it."""
    timebase = session.timebase
    bar = timebase.bar_at(max(0, ticks))
    meter = timebase.meter_at(max(0, ticks))
    quarters = 4 * (ticks - timebase.bar_start_ticks(bar)) * meter.numerator / meter.bar_ticks
    count = round(quarters) / 4
    if count >= meter.numerator:
        bar, count = bar + 1, 0.0
    return f"bar {bar + 1} beat {count + 1:g}"


def note_words(drawn: DrawnNote, session: Session, middle_c_octave: int) -> str:
    """Return what one note is: `C4, bar 3 beat 2, an eighth, velocity 90`."""
    note = drawn.note
    name = pitch_name(note.pitch, session.key, middle_c_octave=middle_c_octave)
    place = place_words(session, drawn.onset_ticks)
    return f"{name}, {place}, {length_words(note.duration_ticks)}, velocity {note.velocity}"


def choice_words(notes: ChosenNotes, middle_c_octave: int) -> str:
    """Return what is chosen of the notes that are drawn."""
    n_notes = sum(len(part.indices) for part in notes.parts)
    if not n_notes:
        return "No notes"
    if notes.n_selected > _MOST_SPOKEN:
        return f"{notes.n_selected} of {n_notes} notes chosen"
    chosen = notes.selected_notes()
    place = notes.place_of(chosen[0]) + 1 if len(chosen) == 1 else 0
    return selection_words(chosen, notes.session, middle_c_octave, place, n_notes)


def selection_words(
    notes: Sequence[DrawnNote], session: Session, middle_c_octave: int, place: int, n_notes: int
) -> str:
    """Return what is chosen.

    Args:
        notes: The chosen notes in order of onset.
        session: What they are part of.
        middle_c_octave: The octave middle C is said to be in.
        place: The first chosen note's place among all, from 1.
        n_notes: How many notes there are in all.
    """
    if not notes:
        return f"{n_notes} notes, none chosen" if n_notes != 1 else "1 note, not chosen"
    if len(notes) == 1:
        return f"{note_words(notes[0], session, middle_c_octave)}; {place} of {n_notes}"
    pitches = [each.note.pitch for each in notes]
    lowest, highest = (
        pitch_name(pitch, session.key, middle_c_octave=middle_c_octave)
        for pitch in (min(pitches), max(pitches))
    )
    first_bar = session.timebase.bar_at(notes[0].onset_ticks) + 1
    last_bar = session.timebase.bar_at(notes[-1].onset_ticks) + 1
    bars = f"bar {first_bar}" if first_bar == last_bar else f"bars {first_bar} to {last_bar}"
    span = lowest if lowest == highest else f"{lowest} to {highest}"
    return f"{len(notes)} of {n_notes} notes chosen, {span}, {bars}"
