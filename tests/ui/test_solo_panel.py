"""What the next solos shall be like."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from musicassist.music.keys import Key
from musicassist.music.manner import QUALITIES, Manner
from musicassist.ui.timing_panel import strength_meaning
from musicassist.ui.wish_words import leap_words, surprise_words
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
    assert surprise_words(value / 100)
    assert strength_meaning(value)


def test_the_key_lock_names_the_key(desk: Desk) -> None:
    assert desk.window.solo_panel.key_lock.text() == "Stay in F minor"
    desk.services.document.choose_character("blues-rock")
    assert desk.window.solo_panel.key_lock.text() == "Stay in F blues"
    desk.services.document.set_key(None)
    assert desk.window.solo_panel.key_lock.text() == "Stay in key"
    desk.services.document.choose_character("")
    desk.services.document.set_key(Key.parse("Bb harmonic minor"))
    assert desk.window.solo_panel.key_lock.text() == "Stay in Bb harmonic minor"


def test_without_a_key_it_names_the_one_that_was_heard(desk: Desk) -> None:
    document = desk.services.document
    document.set_key(None)
    desk.continue_phrase()
    key = document.session.solos[0].solo.settings["key"]
    assert desk.window.solo_panel.key_lock.text() == f"Stay in {key}, as heard"
    solo = document.session.solos[0].solo
    document.add_solos((replace(solo, settings={"key": 7}),))
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


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_place_of_a_quality_has_words_that_fit(desk: Desk, quality: str) -> None:
    cell = desk.window.solo_panel.qualities[quality]
    desk.window.solo_panel.unfold(is_unfolded=True)
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
    assert panel.go.mapTo(panel, QPoint(0, panel.go.height())).y() <= panel.height()
    assert panel.area.viewport().height() >= 3 * panel.qualities["density"].height()
    panel.unfold(is_unfolded=True)
    desk.qtbot.waitUntil(lambda: panel.area.widget().height() > 400)
    for part in (panel.takes, panel.seed_lock, panel.qualities["repetition"], panel.key_lock):
        panel.area.ensureWidgetVisible(part)
        place = part.mapTo(panel.area.viewport(), QPoint(part.width(), part.height()))
        assert place.x() <= panel.area.viewport().width()
        assert place.y() <= panel.area.viewport().height()
    bottom = timing.mapTo(desk.window, QPoint(0, timing.height())).y()
    assert timing.height() >= timing.sizeHint().height()
    assert bottom <= help_pane.mapTo(desk.window, QPoint(0, 0)).y()


def test_continue_becomes_stop_while_the_soloist_works(desk: Desk) -> None:
    panel = desk.window.solo_panel
    asked: list[str] = []
    panel.continue_wanted.connect(lambda: asked.append("continue"))
    panel.stop_wanted.connect(lambda: asked.append("stop"))
    desk.services.soloist.busy_changed.emit(True)
    assert panel.go.text() == "Playing on …"
    panel.go.click()  # the second click of a double click
    desk.qtbot.waitUntil(lambda: panel.go.text() == "Stop")
    assert "Esc" in panel.go.toolTip()
    panel.go.click()
    assert asked == ["stop"]
    assert desk.window.notices.text.whole_text == "Stopped: no solos were made."
    desk.services.soloist.busy_changed.emit(False)
    assert panel.go.text() == "Continue"


def test_numbers_are_seen_only_while_a_slider_is_dragged(desk: Desk) -> None:
    cell = desk.window.solo_panel.qualities["density"]
    slider = cell.slider
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(slider, middle + QPoint(40, 0))
    assert cell.meaning.text() == f"busy · {slider.value()} %"
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    assert cell.meaning.text() == "busy"


def test_more_wishes_fold_out_and_away(desk: Desk) -> None:
    panel = desk.window.solo_panel
    cell = panel.qualities["repetition"]
    assert not cell.isVisible()
    desk.qtbot.mouseClick(panel.more, Qt.MouseButton.LeftButton)
    assert cell.isVisible()
    assert panel.more.accessibleDescription() == "shown"
    cell.slider.setValue(90)
    panel.leap.setValue(7)
    wishes = desk.services.document.session.wishes
    assert (wishes.manner.repetition, wishes.furthest_leap) == (0.9, 7)
    desk.qtbot.mouseClick(panel.more, Qt.MouseButton.LeftButton)
    assert not cell.isVisible()


@pytest.mark.parametrize(
    ("semitones", "words"),
    [(1, "a semitone"), (7, "a fifth"), (12, "an octave"), (16, "an octave and a third")],
)
def test_a_leap_is_said_as_an_interval(semitones: int, words: str) -> None:
    assert leap_words(semitones) == words


def test_the_dice_throw_another_seed_and_the_lock_keeps_it(desk: Desk) -> None:
    panel, document = desk.window.solo_panel, desk.services.document
    before = document.session.wishes.seed
    desk.qtbot.mouseClick(panel.dice, Qt.MouseButton.LeftButton)
    thrown = document.session.wishes.seed
    assert thrown != before
    assert panel.seed.value() == thrown
    desk.qtbot.mouseClick(panel.seed_lock, Qt.MouseButton.LeftButton)
    desk.continue_phrase()
    assert document.session.wishes.seed == thrown
    desk.qtbot.mouseClick(panel.seed_lock, Qt.MouseButton.LeftButton)
    desk.continue_phrase()
    assert document.session.wishes.seed == thrown + 1


def test_the_range_is_dragged_by_either_handle(desk: Desk) -> None:
    slider, document = desk.window.solo_panel.range, desk.services.document
    y = slider.height() // 2

    def drag(pitch: int, to_pitch: int) -> None:
        start, end = (QPoint(round(slider.x_of(each)), y) for each in (pitch, to_pitch))
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(slider, end)
        assert "–" in desk.window.solo_panel.range_meaning.text().partition("·")[2]
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)

    drag(36, 60)
    drag(96, 84)
    wishes = document.session.wishes
    assert wishes.lowest_pitch == pytest.approx(60, abs=1)
    assert wishes.highest_pitch == pytest.approx(84, abs=1)
    assert "·" not in desk.window.solo_panel.range_meaning.text()
    assert document.undo_name == "Change wishes"
    document.undo()  # both were one movement of one control
    assert slider.pitches == (36, 96)


def test_the_range_is_moved_by_keys_and_keeps_an_octave(desk: Desk) -> None:
    panel, document = desk.window.solo_panel, desk.services.document
    slider = panel.range
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_Left, shift)
    assert slider.pitches == (37, 95)
    assert slider.accessibleDescription() == panel.range_meaning.text() == "C#1 – B5"
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_Right, control)
    assert slider.pitches == (85, 97)  # the other was pushed along
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_Left, control | shift)
    assert slider.pitches == (37, 49)
    wishes = document.session.wishes
    assert (wishes.lowest_pitch, wishes.highest_pitch) == (37, 49)
    QTest.keyClick(slider, Qt.Key.Key_Delete)
    assert slider.pitches == (36, 96)


def test_the_range_is_named_with_the_middle_c_that_is_set(desk: Desk) -> None:
    desk.services.settings.change(middle_c_octave=4)
    assert desk.window.solo_panel.range_meaning.text() == "C2 – C7"


def test_timing_reaches_what_is_drawn_and_heard(desk: Desk) -> None:
    panel = desk.window.timing_panel
    panel.grid.setCurrentText("1/8")
    panel.strength.setValue(100)
    primer = desk.window.timeline.roll.arrangement.primer
    assert primer is not None
    assert all(note.onset_ticks % 240 == 0 for note in primer.notes)
    assert panel.meaning.text() == "on the grid"
