"""MusicXML in: what a score says, note by note, without drawing any of it.

Read by our own hand because all that is wanted is when each note sounds; building every slur and
stem of a string quartet takes music21 half a minute. Foreign files are read within limits: an
archive is never unpacked to disk, entities are refused, sizes are checked before anything grows.

Source: W3C MusicXML 4.0: time runs in `divisions` of a quarter; `backup` and `forward` move it; a
`chord` note starts with the note before; `.mxl` is a zip whose container names the score.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from musicassist.errors import InputError, UserCancelled
from musicassist.files.limits import MAX_LENGTH_BEATS
from musicassist.music.chords import ChordSymbol, parse_chord

MAX_SCORE_BYTES: Final = 32 * 2**20  # of XML; a string quartet of four movements takes eleven
MAX_RATIO: Final = 200  # of XML to its packed size
MAX_PARTS: Final = 64
MAX_MEASURES: Final = 10_000
_MAX_CONTAINER_BYTES: Final = 2**16
_MAX_DEPTH: Final = 64
_MAX_ELEMENTS: Final = 2_000_000  # more than MAX_SCORE_BYTES of music has
_MOST_ADDED_DEGREES: Final = 12
_SHORTEST_BAR: Final = Fraction(1, 4)  # quarters
_LONGEST_BAR: Final = Fraction(32)

ShouldStop = Callable[[], bool]


def _never() -> bool:
    return False


_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises on damaged files, its own error being the least of it.
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
)
_XML_ERRORS: Final = (expat.ExpatError, ArithmeticError, ValueError, LookupError)
_CONTAINER: Final = "META-INF/container.xml"
_SLOWEST_BPM: Final = 10.0
_FASTEST_BPM: Final = 1_000.0
_UNITS: Final = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
_ASK_EVERY: Final = 1_000  # elements
_STEPS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_DEGREE_SEMITONES: Final = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 14, 11: 17, 13: 21}
_NO_CHORD: Final = parse_chord("NC")


@dataclass(frozen=True, slots=True)
class ScoreNote:
    """A sounding note, ties joined.

    Attributes:
        onset: Quarters from the start of its measure, or of the score; 0 or later.
        duration: Quarters, above 0.
        pitch: 0-127, as it sounds.
        staff: From 1, counted in its part.
    """

    onset: Fraction
    duration: Fraction
    pitch: int
    staff: int = 1


@dataclass(slots=True)
class Measure:
    """What stands in one measure of one part; places count from the measure's start.

    Attributes:
        notes: With the tie marks still in them: (note, goes on a tie).
        chords: Chord symbols and where they stand.
        length: Quarters up to the furthest place anything reaches.
        is_partial: Whether the score says it is no full bar.
        beats_a_bar: New metre in quarters, where one begins here.
        metre: The same as written: counts a bar and the note value counted.
        fifths: New key signature as it sounds, sharps above 0, where one begins here.
        is_minor: Whether that signature is called minor; None where it does not say.
        bpm: Quarters a minute, where a tempo is said here: the first one.
        has_words: Whether somebody sings.
    """

    notes: list[tuple[ScoreNote, bool]] = field(default_factory=list)
    chords: list[tuple[Fraction, ChordSymbol]] = field(default_factory=list)
    length: Fraction = Fraction(0)
    is_partial: bool = False
    beats_a_bar: Fraction | None = None
    metre: tuple[int, int] | None = None
    fifths: int | None = None
    is_minor: bool | None = None
    bpm: float | None = None
    has_words: bool = False


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a score: its name, and its measures in order."""

    name: str
    measures: tuple[Measure, ...]


def read_musicxml(path: Path, should_stop: ShouldStop = _never) -> tuple[ScorePart, ...]:
    """Return the parts of a score; repeat signs are not followed.

    Args:
        path: The file.
        should_stop: Asked again and again whether nobody waits any more.

    Raises:
        InputError: The file cannot be read, is too big, or is no score.
        UserCancelled: It should stop.
    """
    try:
        data = _score_bytes(path)
    except (OSError, *_ZIP_ERRORS) as error:
        raise _unreadable(path, "it is damaged or cannot be opened") from error
    return parse_musicxml(data, path, should_stop)


def parse_musicxml(
    data: bytes, path: Path = Path("score"), should_stop: ShouldStop = _never
) -> tuple[ScorePart, ...]:
    """Return the parts of a score from its XML.

    Args:
        data: The whole document.
        path: What to call it in an error.
        should_stop: Asked again and again whether nobody waits any more.

    Raises:
        InputError: It is too big, or is no score.
        UserCancelled: It should stop.
    """
    try:
        root = _tree(data, should_stop)
        names = {
            each.get("id", ""): (each.findtext("part-name") or "").strip()
            for each in root.iter("score-part")
        }
        parts = tuple(
            ScorePart(
                names.get(part.get("id", ""), ""), _PartReader().measures_of(part, should_stop)
            )
            for part in root.findall("part")[:MAX_PARTS]
        )
    except _XML_ERRORS as error:
        raise _unreadable(path, "it is no MusicXML that makes sense") from error
    if not any(part.measures for part in parts):
        raise _unreadable(path, "there is no music in it")
    for part in parts:
        n_beats = sum(each.length for each in part.measures)
        if n_beats > MAX_LENGTH_BEATS or len(part.measures) > MAX_MEASURES:
            raise _unreadable(path, "it is longer than any music")
    return parts


