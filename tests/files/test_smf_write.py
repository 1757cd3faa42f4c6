"""Files we write, read back by ourselves and by a second implementation (mido)."""

import io
import os
from itertools import pairwise
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.files.smf_read import parse_midi
from musicassist.files.smf_write import ascii_name, solo_bytes, tracks_bytes
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.keys import Key
from musicassist.music.note import (
    CHANNEL_PRESSURE,
    MOD_WHEEL,
    PITCH_BEND,
    SUSTAIN,
    ControlPoint,
    Note,
)
from musicassist.music.timebase import MeterChange, TempoChange, Timebase

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
F_MINOR = Key.parse("Fm")
TWO_BARS = 2 * 4 * 480


def mido_file(data: bytes) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(data))


def as_text(data: bytes) -> str:
    """Return a MIDI file as mido sees it, one event a line, for golden files and their diffs."""
    file = mido_file(data)
    lines = [f"type {file.type}, {file.ticks_per_beat} ticks a beat, {len(file.tracks)} tracks"]
    for number, track in enumerate(file.tracks, 1):
        lines.append(f"track {number}")
        tick = 0
        for message in track:
            tick += message.time
            values = {k: v for k, v in message.dict().items() if k not in ("type", "time")}
            shown = " ".join(f"{name}={value}" for name, value in values.items())
            lines.append(f"{tick:7} {message.type} {shown}".rstrip())
    return "\n".join(lines) + "\n"


def golden_solo() -> bytes:
    timebase = Timebase(
        (TempoChange(0, 500_000), TempoChange(1920, 480_000)),
        (MeterChange(0, 4, 4), MeterChange(1920, 7, 8)),
    )
    notes = (
        Note(0, 480, 65, 100),
        Note(480, 240, 68, 80),
        Note(480, 240, 72, 81),
        Note(720, 240, 68, 90),
        Note(2000, 9000, 70, 127, channel=2),
    )
    controls = (
        ControlPoint(0, SUSTAIN, 127),
        ControlPoint(470, PITCH_BEND, 8192 + 1000),
        ControlPoint(480, PITCH_BEND, 8192),
        ControlPoint(480, MOD_WHEEL, 64),
        ControlPoint(600, CHANNEL_PRESSURE, 33),
    )
    return solo_bytes(Clip(notes, 1920 + 1680, controls), timebase, F_MINOR, "Solo ♭3 café")


def golden_tracks() -> bytes:
    solo = Clip((Note(0, 480, 65), Note(960, 960, 68)), TWO_BARS, name="Solo")
    drums = Clip(tuple(Note(beat * 480, 60, 36, 100, 9) for beat in range(4)), 1920, name="Drums")
    return tracks_bytes([solo, drums], Timebase.steady(97.5, 3, 4), Key.parse("Bb major"), "Idea")


@pytest.mark.parametrize(("name", "make"), [("solo", golden_solo), ("tracks", golden_tracks)])
def test_a_written_file_is_the_golden_one(name, make):
    data = make()
    golden, golden_text = GOLDEN / f"{name}.mid", GOLDEN / f"{name}.txt"
    if os.environ.get("MUSICASSIST_WRITE_GOLDEN") == "1":
        golden.write_bytes(data)
        golden_text.write_text(as_text(data), encoding="utf-8")
    assert as_text(data) == golden_text.read_text(encoding="utf-8"), "see tests/golden"
    assert data == golden.read_bytes()


@st.composite
def timebases(draw):
    beat_us = st.integers(1, 0xFFFFFF)
    tempo_onsets = draw(st.lists(st.integers(1, 20_000), unique=True, max_size=4).map(sorted))
    tempos = [TempoChange(onset, draw(beat_us)) for onset in (0, *tempo_onsets)]
    meters, onset = [], 0
    for n_bars in draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)):
        meter = MeterChange(onset, draw(st.integers(1, 12)), draw(st.sampled_from((2, 4, 8, 16))))
        meters.append(meter)
        onset += n_bars * meter.bar_ticks
    return Timebase(tuple(tempos), tuple(meters))


