"""The cards of the takes, with real clicks and keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from musicassist.app.takes import Comparison
from musicassist.engine.protocol import PlayClip
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.ui.take_card import TakeCard
from tests.ui.conftest import Desk, MakeDesk

# The offscreen platform says so of every menu that opens.
pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "does not support grabbing"
)

LEFT = Qt.MouseButton.LeftButton


def solo(seed: int) -> Solo:
    primer = Clip((Note(0, 100, 60),), 1920)
    notes = tuple(Note(960 * index, 400, 60 + (seed + index) % 20) for index in range(8))
    return Solo(Clip(notes, 4 * 1920), "echo", seed, primer)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    made = make_desk()
    made.services.document.add_solos(tuple(solo(100 + index) for index in range(4)))
    return made


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    QTest.mouseClick(widget, LEFT)


def numbered(desk: Desk, number: int):
    made = desk.services.document.session.solo_numbered(number)
    assert made is not None
    return made


def menu_of(desk: Desk, name: str = "take_menu") -> dict[str, QAction]:
    """Return the entries of the menu that is open."""
    (menu,) = (each for each in desk.window.findChildren(QMenu, name) if each.isVisible())
    return {action.objectName(): action for action in menu.actions() if action.objectName()}


def choose(desk: Desk, number: int, deed: str) -> None:
    """Choose an entry of a card's menu."""
    click(desk.window.takes.card(number).more)
    entry = menu_of(desk)[deed]
    menu = entry.parent()
    assert isinstance(menu, QMenu)
    menu.close()
    entry.trigger()


def test_a_click_on_a_card_chooses_its_solo(desk: Desk) -> None:
    card = desk.window.takes.card(3)
    QTest.mouseClick(card, LEFT, pos=card.picture.geometry().center())
    assert desk.services.document.session.selected_number == 3
    assert card.property("is_selected") == "true"
    assert desk.window.takes.card(1).property("is_selected") == "false"


def test_a_card_says_what_it_shows(desk: Desk) -> None:
    desk.continue_phrase()
    card = desk.window.takes.card(5)
    solo_made = numbered(desk, 5).solo
    assert card.title.whole_text == "Solo 5"
    assert card.detail.whole_text == f"seed {solo_made.seed} · playing"
    assert card.summary.whole_text.startswith(f"8 bars · {solo_made.settings['key']}")
    assert card.accessibleName().startswith("Solo 5, seed")


def test_the_summary_says_what_is_not_as_learned(desk: Desk) -> None:
    document = desk.services.document
    settings = {
        "n_bars": 1,
        "key": "D minor",
        "scale": "D dorian",
        "style": "shred",
        "surprise": 0.9,
        "density": 1.0,
        "is_key_locked": False,
        "lowest_pitch": 60,
        "highest_pitch": 84,
    }
    document.add_solos((replace(solo(1), settings=settings),), origin="bar 2 of Solo 1 anew")
    assert desk.window.takes.card(5).summary.whole_text == (
        "bar 2 of Solo 1 anew · 1 bar · D dorian · Neo-classical shred · wild · dense · C3 – C5"
        " · free of the key · of another phrase"
    )


def test_the_star_is_filled_and_said(desk: Desk) -> None:
    card = desk.window.takes.card(2)
    click(card.star)
    assert numbered(desk, 2).is_starred
    assert card.star.accessibleName() == "Take the star away: Solo 2"
    click(card.star)
    assert not numbered(desk, 2).is_starred
    assert card.star.accessibleName() == "Star: Solo 2"


def test_enter_keeps_the_chosen_take_wherever_nothing_else_wants_it(desk: Desk) -> None:
    desk.window.timeline.roll.setFocus()
    QTest.keyClick(desk.window, Qt.Key.Key_Return)
    assert numbered(desk, 1).is_starred
    desk.window.solo_panel.bars.setFocus()
    QTest.keyClick(desk.window.solo_panel.bars, Qt.Key.Key_Return)
    desk.window.transport.loop.setFocus()
    QTest.keyClick(desk.window.transport.loop, Qt.Key.Key_Return)
    assert numbered(desk, 1).is_starred
    desk.window.takes.list.setFocus()
    QTest.keyClick(desk.window.takes.list, Qt.Key.Key_Return)
    assert not numbered(desk, 1).is_starred


