"""Statistics of drum performances: what is struck when, how hard, and how far off the grid."""

from pathlib import Path

import pytest
from learn_grooves import main

from musicassist.files.smf_write import solo_bytes
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.timebase import Timebase

KICK, SNARE, HAT = 36, 38, 42
N_BARS = 40
HEAD = "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drummer whose snare is 12 ticks (10 ms at 150 bpm) late, and a fill nobody reads."""
    notes = []
    for beat in range(4 * N_BARS):
        notes.append(Note(beat * 480, 40, HAT, 80))
        if beat % 2:
            notes.append(Note(beat * 480 + 12, 40, SNARE, 110))
        else:
            notes.append(Note(beat * 480, 40, KICK, 70))
    clip = Clip(tuple(notes), N_BARS * 1920)
    (tmp_path / "beat.mid").write_bytes(solo_bytes(clip, Timebase.steady(150), None, "Beat"))
    rows = [
        f"d1,s1,1,{style},150,{kind},{metre},{name},x.wav"
        for style, kind, metre, name in (
            ("rock/indie", "beat", "4-4", "beat.mid"),
            ("rock", "fill", "4-4", "missing.mid"),
            ("rock", "beat", "3-4", "missing.mid"),
        )
    ]
    (tmp_path / "info.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return tmp_path


def test_what_is_struck_when_and_how_late(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    told = capsys.readouterr().out
    assert f"rock: 1 performances, {N_BARS} bars, {8 * N_BARS} strokes" in told
    lines = {line.split()[0]: line.split() for line in told.splitlines() if " in % " in line}
    assert lines["kick"][3:] == ["100", *"0000000", "100", *"0000000"]
    assert lines["snare"][3:] == [*"0000", "100", *"0000000", "100", *"000"]
    assert "late +10.0 ms, spread 0.0 ms, soft 0 %" in told
    assert "late +0.0 ms" in told


def test_a_style_nobody_plays_tells_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "polka"]) == 0
    assert capsys.readouterr().out == ""


def test_without_a_folder_it_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Usage" in capsys.readouterr().out
