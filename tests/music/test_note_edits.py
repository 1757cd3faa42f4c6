"""Editing notes: nothing leaves its clip, nothing overlaps, chords keep their shape."""

from collections.abc import Callable
from itertools import combinations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.note import Note
from musicassist.music.note_edits import (
    SHORTEST_TICKS,
    Edit,
    added,
    erased,
    joined,
    moved,
    on_grid,
    room_of,
    split,
    start_stretched,
    stretched,
    with_length,
    with_velocities,
)
from musicassist.music.quantize import GRIDS

LENGTH_TICKS = 1920

notes = st.builds(
    Note,
    onset_ticks=st.integers(0, LENGTH_TICKS - 1),
    duration_ticks=st.integers(1, 900),
    pitch=st.integers(0, 6).map(lambda step: step * 20 + 3),
    velocity=st.integers(1, 127),
    channel=st.integers(0, 1),
)
clips = st.builds(
    Clip,
    notes=st.lists(notes, min_size=1, max_size=16).map(without_overlaps),
    length_ticks=st.just(LENGTH_TICKS),
)
d_ticks = st.integers(-2500, 2500)
d_semitones = st.integers(-140, 140)


@st.composite
def clips_and_choices(draw: st.DrawFn) -> tuple[Clip, frozenset[int]]:
    clip = draw(clips)
    return clip, frozenset(draw(st.sets(st.integers(0, len(clip.notes) - 1), min_size=1)))


