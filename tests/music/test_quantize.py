"""Quantising: onto the grid, part of the way, with swing, and never losing the order."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.errors import InputError
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.note import SUSTAIN, ControlPoint, Note
from musicassist.music.quantize import GRIDS, TRIPLET_SWING, Grid, grid_named, quantize

LENGTH_TICKS = 3840
SIXTEENTHS = GRIDS["1/16"]

notes = st.builds(
    Note,
    onset_ticks=st.integers(0, LENGTH_TICKS - 1),
    duration_ticks=st.integers(1, 1500),
    pitch=st.integers(60, 63),
    velocity=st.integers(1, 127),
    channel=st.integers(0, 1),
)
clips = st.builds(
    Clip,
    notes=st.lists(notes, max_size=24).map(without_overlaps),
    length_ticks=st.sampled_from([LENGTH_TICKS, LENGTH_TICKS + 77, 4000]),
    controls=st.just((ControlPoint(7, SUSTAIN, 127),)),
)
grids = st.sampled_from(list(GRIDS.values()))
strengths = st.floats(0, 1)
swings = st.floats(0.5, 0.75)


def lines_of(grid: Grid, swing: float, length_ticks: int) -> set[int]:
    """Return the lines of a grid, counted out one by one."""
    late_ticks = round(2 * grid.step_ticks * swing) - grid.step_ticks if grid.can_swing else 0
    return {
        step * grid.step_ticks + (late_ticks if step % 2 else 0)
        for step in range(length_ticks // grid.step_ticks + 1)
    }


def moved(onset_ticks: int, **how) -> int:
    """Return where a note is quantised to, 1/8 grid unless told."""
    clip = Clip((Note(onset_ticks, 100, 60),), LENGTH_TICKS)
    return quantize(clip, how.pop("grid", GRIDS["1/8"]), **how).notes[0].onset_ticks


@given(clips, grids, swings, st.booleans())
def test_no_strength_changes_nothing(clip: Clip, grid: Grid, swing: float, ends: bool) -> None:
    assert quantize(clip, grid, strength=0, swing=swing, ends=ends) == clip


@given(clips, grids, swings, st.booleans())
def test_full_strength_lands_on_the_grid(clip: Clip, grid: Grid, swing: float, ends: bool) -> None:
    lines = lines_of(grid, swing, clip.length_ticks)
    for note in quantize(clip, grid, swing=swing, ends=ends).notes:
        assert note.onset_ticks in lines
        if ends:
            assert note.end_ticks in lines | {clip.length_ticks}


@given(clips, grids, swings, st.booleans())
def test_full_strength_twice_is_full_strength_once(
    clip: Clip, grid: Grid, swing: float, ends: bool
) -> None:
    once = quantize(clip, grid, swing=swing, ends=ends)
    assert quantize(once, grid, swing=swing, ends=ends) == once


@given(clips, grids, swings)
def test_no_line_is_nearer_than_the_one_a_note_goes_to(
    clip: Clip, grid: Grid, swing: float
) -> None:
    lines = lines_of(grid, swing, clip.length_ticks)
    for note in clip.notes:
        alone = quantize(clip.with_notes([note]), grid, swing=swing).notes[0]
        nearest = min(abs(line - note.onset_ticks) for line in lines if line < clip.length_ticks)
        assert abs(alone.onset_ticks - note.onset_ticks) == nearest


@given(clips, grids, strengths, swings, st.booleans())
def test_notes_of_one_pitch_never_overlap(
    clip: Clip, grid: Grid, strength: float, swing: float, ends: bool
) -> None:
    quantized = quantize(clip, grid, strength=strength, swing=swing, ends=ends)
    for place in {(n.channel, n.pitch) for n in quantized.notes}:
        voice = [n for n in quantized.notes if (n.channel, n.pitch) == place]
        assert all(earlier.end_ticks <= later.onset_ticks for earlier, later in pairwise(voice))


@given(clips, grids, strengths, swings, st.booleans())
def test_notes_never_pass_each_other(
    clip: Clip, grid: Grid, strength: float, swing: float, ends: bool
) -> None:
    how = {"strength": strength, "swing": swing, "ends": ends}
    onsets = [
        quantize(clip.with_notes([note]), grid, **how).notes[0].onset_ticks for note in clip.notes
    ]
    assert onsets == sorted(onsets)


@given(clips, grids, strengths, swings, st.booleans())
def test_every_pitch_is_still_heard_inside_the_clip(
    clip: Clip, grid: Grid, strength: float, swing: float, ends: bool
) -> None:
    quantized = quantize(clip, grid, strength=strength, swing=swing, ends=ends)
    assert quantized.length_ticks == clip.length_ticks
    assert quantized.controls == clip.controls
    assert {(n.channel, n.pitch) for n in quantized.notes} == {
        (n.channel, n.pitch) for n in clip.notes
    }
    rings_past = any(note.end_ticks > clip.length_ticks for note in clip.notes)
    if not rings_past or (ends and strength == 1):
        assert quantized.end_of_notes_ticks <= clip.length_ticks


@given(clips, grids, strengths, swings)
def test_more_strength_is_never_further_from_the_line(
    clip: Clip, grid: Grid, strength: float, swing: float
) -> None:
    for note in clip.notes:
        alone = clip.with_notes([note])
        line_ticks = quantize(alone, grid, swing=swing).notes[0].onset_ticks
        partly = quantize(alone, grid, strength=strength, swing=swing).notes[0].onset_ticks
        before_ticks = abs(note.onset_ticks - line_ticks)
        assert abs(partly - line_ticks) == pytest.approx((1 - strength) * before_ticks, abs=0.51)


def test_half_strength_goes_half_way() -> None:
    assert moved(260, strength=0.5) == 250
    assert moved(220, strength=0.5) == 230


def test_straight_swing_is_no_swing() -> None:
    assert [moved(onset) for onset in (0, 235, 490, 700)] == [0, 240, 480, 720]


def test_triplet_swing_makes_the_second_eighth_a_triplet() -> None:
    assert [moved(onset, swing=TRIPLET_SWING) for onset in (3, 240, 320, 470, 790)] == [
        0,
        320,
        320,
        480,
        800,
    ]


def test_triplets_and_beats_do_not_swing() -> None:
    assert moved(165, grid=GRIDS["1/8T"], swing=TRIPLET_SWING) == 160
    assert moved(470, grid=GRIDS["1/4"], swing=TRIPLET_SWING) == 480


def test_a_note_just_before_the_end_stays_inside() -> None:
    clip = Clip((Note(LENGTH_TICKS - 2, 2, 60),), LENGTH_TICKS)
    last_line_ticks = LENGTH_TICKS - 120
    assert quantize(clip, SIXTEENTHS).notes == (Note(last_line_ticks, 2, 60),)
    assert quantize(clip, SIXTEENTHS, ends=True).notes == (Note(last_line_ticks, 120, 60),)


def test_a_note_moved_later_does_not_ring_past_the_end() -> None:
    clip = Clip((Note(LENGTH_TICKS - 150, 150, 60),), LENGTH_TICKS)
    assert quantize(clip, SIXTEENTHS).notes == (Note(LENGTH_TICKS - 120, 120, 60),)


def test_a_note_that_rings_past_the_end_still_may() -> None:
    clip = Clip((Note(3700, 500, 60),), LENGTH_TICKS)
    assert quantize(clip, SIXTEENTHS).notes == (Note(3720, 480, 60),)


def test_of_two_notes_on_one_line_the_longer_stays() -> None:
    clip = Clip((Note(115, 10, 60), Note(130, 90, 60)), LENGTH_TICKS)
    assert quantize(clip, SIXTEENTHS).notes == (Note(120, 90, 60),)


def test_ends_move_to_lines_of_their_own() -> None:
    clip = Clip((Note(5, 100, 60), Note(130, 400, 64)), LENGTH_TICKS)
    assert quantize(clip, SIXTEENTHS, ends=True).notes == (Note(0, 120, 60), Note(120, 360, 64))


def test_a_clip_shorter_than_a_step_has_one_line() -> None:
    clip = Clip((Note(90, 5, 60),), 100)
    assert quantize(clip, GRIDS["1/4"]).notes == (Note(0, 5, 60),)
    assert quantize(clip, GRIDS["1/4"], ends=True).notes == (Note(0, 100, 60),)


@pytest.mark.parametrize(
    "how", [{"strength": -0.1}, {"strength": 1.1}, {"swing": 0.4}, {"swing": 0.8}]
)
def test_strength_and_swing_out_of_range_are_refused(how: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"strength|swing"):
        quantize(Clip(), SIXTEENTHS, **how)


def test_grids_are_named_by_note_values() -> None:
    assert [grid.steps_per_beat for grid in map(grid_named, ("1/4", "1/8T", "1/16", "1/8."))] == [
        1,
        3,
        4,
        Fraction(4, 3),
    ]
    steps_ticks = {
        name: Fraction(name.rstrip("T."))
        * 1920
        * {"T": Fraction(2, 3), ".": Fraction(3, 2)}.get(name[-1], 1)
        for name in GRIDS
    }
    assert {name: grid.step_ticks for name, grid in GRIDS.items()} == steps_ticks


def test_a_grid_nobody_knows_is_refused_with_a_hint() -> None:
    with pytest.raises(InputError, match="1/7") as caught:
        grid_named("1/7")
    assert "1/16T" in caught.value.hint


def test_a_grid_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="a tick apart"):
        Grid("none", 0)
