"""Which notes a chord is played with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.accompaniment.feel import VOICINGS, Voicing
from musicassist.music.accompaniment.voicing import voiced
from musicassist.music.chords import parse_chord

QUALITIES = ("", "m", "7", "maj7", "m7b5", "o7", "13", "7alt", "sus4", "5", "6/9", "+", "m11")
chords = st.tuples(
    st.sampled_from("CDEFGAB"), st.sampled_from(("", "b", "#")), st.sampled_from(QUALITIES)
).map(lambda parts: parse_chord("".join(parts)))
voicings = st.sampled_from(VOICINGS)


@given(st.lists(chords, min_size=1, max_size=6), voicings)
def test_voicings_are_of_the_chord_and_within_reach(
    progression: list[object], voicing: Voicing
) -> None:
    before: tuple[int, ...] = ()
    for chord in progression:
        before = voiced(chord, before, voicing, 52, 74)  # type: ignore[arg-type]
        assert before == tuple(sorted(set(before)))
        assert {pitch % 12 for pitch in before} <= chord.pitch_classes  # type: ignore[attr-defined]
        lowest, highest = (40, 64) if voicing == "power" else (52, 74)
        assert lowest <= before[0] <= before[-1] <= highest


@pytest.mark.parametrize(
    ("chord", "voicing", "classes"),
    [
        ("Dm7", "shell", {5, 9, 0}),
        ("G13", "shell", {11, 5, 4, 2}),
        ("G7b9", "shell", {11, 5, 8, 2}),
        ("C", "triad", {0, 4, 7}),
        ("Fm7", "full", {5, 8, 0, 3}),
        ("E5", "power", {4, 11}),
        ("Bm7b5", "power", {11, 5}),
        ("Gsus4", "triad", {7, 0, 2}),
    ],
)
def test_the_notes_that_matter_are_there(chord: str, voicing: Voicing, classes: set[int]) -> None:
    pitches = voiced(parse_chord(chord), (), voicing, 52, 74)
    assert {pitch % 12 for pitch in pitches} == classes


def test_no_chord_is_no_note() -> None:
    assert voiced(parse_chord("NC"), (60, 64), "full", 52, 74) == ()


def test_common_notes_stay() -> None:
    before = voiced(parse_chord("C"), (), "triad", 52, 74)
    after = voiced(parse_chord("Am"), before, "triad", 52, 74)
    assert len(set(before) & set(after)) == 2
