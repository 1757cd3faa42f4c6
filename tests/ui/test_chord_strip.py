"""Chords chosen, typed, dragged and copied in their track."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from musicassist.app.demo import demo_session
from musicassist.music.session import Session
from musicassist.ui.chord_cells import CellPainter, ShownCell
from musicassist.ui.chord_commands import ChordCommands
from musicassist.ui.chord_strip import ChordStrip
from musicassist.ui.theme import LIGHT
from tests.ui.conftest import Desk, MakeDesk

BAR = 1920
KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def strip(desk: Desk) -> Iterator[ChordStrip]:
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    yield desk.window.timeline.chords
    QGuiApplication.clipboard().clear()


def at(strip: ChordStrip, ticks: float) -> QPoint:
    return QPoint(round(strip.axis.x_at(ticks)), strip.height() // 2)


def click(strip: ChordStrip, ticks: float, held: Qt.KeyboardModifier | None = None) -> None:
    held = held or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, held, at(strip, ticks))


def text(desk: Desk) -> str:
    return desk.services.document.session.progression_text


def test_a_click_chooses_a_chord_and_says_which(strip: ChordStrip) -> None:
    click(strip, 2 * BAR + 700)
    assert strip.selection == (2 * BAR, 3 * BAR)
    assert strip.accessibleDescription() == "Bar 3, E flat 7, one bar"


def test_shift_reaches_further_by_mouse_and_by_keys(strip: ChordStrip) -> None:
    click(strip, BAR + 100)
    click(strip, 3 * BAR + 100, SHIFT)
    assert strip.selection == (BAR, 4 * BAR)
    assert strip.accessibleDescription() == "Bar 2, D flat, E flat 7, C 7, three bars"
    QTest.keyClick(strip, KEY.Key_Left)
    assert strip.selection == (2 * BAR, 3 * BAR)
    QTest.keyClick(strip, KEY.Key_Left, SHIFT)
    assert strip.selection == (BAR, 3 * BAR)
    QTest.keyClick(strip, KEY.Key_A, CTRL)
    assert strip.selection == (0, 4 * BAR)


def test_arrows_walk_and_stop_at_the_start_and_go_round_at_the_end(strip: ChordStrip) -> None:
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    assert strip.selection == (0, BAR)
    QTest.keyClick(strip, KEY.Key_Left)
    assert strip.selection == (0, BAR)
    for bar in (1, 2, 3):
        QTest.keyClick(strip, KEY.Key_Right)
        assert strip.selection == (bar * BAR, (bar + 1) * BAR)


def test_typing_enters_a_chord_and_enter_goes_to_the_next_bar(
    desk: Desk, strip: ChordStrip
) -> None:
    click(strip, BAR + 100)
    QTest.keyClick(strip, "b")
    assert strip.editor.line.text() == "B"
    QTest.keyClicks(strip.editor.line, "bm7")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "Fm | Bbm7 | Eb7 | C7"
    assert strip.selection == (2 * BAR, 3 * BAR)
    assert strip.hasFocus()
    QTest.keyClick(strip, "a")
    QTest.keyClicks(strip.editor.line, "b C")
    QTest.keyClick(strip.editor.line, KEY.Key_Tab)
    assert text(desk) == "Fm | Bbm7 | Ab C | C7"
    assert strip.selection == (3 * BAR, 4 * BAR)
    desk.services.document.undo()
    assert text(desk) == "Fm | Bbm7 | Eb7 | C7"


def test_escape_gives_up_and_nothing_is_changed(desk: Desk, strip: ChordStrip) -> None:
    before = desk.services.document.session
    click(strip, BAR + 100)
    QTest.keyClick(strip, "g")
    QTest.keyClick(strip.editor.line, KEY.Key_Escape)
    assert not strip.editor.isVisible()
    assert desk.services.document.session is before
    assert strip.selection == (BAR, 2 * BAR)


def test_a_wrong_spelling_stays_to_be_mended_with_a_hint_under_it(
    desk: Desk, strip: ChordStrip
) -> None:
    before = desk.services.document.session
    click(strip, BAR + 100)
    QTest.keyClick(strip, KEY.Key_F2)
    QTest.keyClick(strip.editor.line, KEY.Key_A, CTRL)
    QTest.keyClicks(strip.editor.line, "H7")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    problem = strip.editor.problem
    assert problem is not None
    assert problem.isVisible()
    assert "H7" in problem.what.text()
    assert "German H" in problem.hint.text()
    assert "German H" in strip.editor.line.accessibleDescription()
    assert strip.editor.line.text() == "H7"
    assert desk.services.document.session is before
    QTest.keyClick(strip.editor.line, KEY.Key_Backspace)
    assert not problem.isVisible()
    QTest.keyClick(strip.editor.line, KEY.Key_Escape)
    assert not strip.editor.isVisible()


def test_what_is_typed_is_taken_when_the_focus_goes_elsewhere(
    desk: Desk, strip: ChordStrip
) -> None:
    click(strip, BAR + 100)
    QTest.keyClick(strip, "g")
    desk.window.timeline.roll.setFocus()
    assert text(desk) == "Fm | G | Eb7 | C7"
    assert desk.window.timeline.roll.hasFocus()
    assert not strip.editor.isVisible()


def test_enter_lets_the_whole_line_be_typed(desk: Desk, strip: ChordStrip) -> None:
    strip.setFocus()
    QTest.keyClick(strip, KEY.Key_Return)
    assert strip.editor.line.text() == "Fm | Db | Eb7 | C7"
    QTest.keyClicks(strip.editor.line, "Am | F | C | G")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "Am | F | C | G"
    assert not strip.editor.isVisible()
    assert desk.window.timeline.roll.hasFocus()


def test_space_in_the_field_is_a_space(desk: Desk, strip: ChordStrip) -> None:
    strip.edit()
    strip.editor.line.clear()
    QTest.keyClick(strip.editor.line, KEY.Key_Space)
    assert strip.editor.line.text() == " "
    assert not desk.services.player.is_playing
    QTest.keyClick(strip.editor.line, KEY.Key_Escape)


def double_click(strip: ChordStrip, ticks: float, held: Qt.KeyboardModifier = PLAIN) -> None:
    click(strip, ticks, held)
    QTest.mouseDClick(strip, Qt.MouseButton.LeftButton, held, at(strip, ticks))


def test_a_double_click_edits_the_chord_under_it(desk: Desk, strip: ChordStrip) -> None:
    double_click(strip, BAR + 2 * 480 + 100)
    assert strip.editor.isVisible()
    assert strip.editor.line.selectedText() == "Db"
    QTest.keyClicks(strip.editor.line, "Ab7")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "Fm | Ab7 | Eb7 | C7"


def test_a_double_click_edits_the_whole_of_a_long_chord_by_beats_too(
    desk: Desk, strip: ChordStrip
) -> None:
    desk.services.chords.set_text("Fm | / | Eb7 | C7")
    strip.set_by_beat(True)
    double_click(strip, BAR + 900)
    QTest.keyClicks(strip.editor.line, "G")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "G | / | Eb7 | C7"


def test_a_double_click_with_alt_adds_a_chord_on_its_beat(desk: Desk, strip: ChordStrip) -> None:
    double_click(strip, BAR + 2 * 480 + 100, ALT)
    assert strip.editor.line.text() == ""
    QTest.keyClicks(strip.editor.line, "Ab7")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "Fm | Db Ab7 | Eb7 | C7"


@pytest.mark.parametrize(
    ("place", "typed", "written"),
    [
        (BAR + 100, "Dm | G7", "Fm | Dm | G7 | C7"),
        (BAR + 2 * 480 + 100, "Dm | G7", "Fm | Db Dm | G7 | C7"),
        (BAR + 3 * 480 + 100, "Dm G7 | C | %", "Fm | Db / / / / / Dm G7 | C | %"),
        (BAR + 2 * 480 + 100, "/ | G7", "Fm | Db Db | G7 | C7"),
        (3 * BAR + 100, "Dm | G7", "Fm | Db | Eb7 | Dm | G7 | Db | Eb7 | C7"),
    ],
)
def test_bars_typed_into_a_cell_go_on_from_it_in_one_step(
    desk: Desk, strip: ChordStrip, place: int, typed: str, written: str
) -> None:
    double_click(strip, place, ALT)
    strip.editor.line.selectAll()
    QTest.keyClicks(strip.editor.line, typed)
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert not strip.editor.isVisible()
    assert text(desk) == written
    assert desk.services.document.undo_name in (f"Enter {typed}", "Enter chords")
    desk.services.document.undo()
    assert text(desk) == "Fm | Db | Eb7 | C7"


def test_after_bars_were_typed_the_bar_behind_them_is_chosen(strip: ChordStrip) -> None:
    double_click(strip, 2 * 480 + 100, ALT)
    QTest.keyClicks(strip.editor.line, "Dm | G7")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert strip.selection == (2 * BAR, 3 * BAR)


def test_dragging_a_border_moves_the_change_in_one_step(desk: Desk, strip: ChordStrip) -> None:
    start = at(strip, BAR)
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    for ticks in (BAR + 300, BAR + 500, BAR + 900):
        QTest.mouseMove(strip, at(strip, ticks))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(strip, BAR + 900))
    assert text(desk) == "Fm | / Db | Eb7 | C7"
    desk.services.document.undo()
    assert text(desk) == "Fm | Db | Eb7 | C7"


def test_dragging_the_end_changes_what_is_repeated(desk: Desk, strip: ChordStrip) -> None:
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=at(strip, 4 * BAR))
    QTest.mouseMove(strip, at(strip, 2 * BAR + 100))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(strip, 2 * BAR + 100))
    assert text(desk) == "Fm | Db"
    assert [cell.kind for cell in strip.cells] == ["typed", "typed", "repeat", "repeat"]


def test_dragging_over_cells_chooses_them(strip: ChordStrip) -> None:
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=at(strip, 500))
    QTest.mouseMove(strip, at(strip, 2 * BAR + 500))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(strip, 2 * BAR + 500))
    assert strip.selection == (0, 3 * BAR)


def test_delete_lets_the_chord_before_hold_on(desk: Desk, strip: ChordStrip) -> None:
    click(strip, BAR + 100)
    QTest.keyClick(strip, KEY.Key_Delete)
    assert text(desk) == "Fm | / | Eb7 | C7"
    click(strip, 3 * BAR + 100)
    QTest.keyClick(strip, KEY.Key_Delete, SHIFT)
    assert text(desk) == "Fm | / | Eb7"


def test_chords_are_copied_cut_pasted_and_duplicated(desk: Desk, strip: ChordStrip) -> None:
    click(strip, 100)
    click(strip, BAR + 100, SHIFT)
    QTest.keyClick(strip, KEY.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Fm | Db"
    click(strip, 2 * BAR + 100)
    QTest.keyClick(strip, KEY.Key_V, CTRL)
    assert text(desk) == "Fm | Db | Fm | Db"
    assert strip.selection == (2 * BAR, 4 * BAR)
    click(strip, BAR + 100)
    QTest.keyClick(strip, KEY.Key_D, CTRL)
    assert text(desk) == "Fm | Db | % | %"
    assert strip.selection == (2 * BAR, 3 * BAR)
    click(strip, 3 * BAR + 100)
    QTest.keyClick(strip, KEY.Key_X, CTRL)
    assert text(desk) == "Fm | Db | % | /"
    assert QGuiApplication.clipboard().text() == "Db"


def test_chords_of_another_program_are_pasted_and_nonsense_is_shown_to_be_mended(
    desk: Desk, strip: ChordStrip
) -> None:
    QGuiApplication.clipboard().setText("Am7 | D7\n")
    click(strip, 2 * BAR + 100)
    QTest.keyClick(strip, KEY.Key_V, CTRL)
    assert text(desk) == "Fm | Db | Am7 | D7"
    QGuiApplication.clipboard().setText("hello there")
    QTest.keyClick(strip, KEY.Key_V, CTRL)
    assert text(desk) == "Fm | Db | Am7 | D7"
    assert strip.editor.isVisible()
    QTest.keyClick(strip.editor.line, KEY.Key_Escape)


def test_shift_and_arrows_transpose_what_is_chosen(desk: Desk, strip: ChordStrip) -> None:
    click(strip, 2 * BAR + 100)
    QTest.keyClick(strip, KEY.Key_Up, SHIFT)
    assert text(desk) == "Fm | Db | E7 | C7"
    QTest.keyClick(strip, KEY.Key_Down, SHIFT)
    assert text(desk) == "Fm | Db | Eb7 | C7"


def test_beats_are_filled_one_after_the_other(desk: Desk, strip: ChordStrip) -> None:
    strip.set_by_beat(True)
    click(strip, BAR + 500)
    assert strip.selection == (BAR + 480, BAR + 960)
    for chord in ("Ab", "Gb"):
        QTest.keyClick(strip, KEY.Key_F2)
        QTest.keyClick(strip.editor.line, KEY.Key_A, CTRL)
        QTest.keyClicks(strip.editor.line, chord)
        QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "Fm | Db Ab Gb / | Eb7 | C7"
    assert strip.selection == (BAR + 3 * 480, 2 * BAR)
    assert strip.accessibleDescription() == "Bar 2 beat 4, G flat, one beat"


def test_an_empty_track_is_filled_bar_by_bar_and_beyond_its_end(make_desk: MakeDesk) -> None:
    desk = make_desk(Session())
    strip = desk.window.timeline.chords
    assert [cell.kind for cell in strip.cells] == ["empty"] * 4
    click(strip, 100)
    for chord in ("Fm", "Db", "Eb7", "C7", "Gb"):
        QTest.keyClick(strip, KEY.Key_F2)
        strip.editor.line.selectAll()
        QTest.keyClicks(strip.editor.line, chord)
        QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk).startswith("Fm | Db | Eb7 | C7 | Gb")
    assert strip.selection is not None
    assert strip.selection[0] == 5 * BAR


def test_with_music_entering_goes_round_at_its_end(desk: Desk, strip: ChordStrip) -> None:
    desk.continue_phrase()
    click(strip, 11 * BAR + 900)
    QTest.keyClick(strip, "a")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk).count("|") == 11
    assert text(desk).endswith("| A")


def test_what_goes_round_is_dimmer_than_what_is_typed(desk: Desk, strip: ChordStrip) -> None:
    desk.continue_phrase()
    kinds = [cell.kind for cell in strip.cells]
    assert kinds == ["typed"] * 4 + ["repeat"] * 8
    image = strip.grab().toImage()
    ratio = strip.devicePixelRatioF()

    def fill_at(ticks: int) -> str:
        place = at(strip, ticks + BAR - 200)
        return image.pixelColor(round(place.x() * ratio), round(10 * ratio)).name()

    assert fill_at(0) != fill_at(6 * BAR)
    assert fill_at(5 * BAR) == fill_at(6 * BAR)


def test_what_the_soloist_hears_can_be_used_with_one_click(make_desk: MakeDesk) -> None:
    bare = replace(demo_session(), progression=None, progression_text="")
    desk = make_desk(bare)
    strip = desk.window.timeline.chords
    desk.qtbot.waitUntil(lambda: strip.keep.isVisible(), timeout=5_000)
    assert {cell.kind for cell in strip.cells} == {"heard"}
    assert strip.keep.accessibleName() == "Use these chords"
    assert strip.keep.text().startswith("Use")
    assert "heard in your phrase and follow it" in strip.keep.toolTip()
    QTest.mouseClick(strip.keep, Qt.MouseButton.LeftButton)
    assert {cell.kind for cell in strip.cells} == {"typed"}
    assert not strip.keep.isVisible()
    assert desk.services.document.undo_name == "Use the chords heard"
    desk.services.document.undo()
    assert desk.services.document.session.progression is None


def test_the_button_to_use_what_is_heard_leaves_the_chords_to_be_seen(make_desk: MakeDesk) -> None:
    desk = make_desk(replace(demo_session(), progression=None, progression_text=""))
    strip = desk.window.timeline.chords
    desk.qtbot.waitUntil(lambda: strip.keep.isVisible(), timeout=5_000)
    desk.window.resize(1800, 800)
    desk.qtbot.waitUntil(lambda: strip.keep.text() == "Use these chords")
    desk.services.settings.change(text_percent=200)
    desk.window.resize(1100, 800)
    desk.qtbot.waitUntil(lambda: strip.keep.text() == "Use")
    assert strip.keep.width() < strip.width() / 4
    assert strip.keep.geometry().right() < strip.width()
    desk.services.settings.change(text_percent=100)
    assert strip.keep.text() != "Use"


def test_the_menu_offers_all_that_can_be_done_and_does_it(desk: Desk, strip: ChordStrip) -> None:
    click(strip, BAR + 100)
    commands = strip.findChild(ChordCommands)
    assert commands is not None
    menu = commands.make_menu()
    entries = {action.text(): action for action in menu.actions()}
    assert {"Cut", "Copy", "Paste", "Duplicate", "Clear", "Find chords in my phrase"} <= set(
        entries
    )
    entries["Repeat from here"].trigger()
    assert text(desk) == "Fm | Db"
    transpose = entries["Transpose everything"].menu()
    assert transpose is not None
    transpose.actions()[0].trigger()  # type: ignore[attr-defined]
    assert text(desk) == "F#m | D"
    menu.deleteLater()


def test_a_click_with_the_other_button_chooses_and_opens_the_menu(
    desk: Desk, strip: ChordStrip
) -> None:
    places: list[float] = []
    strip.menu_wanted.disconnect()
    strip.menu_wanted.connect(lambda _place, ticks: places.append(ticks))
    desk.qtbot.mouseClick(strip, Qt.MouseButton.RightButton, pos=at(strip, 2 * BAR + 100))
    if not places:  # the platform sends no menu event of its own
        reason, place = QContextMenuEvent.Reason.Mouse, at(strip, 2 * BAR + 100)
        QApplication.sendEvent(strip, QContextMenuEvent(reason, place, strip.mapToGlobal(place)))
    assert places == [pytest.approx(2 * BAR + 100, abs=30)]
    assert strip.selection == (2 * BAR, 3 * BAR)


def open_menu(
    strip: ChordStrip, place: QPoint, reason: QContextMenuEvent.Reason
) -> dict[str, QAction]:
    QApplication.sendEvent(strip, QContextMenuEvent(reason, place, strip.mapToGlobal(place)))
    menu = strip.findChildren(QMenu, "chord_menu")[-1]
    assert menu.isVisible()
    return {action.text(): action for action in menu.actions()}


def test_the_menu_adds_a_chord_on_the_beat_that_was_clicked(desk: Desk, strip: ChordStrip) -> None:
    reason = QContextMenuEvent.Reason.Mouse
    entries = open_menu(strip, at(strip, BAR + 2 * 480 + 100), reason)
    entries["Add a chord on beat 3"].trigger()
    QApplication.activePopupWidget().close()
    QTest.keyClicks(strip.editor.line, "Ab7")
    QTest.keyClick(strip.editor.line, KEY.Key_Return)
    assert text(desk) == "Fm | Db Ab7 | Eb7 | C7"


def test_the_menu_by_keys_adds_on_the_beat_chosen_and_says_where_a_chord_begins(
    desk: Desk, strip: ChordStrip
) -> None:
    desk.services.chords.set_text("Fm | / | Eb7 | C7")
    strip.set_by_beat(True)
    reason = QContextMenuEvent.Reason.Keyboard
    click(strip, 100)
    first = open_menu(strip, QPoint(), reason)["Add a chord on beat 1"]
    assert not first.isEnabled()
    assert "begins on this beat" in first.toolTip()
    QApplication.activePopupWidget().close()
    click(strip, BAR + 500)
    assert open_menu(strip, QPoint(), reason)["Add a chord on beat 2 of bar 2"].isEnabled()
    QApplication.activePopupWidget().close()


def test_the_help_says_how_chords_are_edited_and_added(strip: ChordStrip) -> None:
    assert "double-click to edit" in strip.toolTip()
    assert "Alt and double-click, or the context menu, adds one" in strip.toolTip()


def bright_px(strip: ChordStrip, left_px: float, right_px: float) -> int:
    """Return how many pixels between two places are as bright as a name."""
    image, ratio = strip.grab().toImage(), strip.devicePixelRatioF()
    columns = range(round(left_px * ratio), round(right_px * ratio))
    rows = range(round(8 * ratio), image.height() - round(8 * ratio))
    return sum(image.pixelColor(x, y).lightness() > 150 for x in columns for y in rows)


def test_a_name_scrolled_off_stands_where_its_cell_begins_to_be_seen(
    desk: Desk, strip: ChordStrip
) -> None:
    desk.services.player.stop()
    strip.axis.zoom_to(BAR, 2 * BAR)
    strip.axis.scroll_to(BAR + 400)
    left_px = strip.axis.gutter_px + 6
    assert strip.axis.x_at(BAR) < strip.axis.gutter_px
    assert bright_px(strip, left_px, left_px + 30) > 20
    assert not bright_px(strip, left_px + 40, left_px + 70)


def test_only_what_is_seen_of_a_long_track_is_drawn(
    desk: Desk, strip: ChordStrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.services.chords.set_text(" | ".join(["C"] + ["/"] * 199 + ["F", "G"] * 100))
    strip.axis.zoom_to(100 * BAR, 104 * BAR)
    drawn: list[ShownCell] = []
    places: list[float] = []
    draw, x_at = CellPainter.draw, strip.axis.x_at
    monkeypatch.setattr(
        CellPainter, "draw", lambda *given, **named: (drawn.append(given[1]), draw(*given, **named))
    )
    monkeypatch.setattr(strip.axis, "x_at", lambda ticks: (places.append(ticks), x_at(ticks))[1])
    strip.grab()
    assert [cell.text for cell in drawn] == ["C"]
    assert 4 < len(places) < 40
    drawn.clear()
    strip.axis.zoom_to(300 * BAR, 304 * BAR)
    strip.grab()
    assert 4 <= len(drawn) <= 6


@pytest.mark.parametrize("percent", [100, 200])
def test_no_cell_is_a_blank_box(desk: Desk, strip: ChordStrip, percent: int) -> None:
    desk.services.chords.set_text("Dbmaj7#11 | Bbm7b5/E | C7b9 | Ebm9")
    desk.continue_phrase()
    desk.services.settings.change(text_percent=percent)
    assert len(strip.cells) == 12
    strip.axis.show_all()
    blank = [
        cell
        for cell in strip.cells[:-2]  # over which nothing lies
        if bright_px(strip, strip.axis.x_at(cell.start_ticks) + 5, strip.axis.x_at(cell.end_ticks))
        < 8
    ]
    desk.services.settings.change(text_percent=100)
    assert not blank


def test_text_of_twice_the_size_makes_the_track_higher(desk: Desk, strip: ChordStrip) -> None:
    height = strip.height()
    desk.services.settings.change(text_percent=200)
    assert strip.height() == 2 * height
    desk.services.settings.change(text_percent=100)
    assert strip.height() == height


def test_a_light_window_draws_the_chosen_chord_too(desk: Desk, strip: ChordStrip) -> None:
    desk.window.show_theme(LIGHT)
    click(strip, 2 * BAR + 100)
    image = strip.grab().toImage()
    ratio = strip.devicePixelRatioF()
    place = at(strip, 2 * BAR + 1000)
    seen = image.pixelColor(round(place.x() * ratio), round(10 * ratio)).name()
    assert seen == LIGHT.on_working


def test_in_another_session_nothing_is_chosen(desk: Desk, strip: ChordStrip) -> None:
    click(strip, 2 * BAR + 500)
    desk.services.document.open(Session())
    assert strip.selection is None
    assert {cell.kind for cell in strip.cells} == {"empty"}
    assert desk.services.chords.recent == ()


def test_what_is_being_typed_is_not_put_into_another_session(desk: Desk, strip: ChordStrip) -> None:
    click(strip, BAR + 100)
    QTest.keyClick(strip, KEY.Key_A)
    assert strip.editor.isVisible()
    other = replace(demo_session(), name="Other")
    desk.services.document.open(other)
    desk.window.timeline.roll.setFocus()
    assert desk.services.document.session == other
    assert not strip.editor.isVisible()


def test_keys_of_the_track_go_before_those_the_user_gave_to_the_window(
    desk: Desk, strip: ChordStrip
) -> None:
    desk.window.keymap.bind("loop", QKeySequence("Right"))
    was_looping = desk.services.player.state.is_looping
    click(strip, 100)
    QTest.keyClick(strip, KEY.Key_Right)
    assert strip.selection == (BAR, 2 * BAR)
    assert desk.services.player.state.is_looping == was_looping
    desk.window.keyboard.setFocus()
    QTest.keyClick(desk.window.takes.list, KEY.Key_Right)
    assert desk.services.player.state.is_looping != was_looping