def test_the_list_is_used_by_keys(desk: Desk) -> None:
    panel, document = desk.window.takes, desk.services.document
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert document.session.selected_number == 2
    assert panel.list.accessibleDescription() == "Solo 2, seed 101; 2 of 4"
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    QTest.keyClick(panel.list, Qt.Key.Key_4)
    assert document.session.selected_number == 4
    QTest.keyClick(panel.list, Qt.Key.Key_9)  # there is none
    assert document.session.selected_number == 4
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert panel.shown_numbers == (1, 2, 3)
    assert document.session.selected_number == 3


def test_rejected_takes_are_seen_and_brought_back(desk: Desk) -> None:
    panel = desk.window.takes
    assert not panel.rejected.isVisible()
    click(panel.card(2).reject)
    click(panel.card(3).reject)
    assert panel.shown_numbers == (1, 4)
    assert panel.rejected.text() == "2 rejected"
    assert not panel.remove_rejected.isVisible()
    click(panel.rejected)
    assert panel.shown_numbers == (2, 3)
    assert not panel.card(2).star.isVisible()
    click(panel.card(2).bring_back)
    assert not numbered(desk, 2).is_rejected
    assert panel.shown_numbers == (3,)
    click(panel.card(3).remove)
    assert panel.shown_numbers == (1, 2, 4)  # nothing is rejected any more
    assert desk.services.document.session.solo_numbered(3) is None
    desk.window.notices.action.click()
    assert numbered(desk, 3).is_rejected


def test_all_rejected_takes_are_removed_for_good_in_one_step(desk: Desk) -> None:
    panel = desk.window.takes
    for number in (1, 2):
        click(panel.card(number).reject)
    click(panel.rejected)
    assert panel.rejected.text() == "Back to the takes"
    click(panel.remove_rejected)
    assert panel.shown_numbers == (3, 4)
    QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.services.document.session.solos) == 4


def test_back_from_the_rejected_takes(desk: Desk) -> None:
    panel = desk.window.takes
    click(panel.card(2).reject)
    click(panel.rejected)
    click(panel.rejected)
    assert panel.shown_numbers == (1, 3, 4)


def test_takes_are_filtered_and_sorted(desk: Desk) -> None:
    panel = desk.window.takes
    click(panel.card(3).star)
    panel.order.setCurrentIndex(panel.order.findData("starred"))
    assert panel.shown_numbers == (3, 1, 2, 4)
    panel.shows.setCurrentIndex(panel.shows.findData("starred"))
    assert panel.shown_numbers == (3,)
    assert panel.count.text() == "1 of 4 solos"
    click(panel.card(3).star)
    assert panel.shown_numbers == ()
    assert panel.empty.isVisible()
    assert "No take has a star" in panel.empty.text()


def test_many_takes_are_searched(desk: Desk) -> None:
    panel = desk.window.takes
    assert not panel.search.isVisible()
    desk.services.document.add_solos(tuple(solo(200 + index) for index in range(6)))
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "Solo 1")
    assert panel.shown_numbers == (10, 1)
    QTest.keyClicks(panel.search, "x")
    assert panel.empty.text() == "There is no such take."
    panel.search.clear()
    assert len(panel.shown_numbers) == 10


def test_a_double_click_lets_the_name_be_typed(desk: Desk) -> None:
    card = desk.window.takes.card(2)
    QTest.mouseDClick(card, LEFT, pos=card.title.geometry().center())
    assert card.editor.hasFocus()
    QTest.keyClicks(card.editor, "Intro <b>T</b> r o y")  # letters and spaces are no shortcuts
    QTest.keyClick(card.editor, Qt.Key.Key_Return)
    assert card.title.whole_text == numbered(desk, 2).name == "Intro <b>T</b> r o y"
    assert card.star.accessibleName() == "Star: Intro <b>T</b> r o y"
    assert "seed 101" in card.summary.whole_text
    assert not numbered(desk, 2).is_starred
    assert not desk.services.player.is_playing
    QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert card.title.whole_text == "Solo 2"


