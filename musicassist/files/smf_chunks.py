"""The outer shape of a Standard MIDI File: a header and the bytes of each track.

Source: Standard MIDI Files 1.0 (RP-001) for chunks; RP-029 for the RIFF wrapper (.rmi).
"""

from dataclasses import dataclass
from typing import Final

from musicassist.errors import NotMidiError
from musicassist.files.limits import MAX_TRACKS

_CHUNK_HEAD_BYTES: Final = 8
_END_OF_TRACK: Final = b"\xff\x2f\x00"
_HEADER_BODY_BYTES: Final = 6
_MAC_BINARY_BYTES: Final = 128  # an old Macintosh wrapper before the file itself
_GUESSED_DIVISION: Final = 480
_FRAME_RATES: Final = {24: (24, 1), 25: (25, 1), 29: (30_000, 1_001), 30: (30, 1)}


@dataclass(frozen=True, slots=True)
class Division:
    """How long a tick of the file is.

    Attributes:
        ticks: Ticks a beat; with frames, ticks for each `frame_seconds` part.
        frames_a_second: Numerator and denominator of the film frame rate that times are counted
            in; None when they are counted in beats, as nearly always.
    """

    ticks: int
    frames_a_second: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Chunks:
    """A MIDI file taken apart, its events still bytes.

    Attributes:
        file_format: 0, 1 or 2.
        division: How long a tick is.
        tracks: The bytes of each track, without the chunk head.
        problems: What was wrong with the shape of the file.
    """

    file_format: int
    division: Division
    tracks: tuple[bytes, ...]
    problems: tuple[str, ...]


def split_chunks(data: bytes, name: str) -> Chunks:
    """Take a MIDI file apart.

    Args:
        data: The whole file.
        name: What to call it in an error.

    Raises:
        NotMidiError: There is neither a header nor a track.
    """
    data = _without_wrapper(data)
    problems: list[str] = []
    if data.startswith(b"MTrk"):
        problems.append("The file has no header.")
        file_format, n_tracks, division, at = 1, None, None, 0
    elif data.startswith(b"MThd") and len(data) >= _CHUNK_HEAD_BYTES + _HEADER_BODY_BYTES:
        file_format, n_tracks, division, at = _read_header(data, problems)
    else:
        raise NotMidiError(f"{name} is not a MIDI file.", "Choose a file that ends in .mid.")
    tracks = _read_tracks(data, at, problems)
    if not tracks:
        raise NotMidiError(
            f"{name} is damaged: there is no track in it.",
            "Export it again from the program it came from.",
        )
    if n_tracks is not None and n_tracks != len(tracks):
        problems.append(f"The file announces {_counted(n_tracks)} and has {len(tracks)}.")
    if division is None:
        problems.append("The file does not say how long a beat is; 480 ticks were assumed.")
        division = Division(_GUESSED_DIVISION)
    return Chunks(file_format, division, tuple(tracks), tuple(problems))


def _without_wrapper(data: bytes) -> bytes:
    """Return the MIDI file inside a RIFF or MacBinary wrapper, or the data as they are."""
    if data.startswith(b"RIFF") and data[8:12] == b"RMID":
        at = 12
        while at + _CHUNK_HEAD_BYTES <= len(data):
            body_at = at + _CHUNK_HEAD_BYTES
            size = int.from_bytes(data[at + 4 : body_at], "little")
            if data[at : at + 4] == b"data":
                return data[body_at : body_at + size]
            at = body_at + size + size % 2
    if data[_MAC_BINARY_BYTES : _MAC_BINARY_BYTES + 4] == b"MThd" and data[:1] == b"\0":
        return data[_MAC_BINARY_BYTES:]
    return data


def _read_header(data: bytes, problems: list[str]) -> tuple[int, int, Division | None, int]:
    """Return format, number of tracks, division (None if unusable) and where the header ends."""
    size = int.from_bytes(data[4:8], "big")
    file_format = int.from_bytes(data[8:10], "big")
    n_tracks = int.from_bytes(data[10:12], "big")
    if file_format > 2:
        problems.append(f"The file is of an unknown format ({file_format}); it was read as 1.")
        file_format = 1
    end = _CHUNK_HEAD_BYTES + size
    if size < _HEADER_BODY_BYTES or end > len(data):
        problems.append("The header of the file has a wrong size.")
        end = _CHUNK_HEAD_BYTES + _HEADER_BODY_BYTES
    return file_format, n_tracks, _read_division(data[12], data[13]), end


def _read_division(high: int, low: int) -> Division | None:
    """Return how long a tick is, or None if the two bytes do not say."""
    if high < 0x80:
        ticks = high << 8 | low
        return Division(ticks) if ticks else None
    rate = _FRAME_RATES.get(0x100 - high)
    return Division(low, rate) if rate and low else None


def _read_tracks(data: bytes, at: int, problems: list[str]) -> list[bytes]:
    """Return the bodies of all track chunks from `at` on, passing over everything else."""
    tracks: list[bytes] = []
    n_strange_chunks = n_wrong_sizes = 0
    while at < len(data):
        if len(tracks) == MAX_TRACKS:
            problems.append(f"Only the first {MAX_TRACKS:,} tracks were read.")
            break
        if not _is_chunk_head(data, at):
            n_strange_chunks += 1
            at = _next_track(data, at + 1)
            continue
        body_at = at + _CHUNK_HEAD_BYTES
        end = body_at + int.from_bytes(data[at + 4 : body_at], "big")
        is_closed = data[max(body_at, end - 3) : end] == _END_OF_TRACK
        is_track = data[at : at + 4] == b"MTrk"
        if end > len(data) or not (end == len(data) or is_closed or _is_chunk_head(data, end)):
            n_wrong_sizes += is_track
            end = _next_track(data, body_at)
        if is_track:
            tracks.append(data[body_at:end])
        else:
            n_strange_chunks += 1
        at = end
    if n_strange_chunks:
        problems.append("The file holds parts that are not MIDI; they were skipped.")
    if n_wrong_sizes:
        problems.append("The file is cut short, or the size of a track in it is wrong.")
    return tracks


def _is_chunk_head(data: bytes, at: int) -> bool:
    """Return whether four letters or digits and a size stand at a place."""
    return at + _CHUNK_HEAD_BYTES <= len(data) and data[at : at + 4].isalnum()


def _next_track(data: bytes, at: int) -> int:
    """Return where the next track chunk starts, or the end of the data."""
    found = data.find(b"MTrk", at)
    return len(data) if found < 0 else found


def _counted(n_tracks: int) -> str:
    return "1 track" if n_tracks == 1 else f"{n_tracks:,} tracks"
