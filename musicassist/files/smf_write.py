"""Standard MIDI Files out: values become bytes that every DAW takes.

One clip is a type-0 file, several are a type-1 file of named tracks. Tempo, time signature, key
signature and name come first, at tick 0; the file ends exactly on a bar line, so that it loops as
it is; no note rings past the end of its clip or into the next note of its pitch; names are ASCII,
because some DAWs read anything else wrongly.

Source: Standard MIDI Files 1.0 (RP-001).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from musicassist.files.limits import MAX_NAME_CHARACTERS
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.keys import Key
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND, SUSTAIN, ControlPoint
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

_RELEASE_VELOCITY: Final = 64  # what the standard says when it was not measured
_CLOCKS_A_WHOLE_NOTE: Final = 96
_END_OF_TRACK: Final = b"\xff\x2f\x00"

# The order of what falls on one tick: maps, ends of notes, controllers, starts of notes.
_MAP, _NOTE_OFF, _CONTROL, _NOTE_ON = range(4)

_ASCII_FOR: Final = str.maketrans(
    {
        **{"♭": "b", "♯": "#", "♮": "", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"'},
        **{"”": '"', "„": '"', "…": "...", "×": "x", "ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o"},
        **{"Ø": "O", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"},
    }
)

_Event = tuple[int, int, bytes]


def solo_bytes(clip: Clip, timebase: Timebase, key: Key | None, name: str) -> bytes:
    """Return a type-0 file of one clip.

    Args:
        clip: What to write; its tick 0 is the start of the file.
        timebase: Tempo and metre from the start of the clip on.
        key: Its key signature; None writes none.
        name: The track name; any text, written as ASCII.
    """
    length_ticks = _full_bars_ticks([clip], timebase)
    events = [*_map_events(timebase, key, length_ticks), (0, _MAP, _name_meta(name))]
    return _header(0, 1) + _track_chunk(events + _clip_events(clip), length_ticks)


def tracks_bytes(clips: Sequence[Clip], timebase: Timebase, key: Key | None, name: str) -> bytes:
    """Return a type-1 file: a track with the maps and the name, then one track a clip.

    Args:
        clips: What to write, each under its own name.
        timebase: Tempo and metre from the start of the clips on.
        key: The key signature; None writes none.
        name: What the whole is called.
    """
    length_ticks = _full_bars_ticks(clips, timebase)
    events = [*_map_events(timebase, key, length_ticks), (0, _MAP, _name_meta(name))]
    chunks = [_track_chunk(events, length_ticks)]
    for clip in clips:
        events = [(0, _MAP, _name_meta(clip.name)), *_clip_events(clip)]
        chunks.append(_track_chunk(events, length_ticks))
    return _header(1, len(chunks)) + b"".join(chunks)


def ascii_name(text: str) -> str:
    """Return a name on one line of ASCII: é as e, ♭ as b, ♯ as #, what has no likeness as ?."""
    spaced = "".join(" " if unicodedata.category(char)[0] in "ZC" else char for char in text)
    decomposed = unicodedata.normalize("NFKD", spaced.translate(_ASCII_FOR))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    line = " ".join(bare.encode("ascii", "replace").decode("ascii").split())
    return line[:MAX_NAME_CHARACTERS].rstrip()


def _full_bars_ticks(clips: Sequence[Clip], timebase: Timebase) -> int:
    """Return the length of the whole bars that hold all clips, at least one bar."""
    longest_ticks = max((clip.length_ticks for clip in clips), default=0)
    return timebase.next_bar_line_ticks(max(1, longest_ticks))


def _map_events(timebase: Timebase, key: Key | None, length_ticks: int) -> list[_Event]:
    events = [
        (tempo.onset_ticks, _MAP, _meta(0x51, tempo.beat_us.to_bytes(3, "big")))
        for tempo in timebase.tempos
        if tempo.onset_ticks < length_ticks
    ]
    for meter in timebase.meters:
        if meter.onset_ticks < length_ticks:
            clocks_a_count = max(1, _CLOCKS_A_WHOLE_NOTE // meter.denominator)
            power = meter.denominator.bit_length() - 1
            payload = bytes((meter.numerator, power, clocks_a_count, 8))
            events.append((meter.onset_ticks, _MAP, _meta(0x58, payload)))
    if key is not None:
        events.append((0, _MAP, _meta(0x59, bytes((key.n_sharps & 0xFF, key.is_minor)))))
    return events


def _clip_events(clip: Clip) -> list[_Event]:
    """Return the notes and controllers of a clip, nothing of them after its end."""
    events: list[_Event] = []
    cut = (
        replace(note, duration_ticks=min(note.end_ticks, clip.length_ticks) - note.onset_ticks)
        for note in clip.notes
    )
    for note in without_overlaps(cut):
        strike = bytes((0x90 | note.channel, note.pitch, note.velocity))
        release = bytes((0x80 | note.channel, note.pitch, _RELEASE_VELOCITY))
        events.append((note.onset_ticks, _NOTE_ON, strike))
        events.append((note.end_ticks, _NOTE_OFF, release))
    points = [point for point in clip.controls if point.onset_ticks < clip.length_ticks]
    pedal_at_end = {p.channel: p.value for p in points if p.controller == SUSTAIN}
    points += [
        ControlPoint(clip.length_ticks, SUSTAIN, 0, channel)  # or it holds the notes for good
        for channel, value in pedal_at_end.items()
        if value > 0
    ]
    events += [(point.onset_ticks, _CONTROL, _control_message(point)) for point in points]
    return events


def _control_message(point: ControlPoint) -> bytes:
    if point.controller == PITCH_BEND:
        return bytes((0xE0 | point.channel, point.value & 0x7F, point.value >> 7))
    if point.controller == CHANNEL_PRESSURE:
        return bytes((0xD0 | point.channel, point.value))
    return bytes((0xB0 | point.channel, point.controller, point.value))


def _header(file_format: int, n_tracks: int) -> bytes:
    body = b"".join(value.to_bytes(2, "big") for value in (file_format, n_tracks, TICKS_PER_BEAT))
    return _chunk(b"MThd", body)


def _track_chunk(events: list[_Event], length_ticks: int) -> bytes:
    body = bytearray()
    now_ticks = 0
    for onset_ticks, _, message in sorted(events, key=lambda event: event[:2]):
        body += _variable_length(onset_ticks - now_ticks) + message
        now_ticks = onset_ticks
    body += _variable_length(length_ticks - now_ticks) + _END_OF_TRACK
    return _chunk(b"MTrk", bytes(body))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def _name_meta(name: str) -> bytes:
    return _meta(0x03, ascii_name(name).encode("ascii"))


def _meta(kind: int, payload: bytes) -> bytes:
    return bytes((0xFF, kind)) + _variable_length(len(payload)) + payload


def _variable_length(value: int) -> bytes:
    """Return a number in groups of seven bits, all but the last with the top bit set."""
    if value > 0x0FFFFFFF:
        raise ValueError(f"{value} ticks without an event are more than a MIDI file can hold")
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | value & 0x7F)
    return bytes(reversed(groups))
