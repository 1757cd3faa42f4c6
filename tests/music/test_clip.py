"""Clips: cutting, joining, and notes that must not overlap."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import PEDAL_DOWN, Clip, controls_within, without_overlaps
from musicassist.music.note import MOD_WHEEL, SUSTAIN, ControlPoint, Note

LENGTH_TICKS = 3840

notes = st.builds(
    Note,
    onset_ticks=st.integers(0, LENGTH_TICKS - 1),
    duration_ticks=st.integers(1, 2000),
    pitch=st.integers(58, 62),
    velocity=st.integers(1, 127),
    channel=st.integers(0, 1),
)
points = st.builds(
    ControlPoint,
    onset_ticks=st.integers(0, LENGTH_TICKS - 1),
    controller=st.sampled_from([SUSTAIN, MOD_WHEEL]),
    value=st.integers(0, 127),
    channel=st.integers(0, 1),
)
clips = st.builds(
    Clip,
    notes=st.lists(notes, max_size=20).map(tuple),
    length_ticks=st.just(LENGTH_TICKS),
    controls=st.lists(points, max_size=10).map(tuple),
    name=st.just("a phrase"),
)
ranges = st.tuples(st.integers(0, LENGTH_TICKS), st.integers(0, LENGTH_TICKS)).map(sorted)


def value_at(controls: tuple[ControlPoint, ...], ticks: int, place: tuple[int, int]) -> int | None:
    """Return what a controller is set to at a place; None before it was moved."""
    values = [
        point.value
        for point in controls
        if point.onset_ticks <= ticks and (point.channel, point.controller) == place
    ]
    return values[-1] if values else None


@given(clips, st.randoms())
def test_the_order_in_which_notes_are_given_does_not_matter(clip: Clip, random) -> None:
    shuffled = list(dict.fromkeys(clip.notes))
    clip = clip.with_notes(shuffled)
    random.shuffle(shuffled)
    assert [(n.onset_ticks, n.pitch, n.channel) for n in clip.with_notes(shuffled).notes] == [
        (n.onset_ticks, n.pitch, n.channel) for n in clip.notes
    ]


def test_a_clip_refuses_notes_that_start_at_its_end() -> None:
    with pytest.raises(ValueError, match="after the end"):
        Clip((Note(480, 1, 60),), 480)
    assert Clip((Note(479, 100, 60),), 480).end_of_notes_ticks == 579


def test_a_clip_refuses_a_negative_length() -> None:
    with pytest.raises(ValueError, match="-1 ticks"):
        Clip(length_ticks=-1)


def test_an_empty_clip_has_no_end_of_notes() -> None:
    assert Clip(length_ticks=1920).end_of_notes_ticks == 0


@given(clips, ranges)
def test_a_cut_holds_exactly_the_notes_that_start_in_it(clip: Clip, span: list[int]) -> None:
    start_ticks, end_ticks = span
    cut = clip.between(start_ticks, end_ticks)
    assert cut.length_ticks == end_ticks - start_ticks
    assert [(n.onset_ticks + start_ticks, n.pitch, n.velocity, n.channel) for n in cut.notes] == [
        (n.onset_ticks, n.pitch, n.velocity, n.channel)
        for n in clip.notes
        if start_ticks <= n.onset_ticks < end_ticks
    ]
    assert cut.end_of_notes_ticks <= cut.length_ticks


@given(clips, ranges)
def test_in_a_cut_every_controller_stands_as_it_did(clip: Clip, span: list[int]) -> None:
    start_ticks, end_ticks = span
    cut = clip.between(start_ticks, end_ticks)
    for place in {(p.channel, p.controller) for p in clip.controls}:
        # The last tick is left out: there a pedal is let up.
        for ticks in range(0, cut.length_ticks - 1, 97):
            expected = value_at(clip.controls, start_ticks + ticks, place)
            assert value_at(cut.controls, ticks, place) == expected


@given(clips, ranges)
def test_no_pedal_is_left_down_at_the_end_of_a_cut(clip: Clip, span: list[int]) -> None:
    cut = clip.between(*span)
    for channel in (0, 1):
        value = value_at(cut.controls, cut.length_ticks, (channel, SUSTAIN))
        assert value is None or value < PEDAL_DOWN


def test_a_cut_of_everything_is_the_clip_itself() -> None:
    pedal = (ControlPoint(0, SUSTAIN, 127), ControlPoint(900, SUSTAIN, 0))
    clip = Clip((Note(0, 480, 60), Note(480, 480, 64)), 960, pedal, "whole")
    assert clip.between(0, 960) == clip


@pytest.mark.parametrize("span", [(-1, 5), (6, 5)])
def test_a_cut_that_runs_backwards_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="forward"):
        Clip(length_ticks=10).between(*span)


def test_controls_of_an_empty_range_are_none() -> None:
    assert controls_within((ControlPoint(0, SUSTAIN, 127),), 5, 5) == ()


@given(clips, clips)
def test_joining_keeps_every_note_and_adds_the_lengths(first: Clip, second: Clip) -> None:
    joined = first.followed_by(replace(second, name="another"))
    assert joined.length_ticks == first.length_ticks + second.length_ticks
    assert joined.name == first.name
    assert len(joined.notes) == len(first.notes) + len(second.notes)
    assert joined.controls[: len(first.controls)] == first.controls
    back = joined.between(first.length_ticks, joined.length_ticks)
    assert [n.onset_ticks for n in back.notes] == [n.onset_ticks for n in second.notes]


@given(clips, st.integers(0, LENGTH_TICKS))
def test_what_was_cut_in_two_joins_again_without_losing_a_note(clip: Clip, at_ticks: int) -> None:
    halves = clip.between(0, at_ticks).followed_by(clip.between(at_ticks, LENGTH_TICKS))
    assert [(n.onset_ticks, n.pitch, n.velocity) for n in halves.notes] == [
        (n.onset_ticks, n.pitch, n.velocity) for n in clip.notes
    ]


@given(st.lists(notes, max_size=30))
def test_without_overlaps_no_note_rings_into_the_next_of_its_pitch(given_notes: list[Note]) -> None:
    kept = without_overlaps(given_notes)
    for place in {(n.channel, n.pitch) for n in kept}:
        voice = [n for n in kept if (n.channel, n.pitch) == place]
        assert all(earlier.end_ticks <= later.onset_ticks for earlier, later in pairwise(voice))


@given(st.lists(notes, max_size=30))
def test_without_overlaps_every_onset_is_still_heard(given_notes: list[Note]) -> None:
    def onsets(each: list[Note] | tuple[Note, ...]) -> set[tuple[int, int, int]]:
        return {(n.onset_ticks, n.pitch, n.channel) for n in each}

    kept = without_overlaps(given_notes)
    assert onsets(kept) == onsets(given_notes)
    assert without_overlaps(kept) == kept


def test_of_two_notes_at_one_onset_the_longer_stays() -> None:
    short, long = Note(0, 100, 60, 10), Note(0, 200, 60, 20)
    assert without_overlaps([short, long]) == without_overlaps([long, short]) == (long,)


def test_other_channels_and_pitches_may_overlap() -> None:
    chord = (Note(0, 480, 60), Note(0, 480, 60, channel=1), Note(0, 480, 64))
    assert set(without_overlaps(chord)) == set(chord)
