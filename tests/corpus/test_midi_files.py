"""Reading MIDI files: what leads, as written or as played."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musicassist.corpus.midi_files import read_midi_piece
from musicassist.errors import InputError
from musicassist.generation.encoding import FURTHEST_MICRO, UNKNOWN
from musicassist.music.manner import STYLES

Writer = Callable[..., None]

SCALE = (60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60, 60)


def even(pitches: tuple[int, ...] = SCALE, ticks: int = 240) -> list[tuple[int, int, int]]:
    return [(index * ticks, ticks, pitch) for index, pitch in enumerate(pitches)]


def test_a_written_line_lies_on_the_grid_without_timing(tmp_path: Path, write_midi: Writer) -> None:
    write_midi(tmp_path / "tune.mid", even())
    (piece,) = read_midi_piece(tmp_path / "tune.mid", "folk")
    assert piece.line.pitches.tolist() == list(SCALE)
    assert piece.line.onsets.tolist() == list(range(0, 192, 12))
    assert (piece.line.micros == UNKNOWN).all()
    assert piece.setting.style == STYLES.index("folk")
    assert piece.setting.tonic == 0
    assert len(piece.setting.changes) == 0
    assert piece.tune == "tune"


def test_a_played_line_keeps_how_late_each_note_was(tmp_path: Path, write_midi: Writer) -> None:
    write_midi(tmp_path / "take.mid", [(onset + 11, length, p) for onset, length, p in even()])
    (piece,) = read_midi_piece(tmp_path / "take.mid")
    assert piece.line.onsets.tolist() == list(range(0, 192, 12))
    assert (piece.line.micros == FURTHEST_MICRO + 2).all()  # 11 of 5 ticks each
    assert piece.setting.style == UNKNOWN


def test_of_two_hands_the_upper_leads_over_chords_of_both(
    tmp_path: Path, write_midi: Writer
) -> None:
    left = [
        (bar * 1920, 1920, pitch)
        for bar, chord in enumerate(((48, 52, 55), (43, 47, 50), (41, 45, 48), (48, 52, 55)))
        for pitch in chord
    ]
    right = even((72, 76, 79, 76, 74, 71, 67, 71, 72, 69, 65, 69, 72, 67, 64, 60), 480)
    write_midi(tmp_path / "piano.mid", left, right)
    (piece,) = read_midi_piece(tmp_path / "piano.mid")
    assert piece.line.pitches[:4].tolist() == [72, 76, 79, 76]
    assert piece.setting.roots_at(np.array([0, 96, 192, 288])).tolist() == [0, 7, 5, 0]


def test_chords_alone_are_no_melody(tmp_path: Path, write_midi: Writer) -> None:
    notes = [(480 * beat, 480, pitch) for beat in range(16) for pitch in (60, 64, 67, 72)]
    write_midi(tmp_path / "pad.mid", notes)
    with pytest.raises(InputError, match="mostly chords"):
        list(read_midi_piece(tmp_path / "pad.mid"))


def test_drums_are_no_melody(tmp_path: Path, write_midi: Writer) -> None:
    write_midi(tmp_path / "drums.mid", even(), channel=9)
    with pytest.raises(InputError):
        list(read_midi_piece(tmp_path / "drums.mid"))


def test_a_pickup_the_file_does_not_tell_is_found_by_where_notes_are_held(
    tmp_path: Path, write_midi: Writer
) -> None:
    bar = [(0, 960, 72), (960, 480, 71), (1440, 480, 69)]
    notes = [(0, 480, 67)]
    notes += [(480 + 1920 * n + onset, length, p - n) for n in range(6) for onset, length, p in bar]
    write_midi(tmp_path / "pickup.mid", notes)
    (piece,) = read_midi_piece(tmp_path / "pickup.mid")
    assert piece.setting.bar_origin == 24


def test_the_metre_of_the_file_counts(tmp_path: Path, write_midi: Writer) -> None:
    write_midi(tmp_path / "seven.mid", even(), meter=(7, 8))
    (piece,) = read_midi_piece(tmp_path / "seven.mid")
    assert piece.setting.beats_a_bar == 3.5
