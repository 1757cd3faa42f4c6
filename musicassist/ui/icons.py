"""Icons drawn by us, as strokes on a square of 24 units."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPixmapCache,
    QPolygonF,
)

UNITS: Final = 24
_PIXEL_RATIOS: Final = (1, 2, 3)


def icon(name: str, colour: str, disabled_colour: str, size_px: int) -> QIcon:
    """Return an icon that is sharp on every screen.

    Args:
        name: A name in `NAMES`.
        colour: #rrggbb.
        disabled_colour: #rrggbb while the control cannot be used.
        size_px: Its width and height.
    """
    made = QIcon()
    for ratio in _PIXEL_RATIOS:
        for mode, tint in (
            (QIcon.Mode.Normal, colour),
            (QIcon.Mode.Disabled, disabled_colour),
        ):
            made.addPixmap(_pixmap(name, tint, size_px, ratio), mode)
    return made


def _pixmap(name: str, tint: str, size_px: int, ratio: int) -> QPixmap:
    """Return an icon for screens of a pixel ratio; drawn once, since every card has the same."""
    key = f"icon {name} {tint} {size_px} {ratio}"
    pixmap = QPixmap(size_px * ratio, size_px * ratio)
    if not QPixmapCache.find(key, pixmap):
        pixmap.fill(Qt.GlobalColor.transparent)
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        draw(painter, name, QRectF(0, 0, size_px, size_px), QColor(tint))
        painter.end()
        QPixmapCache.insert(key, pixmap)
    return pixmap


def draw(painter: QPainter, name: str, into: QRectF, colour: QColor) -> None:
    """Draw an icon into a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(into.topLeft())
    painter.scale(into.width() / UNITS, into.height() / UNITS)
    pen = QPen(colour, 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _DRAWINGS[name](painter, colour)
    painter.restore()


def _filled(painter: QPainter, colour: QColor, *points: tuple[float, float]) -> None:
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _line(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _play(painter: QPainter, colour: QColor) -> None:
    _filled(painter, colour, (8, 5), (19, 12), (8, 19))


def _stop(painter: QPainter, colour: QColor) -> None:
    _filled(painter, colour, (7, 7), (17, 7), (17, 17), (7, 17))


def _record(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(12, 12), 6.5, 6.5)


def _metronome(painter: QPainter, colour: QColor) -> None:
    _line(painter, (9, 4), (15, 4), (19, 20), (5, 20), (9, 4))
    _line(painter, (12, 16), (18, 7))
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(12, 16), 1.2, 1.2)


def _tap(painter: QPainter, colour: QColor) -> None:
    painter.drawArc(QRectF(4, 3, 16, 12), -20 * 16, 220 * 16)
    painter.drawArc(QRectF(8, 7, 8, 6), -20 * 16, 220 * 16)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(10.8, 10, 2.4, 10), 1.2, 1.2)


def _devices(painter: QPainter, colour: QColor) -> None:
    for x, y in ((6.0, 15.0), (12.0, 8.5), (18.0, 13.0)):
        _line(painter, (x, 4), (x, 20))
        painter.save()
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, y), 1.8, 1.8)
        painter.restore()


def _home(painter: QPainter, colour: QColor) -> None:
    _line(painter, (6, 6), (6, 18))
    _filled(painter, colour, (18, 6), (10, 12), (18, 18))


def _grab(painter: QPainter, colour: QColor) -> None:
    _line(painter, (4, 9), (4, 5), (8, 5))
    _line(painter, (16, 5), (20, 5), (20, 9))
    _line(painter, (20, 15), (20, 19), (16, 19))
    _line(painter, (8, 19), (4, 19), (4, 15))
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(12, 12), 2.2, 2.2)


def _loop(painter: QPainter, _colour: QColor) -> None:
    upper, lower = QPainterPath(), QPainterPath()
    upper.moveTo(4, 12)
    upper.cubicTo(4, 7, 8, 7, 10, 7)
    upper.lineTo(19, 7)
    lower.moveTo(20, 12)
    lower.cubicTo(20, 17, 16, 17, 14, 17)
    lower.lineTo(5, 17)
    painter.drawPath(upper)
    painter.drawPath(lower)
    _line(painter, (16, 4), (19, 7), (16, 10))
    _line(painter, (8, 14), (5, 17), (8, 20))


def _close(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (7, 7), (17, 17))
    _line(painter, (17, 7), (7, 17))


def _save(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (12, 4), (12, 14))
    _line(painter, (8, 10.5), (12, 14.5), (16, 10.5))
    _line(painter, (5, 15), (5, 19.5), (19, 19.5), (19, 15))