@st.composite
def clips(draw, length_ticks):
    def point(onset, controller, channel):
        highest = 16383 if controller == PITCH_BEND else 127
        return ControlPoint(onset, controller, draw(st.integers(0, highest)), channel)

    onsets = st.integers(0, length_ticks - 1)
    notes = st.builds(
        Note,
        onsets,
        st.integers(1, 4000),
        st.integers(0, 127),
        st.integers(1, 127),
        st.integers(0, 15),
    )
    places = st.tuples(onsets, st.integers(0, 129), st.integers(0, 15))
    controls = [point(*place) for place in draw(st.lists(places, max_size=8))]
    return Clip(tuple(draw(st.lists(notes, max_size=30))), length_ticks, tuple(controls))


@st.composite
def pieces(draw):
    timebase = draw(timebases())
    clip = draw(clips(timebase.bar_start_ticks(draw(st.integers(1, 8)))))
    return clip, timebase


KEYS = st.one_of(st.none(), st.builds(Key.from_signature, st.integers(-7, 7), st.booleans()))


def as_exported(clip: Clip) -> tuple[Note, ...]:
    return without_overlaps(clip.between(0, clip.length_ticks).notes)


def map_until(timebase: Timebase, end_ticks: int) -> Timebase:
    return Timebase(
        tuple(each for each in timebase.tempos if each.onset_ticks < end_ticks),
        tuple(each for each in timebase.meters if each.onset_ticks < end_ticks),
    )


@given(pieces(), KEYS)
def test_what_is_written_is_read_back(piece, key):
    clip, timebase = piece
    document = parse_midi(solo_bytes(clip, timebase, key, "Solo 1"))
    assert document.problems == ()
    assert document.timebase == map_until(timebase, clip.length_ticks)
    assert document.key == key
    (track,) = document.tracks
    assert track.name == "Solo 1"
    assert track.clip.notes == as_exported(clip)
    assert track.clip.controls == clip.controls
    assert track.clip.length_ticks == clip.length_ticks


@given(pieces(), KEYS)
def test_mido_agrees_on_every_note_tempo_signature_and_length(piece, key):
    clip, timebase = piece
    file = mido_file(solo_bytes(clip, timebase, key, "Solo"))
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (0, 480, 1)
    seen = {"tempos": [], "meters": [], "keys": [], "names": []}
    notes, held, tick = [], {}, 0
    for message in file.tracks[0]:
        tick += message.time
        if message.type == "note_on":
            assert held.setdefault((message.channel, message.note), (tick, message)) == (
                tick,
                message,
            )
        elif message.type == "note_off":
            onset, struck = held.pop((message.channel, message.note))
            notes.append(Note(onset, tick - onset, struck.note, struck.velocity, struck.channel))
        elif message.type == "set_tempo":
            seen["tempos"].append(TempoChange(tick, message.tempo))
        elif message.type == "time_signature":
            seen["meters"].append(MeterChange(tick, message.numerator, message.denominator))
        elif message.type == "key_signature":
            seen["keys"].append((tick, message.key))
        elif message.type == "track_name":
            seen["names"].append((tick, message.name))
    expected = map_until(timebase, clip.length_ticks)
    assert not held
    assert Clip(tuple(notes), clip.length_ticks).notes == as_exported(clip)
    assert tuple(seen["tempos"]) == expected.tempos
    assert tuple(seen["meters"]) == expected.meters
    assert seen["names"] == [(0, "Solo")]
    assert len(seen["keys"]) == (key is not None)
    assert all(onset == 0 for onset, _ in seen["keys"])
    assert tick == clip.length_ticks
    seconds = timebase.seconds_at(clip.length_ticks)
    assert file.length == pytest.approx(seconds, rel=1e-9)


