"""Small data to learn from, made here: MIDI files, jazz tables, a lead sheet."""

import csv
import gzip
import io
from pathlib import Path

import mido
import pytest


def _write_midi(path, moments, program=0):
    """Write moments of pitches, each a quarter long, to a file of one track."""
    track = mido.MidiTrack([mido.Message("program_change", program=program, time=0)])
    for pitches in moments:
        track += [mido.Message("note_on", note=pitch, velocity=80) for pitch in pitches]
        first, *others = pitches
        track.append(mido.Message("note_off", note=first, time=480))
        track += [mido.Message("note_off", note=pitch) for pitch in others]
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(path)
    return path


@pytest.fixture
def write_midi():
    """Return the function that writes moments of pitches to a MIDI file."""
    return _write_midi


@pytest.fixture(scope="session")
def tune_file(tmp_path_factory):
    """A tune of 72 moments: a scale up and down, and a chord now and then."""
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62]
    moments = [[scale[index % 14]] if index % 9 else [60, 64, 67] for index in range(72)]
    return _write_midi(tmp_path_factory.mktemp("corpus") / "tune.mid", moments)


def _write_table(path: Path, rows: list[dict[str, object]]) -> None:
    data = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    text = io.StringIO()
    csv.writer(text).writerows(data)
    written = text.getvalue().encode()
    path.write_bytes(gzip.compress(written) if path.suffix == ".gz" else written)


def _write_weimar(folder: Path, n_solos: int = 3) -> None:
    """Write tables in the layout of the Weimar Jazz Database: scales over a blues, played late."""
    meta, split, beats, notes = [], [], [], []
    for solo in range(n_solos):
        about = {"id": f"solo{solo}", "title": f"Tune {solo}", "melid": solo, "key": "F-maj"}
        meta.append(about)
        split.append({"id": f"solo{solo}", "melid": solo, "split": "train" if solo else "valid"})
        for bar in range(8):
            for beat in range(4):
                place = {"bar": bar + 1, "beat": beat + 1, "melid": solo}
                chord = ("F7", "Bb7", "C7", "F7")[bar % 4] if beat == 0 else ""
                onset_s = (bar * 4 + beat) * 0.5
                beats.append({"onset": onset_s, "chord": chord, **place})
                notes += [
                    {
                        **place,
                        "tatum": tatum,
                        "division": 2,
                        "onset": onset_s + (tatum - 1) * 0.25 + 0.02,
                        "pitch_raw": 60 + (bar * 3 + beat * 2 + tatum + solo) % 17,
                        "articulation_raw": 0.5,
                    }
                    for tatum in (1, 2)
                ]
    _write_table(folder / "meta.csv.gz", meta)
    _write_table(folder / "split.csv", split)
    _write_table(folder / "beats.csv.gz", beats)
    _write_table(folder / "notes.csv.gz", notes)


def _write_score(path: Path, n_measures: int = 8, fifths: int = -1) -> None:
    """Write a lead sheet: a pickup beat, four quarters a bar, a chord symbol each bar."""

    def note(step: str, octave: int) -> str:
        return (
            f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch>"
            "<duration>1</duration><type>quarter</type></note>"
        )

    attributes = (
        f"<attributes><divisions>1</divisions><key><fifths>{fifths}</fifths></key>"
        "<time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
    )
    harmony = (
        "<harmony><root><root-step>F</root-step></root><kind>dominant</kind></harmony>"
        "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>"
        "<kind>major</kind></harmony>"
    )
    first, second = harmony.split("</harmony>")[:2]
    measures = [f'<measure number="0" implicit="yes">{attributes}{note("C", 4)}</measure>']
    for number in range(1, n_measures + 1):
        chord = (first if number % 2 else second) + "</harmony>"
        steps = "FACE"[number % 4 :] + "FACE"[: number % 4]
        measures.append(
            f'<measure number="{number}">{chord}{"".join(note(s, 4) for s in steps)}</measure>'
        )
    path.write_text(
        '<?xml version="1.0"?><score-partwise version="3.1"><part-list><score-part id="P1">'
        f'<part-name>Lead</part-name></score-part></part-list><part id="P1">{"".join(measures)}'
        "</part></score-partwise>"
    )


@pytest.fixture
def write_weimar():
    """Return the function that writes small tables in the Weimar Jazz Database's layout."""
    return _write_weimar


@pytest.fixture
def write_score():
    """Return the function that writes a small lead sheet."""
    return _write_score
