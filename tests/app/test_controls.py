"""Knobs and buttons of a controller."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.controls import scaled
from musicassist.app.demo import demo_session
from musicassist.app.notices import Notice
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.soloist_service import ECHO
from musicassist.engine.protocol import ControlMoved, GrabPhrase, Panic, PlayClip
from musicassist.midi.controllers import ACTIONS
from musicassist.music.solo import Solo

shares = st.floats(0, 1)


def press(engine: ScriptedEngine, action: str) -> None:
    engine.say(ControlMoved(action, 1.0, "V49"))


def turn(engine: ScriptedEngine, action: str, *places: float) -> None:
    for place in places:
        engine.say(ControlMoved(action, place, "V49"))


@example(0.0, [0.0, 0.18552525044625082, 1.0])
@given(shares, st.lists(shares, min_size=2, max_size=20))
def test_a_value_never_moves_further_than_its_knob_allows(value: float, way: list[float]) -> None:
    for before, now in pairwise(way):
        after = scaled(value, before, now)
        assert 0 <= after <= 1
        assert (after - value) * (now - before) >= 0
        value = after


@given(shares, shares)
def test_knob_and_value_reach_the_ends_together(value: float, place: float) -> None:
    if place < 1:
        assert scaled(value, place, 1.0) == pytest.approx(1)
    if place > 0:
        assert scaled(value, place, 0.0) == pytest.approx(0)


@given(shares, shares)
def test_a_value_that_stands_where_its_knob_does_follows_it(place: float, now: float) -> None:
    assert scaled(place, place, now) == pytest.approx(now)


def test_the_first_word_of_a_knob_moves_nothing(engine: ScriptedEngine, services: Services) -> None:
    turn(engine, "surprise", 0.9)
    assert services.document.session.wishes.surprise == 0.5
    turn(engine, "surprise", 1.0)
    assert services.document.session.wishes.surprise == 1.0


@pytest.mark.parametrize(
    ("action", "read"),
    [
        ("surprise", lambda s: s.document.session.wishes.surprise),
        ("density", lambda s: s.document.session.wishes.manner.density),
        ("leaps", lambda s: s.document.session.wishes.manner.leaps),
        ("register", lambda s: s.document.session.wishes.manner.register),
        ("swing", lambda s: s.document.session.wishes.manner.swing),
        ("quantize_strength", lambda s: s.document.session.timing.strength),
        ("tempo", lambda s: s.document.session.timebase.tempos[0].bpm),
        ("volume", lambda s: s.settings.settings.volume_db),
        ("solo_volume", lambda s: s.mixer.mix.solo.volume_db),
        ("backing_volume", lambda s: s.mixer.backing_db),
        ("click_volume", lambda s: s.mixer.mix.click.volume_db),
    ],
)
def test_knobs_turn_what_they_are_mapped_to(
    engine: ScriptedEngine, services: Services, action: str, read: object
) -> None:
    assert callable(read)
    turn(engine, action, 0.5, 0.0)
    low = read(services)
    turn(engine, action, 0.5)
    middle = read(services)
    turn(engine, action, 1.0)
    assert low < middle < read(services)


def test_a_knob_takes_a_free_wish_up_from_the_middle(
    engine: ScriptedEngine, services: Services
) -> None:
    turn(engine, "density", 0.2)
    assert services.document.session.wishes.manner.density is None
    turn(engine, "density", 0.6)
    assert services.document.session.wishes.manner.density == pytest.approx(0.75)


def test_a_knob_is_one_step_of_the_history(engine: ScriptedEngine, services: Services) -> None:
    before = services.document.session
    turn(engine, "quantize_strength", 0.0, 0.2, 0.4, 0.6)
    services.document.undo()
    assert services.document.session == before


def test_buttons_play_record_and_stop(engine: ScriptedEngine, services: Services) -> None:
    press(engine, "play_stop")
    assert services.player.is_playing
    press(engine, "record")
    assert services.player.is_recording
    press(engine, "panic")
    assert isinstance(engine.sent[-1], Panic)
    assert not services.player.is_playing
    press(engine, "loop")
    assert not services.player.state.is_looping
    press(engine, "metronome")
    assert services.settings.settings.is_metronome_on
    press(engine, "capture")
    assert isinstance(engine.sent[-1], GrabPhrase)
    services.document.set_tempo(77)
    press(engine, "undo")
    assert services.document.session == demo_session()


def test_a_button_continues(qtbot: QtBot, engine: ScriptedEngine, services: Services) -> None:
    with qtbot.waitSignal(services.soloist.solos_made, timeout=5_000):
        press(engine, "continue")
    assert isinstance(engine.sent[-1], PlayClip)


def test_buttons_walk_through_the_takes(
    qtbot: QtBot, engine: ScriptedEngine, services: Services
) -> None:
    press(engine, "next_take")
    assert services.document.session.selected_number is None
    primer = services.document.session.primer
    assert primer is not None
    services.document.add_solos(tuple(Solo(primer, "echo", n, primer) for n in range(3)))
    with qtbot.waitSignal(services.controls.take_stepped) as stepped:
        press(engine, "next_take")
    assert stepped.args == [2]
    for _ in range(5):
        press(engine, "previous_take")
    assert services.document.session.selected_number == 1


def test_three_taps_set_the_tempo(engine: ScriptedEngine) -> None:
    now_s = [0.0]
    services = connect_services(engine, demo_session(), (ECHO,), clock_s=lambda: now_s[0])
    seen: list[Notice] = []
    services.notices.posted.connect(seen.append)
    engine.start()
    for index in range(4):
        now_s[0] = 100 + index * 0.5
        press(engine, "tap_tempo")
        is_set = services.document.session.timebase.tempos[0].bpm == pytest.approx(120)
        assert is_set == (index >= 2)
    assert seen[0].text == "Tap on: the third tap sets the tempo."
    services.document.undo()
    assert services.document.session == demo_session()
    services.shut_down()


def test_what_does_nothing_yet_says_so_once(engine: ScriptedEngine, services: Services) -> None:
    seen: list[Notice] = []
    services.notices.posted.connect(seen.append)
    turn(engine, "humanize", 0.1, 0.2, 0.3)
    assert [notice.text for notice in seen] == [
        "Humanize cannot be changed yet: this control does nothing for now."
    ]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_does_something_or_says_that_it_does_not(
    engine: ScriptedEngine, services: Services, action: str
) -> None:
    happened: list[object] = []
    services.notices.posted.connect(happened.append)
    services.document.step_taken.connect(happened.append)
    services.player.state_changed.connect(lambda: happened.append("played"))
    services.settings.changed.connect(happened.append)
    services.soloist.busy_changed.connect(happened.append)
    primer = services.document.session.primer
    assert primer is not None
    services.document.add_solos(tuple(Solo(primer, "echo", n, primer) for n in range(3)))
    services.document.select_solo(2)
    services.document.session_changed.connect(happened.append)
    services.player.play()
    engine.sent.clear()
    happened.clear()
    turn(engine, action, 0.4, 0.2, 0.6)
    assert happened or engine.sent
