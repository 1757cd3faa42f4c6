"""Sessions as values."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.quantize import GRIDS
from musicassist.music.session import Session, Timing, Wishes
from musicassist.music.solo import Solo
from musicassist.music.timebase import Timebase

BAR_TICKS = 1920


def solo(seed: int) -> Solo:
    clip = Clip((Note(30, 200, 60),), BAR_TICKS)
    return Solo(clip, "echo", seed, clip)


def test_new_solos_come_first_and_the_first_of_them_is_selected() -> None:
    session = Session().with_new_solos((solo(1), solo(2))).with_new_solos((solo(3), solo(4)))
    assert [each.number for each in session.solos] == [3, 4, 1, 2]
    assert session.selected_solo is not None
    assert session.selected_solo.name == "Solo 3"


def test_a_number_is_never_given_twice() -> None:
    session = Session().with_new_solos((solo(1), solo(2))).without_solos({2})
    assert [each.number for each in session.with_new_solos((solo(3),)).solos] == [3, 1]


@pytest.mark.parametrize(("gone", "selected"), [({3}, 1), ({1}, None), ({1, 2, 3}, None)])
def test_a_solo_that_goes_is_no_longer_selected(gone: set[int], selected: int | None) -> None:
    session = Session().with_new_solos((solo(1), solo(2), solo(3))).without_solos(gone)
    assert {each.number for each in session.solos} == {1, 2, 3} - gone
    assert session.selected_number == selected


def test_a_solo_is_called_by_its_number_until_it_has_a_title() -> None:
    session = Session().with_new_solos((solo(1), solo(2)), "bar 2 of Solo 9 anew")
    named = session.with_solo(2, title="Ouvertüre 序曲", is_starred=True)
    assert [each.name for each in named.solos] == ["Solo 1", "Ouvertüre 序曲"]
    assert [each.is_starred for each in named.solos] == [False, True]
    assert {each.origin for each in named.solos} == {"bar 2 of Solo 9 anew"}


def test_a_session_of_before_there_were_stars_opens() -> None:
    session = Session().with_new_solos((solo(1),))
    plain = msgspec.to_builtins(session)
    for field in ("title", "is_starred", "is_rejected", "origin", "comp"):
        del plain["solos"][0][field]
    del plain["wishes"]["is_seed_kept"]
    assert msgspec.convert(plain, Session) == session


def test_full_strength_draws_notes_to_the_grid_and_keeps_the_raw_clip() -> None:
    raw = solo(1).clip
    drawn = Session(timing=Timing("1/16", 1.0)).timed(raw)
    assert [note.onset_ticks for note in drawn.notes] == [0]
    assert raw.notes[0].onset_ticks == 30


def test_no_strength_leaves_notes_as_played() -> None:
    raw = solo(1).clip
    assert Session(timing=Timing("1/16", 0.0)).timed(raw) == raw


def test_a_timed_clip_is_whole_bars_long() -> None:
    clip = Clip((Note(0, 100, 60),), 700)
    assert Session(timebase=Timebase.steady(90, 3, 4)).timed(clip).length_ticks == 1440


@pytest.mark.parametrize(("grid", "strength"), [("1/5", 0.5), ("1/16", 1.5), ("1/16", -0.1)])
def test_timing_refuses_what_cannot_be(grid: str, strength: float) -> None:
    with pytest.raises(ValueError, match="known grid"):
        Timing(grid, strength)


@given(
    st.sampled_from(sorted(GRIDS)),
    st.floats(0, 1),
    st.integers(1, 480),
    st.lists(st.integers(0, 2 * BAR_TICKS - 1), unique=True, min_size=1, max_size=12),
)
def test_a_pickup_leaves_the_bars_on_the_grid_they_were_on(
    grid: str, strength: float, pickup_ticks: int, onsets: list[int]
) -> None:
    notes = tuple(Note(onset, 60, 60 + onset % 24) for onset in sorted(onsets))
    session = Session(timing=Timing(grid, strength))
    plain = Solo(Clip(notes, 2 * BAR_TICKS), "echo", 1, Clip())
    late = [replace(note, onset_ticks=note.onset_ticks + pickup_ticks) for note in notes]
    lead_in = Note(0, pickup_ticks, 30)
    led = replace(
        plain,
        clip=Clip((lead_in, *late), 2 * BAR_TICKS + pickup_ticks),
        pickup_ticks=pickup_ticks,
    )
    drawn, drawn_led = session.timed_solo(plain), session.timed_solo(led)
    assert drawn_led.length_ticks == drawn.length_ticks + pickup_ticks
    in_bars = [note for note in drawn_led.notes if note.pitch != lead_in.pitch]
    assert [note.onset_ticks - pickup_ticks for note in in_bars] == [
        note.onset_ticks for note in drawn.notes
    ]
    if strength == 1:
        (led_in,) = (note for note in drawn_led.notes if note.pitch == lead_in.pitch)
        is_on_line = (led_in.onset_ticks - pickup_ticks) % GRIDS[grid].step_ticks == 0
        assert is_on_line or led_in.onset_ticks == 0


@pytest.mark.parametrize(
    "wrong",
    [{"lowest_pitch": 60, "highest_pitch": 71}, {"highest_pitch": 128}, {"furthest_leap": 0}],
)
def test_wishes_refuse_what_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"octave|leap"):
        Wishes(**wrong)  # type: ignore[arg-type]
