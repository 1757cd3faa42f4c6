"""Files from elsewhere as phrases: what is taken of them, and how they are refused."""

import time
from pathlib import Path

import pytest

from musicassist.app.music_file import MUSIC_SUFFIXES, MusicFile, is_music, read_music
from musicassist.app.score_phrase import phrase_of_score
from musicassist.corpus.musicxml import parse_musicxml
from musicassist.errors import InputError, MissingFileError, MusicAssistError, UserCancelled
from musicassist.files.smf_write import solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import Note
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase
from tests.corpus.conftest import (
    write_lead_sheet,
    write_packed,
    xml_attributes,
    xml_note,
    xml_score,
)

BAR = "".join(xml_note(each) for each in ("C4", "E4", "G4", "C5"))


def chord(step: str, kind: str, *, degrees: str = "", bass: str = "") -> str:
    lowest = f"<bass><bass-step>{bass}</bass-step></bass>" if bass else ""
    return (
        f"<harmony><root><root-step>{step}</root-step></root><kind>{kind}</kind>{lowest}{degrees}"
        "</harmony>"
    )


def read(*parts: list[str], first_number: int = 1) -> MusicFile:
    text = xml_score(*parts, first_number=first_number)
    return phrase_of_score(parse_musicxml(text.encode()), "tune")


def test_a_lead_sheet_brings_melody_chords_key_and_metre(tmp_path: Path) -> None:
    write_lead_sheet(tmp_path / "tune.musicxml")
    music = read_music(tmp_path / "tune.musicxml")
    onsets = [note.onset_ticks / TICKS_PER_BEAT for note in music.phrase.notes]
    assert onsets[:4] == [3, 4, 5, 6]  # the pickup ends with a bar line
    assert music.phrase.length_ticks == 9 * 1920
    assert music.phrase.name == "tune"
    assert music.key == Key.parse("F")
    assert music.progression_text.startswith("F7 | / | Bb | F7 | Bb")
    assert music.progression is not None
    assert music.progression.length_ticks == music.phrase.length_ticks
    assert not music.has_tempo
    assert music.problems == ()


def test_a_packed_score_is_read_the_same(tmp_path: Path) -> None:
    write_lead_sheet(tmp_path / "tune.musicxml")
    text = (tmp_path / "tune.musicxml").read_text()
    write_packed(tmp_path / "tune.mxl", {"tune.xml": text})
    assert read_music(tmp_path / "tune.mxl") == read_music(tmp_path / "tune.musicxml")


@pytest.mark.parametrize(
    ("tempo", "bpm"),
    [
        ('<direction><sound tempo="97"/></direction>', 97),
        ('<sound tempo="133.5"/>', 133.5),
        (
            "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
            "<per-minute>80</per-minute></metronome></direction-type></direction>",
            120,
        ),
        (
            "<direction><direction-type><metronome><beat-unit>half</beat-unit>"
            "<per-minute>ca. 80</per-minute></metronome></direction-type></direction>",
            None,
        ),
        ('<sound tempo="1e9"/>', None),
        ('<sound tempo="nan"/>', None),
        ('<sound dynamics="80"/>', None),
    ],
)
def test_the_tempo_is_taken_where_it_is_said(tempo: str, bpm: float | None) -> None:
    music = read([xml_attributes() + tempo + BAR])
    assert music.has_tempo == (bpm is not None)
    assert music.timebase.tempos[0].bpm == pytest.approx(bpm or 120, abs=0.01)


@pytest.mark.parametrize(
    ("beats", "unit", "metre"), [(3, 4, (3, 4)), (6, 8, (6, 8)), (2, 2, (2, 2)), (4, 3, (4, 4))]
)
def test_the_metre_is_taken_as_written(beats: int, unit: int, metre: tuple[int, int]) -> None:
    meter = read([xml_attributes(beats=beats, beat_type=unit) + BAR]).timebase.meters[0]
    assert (meter.numerator, meter.denominator) == metre


def test_a_change_of_metre_is_told() -> None:
    other = xml_attributes(beats=3) + "".join(xml_note(each) for each in ("C4", "E4", "G4"))
    music = read([xml_attributes() + BAR, other])
    assert music.problems == ("The score is read in 4/4 throughout.",)


@pytest.mark.parametrize(
    ("fifths", "mode", "key"),
    [
        (-4, "<mode>minor</mode>", "F minor"),
        (-4, "<mode>major</mode>", "Ab major"),
        (0, "<mode>minor</mode>", "A minor"),
        (0, "<mode>major</mode>", None),
        (0, "", None),
        (1, "", "G major"),
    ],
)
def test_the_key_is_taken_unless_it_is_the_one_that_programs_write_unasked(
    fifths: int, mode: str, key: str | None
) -> None:
    attributes = xml_attributes(fifths=fifths).replace("</fifths>", f"</fifths>{mode}")
    found = read([attributes + BAR]).key
    assert (found.name if found is not None else None) == key