@pytest.mark.parametrize(
    ("key", "written"), [("Fm", "Fm"), ("Bb major", "Bb"), ("D dorian", "Am"), ("F# minor", "F#m")]
)
def test_mido_reads_the_key(key, written):
    file = mido_file(solo_bytes(Clip((), 1920), Timebase(), Key.parse(key), ""))
    assert [m.key for m in file.tracks[0] if m.type == "key_signature"] == [written]


def test_tempo_signatures_and_name_come_before_everything_else():
    clip = Clip((Note(0, 480, 60),), 1920, (ControlPoint(0, SUSTAIN, 127),))
    kinds = [m.type for m in mido_file(solo_bytes(clip, Timebase(), F_MINOR, "x")).tracks[0]]
    assert kinds[:4] == ["set_tempo", "time_signature", "key_signature", "track_name"]


@given(st.integers(1, 5000))
def test_the_file_ends_on_the_bar_line_after_the_clip(length_ticks):
    clip = Clip((Note(0, 9999, 60),), length_ticks)
    track = mido_file(solo_bytes(clip, Timebase.steady(120, 3, 4), None, "")).tracks[0]
    end_ticks = sum(message.time for message in track)
    assert end_ticks == -(-length_ticks // 1440) * 1440
    (note,) = parse_midi(solo_bytes(clip, Timebase(), None, "")).tracks[0].clip.notes
    assert note.end_ticks == length_ticks


def test_an_empty_clip_becomes_one_bar():
    assert (
        sum(m.time for m in mido_file(solo_bytes(Clip(), Timebase(), None, "")).tracks[0]) == 1920
    )


def test_a_note_struck_again_ends_first():
    clip = Clip((Note(0, 480, 60), Note(480, 480, 60)), 1920)
    track = mido_file(solo_bytes(clip, Timebase(), None, "")).tracks[0]
    kinds = [message.type for message in track if message.type.startswith("note")]
    assert kinds == ["note_on", "note_off", "note_on", "note_off"]


def test_a_pedal_still_down_is_lifted_at_the_end():
    clip = Clip((Note(0, 480, 60),), 1920, (ControlPoint(100, SUSTAIN, 127, 3),))
    track = mido_file(solo_bytes(clip, Timebase(), None, "")).tracks[0]
    *_, last, end = track
    assert (last.type, last.control, last.value, last.channel) == ("control_change", 64, 0, 3)
    assert end.time == 0


def test_several_clips_become_named_tracks_of_one_length():
    document = parse_midi(golden_tracks())
    assert [track.name for track in document.tracks] == ["Idea", "Solo", "Drums"]
    assert [track.clip.length_ticks for track in document.tracks] == [4320, 4320, 4320]
    assert [len(track.clip.notes) for track in document.tracks] == [0, 2, 4]
    assert document.problems == ()


def test_a_gap_too_long_for_the_format_is_refused():
    with pytest.raises(ValueError, match="more than a MIDI file can hold"):
        solo_bytes(Clip((), 2**29), Timebase(), None, "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Solo ♭3 café", "Solo b3 cafe"),
        ("F♯ – Straße", "F# - Strasse"),
        ("два\n日本\x00x", "??? ?? x"),
        ("  a \t b  ", "a b"),
        ("", ""),
    ],
)
def test_names_are_written_in_ascii(text, written):
    assert ascii_name(text) == written


@given(st.text())
def test_any_name_can_be_written(text):
    name = ascii_name(text)
    assert name.isascii()
    assert name == "" or name.isprintable()
    assert parse_midi(solo_bytes(Clip((), 1920), Timebase(), None, text)).tracks[0].name == name


@given(pieces())
def test_notes_of_one_pitch_never_overlap_in_a_file(piece):
    clip, timebase = piece
    (track,) = parse_midi(solo_bytes(clip, timebase, None, "")).tracks
    by_place = sorted(track.clip.notes, key=lambda note: (note.channel, note.pitch, note))
    for earlier, later in pairwise(by_place):
        if (earlier.channel, earlier.pitch) == (later.channel, later.pitch):
            assert earlier.end_ticks <= later.onset_ticks
