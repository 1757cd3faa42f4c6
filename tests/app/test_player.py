"""Playing what is drawn."""

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.engine.protocol import (
    PLAYER_CHANNEL,
    LoopRange,
    Panic,
    PlayClip,
    PlayheadMoved,
    SetRecording,
    Stop,
)
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
    assert command.loop == LoopRange(0, 4 * BAR_TICKS)
    assert not command.is_recording
    assert not command.is_endless
    assert command.count_in_bars == 0
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
    assert plays(engine)[0].loop is None
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
    assert again.start_ticks is None  # no gap: from where the transport is
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
    assert not services.player.state.can_play
    services.player.toggle()
    assert not services.player.is_playing
    assert plays(engine) == []


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


def test_going_on_starts_where_it_was_stopped(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    engine.move_playhead(3000.7)
    services.player.stop()
    services.player.play_on()
    assert plays(engine)[-1].start_ticks == 3000
    services.player.play_on()
    assert len(plays(engine)) == 2


def test_a_chosen_place_is_where_going_on_starts(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.play()
    engine.move_playhead(3000.7)
    services.player.stop()
    services.player.start_at(BAR_TICKS)
    services.player.play_on()
    assert plays(engine)[-1].start_ticks == BAR_TICKS


def test_a_range_is_looped(engine: ScriptedEngine, services: Services) -> None:
    services.player.set_loop(LoopRange(BAR_TICKS, 2 * BAR_TICKS))
    services.player.play()
    assert plays(engine)[-1].loop == LoopRange(BAR_TICKS, 2 * BAR_TICKS)
    services.player.start_at(3 * BAR_TICKS)
    assert plays(engine)[-1].loop is None  # behind the loop there is no way back


def test_a_loop_set_while_playing_is_heard_without_a_gap(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    services.player.play()
    services.player.set_loop(LoopRange(0, BAR_TICKS))
    qtbot.waitUntil(lambda: len(plays(engine)) == 2)
    assert (plays(engine)[1].start_ticks, plays(engine)[1].loop) == (None, LoopRange(0, BAR_TICKS))


def test_a_loop_round_what_has_gone_goes_too(services: Services) -> None:
    services.player.set_loop(LoopRange(2 * BAR_TICKS, 4 * BAR_TICKS))
    primer = services.document.session.primer
    assert primer is not None
    services.document.replace_primer(primer.between(0, BAR_TICKS))
    assert services.player.state.loop is None
    assert services.player.loop_range == LoopRange(0, BAR_TICKS)


@pytest.mark.parametrize("loop", [LoopRange(-1, 10), LoopRange(10, 10), LoopRange(20, 10)])
def test_a_loop_that_goes_nowhere_is_refused(services: Services, loop: LoopRange) -> None:
    with pytest.raises(ValueError, match="forward"):
        services.player.set_loop(loop)


def test_recording_counts_in_and_never_ends_by_itself(
    engine: ScriptedEngine, services: Services
) -> None:
    services.settings.change(count_in_bars=2)
    services.player.set_looping(False)
    services.player.record()
    (command,) = plays(engine)
    assert (command.is_recording, command.count_in_bars, command.is_endless) == (True, 2, True)
    assert services.player.state.is_counting_in
    engine.move_playhead(-BAR_TICKS, is_counting_in=True)
    assert services.player.playhead_ticks == -BAR_TICKS
    engine.move_playhead(10.0)
    assert not services.player.state.is_counting_in
    assert services.player.is_recording
    services.player.toggle()
    assert isinstance(engine.sent[-1], Stop)
    assert not services.player.is_recording


def test_recording_during_the_count_in_is_called_off(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.record()
    services.player.record()
    assert isinstance(engine.sent[-1], Stop)
    assert not services.player.is_playing


def test_another_place_chosen_during_the_count_in_is_counted_in_to(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.record()
    services.player.start_at(BAR_TICKS)
    command = plays(engine)[-1]
    assert (command.start_ticks, command.count_in_bars) == (BAR_TICKS, 1)
    assert command.is_recording
    state = services.player.state
    assert (state.start_ticks, state.is_counting_in, state.is_recording) == (BAR_TICKS, True, True)


def test_punching_in_and_out_while_playing(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    services.player.record()
    assert engine.sent[-1] == SetRecording(is_on=True)
    assert services.player.is_recording
    services.player.record()
    assert engine.sent[-1] == SetRecording(is_on=False)
    assert services.player.is_playing
    assert not services.player.is_recording


def test_what_is_overdubbed_is_heard_at_once_and_recording_goes_on(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    services.settings.change(count_in_bars=0)
    services.player.record()
    primer = services.document.session.primer
    assert primer is not None
    services.document.change_primer(primer.with_notes(primer.notes[1:]), "Overdub")
    qtbot.waitUntil(lambda: len(plays(engine)) == 2)
    again = plays(engine)[1]
    assert (again.start_ticks, again.is_recording, again.count_in_bars) == (None, True, 0)


def test_nothing_is_changed_under_a_count_in(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    services.player.record()
    services.document.set_tempo(100)
    qtbot.wait(150)
    assert len(plays(engine)) == 1
    engine.move_playhead(10.0)
    qtbot.waitUntil(lambda: len(plays(engine)) == 2)
    assert plays(engine)[1].timebase == services.document.session.timebase


def test_what_is_replaced_is_not_heard(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    add_solos(services, 1)
    services.player.set_overdubbing(is_overdubbing=False)
    services.player.start_at(BAR_TICKS)
    services.player.record()
    heard = plays(engine)[0].clip.notes
    own = [note.onset_ticks for note in heard if note.channel == PLAYER_CHANNEL]
    assert own
    assert max(own) < BAR_TICKS
    assert any(note.channel != PLAYER_CHANNEL for note in heard)
    services.document.change_timing(strength=1.0)
    qtbot.wait(100)
    assert len(plays(engine)) == 1


def test_recording_works_where_there_is_nothing_yet(
    engine: ScriptedEngine, services: Services
) -> None:
    services.document.replace_session(Session(), "Start a new idea")
    services.player.record()
    (command,) = plays(engine)
    assert (command.clip.notes, command.loop, command.is_endless) == ((), None, True)


def test_the_click_can_be_played_alone(engine: ScriptedEngine, services: Services) -> None:
    services.document.replace_session(Session(), "Start a new idea")
    services.settings.change(is_metronome_on=True)
    assert services.player.state.can_play
    services.player.play()
    (command,) = plays(engine)
    assert command.is_endless


def test_an_engine_that_is_replaced_stops_the_playing(
    services: Services,
) -> None:
    services.player.record()
    services.devices.restarting.emit()
    assert not services.player.is_playing
    assert not services.player.is_recording


def test_without_an_engine_nothing_records(engine: ScriptedEngine, services: Services) -> None:
    engine.shut_down()
    services.player.record()
    assert not services.player.is_recording
