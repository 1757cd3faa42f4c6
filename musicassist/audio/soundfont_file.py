"""SoundFont files read with suspicion, before C code that trusts them sees a byte.

The player follows every index and offset in the file unchecked, so a damaged or hostile file would
crash it. Here all of them are checked; what is only untidy (a loop beyond the end of the sound) is
put right in the copy that the player gets. Sounds packed as Ogg Vorbis (.sf3) are held to their
checksums, and are first unpacked in a process of its own: what crashes there crashes nothing else.

Source: SoundFont Technical Specification 2.04, sections 4-7; RFC 3533, section 6, for Ogg pages.
"""

import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicassist.errors import SoundFontError

MOST_BYTES: Final = 1 << 30
MOST_PRESETS: Final = 4096
MOST_REGIONS: Final = (
    200_000  # a region is some 200 bytes to the player; the largest sets have 20,000
)

_HEADER_BYTES: Final = 12
_CHUNK_HEADER_BYTES: Final = 8
_NAME = "S20"

# The nine tables of the "pdta" list; each ends with a record that only bounds the one before it.
_TABLES: Final = {
    b"phdr": np.dtype(
        [("name", _NAME), ("preset", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "<u4", 3)]
    ),
    b"pbag": np.dtype([("generator", "<u2"), ("modulator", "<u2")]),
    b"pmod": np.dtype([("words", "<u2", 5)]),
    b"pgen": np.dtype([("kind", "<u2"), ("amount", "<u2")]),
    b"inst": np.dtype([("name", _NAME), ("bag", "<u2")]),
    b"ibag": np.dtype([("generator", "<u2"), ("modulator", "<u2")]),
    b"imod": np.dtype([("words", "<u2", 5)]),
    b"igen": np.dtype([("kind", "<u2"), ("amount", "<u2")]),
    b"shdr": np.dtype(
        [
            ("name", _NAME),
            ("start", "<u4"),
            ("end", "<u4"),
            ("loop_start", "<u4"),
            ("loop_end", "<u4"),
            ("rate_hz", "<u4"),
            ("key", "u1"),
            ("correction", "i1"),
            ("link", "<u2"),
            ("kind", "<u2"),
        ]
    ),
}
_INSTRUMENT: Final = 41  # generators
_SAMPLE: Final = 53
_PACKED: Final = 0x30  # bits of a sample's kind
_PAGE_HEADER_BYTES: Final = 27
_PAGE_CHECKSUM: Final = slice(22, 26)
_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_UNPACKING_S: Final = 60.0
_UNPACK: Final = (
    "import sys; from tinysoundfont._tinysoundfont import SoundFont as s; s(sys.argv[1])"
)

Table = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Preset:
    """A sound a SoundFont offers: bank, program number within it, and name (foreign text)."""

    bank: int
    program: int
    name: str


@dataclass(frozen=True, slots=True)
class SoundFontFile:
    """A SoundFont that is safe to play.

    Attributes:
        data: The file as the player may have it.
        presets: Every sound, by bank and program.
    """

    data: bytes
    presets: tuple[Preset, ...]


