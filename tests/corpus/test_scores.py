"""Reading MusicXML: the leading part, its chords, metre and key."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musicassist.corpus import musicxml
from musicassist.corpus.musicxml import MAX_RATIO, read_musicxml
from musicassist.corpus.scores import read_score
from musicassist.errors import InputError
from musicassist.generation.encoding import LENGTHS, UNKNOWN
from musicassist.music.manner import STYLES

Writer = Callable[..., None]
Text = Callable[..., str]

SCALE = ("C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list]:
    """Return a function that reads a score's text."""

    def reading(text: str, style: str | None = None) -> list:
        path = tmp_path / "piece.musicxml"
        path.write_text(text)
        return list(read_score(path, style))

    return reading


def test_a_lead_sheet_gives_melody_chords_key_and_the_first_full_bar(
    tmp_path: Path, write_score: Writer
) -> None:
    write_score(tmp_path / "tune.musicxml")
    (piece,) = read_score(tmp_path / "tune.musicxml")
    assert piece.line.onsets[:3].tolist() == [0, 24, 48]
    assert piece.line.pitches[0] == 60
    assert (piece.line.micros == UNKNOWN).all()
    assert piece.setting.bar_origin == 24
    assert piece.setting.changes[:3].tolist() == [24, 120, 216]
    assert piece.setting.roots[:3].tolist() == [5, 10, 5]
    assert piece.setting.chords[0].nonzero()[0].tolist() == [0, 3, 5, 9]
    assert piece.setting.tonic == 5
    assert piece.setting.style == STYLES.index("song")
    assert piece.name == "tune"
    assert piece.tune == tmp_path.name


def test_a_packed_score_is_found_in_its_archive_even_if_the_container_is_broken(
    tmp_path: Path, write_score: Writer, write_mxl: Writer
) -> None:
    write_score(tmp_path / "tune.musicxml")
    text = (tmp_path / "tune.musicxml").read_text()
    container = "<container><rootfiles><rootfile full-path='it's.xml'/></rootfiles></container>"
    write_mxl(tmp_path / "a.mxl", {"META-INF/container.xml": container, "it's.xml": text})
    write_mxl(tmp_path / "b.mxl", {"score.xml": text})
    assert len(next(read_score(tmp_path / "a.mxl")).line.onsets) == 33
    assert len(next(read_score(tmp_path / "b.mxl")).line.onsets) == 33


