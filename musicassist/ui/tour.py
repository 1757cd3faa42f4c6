"""The first steps: three words beside the things they are about, that follow what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from musicassist.app.bootstrap import Services
from musicassist.ui.controls import Button, label
from musicassist.ui.hints import describe
from musicassist.ui.theme import DARK, RADIUS_PX, Theme, scaled

_WIDTH_PX: Final = 272
_ARROW_PX: Final = 10
_GAP_PX: Final = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps.

    Attributes:
        title: What to do.
        text: How.
        target: Finds what it is about; it may have become something else since.
    """

    title: str
    text: str
    target: Callable[[], QWidget]


class Tour(QWidget):
    """A bubble that points at one thing after the other; it holds nobody up.

    `ended` comes when it is over, done or put away.

    Args:
        steps: What it tells, in order.
        window: What it lies over.
    """

    ended = Signal()

    def __init__(self, steps: tuple[Step, ...], window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setAccessibleName("First steps")
        self._steps = steps
        self._index = 0
        self._theme = DARK
        self._arrow = QPointF()
        self._body = QRectF()
        self.title = label("", "title")
        self.title.setWordWrap(True)
        self.text = label("")
        self.text.setWordWrap(True)
        self.count = label("", "caption")
        self.skip = Button("Skip", role="quiet")
        describe(self.skip, "tour_skip_button")
        self.next = Button("Next", role="small")
        describe(self.next, "tour_next_button")
        self._lay_out()
        self.skip.clicked.connect(self.end)
        self.next.clicked.connect(lambda: self.go_on(self._index))
        window.installEventFilter(self)
        self.hide()

    @property
    def step_number(self) -> int:
        """Which step is shown, counted from 0."""
        return self._index

    def start(self) -> None:
        """Begin with the first step."""
        self._index = 0
        self._show_step()
        self.show()
        self.raise_()

    def go_on(self, done: int) -> None:
        """Go on to the next step if a step that is shown, or one before it, has been done."""
        if self.isHidden() or done < self._index:
            return
        if done + 1 >= len(self._steps):
            self.end()
            return
        self._index = done + 1
        self._show_step()

    def end(self) -> None:
        """Put it away."""
        if not self.isHidden():
            self.hide()
            self.ended.emit()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        self._theme = theme
        self.skip.show_theme(theme)
        self.next.show_theme(theme)
        if not self.isHidden():
            self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay beside what it is about."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and not self.isHidden():
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bubble and its arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body, tip = self._body, self._arrow
        bubble, arrow = QPainterPath(), QPainterPath()
        bubble.addRoundedRect(body, RADIUS_PX, RADIUS_PX)
        base = QPointF(
            min(max(tip.x(), body.left() + 16), body.right() - 16),
            min(max(tip.y(), body.top() + 16), body.bottom() - 16),
        )
        is_beside = tip.x() < body.left() or tip.x() > body.right()
        across = QPointF(0, _ARROW_PX) if is_beside else QPointF(_ARROW_PX, 0)
        inside = QPointF(
            min(max(tip.x(), body.left() + 2), body.right() - 2) if is_beside else base.x(),
            base.y() if is_beside else min(max(tip.y(), body.top() + 2), body.bottom() - 2),
        )
        arrow.moveTo(tip)
        arrow.lineTo(inside + across)
        arrow.lineTo(inside - across)
        arrow.closeSubpath()
        painter.setPen(QPen(QColor(self._theme.working), 1.5))
        painter.setBrush(QColor(self._theme.raised))
        painter.drawPath(bubble.united(arrow))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.skip)
        foot.addWidget(self.next)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(8)
        self._column.addWidget(self.title)
        self._column.addWidget(self.text)
        self._column.addLayout(foot)

    def _show_step(self) -> None:
        step = self._steps[self._index]
        is_last = self._index + 1 == len(self._steps)
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.count.setText(f"{self._index + 1} of {len(self._steps)}")
        self.next.setText("Done" if is_last else "Next")
        self.skip.setVisible(not is_last)
        self.setAccessibleDescription(f"{step.title} {step.text}")
        self._place()

    def _place(self) -> None:
        """Stand beside what it is about, where there is room, with the arrow at its edge."""
        window = self.window()
        target = self._steps[self._index].target()
        if not target.isVisible():
            target = window
        place = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        room = window.rect()
        margin = _ARROW_PX + _GAP_PX
        self._column.setContentsMargins(margin + 16, margin + 12, margin + 16, margin + 12)
        width = scaled(_WIDTH_PX) + 2 * margin
        self.resize(width, self._column.totalHeightForWidth(width))
        size = self.size()
        middle = place.center()
        x, y = middle.x() - size.width() // 2, middle.y() - size.height() // 2
        spots = (
            (QPoint(place.right() - margin // 2, y), "right"),
            (QPoint(place.left() - size.width() + margin // 2, y), "left"),
            (QPoint(x, place.top() - size.height() + margin // 2), "above"),
            (QPoint(x, place.bottom() - margin // 2), "below"),
        )
        fitting = [(spot, side) for spot, side in spots if _fits(QRect(spot, size), room, side)]
        spot, side = fitting[0] if fitting else spots[2]
        x = min(max(spot.x(), 0), room.width() - size.width())
        y = min(max(spot.y(), 0), room.height() - size.height())
        self.move(x, y)
        self._body = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        edge = {
            "right": QPointF(place.right(), middle.y()),
            "left": QPointF(place.left(), middle.y()),
            "above": QPointF(middle.x(), place.top()),
            "below": QPointF(middle.x(), place.bottom()),
        }[side]
        tip = edge - QPointF(x, y)
        self._arrow = QPointF(
            min(max(tip.x(), 1.0), size.width() - 1.0), min(max(tip.y(), 1.0), size.height() - 1.0)
        )
        self.raise_()
        self.update()


def _fits(bubble: QRect, room: QRect, side: str) -> bool:
    """Whether a bubble has room at a side; along that side it may be moved."""
    if side in ("left", "right"):
        return room.left() <= bubble.left() and bubble.right() <= room.right()
    return room.top() <= bubble.top() and bubble.bottom() <= room.bottom()


def first_steps(keyboard: QWidget, go: QWidget, handle: Callable[[], QWidget]) -> tuple[Step, ...]:
    """Return the three steps from a phrase to a solo in a DAW.

    Args:
        keyboard: What can be played.
        go: What makes solos.
        handle: Finds what the chosen solo is dragged by.
    """
    return (
        Step(
            "Play a phrase",
            "On your keyboard, or here with the mouse; M lets the computer's keys play. It is "
            "caught by itself. Until then there is a phrase to try: press Space.",
            lambda: keyboard,
        ),
        Step(
            "Continue it",
            "Solos are made from your phrase, over its chords. The best plays at once.",
            lambda: go,
        ),
        Step(
            "Drag the one you like into your DAW",
            "Hold the mouse on its handle and drag it onto a track. Nothing else is needed.",
            handle,
        ),
    )


def connect_tour(tour: Tour, services: Services) -> None:
    """Let the tour go on with what is done, and remember that it was seen."""

    def follow(step_name: str) -> None:
        if step_name in ("Play a phrase", "Record"):
            tour.go_on(0)
        elif step_name == "Continue":
            tour.go_on(1)

    services.document.step_taken.connect(follow)
    tour.ended.connect(lambda: services.settings.change(has_seen_tour=True))
