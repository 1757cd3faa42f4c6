"""Foreign bytes: what is right is read exactly, what is wrong is survived and told."""

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicassist.errors import InputError, MissingFileError, MusicAssistError, NotMidiError
from musicassist.files import limits
from musicassist.files.smf_read import Marker, MidiDocument, parse_midi, read_midi
from musicassist.files.smf_track import plain_text
from musicassist.files.smf_write import solo_bytes, tracks_bytes
from musicassist.music.clip import Clip
from musicassist.music.keys import Key
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND, ControlPoint, Note
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

# The goal is 1 s on an idle machine; what is quadratic takes minutes on any.
LONGEST_S = 6
END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x60\x80\x3c\x00"  # at 96 ticks a beat: one beat of middle C


def head(n_tracks=1, division=96, file_format=1):
    values = (file_format, n_tracks, division)
    return b"MThd\0\0\0\6" + b"".join(value.to_bytes(2, "big") for value in values)


def chunk(body, kind=b"MTrk"):
    return kind + len(body).to_bytes(4, "big") + body


def midi_file(*bodies, division=96, file_format=1):
    return head(len(bodies), division, file_format) + b"".join(chunk(body) for body in bodies)


def only_clip(data):
    (track,) = parse_midi(data).tracks
    return track.clip


def a_good_file():
    controls = (ControlPoint(0, 64, 127), ControlPoint(960, 64, 0), ControlPoint(5, PITCH_BEND, 9))
    notes = tuple(Note(step * 240, 200, 60 + step) for step in range(8))
    clip = Clip(notes, 1920, controls, "Lead")
    return tracks_bytes([clip, clip], Timebase.steady(97, 3, 4), Key.parse("Fm"), "Song")


def is_sound(document: MidiDocument) -> None:
    """Whatever was read can be shown, chosen from and written again."""
    assert document.tracks
    assert len(document.problems) <= limits.MAX_PROBLEMS
    assert all(problem.endswith(".") for problem in document.problems)
    try:
        melody = document.melody()
    except MusicAssistError:
        return
    if max(note.end_ticks for note in melody.notes) < 2**27:
        again = parse_midi(solo_bytes(melody, document.timebase, document.key, melody.name))
        assert len(again.melody().notes) == len(melody.notes)


def test_a_note_is_read_in_our_ticks():
    document = parse_midi(midi_file(NOTE + END))
    assert document.problems == ()
    assert only_clip(midi_file(NOTE + END)) == Clip((Note(0, 480, 60, 64),), 1920)
    assert document.timebase == Timebase()


def test_velocity_zero_ends_a_note_and_running_status_goes_on():
    clip = only_clip(midi_file(b"\x00\x90\x3c\x40\x30\x3e\x41\x30\x3c\x00\x30\x3e\x00" + END))
    assert clip.notes == (Note(0, 480, 60, 64), Note(240, 480, 62, 65))


@pytest.mark.parametrize("event", [b"\x00\xff\x01\x02hi", b"\x00\xf0\x02\x01\xf7", b"\x00\xf8"])
def test_running_status_survives_other_events(event):
    clip = only_clip(midi_file(b"\x00\x90\x3c\x40" + event + b"\x60\x3c\x00" + END))
    assert clip.notes == (Note(0, 480, 60, 64),)


def test_time_is_rounded_to_the_nearest_of_our_ticks():
    clip = only_clip(midi_file(b"\x01\x90\x3c\x40\x01\x80\x3c\x00" + END, division=1000))
    assert clip.notes == (Note(0, 1, 60, 64),)
    clip = only_clip(midi_file(b"\x02\x90\x3c\x40\x02\x80\x3c\x00" + END, division=720))
    assert clip.notes == (Note(1, 2, 60, 64),)


def test_tempo_metre_and_key_are_read_from_any_track():
    first = b"\x00\xff\x58\x04\x06\x03\x18\x08\x81\x10\xff\x51\x03\x0f\x42\x40" + END
    second = b"\x00\xff\x59\x02\xfc\x01" + NOTE + END
    document = parse_midi(midi_file(first, second))
    assert document.timebase.meters == (MeterChange(0, 6, 8),)
    assert document.timebase.tempos == (TempoChange(0, 500_000), TempoChange(720, 1_000_000))
    assert document.key == Key.parse("Fm")