def test_ties_are_joined_graces_dropped_and_the_top_of_a_chord_leads(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    bar = "".join(
        (
            note_text("D5", 1, "<grace/>").replace("<duration>1</duration>", ""),
            note_text("C4", 2),
            note_text("E4", 2, "<chord/>"),
            note_text("G4", 1),
            note_text("C5", 1, tie="start"),
        )
    )
    tied = note_text("C5", 2, tie="stop") + note_text("D5") + note_text("E5")
    others = ["".join(note_text(each) for each in SCALE[:4])] * 3
    (piece,) = read(score_text([attributes_text(fifths=0) + bar, tied, *others]))
    assert piece.line.pitches[:5].tolist() == [64, 67, 72, 74, 76]
    assert piece.line.onsets[:5].tolist() == [0, 48, 72, 144, 168]
    assert LENGTHS[piece.line.lengths[2]] == 72
    assert piece.setting.style == STYLES.index("classical")


def test_a_second_voice_under_a_held_note_is_left_out(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    bar = (
        note_text("C5", 4)
        + "<backup><duration>4</duration></backup>"
        + "".join(note_text(each) for each in ("C4", "D4", "E4", "F4"))
    )
    plain = ["".join(note_text(each) for each in SCALE[:4])] * 3
    (piece,) = read(score_text([attributes_text(fifths=0) + bar, *plain]))
    assert piece.line.pitches.tolist() == [72, *[60, 62, 64, 65] * 3]


def test_metre_and_signature_changes_begin_a_piece_of_their_own(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    four = "".join(note_text(each) for each in SCALE[:4])
    three = note_text("G4") + note_text("B4") + note_text("D5")
    other = note_text("G4") + note_text("A4") + note_text("F#4")
    first, second = read(
        score_text(
            [
                attributes_text(fifths=0) + four,
                *[four] * 3,
                attributes_text(fifths=1, beats=3) + three,
                *[other, three] * 2,
            ]
        )
    )
    assert (first.setting.beats_a_bar, second.setting.beats_a_bar) == (4.0, 3.0)
    assert (first.setting.tonic, second.setting.tonic) == (0, 7)
    assert second.line.onsets[0] == 0
    assert first.tune == second.tune
    assert first.name != second.name


def test_a_bar_cut_short_at_a_repeat_keeps_later_bar_lines_in_place(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    four = "".join(note_text(each) for each in SCALE[:4])
    three = "".join(note_text(each) for each in SCALE[:3])
    (piece,) = read(score_text([attributes_text(fifths=0) + four, three, four, four]))
    assert piece.line.onsets[:12].tolist() == [*range(0, 168, 24), *range(192, 312, 24)]
    assert piece.setting.bar_origin == 0


def test_rests_before_the_melody_are_dropped_in_whole_bars(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    rest = note_text("", 4)
    late = note_text("", 1) + "".join(note_text(each) for each in SCALE[:3])
    full = "".join(note_text(each) for each in SCALE[4:])
    (piece,) = read(score_text([attributes_text(fifths=0) + rest, rest, late, *[full] * 3]))
    assert piece.line.onsets[:3].tolist() == [24, 48, 72]


def test_the_sung_part_leads_and_the_others_make_the_chords(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    def sung(pitch: str) -> str:
        return note_text(pitch, 1).replace("</note>", "<lyric><text>la</text></lyric></note>")

    def chord(*pitches: str) -> str:
        first, *others = pitches
        return note_text(first, 4) + "".join(note_text(p, 4, "<chord/>") for p in others)

    start = attributes_text(fifths=0)
    high = [start + "".join(note_text(f"{step}6") for step in "CDEF"), *[note_text("", 4)] * 3]
    voice = [start + sung("C4") + sung("E4") + sung("G4") + sung("E4")]
    voice += ["".join(sung(each) for each in ("B4", "D5", "G4", "D5"))]
    voice += ["".join(sung(each) for each in ("F4", "A4", "C5", "A4"))]
    voice += ["".join(sung(each) for each in ("C5", "G4", "E4", "C4"))]
    bass = [start + chord("C3", "E3", "G3"), chord("G2", "B2", "D3", "F3")]
    bass += [chord("F2", "A2", "C3"), chord("C3", "E3", "G3")]
    (piece,) = read(score_text(high, voice, bass))
    assert piece.line.pitches[:4].tolist() == [60, 64, 67, 64]
    roots = piece.setting.roots_at(np.array([0, 96, 192, 288]))
    assert roots.tolist() == [0, 7, 5, 0]


def test_a_transposing_part_is_read_as_it_sounds(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    transpose = "<transpose><chromatic>-2</chromatic></transpose></attributes>"
    start = attributes_text(fifths=2).replace("</attributes>", transpose)
    bars = ["".join(note_text(each) for each in ("D4", "F#4", "B4", "A4"))] * 4
    (piece,) = read(score_text([start + bars[0], *bars[1:]]))
    assert piece.line.pitches[:4].tolist() == [60, 64, 69, 67]
    assert piece.setting.tonic == 0


def test_an_old_signature_yields_to_what_is_played(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    """G minor with one flat, as in Bach's time."""
    bars = ["".join(note_text(f) for f in ("G4", "Bb4", "D5", "Eb5", "D5", "C5", "Bb4", "A4"))] * 4
    (piece,) = read(score_text([attributes_text(fifths=-1, beats=8) + bars[0], *bars[1:]]))
    assert piece.setting.tonic == 7
    assert piece.setting.scale[3] == 1


def test_one_note_recited_is_no_melody(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    bars = [note_text("C4") * 4] * 6
    assert read(score_text([attributes_text() + bars[0], *bars[1:]])) == []


def test_chord_symbols_with_degrees_and_bass_are_read_note_by_note(
    read: Callable[..., list], score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    harmony = (
        "<harmony><root><root-step>C</root-step></root><kind>dominant</kind>"
        "<bass><bass-step>E</bass-step></bass><degree><degree-value>9</degree-value>"
        "<degree-alter>-1</degree-alter><degree-type>add</degree-type></degree></harmony>"
        "<harmony><root><root-step>C</root-step></root><kind>klang</kind>"
        "<offset>2</offset></harmony>"
    )
    bars = ["".join(note_text(each) for each in SCALE[:4])] * 4
    (piece,) = read(score_text([attributes_text() + harmony + bars[0], *bars[1:]]))
    assert piece.setting.chords[0].nonzero()[0].tolist() == [0, 1, 4, 7, 10]
    assert piece.setting.changes.tolist() == [0, 48]
    assert not piece.setting.chords[1].any()  # nobody understands it: no chord


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<score-partwise><oops>",
        "<html/>",
        "<score-partwise><part/></score-partwise>",
        "<a>" * 200,
        '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "/etc/passwd">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "/etc/passwd"> %b;]><a/>',
        '<?xml version="1.0" encoding="zip"?><a/>',
    ],
)
def test_what_is_no_score_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.xml"
    path.write_text(text)
    with pytest.raises(InputError, match="cannot be read"):
        read_musicxml(path)


def test_absurd_numbers_in_a_score_are_refused(
    tmp_path: Path, score_text: Text, note_text: Text, attributes_text: Text
) -> None:
    path = tmp_path / "bad.xml"
    good = "".join(note_text(each) for each in SCALE[:4])
    for bad in (
        note_text("C4", 10**12),
        note_text("C4").replace("<octave>4", "<octave>x"),
        note_text("H4"),
        attributes_text(beats=10**9, beat_type=0) + good,
        "<attributes><time><beats>4</beats></time></attributes>" + good,
        "<harmony><root><root-step>C</root-step></root><kind>major</kind><bass/></harmony>" + good,
    ):
        path.write_text(score_text([attributes_text() + good, bad, good, good]))
        with pytest.raises(InputError, match="cannot be read"):
            read_musicxml(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_score_with_something_broken_is_read_or_refused(
    tmp_path: Path, write_score: Writer, data: st.DataObject
) -> None:
    path = tmp_path / "tune.xml"
    write_score(path)
    text = path.read_text()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text) - 1))
        until = data.draw(st.integers(place, min(len(text), place + 12)))
        text = (
            text[:place] + data.draw(st.sampled_from(("", "-", "0", "9e9", "<a/>"))) + text[until:]
        )
    path.write_text(text)
    try:
        pieces = list(read_score(path))
    except InputError:
        return
    for piece in pieces:
        assert (np.diff(piece.line.onsets) > 0).all()
        assert np.isin(piece.line.pitches, range(128)).all()


def test_a_bomb_in_an_archive_is_not_unpacked(tmp_path: Path, write_mxl: Writer) -> None:
    path = tmp_path / "bomb.mxl"
    write_mxl(path, {"score.xml": b"<a>" + b" " * (MAX_RATIO * 2000) + b"</a>"})
    with pytest.raises(InputError, match="too large"):
        read_musicxml(path)
    (tmp_path / "zip.mxl").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(InputError, match="damaged"):
        read_musicxml(tmp_path / "zip.mxl")
    write_mxl(tmp_path / "empty.mxl", {"picture.png": b""})
    with pytest.raises(InputError, match="no score in it"):
        read_musicxml(tmp_path / "empty.mxl")


def test_an_archive_is_read_whatever_the_case_of_its_ending(
    tmp_path: Path, write_score: Writer, write_mxl: Writer
) -> None:
    write_score(tmp_path / "tune.xml")
    write_mxl(tmp_path / "TUNE.MXL", {"tune.xml": (tmp_path / "tune.xml").read_bytes()})
    assert read_musicxml(tmp_path / "TUNE.MXL") == read_musicxml(tmp_path / "tune.xml")


@pytest.mark.parametrize(
    "container",
    [b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>', b'<?xml version="1.0" encoding="zip"?><a/>'],
)
def test_a_container_of_traps_names_no_score(
    tmp_path: Path, write_score: Writer, write_mxl: Writer, container: bytes
) -> None:
    write_score(tmp_path / "tune.xml")
    score = (tmp_path / "tune.xml").read_bytes()
    write_mxl(tmp_path / "tune.mxl", {"META-INF/container.xml": container, "tune.xml": score})
    assert read_musicxml(tmp_path / "tune.mxl") == read_musicxml(tmp_path / "tune.xml")


@given(place=st.integers(0, 2**20), value=st.integers(0, 255))
def test_an_archive_with_a_wrong_byte_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "wrong.mxl"
    numbers = "".join(f"<b>{number * number}</b>" for number in range(200))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", f"<a>{numbers}</a>")
    data = bytearray(path.read_bytes())
    data[place % len(data)] = value
    path.write_bytes(data)
    with pytest.raises(InputError):  # there is no music in it anyhow
        read_musicxml(path)


def test_an_archive_packed_in_a_way_of_its_own_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tune.mxl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("score.xml", "<a/>")
    with pytest.raises(InputError, match="damaged"):
        read_musicxml(path)


def test_elements_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(musicxml, "_MAX_ELEMENTS", 100)
    with pytest.raises(InputError, match="no MusicXML"):
        musicxml.parse_musicxml(b"<a>" + b"<b/>" * 100 + b"</a>")