def sounding_notes(placed: Iterable[tuple[Fraction, Measure]]) -> list[ScoreNote]:
    """Return the notes of measures that begin at given places, tied ones joined."""
    notes: list[ScoreNote] = []
    open_notes: dict[tuple[int, Fraction], int] = {}  # by pitch and end: place among the notes
    for start, measure in placed:
        for note, goes_on in measure.notes:
            onset = start + note.onset
            index = open_notes.pop((note.pitch, onset), None) if goes_on else None
            if index is None:
                index = len(notes)
                notes.append(replace(note, onset=onset))
            else:
                before = notes[index]
                notes[index] = replace(before, duration=before.duration + note.duration)
            open_notes[note.pitch, onset + note.duration] = index
    return notes


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError(
        f"{path.name!r} cannot be read: {reason}.", "Export it again as MusicXML, or leave it out."
    )


def _score_bytes(path: Path) -> bytes:
    """Return the score's XML, out of its archive where it is packed."""
    if not path.is_file():
        raise _unreadable(path, "it is not a file")
    if path.suffix.lower() != ".mxl":
        with path.open("rb") as file:
            data = file.read(MAX_SCORE_BYTES + 1)
        if len(data) > MAX_SCORE_BYTES:
            raise _unreadable(path, f"it is larger than {MAX_SCORE_BYTES >> 20} MB")
        return data
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist()]
        inside = [name for name in names if name.endswith((".xml", ".musicxml"))]
        scores = [name for name in inside if not name.startswith("META-INF/")]
        if _CONTAINER in names:
            scores = _named_in(_member(archive, _CONTAINER, _MAX_CONTAINER_BYTES, path)) or scores
            scores = [name for name in scores if name in names]
        if not scores:
            raise _unreadable(path, "there is no score in it")
        return _member(archive, scores[0], MAX_SCORE_BYTES, path)


def _named_in(container: bytes) -> list[str]:
    """Return the scores a container names; none where it cannot be read.

    An apostrophe in a name breaks the XML that some programs write.
    """
    with suppress(*_XML_ERRORS):
        return [each.get("full-path", "") for each in _tree(container).iter("rootfile")]
    return []


def _member(archive: zipfile.ZipFile, name: str, most_bytes: int, path: Path) -> bytes:
    """Return a member of an archive, never more than it may be, whatever its header claims."""
    info = archive.getinfo(name)
    if info.compress_type not in _PACKINGS:
        raise NotImplementedError("packed as no score is")
    most_bytes = min(most_bytes, MAX_RATIO * max(info.compress_size, 1))
    with archive.open(info) as member:
        data = member.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise _unreadable(path, "what is packed in it is too large")
    return data


def _tree(data: bytes, should_stop: ShouldStop = _never) -> Any:
    """Return the document's tree.

    Raises:
        ExpatError: It is not well formed.
        ValueError: It declares entities, or is nested deeper or has more elements than any score.
        LookupError: Nobody knows its encoding.
        UserCancelled: It should stop.
    """
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = n_elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, n_elements
        depth += 1
        n_elements += 1
        if depth > _MAX_DEPTH or n_elements > _MAX_ELEMENTS:
            raise ValueError("nested too deeply, or without end")
        if n_elements % _ASK_EVERY == 0 and should_stop():
            raise UserCancelled
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_: object) -> NoReturn:
        raise ValueError("entities are not welcome")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.ParseFile(io.BytesIO(data))
    return builder.close()


