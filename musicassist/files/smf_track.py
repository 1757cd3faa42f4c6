"""The events of one track of a Standard MIDI File, in the ticks of the file.

Source: Standard MIDI Files 1.0 (RP-001), and the MIDI 1.0 message table for lengths.
"""

from dataclasses import dataclass, field
from typing import Final, TypeVar

from musicassist.files.limits import (
    MAX_CONTROL_POINTS,
    MAX_MARKERS,
    MAX_METER_CHANGES,
    MAX_MIDI_EVENTS,
    MAX_NAME_CHARACTERS,
    MAX_NOTES,
    MAX_SYSEX_BYTES,
    MAX_TEMPO_CHANGES,
    MAX_TEXT_BYTES,
    MAX_VLQ_BYTES,
)
from musicassist.music.note import CHANNEL_PRESSURE, PITCH_BEND

_TRACK_NAME: Final = 0x03
_INSTRUMENT_NAME: Final = 0x04
_MARKER: Final = 0x06
_END_OF_TRACK: Final = 0x2F
_TEMPO: Final = 0x51
_TIME_SIGNATURE: Final = 0x58
_KEY_SIGNATURE: Final = 0x59
_META: Final = 0xFF
_END_MARK: Final = b"\xff\x2f\x00"
_SYSEX_KINDS: Final = (0xF0, 0xF7)
_SYSTEM_DATA_BYTES: Final = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # the others have none

_Change = TypeVar("_Change", tuple[int, int], tuple[int, int, int])


@dataclass(slots=True)
class Allowance:
    """How much more the file may hold; one for all its tracks, counted down while reading."""

    n_events: int = MAX_MIDI_EVENTS
    n_notes: int = MAX_NOTES
    n_controls: int = MAX_CONTROL_POINTS
    n_tempos: int = MAX_TEMPO_CHANGES
    n_meters: int = MAX_METER_CHANGES
    n_markers: int = MAX_MARKERS


@dataclass(slots=True)
class TrackEvents:
    """What one track says; all times in ticks of the file.

    Attributes:
        name: From the track name, else the instrument name, else empty.
        notes: Start, end, pitch, velocity, channel.
        controls: Time, controller as in `ControlPoint`, value, channel.
        tempos: Time, microseconds a beat.
        meters: Time, numerator, denominator.
        keys: Time, number of sharps (flats below 0), whether minor.
        markers: Time, text.
        end: The end of the track, or its last readable event.
        problems: What was wrong or left out: ends of sentences that begin with the track.
    """

    name: str = ""
    notes: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    controls: list[tuple[int, int, int, int]] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    meters: list[tuple[int, int, int]] = field(default_factory=list)
    keys: list[tuple[int, int, bool]] = field(default_factory=list)
    markers: list[tuple[int, str]] = field(default_factory=list)
    end: int = 0
    problems: list[str] = field(default_factory=list)


class _DamageError(Exception):
    """From here on the bytes of the track make no sense; the text says why."""


def read_track(body: bytes, allowance: Allowance, latest: int) -> TrackEvents:
    """Read the events of one track, as far as they can be read.

    Args:
        body: The bytes of the track chunk, without its head.
        allowance: What all tracks together may still hold; counted down.
        latest: Events after this time (in ticks of the file) are left out.
    """
    reader = _TrackReader(body, allowance, latest)
    reader.read()
    return reader.events


