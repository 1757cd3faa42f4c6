"""The window as a whole: every control, every key, the way from phrase to drag."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QTabBar,
    QWidget,
)

from musicassist.engine.protocol import (
    EngineReady,
    InputPort,
    InputPortsChanged,
    KeyMoved,
    PhraseCaptured,
    PlayClip,
)
from musicassist.music.control_edits import VOLUME
from musicassist.music.note import CHANNEL_PRESSURE
from musicassist.music.session import Session
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.ui.chord_commands import ChordCommands
from musicassist.ui.controller_lane import ControllerLane
from musicassist.ui.hints import HINTS, hint_name_of
from musicassist.ui.lane import Lane
from musicassist.ui.lane_stack import OFFERED
from musicassist.ui.main_window import LEAST_SIZE_PX
from musicassist.ui.roll_commands import RollCommands
from musicassist.ui.shortcuts import COMMANDS
from musicassist.ui.take_menu import take_menu
from musicassist.ui.theme import DARK, LIGHT, Theme
from tests.ui.conftest import Desk, MakeDesk

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, Lane)
PHRASE = Take(
    (RawEvent(0, NOTE_ON, 60, 80), RawEvent(500_000_000, NOTE_OFF, 60)), "V49 <b>not bold</b>"
)


def controls(desk: Desk) -> list[QWidget]:
    """Return every control we made; parts that Qt makes inside them are not ours."""
    assert desk.window.devices  # made when it is first wanted
    return [
        widget
        for widget in desk.window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox | QTabBar)
        and not (
            isinstance(widget.parent(), QWidget)
            and widget.parent().objectName().startswith("qt_scrollarea")
        )
    ]


def test_every_control_has_a_name_an_accessible_name_and_a_tooltip(desk: Desk) -> None:
    desk.continue_phrase()
    found = controls(desk)
    assert len(found) > 30
    for widget in found:
        assert widget.objectName(), widget
        assert widget.accessibleName(), widget.objectName()
        assert widget.toolTip(), widget.objectName()
    names = [widget.objectName() for widget in found]
    assert sorted(names) == sorted(set(names))


def open_everything(desk: Desk) -> list[QMenu]:
    """Have everything made that is made when it is first wanted; return the menus that open."""
    window, services = desk.window, desk.services
    desk.continue_phrase()
    assert window.devices
    window.show_shortcuts()
    strip = window.timeline.chords
    strip.select((0, 1920))
    window.commands["chord_presets"].trigger()
    for controller in (*OFFERED, VOLUME, CHANNEL_PRESSURE):
        window.timeline.stack.show_controller(controller, is_shown=True)
    services.document.select_solo(1)
    services.takes.compare(2)
    services.takes.begin_comp()
    services.takes.reject(3)
    strip.edit()
    window.transport.title.edit()
    solo = services.document.session.solos[0]
    chords, roll = window.findChild(ChordCommands), window.findChild(RollCommands)
    assert chords is not None
    assert roll is not None
    made = (
        chords.make_menu(),
        roll.menu(0),
        window.timeline.stack.menu(),
        window.takes.comp.cells.menu(),
        take_menu(window, solo, print, window.keymap, can_compare=False),
        *(lane.menu() for lane in window.timeline.lanes if isinstance(lane, ControllerLane)),
    )
    return [*made, *(each for each in window.findChildren(QMenu) if each not in made)]


def test_whatever_opens_has_names_and_words_in_the_help_pane(desk: Desk) -> None:
    menus = open_everything(desk)
    assert len(menus) > 15
    for menu in menus:
        assert menu.objectName() or menu.title()
        assert menu.accessibleName() or menu.title(), menu.objectName()
        for action in menu.actions():
            words = action.text().partition("\t")[0]
            says_why = action.toolTip() != words or "(" in words
            assert action.isEnabled() or action.isSeparator() or says_why, words
    kinds_of_qt = (QListView, QTabBar)  # the lists of fields, the tabs of panels
    focused = [
        widget
        for widget in desk.window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, kinds_of_qt)
        and not isinstance(
            widget.parent(), QAbstractSpinBox | QComboBox | QKeySequenceEdit | QTabBar
        )
    ]
    assert len(focused) > 400
    for widget in focused:
        words = (type(widget).__name__, widget.objectName())
        assert widget.accessibleName(), words
        assert widget.toolTip(), words
        assert hint_name_of(widget) in HINTS, words
    names = [widget.objectName() for widget in focused]
    assert sorted(names) == sorted(set(names))


def test_every_control_can_be_reached_by_keys(desk: Desk) -> None:
    desk.continue_phrase()
    reached = set()
    widget: QWidget | None = desk.window.timeline.roll
    for _ in range(600):
        assert widget is not None
        reached.add(widget.objectName())
        widget = widget.nextInFocusChain()
    unreached = {
        control.objectName()
        for control in controls(desk)
        if control.isVisible()
        and control.isEnabled()
        and not isinstance(control, Lane)
        and control.objectName() != "time_scroll"
        and (
            control.objectName() not in reached
            or not control.focusPolicy() & Qt.FocusPolicy.TabFocus
        )
    }
    assert unreached == set()


def test_a_bar_full_of_long_names_keeps_its_buttons(desk: Desk) -> None:
    desk.services.document.replace_session(Session(name="A very long name " * 8), "Rename")
    desk.engine.say(InputPortsChanged((InputPort("Long name " * 9), InputPort("Another " * 9))))
    desk.qtbot.wait(20)
    assert desk.window.width() == LEAST_SIZE_PX[0]
    panic = desk.window.findChild(QAbstractButton, "panic_button")
    assert panic is not None
    assert panic.mapTo(desk.window, panic.rect().bottomRight()).x() < desk.window.width()
    assert panic.width() >= panic.minimumSizeHint().width()


def test_every_disabled_button_says_why(make_desk: MakeDesk) -> None:
    desk = make_desk(Session())
    for name in ("continue_button", "play_button", "undo_button", "redo_button"):
        button = desk.window.findChild(QAbstractButton, name)
        assert button is not None
        assert not button.isEnabled()
        assert "nothing to" in button.toolTip()


def test_every_command_is_tied_and_no_key_is_given_twice_in_one_place(desk: Desk) -> None:
    assert set(desk.window.commands.names) == set(COMMANDS)
    keys = [
        (command.scope, QKeySequence(key).toString())
        for command in COMMANDS.values()
        for key in command.keys
    ]
    assert len(keys) == len(set(keys))
    assert ("window", "Ctrl+Q") not in keys
    bound = desk.window.commands["undo"].shortcuts()
    assert [key.toString() for key in bound] == ["Ctrl+Z"]


def test_tooltips_show_the_keys_of_now(desk: Desk) -> None:
    tips = desk.window.words
    assert "(Space)" in tips.tip_of(desk.window.transport.play)
    assert "(Ctrl+Return)" in tips.tip_of(desk.window.solo_panel.go)
    desk.window.keymap.bind("play", QKeySequence("F5"))
    assert "(F5)" in tips.tip_of(desk.window.transport.play)


def test_all_text_is_plain(desk: Desk) -> None:
    desk.engine.say(
        InputPortsChanged((InputPort("<img src=x>", problem="<b>busy</b>"), InputPort("V49")))
    )
    desk.continue_phrase()
    for label in desk.window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()
    desk.engine.say(EngineReady("<b>card</b>", 48_000, 5.0, "synth"))
    primer = desk.services.document.session.primer
    assert primer is not None
    desk.services.document.replace_primer(primer.between(0, 1920), "Open <i>song</i>.mid")
    for widget in desk.window.findChildren(QWidget):
        assert "<" not in widget.toolTip(), widget.objectName()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_nothing_is_cut_off_at_the_smallest_size(desk: Desk, theme: Theme) -> None:
    desk.window.show_theme(theme)
    desk.continue_phrase()
    assert (desk.window.width(), desk.window.height()) == LEAST_SIZE_PX
    cut_off = []
    for widget in controls(desk):
        place = widget.mapTo(desk.window, QPoint(0, 0))
        is_outside = not desk.window.rect().contains(widget.rect().translated(place))
        is_pressed = isinstance(widget, QAbstractButton) and (
            widget.width() < widget.minimumSizeHint().width()
            or widget.height() < widget.minimumSizeHint().height()
        )
        if widget.isVisible() and (is_outside or is_pressed):
            cut_off.append(widget.objectName())
    assert cut_off == []


def test_a_played_phrase_appears_by_itself(desk: Desk) -> None:
    desk.engine.say(PhraseCaptured(PHRASE))
    primer = desk.window.timeline.roll.arrangement.primer
    assert primer is not None
    assert [note.pitch for note in primer.notes] == [60]
    assert "1 note in 1 bar" in desk.window.notices.text.whole_text
    desk.window.notices.action.click()
    assert desk.window.timeline.roll.arrangement.primer != primer


def test_continue_shows_a_card_a_take_and_plays_the_first(desk: Desk) -> None:
    desk.continue_phrase()
    assert desk.window.takes.shown_numbers == (1, 2, 3, 4)
    assert isinstance(desk.engine.sent[-1], PlayClip)
    card = desk.window.takes.card(1)
    assert "playing" in card.detail.whole_text
    assert desk.window.timeline.roll.arrangement.solo is not None


def test_keys_play_and_stop(desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_Space)
    assert desk.services.player.is_playing
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not desk.services.player.is_playing


def test_space_plays_even_while_a_button_or_number_has_the_focus(desk: Desk) -> None:
    panel = desk.window.solo_panel
    for widget in (panel.go, panel.bars, panel.surprise, panel.key_lock, panel.model):
        widget.setFocus()
        was_playing = desk.services.player.is_playing
        QTest.keyClick(widget, Qt.Key.Key_Space)
        assert desk.services.player.is_playing != was_playing, widget.objectName()


def test_enter_presses_the_button_that_has_the_focus(desk: Desk) -> None:
    desk.window.transport.loop.setFocus()
    QTest.keyClick(desk.window.transport.loop, Qt.Key.Key_Return)
    assert not desk.services.player.state.is_looping


def test_control_and_return_continue(desk: Desk) -> None:
    with desk.qtbot.waitSignal(desk.services.soloist.solos_made, timeout=5_000):
        QTest.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_arrows_with_control_walk_through_the_takes(desk: Desk) -> None:
    desk.continue_phrase()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(desk.window, Qt.Key.Key_Down, control)
    assert desk.services.document.session.selected_number == 2
    QTest.keyClick(desk.window, Qt.Key.Key_Up, control)
    QTest.keyClick(desk.window, Qt.Key.Key_Up, control)
    assert desk.services.document.session.selected_number == 1


def test_t_auditions_the_chosen_take_and_stops_it(desk: Desk) -> None:
    desk.continue_phrase()
    assert desk.services.player.is_playing
    QTest.keyClick(desk.window, Qt.Key.Key_T)
    assert not desk.services.player.is_playing
    QTest.keyClick(desk.window, Qt.Key.Key_T)
    assert desk.services.player.is_playing


def test_undo_and_redo_by_keys(desk: Desk) -> None:
    desk.engine.say(PhraseCaptured(PHRASE))
    after = desk.services.document.session
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, Qt.Key.Key_Z, control)
    assert desk.services.document.session != after
    QTest.keyClick(desk.window, Qt.Key.Key_Z, control | shift)
    assert desk.services.document.session == after
    QTest.keyClick(desk.window, Qt.Key.Key_Z, control)
    QTest.keyClick(desk.window, Qt.Key.Key_Y, control)
    assert desk.services.document.session == after


def test_rejecting_a_take_can_be_undone_from_the_notice(desk: Desk) -> None:
    desk.continue_phrase()
    desk.window.takes.card(2).reject.click()
    assert desk.window.takes.shown_numbers == (1, 3, 4)
    desk.window.notices.action.click()
    assert desk.window.takes.shown_numbers == (1, 2, 3, 4)


def test_keys_light_up_in_the_colour_of_who_plays_them(desk: Desk) -> None:
    desk.engine.say(KeyMoved(60, is_down=True, is_playback=False, source="V49"))
    desk.engine.say(KeyMoved(64, is_down=True, is_playback=True))
    keyboard = desk.window.keyboard
    assert (keyboard.token_of(60), keyboard.token_of(64)) == ("person", "machine")
    desk.engine.say(KeyMoved(60, is_down=False, is_playback=False, source="V49"))
    assert keyboard.token_of(60) is None


def test_an_engine_that_goes_leaves_no_key_lit(desk: Desk) -> None:
    desk.engine.say(KeyMoved(64, is_down=True, is_playback=True))
    desk.engine.die()
    assert desk.window.keyboard.token_of(64) is None
    assert "runs again" in desk.window.notices.text.whole_text


def test_the_playhead_is_shown_in_bars_counts_and_sixteenths(desk: Desk) -> None:
    desk.services.player.play()
    desk.engine.move_playhead(1920 + 480 * 2 + 120.5)
    assert desk.window.transport.position.text() == "2.3.2"


def test_the_theme_switches_and_back(desk: Desk) -> None:
    desk.window.commands["theme"].trigger()
    assert desk.window.theme is LIGHT
    desk.window.commands["theme"].trigger()
    assert desk.window.theme is DARK


def test_save_as_suggests_the_name_and_writes_the_file(desk: Desk, tmp_path: Path) -> None:
    desk.continue_phrase()
    desk.window.takes.wanted.emit("save", 3)
    dialog = desk.window.findChild(QFileDialog, "save_dialog")
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name.startswith("Solo 03 Fm 96bpm 8bars")
    dialog.fileSelected.emit(str(tmp_path / "mine"))
    dialog.reject()
    assert (tmp_path / "mine.mid").read_bytes().startswith(b"MThd")
    assert desk.window.notices.text.whole_text == "Saved mine.mid."


def test_a_folder_that_cannot_be_written_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    desk.continue_phrase()
    session = desk.services.document.session
    path = tmp_path / "no such folder" / "mine.mid"
    assert desk.services.exports.save_as(session, session.solos[0], path) is None
    assert desk.window.notices.text.whole_text
    assert desk.window.notices.hint.whole_text


class Paints(QObject):
    """Counts how often something is drawn."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.n_paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.n_paints += event.type() == QEvent.Type.Paint
        return False


def test_a_fader_or_a_wish_on_its_way_draws_no_note_again(desk: Desk) -> None:
    desk.continue_phrase()
    desk.services.player.stop()
    services, timeline = desk.services, desk.window.timeline
    QApplication.processEvents()
    paints = [Paints(lane) for lane in (timeline.ruler, timeline.chords, timeline.roll)]
    services.mixer.set_volume("bass", -12.0)
    services.document.change_wishes(surprise=0.9)
    services.mixer.choose_next_feel()
    services.sessions.rename("Another name")
    QApplication.processEvents()
    assert [each.n_paints for each in paints] == [0] * len(paints)
    services.document.change_timing(strength=0.9)
    QApplication.processEvents()
    assert timeline.roll.session.timing.strength == 0.9
    assert paints[2].n_paints