def test_f2_names_the_chosen_take_and_escape_leaves_the_name(desk: Desk) -> None:
    panel = desk.window.takes
    desk.services.player.play()
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    card = panel.card(1)
    assert card.is_renaming
    QTest.keyClicks(card.editor, "nonsense")
    QTest.keyClick(card.editor, Qt.Key.Key_Escape)
    assert not card.is_renaming
    assert numbered(desk, 1).name == "Solo 1"
    assert desk.services.player.is_playing


def test_a_name_is_taken_when_the_focus_goes_elsewhere(desk: Desk) -> None:
    panel = desk.window.takes
    panel.rename(2)
    panel.card(2).editor.insert("序曲")  # as an input method does
    desk.window.timeline.roll.setFocus()
    assert numbered(desk, 2).name == "序曲"


def test_a_b_is_heard_at_once_and_y_switches(desk: Desk) -> None:
    panel, document, player = desk.window.takes, desk.services.document, desk.services.player
    assert not panel.card(1).compare.isEnabled()
    assert "another" in panel.card(1).compare.toolTip()
    click(panel.card(3).compare)
    assert desk.services.takes.comparison == Comparison(1, 3)
    assert player.is_playing
    assert document.session.selected_number == 3
    bar = panel.compared
    assert bar.isVisible()
    assert (bar.a.text(), bar.b.text()) == ("A: Solo 1", "B: Solo 3")
    assert (bar.a.isChecked(), bar.b.isChecked()) == (False, True)
    assert bar.b.accessibleName() == "B: Solo 3, heard"
    assert (panel.card(1).compare.text(), panel.card(3).compare.text()) == ("A", "B")
    desk.engine.move_playhead(2400.0)
    QTest.keyClick(desk.window, Qt.Key.Key_Y)
    assert document.session.selected_number == 1
    assert (bar.a.isChecked(), bar.b.isChecked()) == (True, False)
    assert player.playhead_ticks == 2400.0
    desk.qtbot.waitUntil(
        lambda: (
            isinstance(desk.engine.sent[-1], PlayClip) and desk.engine.sent[-1].start_ticks is None
        )
    )
    click(bar.b)
    assert document.session.selected_number == 3
    click(bar.b)  # it is heard already
    assert document.session.selected_number == 3
    assert bar.b.isChecked()
    click(bar.swap)
    assert document.session.selected_number == 1
    click(bar.close_button)
    assert not bar.isVisible()
    assert panel.card(3).compare.text() == "A/B"


def test_escape_ends_comparing(desk: Desk) -> None:
    click(desk.window.takes.card(3).compare)
    QTest.keyClick(desk.window, Qt.Key.Key_Escape)
    assert desk.services.takes.comparison is None
    assert not desk.window.takes.compared.isVisible()


def test_y_without_a_comparison_says_how_to_begin_one(desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_Y)
    assert "A/B" in desk.window.notices.text.whole_text


def test_the_playhead_moves_in_the_picture_of_what_is_heard(desk: Desk) -> None:
    panel, document = desk.window.takes, desk.services.document
    desk.services.player.play()
    start_ticks = document.arrangement.solo_start_ticks
    desk.engine.move_playhead(start_ticks + 960.0)
    assert panel.card(1).picture.playhead_ticks == 960.0
    assert panel.card(2).picture.playhead_ticks is None
    desk.engine.move_playhead(start_ticks - 480.0)
    assert panel.card(1).picture.playhead_ticks is None
    desk.services.player.stop()
    assert panel.card(1).picture.playhead_ticks is None