def test_of_two_tempos_at_one_tick_the_last_holds():
    body = b"\x00\xff\x51\x03\x0f\x42\x40" + b"\x00\xff\x51\x03\x07\xa1\x20" + NOTE + END
    assert parse_midi(midi_file(body)).timebase == Timebase.steady(120)


def test_a_metre_that_changes_within_a_bar_starts_a_new_bar():
    body = b"\x60\xff\x58\x04\x03\x02\x18\x08" + NOTE + END
    document = parse_midi(midi_file(body))
    assert document.timebase.meters == (MeterChange(0, 4, 4), MeterChange(480, 3, 4))
    assert document.timebase.bar_start_ticks(1) == 480
    assert document.melody().length_ticks == 480 + 1440


def test_controllers_wheels_and_pressure_are_read():
    body = b"\x00\xb1\x40\x7f\x00\xe1\x00\x40\x60\xd1\x11\x00\xa1\x3c\x05\x00\xc1\x05" + END
    assert only_clip(midi_file(body)).controls == (
        ControlPoint(0, 64, 127, 1),
        ControlPoint(0, PITCH_BEND, 8192, 1),
        ControlPoint(480, CHANNEL_PRESSURE, 17, 1),
    )


def test_markers_and_names_are_read():
    body = b"\x00\xff\x04\x05Piano\x00\xff\x03\x04Solo\x60\xff\x06\x05Verse" + END
    document = parse_midi(midi_file(body))
    assert document.markers == (Marker(480, "Verse"),)
    assert document.tracks[0].name == "Solo"


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("Söló ♭".encode(), "Söló ♭"),
        (b"S\xf6l\xf3", "Söló"),
        (b"a\x00b\x1b[31m\r\nc", "ab[31m c"),
        ("\ufeffab\u202ecd\u200b".encode(), "abcd"),
        (b"x" * 500, "x" * limits.MAX_NAME_CHARACTERS),
        (b"", ""),
    ],
)
def test_text_is_one_printable_line(payload, text):
    assert plain_text(payload) == text


def test_a_note_struck_again_and_ended_in_either_order():
    off_first = b"\x00\x90\x3c\x40\x60\x80\x3c\x00\x00\x90\x3c\x41\x60\x80\x3c\x00" + END
    on_first = b"\x00\x90\x3c\x40\x60\x90\x3c\x41\x00\x80\x3c\x00\x60\x80\x3c\x00" + END
    expected = (Note(0, 480, 60, 64), Note(480, 480, 60, 65))
    assert only_clip(midi_file(off_first)).notes == expected
    assert only_clip(midi_file(on_first)).notes == expected


def test_a_missing_note_off_spoils_no_other_note():
    lost = b"\x00\x90\x3c\x40\x60\x90\x3c\x41\x30\x80\x3c\x00" + b"\x60\x90\x3c\x42\x30\x80\x3c\x00"
    document = parse_midi(midi_file(lost + END))
    assert document.tracks[0].clip.notes == (
        Note(0, 480, 60, 64),
        Note(480, 240, 60, 65),
        Note(1200, 240, 60, 66),
    )
    assert document.problems == ("Track 1 holds notes that never end; they were ended for it.",)


def test_a_track_goes_on_after_an_end_mark_at_its_front():
    assert only_clip(midi_file(END + NOTE + END)).notes == (Note(0, 480, 60, 64),)


def test_each_format_is_read():
    for file_format in (0, 1):
        document = parse_midi(midi_file(NOTE + END, NOTE + END, file_format=file_format))
        assert document.n_notes == 2
        assert document.problems == ()
    slow = b"\x00\xff\x51\x03\x0f\x42\x40" + NOTE + END
    document = parse_midi(midi_file(NOTE + END, slow, slow, file_format=2))
    assert document.timebase == Timebase.steady(60)
    assert document.problems[0].startswith("The file holds pieces of their own")
    document = parse_midi(midi_file(NOTE + END, file_format=7))
    assert document.problems == ("The file is of an unknown format (7); it was read as 1.",)


