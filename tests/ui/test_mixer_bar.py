"""The mixer bar: dots, faders, parts heard alone, and the feel."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from musicassist.app.feels import all_feels
from musicassist.music.mix import MIX_PARTS, MixPart
from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.mixer_bar import OFF, MixerBar, over_mixer
from musicassist.ui.mixer_strip import MixerStrip
from musicassist.ui.theme import DARK
from tests.ui.conftest import Desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(desk: Desk) -> MixerBar:
    return desk.window.mixer


def strip(bar: MixerBar, part: MixPart) -> MixerStrip:
    return bar.strips[part]


def test_it_shows_every_part_as_it_came(bar: MixerBar) -> None:
    assert list(bar.strips) == list(MIX_PARTS)
    for each in bar.strips.values():
        assert each.mute.accessibleDescription() == "heard"
        assert not each.mute.isChecked()
    assert bar.strips["bass"].fader.accessibleDescription() == "\N{MINUS SIGN}6.0 dB"
    assert bar.strips["click"].solo.isHidden()


def test_every_control_has_its_names_and_can_be_reached_by_key(bar: MixerBar) -> None:
    controls: list[QWidget] = [bar.feel]
    for part in bar.strips.values():
        controls += [part.mute, part.solo, part.fader]
    for widget in controls:
        assert hint_name_of(widget) in HINTS, widget.objectName()
        assert widget.accessibleName()
        assert widget.toolTip()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert len({widget.objectName() for widget in controls}) == len(controls)


@pytest.mark.parametrize("part", MIX_PARTS)
def test_the_dot_mutes_and_lets_be_heard(desk: Desk, bar: MixerBar, part: MixPart) -> None:
    dot = strip(bar, part).mute
    desk.qtbot.mouseClick(dot, LEFT)
    assert desk.services.mixer.mix.level(part).is_muted
    assert dot.accessibleDescription() == "Muted."
    assert dot.toolTip().startswith("Muted.")
    desk.qtbot.keyClick(dot, Qt.Key.Key_Return)
    assert not desk.services.mixer.mix.level(part).is_muted
    assert dot.accessibleDescription() == "heard"


def test_parts_that_give_way_look_so_and_say_to_whom(desk: Desk, bar: MixerBar) -> None:
    desk.qtbot.mouseClick(strip(bar, "solo").solo, LEFT)
    desk.qtbot.mouseClick(strip(bar, "bass").solo, LEFT)
    words = strip(bar, "drums").mute.accessibleDescription()
    assert words == "Silent, because Solo and Bass are heard alone."
    assert strip(bar, "drums").fader.property("accent") == "muted"
    assert strip(bar, "drums").name.property("role") == "second"
    assert strip(bar, "bass").mute.accessibleDescription() == "heard"
    assert strip(bar, "click").mute.accessibleDescription() == "heard"
    desk.services.document.undo()
    desk.services.document.undo()
    assert strip(bar, "drums").mute.accessibleDescription() == "heard"
    assert not strip(bar, "bass").solo.isChecked()


def test_a_fader_is_moved_by_key_and_set_back_by_a_double_click(desk: Desk, bar: MixerBar) -> None:
    fader = strip(bar, "drums").fader
    for _ in range(8):
        desk.qtbot.keyClick(fader, Qt.Key.Key_PageDown)
    assert desk.services.mixer.mix.drums.volume_db == -60.0
    assert fader.accessibleDescription() == "silent"
    desk.qtbot.mouseDClick(fader, LEFT)
    assert desk.services.mixer.mix.drums.volume_db == -6.0


def test_the_volume_stands_for_the_name_while_the_fader_is_dragged(
    desk: Desk, bar: MixerBar
) -> None:
    part = strip(bar, "chords")
    fader = part.fader
    handle = QPoint(round(fader.width() * fader.value() / fader.maximum()), fader.height() // 2)
    desk.qtbot.mousePress(fader, LEFT, pos=handle)
    assert part.name.text() == "\N{MINUS SIGN}6.0 dB"
    desk.qtbot.mouseMove(fader, QPoint(2, handle.y()))
    assert part.name.text() != "\N{MINUS SIGN}6.0 dB"
    desk.qtbot.mouseRelease(fader, LEFT, pos=QPoint(2, handle.y()))
    assert part.name.text() == "Chords"
    assert desk.services.mixer.mix.chords.volume_db < -30
    desk.services.document.undo()
    assert desk.services.mixer.mix.chords.volume_db == -6.0


def test_a_feel_is_chosen_by_key_and_can_be_undone(desk: Desk, bar: MixerBar) -> None:
    before = desk.services.mixer.backing
    bar.feel.setFocus()
    desk.qtbot.keyClick(bar.feel, Qt.Key.Key_Down)
    chosen = bar.feel.currentData()
    assert chosen != before.feel_id
    assert desk.services.mixer.backing.feel_id == chosen
    assert bar.feel.currentText() in bar.feel.toolTip()
    desk.services.document.undo()
    assert bar.feel.currentData() == before.feel_id


def test_the_accompaniment_is_switched_off_and_its_parts_look_so(desk: Desk, bar: MixerBar) -> None:
    bar.feel.setCurrentIndex(bar.feel.findData(OFF))
    bar.feel.activated.emit(bar.feel.currentIndex())
    assert not desk.services.mixer.backing.is_on
    for part in ("chords", "bass", "drums"):
        words = strip(bar, part).mute.accessibleDescription()
        assert words == "Silent, because the feel is off."
    assert strip(bar, "solo").mute.accessibleDescription() == "heard"
    desk.services.document.undo()
    assert bar.feel.currentData() == desk.services.mixer.backing.feel_id


def test_every_feel_is_offered_with_a_few_words(bar: MixerBar) -> None:
    offered = [bar.feel.itemText(index) for index in range(bar.feel.count())]
    assert len(offered) == len(all_feels()) + 1
    assert all(": " in each for each in offered)


def test_it_wraps_where_there_is_little_room(qtbot: QtBot) -> None:
    bar = MixerBar()
    bar.show_theme(DARK)
    around = over_mixer(QWidget(), bar)
    qtbot.addWidget(around)
    around.resize(900, 300)
    around.show()
    height = bar.height()
    around.resize(bar.minimumSizeHint().width() + 8, 300)
    qtbot.waitUntil(lambda: bar.height() > height)
    assert len({part.y() for part in bar.strips.values()}) == 2
    around.resize(900, 300)
    qtbot.waitUntil(lambda: bar.height() == height)
    assert len({part.y() for part in bar.strips.values()}) == 1


def test_the_accompaniment_has_keys_of_its_own(desk: Desk, bar: MixerBar) -> None:
    mixer = desk.services.mixer
    before = mixer.backing
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    assert not mixer.backing.is_on
    assert bar.feel.currentData() == OFF
    both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in all_feels():
        desk.qtbot.keyClick(desk.window, Qt.Key.Key_B, both)
    assert mixer.backing == before
    desk.window.commands["other_fills"].trigger()
    assert mixer.backing.seed == before.seed + 1
    assert desk.services.document.undo_name == "Other fills"
