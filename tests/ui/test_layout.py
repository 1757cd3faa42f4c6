"""Nothing is cut off: at every size of the window, with every size of text, in every state."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QScrollArea,
    QWidget,
)

from musicassist.engine.protocol import InputPort, InputPortsChanged
from musicassist.generation.regeneration import BarRange
from musicassist.music.session import Session
from musicassist.ui.controls import Button, ElidedLabel
from musicassist.ui.main_window import MainWindow
from musicassist.ui.theme import TINY_PX, font
from musicassist.ui.time_axis import GUTTER_PX
from tests.ui.conftest import READY, Desk, MakeDesk

Scene = Callable[[Desk], None]

SIZES_PX = ((1100, 700), (1440, 900), (3840, 2160))
TEXT_PERCENTS = (100, 150, 200)
_MOST_TURNS = 20
_SLACK_PX = 2  # letters that lean out of their box


def four_takes(desk: Desk) -> None:
    desk.continue_phrase()


def comparing(desk: Desk) -> None:
    desk.continue_phrase()
    desk.services.takes.compare(3)


def comp(desk: Desk) -> None:
    desk.continue_phrase()
    desk.services.takes.take_bars(BarRange(4, 2), 3)


def devices(desk: Desk) -> None:
    desk.engine.say(READY)
    desk.engine.say(InputPortsChanged((InputPort("V49", controller="Alesis V49"),)))
    desk.window.show_devices(is_shown=True)


def chord_palette(desk: Desk) -> None:
    desk.window.timeline.chords.select((0, 1920))
    desk.window.commands["chord_palette"].trigger()


def nothing(_desk: Desk) -> None:
    """Leave it empty."""


SCENES: dict[str, Scene] = {
    "empty": nothing,
    "four takes": four_takes,
    "comparing": comparing,
    "comp": comp,
    "devices": devices,
    "chord palette": chord_palette,
}


@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_cut_off(make_desk: MakeDesk, name: str) -> None:
    desk = make_desk(Session() if name == "empty" else None)
    SCENES[name](desk)
    wrong = []
    for percent in TEXT_PERCENTS:
        desk.services.settings.change(text_percent=percent)
        for size in SIZES_PX:
            desk.window.resize(*size)
            found = settled(desk)
            assert (desk.window.width(), desk.window.height()) == size
            wrong += [f"{size} {percent} %: {words}" for words in found]
    assert not wrong, "\n".join(wrong)


def settled(desk: Desk) -> list[str]:
    """Return what stays cut off when panels have shared the room and all is laid out."""
    found: list[str] = []
    for _ in range(_MOST_TURNS):
        desk.qtbot.wait(1)
        found = cut_off(desk.window)
        if not found:
            break
    return found


def cut_off(window: MainWindow) -> list[str]:
    """Return what is cut off or hangs over, in words."""
    wrong = []
    behind = [dock for dock in window.docks.panels if not dock.is_seen]
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if any(dock.isAncestorOf(widget) for dock in behind):
            continue  # behind another tab
        name = f"{type(widget).__name__} {widget.objectName()}"
        if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and widget.text():
            problem = label_problem(widget)
        elif isinstance(widget, QAbstractButton | QComboBox | QAbstractSpinBox):
            problem = control_problem(widget)
        else:
            continue
        problem = problem or edge_problem(widget, window)
        if problem:
            wrong.append(f"{name} {text_of(widget)!r} {problem}")
    return wrong


def text_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def label_problem(label: QLabel) -> str:
    inside = label.contentsRect()
    wrapped = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    needed = label.fontMetrics().boundingRect(
        QRect(0, 0, inside.width(), 9999), wrapped, label.text()
    )
    if needed.width() > inside.width() + _SLACK_PX:
        return f"is {inside.width()} px wide and needs {needed.width()}"
    if needed.height() > inside.height() + _SLACK_PX:
        return f"is {inside.height()} px high and needs {needed.height()}"
    return ""


def control_problem(control: QWidget) -> str:
    """Say what there is no room for: the least height there may be, and the words."""
    least_px = control.minimumHeight() or control.minimumSizeHint().height()
    if control.height() < least_px:
        return f"is {control.height()} px high and needs {least_px}"
    if isinstance(control, Button) and not control.text():
        least_px = control.minimumWidth() or control.minimumSizeHint().width()
        if control.width() < least_px:
            return f"is {control.width()} px wide and needs {least_px}"
    field, text, beside_px = control, "", 0
    if isinstance(control, QAbstractSpinBox):
        field, text = control.lineEdit(), control.text()
    elif isinstance(control, QComboBox) and control.isEditable():
        field, text = control.lineEdit(), control.currentText()
    elif isinstance(control, QAbstractButton) and not isinstance(control, QCheckBox):
        text = control.text().replace("&&", "&")  # boxes and lists end in an ellipsis
        beside_px = control.iconSize().width() + 4 if not control.icon().isNull() else 0
    needed_px = control.fontMetrics().horizontalAdvance(text) + beside_px
    if needed_px > field.width():
        return f"{text!r} has {field.width()} px and needs {needed_px}"
    return ""


def edge_problem(widget: QWidget, window: QWidget) -> str:
    """Say whether something reaches out of what holds it; what scrolls may, up and down."""
    around, is_scrolled = widget.parentWidget(), False
    while around is not None:
        inside = QRect(widget.mapTo(around, QPoint(0, 0)), widget.size())
        room = around.rect()
        is_scrolled = is_scrolled or isinstance(around.parentWidget(), QScrollArea)
        if inside.left() < room.left() or inside.right() > room.right():
            return f"reaches out of {around.objectName() or type(around).__name__} sideways"
        is_out = inside.top() < room.top() or inside.bottom() > room.bottom()
        if is_out and not is_scrolled:
            return f"reaches out of {around.objectName() or type(around).__name__}"
        if around is window:
            break
        around = around.parentWidget()
    return ""


def test_the_gutter_is_as_wide_as_its_words_need(desk: Desk) -> None:
    axis = desk.window.timeline.axis
    usual_px = axis.gutter_px
    desk.services.settings.change(text_percent=200)
    metrics = QFontMetrics(font(TINY_PX))
    assert axis.gutter_px > metrics.horizontalAdvance("Velocity")
    assert axis.x_at(axis.left_ticks) == axis.gutter_px
    desk.services.settings.change(text_percent=100)
    assert axis.gutter_px == usual_px == GUTTER_PX