def read_soundfont(path: Path) -> SoundFontFile:
    """Return a SoundFont file after checking everything the player would trust.

    Raises:
        SoundFontError: It cannot be read, is too large, or is no sound SoundFont.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SoundFontError(
                f"The SoundFont {path} is larger than a gigabyte.",
                "Choose a smaller one; the built-in sounds play meanwhile.",
            )
        data = bytearray(path.read_bytes())
    except OSError as problem:
        raise SoundFontError(
            f"The SoundFont {path} cannot be read.",
            "Choose another file; the built-in sounds play meanwhile.",
        ) from problem
    try:
        presets, is_packed = _check(data)
        if is_packed:
            _unpack_elsewhere(path)
    except ValueError as problem:
        raise SoundFontError(
            f"{path} is not a SoundFont, or it is damaged: {problem}.",
            "Choose an .sf2 file; the built-in sounds play meanwhile.",
        ) from problem
    return SoundFontFile(bytes(data), presets)


def _check(data: bytearray) -> tuple[tuple[Preset, ...], bool]:
    """Check a whole file and tidy its sample headers in place.

    Returns:
        Its presets, and whether any of its sounds are packed.

    Raises:
        ValueError: Something is wrong; its words say what.
    """
    if data[:4] != b"RIFF" or data[8:_HEADER_BYTES] != b"sfbk":
        raise ValueError("it does not begin as one")
    end = _CHUNK_HEADER_BYTES + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ValueError("the end is missing")
    places: dict[bytes, tuple[int, int]] = {}
    for name, start, stop in _chunks(data, _HEADER_BYTES, end):
        if name == b"LIST" and bytes(data[start : start + 4]) in (b"sdta", b"pdta"):
            for inner, inner_start, inner_stop in _chunks(data, start + 4, stop):
                if inner in places or inner == b"smpo":
                    raise ValueError(f"the part {inner.decode('latin-1')!r} is out of place")
                places[inner] = inner_start, inner_stop
    if b"smpl" not in places:
        raise ValueError("it holds no sound")
    tables = {name: _table(data, places, name) for name in _TABLES}
    smpl_start, smpl_stop = places[b"smpl"]
    _check_links(tables)
    headers = tables[b"shdr"][:-1]
    _tidy_samples(headers, smpl_stop - smpl_start)
    packed = headers[(headers["kind"] & _PACKED) != 0]
    for start, stop in zip(packed["start"].tolist(), packed["end"].tolist(), strict=True):
        _check_pages(bytes(data[smpl_start + start : smpl_start + stop]))
    found = [
        Preset(int(row["bank"]), int(row["preset"]), _words(row["name"]))
        for row in tables[b"phdr"][:-1]
    ]
    found.sort(key=lambda preset: (preset.bank, preset.program))
    return tuple(found), len(packed) > 0


def _chunks(data: bytearray, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """Return name, start and end of the content of each chunk, as far as they fit."""
    chunks = []
    while start + _CHUNK_HEADER_BYTES <= end:
        name = bytes(data[start : start + 4])
        content = start + _CHUNK_HEADER_BYTES
        stop = content + int.from_bytes(data[start + 4 : content], "little")
        if stop > end:
            raise ValueError(f"the part {name.decode('latin-1')!r} is cut off")
        chunks.append((name, content, stop))
        # The player does not skip the byte that pads an odd length, so neither may we.
        start = stop
    return chunks


def _table(data: bytearray, places: dict[bytes, tuple[int, int]], name: bytes) -> Table:
    """Return a table as a writable view of the file."""
    start, stop = places.get(name, (0, 0))
    kind = _TABLES[name]
    n_rows, left_over = divmod(stop - start, kind.itemsize)
    if n_rows == 0 or left_over:
        raise ValueError(f"the table {name.decode()!r} is missing or cut off")
    return np.frombuffer(data, kind, n_rows, start)


def _check_links(tables: dict[bytes, Table]) -> None:
    for owners, bags, generators in ((b"phdr", b"pbag", b"pgen"), (b"inst", b"ibag", b"igen")):
        if len(tables[owners]) < 2:
            raise ValueError("it offers no sound")
        _check_order(tables[owners]["bag"], len(tables[bags]))
        _check_order(tables[bags]["generator"], len(tables[generators]) + 1)
    if len(tables[b"phdr"]) - 1 > MOST_PRESETS:
        raise ValueError(f"it offers more than {MOST_PRESETS} sounds")
    samples = tables[b"igen"]["amount"][tables[b"igen"]["kind"] == _SAMPLE]
    if (samples >= len(tables[b"shdr"]) - 1).any():
        raise ValueError("a sample is named that is not there")
    # A preset plays every zone of every instrument it names: counted, as a small file could name
    # the same large instrument many thousand times.
    zones = np.cumsum(tables[b"igen"]["kind"] == _SAMPLE)
    zones_before = np.concatenate([[0], zones])[tables[b"ibag"]["generator"]]
    zones_of = np.diff(zones_before[tables[b"inst"]["bag"]])
    named = tables[b"pgen"]["amount"][tables[b"pgen"]["kind"] == _INSTRUMENT]
    if zones_of[named[named < len(zones_of)]].sum() > MOST_REGIONS:
        raise ValueError("its sounds have too many parts")


def _check_order(indices: NDArray[np.uint16], n_targets: int) -> None:
    """Check that links point into a table and never step back."""
    if (np.diff(indices.astype(np.int64)) < 0).any() or indices[-1] >= n_targets:
        raise ValueError("its tables do not fit together")


def _tidy_samples(headers: Table, n_bytes: int) -> None:
    """Bring every place in the sound within its bounds."""
    is_packed = (headers["kind"] & _PACKED) != 0
    n_places = np.where(is_packed, n_bytes, max(0, n_bytes // 2 - 1)).astype(np.uint32)
    for place in ("start", "end", "loop_start", "loop_end"):
        headers[place] = np.minimum(headers[place], n_places)
    headers["end"] = np.maximum(headers["start"], headers["end"])


def _check_pages(ogg: bytes) -> None:
    """Check that a packed sound is whole pages with right checksums."""
    at = 0
    while at < len(ogg):
        header = ogg[at : at + _PAGE_HEADER_BYTES]
        if len(header) < _PAGE_HEADER_BYTES or header[:4] != b"OggS":
            raise ValueError("a packed sound is damaged")
        body = at + _PAGE_HEADER_BYTES + header[-1]
        end = body + sum(ogg[at + _PAGE_HEADER_BYTES : body])
        page = bytearray(ogg[at:end])
        page[_PAGE_CHECKSUM] = bytes(4)
        # Ogg's checksum is zlib's with all bits in the other order, and neither end inverted.
        mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
        checksum = mirrored.to_bytes(4, "big").translate(_MIRRORED)
        if end > len(ogg) or checksum != header[_PAGE_CHECKSUM]:
            raise ValueError("a packed sound is damaged")
        at = end


def _unpack_elsewhere(path: Path) -> None:
    """Let another process load the file first, as the decoder trusts what it decodes."""
    command = [sys.executable, "-c", _UNPACK, str(path)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_UNPACKING_S,
        )
    except subprocess.TimeoutExpired as problem:
        raise ValueError("its packed sounds take more than a minute to unpack") from problem
    if done.returncode != 0:
        raise ValueError("its packed sounds cannot be unpacked")


def _words(name: np.bytes_) -> str:
    """Return a name without what cannot be shown."""
    text = bytes(name).split(b"\0")[0].decode("latin-1")
    return "".join(letter for letter in text if letter.isprintable()).strip()
