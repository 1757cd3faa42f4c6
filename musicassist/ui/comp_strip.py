"""The comp: which solo each bar is taken from."""

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from musicassist.app.takes import CompPlan
from musicassist.generation.regeneration import BarRange
from musicassist.music.session import NumberedSolo, Session
from musicassist.ui.controls import Button, ElidedLabel
from musicassist.ui.hints import HINTS, describe, enable, plain_tip
from musicassist.ui.theme import DARK, SIDE_PX, SMALL_PX, Theme, font, mix

_GAP_PX: Final = 2
_PADDING_PX: Final = 5
_MOST_A_ROW: Final = 8
_MOST_ROWS: Final = 4
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TINTS: Final = (
    ("machine", 0.0),
    ("working", 0.0),
    ("person", 0.0),
    ("machine", 0.45),
    ("working", 0.45),
    ("person", 0.45),
)

Offers = Callable[[Collection[int]], tuple[NumberedSolo, ...]]


class CompStrip(QWidget):
    """Shows the comp under its heading.

    `bars_wanted(bars, number)` comes when bars shall be taken from a solo, `new_wanted` when
    another comp shall begin.

    Args:
        offers: Says which solos have some bars, counted from 0.
    """

    bars_wanted = Signal(object, int)
    new_wanted = Signal()

    def __init__(self, offers: Offers) -> None:
        super().__init__()
        self.setObjectName("comp_strip")
        self.cells = CompCells(offers)
        self.cells.bars_wanted.connect(self.bars_wanted)
        self.heading = ElidedLabel("Comp", "title")
        self.caption = ElidedLabel("best bars of several takes", "caption")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hint = ElidedLabel(role="caption")
        self.new = Button(role="bare", icon_name="plus")
        describe(self.new, "new_comp_button")
        self.new.clicked.connect(self.new_wanted)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.heading)
        top.addWidget(self.caption, 1)
        top.addStretch()
        top.addWidget(self.new)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 8, SIDE_PX, 12)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.cells)
        column.addWidget(self.hint)

    def show_plan(self, plan: CompPlan, session: Session) -> None:
        """Show what the comp is made of, or would begin with."""
        comp = session.solo_numbered(plan.number)
        source = session.solo_numbered(plan.source_number)
        self.heading.show_text(comp.name if comp is not None else "Comp")
        self.caption.setVisible(comp is None)  # a name somebody typed gets the room
        words = ""
        if source is not None:
            words = f"Click bars to take them from {source.name}."
            if comp is None and set(plan.bars) == {source.number}:
                words = "Choose another take, then click bars to take from it."
        self.hint.show_text(words)
        self.hint.setToolTip(plain_tip(words))
        reason = "There is no solo yet to begin a comp with: press Continue."
        enable(self.new, "new_comp_button", is_enabled=source is not None, reason=reason)
        self.cells.show_plan(plan, session)
        self.setVisible(bool(plan.bars))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self.cells.show_theme(theme)
        self.new.show_theme(theme)


