"""Playing what is drawn."""

from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.engine.protocol import Panic, PlayClip, PlayheadMoved, Stop
from musicassist.music.session import Session
from musicassist.music.solo import Solo

BAR_TICKS = 1920


def plays(engine: ScriptedEngine) -> list[PlayClip]:
    return [command for command in engine.sent if isinstance(command, PlayClip)]


def add_solos(services: Services, n_solos: int) -> None:
    primer = services.document.session.primer
    assert primer is not None
    services.document.add_solos(tuple(Solo(primer, "echo", n, primer) for n in range(n_solos)))


def test_space_plays_what_is_drawn(engine: ScriptedEngine, services: Services) -> None:
    services.player.toggle()
    assert services.player.is_playing
    (command,) = plays(engine)
    assert command.clip == services.document.arrangement.heard_clip
    assert command.timebase == services.document.session.timebase
    assert command.is_looping
    assert command.start_ticks == 0


def test_stopping_returns_to_where_playback_started(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.start_at(BAR_TICKS)
    services.player.play()
    engine.move_playhead(3000.0)
    assert services.player.playhead_ticks == 3000.0
    services.player.toggle()
    assert isinstance(engine.sent[-1], Stop)
    assert services.player.playhead_ticks == BAR_TICKS
    assert plays(engine)[0].start_ticks == BAR_TICKS


def test_reports_that_come_late_move_nothing(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    services.player.stop()
    engine.move_playhead(3000.0)
    assert services.player.playhead_ticks == 0
    assert not services.player.is_playing


def test_the_late_end_of_what_was_played_before_ends_nothing(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.play()
    before = plays(engine)[-1].play_id
    services.player.play()
    engine.say(PlayheadMoved(3000.0, is_playing=True, play_id=before))
    assert services.player.playhead_ticks == 0
    engine.say(PlayheadMoved(3000.0, is_playing=False, play_id=before))
    assert services.player.is_playing


def test_the_end_of_the_music_is_the_end_of_playing(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.set_looping(False)
    services.player.play()
    assert not plays(engine)[0].is_looping
    engine.move_playhead(4.0 * BAR_TICKS, is_playing=False)
    assert not services.player.is_playing


def test_a_change_while_playing_is_heard_from_where_it_is(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    services.player.play()
    engine.move_playhead(1000.0)
    for strength in (0.2, 0.4, 1.0):
        services.document.change_timing(strength=strength)
    qtbot.waitUntil(lambda: len(plays(engine)) == 2)
    again = plays(engine)[1]
    assert again.start_ticks == 1000
    assert again.clip == services.document.arrangement.heard_clip


def test_a_change_that_is_not_heard_sends_nothing(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    services.player.play()
    services.document.change_wishes(seed=5)
    qtbot.wait(100)
    assert len(plays(engine)) == 1


def test_auditioning_chooses_the_solo_and_plays_from_the_start(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    add_solos(services, 3)
    services.player.start_at(BAR_TICKS)
    services.player.play()
    services.player.audition(3)
    qtbot.wait(100)  # nothing more may follow
    assert services.document.session.selected_number == 3
    assert [command.start_ticks for command in plays(engine)] == [BAR_TICKS, 0]
    assert plays(engine)[-1].clip == services.document.arrangement.heard_clip


def test_nothing_to_play_sends_nothing(engine: ScriptedEngine, services: Services) -> None:
    services.document.replace_session(Session(), "Start a new idea")
    assert not services.player.can_play
    services.player.toggle()
    assert not services.player.is_playing
    assert engine.sent == []


def test_panic_silences_everything(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    services.player.panic()
    assert isinstance(engine.sent[-1], Panic)
    assert not services.player.is_playing


def test_an_engine_that_goes_stops_the_playing(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    engine.die()
    assert not services.player.is_playing


def test_a_shorter_phrase_brings_the_start_back(services: Services) -> None:
    services.player.start_at(3 * BAR_TICKS)
    primer = services.document.session.primer
    assert primer is not None
    services.document.replace_primer(primer.between(0, BAR_TICKS))
    assert services.player.playhead_ticks == 0