def test_film_frames_keep_their_seconds():
    one_second = b"\x00\x90\x3c\x40\x87\x68\x80\x3c\x00" + END  # 25 frames of 40 ticks
    document = parse_midi(midi_file(one_second, division=0xE728))
    (note,) = document.melody().notes
    assert document.timebase.seconds_at(note.duration_ticks) == pytest.approx(1)
    slow = b"\x00\xff\x51\x03\x0f\x42\x40" + one_second
    document = parse_midi(midi_file(slow, division=0xE728))
    assert document.timebase == Timebase.steady(60)
    assert document.melody().notes[0].duration_ticks == 480


@pytest.mark.parametrize("division", [0, 0xE700, 0x8001, 0xFF10])
def test_a_division_without_sense_is_guessed_and_told(division):
    document = parse_midi(midi_file(NOTE + END, division=division))
    assert document.n_notes == 1
    assert document.problems == (
        "The file does not say how long a beat is; 480 ticks were assumed.",
    )


def test_a_riff_wrapper_is_opened():
    inside = midi_file(NOTE + END)
    data = b"DISP\3\0\0\0abc\0data" + len(inside).to_bytes(4, "little") + inside
    wrapped = b"RIFF" + (len(data) + 4).to_bytes(4, "little") + b"RMID" + data
    assert parse_midi(wrapped) == parse_midi(inside)


def test_a_wrapper_in_a_wrapper_is_refused():
    data = midi_file(NOTE + END)
    for _ in range(3):
        data = b"RIFF\xff\xff\xff\xffRMIDdata" + len(data).to_bytes(4, "little") + data
    with pytest.raises(NotMidiError):
        parse_midi(data)
    with pytest.raises(NotMidiError):
        parse_midi(b"RIFF\xff\xff\xff\xffRMID" * 10_000)


def test_an_old_macintosh_wrapper_is_opened():
    inside = midi_file(NOTE + END)
    assert parse_midi(b"\0" * 128 + inside) == parse_midi(inside)


def test_foreign_chunks_are_skipped():
    data = head(1) + chunk(b"hello", b"XFIH") + chunk(NOTE + END) + chunk(b"", b"junk") + b"\0\0\0"
    document = parse_midi(data)
    assert document.n_notes == 1
    assert document.problems == ("The file holds parts that are not MIDI; they were skipped.",)


def test_a_file_without_a_header_is_opened():
    document = parse_midi(chunk(NOTE + END))
    assert document.n_notes == 1
    assert document.problems[0] == "The file has no header."


@pytest.mark.parametrize("size", [0, 3, 200, 2**32 - 1])
def test_a_wrong_track_size_loses_no_track(size):
    first = b"MTrk" + size.to_bytes(4, "big") + NOTE + END
    document = parse_midi(head(2) + first + chunk(NOTE + END))
    assert document.n_notes == 2
    assert document.problems == ("The file is cut short, or the size of a track in it is wrong.",)


def test_a_damaged_track_keeps_what_came_before_and_the_other_tracks():
    for damage, told in [
        (b"\xff\xff\xff\xff\x90", "holds a number that is too long"),
        (b"\x00\xff\x01\x7fabc", "breaks off"),
        (b"\x00\xf0\x7fabc", "breaks off in a system exclusive message"),
        (b"\x00\x90\x3c", "breaks off"),
    ]:
        document = parse_midi(midi_file(NOTE + damage, NOTE + END))
        assert [len(track.clip.notes) for track in document.tracks] == [1, 1]
        assert document.problems == (f"Track 1 {told}; what came before was kept.",)
    document = parse_midi(midi_file(b"\x00\x3c\x40" + END, NOTE + END))
    assert document.n_notes == 1
    assert "does not start with a message" in document.problems[0]