class _PartReader:
    """Reads one part from first to last measure: what one measure says holds in the next."""

    def __init__(self) -> None:
        self.divisions = 1
        self.transpose = 0
        self._measure = Measure()
        self._at = 0  # both in divisions
        self._chord_at = 0

    def measures_of(self, part: Any, should_stop: ShouldStop = _never) -> tuple[Measure, ...]:
        measures = []
        for element in part.iterfind("measure"):
            if should_stop():
                raise UserCancelled
            measures.append(self._read(element))
        return tuple(measures)

    def _read(self, element: Any) -> Measure:
        self._measure = Measure(is_partial=element.get("implicit") == "yes")
        self._at = self._chord_at = 0
        for child in element:
            if child.tag == "note":
                self._note(child)
            elif child.tag == "backup":
                self._at = max(0, self._at - self._duration(child))
            elif child.tag == "forward":
                self._move(self._duration(child))
            elif child.tag == "attributes":
                self._attributes(child)
            elif child.tag == "harmony":
                self._harmony(child)
            elif child.tag in ("direction", "sound"):
                self._tempo(child)
        return self._measure

    def _move(self, duration: int) -> None:
        self._at += duration
        self._measure.length = max(self._measure.length, self._quarters(self._at))

    def _quarters(self, duration: int) -> Fraction:
        return Fraction(duration, self.divisions)

    @staticmethod
    def _duration(element: Any) -> int:
        return max(0, round(float(element.findtext("duration") or 0)))

    def _note(self, element: Any) -> None:
        if element.find("grace") is not None:
            return
        duration = self._duration(element)
        is_chord_note = element.find("chord") is not None
        if not is_chord_note:
            self._chord_at = self._at
            self._move(duration)
        self._measure.has_words |= element.find("lyric") is not None
        pitch = element.find("pitch")
        if pitch is None or element.find("cue") is not None or duration == 0:
            return
        step = _STEPS[(pitch.findtext("step") or "").strip()]
        alter = round(float(pitch.findtext("alter") or 0))
        midi = 12 * (int(pitch.findtext("octave") or 4) + 1) + step + alter + self.transpose
        ties = [tie.get("type") for tie in element.iterfind("tie")]
        note = ScoreNote(
            self._quarters(self._chord_at),
            self._quarters(duration),
            min(max(midi, 0), 127),
            int(element.findtext("staff") or 1),
        )
        self._measure.notes.append((note, "stop" in ties))

    def _attributes(self, element: Any) -> None:
        divisions = element.findtext("divisions")
        if divisions is not None:
            self.divisions = max(1, round(float(divisions)))
        transpose = element.find("transpose")
        if transpose is not None:
            octaves = int(transpose.findtext("octave-change") or 0)
            self.transpose = round(float(transpose.findtext("chromatic") or 0)) + 12 * octaves
        time = element.find("time")
        if time is not None and time.find("beats") is not None:
            n_units = sum(int(each) for each in time.findtext("beats").split("+"))
            unit = int(time.findtext("beat-type") or 0)
            beats_a_bar = Fraction(4 * n_units, unit)
            if _SHORTEST_BAR <= beats_a_bar <= _LONGEST_BAR:
                self._measure.beats_a_bar, self._measure.metre = beats_a_bar, (n_units, unit)
        fifths = element.findtext("key/fifths")
        if fifths is not None:
            sounding = (int(fifths) + 7 * self.transpose) % 12
            mode = (element.findtext("key/mode") or "").strip()
            self._measure.is_minor = {"minor": True, "major": False}.get(mode)
            self._measure.fifths = (
                int(fifths)
                if self.transpose % 12 == 0
                else (sounding - 12 if sounding > 6 else sounding)
            )

    def _tempo(self, element: Any) -> None:
        """Take the tempo that is played, or else the one that is written."""
        sound = element if element.tag == "sound" else element.find("sound")
        said = sound.get("tempo") if sound is not None else None
        unit = 1.0
        if said is None:
            metronome = element.find("direction-type/metronome")
            if metronome is None:
                return
            said = metronome.findtext("per-minute")
            unit = _UNITS.get((metronome.findtext("beat-unit") or "").strip(), 1.0)
            unit *= 1.5 if metronome.find("beat-unit-dot") is not None else 1.0
        with suppress(ValueError):  # "ca. 120"
            bpm = float(said or "") * unit
            if self._measure.bpm is None and _SLOWEST_BPM <= bpm <= _FASTEST_BPM:
                self._measure.bpm = bpm

    def _harmony(self, element: Any) -> None:
        at = self._at + round(float(element.findtext("offset") or 0))
        place = self._quarters(max(0, at))
        self._measure.chords.append((place, self._symbol(element)))

    def _symbol(self, element: Any) -> ChordSymbol:
        """Return a chord symbol by its kind and degrees; one we cannot read is no chord."""
        step, kind = element.findtext("root/root-step"), element.findtext("kind") or "major"
        if step is None or kind.strip() == "none":
            return _NO_CHORD
        root = self._pitch_class(element, "root")
        bass = self._pitch_class(element, "bass") if element.find("bass") is not None else root
        try:
            intervals = set(parse_chord(f"C {kind.strip()}").intervals)
        except InputError:
            return _NO_CHORD
        for degree in element.findall("degree")[:_MOST_ADDED_DEGREES]:
            _alter(intervals, degree)
        return ChordSymbol(root, tuple(sorted(intervals)), None if bass == root else bass)

    def _pitch_class(self, element: Any, name: str) -> int:
        step = _STEPS[(element.findtext(f"{name}/{name}-step") or "").strip()]
        alter = round(float(element.findtext(f"{name}/{name}-alter") or 0))
        return (step + alter + self.transpose) % 12


def _alter(intervals: set[int], degree: Any) -> None:
    """Add, change or take away one degree of a chord."""
    plain = _DEGREE_SEMITONES.get(int(degree.findtext("degree-value") or 0))
    if plain is None:
        return
    meant = plain + round(float(degree.findtext("degree-alter") or 0))
    action = (degree.findtext("degree-type") or "add").strip()
    if action in ("subtract", "alter"):
        intervals -= {plain - 1, plain, plain + 1}
    if action in ("add", "alter"):
        intervals.add(meant)
