"""The accompaniment of a piece: chords, bass and drums as clips."""

from dataclasses import dataclass, field

from musicassist.music.accompaniment.bass_part import bass_notes
from musicassist.music.accompaniment.chord_part import chord_notes
from musicassist.music.accompaniment.drum_part import drum_notes
from musicassist.music.accompaniment.feel import Feel
from musicassist.music.accompaniment.layout import bars_of
from musicassist.music.accompaniment.strikes import regions_of
from musicassist.music.backing import BASS_CHANNEL, CHORDS_CHANNEL, DRUM_CHANNEL
from musicassist.music.chords import Progression
from musicassist.music.clip import Clip
from musicassist.music.timebase import Timebase


@dataclass(frozen=True, slots=True)
class Accompaniment:
    """Chords, bass and drums, each on its channel and as long as the piece."""

    chords: Clip = field(default_factory=Clip)
    bass: Clip = field(default_factory=Clip)
    drums: Clip = field(default_factory=Clip)

    @property
    def tracks(self) -> tuple[Clip, ...]:
        """The parts that play something; their names are for people."""
        return tuple(clip for clip in (self.chords, self.bass, self.drums) if clip.notes)


def accompany(
    progression: Progression | None,
    timebase: Timebase,
    length_ticks: int,
    feel: Feel,
    seed: int,
    sections_ticks: tuple[int, ...] = (),
) -> Accompaniment:
    """Return what a band plays under a piece.

    Args:
        progression: The chords, repeated to the end; None for none: then drums play alone.
        timebase: Tempo and metre.
        length_ticks: The end of the piece; at 0 nothing is played.
        feel: How it is played.
        seed: 0 or more; same seed, same accompaniment.
        sections_ticks: Bar lines where something new begins, such as a solo.
    """
    if length_ticks <= 0:
        return Accompaniment()
    bars = bars_of(timebase, length_ticks, sections_ticks)
    looped = (progression or Progression()).looped_to(length_ticks)
    regions = regions_of(looped, length_ticks)
    piece = (bars, timebase, length_ticks, seed)
    return Accompaniment(
        Clip(chord_notes(feel, regions, *piece, CHORDS_CHANNEL), length_ticks, name="Chords"),
        Clip(bass_notes(feel, regions, *piece, BASS_CHANNEL), length_ticks, name="Bass"),
        Clip(drum_notes(feel, *piece, DRUM_CHANNEL), length_ticks, name="Drums"),
    )