@pytest.mark.parametrize(
    "event",
    [
        b"\x00\xff\x51\x03\x00\x00\x00",
        b"\x00\xff\x51\x01\x07",
        b"\x00\xff\x58\x04\x00\x02\x18\x08",
        b"\x00\xff\x58\x04\x04\x40\x18\x08",
        b"\x00\xff\x58\x01\x04",
        b"\x00\xff\x59\x02\x08\x00",
        b"\x00\xff\x59\x02\x00\x02",
        b"\x00\xff\x59\x00",
        b"\x00\xb0\x80\x00",
        b"\x00\xe0\x00\xff",
        b"\x00\xf1\x00\x00\xf2\x00\x00\x00\xf3\x00\x00\xf4\x00\xf5\x00\xf6",
        b"\x00\xf8\x00\xf9\x00\xfa\x00\xfb\x00\xfc\x00\xfd\x00\xfe",
    ],
)
def test_what_is_not_allowed_is_skipped_and_told(event):
    document = parse_midi(midi_file(event + NOTE + END))
    assert document.melody() == only_clip(midi_file(NOTE + END))
    assert document.timebase == Timebase()
    assert document.key is None
    assert document.problems == ("Track 1 holds messages that are not allowed; they were skipped.",)


def test_a_missing_end_mark_is_told():
    document = parse_midi(midi_file(NOTE))
    assert document.n_notes == 1
    assert document.problems == ("Track 1 has no end mark.",)


@pytest.mark.parametrize(
    "data",
    [b"", b"MThd", b"not a midi file" * 9, b"\xff" * 200_000, head(0), head(65_535), b"MTrk"],
    ids=["empty", "name only", "text", "0xff", "no tracks", "65,535 tracks", "half a head"],
)
def test_what_holds_no_track_is_no_midi_file(data):
    with pytest.raises(NotMidiError) as caught:
        parse_midi(data, name="x.mid")
    assert caught.value.what.startswith("x.mid is ")


def test_a_missing_file_a_folder_and_a_big_file_are_one_sentence(tmp_path):
    with pytest.raises(MissingFileError, match=r"There is no file .*nothing\.mid\."):
        read_midi(tmp_path / "nothing.mid")
    with pytest.raises(InputError, match="is not a file"):
        read_midi(tmp_path)
    with pytest.raises(InputError):
        read_midi(tmp_path / "a\0b.mid")
    big = tmp_path / "big.mid"
    with big.open("wb") as file:
        file.truncate(limits.MAX_MIDI_FILE_BYTES + 1)
    with pytest.raises(InputError, match="up to 16 MB"):
        read_midi(big)


def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path, monkeypatch):
    path = tmp_path / "x.mid"
    path.write_bytes(midi_file(NOTE + END))

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(InputError, match=r"'x\.mid' cannot be read: Permission denied"):
        read_midi(path)


def test_a_file_on_disk_is_read(tmp_path):
    (tmp_path / "x.mid").write_bytes(a_good_file())
    assert read_midi(tmp_path / "x.mid") == parse_midi(a_good_file())


def test_more_tracks_than_allowed_are_left_out():
    data = head(65_535) + chunk(END) * (limits.MAX_TRACKS + 5)
    document = parse_midi(data)
    assert len(document.tracks) == limits.MAX_TRACKS
    assert document.problems[0] == "Only the first 1,000 tracks were read."


@pytest.mark.parametrize(
    ("limit", "event"),
    [
        ("n_notes", b"\x01\x90\x3c\x40\x01\x80\x3c\x00"),
        ("n_controls", b"\x01\xb0\x01\x01"),
        ("n_tempos", b"\x01\xff\x51\x03\x01\x01\x01"),
        ("n_meters", b"\x01\xff\x58\x04\x01\x06\x18\x08"),
        ("n_markers", b"\x01\xff\x06\x01a"),
    ],
)
def test_past_a_limit_the_rest_is_left_out_and_told(limit, event, monkeypatch):
    monkeypatch.setattr(
        "musicassist.files.smf_read.Allowance",
        lambda: _allowance(**{limit: 10}),
    )
    document = parse_midi(midi_file(event * 11 + NOTE * (limit != "n_notes") + END))
    kept = {
        "n_notes": document.n_notes,
        "n_controls": len(document.tracks[0].clip.controls),
        "n_tempos": len(document.timebase.tempos) - 1,
        "n_meters": len(document.timebase.meters) - 1,
        "n_markers": len(document.markers),
    }
    assert kept[limit] == 10
    assert document.problems == ("Track 1 holds more than can be opened; the rest was left out.",)


