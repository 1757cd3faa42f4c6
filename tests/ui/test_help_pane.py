"""The pane that explains."""

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QWidget

from musicassist.ui.hints import HINTS
from tests.ui.conftest import Desk


def hover(widget: QWidget) -> None:
    place = QPointF(3, 3)
    QApplication.sendEvent(widget, QEnterEvent(place, place, QPointF(widget.mapToGlobal(place))))


def test_it_begins_with_the_first_steps(desk: Desk) -> None:
    assert desk.window.help.title.text() == "First steps"


def test_what_the_pointer_is_over_is_explained(desk: Desk) -> None:
    hover(desk.window.solo_panel.go)
    assert desk.window.help.title.text() == "Continue"
    assert desk.window.help.text.text() == HINTS["continue_button"].tip
    assert desk.window.help.keys.text() == "Ctrl+Return"
    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.Leave))
    assert desk.window.help.title.text() == "First steps"


def test_controls_of_one_kind_share_their_words(desk: Desk) -> None:
    desk.continue_phrase()
    hover(desk.window.takes.card(2).handle)
    assert desk.window.help.title.text() == HINTS["drag_handle"].name


def test_a_control_that_cannot_be_used_says_why(desk: Desk) -> None:
    hover(desk.window.transport.undo)
    assert desk.window.help.text.text() == "There is nothing to undo."


def test_long_words_end_in_an_ellipsis_where_the_pane_is_low(desk: Desk) -> None:
    text, tip = desk.window.help.text, HINTS["ruler"].tip
    hover(desk.window.timeline.ruler)
    assert text.whole_text == tip
    assert text.text().endswith(" \u2026")
    assert tip.startswith(text.text().removesuffix(" \u2026"))
    desk.window.resize(1440, 1200)
    desk.qtbot.waitUntil(lambda: text.text() == tip)
