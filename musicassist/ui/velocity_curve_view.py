"""A small drawing of what becomes of how hard a key is struck; drawn on, it becomes one's own."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicassist.music.playing import VelocityCurve
from musicassist.ui.theme import DARK, RADIUS_PX, TINY_PX, Theme, font

SIZE_PX: Final = (152, 92)
_HIGHEST: Final = 127
_PAD_PX: Final = 8
_DOT_PX: Final = 3.5
_STRUCK: Final = (1, 32, 64, 96, 127)  # where the points of a curve drawn here are
_STEPS: Final = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}


class VelocityCurveView(QWidget):
    """Shows a velocity curve; `curve_drawn` carries what the user makes of it."""

    curve_drawn = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._curve = VelocityCurve()
        self._index = len(_STRUCK) // 2
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def curve(self) -> VelocityCurve:
        """The curve shown."""
        return self._curve

    def show_curve(self, curve: VelocityCurve) -> None:
        """Show another curve."""
        self._curve = curve
        self._index = min(self._index, max(0, len(self._points) - 1))
        self.setAccessibleDescription(_in_words(curve))
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one size."""
        return QSize(*SIZE_PX)

    @property
    def _points(self) -> tuple[tuple[int, int], ...]:
        """The points that can be moved: those of an own curve, or those it would get."""
        return drawn_points(self._curve)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the nearest point along."""
        if event.button() == Qt.MouseButton.LeftButton:
            struck = self._velocity_at(event.position().x())
            points = self._points
            self._index = min(range(len(points)), key=lambda each: abs(points[each][0] - struck))
            self._move_to(self._heard_at(event.position().y()))
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the point that was taken."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(self._heard_at(event.position().y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose points with left and right, move them with up and down."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._index = min(max(self._index + step, 0), len(self._points) - 1)
            self.update()
        elif key in _STEPS:
            heard = self._curve.fixed_velocity
            if self._curve.kind != "fixed":
                heard = self._points[self._index][1]
            self._move_to(heard + _STEPS[key])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, diagonal, curve and, where there are some to move, points."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.person if self.hasFocus() else theme.line), 1))
        painter.setBrush(QColor(theme.ground))
        painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        place = self._place_of
        painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
        painter.drawLine(place(1, 1), place(_HIGHEST, _HIGHEST))
        line = QPolygonF([place(each, self._curve.apply(each)) for each in range(1, 128)])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.person), 2))
        painter.drawPolyline(line)
        self._draw_points(painter)
        if self._curve.kind == "fixed":
            painter.setPen(QColor(theme.text))
            painter.setFont(font(TINY_PX, is_bold=True))
            at = place(64, self._curve.fixed_velocity)
            above = at.y() > self.height() / 2
            painter.drawText(at + QPointF(-8, -6 if above else 14), str(self._curve.fixed_velocity))

    def _draw_points(self, painter: QPainter) -> None:
        if self._curve.kind == "fixed" or (self._curve.kind != "own" and not self.hasFocus()):
            return
        theme = self._theme
        for index, point in enumerate(self._points):
            is_chosen = index == self._index and self.hasFocus()
            painter.setPen(QPen(QColor(theme.person), 1.5))
            painter.setBrush(QColor(theme.person if is_chosen else theme.ground))
            painter.drawEllipse(self._place_of(*point), _DOT_PX, _DOT_PX)

    def _move_to(self, heard: int) -> None:
        heard = min(max(heard, 1), _HIGHEST)
        if self._curve.kind == "fixed":
            curve = replace(self._curve, fixed_velocity=heard)
        else:
            points = list(self._points)
            points[self._index] = (points[self._index][0], heard)
            curve = replace(self._curve, kind="own", points=tuple(points))
        if curve != self._curve:
            self.show_curve(curve)
            self.curve_drawn.emit(curve)

    def _place_of(self, struck: int, heard: int) -> QPointF:
        x = _PAD_PX + (struck - 1) / (_HIGHEST - 1) * (self.width() - 2 * _PAD_PX)
        y = _PAD_PX + (_HIGHEST - heard) / (_HIGHEST - 1) * (self.height() - 2 * _PAD_PX)
        return QPointF(x, y)

    def _velocity_at(self, x: float) -> int:
        return 1 + round((x - _PAD_PX) / (self.width() - 2 * _PAD_PX) * (_HIGHEST - 1))

    def _heard_at(self, y: float) -> int:
        return _HIGHEST - round((y - _PAD_PX) / (self.height() - 2 * _PAD_PX) * (_HIGHEST - 1))


def drawn_points(curve: VelocityCurve) -> tuple[tuple[int, int], ...]:
    """Return the points of an own curve, or those that a curve made one's own begins with."""
    if curve.kind == "own":
        return curve.points
    return tuple((struck, curve.apply(struck)) for struck in _STRUCK)


def _in_words(curve: VelocityCurve) -> str:
    if curve.kind == "fixed":
        return f"Every note counts {curve.fixed_velocity}."
    return ", ".join(f"{struck} counts {heard}" for struck, heard in drawn_points(curve))
