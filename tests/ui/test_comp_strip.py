"""The comp strip, with real clicks, sweeps and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.solo import Solo
from musicassist.ui.comp_strip import CompCells, colour_of, text_on
from musicassist.ui.theme import DARK, LIGHT, Theme
from tests.ui.conftest import Desk, MakeDesk

# The offscreen platform says so of every menu that opens.
pytestmark = pytest.mark.qt_log_ignore(
    "propagateSizeHints", "does not support raise", "does not support grabbing"
)

BAR_TICKS = 1920
N_BARS = 4
LEFT = Qt.MouseButton.LeftButton


def solo(pitch: int, n_bars: int = N_BARS) -> Solo:
    """Return a solo of one note a bar on one pitch."""
    notes = tuple(Note(bar * BAR_TICKS, BAR_TICKS, pitch) for bar in range(n_bars))
    primer = Clip((Note(0, 100, 60),), BAR_TICKS)
    return Solo(Clip(notes, n_bars * BAR_TICKS), "echo", pitch, primer)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    made = make_desk()
    made.services.document.add_solos(tuple(solo(60 + index) for index in range(3)))
    return made


@pytest.fixture
def cells(desk: Desk) -> CompCells:
    assert desk.window.takes.comp.isVisible()
    return desk.window.takes.comp.cells


def sweep(cells: CompCells, first: int, last: int) -> None:
    """Drag from one bar to another."""
    QTest.mousePress(cells, LEFT, pos=cells.cell(first).center())
    for bar in range(first, last + 1):
        QTest.mouseMove(cells, cells.cell(bar).center())
    QTest.mouseRelease(cells, LEFT, pos=cells.cell(last).center())


def pick(desk: Desk, number: int) -> None:
    """Click a card."""
    card = desk.window.takes.card(number)
    QTest.mouseClick(card, LEFT, pos=card.picture.geometry().center())


def heard(desk: Desk) -> list[int]:
    """Return the pitch of each bar of the chosen solo."""
    chosen = desk.services.document.session.selected_solo
    assert chosen is not None
    return [note.pitch for note in chosen.solo.clip.notes]


def test_a_swept_stretch_comes_from_the_card_clicked_before(desk: Desk, cells: CompCells) -> None:
    pick(desk, 3)
    assert desk.window.takes.comp.hint.whole_text == "Click bars to take them from Solo 3."
    sweep(cells, 1, 2)
    assert heard(desk) == [60, 62, 62, 60]
    assert desk.window.takes.comp.heading.whole_text == "Comp 1"
    assert desk.window.takes.card(4).summary.whole_text == "bars of Solo 1, 3 · of another phrase"
    assert desk.window.notices.text.whole_text == "Comp 1: bars 2–3 from Solo 3."
    assert cells.accessibleDescription() == "Bars 2–3 from Solo 3."
    pick(desk, 2)
    sweep(cells, 3, 3)
    assert heard(desk) == [60, 62, 62, 61]
    desk.window.notices.action.click()
    assert heard(desk) == [61, 61, 61, 61]  # the choice of a card is no step


def test_bars_that_come_from_there_already_ask_where_else_from(
    desk: Desk, cells: CompCells
) -> None:
    sweep(cells, 0, 1)
    menu = desk.window.findChild(QMenu, "comp_menu")
    assert menu is not None
    assert [each.text() for each in menu.actions()] == [
        f"Bars 1–2 from Solo {number}" for number in (1, 2, 3)
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert heard(desk) == [61, 61, 60, 60]


def test_a_right_click_asks_about_the_bar_under_it(desk: Desk, cells: CompCells) -> None:
    place = cells.cell(2).center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(cells, QContextMenuEvent(reason, place, cells.mapToGlobal(place)))
    menu = desk.window.findChild(QMenu, "comp_menu")
    assert menu is not None
    menu.actions()[2].trigger()
    menu.close()
    assert heard(desk) == [60, 60, 62, 60]


def test_keys_choose_bars_and_where_they_come_from(desk: Desk, cells: CompCells) -> None:
    cells.setFocus()
    QTest.keyClick(cells, Qt.Key.Key_Right)
    assert cells.accessibleDescription() == "Bar 2 from Solo 1."
    QTest.keyClick(cells, Qt.Key.Key_3)
    assert heard(desk) == [60, 62, 60, 60]
    assert cells.accessibleDescription() == "Bar 2 from Solo 3."
    QTest.keyClick(cells, Qt.Key.Key_Right)
    QTest.keyClick(cells, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(cells, Qt.Key.Key_Down)
    assert heard(desk) == [60, 62, 61, 61]
    QTest.keyClick(cells, Qt.Key.Key_Up)
    assert heard(desk) == [60, 62, 60, 60]
    QTest.keyClick(cells, Qt.Key.Key_Return)  # where the last ones came from is there already
    menu = desk.window.findChild(QMenu, "comp_menu")
    assert menu is not None
    menu.close()
    QTest.keyClick(cells, Qt.Key.Key_Left)
    assert list(cells.chosen) == [2]


def test_a_number_of_two_digits_is_typed(desk: Desk, cells: CompCells) -> None:
    desk.services.document.add_solos(tuple(solo(70 + index) for index in range(9)))
    cells.setFocus()
    QTest.keyClick(cells, Qt.Key.Key_1)
    assert heard(desk)[0] == 60
    QTest.keyClick(cells, Qt.Key.Key_2)
    assert heard(desk)[0] == 78  # Solo 12
    QTest.keyClick(cells, Qt.Key.Key_2)
    assert heard(desk)[0] == 61  # there is no Solo 122
    QTest.keyClick(cells, Qt.Key.Key_0)  # nor one of number 20, nor 0
    assert heard(desk)[0] == 61


def test_the_bar_that_is_heard_is_marked(desk: Desk, cells: CompCells) -> None:
    pick(desk, 3)
    sweep(cells, 1, 1)
    desk.services.player.play()
    start_ticks = desk.services.document.arrangement.solo_start_ticks
    quiet = cells.grab().toImage()
    desk.engine.move_playhead(start_ticks + 2.5 * BAR_TICKS)
    marked = cells.grab().toImage()
    cell = cells.cell(2)
    ratio = marked.devicePixelRatio()
    under = QPoint(round(cell.center().x() * ratio), round((cell.bottom() - 2) * ratio))
    assert quiet.pixelColor(under) != marked.pixelColor(under)


def test_a_new_comp_is_begun_beside_the_first(desk: Desk, cells: CompCells) -> None:
    sweep(cells, 0, 0)
    menu = desk.window.findChild(QMenu, "comp_menu")
    assert menu is not None
    menu.actions()[1].trigger()
    menu.close()
    pick(desk, 3)
    QTest.mouseClick(desk.window.takes.comp.new, LEFT)
    assert desk.window.takes.comp.heading.whole_text == "Comp 2"
    assert heard(desk) == [62] * N_BARS
    desk.services.document.undo()
    assert desk.services.document.session.last_number == 4


def test_long_comps_stand_in_rows(desk: Desk, cells: CompCells) -> None:
    desk.services.document.add_solos((solo(60, 64), solo(61, 64)))
    places = [cells.cell(bar) for bar in range(64)]
    assert max(place.bottom() for place in places) <= cells.height()
    assert max(place.right() for place in places) < cells.width()
    assert not any(a.intersects(b) for a in places for b in places if a is not b)
    pick(desk, 5)
    sweep(cells, 62, 63)
    assert heard(desk)[61:] == [60, 61, 61]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("number", range(1, 8))
def test_numbers_stand_out_from_their_cells(theme: Theme, number: int) -> None:
    fill = colour_of(theme, number)
    text = text_on(fill, theme)
    lighter, darker = sorted((luminance(fill), luminance(text)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: QColor) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
