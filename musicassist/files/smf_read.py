"""Standard MIDI Files in: foreign bytes become a `MidiDocument`.

Damaged files are opened as far as they make sense, track by track, and `problems` says what was
left out. Only what has no track in it at all is refused.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from musicassist.errors import InputError, MissingFileError
from musicassist.files.limits import MAX_LENGTH_BEATS, MAX_MIDI_FILE_BYTES, MAX_PROBLEMS
from musicassist.files.midi_document import Marker, MidiDocument, MidiTrack
from musicassist.files.smf_chunks import Chunks, Division, split_chunks
from musicassist.files.smf_track import Allowance, TrackEvents, read_track
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.keys import Key
from musicassist.music.note import ControlPoint, Note
from musicassist.music.timebase import TICKS_PER_BEAT, MeterChange, TempoChange, Timebase

__all__ = ["Marker", "MidiDocument", "MidiTrack", "parse_midi", "read_midi"]

_DEFAULT_BEAT_US: Final = 500_000  # 120 bpm, what the standard says without a tempo
_DEFAULT_METER: Final = (4, 4)

_Rescale = Callable[[int], int]


def read_midi(path: Path) -> MidiDocument:
    """Read a MIDI file from disk.

    Raises:
        MissingFileError: There is no such file.
        NotMidiError: It is no MIDI file, or nothing in it can be read.
        InputError: It is too big, is no ordinary file, or may not be read.
    """
    try:
        if not path.exists():
            raise MissingFileError(f"There is no file {path}.", "Check the name and the folder.")
        if not path.is_file():
            raise InputError(f"{path} is not a file.", "Choose a file that ends in .mid.")
        with path.open("rb") as file:
            data = file.read(MAX_MIDI_FILE_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise InputError(
            f"{path.name!r} cannot be read: {reason}.", "Check that you may open the file."
        ) from error
    return parse_midi(data, name=path.name)


def parse_midi(data: bytes, *, name: str = "The file") -> MidiDocument:
    """Read a MIDI file from its bytes.

    Args:
        data: The whole file.
        name: What to call it in an error.

    Raises:
        NotMidiError: It is no MIDI file, or nothing in it can be read.
        InputError: It is too big.
    """
    if len(data) > MAX_MIDI_FILE_BYTES:
        raise InputError(
            f"{name} is too big: MIDI files up to {MAX_MIDI_FILE_BYTES >> 20} MB can be opened.",
            "Export the part you need to a file of its own.",
        )
    chunks = split_chunks(data, name)
    latest = _latest_time(chunks.division)
    allowance = Allowance()
    tracks = [read_track(body, allowance, latest) for body in chunks.tracks]
    timebase, rescale, problems = _timebase(chunks, tracks)
    return MidiDocument(
        timebase,
        _first_key(tracks),
        tuple(_track(events, timebase, rescale) for events in tracks),
        _markers(tracks, rescale),
        _sentences([*chunks.problems, *problems], tracks),
    )


def _latest_time(division: Division) -> int:
    """Return the longest time a track may reach, in ticks of the file."""
    if division.frames_a_second is None:
        return MAX_LENGTH_BEATS * division.ticks
    numerator, denominator = division.frames_a_second
    return MAX_LENGTH_BEATS * division.ticks * numerator // (2 * denominator)  # at 120 bpm


def _timebase(
    chunks: Chunks, tracks: list[TrackEvents]
) -> tuple[Timebase, _Rescale, tuple[str, ...]]:
    """Return tempo and metre map, how to get from file ticks to ours, and what was lost."""
    problems: tuple[str, ...] = ()
    speaking = tracks
    if chunks.file_format == 2 and len(tracks) > 1:
        problems = ("The file holds pieces of their own; the tempo of the first is used for all.",)
        speaking = next(([each] for each in tracks if each.tempos or each.meters), tracks)
    tempos = sorted((change for each in speaking for change in each.tempos), key=_time)
    meters = sorted((change for each in speaking for change in each.meters), key=_time)
    if chunks.division.frames_a_second is not None:
        tempos = [(0, tempos[0][1] if tempos else _DEFAULT_BEAT_US)]
        problems += ("Times in the file are in film frames; they were fitted to one tempo.",)
    rescale = _rescaling(chunks.division, tempos[0][1] if tempos else _DEFAULT_BEAT_US)
    beat_us_at = {0: _DEFAULT_BEAT_US}
    beat_us_at.update((rescale(time), beat_us) for time, beat_us in tempos)
    meter_at = {0: _DEFAULT_METER}
    meter_at.update((rescale(time), (above, below)) for time, above, below in meters)
    timebase = Timebase(
        tuple(TempoChange(*change) for change in sorted(beat_us_at.items())),
        tuple(MeterChange(onset, *meter) for onset, meter in sorted(meter_at.items())),
    )
    return timebase, rescale, problems


def _rescaling(division: Division, beat_us: int) -> _Rescale:
    """Return a function from ticks of the file to ours, rounding to the nearest."""
    if division == Division(TICKS_PER_BEAT):
        return lambda time: time
    above, below = TICKS_PER_BEAT, division.ticks
    if division.frames_a_second is not None:
        numerator, denominator = division.frames_a_second
        above = TICKS_PER_BEAT * 1_000_000 * denominator
        below = beat_us * division.ticks * numerator
    return lambda time: (2 * time * above + below) // (2 * below)


def _track(events: TrackEvents, timebase: Timebase, rescale: _Rescale) -> MidiTrack:
    """Return one track in our ticks, without overlaps, as long as whole bars."""
    notes = without_overlaps(
        Note(start := rescale(onset), max(1, rescale(end) - start), pitch, velocity, channel)
        for onset, end, pitch, velocity, channel in events.notes
    )
    end_ticks = max((note.end_ticks for note in notes), default=0)
    length_ticks = timebase.next_bar_line_ticks(max(end_ticks, rescale(events.end)))
    controls = tuple(
        ControlPoint(onset_ticks, controller, value, channel)
        for time, controller, value, channel in events.controls
        if (onset_ticks := rescale(time)) < length_ticks
    )
    return MidiTrack(events.name, Clip(notes, length_ticks, controls, events.name))


def _first_key(tracks: Iterable[TrackEvents]) -> Key | None:
    keys = sorted((change for each in tracks for change in each.keys), key=_time)
    if not keys:
        return None
    _, n_sharps, is_minor = keys[0]
    return Key.from_signature(n_sharps, is_minor)


def _markers(tracks: Iterable[TrackEvents], rescale: _Rescale) -> tuple[Marker, ...]:
    found = sorted((marker for each in tracks for marker in each.markers), key=_time)
    return tuple(Marker(rescale(time), text) for time, text in found)


def _sentences(file_problems: list[str], tracks: list[TrackEvents]) -> tuple[str, ...]:
    """Return all problems as sentences, the file's first, at most `MAX_PROBLEMS`."""
    sentences = file_problems + [
        f"Track {number} {problem}"
        for number, events in enumerate(tracks, start=1)
        for problem in events.problems
    ]
    if len(sentences) > MAX_PROBLEMS:
        n_more = len(sentences) - MAX_PROBLEMS + 1
        sentences[MAX_PROBLEMS - 1 :] = [f"There are {n_more:,} more problems like these."]
    return tuple(sentences)


def _time(change: tuple[int, *tuple[object, ...]]) -> int:
    return change[0]