class _TrackReader:
    """Walks through the bytes of one track."""

    def __init__(self, body: bytes, allowance: Allowance, latest: int) -> None:
        self.events = TrackEvents()
        self._body = body
        self._allowance = allowance
        self._latest = latest
        self._at = 0
        self._time = 0
        self._is_ended = False
        self._held: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._n_skipped = 0
        self._n_too_long = 0
        self._is_over_limit = False

    def read(self) -> None:
        """Read to the end of the track or to where it stops making sense."""
        try:
            self._read_events()
            if not self._is_ended:
                self.events.problems.append("has no end mark.")
        except IndexError:
            self.events.problems.append("breaks off; what came before was kept.")
        except _DamageError as damage:
            self.events.problems.append(f"{damage}; what came before was kept.")
        self.events.end = self._time
        self._end_held_notes()
        if self._n_skipped:
            self.events.problems.append("holds messages that are not allowed; they were skipped.")
        if self._n_too_long:
            self.events.problems.append("holds messages over 64 kB; they were skipped.")
        if self._is_over_limit:
            self.events.problems.append("holds more than can be opened; the rest was left out.")

    def _read_events(self) -> None:
        body, n_bytes = self._body, len(self._body)
        running_status = 0
        while self._at < n_bytes and not self._is_ended:
            if self._allowance.n_events == 0:
                raise _DamageError("goes on after two million events")
            self._allowance.n_events -= 1
            delta = self._read_length()
            if self._time + delta > self._latest:
                raise _DamageError("goes on for longer than can be opened")
            status = body[self._at]
            if status >= 0x80:
                self._at += 1
            elif running_status:
                status = running_status
            else:
                raise _DamageError("does not start with a message")
            self._time += delta
            if status < 0xF0:
                running_status = status
                self._read_channel_message(status & 0xF0, status & 0x0F)
            elif status == _META:
                self._read_meta()
            elif status in _SYSEX_KINDS:
                self._skip_sysex()
            else:
                self._at += _SYSTEM_DATA_BYTES.get(status, 0)
                self._n_skipped += 1

    def _read_length(self) -> int:
        """Return the variable-length quantity at the current place."""
        byte = self._body[self._at]
        self._at += 1
        if byte < 0x80:
            return byte
        value = byte & 0x7F
        for _ in range(MAX_VLQ_BYTES - 1):
            byte = self._body[self._at]
            self._at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise _DamageError("holds a number that is too long")

    def _read_channel_message(self, kind: int, channel: int) -> None:
        data1 = self._body[self._at]
        if kind in (0xC0, 0xD0):
            data2 = 0
            self._at += 1
        else:
            data2 = self._body[self._at + 1]
            self._at += 2
        if data1 > 0x7F or data2 > 0x7F:
            self._n_skipped += 1
        elif kind == 0x90 and data2 > 0:
            self._strike_note(channel, data1, data2)
        elif kind in (0x80, 0x90):
            self._end_note(channel, data1)
        elif kind == 0xB0:
            self._add_control(data1, data2, channel)
        elif kind == 0xD0:
            self._add_control(CHANNEL_PRESSURE, data1, channel)
        elif kind == 0xE0:
            self._add_control(PITCH_BEND, data1 | data2 << 7, channel)

    def _add_control(self, controller: int, value: int, channel: int) -> None:
        if self._allowance.n_controls == 0:
            self._is_over_limit = True
            return
        self._allowance.n_controls -= 1
        self.events.controls.append((self._time, controller, value, channel))

    def _strike_note(self, channel: int, pitch: int, velocity: int) -> None:
        if self._allowance.n_notes == 0:
            self._is_over_limit = True
            return
        struck = self._held.setdefault((channel, pitch), [])
        if struck and struck[-1][0] == self._time:
            return  # the same key cannot go down twice at once
        self._allowance.n_notes -= 1
        struck.append((self._time, velocity))

    def _end_note(self, channel: int, pitch: int) -> None:
        """End the note struck last, but rather an earlier one than one struck this very tick.

        A file may strike a key again and end the earlier note at the same tick in either order,
        and a note-off may be missing; both come out right this way.
        """
        struck = self._held.get((channel, pitch))
        if not struck:
            return
        index = -2 if len(struck) > 1 and struck[-1][0] == self._time else -1
        onset, velocity = struck.pop(index)
        self.events.notes.append((onset, self._time, pitch, velocity, channel))

    def _end_held_notes(self) -> None:
        n_held = 0
        for (channel, pitch), struck in self._held.items():
            n_held += len(struck)
            for onset, velocity in struck:
                self.events.notes.append((onset, self._time, pitch, velocity, channel))
        if n_held:
            self.events.problems.append("holds notes that never end; they were ended for it.")

    def _skip_sysex(self) -> None:
        length = self._read_length()
        if length > MAX_SYSEX_BYTES:
            self._n_too_long += 1
        if self._at + length > len(self._body):
            raise _DamageError("breaks off in a system exclusive message")
        self._at += length

    def _read_meta(self) -> None:
        kind = self._body[self._at]
        self._at += 1
        length = self._read_length()
        if self._at + length > len(self._body):
            raise _DamageError("breaks off")
        start = self._at
        self._at += length
        if length > MAX_TEXT_BYTES:
            self._n_too_long += 1
        elif kind == _END_OF_TRACK:
            # Some files hold an end mark too many at the front and all their music behind it.
            self._is_ended = self._at == len(self._body) or not self._body.endswith(_END_MARK)
        elif kind in (_TRACK_NAME, _INSTRUMENT_NAME, _MARKER):
            self._take_text(kind, self._body[start : self._at])
        elif kind in (_TEMPO, _TIME_SIGNATURE, _KEY_SIGNATURE):
            self._take_signature(kind, self._body[start : self._at])

    def _take_text(self, kind: int, payload: bytes) -> None:
        text = plain_text(payload)
        if kind == _MARKER:
            if self._allowance.n_markers == 0:
                self._is_over_limit = True
                return
            self._allowance.n_markers -= 1
            self.events.markers.append((self._time, text))
        elif kind == _TRACK_NAME or not self.events.name:
            self.events.name = text

    def _take_signature(self, kind: int, payload: bytes) -> None:
        """Keep a tempo, time signature or key signature that makes sense."""
        if kind == _TEMPO:
            beat_us = int.from_bytes(payload[:3], "big")
            is_good = len(payload) >= 3 and beat_us > 0
            if is_good:
                self._allowance.n_tempos = self._keep_change(
                    self.events.tempos, (self._time, beat_us), self._allowance.n_tempos
                )
        elif kind == _TIME_SIGNATURE:
            is_good = len(payload) >= 2 and payload[0] > 0 and payload[1] <= 6
            if is_good:
                self._allowance.n_meters = self._keep_change(
                    self.events.meters,
                    (self._time, payload[0], 1 << payload[1]),
                    self._allowance.n_meters,
                )
        else:
            n_sharps = int.from_bytes(payload[:1], "big", signed=True)
            is_good = len(payload) >= 2 and -7 <= n_sharps <= 7 and payload[1] <= 1
            if is_good and not self.events.keys:
                self.events.keys.append((self._time, n_sharps, payload[1] == 1))
        if not is_good:
            self._n_skipped += 1

    def _keep_change(self, changes: list[_Change], change: _Change, n_left: int) -> int:
        """Keep a change, in place of one at the same tick; return how many more may be kept."""
        if changes and changes[-1][0] == self._time:
            changes[-1] = change
            return n_left
        if n_left == 0:
            self._is_over_limit = True
            return 0
        changes.append(change)
        return n_left - 1


def plain_text(payload: bytes) -> str:
    """Return foreign bytes as one short line of printable text.

    UTF-8 where it fits, else Latin-1, which always does. Controls, and marks that turn or hide
    text, are dropped.
    """
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        text = payload.decode("latin-1")
    spaced = (" " if char.isspace() else char for char in text)
    line = "".join(char for char in spaced if char.isprintable())
    return " ".join(line.split())[:MAX_NAME_CHARACTERS].rstrip()
