"""Damaged SoundFonts end in one sentence, never in a crash of the player."""

import random
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from musicassist.audio import soundfont_file
from musicassist.audio.soundfont_file import Preset, read_soundfont
from musicassist.audio.sounds.sf2_write import (
    EXCLUSIVE_CLASS,
    START_OFFSET,
    Instrument,
    PresetEntry,
    Sample,
    Zone,
    soundfont_bytes,
)
from musicassist.errors import SoundFontError

N_MUTANTS = 400


def small_soundfont():
    """Two instruments, loops, ranges and a drum kit, in 4 kB."""
    wave = 0.5 * np.sin(2 * np.pi * np.arange(600) / 60)
    looped = Sample("Looped", wave, 44_100, 69, (120, 540))
    once = Sample("Once", wave[::-1], 22_050, 60)
    first = Instrument(
        "First", (Zone(looped, (0, 63)), Zone(once, (64, 127), (0, 90)), Zone(looped, (64, 127)))
    )
    second = Instrument("Second", (Zone(once, generators={START_OFFSET: 50, EXCLUSIVE_CLASS: 1}),))
    return soundfont_bytes(
        "Small",
        [
            PresetEntry(0, 0, "Reed", first),
            PresetEntry(0, 9, "Bell", second),
            PresetEntry(128, 0, "Kit", second),
        ],
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.sf2"


def refusal(path, content):
    path.write_bytes(content)
    with pytest.raises(SoundFontError) as caught:
        read_soundfont(path)
    assert caught.value.hint.endswith(".")
    return caught.value.what


def table(content, name):
    """Return where a table's content starts and how long it is."""
    start = content.rindex(name) + 8
    return start, struct.unpack("<I", content[start - 4 : start])[0]


def changed(content, place, kind, value):
    data = bytearray(content)
    struct.pack_into(kind, data, place, value)
    return bytes(data)


def test_a_good_file_is_read_with_its_presets(path):
    path.write_bytes(small_soundfont())
    file = read_soundfont(path)
    assert file.data == small_soundfont()
    assert file.presets == (Preset(0, 0, "Reed"), Preset(0, 9, "Bell"), Preset(128, 0, "Kit"))


def test_every_shorter_file_is_refused(path):
    content = small_soundfont()
    for length in range(0, len(content), 7):
        assert refusal(path, content[:length])


@pytest.mark.parametrize("name", [b"phdr", b"pbag", b"pgen", b"inst", b"ibag", b"igen", b"shdr"])
def test_a_file_without_one_of_its_tables_is_refused(path, name):
    content = small_soundfont()
    start, _length = table(content, name)
    gone = content[: start - 8] + b"gone" + content[start - 4 :]
    assert name.decode() in refusal(path, gone)


@pytest.mark.parametrize(
    ("name", "row_bytes", "place", "value"),
    [
        (b"phdr", 38, 24, 60_000),
        (b"pbag", 4, 0, 60_000),
        (b"inst", 22, 20, 60_000),
        (b"ibag", 4, 0, 60_000),
    ],
)
def test_links_that_lead_astray_are_refused(path, name, row_bytes, place, value):
    content = small_soundfont()
    start, length = table(content, name)
    for row in range(length // row_bytes):
        bad = changed(content, start + row * row_bytes + place, "<H", value)
        assert "do not fit" in refusal(path, bad), row


def test_a_sample_that_is_not_there_is_refused(path):
    content = small_soundfont()
    start, length = table(content, b"igen")
    rows = range(start, start + length, 4)
    place = next(at for at in rows if content[at : at + 2] == struct.pack("<H", 53))
    assert "not there" in refusal(path, changed(content, place + 2, "<H", 2))


def test_a_sample_beyond_the_sound_is_brought_back_within_it(path):
    content = small_soundfont()
    start, _length = table(content, b"shdr")
    for field in range(20, 36, 4):
        content = changed(content, start + field, "<I", 4_000_000_000)
    path.write_bytes(content)
    n_frames = table(content, b"smpl")[1] // 2
    bounds = struct.unpack_from("<IIII", read_soundfont(path).data, start + 20)
    assert all(bound < n_frames for bound in bounds)


def test_a_file_beyond_a_gigabyte_is_not_even_read(path, monkeypatch):
    monkeypatch.setattr(soundfont_file, "MOST_BYTES", 100)
    assert "larger" in refusal(path, small_soundfont())


def test_a_small_file_that_asks_for_millions_of_parts_is_refused(path, monkeypatch):
    monkeypatch.setattr(soundfont_file, "MOST_REGIONS", 4)
    assert "too many parts" in refusal(path, small_soundfont())
    monkeypatch.setattr(soundfont_file, "MOST_REGIONS", 5)
    assert read_soundfont(path)


def test_names_lose_what_cannot_be_shown(path):
    content = small_soundfont().replace(b"Bell\0", b"\x1b[\xe9\0\0", 1)
    path.write_bytes(content)
    assert read_soundfont(path).presets[1].name == "[é"


def test_a_folder_is_not_a_soundfont(tmp_path):
    with pytest.raises(SoundFontError, match="cannot be read"):
        read_soundfont(tmp_path)


def ogg_checksum(page):
    """Bit by bit, as RFC 3533 has it."""
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1 ^ (0x04C11DB7 if checksum >> 31 else 0)) & 0xFFFFFFFF
    return checksum


def ogg_page(content):
    header = b"OggS" + bytes(18) + bytes(4) + bytes((1, len(content)))
    page = bytearray(header + content)
    page[22:26] = struct.pack("<I", ogg_checksum(page))
    return bytes(page)


def packed_soundfont(packed):
    """The small file with one sample said to be packed."""
    content = bytearray(small_soundfont())
    sound, _length = table(content, b"smpl")
    content[sound : sound + len(packed)] = packed
    start, _length = table(content, b"shdr")
    struct.pack_into("<II", content, start + 20, 0, len(packed))
    struct.pack_into("<H", content, start + 44, 0x11)
    return bytes(content)


def test_a_packed_sound_with_a_wrong_checksum_is_refused(path):
    pages = ogg_page(b"first") + ogg_page(b"second")
    for place in (30, len(pages) - 1):
        assert "damaged" in refusal(path, packed_soundfont(changed(pages, place, "B", 255)))
    assert "damaged" in refusal(path, packed_soundfont(pages[:-1]))


def test_a_packed_sound_that_cannot_be_unpacked_is_refused_after_a_trial_elsewhere(path):
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    what = refusal(path, packed_soundfont(ogg_page(b"first") + ogg_page(b"second")))
    assert "cannot be unpacked" in what


PLAY_THEM = """
import sys
from pathlib import Path
import numpy as np
from musicassist.audio.soundfont_synth import SoundFontSynth
from musicassist.errors import SoundFontError

n_played = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        synth = SoundFontSynth(str(path), 44_100, {0: 0, 1: 9})
    except SoundFontError:
        continue
    n_played += 1
    for channel in (0, 1, 9):
        for pitch in (0, 40, 64, 127):
            synth.note_on(channel, pitch, 100)
            synth.render(300)
            synth.note_off(channel, pitch)
    assert np.isfinite(synth.render(2000)).all()
print(n_played)
"""


def test_no_mutant_crashes_the_player(tmp_path):
    pytest.importorskip("tinysoundfont", reason="needs the soundfont extra")
    rng = random.Random(1)
    content = small_soundfont()
    after_sound = content.index(b"phdr") - 20
    folder = tmp_path / "mutants"
    folder.mkdir()
    for number in range(N_MUTANTS):
        data = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 5))):
            at = rng.randrange(after_sound, len(data)) if rng.random() < 0.9 else rng.randrange(80)
            data[at] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
        (folder / f"{number:04}.sf2").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", PLAY_THEM, str(folder)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert N_MUTANTS / 10 < int(done.stdout) < N_MUTANTS