def test_chords_are_written_as_people_type_them() -> None:
    flat_nine = (
        "<degree><degree-value>9</degree-value><degree-alter>-1</degree-alter>"
        "<degree-type>add</degree-type></degree>"
    )
    rest = xml_note("C4", 2) + xml_note("E4", 2)
    music = read(
        [
            xml_attributes(fifths=0) + chord("D", "minor-seventh") + rest,
            chord("G", "dominant", degrees=flat_nine) + rest,
            chord("C", "major-seventh", bass="E")
            + xml_note("C4", 2)
            + chord("C", "none")
            + xml_note("E4", 2),
            chord("F", "Tristan") + rest,
        ]
    )
    assert music.progression_text.startswith("Dm7 | G7b9 | Cmaj7/E NC | F")
    assert music.progression is not None
    assert music.progression.changes[1][1].pitch_classes == {7, 11, 2, 5, 8}


def test_a_score_without_chords_has_none() -> None:
    music = read([xml_attributes() + BAR])
    assert (music.progression_text, music.progression) == ("", None)


def test_the_top_voice_of_the_first_part_leads_and_ties_are_joined() -> None:
    tied = (
        xml_note("C4", 2)
        + xml_note("E4", 2, "<chord/>")
        + xml_note("G4", 2, tie="start")
        + xml_note("C3", 2, "<chord/>")
    )
    lower = "".join(xml_note(each) for each in ("C3", "C3", "C3", "C3"))
    music = read([xml_attributes() + tied, xml_note("G4", 2, tie="stop")], [lower, lower])
    heard = [(note.pitch, note.onset_ticks, note.duration_ticks) for note in music.phrase.notes]
    assert heard == [(64, 0, 960), (67, 960, 1920)]


def test_empty_bars_around_the_melody_are_left_out() -> None:
    rest = xml_note("", 4)
    music = read([xml_attributes() + rest, chord("C", "major") + BAR, rest])
    assert music.phrase.length_ticks == 1920
    assert music.phrase.notes[0].onset_ticks == 0
    assert music.progression_text == "C"


def test_a_score_without_notes_is_refused() -> None:
    with pytest.raises(InputError, match="no notes in this score"):
        read([xml_attributes() + xml_note("", 4)])


def test_a_midi_file_brings_melody_tempo_and_key(tmp_path: Path) -> None:
    path = tmp_path / "song.MID"
    clip = Clip(tuple(Note(1920 + i * 480, 240, 60 + i, 90) for i in range(4)), 3840)
    path.write_bytes(solo_bytes(clip, Timebase.steady(97), Key.parse("Fm"), "melody"))
    music = read_music(path)
    assert [note.onset_ticks for note in music.phrase.notes] == [0, 480, 960, 1440]
    assert music.key == Key.parse("Fm")
    assert round(music.timebase.tempos[0].bpm) == 97
    assert music.phrase.name == "song"


@pytest.mark.parametrize("suffix", MUSIC_SUFFIXES)
@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff" * 2_000, b"PK\x03\x04" + bytes(99)])
def test_nonsense_is_refused_in_one_sentence(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"song{suffix}"
    path.write_bytes(content)
    assert is_music(path)
    with pytest.raises(MusicAssistError) as problem:
        read_music(path)
    assert problem.value.what.count(". ") == 0
    with pytest.raises(MissingFileError):
        read_music(tmp_path / f"gone{suffix}")


def test_reading_stops_when_nobody_waits(tmp_path: Path) -> None:
    path = tmp_path / "long.musicxml"
    path.write_text(xml_score([xml_attributes() + BAR] + [BAR] * 2_000))
    with pytest.raises(UserCancelled):
        read_music(path, lambda: True)
    n_asked = 0

    def should_stop() -> bool:
        nonlocal n_asked
        n_asked += 1
        return n_asked > 20

    with pytest.raises(UserCancelled):
        read_music(path, should_stop)


def bombs() -> dict[str, str]:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><score>&l9;</score>',
        "deep": "<a>" * 100_000,
        "wide": "<score-partwise>" + "<a/>" * 2_100_000,
    }


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_within_limits(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text(bombs()[name])
    deadline_s = time.monotonic() + 60
    with pytest.raises(MusicAssistError):
        read_music(path)
    assert time.monotonic() < deadline_s


@pytest.mark.shared
def test_scores_of_many_people_are_read(shared: Path) -> None:
    paths = sorted((shared / "data" / "openewld").rglob("*.mxl"))[::60]
    read_all: list[MusicFile] = [read_music(path) for path in paths]
    assert len(read_all) > 5
    assert all(music.phrase.notes for music in read_all)
    assert sum(music.progression is not None for music in read_all) > len(read_all) * 0.9
