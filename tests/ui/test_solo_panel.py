"""What the next solos shall be like."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from musicassist.music.keys import Key
from musicassist.music.manner import Manner
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
    desk.services.document.choose_character("blues-rock")
    assert desk.window.solo_panel.key_lock.text() == "Stay in F blues"
    desk.services.document.set_key(None)
    assert desk.window.solo_panel.key_lock.text() == "Stay in key"
    desk.services.document.set_key(Key.parse("Bb harmonic minor"))  # no room for it here
    assert desk.window.solo_panel.key_lock.text() == "Stay in key"


def test_a_quality_is_free_until_its_slider_is_moved(desk: Desk) -> None:
    cell, document = desk.window.solo_panel.qualities["density"], desk.services.document
    assert cell.slider.is_free
    assert cell.meaning.text() == cell.slider.accessibleDescription() == "free"
    cell.slider.setValue(95)
    assert document.session.wishes.manner == Manner(density=0.95)
    assert cell.meaning.text() == cell.slider.accessibleDescription() == "dense"
    cell.slider.setValue(50)
    assert document.session.wishes.manner == Manner(density=0.5)
    assert not cell.slider.is_free
    document.undo()
    assert cell.slider.is_free


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace, None])
def test_keys_move_a_quality_and_give_it_free_again(desk: Desk, key: Qt.Key | None) -> None:
    slider = desk.window.solo_panel.qualities["leaps"].slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert desk.services.document.session.wishes.manner == Manner(leaps=0.51)
    if key is None:
        QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(4, 9))
    else:
        QTest.keyClick(slider, key)
    assert slider.is_free
    assert slider.value() == 50
    assert desk.services.document.session.wishes.manner == Manner()


@pytest.mark.parametrize("quality", ["density", "leaps", "register", "swing"])
def test_every_place_of_a_quality_has_words_that_fit(desk: Desk, quality: str) -> None:
    cell = desk.window.solo_panel.qualities[quality]
    said = set()
    for value in range(101):
        cell.show_wish(value / 100)
        said.add(cell.meaning.text())
        cell.layout().activate()
        assert cell.meaning.sizeHint().width() <= cell.meaning.width()
    assert len(said) == 5


def test_a_character_moves_the_sliders_and_they_may_be_moved_on(desk: Desk) -> None:
    panel, document = desk.window.solo_panel, desk.services.document
    before = document.session
    assert panel.character.currentText() == "As the phrase suggests"
    panel.character.setCurrentText("Neo-classical shred")
    assert document.session.wishes.character_id == "neo-classical-shred"
    assert panel.qualities["density"].slider.value() == 95
    assert panel.qualities["swing"].meaning.text() == "straight"
    panel.qualities["density"].slider.setValue(40)
    assert panel.character.currentText() == "Neo-classical shred"
    document.undo()
    document.undo()
    assert document.session == before
    assert panel.character.currentText() == "As the phrase suggests"
    assert all(cell.slider.is_free for cell in panel.qualities.values())


def test_a_character_of_a_newer_version_shows_as_none(desk: Desk) -> None:
    desk.services.document.change_wishes(character_id="from-the-future")
    assert desk.window.solo_panel.character.currentIndex() == 0


def test_the_lead_in_is_a_wish(desk: Desk) -> None:
    panel, document = desk.window.solo_panel, desk.services.document
    panel.pickup.click()
    assert document.session.wishes.has_pickup
    document.undo()
    assert not panel.pickup.isChecked()


def test_nothing_is_cut_off_in_the_smallest_window(desk: Desk) -> None:
    panel, help_pane = desk.window.solo_panel, desk.window.help
    desk.window.resize(1100, 700)
    timing = desk.window.timing_panel
    assert panel.height() >= panel.sizeHint().height()
    assert panel.pickup.width() >= panel.pickup.sizeHint().width()
    bottom = timing.mapTo(desk.window, QPoint(0, timing.height())).y()
    assert timing.height() >= timing.sizeHint().height()
    assert bottom <= help_pane.mapTo(desk.window, QPoint(0, 0)).y()


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