def _allowance(**figures):
    from musicassist.files.smf_track import Allowance

    return Allowance(**figures)


def test_past_the_event_limit_reading_stops(monkeypatch):
    monkeypatch.setattr("musicassist.files.smf_read.Allowance", lambda: _allowance(n_events=10))
    document = parse_midi(midi_file(NOTE * 100 + END, NOTE + END))
    assert document.n_notes == 5
    assert "goes on after two million events" in document.problems[0]


def test_what_comes_after_the_longest_time_is_left_out():
    document = parse_midi(midi_file(NOTE + b"\xff\xff\xff\x7f\x90\x3c\x40" + END, division=1))
    assert document.n_notes == 1
    assert "goes on for longer than can be opened" in document.problems[0]
    assert document.tracks[0].clip.length_ticks <= limits.MAX_LENGTH_BEATS * 480


def test_text_and_system_exclusive_over_64_kb_are_skipped():
    long = b"\x84\x80\x01"  # 65,537
    for start in (b"\x00\xff\x03", b"\x00\xff\x06", b"\x00\xf0"):
        document = parse_midi(midi_file(start + long + b"x" * 65_537 + NOTE + END))
        assert document.n_notes == 1
        assert document.markers == ()
        assert document.tracks[0].name == ""
        assert document.problems == ("Track 1 holds messages over 64 kB; they were skipped.",)


def test_many_problems_are_summed_up():
    document = parse_midi(midi_file(*[NOTE] * 200))
    assert len(document.problems) == limits.MAX_PROBLEMS
    assert document.problems[-1] == "There are 151 more problems like these."