@pytest.mark.parametrize(
    ("deed", "step"),
    [
        ("star", "Star Solo 2"),
        ("reject", "Reject Solo 2"),
        ("remove", "Remove Solo 2"),
        ("use_wishes", "Use the settings of Solo 2"),
    ],
)
def test_the_menu_does_what_the_buttons_do(desk: Desk, deed: str, step: str) -> None:
    choose(desk, 2, deed)
    assert desk.services.document.undo_name == step


@pytest.mark.parametrize(
    ("deed", "origin"),
    [
        ("vary_near", "near variation of Solo 2"),
        ("vary_far", "far variation of Solo 2"),
        ("again", "as Solo 2, another seed"),
    ],
)
def test_the_menu_makes_more_of_a_take(desk: Desk, deed: str, origin: str) -> None:
    with desk.qtbot.waitSignal(desk.services.soloist.solos_made, timeout=5_000):
        choose(desk, 2, deed)
    made = desk.services.document.session.solos[0]
    assert made.number == 5
    assert made.origin == origin
    assert desk.window.takes.card(5).summary.whole_text.startswith(origin)


def test_the_menu_copies_the_seed(desk: Desk) -> None:
    choose(desk, 2, "copy_seed")
    assert QGuiApplication.clipboard().text() == "101"


def test_an_edited_take_says_so_and_can_be_as_it_was_made(desk: Desk) -> None:
    document = desk.services.document
    click(desk.window.takes.card(2).more)
    assert "restore" not in menu_of(desk)
    menu_of(desk)["star"].parent().close()
    made = numbered(desk, 2)
    edited = made.edited(made.solo.clip.with_notes(made.solo.clip.notes[1:]))
    session = document.session.with_solo(2, solo=edited.solo, made_clip=edited.made_clip)
    document.do("Erase a note", session)
    assert desk.window.takes.card(2).summary.whole_text.startswith("edited")
    choose(desk, 2, "restore")
    assert numbered(desk, 2).solo == made.solo
    assert not numbered(desk, 2).is_edited


def test_the_menu_names_and_saves(desk: Desk) -> None:
    choose(desk, 2, "rename")
    assert desk.window.takes.card(2).is_renaming
    choose(desk, 3, "save")
    dialog = desk.window.findChild(QFileDialog, "save_dialog")
    assert dialog is not None
    dialog.reject()


def test_the_menu_shows_a_take_in_the_roll(desk: Desk) -> None:
    choose(desk, 3, "show")
    assert desk.services.document.session.selected_number == 3
    assert desk.window.timeline.roll.hasFocus()


def test_a_rejected_take_has_a_menu_of_its_own(desk: Desk) -> None:
    click(desk.window.takes.card(2).reject)
    click(desk.window.takes.rejected)
    click(desk.window.takes.card(2).more)
    entries = menu_of(desk)
    assert set(entries) == {"bring_back", "audition", "remove"}
    entries["bring_back"].trigger()
    assert not numbered(desk, 2).is_rejected


