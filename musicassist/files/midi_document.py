"""What a MIDI file says, as plain values."""

from dataclasses import dataclass, replace
from math import log2
from typing import Final

from musicassist.errors import EmptyPhraseError
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.phrase import whole_bars_ticks
from musicassist.music.timebase import Timebase

DRUM_CHANNEL: Final = 9  # shown as 10

_PHRASE_WORDS: Final = ("solo", "melod", "lead", "phrase", "riff", "voice", "vocal", "theme")
_BACKING_WORDS: Final = ("drum", "perc", "bass", "chord", "pad", "rhythm", "comp", "click", "metro")


@dataclass(frozen=True, slots=True)
class Marker:
    """A place with a name.

    Attributes:
        onset_ticks: Where, 0 or later.
        text: What it is called; foreign text without control characters.
    """

    onset_ticks: int
    text: str


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """One track of a MIDI file.

    Attributes:
        name: Foreign text without control characters; may be empty.
        clip: Its notes and controllers, from the start of the file; as long as the whole bars
            that hold the track.
    """

    name: str
    clip: Clip


@dataclass(frozen=True, slots=True)
class MidiDocument:
    """Everything we take from a MIDI file.

    Attributes:
        timebase: Its tempo map and metre map.
        key: The first key signature; None without one.
        tracks: In the order of the file, those without notes too.
        markers: In order of onset.
        problems: What was wrong or left out: plain sentences for the user, none when all is well.
    """

    timebase: Timebase
    key: Key | None = None
    tracks: tuple[MidiTrack, ...] = ()
    markers: tuple[Marker, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def n_notes(self) -> int:
        """How many notes there are in all tracks."""
        return sum(len(track.clip.notes) for track in self.tracks)

    @property
    def meant_key(self) -> Key | None:
        """The key, unless it is the C major that many programs write without being asked."""
        return None if self.key == Key(0, "major") else self.key

    def melody(self) -> Clip:
        """Return the track that is most likely the phrase to continue.

        Many notes, one at a time, in a singing range speak for a track, and so may its name;
        channel 10 (drums) speaks against it. Tracks are never merged. The clip starts where the
        file starts and ends with the whole bars that hold its notes, however long the file goes
        on; drum notes in the same track are left out.

        Raises:
            EmptyPhraseError: There is no note in any track.
        """
        tracks = [track for track in self.tracks if track.clip.notes]
        if not tracks:
            raise EmptyPhraseError(
                "There are no notes in this MIDI file.",
                "Choose a file with a melody in it, or play a phrase.",
            )
        clip = max(tracks, key=_likeness_to_a_phrase).clip
        notes = _without_drums(clip.notes) or clip.notes
        length_ticks = min(clip.length_ticks, whole_bars_ticks(notes, self.timebase))
        controls = (point for point in clip.controls if point.onset_ticks < length_ticks)
        return replace(clip, notes=notes, controls=tuple(controls), length_ticks=length_ticks)


def _likeness_to_a_phrase(track: MidiTrack) -> float:
    """Return how much a track with notes looks like a melody; more is likelier.

    The weights are chosen by hand so that a name outweighs a bit of polyphony, and drums lose
    against everything.
    """
    notes = _without_drums(track.clip.notes)
    if not notes:
        return -10.0
    n_alone = 1
    sounding_until_ticks = notes[0].end_ticks
    onset_ticks = notes[0].onset_ticks
    for note in notes[1:]:
        overlap_ticks = sounding_until_ticks - note.onset_ticks
        n_alone += note.onset_ticks > onset_ticks and overlap_ticks <= note.duration_ticks // 2
        onset_ticks = note.onset_ticks
        sounding_until_ticks = max(sounding_until_ticks, note.end_ticks)
    mean_pitch = sum(note.pitch for note in notes) / len(notes)
    name = track.name.casefold()
    score = 4.0 * n_alone / len(notes)
    score += min(2.0, log2(1 + len(notes)) / 4)
    score += 1.0 if 55 <= mean_pitch <= 90 else 0.0
    score += 2.0 if any(word in name for word in _PHRASE_WORDS) else 0.0
    score -= 2.0 if any(word in name for word in _BACKING_WORDS) else 0.0
    return score


def _without_drums(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(note for note in notes if note.channel != DRUM_CHANNEL)