EDITS: tuple[Callable[[Clip, frozenset[int], int], Edit], ...] = (
    lambda clip, chosen, d: moved(clip, chosen, d, d // 20),
    lambda clip, chosen, d: moved(clip, chosen, d, d // 20, copies=True),
    stretched,
    start_stretched,
    with_length,
    lambda clip, chosen, d: split(
        clip, {each: clip.notes[each].onset_ticks + abs(d) % 901 for each in chosen}
    ),
    lambda clip, chosen, _d: joined(clip, chosen),
    lambda clip, chosen, _d: erased(clip, chosen),
    lambda clip, chosen, d: with_velocities(clip, dict.fromkeys(chosen, d)),
    lambda clip, chosen, d: on_grid(clip, chosen, GRIDS["1/16"], abs(d) % 240),
    lambda clip, chosen, d: added(
        clip, [Note(abs(d), 200, clip.notes[each].pitch, 90) for each in chosen]
    ),
)


def overlaps(clip: Clip) -> list[tuple[Note, Note]]:
    return [
        (first, second)
        for first, second in combinations(clip.notes, 2)
        if (first.pitch, first.channel) == (second.pitch, second.channel)
        and second.onset_ticks < first.end_ticks
    ]


@given(clips_and_choices(), st.sampled_from(EDITS), d_ticks)
def test_no_edit_lets_a_note_leave_its_clip_or_overlap(
    choice: tuple[Clip, frozenset[int]],
    edit: Callable[[Clip, frozenset[int], int], Edit],
    d: int,
) -> None:
    clip, chosen = choice
    made = edit(clip, chosen, d)
    assert made.clip.length_ticks == LENGTH_TICKS
    assert all(0 <= note.onset_ticks < LENGTH_TICKS for note in made.clip.notes)
    assert overlaps(made.clip) == []
    assert all(0 <= index < len(made.clip.notes) for index in made.chosen)


@given(clips_and_choices(), st.sampled_from(EDITS), d_ticks)
def test_pitches_that_are_not_worked_on_stay_as_they_are(
    choice: tuple[Clip, frozenset[int]],
    edit: Callable[[Clip, frozenset[int], int], Edit],
    d: int,
) -> None:
    clip, chosen = choice
    made = edit(clip, chosen, d)
    worked_on = {clip.notes[each].pitch for each in chosen}
    worked_on |= {made.clip.notes[each].pitch for each in made.chosen}
    before = [note for note in clip.notes if note.pitch not in worked_on]
    assert [note for note in made.clip.notes if note.pitch not in worked_on] == before


@given(clips_and_choices(), d_ticks, d_semitones)
def test_notes_move_together_and_keep_their_shape(
    choice: tuple[Clip, frozenset[int]], ticks: int, semitones: int
) -> None:
    clip, chosen = choice
    kept_ticks, kept_semitones = room_of(clip, chosen).kept(ticks, semitones)
    made = moved(clip, chosen, ticks, semitones)
    assert len(made.chosen) == len(chosen)
    expected = [
        (
            clip.notes[each].onset_ticks + kept_ticks,
            clip.notes[each].pitch + kept_semitones,
            clip.notes[each].velocity,
        )
        for each in sorted(chosen)
    ]
    seen = [
        (note.onset_ticks, note.pitch, note.velocity)
        for note in (made.clip.notes[each] for each in sorted(made.chosen))
    ]
    assert sorted(seen) == sorted(expected)


@given(clips_and_choices(), d_ticks, d_semitones)
def test_there_is_no_more_room_than_is_used(
    choice: tuple[Clip, frozenset[int]], ticks: int, semitones: int
) -> None:
    room = room_of(*choice)
    kept_ticks, kept_semitones = room.kept(ticks, semitones)
    assert abs(kept_ticks) <= abs(ticks)
    assert abs(kept_semitones) <= abs(semitones)
    assert room.kept(kept_ticks, kept_semitones) == (kept_ticks, kept_semitones)
    if kept_ticks > 0 and kept_ticks != ticks:
        latest = max(choice[0].notes[each].onset_ticks for each in choice[1])
        assert latest + kept_ticks == LENGTH_TICKS - 1


@given(clips_and_choices(), d_ticks, d_semitones)
def test_copies_leave_what_they_were_made_of(
    choice: tuple[Clip, frozenset[int]], ticks: int, semitones: int
) -> None:
    clip, chosen = choice
    kept = room_of(clip, chosen).kept(ticks, semitones)
    assume(kept != (0, 0))
    made = moved(clip, chosen, ticks, semitones, copies=True)
    starts = {(note.onset_ticks, note.pitch, note.channel) for note in made.clip.notes}
    assert {(note.onset_ticks, note.pitch, note.channel) for note in clip.notes} <= starts


@given(clips_and_choices(), d_ticks)
def test_stretching_the_end_leaves_the_start(
    choice: tuple[Clip, frozenset[int]], ticks: int
) -> None:
    clip, chosen = choice
    made = stretched(clip, chosen, ticks)
    assert [n.onset_ticks for n in made.clip.notes] == [n.onset_ticks for n in clip.notes]
    assert made.chosen == chosen
    for index in chosen:
        before, after = clip.notes[index], made.clip.notes[index]
        assert after.duration_ticks >= min(before.duration_ticks, SHORTEST_TICKS)
        if ticks < 0:
            assert after.duration_ticks <= before.duration_ticks


@given(clips_and_choices(), d_ticks)
@example((Clip((Note(100, 10, 60),), LENGTH_TICKS), frozenset({0})), 500)
def test_stretching_the_start_never_moves_the_end_later(
    choice: tuple[Clip, frozenset[int]], ticks: int
) -> None:
    clip, chosen = choice
    ends = {clip.notes[each].end_ticks for each in chosen}
    made = start_stretched(clip, chosen, ticks)
    for index in made.chosen:
        note = made.clip.notes[index]
        assert note.end_ticks in ends or any(
            other.onset_ticks == note.end_ticks and other.pitch == note.pitch
            for other in made.clip.notes
        )


@given(clips_and_choices(), st.integers(1, 899))
def test_splitting_and_joining_a_note_gives_it_back(
    choice: tuple[Clip, frozenset[int]], into_ticks: int
) -> None:
    clip, chosen = choice
    index = min(chosen)
    made = split(clip, {index: clip.notes[index].onset_ticks + into_ticks})
    back = joined(made.clip, made.chosen)
    assert back.clip == clip
    assert back.chosen == {index}


@given(clips_and_choices())
def test_quantizing_lands_on_the_grid_counted_from_the_bar_line(
    choice: tuple[Clip, frozenset[int]],
) -> None:
    clip, chosen = choice
    rest_ticks = 100
    made = on_grid(clip, chosen, GRIDS["1/8"], rest_ticks)
    for index in made.chosen:
        onset_ticks = made.clip.notes[index].onset_ticks
        assert (onset_ticks + rest_ticks) % 240 == 0 or onset_ticks == 0


@given(clips_and_choices(), st.integers(-200, 200))
def test_velocities_stay_between_1_and_127_and_all_else_as_it_was(
    choice: tuple[Clip, frozenset[int]], velocity: int
) -> None:
    clip, chosen = choice
    made = with_velocities(clip, dict.fromkeys(chosen, velocity))
    assert all(made.clip.notes[each].velocity == min(max(velocity, 1), 127) for each in chosen)
    back = with_velocities(made.clip, {each: clip.notes[each].velocity for each in chosen})
    assert back.clip == clip


def test_a_moved_note_takes_the_place_of_one_that_starts_there() -> None:
    clip = Clip((Note(0, 100, 60, 40), Note(480, 400, 60, 90)), LENGTH_TICKS)
    made = moved(clip, {0}, 480, 0)
    assert made.clip.notes == (Note(480, 100, 60, 40),)
    assert made.chosen == {0}


def test_a_note_that_rings_into_an_edited_one_is_cut() -> None:
    clip = Clip((Note(0, 480, 60), Note(960, 480, 60)), LENGTH_TICKS)
    assert moved(clip, {1}, -720, 0).clip.notes == (Note(0, 240, 60), Note(240, 480, 60))


def test_what_would_start_after_the_end_is_left_out() -> None:
    made = added(Clip((), LENGTH_TICKS), [Note(1919, 10, 60), Note(1920, 10, 60)])
    assert made.clip.notes == (Note(1919, 10, 60),)