def _grip(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x in (9.0, 15.0):
        for y in (6.0, 12.0, 18.0):
            painter.drawEllipse(QPointF(x, y), 1.6, 1.6)


def _view(painter: QPainter, _colour: QColor) -> None:
    painter.drawRoundedRect(QRectF(3.5, 5, 17, 14), 2, 2)
    _line(painter, (9, 5), (9, 19))
    _line(painter, (9, 14), (20.5, 14))


def _undo(painter: QPainter, _colour: QColor) -> None:
    path = QPainterPath()
    path.moveTo(5, 9)
    path.lineTo(14, 9)
    path.cubicTo(21, 9, 21, 18, 14, 18)
    path.lineTo(9, 18)
    painter.drawPath(path)
    _line(painter, (9, 5), (5, 9), (9, 13))


def _redo(painter: QPainter, colour: QColor) -> None:
    painter.translate(UNITS, 0)
    painter.scale(-1, 1)
    _undo(painter, colour)


def _speaker(painter: QPainter, colour: QColor) -> None:
    _filled(painter, colour, (4, 9.5), (7, 9.5), (11.5, 5.5), (11.5, 18.5), (7, 14.5), (4, 14.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(9.5, 8, 6.5, 8), -60 * 16, 120 * 16)
    painter.drawArc(QRectF(9.5, 5, 10.5, 14), -60 * 16, 120 * 16)


def _muted(painter: QPainter, colour: QColor) -> None:
    _filled(painter, colour, (4, 9.5), (7, 9.5), (11.5, 5.5), (11.5, 18.5), (7, 14.5), (4, 14.5))
    _line(painter, (15, 9.5), (20, 14.5))
    _line(painter, (20, 9.5), (15, 14.5))


def _check(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (5, 12.5), (10, 17.5), (19, 7))


def _chevron(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (6, 9), (12, 15), (18, 9))


def _lanes(painter: QPainter, colour: QColor) -> None:
    for x, y in ((5.5, 13.0), (12.0, 6.0), (18.5, 10.0)):
        _line(painter, (x, 19), (x, y))
        painter.save()
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, y), 1.6, 1.6)
        painter.restore()


def _star(painter: QPainter, _colour: QColor) -> None:
    painter.drawPolygon(_STAR)


def _starred(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawPolygon(_STAR)


def _more(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x in (6.0, 12.0, 18.0):
        painter.drawEllipse(QPointF(x, 12), 1.7, 1.7)


def _plus(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (12, 6), (12, 18))
    _line(painter, (6, 12), (18, 12))


def _bin(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (5, 7), (19, 7))
    _line(painter, (9.5, 7), (10, 4.5), (14, 4.5), (14.5, 7))
    _line(painter, (7, 7), (8, 19.5), (16, 19.5), (17, 7))
    _line(painter, (12, 10.5), (12, 16))


def _swap(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (5, 9), (19, 9), (15, 5))
    _line(painter, (19, 15), (5, 15), (9, 19))


def _dice(painter: QPainter, colour: QColor) -> None:
    painter.drawRoundedRect(QRectF(5, 5, 14, 14), 3, 3)
    painter.setBrush(colour)
    for x, y in ((9.0, 9.0), (12.0, 12.0), (15.0, 15.0)):
        painter.drawEllipse(QPointF(x, y), 0.9, 0.9)


def _locked(painter: QPainter, colour: QColor) -> None:
    painter.drawArc(QRectF(8, 4, 8, 12), 0, 180 * 16)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(6, 11, 12, 8.5), 1.5, 1.5)


def _unlocked(painter: QPainter, _colour: QColor) -> None:
    painter.drawArc(QRectF(8, 4, 8, 12), 30 * 16, 150 * 16)
    painter.drawRoundedRect(QRectF(6, 11, 12, 8.5), 1.5, 1.5)


def _fold(painter: QPainter, _colour: QColor) -> None:
    _line(painter, (9, 6), (15, 12), (9, 18))


_STAR: Final = QPolygonF(
    [
        QPointF(
            12 + radius * math.sin(math.pi * point / 5),
            12.6 - radius * math.cos(math.pi * point / 5),
        )
        for point, radius in enumerate((9.2, 4.0) * 5)
    ]
)
_DRAWINGS: Final[dict[str, Callable[[QPainter, QColor], None]]] = {
    "play": _play,
    "stop": _stop,
    "record": _record,
    "home": _home,
    "metronome": _metronome,
    "tap": _tap,
    "devices": _devices,
    "grab": _grab,
    "loop": _loop,
    "lanes": _lanes,
    "close": _close,
    "save": _save,
    "grip": _grip,
    "view": _view,
    "undo": _undo,
    "redo": _redo,
    "speaker": _speaker,
    "muted": _muted,
    "check": _check,
    "chevron": _chevron,
    "star": _star,
    "starred": _starred,
    "more": _more,
    "plus": _plus,
    "bin": _bin,
    "swap": _swap,
    "dice": _dice,
    "locked": _locked,
    "unlocked": _unlocked,
    "fold": _fold,
}
NAMES: Final = tuple(_DRAWINGS)
