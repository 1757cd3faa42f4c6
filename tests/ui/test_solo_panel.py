"""What the next solos shall be like."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from musicassist.ui.solo_panel import meaning_of
from musicassist.ui.timing_panel import strength_meaning
from tests.ui.conftest import Desk


def test_controls_show_and_change_the_wishes(desk: Desk) -> None:
    panel, document = desk.window.solo_panel, desk.services.document
    panel.bars.setValue(12)
    panel.takes.setValue(2)
    panel.seed.setValue(99)
    panel.surprise.setValue(80)
    panel.key_lock.click()
    wishes = document.session.wishes
    assert (wishes.n_bars, wishes.n_takes, wishes.seed) == (12, 2, 99)
    assert (wishes.surprise, wishes.is_key_locked) == (0.8, False)
    assert panel.meaning.text() == "adventurous"
    for _ in range(5):  # a step for each control
        document.undo()
    assert panel.bars.value() == 8
    assert panel.key_lock.isChecked()


def test_one_turn_of_several_knobs_is_taken_back_one_by_one(desk: Desk) -> None:
    panel, document = desk.window.solo_panel, desk.services.document
    before = document.session.timing
    panel.bars.setValue(12)
    desk.window.timing_panel.strength.setValue(10)
    document.undo()
    assert document.session.wishes.n_bars == 12
    assert document.session.timing == before


def test_a_double_click_sets_a_slider_back(desk: Desk) -> None:
    slider = desk.window.solo_panel.surprise
    slider.setValue(90)
    QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(10, 9))
    assert slider.value() == 50


@pytest.mark.parametrize("value", range(101))
def test_every_place_of_a_slider_has_words(value: int) -> None:
    assert meaning_of(value)
    assert strength_meaning(value)


def test_the_key_lock_names_the_key(desk: Desk) -> None:
    assert desk.window.solo_panel.key_lock.text() == "Stay in F minor"
    desk.services.document.set_key(None)
    assert desk.window.solo_panel.key_lock.text() == "Stay in key"


def test_continue_rests_while_the_soloist_works(desk: Desk) -> None:
    go = desk.window.solo_panel.go
    desk.window.solo_panel.show_busy(is_busy=True)
    assert not go.isEnabled()
    assert "Esc" in go.toolTip()
    desk.window.solo_panel.show_busy(is_busy=False)
    assert go.isEnabled()


def test_timing_reaches_what_is_drawn_and_heard(desk: Desk) -> None:
    panel = desk.window.timing_panel
    panel.grid.setCurrentText("1/8")
    panel.strength.setValue(100)
    primer = desk.window.timeline.roll.arrangement.primer
    assert primer is not None
    assert all(note.onset_ticks % 240 == 0 for note in primer.notes)
    assert panel.meaning.text() == "on the grid"
