from hypothesis import given
from hypothesis import strategies as st

from musicassist.audio.schedule import schedule_clip
from musicassist.music.clip import Clip
from musicassist.music.note import PITCH_BEND, SUSTAIN, ControlPoint, Note
from musicassist.music.timebase import TempoChange, Timebase

notes = st.lists(
    st.builds(
        Note,
        st.integers(0, 1919),
        st.integers(1, 4000),
        st.integers(58, 62),
        st.integers(1, 127),
        st.integers(0, 1),
    ),
    max_size=30,
)
tempos = st.integers(1, 0xFFFFFF)


@given(notes, tempos)
def test_every_note_on_is_followed_by_its_note_off_within_the_clip(notes, beat_us):
    timebase = Timebase((TempoChange(0, beat_us),))
    schedule = schedule_clip(Clip(tuple(notes), 1920), timebase, 48_000)
    sounding = set()
    for message in schedule.messages:
        assert 0 <= message.frame <= schedule.length_frames
        place = (message.status & 0x0F, message.data1)
        if message.status & 0xF0 == 0x90:
            assert place not in sounding or beat_us < 100_000
            sounding.add(place)
        else:
            sounding.discard(place)
    assert not sounding


def test_frames_are_exact_far_from_the_start():
    timebase = Timebase.steady(97.5)
    note = Note(480 * 4 * 500, 480, 60)
    schedule = schedule_clip(Clip((note,), 480 * 4 * 501), timebase, 44_100)
    beat_s = timebase.tempos[0].beat_us / 1e6
    assert schedule.messages[0].frame == round(2000 * beat_s * 44_100)


def test_at_one_frame_notes_end_before_controls_before_notes_start():
    clip = Clip((Note(0, 480, 60), Note(480, 480, 60)), 1920, (ControlPoint(480, SUSTAIN, 127),))
    statuses = [m.status for m in schedule_clip(clip, Timebase(), 48_000).messages]
    assert statuses == [0x90, 0x80, 0xB0, 0x90, 0x80]


def test_a_bend_is_split_into_its_two_bytes():
    clip = Clip((), 480, (ControlPoint(0, PITCH_BEND, 8192 + 5, 3),))
    assert schedule_clip(clip, Timebase(), 48_000).messages == ((0, 0xE3, 5, 64),)


def test_a_note_that_rings_past_the_end_is_cut_there():
    schedule = schedule_clip(Clip((Note(0, 5000, 60),), 480), Timebase.steady(120), 48_000)
    assert schedule.length_frames == 24_000
    assert schedule.messages[-1].frame == 24_000
