"""Small music of our own to read: jazz tables, scores, MIDI files, tunes."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import mido
import numpy as np
import pytest

from musicassist.corpus.piece import Piece
from musicassist.generation.encoding import FURTHEST_MICRO, Line, Setting
from musicassist.music.keys import Key

Row = dict[str, object]


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as CSV, packed where the name says so."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    written = text.getvalue().encode()
    path.write_bytes(gzip.compress(written) if path.suffix == ".gz" else written)


def write_tables(
    folder: Path,
    n_solos: int = 3,
    places: Sequence[tuple[int, int]] = ((1, 2), (2, 2)),
    titles: Sequence[str] = (),
    late: float = 0.04,
) -> None:
    """Write tables in the layout of the Weimar Jazz Database; the first solo is held back.

    Args:
        folder: Where they go; it must exist.
        n_solos: Solos of 8 bars over a blues in F at 120 bpm.
        places: Tatum and division of the notes in each beat.
        titles: Titles of the tunes, if they matter.
        late: How many beats late every note is.
    """
    meta: list[Row] = []
    split: list[Row] = []
    beats: list[Row] = []
    notes: list[Row] = []
    for solo in range(n_solos):
        title = titles[solo] if titles else f"Tune {solo}"
        meta.append({"id": f"solo{solo}", "title": title, "melid": solo, "key": "F-maj"})
        split.append({"id": f"solo{solo}", "melid": solo, "split": "train" if solo else "valid"})
        for bar in range(8):
            for beat in range(4):
                place: Row = {"bar": bar + 1, "beat": beat + 1, "melid": solo}
                chord = ("F7", "Bb7", "C7", "F7")[bar % 4]
                onset_s = (bar * 4 + beat) * 0.5
                beats.append({"onset": onset_s, "chord": chord, **place})
                for tatum, division in places:
                    notes.append(
                        {
                            **place,
                            "tatum": tatum,
                            "division": division,
                            "onset": onset_s + ((tatum - 1) / division + late) * 0.5,
                            "pitch_raw": 60 + (bar * 3 + beat * 2 + tatum + solo * bar) % 17,
                            "articulation_raw": 0.5,
                            "phrase_end": float(beat == 3 and tatum == places[-1][0]),
                        }
                    )
    write_table(folder / "meta.csv.gz", meta)
    write_table(folder / "split.csv", split)
    write_table(folder / "beats.csv.gz", beats)
    write_table(folder / "notes.csv.gz", notes)


def xml_note(pitch: str, duration: int = 1, extra: str = "", *, tie: str = "") -> str:
    """Return a MusicXML note such as `F#4`, or a rest for an empty pitch."""
    if not pitch:
        return f"<note><rest/><duration>{duration}</duration></note>"
    alter = f"<alter>{ {'#': 1, 'b': -1}[pitch[1]] }</alter>" if len(pitch) == 3 else ""
    tied = f'<tie type="{tie}"/>' if tie else ""
    return (
        f"<note>{extra}<pitch><step>{pitch[0]}</step>{alter}<octave>{pitch[-1]}</octave></pitch>"
        f"<duration>{duration}</duration>{tied}</note>"
    )


def xml_attributes(
    divisions: int = 1, fifths: int | None = -1, beats: int = 4, beat_type: int = 4
) -> str:
    """Return the attributes at the start of a part."""
    key = "" if fifths is None else f"<key><fifths>{fifths}</fifths></key>"
    return (
        f"<attributes><divisions>{divisions}</divisions>{key}"
        f"<time><beats>{beats}</beats><beat-type>{beat_type}</beat-type></time></attributes>"
    )


def xml_score(*parts: Sequence[str], first_number: int = 1) -> str:
    """Return a MusicXML score of parts given measure by measure; number 0 is a pickup."""
    names = "".join(
        f'<score-part id="P{index}"><part-name>Part {index}</part-name></score-part>'
        for index in range(len(parts))
    )
    bodies = []
    for index, measures in enumerate(parts):
        inside = ""
        for number, measure in enumerate(measures, first_number):
            implicit = ' implicit="yes"' if number == 0 else ""
            inside += f'<measure number="{number}"{implicit}>{measure}</measure>'
        bodies.append(f'<part id="P{index}">{inside}</part>')
    return (
        '<?xml version="1.0"?><!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD" "partwise.dtd">'
        f'<score-partwise version="3.1"><part-list>{names}</part-list>{"".join(bodies)}'
        "</score-partwise>"
    )


def write_lead_sheet(path: Path, n_measures: int = 8) -> None:
    """Write a lead sheet: a pickup beat, four quarters a bar, a chord symbol each bar."""
    chords = (
        "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>"
        "<kind>major</kind></harmony>",
        "<harmony><root><root-step>F</root-step></root><kind>dominant</kind></harmony>",
    )
    measures = [xml_attributes() + xml_note("C4")]
    for number in range(1, n_measures + 1):
        steps = "FACE"[number % 4 :] + "FACE"[: number % 4]
        notes = "".join(xml_note(f"{step}4") for step in steps)
        measures.append(chords[number % 2] + notes)
    path.write_text(xml_score(measures, first_number=0))


def write_packed(path: Path, members: dict[str, str | bytes]) -> None:
    """Write a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def write_midi_file(
    path: Path,
    *tracks: Sequence[tuple[int, int, int]],
    meter: tuple[int, int] = (4, 4),
    channel: int = 0,
) -> None:
    """Write tracks of (onset, duration, pitch), in ticks of 480 a beat."""
    file = mido.MidiFile(ticks_per_beat=480)
    for index, notes in enumerate(tracks):
        track = mido.MidiTrack()
        if index == 0:
            track.append(
                mido.MetaMessage("time_signature", numerator=meter[0], denominator=meter[1])
            )
        events = [(onset + duration, 0, pitch) for onset, duration, pitch in notes]
        events += [(onset, 1, pitch) for onset, _, pitch in notes]
        at = 0
        for ticks, is_on, pitch in sorted(events):
            kind = "note_on" if is_on else "note_off"
            track.append(mido.Message(kind, note=pitch, time=ticks - at, channel=channel))
            at = ticks
        file.tracks.append(track)
    file.save(path)


