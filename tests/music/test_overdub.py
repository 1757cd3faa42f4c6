"""Recording over a phrase."""

from hypothesis import given
from hypothesis import strategies as st

from musicassist.music.clip import Clip
from musicassist.music.note import SUSTAIN, ControlPoint, Note
from musicassist.music.overdub import overdubbed, replaced

BAR_TICKS = 1920
notes = st.lists(
    st.builds(
        Note, st.integers(0, 4 * BAR_TICKS - 1), st.integers(1, BAR_TICKS), st.integers(40, 50)
    ),
    max_size=20,
)


def clip_of(played: list[Note]) -> Clip:
    return Clip(tuple(played), 4 * BAR_TICKS)


def places(clip: Clip) -> set[tuple[int, int]]:
    return {(note.onset_ticks, note.pitch) for note in clip.notes}


def overlaps(clip: Clip) -> bool:
    ends: dict[int, int] = {}
    for note in clip.notes:
        if ends.get(note.pitch, 0) > note.onset_ticks:
            return True
        ends[note.pitch] = note.end_ticks
    return False


@given(notes, notes)
def test_overdubbing_loses_nothing(before: list[Note], new: list[Note]) -> None:
    both = overdubbed(clip_of(before), clip_of(new))
    assert places(both) == places(clip_of(before)) | places(clip_of(new))
    assert not overlaps(both)


def test_overdubbing_further_on_makes_the_phrase_longer() -> None:
    short = Clip((Note(0, 100, 60),), BAR_TICKS, name="Phrase")
    both = overdubbed(short, Clip((Note(3000, 100, 60),), 2 * BAR_TICKS))
    assert (both.length_ticks, both.name) == (2 * BAR_TICKS, "Phrase")


@given(notes, notes, st.integers(0, 4 * BAR_TICKS), st.integers(0, 4 * BAR_TICKS))
def test_replacing_changes_the_stretch_and_nothing_else(
    before: list[Note], new: list[Note], one: int, other: int
) -> None:
    start, end = min(one, other), max(one, other)
    inside = clip_of([note for note in new if start <= note.onset_ticks < end])
    result = replaced(clip_of(before), inside, start, end)
    kept = {place for place in places(clip_of(before)) if not start <= place[0] < end}
    assert places(result) == kept | places(inside)
    assert not overlaps(result)
    assert all(n.end_ticks <= start for n in result.notes if n.onset_ticks < start)


def test_a_pedal_held_into_the_stretch_is_let_up_there() -> None:
    held = Clip((Note(0, 100, 60),), BAR_TICKS, (ControlPoint(0, SUSTAIN, 127),))
    result = replaced(held, Clip((Note(960, 100, 62),), BAR_TICKS), 960, BAR_TICKS)
    assert [(point.onset_ticks, point.value) for point in result.controls] == [(0, 127), (959, 0)]
