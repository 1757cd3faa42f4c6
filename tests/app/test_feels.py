"""The feels that come with the program, and files that are none."""

from pathlib import Path

import pytest

from musicassist.app.feels import all_feels, find_feel, read_feel
from musicassist.music.backing import USUAL_FEEL
from musicassist.paths import resources_folder

PLAIN = """
title = "Plain"
description = "as plain as can be"
chords = "x---|----|----|----"
bass = "r---|----|----|----"
[drums]
kick = "x...|....|....|...."
"""


def test_there_are_feels_for_many_kinds_of_music() -> None:
    assert {feel.feel_id for feel in all_feels()} >= {
        *("straight-rock", "half-time-rock", "blues-shuffle", "swing", "bossa-nova"),
        *("funk", "ballad", "metal-gallop", "pulse"),
    }
    assert find_feel(USUAL_FEEL).feel_id == USUAL_FEEL
    assert len({feel.title for feel in all_feels()}) == len(all_feels())


def test_numbers_drawn_from_the_drum_data_name_it() -> None:
    for path in (resources_folder() / "feels").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        if "touch" in text and path.stem != "pulse":
            assert "Groove MIDI Dataset" in text, path.name
            assert "CC BY 4.0" in text.replace("\n# ", " "), path.name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('title = "Plain"', ""),
        ("kick", "gong"),
        ("x---|----|----|----", "x---|----|----"),
        ("x---|----|----|----", "x---|----|--|----"),
        ("r---", "q---"),
        ("[drums]", 'mood = "blue"\n[drums]'),
        ("[drums]", 'voicing = "wide"\n[drums]'),
        ("[drums]", "swing = 0.9\n[drums]"),
        ("[drums]", "chords_range = [60, 64]\n[drums]"),
    ],
)
def test_a_file_that_cannot_be_played_is_refused(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "plain.toml"
    path.write_text(PLAIN, encoding="utf-8")
    assert read_feel(path).feel_id == "plain"
    path.write_text(PLAIN.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ValueError, match="plain"):
        read_feel(path)