def test_five_hundred_takes_are_a_few_cards(desk: Desk) -> None:
    desk.services.document.add_solos(tuple(solo(index) for index in range(500)))
    panel = desk.window.takes
    assert len(panel.shown_numbers) == 504
    assert len(panel.findChildren(TakeCard)) < 12
    bar = panel.list.verticalScrollBar()
    for value in range(0, bar.maximum(), bar.maximum() // 40):
        bar.setValue(value)
    bar.setValue(bar.maximum())
    assert len(panel.findChildren(TakeCard)) < 12
    assert panel.card(4).isVisible()  # the oldest, at the end
    names = [card.objectName() for card in panel.findChildren(TakeCard) if card.isVisible()]
    assert len(names) == len(set(names))
    assert panel.card(5).title.whole_text == "Solo 5"
    assert panel.list.verticalScrollBar().value() == 0


def test_walking_through_many_takes_keeps_the_chosen_one_in_sight(desk: Desk) -> None:
    desk.services.document.add_solos(tuple(solo(index) for index in range(50)))
    panel = desk.window.takes
    for _ in range(20):
        QTest.keyClick(desk.window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    number = desk.services.document.session.selected_number
    assert number == 25
    card = panel.card(number)
    top = card.mapTo(panel.list.viewport(), QPoint(0, 0)).y()
    assert 0 <= top <= panel.list.viewport().height() - card.height()


def test_new_takes_come_into_sight(desk: Desk) -> None:
    desk.services.document.add_solos(tuple(solo(index) for index in range(50)))
    panel = desk.window.takes
    bar = panel.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    desk.continue_phrase()
    assert bar.value() == 0
    assert panel.card(55).isVisible()


def test_a_card_used_again_acts_on_what_it_shows_now(desk: Desk) -> None:
    desk.services.document.add_solos(tuple(solo(index) for index in range(100)))
    panel = desk.window.takes
    panel.reveal(4)
    click(panel.card(4).star)
    assert [each.number for each in desk.services.document.session.solos if each.is_starred] == [4]
    before = set(panel.list.cards)
    panel.reveal(5)
    assert panel.card(5) in before
    click(panel.card(5).star)
    assert numbered(desk, 5).is_starred


def test_tab_goes_through_the_cards_from_top_to_bottom(desk: Desk) -> None:
    panel = desk.window.takes
    panel.list.setFocus()
    widget: QWidget = panel.list
    order = []
    for _ in range(40):
        widget = widget.nextInFocusChain()
        name, _, number = widget.objectName().rpartition("_")
        if name == "star_button":
            order.append(int(number))
    assert order[:3] == [1, 2, 3]


def test_rejecting_by_its_button_leaves_the_focus_in_the_list(desk: Desk) -> None:
    panel = desk.window.takes
    panel.card(4).reject.setFocus()
    QTest.keyClick(panel.card(4).reject, Qt.Key.Key_Return)
    assert panel.shown_numbers == (1, 2, 3)
    assert panel.list.hasFocus()


def test_without_takes_it_says_where_they_come_from(make_desk: MakeDesk) -> None:
    panel = make_desk().window.takes
    assert panel.empty.isVisible()
    assert "Continue makes solos" in panel.empty.text()
    assert not panel.shows.isVisible()
    assert not panel.comp.isVisible()


def test_a_name_being_typed_is_not_given_to_a_solo_of_another_session(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.window.takes.rename(2)
    editor = desk.window.takes.card(2).editor
    QTest.keyClicks(editor, "Mine")
    other = replace(desk.services.document.session, name="Other")
    desk.services.document.open(other)
    desk.window.timeline.roll.setFocus()
    assert desk.services.document.session == other
    assert not desk.window.takes.card(2).is_renaming


def test_enter_of_the_keypad_keeps_the_chosen_take_from_anywhere(desk: Desk) -> None:
    keypad = Qt.KeyboardModifier.KeypadModifier
    desk.services.document.select_solo(2)
    QTest.keyClick(desk.window.timeline.roll, Qt.Key.Key_Enter, keypad)
    assert numbered(desk, 2).is_starred
    desk.window.takes.list.setFocus()
    QTest.keyClick(desk.window.takes.list, Qt.Key.Key_Enter, keypad)
    assert not numbered(desk, 2).is_starred


def test_keys_of_the_takes_are_not_those_of_a_button_on_a_card(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.services.document.select_solo(2)
    more = desk.window.takes.card(2).more
    more.setFocus()
    QTest.keyClick(more, Qt.Key.Key_Delete)
    assert not numbered(desk, 2).is_rejected
    desk.window.takes.list.setFocus()
    QTest.keyClick(desk.window.takes.list, Qt.Key.Key_Delete)
    assert numbered(desk, 2).is_rejected


def test_a_solo_of_another_phrase_says_so(desk: Desk) -> None:
    desk.continue_phrase()
    number = desk.services.document.session.selected_number
    assert number is not None
    card = desk.window.takes.card(number)
    assert "another phrase" not in card.summary.whole_text
    desk.services.document.replace_primer(Clip((Note(0, 480, 30),), 1920))
    desk.services.document.select_solo(number)
    assert desk.window.takes.card(number).summary.whole_text.endswith("of another phrase")
