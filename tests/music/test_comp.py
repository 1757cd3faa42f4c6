"""Comps: bars of several solos as one."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import PEDAL_DOWN, Clip, without_overlaps
from musicassist.music.comp import bar_lines_of, comp_of, taken_bars
from musicassist.music.note import (
    BEND_CENTRE,
    MOD_WHEEL,
    PITCH_BEND,
    SUSTAIN,
    ControlPoint,
    Note,
)
from musicassist.music.solo import Solo
from musicassist.music.timebase import MeterChange, Timebase

BAR_TICKS = 1920
N_BARS = 4
PICKUP_TICKS = 240
LINES = tuple(bar * BAR_TICKS for bar in range(N_BARS + 1))


@st.composite
def solos(draw: st.DrawFn, n_bars: int = N_BARS) -> Solo:
    """Return a solo whose notes may ring over bar lines and past its end."""
    pickup_ticks = draw(st.sampled_from([0, PICKUP_TICKS]))
    length_ticks = pickup_ticks + n_bars * BAR_TICKS
    onsets = st.integers(0, length_ticks - 1)
    notes = st.builds(Note, onsets, st.integers(1, 4000), st.integers(58, 62))
    points = st.builds(
        ControlPoint, onsets, st.sampled_from([SUSTAIN, MOD_WHEEL]), st.integers(0, 127)
    )
    bends = st.builds(ControlPoint, onsets, st.just(PITCH_BEND), st.integers(0, 16383))
    clip = Clip(
        without_overlaps(draw(st.lists(notes, max_size=12))),
        length_ticks,
        tuple(draw(st.lists(points | bends, max_size=6))),
        "a solo",
    )
    return Solo(clip, "echo", draw(st.integers(0, 9)), Clip(), pickup_ticks=pickup_ticks)


three_solos = st.lists(solos(), min_size=3, max_size=3)
choices = st.lists(st.integers(0, 2), min_size=N_BARS, max_size=N_BARS)


def bar_of(solo: Solo, bar: int) -> list[tuple[int, int, int]]:
    """Return onset in the bar, pitch and length within the bar of the notes that start in it."""
    start_ticks = solo.pickup_ticks + LINES[bar]
    cut = solo.clip.between(start_ticks, start_ticks + BAR_TICKS)
    return [(note.onset_ticks, note.pitch, note.duration_ticks) for note in cut.notes]


@given(solos())
def test_a_comp_of_one_solo_is_that_solo(solo: Solo) -> None:
    assert comp_of([solo] * N_BARS, LINES) == solo


@given(three_solos, choices)
def test_every_bar_is_the_bar_of_the_solo_it_was_taken_from(
    sources: list[Solo], chosen: list[int]
) -> None:
    comp = comp_of([sources[each] for each in chosen], LINES)
    for bar, each in enumerate(chosen):
        assert bar_of(comp, bar) == bar_of(sources[each], bar)


@given(three_solos, choices)
def test_the_pickup_comes_with_the_first_bar(sources: list[Solo], chosen: list[int]) -> None:
    comp, first = comp_of([sources[each] for each in chosen], LINES), sources[chosen[0]]
    assert (comp.pickup_ticks, comp.bars_ticks) == (first.pickup_ticks, N_BARS * BAR_TICKS)
    before = [note.pitch for note in first.clip.notes if note.onset_ticks < first.pickup_ticks]
    assert [n.pitch for n in comp.clip.notes if n.onset_ticks < comp.pickup_ticks] == before


@given(three_solos, choices)
def test_no_note_rings_into_a_bar_of_another_solo_or_into_its_like(
    sources: list[Solo], chosen: list[int]
) -> None:
    comp = comp_of([sources[each] for each in chosen], LINES)
    seams = [bar for bar in range(1, N_BARS) if chosen[bar] != chosen[bar - 1]]
    for bar in seams:
        line_ticks = comp.pickup_ticks + LINES[bar]
        assert not any(n.onset_ticks < line_ticks < n.end_ticks for n in comp.clip.notes)
    for pitch in {note.pitch for note in comp.clip.notes}:
        alike = [note for note in comp.clip.notes if note.pitch == pitch]
        assert all(a.end_ticks <= b.onset_ticks for a, b in pairwise(alike))


@given(three_solos, choices)
def test_controllers_stand_in_every_bar_as_in_its_solo_or_at_rest(
    sources: list[Solo], chosen: list[int]
) -> None:
    comp = comp_of([sources[each] for each in chosen], LINES)
    at_rest = {SUSTAIN: 0, MOD_WHEEL: 0, PITCH_BEND: BEND_CENTRE}
    for bar, each in enumerate(chosen):
        source = sources[each]
        for controller, rest in at_rest.items():
            place_ticks = LINES[bar] + BAR_TICKS // 2
            own = value_at(source, source.pickup_ticks + place_ticks, controller)
            heard = value_at(comp, comp.pickup_ticks + place_ticks, controller)
            assert (rest if heard is None else heard) == (rest if own is None else own)


@given(three_solos, choices)
def test_no_pedal_is_held_over_a_seam(sources: list[Solo], chosen: list[int]) -> None:
    comp = comp_of([sources[each] for each in chosen], LINES)
    for bar in range(1, N_BARS):
        if chosen[bar] != chosen[bar - 1]:
            before_ticks = comp.pickup_ticks + LINES[bar] - 1
            assert (value_at(comp, before_ticks, SUSTAIN) or 0) < PEDAL_DOWN


@given(three_solos, choices, st.integers(0, N_BARS - 1))
def test_a_bar_taken_and_given_back_leaves_no_trace(
    sources: list[Solo], chosen: list[int], bar: int
) -> None:
    by_bar = [sources[each] for each in chosen]
    comp = comp_of(by_bar, LINES)
    other = sources[(chosen[bar] + 1) % 3]
    taken = taken_bars(comp, by_bar, LINES, [bar], other)
    changed = [other if place == bar else each for place, each in enumerate(by_bar)]
    assert taken_bars(taken, changed, LINES, [bar], by_bar[bar]) == comp


@given(three_solos, choices, st.integers(0, N_BARS - 1), st.booleans())
def test_a_solo_that_has_changed_or_gone_since_changes_no_bar_of_the_comp(
    sources: list[Solo], chosen: list[int], bar: int, is_gone: bool
) -> None:
    by_bar: list[Solo | None] = [sources[each] for each in chosen]
    comp = comp_of([sources[each] for each in chosen], LINES)
    silent = replace(sources[0], clip=replace(sources[0].clip, notes=()))
    now = [(None if is_gone else silent) if each is sources[0] else each for each in by_bar]
    taken = taken_bars(comp, now, LINES, [bar], sources[2])
    for place in range(N_BARS):
        assert bar_of(taken, place) == bar_of(sources[2] if place == bar else comp, place)


def test_bar_lines_follow_the_metre_from_where_answers_begin() -> None:
    timebase = Timebase(meters=(MeterChange(0, 4, 4), MeterChange(2 * BAR_TICKS, 3, 4)))
    solo = Solo(Clip((), BAR_TICKS + 1440), "echo", 1, Clip())
    assert bar_lines_of(solo, timebase, BAR_TICKS) == (0, 1920, 3360)
    cut_short = replace(solo, clip=Clip((), BAR_TICKS + 1))
    assert bar_lines_of(cut_short, timebase, BAR_TICKS) == (0, 1920, 3360)


@pytest.mark.parametrize("n_lines", [0, 1, 3])
def test_bars_and_bar_lines_must_agree(n_lines: int) -> None:
    solo = Solo(Clip((), BAR_TICKS), "echo", 1, Clip())
    with pytest.raises(ValueError, match="lines"):
        comp_of([solo], LINES[:n_lines])


def value_at(solo: Solo, ticks: int, controller: int) -> int | None:
    """Return what a controller is set to at a place; None before it was moved."""
    values = [
        point.value
        for point in solo.clip.controls
        if point.onset_ticks <= ticks and point.controller == controller
    ]
    return values[-1] if values else None