class CompCells(QWidget):
    """A cell a bar, in the colour and with the number of the solo it is taken from.

    `bars_wanted(bars, number)` comes when bars shall be taken from a solo.

    Args:
        offers: Says which solos have some bars, counted from 0.
    """

    bars_wanted = Signal(object, int)

    def __init__(self, offers: Offers) -> None:
        super().__init__()
        describe(self, "comp_cells")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._offers = offers
        self._plan = CompPlan()
        self._session = Session()
        self._theme = DARK
        self._first = 0  # where a sweep began
        self._last = 0
        self._is_sweeping = False
        self._playing_bar: int | None = None
        self._typed = ""

    @property
    def chosen(self) -> range:
        """The bars that are chosen, counted from 0."""
        return range(min(self._first, self._last), max(self._first, self._last) + 1)

    def show_plan(self, plan: CompPlan, session: Session) -> None:
        """Show other sources of the bars."""
        self._plan, self._session = plan, session
        highest = max(len(plan.bars) - 1, 0)
        self._first, self._last = min(self._first, highest), min(self._last, highest)
        if self.heightForWidth(self.width()) != self.height():
            self._fit()
        self._say()
        self.update()

    def show_playing(self, bar: int | None) -> None:
        """Show which bar is heard; None for none."""
        if bar != self._playing_bar:
            self._playing_bar = bar
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def cell(self, bar: int) -> QRect:
        """Return where a bar's cell is."""
        a_row, _ = self._shape
        row, place = divmod(bar, a_row)
        left = place * (self.width() + _GAP_PX) // a_row
        right = (place + 1) * (self.width() + _GAP_PX) // a_row - _GAP_PX
        top = row * (self._cell_px + _GAP_PX)
        return QRect(left, top, right - left, self._cell_px)

    def menu(self) -> QMenu:
        """Return the menu that asks where the chosen bars shall come from."""
        menu = QMenu(self)
        menu.setObjectName("comp_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        bars = self._chosen_bars()
        menu.setAccessibleName(f"{_capital(bars.words)} from")
        for solo in self._offers(self.chosen):
            action = menu.addAction(f"{_capital(bars.words)} from {solo.name}".replace("&", "&&"))
            action.setObjectName(f"from_{solo.number}")
            action.triggered.connect(
                lambda _is_on=False, number=solo.number: self.bars_wanted.emit(bars, number)
            )
        return menu

    def sizeHint(self) -> QSize:
        """Ask for a row or some."""
        return QSize(120, self.heightForWidth(120))

    def minimumSizeHint(self) -> QSize:
        """Need as much."""
        return self.sizeHint()

    def heightForWidth(self, _width: int) -> int:
        """Return the height of all rows."""
        _, n_rows = self._shape
        return n_rows * (self._cell_px + _GAP_PX) - _GAP_PX

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when letters have another size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw as wide."""
        super().resizeEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say in the tooltip where the bar under the pointer comes from."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bar = self._bar_at(event.pos())
            words = f"{self._said(range(bar, bar + 1))} {HINTS['comp_cells'].tip}"
            QToolTip.showText(event.globalPos(), plain_tip(words), self, self.cell(bar))
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a sweep."""
        if event.button() == Qt.MouseButton.LeftButton and self._plan.bars:
            self._is_sweeping = True
            self._choose(self._bar_at(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._is_sweeping:
            self._choose(self._bar_at(event.position().toPoint()), is_extending=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the bars from the source, or ask where from if they come from there already."""
        if event.button() != Qt.MouseButton.LeftButton or not self._is_sweeping:
            return
        self._is_sweeping = False
        self._take_or_ask(event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask where the bars shall come from."""
        if not self._plan.bars:
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            bar = self._bar_at(event.pos())
            if bar not in self.chosen:
                self._choose(bar)
        self._ask(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose bars and where they come from."""
        is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        held = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        key, highest = event.key(), len(self._plan.bars) - 1
        if held or highest < 0:
            super().keyPressEvent(event)
            return
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self._type(str(key - Qt.Key.Key_0))
            return
        self._typed = ""
        match key:
            case Qt.Key.Key_Left:
                self._choose(max(self._last - 1, 0), is_extending=is_extending)
            case Qt.Key.Key_Right:
                self._choose(min(self._last + 1, highest), is_extending=is_extending)
            case Qt.Key.Key_Up:
                self._step_source(-1)
            case Qt.Key.Key_Down:
                self._step_source(1)
            case key if key in _ENTER:
                self._take_or_ask(self.mapToGlobal(self.cell(self._last).bottomLeft()))
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it has gone."""
        super().focusOutEvent(event)
        self._typed = ""
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL_PX, is_bold=True))
        is_comp = self._plan.number is not None
        for bar, number in enumerate(self._plan.bars):
            place = QRectF(self.cell(bar))
            colour = colour_of(theme, number)
            fill = colour if is_comp else mix(colour.name(), theme.panel, 0.75)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(place, 3, 3)
            painter.setPen(text_on(fill, theme))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number))
            if bar == self._playing_bar:
                line = QRectF(place.left() + 2, place.bottom() - 3, place.width() - 4, 2)
                painter.fillRect(line, text_on(fill, theme))
        if self.hasFocus() or self._is_sweeping:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 2))
            for bar in self.chosen:
                painter.drawRoundedRect(QRectF(self.cell(bar)).adjusted(1, 1, -1, -1), 3, 3)

    @property
    def _cell_px(self) -> int:
        return QFontMetrics(font(SMALL_PX, is_bold=True)).height() + 2 * _PADDING_PX

    @property
    def _shape(self) -> tuple[int, int]:
        """Return how many cells there are in a row at most, and how many rows."""
        n_bars = max(len(self._plan.bars), 1)
        a_row = min(n_bars, _MOST_A_ROW)
        while -(-n_bars // a_row) > _MOST_ROWS:
            a_row += 4
        return a_row, -(-n_bars // a_row)

    def _fit(self) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.updateGeometry()

    def _bar_at(self, place: QPoint) -> int:
        """Return the bar whose cell is at a place, or the nearest."""
        a_row, n_rows = self._shape
        row = min(max(place.y() // (self._cell_px + _GAP_PX), 0), n_rows - 1)
        column = min(max(place.x() * a_row // max(self.width(), 1), 0), a_row - 1)
        return max(min(row * a_row + column, len(self._plan.bars) - 1), 0)

    def _choose(self, bar: int, *, is_extending: bool = False) -> None:
        self._last = bar
        if not is_extending:
            self._first = bar
        self._say()
        self.update()

    def _chosen_bars(self) -> BarRange:
        return BarRange(self.chosen.start, len(self.chosen))

    def _take_or_ask(self, place: QPoint) -> None:
        source = self._plan.source_number
        there = {self._plan.bars[bar] for bar in self.chosen}
        offered = {solo.number for solo in self._offers(self.chosen)}
        if source is not None and source in offered and there != {source}:
            self.bars_wanted.emit(self._chosen_bars(), source)
        else:
            self._ask(place)

    def _ask(self, place: QPoint) -> None:
        self.menu().popup(place)

    def _type(self, digit: str) -> None:
        """Take the bars from the solo of the number typed, of one more digit if there is such."""
        offered = {str(solo.number): solo.number for solo in self._offers(self.chosen)}
        self._typed = next(
            (typed for typed in (self._typed + digit, digit) if typed in offered),
            self._typed + digit,
        )
        if self._typed in offered:
            self.bars_wanted.emit(self._chosen_bars(), offered[self._typed])

    def _step_source(self, step: int) -> None:
        numbers = [solo.number for solo in self._offers(self.chosen)]
        if not numbers:
            return
        now = self._plan.bars[self.chosen.start]
        place = numbers.index(now) + step if now in numbers else 0
        self.bars_wanted.emit(self._chosen_bars(), numbers[place % len(numbers)])

    def _said(self, bars: range) -> str:
        """Return where some bars come from, for a screen reader or a tooltip."""
        if not self._plan.bars:
            return "There is no solo yet."
        names = []
        for number in dict.fromkeys(self._plan.bars[bar] for bar in bars):
            solo = self._session.solo_numbered(number)
            names.append(solo.name if solo is not None else f"Solo {number}, which is gone")
        words = _capital(BarRange(bars.start, len(bars)).words)
        return f"{words} from {' and '.join(names)}."

    def _say(self) -> None:
        self.setAccessibleDescription(self._said(self.chosen))


def colour_of(theme: Theme, number: int) -> QColor:
    """Return the colour of a solo's bars; its number stands on them, for there are only six."""
    token, share = _TINTS[(number - 1) % len(_TINTS)]
    return mix(getattr(theme, token), theme.text, share)


def text_on(fill: QColor, theme: Theme) -> QColor:
    """Return the colour of text that stands out most from a fill."""
    colours = (theme.ground, theme.raised, theme.text, theme.on_machine)
    return max(map(QColor, colours), key=lambda colour: _contrast(colour, fill))


def _contrast(first: QColor, second: QColor) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    """Return the relative luminance of a colour.

    Source: WCAG 2.1, definition of relative luminance.
    """
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
