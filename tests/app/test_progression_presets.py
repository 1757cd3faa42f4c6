"""The progressions that come with the program."""

from pathlib import Path

import pytest

from musicassist.app.progression_presets import Preset, all_presets, read_preset
from musicassist.music.keys import Key
from musicassist.music.timebase import MeterChange, Timebase

N_BARS = {"blues-major": 12, "blues-minor": 12, "blues-jazz": 12, "rhythm-changes": 32, "canon": 8}


@pytest.mark.parametrize("preset", all_presets(), ids=lambda each: each.preset_id)
@pytest.mark.parametrize("key", ["C", "F# minor", "Eb", "D dorian", "E blues"])
def test_every_preset_stands_in_every_key(preset: Preset, key: str) -> None:
    for timebase in (Timebase(), Timebase(meters=(MeterChange(0, 7, 8),))):
        progression = preset.in_key(Key.parse(key), timebase)
        n_bars = N_BARS.get(preset.preset_id)
        assert n_bars is None or timebase.bar_at(progression.length_ticks) == n_bars
        assert progression.changes[0][0] == 0
        assert not any(chord.is_no_chord for _, chord in progression.changes)


@pytest.mark.parametrize("preset", all_presets(), ids=lambda each: each.preset_id)
def test_every_preset_is_told_in_one_sentence(preset: Preset) -> None:
    assert preset.description.endswith(".")
    assert 30 < len(preset.description) < 140


def test_there_is_one_for_every_taste() -> None:
    assert {each.preset_id for each in all_presets()} >= {
        *("blues-major", "blues-minor", "blues-jazz", "two-five-one", "two-five-one-minor"),
        *("rhythm-changes", "andalusian", "pop-four", "fifties", "canon", "modal-vamp", "pedal"),
        "giant-turn",
    }


def test_a_search_finds_words_of_title_and_description() -> None:
    found = [each.preset_id for each in all_presets() if each.is_meant_by("minor BLUES")]
    assert found == ["blues-minor"]
    assert not [each for each in all_presets() if each.is_meant_by("polka")]


@pytest.mark.parametrize(
    "content",
    [
        'title = "A"',
        'title = "A"\ndescription = "B."\nmode = "blue"\nchords = "I"',
        'title = "A"\ndescription = "B."\nmode = "any"\nchords = ["I"]',
        'title = "A"\ndescription = "B."\nmode = "any"\nchords = "I"\nmore = 1',
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"preset|progression"):
        read_preset(path)
