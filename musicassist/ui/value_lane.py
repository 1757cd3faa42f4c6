"""What the lanes of values under the notes have in common: their height, their ground, a bubble."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from musicassist.ui.lane import Lane
from musicassist.ui.theme import RADIUS_PX, SMALL_PX, TINY_PX, font, scaled
from musicassist.ui.time_axis import TimeAxis

LEAST_HEIGHT_PX: Final = 48
MOST_HEIGHT_PX: Final = 200
CORNER_PX: Final = 24  # a button in the gutter
_LEAST_TITLED_PX: Final = 34
_EDGE_PX: Final = 5  # at the top, where the height is taken hold of
_TOP_PX: Final = 8  # room for a head at the highest value
_BOTTOM_PX: Final = 4
_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    }
)


class ValueLane(Lane):
    """A lane of values from 0 upwards; its upper edge is dragged to make it taller.

    `height_changed` carries the height the user has given it, in pixels.

    Args:
        axis: The scale it shares with the other lanes.
        title: What the gutter says.
        height_px: How tall it is at first.
    """

    height_changed = Signal(int)

    def __init__(self, axis: TimeAxis, title: str, height_px: int) -> None:
        super().__init__(axis)
        self.title = title
        self._height_px = height_px
        self._resized_from: tuple[float, int] | None = None
        self._bubble: tuple[float, float, str] | None = None
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def highest(self) -> int:
        """The highest value there is; the lowest drawn is 0."""
        return 127

    @property
    def height_px(self) -> int:
        """How tall the user wants it."""
        return self._height_px

    def set_height(self, height_px: float) -> None:
        """Make it as tall as is wished, within limits."""
        wanted = round(min(max(height_px, LEAST_HEIGHT_PX), MOST_HEIGHT_PX))
        if wanted != self._height_px:
            self._height_px = wanted
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for the height the user wants."""
        return QSize(self.axis.gutter_px * 2, self._height_px)

    def y_at(self, value: float) -> float:
        """Return where a value is drawn."""
        room = self.height() - _TOP_PX - _BOTTOM_PX
        return self.height() - _BOTTOM_PX - room * value / self.highest

    def value_at(self, y: float) -> float:
        """Return what is drawn at a height, as far as there are values."""
        room = self.height() - _TOP_PX - _BOTTOM_PX
        value = (self.height() - _BOTTOM_PX - y) / room * self.highest
        return min(max(value, 0.0), float(self.highest))

    def take_edge(self, event: QMouseEvent) -> bool:
        """Take hold of the upper edge, if that is where the mouse is pressed."""
        is_taken = event.button() == Qt.MouseButton.LeftButton and self.is_at_edge(event)
        if is_taken:
            self._resized_from = (event.globalPosition().y(), self.height())
        return is_taken

    def drag_edge(self, event: QMouseEvent) -> bool:
        """Move the upper edge, if it is held."""
        if self._resized_from is None:
            return False
        held_y, height_px = self._resized_from
        self.set_height(height_px + held_y - event.globalPosition().y())
        return True

    def let_go_of_edge(self) -> bool:
        """Leave the height as it is now, if the edge was held."""
        if self._resized_from is None:
            return False
        self._resized_from = None
        self.height_changed.emit(self._height_px)
        return True

    def is_at_edge(self, event: QMouseEvent) -> bool:
        """Whether the mouse is where the height is taken hold of."""
        return event.position().y() < _EDGE_PX

    def show_bubble(self, x: float, y: float, words: str) -> None:
        """Show a value beside the pointer; without words show none."""
        self._bubble = (x, y, words) if words else None
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move values from being the window's while the focus is here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(
                Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
            )
            if event.key() in _KEYS and plain == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return super().event(event)

    def draw_ground(self, painter: QPainter, seen: QRect) -> None:
        """Draw what the values stand on, and the gutter with the title."""
        theme = self.theme
        painter.fillRect(seen, QColor(theme.panel))
        painter.setPen(QColor(theme.beat_line))
        for _, start_ticks in self.bar_lines(seen):
            x = round(self.axis.x_at(start_ticks))
            painter.drawLine(x, seen.top(), x, seen.bottom())
        if seen.left() < self.axis.gutter_px:
            gutter = QRectF(0, 0, self.axis.gutter_px, self.height())
            painter.fillRect(gutter, QColor(theme.panel))
            painter.setFont(font(TINY_PX))
            painter.setPen(QColor(theme.secondary))
            into = QRectF(2, 6, self.axis.gutter_px - 7, self.height() - 6)
            if self.height() >= scaled(_LEAST_TITLED_PX):  # the button below would be under it
                right = Qt.AlignmentFlag.AlignRight
                painter.drawText(into, right | Qt.TextFlag.TextWordWrap, self.title)
            painter.setPen(QColor(theme.line))
            painter.drawLine(self.axis.gutter_px - 1, 0, self.axis.gutter_px - 1, self.height())
        painter.setPen(QColor(theme.line))
        painter.drawLine(seen.left(), 0, seen.right(), 0)

    def draw_over(self, painter: QPainter) -> None:
        """Draw what lies over the values: playhead, bubble and focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self.draw_playhead(painter)
        painter.setClipping(False)
        if self._bubble is not None:
            self._draw_bubble(painter, *self._bubble)
        if self.shows_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.person), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _draw_bubble(self, painter: QPainter, x: float, y: float, words: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL_PX))
        metrics = QFontMetricsF(painter.font())
        width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
        left = min(max(x + 10, self.axis.gutter_px + 2.0), self.width() - width - 2)
        top = min(max(y - height / 2, 1.0), self.height() - height - 1)
        into = QRectF(left, top, width, height)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(QColor(self.theme.raised))
        painter.drawRoundedRect(into, RADIUS_PX, RADIUS_PX)
        painter.setPen(QColor(self.theme.text))
        painter.drawText(into, Qt.AlignmentFlag.AlignCenter, words)