def test_a_file_cut_at_any_byte_gives_what_came_before():
    data = a_good_file()
    n_notes = []
    for n_bytes in range(len(data)):
        try:
            document = parse_midi(data[:n_bytes])
        except NotMidiError:
            assert n_bytes < 40
            continue
        is_sound(document)
        n_notes.append(document.n_notes)
    assert n_notes == sorted(n_notes)
    assert n_notes[-1] == 16


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Return a file with a few bytes set, dropped, doubled or moved."""
    bytes_ = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, n_bytes = chance.randrange(len(bytes_)), chance.randint(1, 12)
        match chance.randrange(4):
            case 0:
                bytes_[at] = chance.choice((0, 1, 0x7F, 0x80, 0x90, 0xF0, 0xFF, 0x4D))
            case 1:
                bytes_[at] = chance.randrange(256)
            case 2:
                del bytes_[at : at + n_bytes]
            case _:
                bytes_[at:at] = bytes_[at : at + n_bytes]
        bytes_ = bytes_ or bytearray(1)
    return bytes(bytes_)


def survives(data: bytes) -> None:
    try:
        document = parse_midi(data)
    except MusicAssistError:
        return
    is_sound(document)


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_mutants_are_read_or_refused(seed):
    chance = random.Random(seed)
    seeds = [a_good_file(), midi_file(NOTE * 3 + END), midi_file(b"\x00\xf0\x02\x01\xf7" + NOTE)]
    slowest_s = 0.0
    for _ in range(1_000):
        data = mutated(chance, chance.choice(seeds))
        start_s = time.process_time()
        survives(data)
        slowest_s = max(slowest_s, time.process_time() - start_s)
    assert slowest_s < LONGEST_S


@settings(max_examples=500)
@given(st.binary(max_size=200), st.integers(0, 0xFFFF), st.integers(0, 3))
def test_any_bytes_in_a_track_are_read_or_refused(body, division, file_format):
    survives(midi_file(body, body[::-1], division=division, file_format=file_format))


@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_are_read_or_refused(data):
    survives(head(3) + data)
    survives(data)


HOSTILE = """
    import time
    from musicassist.errors import MusicAssistError
    from musicassist.files.smf_read import parse_midi

    def track(body):
        return head + b"MTrk" + len(body).to_bytes(4, "big") + body

    size = 2**20
    head = bytes.fromhex("4d546864000000060001ffff01e0")
    cases = {
        "0xff": track(b"\\xff" * size),
        "notes that never end": track(b"\\0\\x90\\x40\\x40" + b"\\1\\x40\\x40" * (size // 3)),
        "notes at one tick": track(b"\\0\\x90\\x40\\x40" + b"\\0\\x40\\x40" * (size // 3)),
        "controllers": track(b"\\0\\xb0\\x40\\x40" + b"\\1\\x40\\x40" * (size // 3)),
        "tempos": track(b"\\1\\xff\\x51\\3\\1\\1\\1" * (size // 7)),
        "metres": track(b"\\1\\xff\\x58\\4\\1\\6\\1\\1" * (size // 8)),
        "markers": track(b"\\1\\xff\\6\\2ab" * (size // 6)),
        "end marks": track(b"\\0\\xff\\x2f\\0" * (size // 4)),
        "empty tracks": head + b"MTrk\\0\\0\\0\\0" * (size // 8),
        "foreign chunks": head + b"JUNK\\0\\0\\0\\0" * (size // 8),
        "lying sizes": head + b"MTrk\\xff\\xff\\xff\\xff" * (size // 8),
        "no chunks": head + b"????MTrk????" * (size // 12),
        "endless sysex": track(b"\\0\\xf0\\xff\\xff\\xff\\x7f" + b"\\0" * size),
        "wrappers": b"RIFF\\xff\\xff\\xff\\xffRMID" * (size // 12),
        "wrapper of junk": b"RIFF\\xff\\xff\\xff\\xffRMID" + b"JUNK\\0\\0\\0\\0" * (size // 8),
    }
    for name, data in cases.items():
        start_s = time.process_time()
        try:
            parse_midi(data)
        except MusicAssistError:
            pass
        print(name, round(time.process_time() - start_s, 2), sep=",")
    # Not ru_maxrss: that is inherited from whoever started this process.
    peak_kb = next(row for row in open("/proc/self/status") if row.startswith("VmHWM")).split()[1]
    print("MB", int(peak_kb) // 1024, sep=",")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_hostile_files_take_little_time_and_memory():
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(HOSTILE)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    ).stdout
    figures = {
        name: float(figure) for name, figure in (row.split(",") for row in told.split("\n") if row)
    }
    assert figures.pop("MB") < 250  # of which the interpreter with numpy is about 40
    assert len(figures) == 15
    # Anything quadratic takes minutes; a second or two is a busy machine.
    assert max(figures.values()) < 10


ODD = Path(__file__).resolve().parents[3] / "shared" / "data" / "odd_midi"


def odd_files(folder):
    return sorted(path for path in (ODD / folder).rglob("*") if path.is_file())


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["jazz-soft/midi", "jazz-soft/midi2", "drywetmidi"])
def test_odd_files_are_read_or_refused_within_a_second(folder):
    n_opened, slowest_s = 0, 0.0
    files = odd_files(folder)
    for path in files:
        start_s = time.process_time()
        try:
            document = read_midi(path)
        except MusicAssistError:
            document = None
        slowest_s = max(slowest_s, time.process_time() - start_s)
        if document is not None:
            n_opened += 1
            is_sound(document)
    assert files
    assert slowest_s <= LONGEST_S
    assert n_opened >= {"jazz-soft/midi": 70, "jazz-soft/midi2": 0, "drywetmidi": 620}[folder]


@pytest.mark.shared
def test_of_the_odd_valid_files_all_with_a_track_are_opened():
    refused = []
    for path in odd_files("drywetmidi/Resources/MIDI files/Valid"):
        try:
            read_midi(path)
        except NotMidiError:
            refused.append(path)
    assert all(len(path.read_bytes()) == 14 for path in refused)  # a header and nothing else
