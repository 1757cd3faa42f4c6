"""Sweeping bars in the ruler, to make them anew or to loop them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from musicassist.engine.protocol import LoopRange
from musicassist.music.session import Session
from musicassist.ui.bar_sweep import BarSweep
from musicassist.ui.ruler import Ruler
from tests.ui.conftest import Desk
from tests.ui.gestures import drag

BAR = 1920


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.continue_phrase()
    desk.services.player.stop()
    return desk


def sweep(desk: Desk, from_ticks: float, to_ticks: float) -> None:
    ruler: Ruler = desk.window.timeline.ruler
    y = ruler.height() - 8
    start, end = (QPoint(round(ruler.axis.x_at(each)), y) for each in (from_ticks, to_ticks))
    drag(ruler, start, end)


def test_swept_bars_of_the_solo_are_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = desk.window.timeline
    wanted: list[tuple[int, int]] = []
    timeline.regenerate_wanted.connect(lambda *bars: wanted.append(bars))
    sweep(desk, 5.2 * BAR, 6.7 * BAR)
    button = timeline.roll.sweep_button
    assert timeline.roll.sweep == BarSweep(5, 2)
    assert button.isVisible()
    assert button.text() == "Regenerate bars 6–7"
    number = desk.services.document.session.last_number
    with desk.qtbot.waitSignal(desk.services.soloist.solos_made, timeout=5_000):
        button.click()
    assert wanted == [(1, 2)]
    assert desk.services.document.session.selected_number == number + 1
    assert not button.isVisible()
    assert timeline.roll.sweep is None


def test_a_sweep_backwards_is_as_good_and_chooses_the_notes(desk: Desk) -> None:
    sweep(desk, 6.7 * BAR, 5.2 * BAR)
    assert desk.window.timeline.roll.sweep == BarSweep(5, 2)
    onsets = {each.onset_ticks for each in desk.services.notes.selected_notes()}
    assert onsets
    assert all(5 * BAR <= each < 7 * BAR for each in onsets)


def test_swept_bars_of_the_phrase_are_looped(desk: Desk) -> None:
    sweep(desk, 1.1 * BAR, 2.5 * BAR)
    button = desk.window.timeline.roll.sweep_button
    assert button.text() == "Loop bars 2–3"
    button.click()
    assert desk.services.player.loop_range == LoopRange(BAR, 3 * BAR)


def test_of_a_sweep_over_both_only_the_solos_bars_are_made_anew(desk: Desk) -> None:
    sweep(desk, 2.5 * BAR, 4.5 * BAR)
    assert desk.window.timeline.roll.sweep_button.text() == "Regenerate bar 5"


def test_escape_gives_a_sweep_up_before_it_silences(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.qtbot.waitActive(desk.window)
    sweep(desk, 5.2 * BAR, 6.7 * BAR)
    desk.services.player.play()
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Escape)
    assert desk.window.timeline.roll.sweep is None
    assert desk.services.player.is_playing
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Escape)
    assert not desk.services.player.is_playing


def test_the_loop_becomes_a_sweep_by_a_key(desk: Desk) -> None:
    ruler = desk.window.timeline.ruler
    desk.services.player.set_loop(LoopRange(6 * BAR, 8 * BAR))
    ruler.setFocus()
    QTest.keyClick(ruler, Qt.Key.Key_Return)
    assert desk.window.timeline.roll.sweep == BarSweep(6, 2)


def test_bars_of_chosen_notes_are_made_anew_by_a_key(desk: Desk) -> None:
    wanted: list[tuple[int, int]] = []
    desk.window.timeline.regenerate_wanted.connect(lambda *bars: wanted.append(bars))
    desk.services.notes.select_bars(6, 1)
    with desk.qtbot.waitSignal(desk.services.soloist.solos_made, timeout=5_000):
        desk.window.commands["regenerate_bars"].trigger()
    assert wanted == [(2, 1)]


def test_a_sweep_goes_when_its_bars_are_gone(desk: Desk) -> None:
    sweep(desk, 8.2 * BAR, 9.7 * BAR)
    assert desk.window.timeline.roll.sweep is not None
    desk.services.document.replace_session(Session(), "Start again")
    assert desk.window.timeline.roll.sweep is None


def test_the_button_stays_in_sight(desk: Desk) -> None:
    timeline = desk.window.timeline
    end_bar = desk.services.document.arrangement.length_ticks // BAR
    sweep(desk, (end_bar - 0.9) * BAR, (end_bar - 0.2) * BAR)
    button = timeline.roll.sweep_button
    assert button.geometry().right() < timeline.roll.width()
