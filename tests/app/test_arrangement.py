"""What is drawn, heard and exported."""

from dataclasses import replace

from hypothesis import given

from musicassist.app.arrangement import arrangement_of
from musicassist.app.demo import demo_session
from musicassist.engine.protocol import PLAYER_CHANNEL, SOLO_CHANNEL
from musicassist.music.backing import BASS_CHANNEL, CHORDS_CHANNEL, DRUM_CHANNEL, Backing
from musicassist.music.chords import parse_progression
from musicassist.music.clip import Clip
from musicassist.music.note import SUSTAIN, ControlPoint, Note
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from tests.storage.sessions import sessions

BAR_TICKS = 1920
CRASH = 49


ALONE = Backing(is_on=False)


def solo() -> Solo:
    clip = Clip((Note(0, 240, 72, 90, channel=9),), BAR_TICKS)
    return Solo(clip, "echo", 1, clip)


def test_an_empty_session_has_nothing_to_hear() -> None:
    assert arrangement_of(Session()).heard_clip == Clip()


def test_the_solo_starts_at_the_bar_line_after_the_primer() -> None:
    primer = Clip((Note(10, 200, 60),), BAR_TICKS + 5)
    session = Session(primer=primer, backing=ALONE).with_new_solos((solo(),))
    arrangement = arrangement_of(session)
    assert arrangement.solo_start_ticks == 2 * BAR_TICKS
    assert arrangement.length_ticks == 3 * BAR_TICKS
    assert arrangement.heard_clip.notes[-1].onset_ticks == 2 * BAR_TICKS


def led_solo() -> Solo:
    clip = Clip((Note(0, 240, 71), Note(240, 480, 72)), BAR_TICKS + 240)
    return Solo(clip, "echo", 1, clip, pickup_ticks=240)


def test_a_pickup_is_heard_before_the_bar_line_and_the_bars_stay() -> None:
    session = Session(primer=Clip((Note(10, 200, 60),), BAR_TICKS), backing=ALONE).with_new_solos(
        (led_solo(),)
    )
    arrangement = arrangement_of(session)
    assert arrangement.solo_start_ticks == BAR_TICKS - 240
    assert arrangement.length_ticks == 2 * BAR_TICKS
    heard = arrangement.heard_clip
    assert [note.onset_ticks for note in heard.notes] == [10, BAR_TICKS - 240, BAR_TICKS]
    assert heard.length_ticks == 2 * BAR_TICKS


def test_without_a_phrase_there_is_no_room_for_a_pickup() -> None:
    arrangement = arrangement_of(Session(backing=ALONE).with_new_solos((led_solo(),)))
    assert [note.onset_ticks for note in arrangement.heard_clip.notes] == [0]
    assert arrangement.length_ticks == BAR_TICKS


def test_each_voice_is_heard_on_its_channel() -> None:
    primer = Clip((Note(0, 200, 60, 90, 5),), BAR_TICKS, (ControlPoint(0, SUSTAIN, 127, 5),))
    heard = arrangement_of(
        Session(primer=primer, backing=ALONE).with_new_solos((solo(),))
    ).heard_clip
    assert [note.channel for note in heard.notes] == [PLAYER_CHANNEL, SOLO_CHANNEL]
    assert [point.channel for point in heard.controls] == [PLAYER_CHANNEL]


def test_the_chords_go_on_to_the_end() -> None:
    session = demo_session().with_new_solos((solo(),))
    arrangement = arrangement_of(session)
    assert arrangement.progression is not None
    assert arrangement.progression.length_ticks == arrangement.length_ticks
    fifth_bar = arrangement.progression.chord_at(4 * BAR_TICKS)
    assert fifth_bar is not None
    assert fifth_bar.text == "Fm"


def channels(session: Session) -> set[int]:
    return {note.channel for note in arrangement_of(session).heard_clip.notes}


BAND = {CHORDS_CHANNEL, BASS_CHANNEL, DRUM_CHANNEL}


def test_phrase_and_solo_are_accompanied_to_the_end() -> None:
    session = demo_session().with_new_solos((solo(),))
    arrangement = arrangement_of(session)
    assert channels(session) == {PLAYER_CHANNEL, SOLO_CHANNEL} | BAND
    for track in arrangement.backing.tracks:
        assert track.length_ticks == arrangement.length_ticks
        assert track.notes[-1].onset_ticks > arrangement.length_ticks - BAR_TICKS
    assert arrangement.heard_clip.length_ticks == arrangement.length_ticks


def test_the_accompaniment_is_named_for_files_of_several_tracks() -> None:
    tracks = arrangement_of(demo_session()).backing.tracks
    assert [track.name for track in tracks] == ["Chords", "Bass", "Drums"]


def test_it_can_be_switched_off() -> None:
    assert channels(replace(demo_session(), backing=ALONE)) == {PLAYER_CHANNEL}


def test_without_chords_drums_play_alone_until_the_soloist_has_found_some() -> None:
    session = replace(demo_session(), progression=None, progression_text="")
    assert channels(session) == {PLAYER_CHANNEL, DRUM_CHANNEL}
    assert session.primer is not None
    answered = session.with_new_solos((Solo(session.primer, "echo", 1, session.primer),))
    assert channels(answered) == {PLAYER_CHANNEL, SOLO_CHANNEL} | BAND


def test_chords_typed_alone_are_played_as_far_as_they_go() -> None:
    timebase = Session().timebase
    session = Session(progression_text="C | F", progression=parse_progression("C | F", timebase))
    heard = arrangement_of(session).heard_clip
    assert {note.channel for note in heard.notes} == BAND
    assert heard.length_ticks == 2 * BAR_TICKS


def test_the_drums_lead_into_the_solo() -> None:
    session = demo_session().with_new_solos((solo(),))
    drums = arrangement_of(session).backing.drums
    crashes = [note.onset_ticks for note in drums.notes if note.pitch == CRASH]
    assert [round(ticks / BAR_TICKS) for ticks in crashes] == [4]


def test_what_is_the_same_is_not_worked_out_again() -> None:
    session = demo_session()
    softer = replace(session, mix=session.mix.with_level("bass", volume_db=-20.0))
    assert arrangement_of(session).backing is arrangement_of(softer).backing


@given(sessions)
def test_whatever_is_in_a_session_can_be_accompanied(session: Session) -> None:
    arrangement = arrangement_of(session)
    heard = arrangement.heard_clip
    for track in arrangement.backing.tracks:
        assert session.backing.is_on
        assert track.length_ticks == arrangement.length_ticks
        assert track.end_of_notes_ticks <= arrangement.length_ticks
    assert all(note.onset_ticks < heard.length_ticks for note in heard.notes)


@given(sessions)
def test_how_long_and_whether_it_sounds_is_told_before_the_band_has_played(
    session: Session,
) -> None:
    arrangement = arrangement_of(session)
    told = arrangement.heard_length_ticks, arrangement.is_audible
    heard = arrangement.heard_clip
    assert told == (heard.length_ticks, bool(heard.notes))


def test_a_feel_of_a_newer_version_is_played_as_one_there_is() -> None:
    session = replace(demo_session(), backing=Backing("polka of the future"))
    assert channels(session) >= BAND