@pytest.fixture
def write_weimar() -> Callable[..., None]:
    """Return the function that writes small tables in the Weimar Jazz Database's layout."""
    return write_tables


@pytest.fixture
def write_score() -> Callable[..., None]:
    """Return the function that writes a small lead sheet."""
    return write_lead_sheet


@pytest.fixture
def score_text() -> Callable[..., str]:
    """Return the function that makes a MusicXML score of parts."""
    return xml_score


@pytest.fixture
def note_text() -> Callable[..., str]:
    """Return the function that makes a MusicXML note."""
    return xml_note


@pytest.fixture
def attributes_text() -> Callable[..., str]:
    """Return the function that makes a part's attributes."""
    return xml_attributes


@pytest.fixture
def write_mxl() -> Callable[..., None]:
    """Return the function that writes an archive."""
    return write_packed


@pytest.fixture
def write_midi() -> Callable[..., None]:
    """Return the function that writes a MIDI file."""
    return write_midi_file


@pytest.fixture
def make_piece() -> Callable[..., Piece]:
    """Return a function that makes a piece of even notes from its pitches."""

    def make(pitches: Sequence[int], tune: str = "tune", **others: object) -> Piece:
        n_notes = len(pitches)
        line = Line(
            np.arange(n_notes, dtype=np.int64) * 12,
            np.array(pitches, np.int64),
            np.full(n_notes, 11, np.int64),
            np.full(n_notes, FURTHEST_MICRO, np.int64),
        )
        return Piece(tune, tune, line, Setting.of(None, Key(0)), **others)  # type: ignore[arg-type]

    return make
