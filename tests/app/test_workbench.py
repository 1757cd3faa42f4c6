"""From a played phrase to a solo."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.notices import Notice
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import ECHO
from musicassist.app.workbench import solo_request_of
from musicassist.engine.protocol import (
    EngineReady,
    EngineTrouble,
    GrabPhrase,
    InputPort,
    InputPortsChanged,
    KeyMoved,
    LoopRange,
    NothingToGrab,
    PhraseCaptured,
    PlayClip,
    PressKey,
    ReleaseKey,
)
from musicassist.errors import NoAudioError
from musicassist.music.keys import Key
from musicassist.music.manner import Manner
from musicassist.music.session import Session
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take

BEAT_NS = 625_000_000  # the demo's tempo, 96 bpm


def played(*pitches: int) -> Take:
    events = []
    for index, pitch in enumerate(pitches):
        events.append(RawEvent(index * BEAT_NS, NOTE_ON, pitch, 80))
        events.append(RawEvent(index * BEAT_NS + BEAT_NS // 2, NOTE_OFF, pitch))
    return Take(tuple(events), "V49")


@pytest.fixture
def seen(services: Services) -> list[Notice]:
    notices: list[Notice] = []
    services.notices.posted.connect(notices.append)
    return notices


def test_continue_makes_takes_and_auditions_the_first(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    engine.say(PhraseCaptured(played(60, 62, 64)))
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()
    session = services.document.session
    assert len(session.solos) == session.wishes.n_takes
    assert session.selected_number == 1
    play = engine.sent[-1]
    assert isinstance(play, PlayClip)
    assert play.loop == LoopRange(0, play.clip.length_ticks)
    assert play.clip == services.document.arrangement.heard_clip
    assert play.clip.length_ticks == (1 + session.wishes.n_bars) * 1920


def test_a_request_says_all_that_is_wished(services: Services) -> None:
    services.document.change_wishes(n_bars=3, n_takes=2, seed=9, surprise=0.8, is_key_locked=False)
    session = services.document.session
    assert session.primer is not None
    request = solo_request_of(session, session.primer)
    assert (request.n_bars, request.n_takes, request.seed) == (3, 2, 9)
    assert (request.surprise, request.is_key_locked, request.key) == (0.8, False, session.key)
    assert request.progression is not None
    assert request.progression.length_ticks == 7 * 1920
    assert (request.style, request.manner, request.has_pickup) == ("", Manner(), False)
    services.document.change_wishes(has_pickup=True, furthest_leap=7)
    services.document.change_wishes(lowest_pitch=50, highest_pitch=70)
    services.document.change_manner(swing=0.25, density=0.5)
    request = solo_request_of(services.document.session, session.primer)
    assert (request.lowest_pitch, request.highest_pitch, request.furthest_leap) == (50, 70, 7)
    assert (request.manner, request.has_pickup) == (Manner(swing=0.25, density=0.5), True)


def test_a_character_brings_its_style_and_its_scale_while_it_stays_in_key(
    services: Services,
) -> None:
    document = services.document
    document.choose_character("blues-rock")
    assert document.session.primer is not None
    request = solo_request_of(document.session, document.session.primer)
    assert request.style == "rock"
    assert request.key == document.session.key == Key.parse("Fm")
    assert request.kept_key(request.key) == Key.parse("F blues")
    document.change_wishes(is_key_locked=False)
    request = solo_request_of(document.session, document.session.primer)
    assert request.kept_key(Key.parse("Fm")) == Key.parse("Fm")
    document.change_wishes(is_key_locked=True)
    document.set_key(Key.parse("F dorian"))  # somebody chose it
    request = solo_request_of(document.session, document.session.primer)
    assert request.kept_key(Key.parse("F dorian")) == request.key == Key.parse("F dorian")
    document.set_key(None)
    assert solo_request_of(document.session, document.session.primer).key is None


def test_without_a_phrase_there_is_nothing_to_continue(
    services: Services, seen: list[Notice]
) -> None:
    services.document.replace_session(Session(), "Start a new idea")
    services.workbench.continue_phrase()
    assert seen[-1].is_error
    assert "no phrase" in seen[-1].text


def test_without_a_model_there_is_one_sentence(engine: ScriptedEngine) -> None:
    services = connect_services(engine, demo_session(), ())
    seen: list[Notice] = []
    services.notices.posted.connect(seen.append)
    services.workbench.continue_phrase()
    assert "no model" in seen[-1].text
    services.shut_down()


def continued(qtbot: QtBot, services: Services) -> None:
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()


def test_bars_made_anew_are_a_new_solo_and_the_old_one_stays(
    qtbot: QtBot, services: Services, seen: list[Notice]
) -> None:
    continued(qtbot, services)
    before = services.document.session
    old = before.solo_numbered(2)
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.regenerate_bars(2, 4, 2)
        assert services.soloist.is_busy
    session = services.document.session
    assert session.solo_numbered(2) is old is not None
    new = session.solo_numbered(5)
    assert new is not None
    assert new.solo.settings["regenerated"] == f"bars 5-6 seed {before.wishes.seed}"
    start_ticks, end_ticks = 4 * 1920, 6 * 1920
    for each, other in ((old, new), (new, old)):
        kept = {note for note in each.solo.clip.notes if note.onset_ticks >= end_ticks}
        assert kept <= set(other.solo.clip.notes)
    changed = [note for note in new.solo.clip.notes if start_ticks <= note.onset_ticks < end_ticks]
    assert changed
    assert not set(changed) <= set(old.solo.clip.notes)
    assert session.selected_number == 5
    assert new.origin == "bars 9–10 of Solo 2 anew"
    assert session.wishes.seed == before.wishes.seed + 1  # the next attempt is another
    assert services.document.undo_name == "Regenerate bars 9–10 of Solo 2"
    assert seen[-1].text.startswith("Bars 9–10 of Solo 2 made anew")
    services.document.undo()
    assert services.document.session == before


def test_variations_are_new_solos_and_the_best_is_heard(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    continued(qtbot, services)
    before = services.document.session
    engine.sent.clear()
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.vary(3, 0.8)
    session = services.document.session
    assert [each.number for each in session.solos] == [5, 6, 7, 8, 1, 2, 3, 4]
    assert all(each.solo.settings["nearness"] == 0.8 for each in session.solos[:4])
    assert {each.origin for each in session.solos[:4]} == {"near variation of Solo 3"}
    assert session.selected_number == 5
    assert isinstance(engine.sent[-1], PlayClip)
    assert services.document.undo_name == "Vary Solo 3"
    services.document.undo()
    assert services.document.session == before


def test_more_is_made_with_the_settings_of_a_solo_and_the_next_seed(
    qtbot: QtBot, services: Services
) -> None:
    services.document.change_wishes(n_bars=2, surprise=0.9)
    continued(qtbot, services)
    services.document.change_wishes(n_bars=5, surprise=0.1, n_takes=2)
    wishes = services.document.session.wishes
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.answer_again(3)
    session = services.document.session
    made = session.solos[:2]
    assert [each.number for each in session.solos] == [5, 6, 1, 2, 3, 4]
    assert all(each.solo.settings["surprise"] == 0.9 for each in made)
    assert {each.solo.clip.length_ticks for each in made} == {2 * 1920}
    assert made[0].solo.seed == wishes.seed
    assert made[0].origin == "as Solo 3, another seed"
    assert session.wishes == replace(wishes, seed=wishes.seed + 1)
    services.workbench.answer_again(99)
    assert not services.soloist.is_busy


def test_a_solo_that_is_not_there_is_neither_made_anew_nor_varied(
    qtbot: QtBot, services: Services
) -> None:
    continued(qtbot, services)
    services.workbench.regenerate_bars(9, 0, 1)
    services.workbench.regenerate_bars(1, 8, 1)
    services.workbench.vary(9, 0.5)
    assert not services.soloist.is_busy


def test_a_knob_moved_while_a_solo_plays_is_followed_by_the_coming_bars(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    continued(qtbot, services)
    before = services.document.session
    base = before.selected_solo
    assert base is not None
    engine.move_playhead((4 + 1) * 1920 + 500.0)  # in the second bar of the solo
    for density in (0.9, 0.5, 0.1):
        with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
            services.document.change_manner(density=density)
            assert not services.soloist.is_busy
    session = services.document.session
    assert len(session.solos) == len(before.solos) + 1
    followed = session.selected_solo
    assert followed is not None
    assert followed.number == 5
    assert followed.solo.settings["regenerated"] == f"bars 3-6 seed {base.solo.seed}"
    assert followed.solo.seed == base.solo.seed
    for each, other in ((base, followed), (followed, base)):
        early = {note for note in each.solo.clip.notes if note.end_ticks <= 2 * 1920}
        late = {note for note in each.solo.clip.notes if note.onset_ticks >= 6 * 1920}
        assert early <= set(other.solo.clip.notes) or each is followed
        assert late <= set(other.solo.clip.notes)
    assert session.wishes.seed == before.wishes.seed
    services.document.undo()
    assert services.document.session == before


def test_in_the_last_bar_a_loop_comes_back_to_the_first(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    continued(qtbot, services)
    engine.move_playhead((4 + 7) * 1920 + 1.0)
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.document.change_wishes(surprise=0.9)
    followed = services.document.session.selected_solo
    assert followed is not None
    assert str(followed.solo.settings["regenerated"]).startswith("bars 1-4 ")


def test_a_knob_moved_while_nothing_plays_or_something_is_made_asks_for_nothing(
    qtbot: QtBot, services: Services
) -> None:
    continued(qtbot, services)
    services.player.stop()
    with qtbot.assertNotEmitted(services.soloist.solos_made, wait=50):
        services.document.change_manner(density=0.3)
    services.player.play()
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        services.workbench.continue_phrase()
        services.document.change_manner(density=0.7)  # must not cost the takes on their way
        assert services.soloist.is_busy
    assert len(services.document.session.solos) == 8


def test_grabbing_asks_the_engine_and_says_when_there_was_nothing(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    services.workbench.grab()
    assert engine.sent[-1] == GrabPhrase()
    engine.say(NothingToGrab())
    assert "Nothing to grab" in seen[-1].text


def test_the_keyboard_on_screen_reaches_the_engine(
    engine: ScriptedEngine, services: Services
) -> None:
    services.workbench.press_key(60, 77)
    services.workbench.release_key(60)
    assert engine.sent[-2:] == [PressKey(60, 77), ReleaseKey(60)]


def test_what_the_engine_says_is_passed_on(
    qtbot: QtBot, engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    with qtbot.waitSignal(services.workbench.ports_changed) as ports:
        engine.say(InputPortsChanged((InputPort("V49"),)))
    assert ports.args == [(InputPort("V49"),)]
    moved = KeyMoved(60, is_down=True, is_playback=False, source="V49")
    with qtbot.waitSignal(services.workbench.key_moved) as keys:
        engine.say(moved)
    assert keys.args == [moved]
    engine.say(EngineTrouble("The port V49 went away.", "Connect it again."))
    assert seen[-1] == Notice("The port V49 went away.", "Connect it again.", is_error=True)


def test_an_engine_that_dies_is_started_again_and_the_user_told(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    before = services.document.session
    engine.die()
    assert engine.n_starts == 2
    assert engine.is_running
    assert [notice.is_error for notice in seen] == [True, False]
    assert "being started again" in seen[0].text
    assert "runs again" in seen[1].text
    services.notices.dismiss()
    assert len(seen) == 2  # no trouble waits behind it
    assert services.document.session is before


def test_trouble_with_a_port_or_a_device_is_taken_back_when_it_works_again(
    qtbot: QtBot, engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    engine.say(EngineTrouble("The port V49 has gone.", "Connect it again.", about="V49"))
    engine.say(EngineTrouble("Speakers have gone.", "Connect them.", about="Speakers"))
    engine.say(InputPortsChanged((InputPort("V49", is_open=False), InputPort("Keys"))))
    assert seen[-1].n_waiting == 1
    engine.say(InputPortsChanged((InputPort("V49"),)))
    services.notices.show_error(NoAudioError("Something else.", "Never mind."))
    assert seen[-1].n_waiting == 1
    services.notices.dismiss()
    assert seen[-1].text == "Speakers have gone."
    with qtbot.waitSignal(services.notices.cleared):
        engine.say(EngineReady("Speakers", 48_000, 7.0, "Scripted synth"))


def test_an_engine_that_dies_at_once_again_waits_for_the_user(
    engine: ScriptedEngine,
) -> None:
    now_s = [0.0]
    services = connect_services(engine, demo_session(), (ECHO,), clock_s=lambda: now_s[0])
    seen: list[Notice] = []
    services.notices.posted.connect(seen.append)
    engine.start()
    engine.die()
    now_s[0] = 1.0
    engine.die()
    assert engine.n_starts == 2
    assert seen[-1].action_name == "Restart"
    assert seen[-1].action is not None
    seen[-1].action()
    assert engine.n_starts == 3
    services.shut_down()


@pytest.mark.parametrize("want", ["play", "record", "grab", "stop"])
def test_without_an_engine_what_needs_one_offers_to_restart_it(
    services: Services,
    seen: list[Notice],
    engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
    want: str,
) -> None:
    restart = engine.restart
    monkeypatch.setattr(engine, "restart", engine.die)
    engine.die()
    monkeypatch.setattr(engine, "restart", restart)
    services.notices.clear()  # it has been read, and forgotten
    seen.clear()
    {
        "play": services.player.toggle,
        "record": services.player.record,
        "grab": services.workbench.grab,
        "stop": services.workbench.stop,
    }[want]()
    assert [notice.action_name for notice in seen] == ["Restart"]
    assert seen[0].action is not None
    seen[0].action()
    assert engine.is_running
    services.notices.clear()
    services.player.toggle()
    assert services.player.is_playing
    assert [notice.is_error for notice in seen] == [True, False]


def test_an_engine_that_cannot_be_started_again_is_said_last(
    services: Services, seen: list[Notice], engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "restart", engine.die)
    engine.die()
    assert seen[-1].action_name == "Restart"


def test_the_undo_of_a_notice_takes_back_that_step_or_none(
    engine: ScriptedEngine, services: Services, seen: list[Notice]
) -> None:
    engine.say(PhraseCaptured(played(60, 62, 64)))
    told = seen[-1]
    services.document.set_tempo(77)
    assert (seen[-1].text, seen[-1].action) == (told.text, None)  # no longer offered
    assert told.action is not None
    told.action()
    assert services.document.undo_name == "Change tempo"


def test_solos_on_their_way_do_not_reach_a_new_idea(qtbot: QtBot, services: Services) -> None:
    services.workbench.continue_phrase()
    services.sessions.start_new()
    assert not services.soloist.is_busy
    qtbot.wait(100)
    assert services.document.session.solos == ()


def test_a_new_idea_can_be_taken_back(services: Services, seen: list[Notice]) -> None:
    before = services.document.session
    services.sessions.start_new()
    assert services.document.session.primer is None
    assert services.document.session.solos == ()
    services.document.undo()
    assert services.document.session == before


def test_the_demo_comes_back(services: Services) -> None:
    demo = services.document.session
    services.sessions.start_new()
    services.phrase_files.load_demo()
    assert services.document.session.primer == demo.primer
    assert services.document.session.progression_text == demo.progression_text


def test_stop_ends_everything_that_runs(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    services.workbench.stop()
    assert not services.player.is_playing
    assert not services.soloist.is_busy
