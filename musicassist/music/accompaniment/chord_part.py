"""The chord instrument: a pattern struck in voicings that lead into each other."""

from collections.abc import Sequence
from typing import Final

from musicassist.music.accompaniment.feel import Feel
from musicassist.music.accompaniment.layout import BarPlace
from musicassist.music.accompaniment.strikes import Region, kept_within, strikes_over
from musicassist.music.accompaniment.touch import Hands
from musicassist.music.accompaniment.voicing import Pitches, voiced
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_VELOCITIES: Final = {"X": 92.0, ">": 84.0, "x": 78.0, "o": 62.0}
_HANDS: Final = 1
_PATIENCE_TICKS: Final = TICKS_PER_BEAT


def chord_notes(
    feel: Feel,
    regions: Sequence[Region],
    bars: Sequence[BarPlace],
    timebase: Timebase,
    length_ticks: int,
    seed: int,
    channel: int,
) -> tuple[Note, ...]:
    """Return what the chord instrument plays; arguments as in `drum_part.drum_notes`."""
    strikes = strikes_over(
        regions,
        bars,
        lambda place: feel.patterns_for(place.metre).chords,
        feel.swing,
        patience_ticks=_PATIENCE_TICKS,
    )
    if not strikes:
        return ()
    hands = Hands(feel.touch, timebase, length_ticks, seed, _HANDS)
    onsets = hands.moved([strike.onset_ticks for strike in strikes], ["chords"] * len(strikes))
    strength = feel.strength.get("chords", 1.0)
    velocities = hands.struck([strength * _VELOCITIES[strike.sign] for strike in strikes])
    voicings = _voicings(feel, regions)
    ends = [
        min(s.end_ticks, later)
        for s, later in zip(strikes, [*onsets[1:], length_ticks], strict=True)
    ]
    notes: list[Note] = []
    for strike, onset, end, velocity in zip(strikes, onsets, ends, velocities, strict=True):
        onset = kept_within(onset, end, strike, regions)
        strum_ticks = feel.strum_ms * TICKS_PER_BEAT * 1000 / timebase.tempo_at(onset).beat_us
        pitches = voicings[strike.region]
        strum_ticks = min(strum_ticks, (end - onset) / (2 * len(pitches)))
        for index, pitch in enumerate(pitches):
            start = onset + int(index * strum_ticks)
            notes.append(Note(start, max(1, end - start), pitch, velocity, channel))
    return tuple(notes)


def _voicings(feel: Feel, regions: Sequence[Region]) -> list[Pitches]:
    """Return the pitches of every chord, each near to those before."""
    lowest, highest = feel.chords_range
    voicings: list[Pitches] = []
    before: Pitches = ()
    for region in regions:
        before = voiced(region.chord, before, feel.voicing, lowest, highest)
        voicings.append(before)
    return voicings
