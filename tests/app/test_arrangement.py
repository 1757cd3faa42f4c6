"""What is drawn, heard and exported."""

from musicassist.app.arrangement import arrangement_of
from musicassist.app.demo import demo_session
from musicassist.engine.protocol import PLAYER_CHANNEL, SOLO_CHANNEL
from musicassist.music.clip import Clip
from musicassist.music.note import SUSTAIN, ControlPoint, Note
from musicassist.music.session import Session
from musicassist.music.solo import Solo

BAR_TICKS = 1920


def solo() -> Solo:
    clip = Clip((Note(0, 240, 72, 90, channel=9),), BAR_TICKS)
    return Solo(clip, "echo", 1, clip)


def test_an_empty_session_has_nothing_to_hear() -> None:
    assert arrangement_of(Session()).heard_clip == Clip()


def test_the_solo_starts_at_the_bar_line_after_the_primer() -> None:
    primer = Clip((Note(10, 200, 60),), BAR_TICKS + 5)
    session = Session(primer=primer).with_new_solos((solo(),))
    arrangement = arrangement_of(session)
    assert arrangement.solo_start_ticks == 2 * BAR_TICKS
    assert arrangement.length_ticks == 3 * BAR_TICKS
    assert arrangement.heard_clip.notes[-1].onset_ticks == 2 * BAR_TICKS


def led_solo() -> Solo:
    clip = Clip((Note(0, 240, 71), Note(240, 480, 72)), BAR_TICKS + 240)
    return Solo(clip, "echo", 1, clip, pickup_ticks=240)


def test_a_pickup_is_heard_before_the_bar_line_and_the_bars_stay() -> None:
    session = Session(primer=Clip((Note(10, 200, 60),), BAR_TICKS)).with_new_solos((led_solo(),))
    arrangement = arrangement_of(session)
    assert arrangement.solo_start_ticks == BAR_TICKS - 240
    assert arrangement.length_ticks == 2 * BAR_TICKS
    heard = arrangement.heard_clip
    assert [note.onset_ticks for note in heard.notes] == [10, BAR_TICKS - 240, BAR_TICKS]
    assert heard.length_ticks == 2 * BAR_TICKS


def test_without_a_phrase_there_is_no_room_for_a_pickup() -> None:
    arrangement = arrangement_of(Session().with_new_solos((led_solo(),)))
    assert [note.onset_ticks for note in arrangement.heard_clip.notes] == [0]
    assert arrangement.length_ticks == BAR_TICKS


def test_each_voice_is_heard_on_its_channel() -> None:
    primer = Clip((Note(0, 200, 60, 90, 5),), BAR_TICKS, (ControlPoint(0, SUSTAIN, 127, 5),))
    heard = arrangement_of(Session(primer=primer).with_new_solos((solo(),))).heard_clip
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
