"""Sizes that grow with the text, and a row that wraps where it has no room."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from musicassist.ui.theme import scaled

_WISH = "size_wish"


@dataclass(frozen=True, slots=True)
class _Wish:
    """A size a widget is to have at the text's usual size; 0 leaves a side alone."""

    width_px: int
    height_px: int
    is_least: bool


def hold_size(
    widget: QWidget, *, width_px: int = 0, height_px: int = 0, is_least: bool = False
) -> None:
    """Fix a widget's size, now and whenever text is shown larger or smaller.

    Args:
        widget: The widget.
        width_px: How wide at the text's usual size; 0 leaves it alone.
        height_px: How high, likewise.
        is_least: Whether it may be larger.
    """
    wish = _Wish(width_px, height_px, is_least)
    widget.setProperty(_WISH, wish)
    _apply(widget, wish)


def rescale(root: QWidget) -> None:
    """Give everything under a widget the sizes it is to have at the text's size of now."""
    for widget in root.findChildren(QWidget):
        wish = widget.property(_WISH)
        if isinstance(wish, _Wish):
            _apply(widget, wish)


def _apply(widget: QWidget, wish: _Wish) -> None:
    width_px, height_px = scaled(wish.width_px), scaled(wish.height_px)
    if wish.is_least:
        widget.setMinimumSize(width_px or widget.minimumWidth(), height_px or 0)
        return
    if width_px:
        widget.setFixedWidth(width_px)
    if height_px:
        widget.setFixedHeight(height_px)


class WrappingRow(QLayout):
    """Widgets from left to right, in as many rows as they need; the last ones keep to the right.

    Args:
        row_px: How high a row is at least.
        spacing_px: Between two widgets.
        margins_px: At the left of the first row, and at the right and the left of the others.
    """

    def __init__(self, row_px: int, spacing_px: int, margins_px: tuple[int, int]) -> None:
        super().__init__()
        self._row_px = row_px
        self._spacing_px = spacing_px
        self._left_px, self._right_px = margins_px
        self._items: list[QLayoutItem] = []
        self._n_left = 0

    def end_left(self) -> None:
        """Let everything added from now on keep to the right."""
        self._n_left = len(self._items)

    def addItem(self, item: QLayoutItem) -> None:
        """Add something at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how much there is."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one of them, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one of them out, or None."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Be higher where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high it is when it is so wide."""
        return len(self._rows(width)) * self._least_row_px

    def minimumSize(self) -> QSize:
        """Return the room the widest of them needs."""
        widest = max((item.minimumSize().width() for item in self._seen), default=0)
        return QSize(widest + 2 * self._right_px, self._least_row_px)

    def sizeHint(self) -> QSize:
        """Return the room all of them need in one row."""
        width = sum(item.sizeHint().width() + self._spacing_px for item in self._seen)
        return QSize(width + 2 * self._right_px, self._least_row_px)

    def setGeometry(self, rect: QRect) -> None:
        """Put everything into its place."""
        super().setGeometry(rect)
        y = rect.y()
        for row in self._rows(rect.width()):
            widths = self._widths(row, rect.width())
            x = rect.x() + (self._left_px if y == rect.y() else self._right_px)
            left = [item for item in row if self._items.index(item) < self._n_left]
            for item in row:
                if item not in left and left == row[: row.index(item)]:
                    rest = row[row.index(item) :]
                    room = sum(widths[id(each)] for each in rest)
                    room += self._spacing_px * (len(rest) - 1)
                    x = max(x, rect.right() + 1 - self._right_px - room)
                width = widths[id(item)]
                item.setGeometry(QRect(x, y, width, self._least_row_px))
                x += width + self._spacing_px
            y += self._least_row_px

    @property
    def _least_row_px(self) -> int:
        highest = max((item.minimumSize().height() for item in self._seen), default=0)
        return max(self._row_px, highest)

    @property
    def _seen(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        """Return the rows; where it takes several anyway, with the room everything asks for."""
        least = self._filled(width, is_least=True)
        roomy = self._filled(width, is_least=False)
        return roomy if len(roomy) == len(least) else least

    def _filled(self, width: int, *, is_least: bool) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = [[]]
        left_px = width - 2 * self._right_px
        for item in self._seen:
            hint = item.minimumSize() if is_least else item.sizeHint()
            needed = max(item.minimumSize().width(), hint.width())
            if rows[-1] and needed > left_px:
                rows.append([])
                left_px = width - 2 * self._right_px
            rows[-1].append(item)
            left_px -= needed + self._spacing_px
        return rows

    def _widths(self, row: list[QLayoutItem], width: int) -> dict[int, int]:
        """Return how wide each of a row is: as it likes, or less where there is no room."""
        room = width - 2 * self._right_px - self._spacing_px * (len(row) - 1)
        spare = room - sum(item.minimumSize().width() for item in row)
        widths = {}
        for item in row:
            least = item.minimumSize().width()
            most = min(item.sizeHint().width(), item.maximumSize().width())
            more = min(max(0, most - least), max(0, spare))
            spare -= more
            widths[id(item)] = least + more
        return widths
