"""Which drawn note is which raw one."""

from hypothesis import given
from hypothesis import strategies as st

from musicassist.app.arrangement import arrangement_of
from musicassist.app.drawn_notes import DrawnPart, drawn_parts
from musicassist.music.clip import Clip, without_overlaps
from musicassist.music.note import Note
from musicassist.music.session import Session, Timing
from musicassist.music.solo import Solo

BAR = 1920

notes = st.builds(
    Note,
    onset_ticks=st.integers(0, BAR - 1),
    duration_ticks=st.integers(1, 900),
    pitch=st.integers(60, 63),
    velocity=st.integers(1, 127),
)
clips = st.lists(notes, max_size=16).map(lambda some: Clip(without_overlaps(some), BAR))
sessions = st.builds(
    lambda primer, answer, pickup_ticks, timing: Session(
        primer=primer, timing=timing
    ).with_new_solos((Solo(answer, "echo", 1, primer or Clip(), {}, pickup_ticks),)),
    st.one_of(st.none(), clips),
    clips,
    st.sampled_from((0, 100, 480)),
    st.builds(Timing, st.sampled_from(("1/4", "1/16", "1/8T")), st.sampled_from((0.0, 0.5, 1.0))),
)


def parts_of(session: Session) -> tuple[DrawnPart, ...]:
    return drawn_parts(session, arrangement_of(session))


@given(sessions)
def test_every_drawn_note_knows_its_raw_one(session: Session) -> None:
    for part in parts_of(session):
        assert len(set(part.indices)) == len(part.indices) == len(part.clip.notes)
        for place, note in enumerate(part.clip.notes):
            raw = part.raw.notes[part.indices[place]]
            assert (note.pitch, note.velocity) == (raw.pitch, raw.velocity)
            assert part.place_of(part.indices[place]) == place
            if not session.timing.strength:
                assert part.start_ticks + note.onset_ticks == part.raw_start_ticks + raw.onset_ticks


@given(sessions)
def test_notes_that_are_not_drawn_have_no_place(session: Session) -> None:
    for part in parts_of(session):
        hidden = set(range(-2, len(part.raw.notes) + 2)) - set(part.indices)
        assert all(part.place_of(index) is None for index in hidden)


@given(sessions, st.integers(-10, 4000), st.integers(0, 2000))
def test_notes_that_sound_in_a_range_are_found(
    session: Session, first_ticks: int, span_ticks: int
) -> None:
    last_ticks = first_ticks + span_ticks
    for part in parts_of(session):
        everything = [part.drawn(place) for place in range(len(part.indices))]
        assert list(part.sounding_between(first_ticks, last_ticks)) == [
            each
            for each in everything
            if each.onset_ticks < last_ticks and each.end_ticks > first_ticks
        ]


@given(sessions, st.integers(0, 4000), st.integers(59, 64))
def test_notes_before_a_place_are_counted(session: Session, ticks: int, pitch: int) -> None:
    for part in parts_of(session):
        keys = [(part.start_ticks + note.onset_ticks, note.pitch) for note in part.clip.notes]
        assert part.n_before(ticks, pitch) == sum(key < (ticks, pitch) for key in keys)
        there = part.n_before(ticks, pitch, or_there=True)
        assert there == sum(key <= (ticks, pitch) for key in keys)
